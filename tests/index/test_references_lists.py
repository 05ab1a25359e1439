"""Reference lists in running text are taken apart into their entries."""

from __future__ import annotations

import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Reference, Span
from index.references.lists import find_references

WORDS = (
    "Doe J, Roe K. The counting of many cells in mice and in men, with a title that goes on. BMJ 2010;1:2-3.",
    "Poe L, Zoe M, Moe N. Another work on cells: what was found and what was not. Lancet 2011;12:34-56.",
    "World Health Organization. Report on cells. Geneva: WHO; 2012.",
    "Nakamura P. A last title. J Cells 2013;3:4-5. doi:10.1000/abc.def",
)
DATED = (
    "Doe, J., & Roe, K. (2010). The counting of many cells in mice and in men, with a title. BMJ, 1(2), 3–4.",
    "Nakamura, P. (2013). A last title. Journal of Cells, 3, 4–5. https://doi.org/10.1000/abc.def",
    "Poe, L., Zoe, M., & Moe, N. (2011). Another work on cells: what was found and what was not. Lancet, 12, 34–56.",
    "World Health Organization. (2012). Report on cells. WHO.",
)


def find(text: str) -> tuple[Reference, ...]:
    return find_references(text, [Span(0, len(text))])


def words(text: str) -> list[str]:
    return [" ".join(text[one.start : one.end].split()) for one in find(text)]


@pytest.mark.parametrize("label", ["{}. ", "[{}] ", "({}) ", "{} ", "{}) ", "• {}. "])
@pytest.mark.parametrize("width", [60, 75, 1000])
def test_numbered_lists_wrapped_or_not(label: str, width: int) -> None:
    entries = [label.format(i) + entry for i, entry in enumerate(WORDS, 1)]
    text = "References\n" + "\n".join("\n".join(textwrap.wrap(entry, width)) for entry in entries)
    assert words(text) == list(WORDS)
    assert [one.label for one in find(text)] == ["1", "2", "3", "4"]


def test_an_entry_says_who_when_and_what() -> None:
    text = "1. " + WORDS[0] + "\n2. " + WORDS[1]
    first, second = find(text)
    assert (first.authors, first.year) == (("Doe", "Roe"), 2010)
    assert second.title == "Another work on cells: what was found and what was not"


def test_numbers_on_their_own_lines_and_links_under_entries() -> None:
    """As saved web pages have them."""
    text = "References\n" + "\n\n".join(
        f"{i}\n{entry}\nArticle PubMed Google Scholar" for i, entry in enumerate(WORDS, 1)
    )
    assert words(text) == list(WORDS)


def test_links_after_an_entry_are_no_part_of_it() -> None:
    text = f"1. {WORDS[0]} [PubMed] [Google Scholar]\n2. {WORDS[1]} [CrossRef]"
    assert words(text) == [one.rstrip(".") for one in WORDS[:2]]


def test_a_list_that_lost_its_line_ends() -> None:
    assert words("References: " + " ".join(f"{i}. {entry}" for i, entry in enumerate(WORDS, 1))) == list(WORDS)


def test_labels_that_are_no_numbers() -> None:
    text = f"[Doe10] {WORDS[0]}\n[PZM11] {WORDS[1]}\n"
    assert [one.label for one in find(text)] == ["Doe10", "PZM11"]


def test_comments_of_annotated_lists_are_no_entries() -> None:
    text = f"1.•• {WORDS[0]}\nThis work shows how to count.\n2.• {WORDS[1]}\n3. {WORDS[3]}\n"
    assert [one.label for one in find(text)] == ["1", "2", "3"]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("indent", ["", "    "])
@pytest.mark.parametrize("width", [70, 1000])
def test_lists_without_numbers(gap: str, indent: str, width: int) -> None:
    text = "Literature\n" + gap.join(f"\n{indent}".join(textwrap.wrap(entry, width)) for entry in DATED)
    assert words(text) == list(DATED)


def test_bulleted_lists() -> None:
    assert words("\n".join(f"- {entry}" for entry in WORDS)) == list(WORDS)


def test_two_lists_in_two_spans() -> None:
    first, second = f"1. {WORDS[0]}\n2. {WORDS[1]}\n", f"1. {WORDS[2]}\n2. {WORDS[3]}\n"
    text = first + "An appendix comes here.\n" + second
    spans = [Span(0, len(first)), Span(len(text) - len(second), len(text))]
    assert [one.label for one in find_references(text, spans)] == ["1", "2", "1", "2"]


@pytest.mark.parametrize("label", ["{}. ", "[{}] ", ""])
def test_a_list_in_as_many_spans_as_entries(label: str) -> None:
    """As it comes from the pages of a PDF, with the foot of a page in between."""
    text, spans = "", []
    for i, entry in enumerate(WORDS, 1):
        spans.append(Span(len(text), len(text) + len(label.format(i) + entry)))
        text += label.format(i) + entry + ("\nJournal of Cells 12\n" if i == 2 else "\n")
    found = find_references(text, spans)
    assert [text[one.start : one.end] for one in found] == list(WORDS)
    assert [one.label for one in found] == (["1", "2", "3", "4"] if label else [""] * 4)


def test_a_word_broken_at_a_line_end_is_whole_in_the_title() -> None:
    text = "1. Doe J. On immuno-\nlogy in mice. BMJ 2010;1:2.\n2. Roe K. Cells. BMJ 2010;1:3."
    assert find(text)[0].title == "On immunology in mice"


@pytest.mark.parametrize("text", ["", "References", "References\n\n\n", "No list here."])
def test_no_list(text: str) -> None:
    assert find(text) == ()


LINES = st.sampled_from(
    [*WORDS, *DATED, "1. ", "2. ", "[3] ", "\n", "\n\n", "References\n", "PubMed\n", "  ", "- ", "x y z. "]
)


@given(st.one_of(st.text(max_size=400), st.lists(LINES, max_size=25).map("".join)))
def test_entries_are_in_order_and_apart(text: str) -> None:
    found = find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[one.start : one.end].strip() == text[one.start : one.end] for one in found)
