"""A conversation goes to the browser and comes back as it was, whatever happened to the shelf or to it meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.embedding import SentenceTransformerEmbedder
from rag.assistant import Assistant
from ui.chat import panel, reply
from ui.choosing import Choice
from ui.turns import MOST_TURNS, Conversation, Turn, ask, keep, restore

ANSWERED = "Which autoimmune diseases have first clinical results with CAR T cells?"
NOT_ANSWERED = "What is the price of CAR T cells in Japan?"
BLACHE = "000_8514a590ca5ea574.txt"


@pytest.fixture
def assistant(shelf: Path, tmp_path: Path, model: SentenceTransformerEmbedder) -> Assistant:
    return Assistant(shelf, tmp_path / "index", embedder=model)


def conversation(assistant: Assistant) -> list[Turn]:
    first = ask(assistant, ANSWERED, [])
    return [first, ask(assistant, NOT_ANSWERED, [first])]


def kept(turns: list[Turn]) -> object:
    """As a browser stores it."""
    return json.loads(json.dumps([keep(turn) for turn in turns]))


def restored(assistant: Assistant, stored: object) -> list[Turn]:
    return restore(assistant, stored)[0]


def test_a_conversation_comes_back_as_it_was(assistant: Assistant) -> None:
    turns = conversation(assistant)
    back = restored(assistant, kept(turns))
    assert [reply(turn) for turn in back] == [reply(turn) for turn in turns]
    assert panel(back) == panel(turns)


def test_a_problem_is_not_kept(assistant: Assistant) -> None:
    turns = conversation(assistant)
    broken = Turn(2, "?", problem="broken")
    assert keep(broken) is None
    assert [turn.number for turn in restored(assistant, kept([turns[0], broken, turns[1]]))] == [1, 2]
    assert restore(assistant, kept([turns[0], broken, turns[1]]))[1] == [0, 2]


def test_of_a_review_that_is_gone_the_quote_is_left(assistant: Assistant) -> None:
    turns = conversation(assistant)
    (assistant.settings.seeds / BLACHE).unlink()
    assistant.sync()
    back = restored(assistant, kept(turns))
    assert reply(back[0]) == reply(turns[0])
    assert "<mark>" in back[0].cards
    assert "the document is no longer on the shelf" in back[0].cards


def test_a_quote_that_stands_there_no_longer_is_said_to(assistant: Assistant) -> None:
    turns = conversation(assistant)
    file = assistant.settings.seeds / BLACHE
    file.write_text("One word more. " + file.read_text(encoding="utf-8"), encoding="utf-8")
    assistant.sync()
    assert "the document has changed since" in restored(assistant, kept(turns))[0].cards


def test_a_retraction_since_is_on_the_card(assistant: Assistant) -> None:
    turns = conversation(assistant)
    assert "pc-label-retracted" not in turns[0].cards
    title = "Retracted: CAR T cells for treating autoimmune diseases"
    record = f"@article{{b, title = {{{title}}}, file = {{{BLACHE}}}}}"
    (assistant.settings.seeds / "shelf.bib").write_text(record, encoding="utf-8")
    assistant.sync()
    assert "retracted" in assistant.document(BLACHE).bibliography.labels
    assert "pc-label-retracted" in restored(assistant, kept(turns))[0].cards


@pytest.mark.parametrize(
    "stored", [None, "x", 3, {}, [None], [[]], [{"question": "?"}], [{"question": 1, "answer": {}}]]
)
def test_what_is_no_conversation_is_none(assistant: Assistant, stored: object) -> None:
    assert restore(assistant, stored) == ([], [])


def test_what_was_tampered_with_is_escaped_or_left_out(assistant: Assistant) -> None:
    turns = conversation(assistant)
    stored = json.loads(json.dumps(kept(turns)))
    hostile = "<img src=x onerror=alert(1)>"
    stored[0]["question"] = stored[0]["asked"] = hostile
    for one in stored[0]["answer"]["citations"]:
        one["title"] = one["quote"] = one["section"] = hostile
    stored[1]["answer"]["unknown"] = hostile
    back, taken = restore(assistant, stored)
    assert taken == [0]
    assert "<img" not in panel(back) + reply(back[0])


def test_only_so_much_is_taken_back(assistant: Assistant) -> None:
    turn = keep(ask(assistant, ANSWERED, []))
    back, taken = restore(assistant, [turn] * (MOST_TURNS + 5))
    assert len(back) == MOST_TURNS
    assert taken == list(range(5, MOST_TURNS + 5))


@pytest.mark.parametrize("swell", ["text", "citations"])
def test_what_is_no_answer_of_a_size_is_left_out(assistant: Assistant, swell: str) -> None:
    stored = json.loads(json.dumps(kept(conversation(assistant))))
    answer = stored[0]["answer"]
    if swell == "text":
        answer["text"] = "x" * 1_000_000
    else:
        answer["citations"] *= 1000
    assert restore(assistant, stored)[1] == [1]


def test_a_question_under_way_replaces_nothing_until_it_is_answered(assistant: Assistant) -> None:
    first, second = conversation(assistant)
    now = Conversation("kept", (first, second))
    asked = now.asking(NOT_ANSWERED)
    assert (asked.id, asked.turns) == ("kept", (first, second))
    assert asked.answered(first).turns == (first, second, first)


def test_what_takes_the_place_of_answers_goes_on_as_another_conversation(assistant: Assistant) -> None:
    first, second = conversation(assistant)
    now = Conversation("kept", (first, second))
    edited = Conversation("kept", (first, second), replaces=1).asking("Another?")
    assert (edited.id, edited.turns) == ("", ())
    assert edited.answered(first).id not in {"", "kept"}
    assert now.asking(ANSWERED, replaces=1).id == ""
    again = now.asking(NOT_ANSWERED, replaces=2)  # the last, asked as it was: nothing is lost
    assert (again.id, again.turns) == ("kept", (first,))


def test_a_choice_of_reviews_is_asked_alone_and_said(assistant: Assistant) -> None:
    turn = ask(assistant, "What is said about B cells?", [], lambda: Choice((BLACHE,)))
    assert turn.answer
    assert {one.document for one in turn.answer.citations} == {BLACHE}
    assert "Asked of 1 review" in reply(turn)
    assert "Asked of 1 review" in reply(restored(assistant, kept([turn]))[0])


def test_a_choice_of_nothing_is_a_problem_in_words(assistant: Assistant) -> None:
    turn = ask(assistant, ANSWERED, [], lambda: Choice(first_year=2090))
    assert "2090 or later" in turn.problem
    assert "pc-problem" in reply(turn)
