"""A conversation as the page shows it: answers, abstentions and problems each look their own way."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from index.embedding import SentenceTransformerEmbedder
from rag.assistant import Assistant
from ui.chat import NO_SOURCES, messages, panel, reply
from ui.turns import Turn, ask, history

ANSWERED = "Which autoimmune diseases have first clinical results with CAR T cells?"
NOT_ANSWERED = "What is the price of CAR T cells in Japan?"
HOSTILE = "Is <img src=x onerror=alert(1)> **safe** or `not`?"


@pytest.fixture
def assistant(shelf: Path, tmp_path: Path, model: SentenceTransformerEmbedder) -> Assistant:
    made = Assistant(shelf, tmp_path / "index")
    made.embedder = model
    return made


def test_each_sentence_is_a_quote_with_a_link_to_its_card(assistant: Assistant) -> None:
    turn = ask(assistant, "What does each review say about B cells?", [])
    assert turn.answer
    said, sources = reply(turn), panel([turn])
    assert said.count("<blockquote") == len(turn.answer.sentences) > 1
    for citation in turn.answer.citations:
        assert f'href="#source-1-{citation.number}"' in said
        assert f'id="source-1-{citation.number}"' in sources
        assert html.escape(" ".join(citation.quote.split())) in said
    assert "Blache et al. (2023)" in said


def test_every_marked_quote_is_an_exact_slice_of_its_document(assistant: Assistant) -> None:
    turn = ask(assistant, ANSWERED, [])
    assert turn.answer
    marks = [html.unescape(found) for found in re.findall(r"<mark>(.*?)</mark>", turn.cards)]
    slices = [assistant.document(one.document).text[one.start : one.end] for one in turn.answer.citations]
    assert marks == [" ".join(one.split()) for one in slices]


def test_no_page_furniture_is_on_any_card(assistant: Assistant) -> None:
    pages = [ask(assistant, question, []).cards for question in (ANSWERED, NOT_ANSWERED, "Who wrote the reviews?")]
    for document in map(assistant.document, ("000_8514a590ca5ea574.txt", "004_4f99eab4ce307d20.txt")):
        for piece in document.furniture:
            words = html.escape(" ".join(piece.of(document.text).split()))
            assert len(words) < 12 or not any(words in page for page in pages)


def test_what_pincite_notes_itself_stands_above_the_quotes_and_is_none(assistant: Assistant) -> None:
    turn = ask(assistant, "Do both reviews mention lymphodepletion?", [])
    said = html.unescape(reply(turn))
    note = "Blache et al. (2023): nothing found on this."
    assert said.index(note) < said.index("<blockquote")
    assert note not in "".join(re.findall(r"<blockquote.*?</blockquote>", said))


def test_an_abstention_says_why_and_shows_the_nearest_passages_unmarked(assistant: Assistant) -> None:
    turn = ask(assistant, NOT_ANSWERED, [])
    assert turn.answer
    said = reply(turn)
    assert "pc-abstention" in said
    assert "pc-answer" not in said
    assert "The reviews do not answer this." in said
    assert "“price”" in said
    assert "Nearest passages" in panel([turn])
    assert turn.cards.count("<article") == len(turn.answer.nearest) > 0
    assert "<mark" not in turn.cards


def test_a_follow_up_leans_on_the_turn_before_and_says_how_it_was_read(assistant: Assistant) -> None:
    first = ask(assistant, ANSWERED, [])
    second = ask(assistant, "And in preclinical models?", [first])
    assert second.answer
    assert ANSWERED in second.answer.standalone_question
    assert "Read as:" in reply(second)
    assert "Read as:" not in reply(first)


def test_numbers_of_an_earlier_answer_keep_their_cards(assistant: Assistant) -> None:
    first = ask(assistant, ANSWERED, [])
    second = ask(assistant, "What is known about the safety of CAR T cells?", [first])
    page = panel([first, second])
    assert page.index('id="source-2-1"') < page.index('id="source-1-1"')
    assert len(set(re.findall(r'id="([^"]+)"', page))) == page.count(' id="')


def test_a_hostile_question_is_shown_and_not_obeyed(assistant: Assistant) -> None:
    turn = ask(assistant, HOSTILE, [])
    for page in (messages([turn])[0]["content"], messages([], waiting=HOSTILE)[0]["content"], panel([turn])):
        assert HOSTILE in html.unescape(page)
        assert "<img" not in page


def test_a_problem_is_one_clear_line_and_no_part_of_the_conversation(tmp_path: Path) -> None:
    turn = ask(Assistant(tmp_path / "nowhere", tmp_path / "index"), ANSWERED, [])
    assert "pc-problem" in reply(turn)
    assert "nowhere" in reply(turn)
    assert "Traceback" not in reply(turn)
    assert history([turn]) == []
    assert panel([turn]) == NO_SOURCES


def test_a_damaged_index_is_said_with_what_mends_it(assistant: Assistant) -> None:
    assistant.sync()
    folder = assistant.settings.index
    assistant.close()
    for file in folder.glob("*.sqlite*"):
        file.write_bytes(b"not a database" * 1000)
    said = html.unescape(reply(ask(assistant, ANSWERED, [])))
    assert "pc-problem" in said
    assert "pincite index --rebuild" in said


def test_even_a_fault_of_pincite_itself_leaves_the_page_usable(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.sync()
    monkeypatch.setattr(assistant.embedder, "embed_question", lambda text: 1 / 0)
    said = reply(ask(assistant, ANSWERED, []))
    assert "pc-problem" in said
    assert "ZeroDivisionError" not in said
    assert "ZeroDivisionError" in caplog.text


def test_an_empty_shelf_says_what_to_do(tmp_path: Path, model: SentenceTransformerEmbedder) -> None:
    (tmp_path / "seeds").mkdir()
    assistant = Assistant(tmp_path / "seeds", tmp_path / "index")
    assistant.embedder = model
    assert "run pincite index" in reply(ask(assistant, ANSWERED, []))


def test_history_is_what_was_asked_and_answered(assistant: Assistant) -> None:
    turn = ask(assistant, ANSWERED, [])
    assert turn.answer
    assert history([turn, Turn(2, "?", problem="broken")]) == [
        {"role": "user", "content": ANSWERED},
        {"role": "assistant", "content": turn.answer.text},
    ]


def test_while_the_reviews_are_read_the_page_says_so() -> None:
    asked, working = messages([], waiting=ANSWERED)
    assert ANSWERED in html.unescape(asked["content"])
    assert "Reading the reviews" in working["content"]
