"""An answer that a language model wrote leaves with the quotes it stands on, and is never taken for quotes."""

from __future__ import annotations

import json

import pytest
from export_samples import HOSTILE, answer, citation
from hypothesis import given
from hypothesis import strategies as st
from test_export_markdown import TAGS, shown, words

from rag.answers import Answer, Sentence, Unsupported, Written
from rag.exporting import Format, export
from rag.exporting.characters import escaped
from rag.exporting.written import counts, in_order, left_out, writing

HOW = Written(
    model="ollama:llama3.1", supported=2, shown=2, dropped=1, tokens_read=812, tokens_written=1096, seconds=3.24
)
STRUCK = Unsupported(text="B cells were cured.", why="says what is not in the quote", after=1)
QUOTES = (citation(), citation(2, quote="It was safe in all.", start=160, end=179))


def written(**changes: object) -> Answer:
    """An answer of two supported sentences."""
    sentences = (
        Sentence(text="B cells were depleted.", citations=(1,)),
        Sentence(text="It was safe.", citations=(2, 1)),
    )
    return answer(*QUOTES, sentences=sentences, written=HOW.model_copy(update=changes))


def test_markdown_says_who_wrote_it_and_has_the_exact_quotes() -> None:
    text = export([written()], Format.MARKDOWN)
    by = "*Written by ollama:llama3.1, not quoted; each sentence is checked against the quotes that it cites.*"
    beginning = f"# What was depleted?\n\n{by}\n\nB cells were depleted. [1]\n\nIt was safe. [2][1]\n\n"
    assert text.startswith(beginning)
    assert (
        "\n\nWritten by ollama:llama3.1: 3 sentences written, 2 supported, 2 shown, 1 dropped; 812 + 1,096 tokens, "
        "3.2 s. 1 sentence that no quote supports is left out.\n\n## Quotes\n\n"
    ) in text
    assert "> B cells were depleted deeply." in text
    assert "> It was safe in all." in text


def test_what_no_quote_carries_is_struck_in_its_place() -> None:
    text = export([written(unsupported=(STRUCK,), shown=3, dropped=0)], Format.MARKDOWN)
    page = shown(text)
    assert [words(one) for one in page.iter("s")] == [STRUCK.text]
    assert f"Not supported by the reviews ({STRUCK.why}): ~~{STRUCK.text}~~" in text
    assert text.index("depleted. [1]") < text.index(STRUCK.text) < text.index("safe. [2][1]")
    assert "left out" not in text


def test_numbers_go_on_through_a_conversation() -> None:
    text = export([answer(citation()), written()], Format.MARKDOWN)
    assert "B cells were depleted. [2]\n" in text
    assert "It was safe. [3][2]\n" in text


@pytest.mark.parametrize("form", [Format.BIBTEX, Format.RIS, Format.CSL_JSON])
def test_references_are_those_of_a_quoted_answer_with_the_same_quotes(form: Format) -> None:
    assert export([written()], form) == export([answer(*QUOTES)], form)


def test_json_holds_how_it_was_written() -> None:
    one = written(unsupported=(STRUCK,))
    (whole,) = json.loads(export([one], Format.JSON))["answers"]
    assert whole["written"]["unsupported"] == [STRUCK.model_dump()]
    assert Answer.model_validate(whole) == one


def test_an_answer_that_fell_back_leaves_as_a_quoted_one() -> None:
    fallen = answer(*QUOTES, written=HOW.model_copy(update={"fallback": "Nothing stands.", "supported": 0}))
    assert writing(fallen) is None
    assert export([fallen], Format.MARKDOWN) == export([answer(*QUOTES)], Format.MARKDOWN)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_model_writes_comes_alive(text: str) -> None:
    attack = written(model=text, unsupported=(STRUCK.model_copy(update={"text": text, "why": text}),))
    attack = attack.model_copy(update={"sentences": (Sentence(text=text, citations=(1,)),)})
    page = shown(export([attack], Format.MARKDOWN))
    assert {one.tag for one in page.iter()} <= TAGS | {"main", "s"}
    assert {one.get("href") for one in page.iter("a")} <= {"https://doi.org/10.1136/rmdopen-2022-002907"}
    assert words(shown(escaped(text))) in words(page)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"supported": 1, "shown": 1, "dropped": 0},
            "1 sentence written, 1 supported, 1 shown, 0 dropped; 812 + 1,096 tokens, 3.2 s",
        ),
        (
            {"tokens_read": None, "tokens_written": None},
            "3 sentences written, 2 supported, 2 shown, 1 dropped; 3.2 s",
        ),
    ],
)
def test_counts_are_told_in_words(changes: dict[str, object], said: str) -> None:
    assert counts(HOW.model_copy(update=changes)) == said


def test_what_is_left_out_is_told_in_words() -> None:
    assert left_out(0) == ""
    assert left_out(1) == "1 sentence that no quote supports is left out."
    assert left_out(2) == "2 sentences that no quote supports are left out."


@given(st.integers(0, 4), st.lists(st.integers(-3, 9), max_size=5))
def test_every_sentence_has_one_place_whatever_places_are_named(count: int, places: list[int]) -> None:
    sentences = [Sentence(text=f"{at}", citations=(1,)) for at in range(count)]
    struck = [Unsupported(text="x", why="y", after=place) for place in places]
    told = list(in_order(sentences, struck))
    assert [one for one in told if isinstance(one, Sentence)] == sentences
    assert len(told) == count + len(places)
    for one in struck:
        if 0 <= one.after <= count:
            before = told[: next(at for at, each in enumerate(told) if each is one)]
            assert sum(isinstance(each, Sentence) for each in before) == one.after
