"""What a model writes becomes finished sentences of plain words, with the numbers they cite."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generating.plain import Sentences, WrittenSentence, numbers_in, plain

WRITTEN = (
    "<think>The passages say [3] little.</think>CAR T cells are engineered. [1] They target CD19 [2, 3], e.g. in SLE "
    "[4-6].\n\n## Results\n- **Lymphodepletion** is given first [1][2].\n- See [here](https://evil.example/x) for more."
)


def told(pieces: list[str]) -> list[WrittenSentence]:
    sentences = Sentences()
    found = [one for piece in pieces for one in sentences.add(piece)]
    return [*found, *sentences.rest()]


def test_sentences_are_told_with_the_numbers_they_cite_and_without_thoughts_and_marks() -> None:
    assert told([WRITTEN]) == [
        WrittenSentence("CAR T cells are engineered.", (1,)),
        WrittenSentence("They target CD19, e.g. in SLE.", (2, 3, 4, 5, 6)),
        WrittenSentence("Results", ()),
        WrittenSentence("Lymphodepletion is given first.", (1, 2)),
        WrittenSentence("See here for more.", ()),
    ]


@pytest.mark.parametrize("reply", ["Yes, ", "No. ", "no — ", "Yes: "])
def test_a_yes_or_no_before_a_sentence_is_not_shown_for_no_quote_could_carry_it(reply: str) -> None:
    told_of = told([f"{reply}mRNA is used. No, it is not. No trial was done. No. 5 was used."])
    assert [one.text for one in told_of if one.text != "No."] == [
        "mRNA is used.",
        "It is not.",
        "No trial was done.",
        "No. 5 was used.",
    ]


@given(st.lists(st.integers(1, len(WRITTEN) - 1), max_size=40))
def test_it_does_not_matter_in_which_pieces_words_come(cuts: list[int]) -> None:
    places = sorted({0, *cuts, len(WRITTEN)})
    assert told([WRITTEN[a:b] for a, b in pairwise(places)]) == told([WRITTEN])


def test_a_sentence_comes_as_soon_as_the_next_has_begun() -> None:
    sentences = Sentences()
    assert list(sentences.add("CAR T cells are engineered. ")) == []
    assert sentences.unfinished == "CAR T cells are engineered."
    assert list(sentences.add("[1] They")) == []
    assert list(sentences.add(" target CD19")) == [WrittenSentence("CAR T cells are engineered.", (1,))]
    assert sentences.unfinished == "They target CD19"


def test_thoughts_are_never_shown_not_even_while_they_come() -> None:
    sentences = Sentences()
    for piece in ("<thi", "nk>Secret thoughts. And more of", " them. Still thinking"):
        assert list(sentences.add(piece)) == []
        assert sentences.unfinished == ""
    assert list(sentences.rest()) == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("See ![chart](https://evil.example/a.png) it.", "See it."),
        ("Read <a href='https://evil.example'>this</a> <img src=x onerror=alert(1)>now.", "Read this now."),
        ("Go to https://evil.example/?q=1 or www.evil.example now.", "Go to or now."),
        ("Cells<script>alert(1)</script> die [1](https://evil.example).", "Cellsalert(1) die."),
        ("The level was p < 0.05 and > 3 in *both* groups.", "The level was p < 0.05 and > 3 in both groups."),
        ("In\u202everted and zero\u200bwidth.", "Inverted and zerowidth."),
        ("| cell | drug |", "cell | drug"),
    ],
)
def test_links_pictures_html_and_unseen_characters_are_dropped(written: str, shown: str) -> None:
    assert plain(written) == shown


def test_numbers_are_read_however_they_are_put() -> None:
    assert numbers_in("a [1] b [ 2 ] c [3,4] d [5; 6] e [7–9] f [1]") == (1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert numbers_in("CD[19]a (3) [x]") == (19,)


@given(st.text(max_size=400))
def test_any_words_are_taken(written: str) -> None:
    for one in told([written]):
        assert one.text == plain(one.text) or one.text
        assert "<script" not in one.text.lower()


def test_what_never_ends_costs_no_more_than_it_is_long() -> None:
    sentences = Sentences()
    found = []
    for _ in range(6000):
        found += sentences.add("word ")
        assert len(sentences.unfinished) <= 1000
    assert sum(len(one.text) for one in found) <= 30_000
