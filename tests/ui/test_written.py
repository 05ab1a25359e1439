"""What a language model wrote, in the conversation: told from quotes, kept, copied, rated, and never alive."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_model import FIRST, NAME, QUESTION, SECOND, WHY, WRONG, ScriptedModel, writing_assistant

from rag import Assistant
from rag.answers import Answer, Draft, Sentence, Unsupported
from ui import feedback, front
from ui.chat import messages, panel, reply
from ui.copying import as_text
from ui.suggesting import suggestions
from ui.turns import Turn, ask, asking, history, keep, restore

BY = f"Written by {NAME}, not quoted"
ATTACKS = (
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "**bold** [x](javascript:alert(1)) `code` # head",
    "$$\\href{javascript:alert(1)}{x}$$ {{x}} ${x}",
    "</s></p><h1 class='pc-card'>",
)


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel()


@pytest.fixture
def assistant(tmp_path: Path, model: ScriptedModel) -> Iterator[Assistant]:
    with writing_assistant(tmp_path, model, llm_unsupported="strike") as one:
        yield one


@pytest.fixture
def turn(assistant: Assistant, model: ScriptedModel) -> Turn:
    model.script(f"{FIRST} [1] {WRONG} [1] {SECOND} [1]")
    return ask(assistant, QUESTION, [])


def answer_of(turn: Turn) -> Answer:
    assert turn.answer
    return turn.answer


def hostile(turn: Turn, attack: str) -> Answer:
    """The same answer, all that a model may have written in it replaced by an attack."""
    answer = answer_of(turn)
    assert answer.written
    struck = tuple(Unsupported(text=attack, why=attack, after=one.after) for one in answer.written.unsupported)
    return answer.model_copy(
        update={
            "sentences": tuple(Sentence(text=attack, citations=one.citations) for one in answer.sentences),
            "written": answer.written.model_copy(update={"model": attack, "unsupported": struck}),
            "notes": (attack,),
        }
    )


def visible(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_an_answer_says_whose_words_it_is_in_and_how_many_of_them_stand(turn: Turn) -> None:
    said = visible(reply(turn))
    assert said.startswith(f"{BY}; each sentence is checked against the quotes that it cites.")
    assert "3 sentences written, 2 supported, 3 shown, 0 dropped; 812 + 96 tokens, " in said
    assert "“" not in said
    assert "<blockquote" not in reply(turn)


def test_supported_sentences_have_links_to_cards_and_struck_ones_a_reason_in_their_place(turn: Turn) -> None:
    said = reply(turn)
    assert re.findall(r'href="#(source-1-\d)"', said) == ["source-1-1", "source-1-2"]
    assert re.findall(r'id="(source-1-\d)"', panel([turn])) == ["source-1-1", "source-1-2"]
    assert f"<s>{WRONG}</s>" in said
    assert f"Not supported by the reviews: {WHY}." in visible(said)
    assert said.index(FIRST) < said.index(WRONG) < said.index(SECOND)


def test_a_draft_tells_what_is_checked_from_what_stands(assistant: Assistant, model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1] Relapses of ", "lupus nephritis")
    *drafts, last = asking(assistant, QUESTION, [])
    assert isinstance(last, Turn)
    assert all(isinstance(one, Draft) for one in drafts)
    draft = next(one for one in drafts if isinstance(one, Draft) and one.sentences)
    _, shown = messages([], QUESTION, draft=draft, model=NAME)
    assert 'class="pc-answer pc-written pc-coming"' in shown["content"]
    assert visible(shown["content"]).endswith(f"{FIRST} [1] Checking: Relapses of")
    assert "pc-act" not in shown["content"]


def test_between_two_sentences_it_is_said_that_the_model_writes() -> None:
    _, shown = messages([], QUESTION, draft=Draft(sentences=(Sentence(text=FIRST, citations=(1,)),)), model=NAME)
    assert visible(shown["content"]).endswith(f"{FIRST} [1] Writing")


def test_a_question_may_be_answered_in_the_reviews_own_words(assistant: Assistant, model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1]")
    quoted = ask(assistant, QUESTION, [], quoted=True)
    assert model.asked == []
    assert f"“{FIRST}”" in visible(reply(quoted))
    assert BY not in visible(reply(quoted))


def test_where_no_sentence_stands_the_answer_is_quoted_and_says_why(assistant: Assistant, model: ScriptedModel) -> None:
    model.script(f"{WRONG} [1]")
    said = visible(reply(ask(assistant, QUESTION, [])))
    assert f"“{FIRST}”" in said
    assert "The answer is in the reviews' own words." in said
    assert BY not in said
    assert WRONG not in said


def test_it_comes_back_from_the_browser_as_it_was(assistant: Assistant, turn: Turn) -> None:
    stored = json.loads(json.dumps([keep(turn)]))
    (back,), taken = restore(assistant, stored)
    assert taken == [0]
    assert reply(back) == reply(turn)
    assert panel([back]) == panel([turn])


def test_what_a_browser_kept_may_be_tampered_with(assistant: Assistant, turn: Turn) -> None:
    stored = json.loads(json.dumps([keep(turn)]))
    written = stored[0]["answer"]["written"]
    written["model"] = ATTACKS[0]
    written["unsupported"] = [{"text": ATTACKS[0], "why": ATTACKS[0], "after": at} for at in (-5, 99)]
    (back,), _ = restore(assistant, stored)
    assert "<img" not in reply(back)
    assert reply(back).count("<s>") == 2


def test_a_browser_may_have_kept_answers_from_before_there_were_written_ones(assistant: Assistant, turn: Turn) -> None:
    stored = json.loads(json.dumps([keep(turn)]))
    del stored[0]["answer"]["written"]
    assert restore(assistant, stored)[1] == [0]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_a_model_writes_comes_alive(turn: Turn, attack: str) -> None:
    said = reply(Turn(1, QUESTION, hostile(turn, attack), turn.cards))
    draft = Draft(
        sentences=(Sentence(text=attack, citations=(1,)),),
        unsupported=(Unsupported(text=attack, why=attack, after=0),),
        checking=attack,
    )
    coming = messages([], QUESTION, draft=draft, model=attack)[1]["content"]
    for page in (said, coming):
        assert set(re.findall(r"<(\w+)", page)) <= {"div", "p", "a", "span", "s", "b", "em", "button"}
        text = re.sub(r"<[^>]*>", "", page)
        assert not re.search(r"[*`$\[\]{}\\]", re.sub(r"\[\d\]", "", text))
        assert " ".join(attack.split()) in html.unescape(text)


def test_the_conversation_goes_on_from_what_was_written(assistant: Assistant, turn: Turn, model: ScriptedModel) -> None:
    told = history([turn])
    assert told[1] == {"role": "assistant", "content": answer_of(turn).text}
    assert WRONG not in told[1]["content"]
    model.script(f"{SECOND} [1]")
    second = ask(assistant, "Were relapses of lupus nephritis seen?", [turn])
    assert 'href="#source-2-1"' in reply(second)


def test_it_is_copied_with_its_quotes_and_without_what_none_carries(turn: Turn) -> None:
    lines = as_text(answer_of(turn)).splitlines()
    assert lines[0] == QUESTION
    assert lines[2].startswith(BY)
    assert lines[4:6] == [f"{FIRST} [1]", f"{SECOND} [2]"]
    assert "1 sentence that no quote supports is left out." in lines
    assert lines[-2].startswith(f"[1] “{FIRST}” Lupus nephritis")
    assert WRONG not in "\n".join(lines)


def test_a_rating_names_the_model(turn: Turn, assistant: Assistant, tmp_path: Path) -> None:
    assert json.loads(feedback.record(tmp_path, answer_of(turn), "helpful").read_text())["written_by"] == NAME
    quoted = assistant.answer(QUESTION, quoted=True)
    lines = feedback.record(tmp_path, quoted, "helpful").read_text().splitlines()
    assert "written_by" not in json.loads(lines[-1])


def test_examples_and_suggestions_are_tried_without_the_model(
    assistant: Assistant, turn: Turn, model: ScriptedModel
) -> None:
    model.script(f"{FIRST} [1]")
    assert front.examples(assistant)
    suggestions(assistant, [answer_of(turn)])
    assert model.asked == []


def test_the_page_promises_quotes_alone_only_where_no_model_is_set(assistant: Assistant) -> None:
    with Assistant(settings=assistant.settings, embedder=assistant.embedder) as quoting:
        assert "is quoted, and shown" in front.opening(quoting)
    assert "is checked against quotes" in front.opening(assistant)
    assert "own words" not in front.Shelf(assistant).header()
