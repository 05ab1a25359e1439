"""Blocks cover all that is written, in order, and follow the paragraphs of the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import blocks

LINE_ENDS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\n\n"]
PIECES = st.sampled_from(
    [*LINE_ENDS, "• ", "1. ", "- ", "word ", "Ends here.", "\u00a0", "\t", "é", "漢字", "©", "#", "a" * 90]
)


def texts(text: str) -> list[str]:
    return [text[block.start : block.end] for block in blocks(text)]


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_every_written_character_lies_in_exactly_one_trimmed_block(text: str) -> None:
    covered: set[int] = set()
    end = 0
    for block in blocks(text):
        assert end <= block.start < block.end <= len(text)
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        covered.update(range(block.start, block.end))
        end = block.end
    assert all(char.isspace() or i in covered for i, char in enumerate(text))


def test_hard_wrapped_prose_is_one_block_to_a_paragraph() -> None:
    text = (
        "Autoimmune disorders occur when immune cells go wrong and attack the own\n"
        "tissues of the body. Currently they are largely treated by broad agents,\n"
        "which can manage the diseases. Thus there is an urgent need for therapies.\n"
        "They are considered in the following.\n"
        "\n"
        "A second paragraph begins after an empty line.\n"
    )
    assert [len(part.splitlines()) for part in texts(text)] == [4, 1]


def test_lines_that_are_whole_paragraphs_are_blocks_each() -> None:
    first, second = "The first paragraph. " * 20, "The second paragraph. " * 20
    assert texts(f"{first}\n{second}\n") == [first.strip(), second.strip()]


@pytest.mark.parametrize("marker", ["• ", "– ", "- ", "* ", "1. ", "(2) ", "a) "])
def test_list_items_are_blocks_of_their_own(marker: str) -> None:
    text = f"  {marker}Autoimmune Diseases\n  {marker}Therapeutics\n  {marker}Immune System Diseases"
    assert len(blocks(text)) == 3
    assert {block.kind for block in blocks(text)} == {"item"}


def test_a_number_that_happens_to_start_a_wrapped_line_is_no_list_item() -> None:
    text = (
        "The cells were cultured for three days and counted as is shown in Figure\n"
        "2. The counts rose in all of the groups that had been given the treatment,\n"
        "and they fell again once the treatment had been stopped for some weeks.\n"
    )
    assert len(blocks(text)) == 1


def test_headings_labels_and_page_numbers_stand_alone() -> None:
    text = (
        "Methods\n"
        "We set up emergency management teams, and the team then formulated various\n"
        "measures for the protection and training of the staff of the department.\n"
        "Results: From January to March several thousand people underwent the exams,\n"
        "and none of the staff of the department were infected at any time at all.\n"
        "12\n"
    )
    assert [part.split()[0] for part in texts(text)] == ["Methods", "We", "Results:", "12"]


def test_a_title_broken_over_two_lines_is_one_block() -> None:
    text = "Estimating the number of infections and the impact of non-\npharmaceutical interventions in 11\n\nText."
    assert len(texts(text)) == 2


def test_a_menu_is_not_taken_for_wrapped_prose() -> None:
    assert texts("Home\nAbout us\nFor authors\nContact") == ["Home", "About us", "For authors", "Contact"]


@pytest.mark.parametrize("text", ["a" * 5_000_000, "short line\n" * 200_000, "a" + "\n" * 1_000_000 + "b"])
def test_large_texts_take_seconds(text: str) -> None:
    start = time.perf_counter()
    assert blocks(text)[-1].end == len(text.rstrip())
    assert time.perf_counter() - start < 20
