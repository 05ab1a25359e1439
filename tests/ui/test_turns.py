"""A conversation goes to the browser and comes back as it was, whatever happened to the shelf or to it meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.embedding import SentenceTransformerEmbedder
from rag.assistant import Assistant
from ui.chat import panel, reply
from ui.choosing import Choice
from ui.turns import MOST_TURNS, Turn, ask, keep, restore

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


def test_a_conversation_comes_back_as_it_was(assistant: Assistant) -> None:
    turns = conversation(assistant)
    back = restore(assistant, kept(turns))
    assert [reply(turn) for turn in back] == [reply(turn) for turn in turns]
    assert panel(back) == panel(turns)


def test_a_problem_is_not_kept(assistant: Assistant) -> None:
    turns = conversation(assistant)
    broken = Turn(2, "?", problem="broken")
    assert keep(broken) is None
    assert [turn.number for turn in restore(assistant, kept([turns[0], broken, turns[1]]))] == [1, 2]


def test_of_a_review_that_is_gone_the_quote_is_left(assistant: Assistant) -> None:
    turns = conversation(assistant)
    (assistant.settings.seeds / BLACHE).unlink()
    assistant.sync()
    back = restore(assistant, kept(turns))
    assert reply(back[0]) == reply(turns[0])
    assert "<mark>" in back[0].cards


def test_without_an_index_the_words_are_left(assistant: Assistant, tmp_path: Path) -> None:
    turns = conversation(assistant)
    back = restore(Assistant(tmp_path / "nowhere", tmp_path / "none"), kept(turns))
    assert [reply(turn) for turn in back] == [reply(turn) for turn in turns]
    assert "<mark>" in back[0].cards


@pytest.mark.parametrize(
    "stored", [None, "x", 3, {}, [None], [[]], [{"question": "?"}], [{"question": 1, "answer": {}}]]
)
def test_what_is_no_conversation_is_none(assistant: Assistant, stored: object) -> None:
    assert restore(assistant, stored) == []


def test_what_was_tampered_with_is_escaped_or_left_out(assistant: Assistant) -> None:
    turns = conversation(assistant)
    stored = json.loads(json.dumps(kept(turns)))
    hostile = "<img src=x onerror=alert(1)>"
    stored[0]["question"] = stored[0]["asked"] = hostile
    for one in stored[0]["answer"]["citations"]:
        one["title"] = one["quote"] = one["section"] = hostile
    stored[1]["answer"]["unknown"] = hostile
    back = restore(assistant, stored)
    assert len(back) == 1
    assert "<img" not in panel(back) + reply(back[0])


def test_only_so_much_is_taken_back(assistant: Assistant) -> None:
    turn = keep(ask(assistant, ANSWERED, []))
    assert len(restore(assistant, [turn] * (MOST_TURNS + 5))) == MOST_TURNS


def test_a_choice_of_reviews_is_asked_alone_and_said(assistant: Assistant) -> None:
    turn = ask(assistant, "What is said about B cells?", [], lambda: Choice((BLACHE,)))
    assert turn.answer
    assert {one.document for one in turn.answer.citations} == {BLACHE}
    assert "Asked of 1 review" in reply(turn)
    assert "Asked of 1 review" in reply(restore(assistant, kept([turn]))[0])


def test_a_choice_of_nothing_is_a_problem_in_words(assistant: Assistant) -> None:
    turn = ask(assistant, ANSWERED, [], lambda: Choice(first_year=2090))
    assert "2090 or later" in turn.problem
    assert "pc-problem" in reply(turn)
