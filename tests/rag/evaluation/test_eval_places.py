"""Whether what was found is where the answer stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.places import Place, holds, occurrences, passage_ranks, sentence_ranks, touches, trimmed

ANSWER = Place("a", 100, 120)
LONG = Place("a", 100, 200)


@pytest.mark.parametrize(
    ("place", "found", "right"),
    [
        (ANSWER, ("a", 50, 150), True),
        (ANSWER, ("a", 100, 120), True),
        (ANSWER, ("b", 50, 150), False),
        (ANSWER, ("a", 50, 119), False),  # the last character is missing
        (LONG, ("a", 50, 149), False),  # 49 of 100, in a passage of 99
        (LONG, ("a", 55, 150), True),  # 50 of 100, in a passage of 95
        (LONG, ("a", 120, 130), True),  # wholly within
        (LONG, ("a", 190, 210), False),
        (Place("a"), ("a", 5, 6), True),
        (Place("a"), ("b", 5, 6), False),
        (Place("a", 100, 120, whole=False), ("a", 110, 500), True),
        (Place("a", 100, 120, whole=False), ("a", 111, 500), False),
    ],
)
def test_a_right_passage_holds_the_answer(place: Place, found: tuple[str, int, int], right: bool) -> None:
    assert holds(place, found) is right


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (("a", 90, 130), True),
        (("a", 105, 110), True),
        (("a", 90, 110), True),  # half of the answer
        (("a", 60, 109), False),
        (("b", 90, 130), False),
        (("a", 120, 130), False),
    ],
)
def test_a_right_sentence_shares_half_of_the_shorter(found: tuple[str, int, int], right: bool) -> None:
    assert touches(ANSWER, found) is right


def test_of_each_document_the_first_right_passage_has_a_rank() -> None:
    found = [("b", 0, 9), ("a", 0, 50), ("b", 10, 30), ("a", 90, 130), ("a", 95, 140), ("b", 12, 40)]
    assert passage_ranks(found, [ANSWER, Place("b", 12, 20)]) == (3, 4)
    assert sentence_ranks(found, [ANSWER]) == (4, 5)
    assert passage_ranks([], [ANSWER]) == ()


@given(
    st.lists(st.sampled_from(["cat", "sat", "a.b", "(c)", "é"]), min_size=1),
    st.lists(st.sampled_from(" \n\t"), min_size=1),
)
def test_a_quote_is_found_in_a_text_that_holds_it(words: list[str], gaps: list[str]) -> None:
    text = "x " + "".join(gaps).join(words) + " y"
    assert (2, len(text) - 2) in occurrences(text, " ".join(words))


@given(st.text(), st.integers(0, 100))
def test_an_answer_loses_only_the_white_space_around_it(text: str, start: int) -> None:
    first, end = trimmed(text, start)
    assert text[first - start : end - start] == text.strip()
