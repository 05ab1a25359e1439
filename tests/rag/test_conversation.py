"""Follow-ups made to stand alone."""

from __future__ import annotations

import pytest

from rag.conversation import standalone


def turns(*asked: str) -> list[dict[str, str]]:
    return [
        turn for text in asked for turn in ({"role": "user", "content": text}, {"role": "assistant", "content": "…"})
    ]


def test_without_history_a_question_stands_as_it_is() -> None:
    assert standalone("Where do they work?") == "Where do they work?"


@pytest.mark.parametrize(
    "follow_up", ["And in lupus?", "Which antigens do those recognise?", "What about children?", "Where do they work?"]
)
def test_a_follow_up_brings_the_question_it_follows(follow_up: str) -> None:
    assert standalone(follow_up, turns("Which CAR T cells were used?")) == f"{follow_up} (Which CAR T cells were used?)"


@pytest.mark.parametrize("bare", ["When?", "Tell me more.", "And?"])
def test_a_question_without_content_leans_on_the_one_before(bare: str) -> None:
    assert standalone(bare, turns("What is lymphodepletion?")) == f"{bare} (What is lymphodepletion?)"


@pytest.mark.parametrize(
    "text", ["Do CAR T cells target CD19 or something else?", "Is it lupus, or something different?"]
)
def test_something_else_within_a_question_is_no_change_of_subject(text: str) -> None:
    assert standalone(text) == text


def test_a_very_long_history_is_followed_a_little_way_only() -> None:
    found = standalone("And they?", turns(*["And those?"] * 3000))
    assert len(found) < 200


def test_content_in_parts_is_read() -> None:
    history = [{"role": "user", "content": [{"type": "text", "text": "What is lupus?"}]}]
    assert standalone("And why?", history) == "And why? (What is lupus?)"


def test_a_chain_of_follow_ups_reaches_back_to_its_start() -> None:
    assert "Which CAR T cells were used?" in standalone(
        "And why?", turns("Which CAR T cells were used?", "Where are they made?")
    )


def test_a_question_that_leans_on_nothing_stands_alone() -> None:
    assert standalone("What is lymphodepletion?", turns("Who wrote the reviews?")) == "What is lymphodepletion?"


def test_an_announced_change_of_subject_drags_nothing_along() -> None:
    found = standalone(
        "Thanks. Now something else: what are the usual drugs for these diseases?", turns("Who wrote it?")
    )
    assert found == "what are the usual drugs for these diseases?"
