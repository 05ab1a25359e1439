"""Where a PDF's words stand: pages, and rectangles on the page as it is looked at."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_pages import HEIGHT, WIDTH, Page, pdf

from index.documents import Document, Rectangle
from index.layout import rectangles
from index.readers.pdf import read


def place(document: Document, words: str) -> tuple[Rectangle, ...]:
    start = document.text.index(words)
    return rectangles(document.layout, start, start + len(words))


def test_a_word_is_found_where_it_was_put() -> None:
    document = read("a.pdf", pdf(Page().words(100, 200, "Cells remove antibodies.", 10)))

    (found,) = place(document, "remove")

    assert found.page == 1
    assert found.left == pytest.approx(136, abs=1)
    assert found.right == pytest.approx(172, abs=1)
    assert 188 < found.top < 195 and 200 < found.bottom < 205


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_rectangles_are_those_of_the_page_as_it_is_turned(rotate: int) -> None:
    document = read("a.pdf", pdf(Page(rotate=rotate).words(100, 200, "Cells remove antibodies.", 10)))
    (found,) = place(document, "remove")
    centre = ((found.left + found.right) / 2, (found.top + found.bottom) / 2)
    x, y = 154.0, 197.0
    seen = {0: (x, y), 90: (HEIGHT - y, x), 180: (WIDTH - x, HEIGHT - y), 270: (y, WIDTH - x)}[rotate]

    assert centre == pytest.approx(seen, abs=3)
    expected = (HEIGHT, WIDTH) if rotate in (90, 270) else (WIDTH, HEIGHT)
    assert (document.pages[0].width, document.pages[0].height) == expected


def test_rectangles_are_measured_from_the_cropped_page() -> None:
    page = Page(crop=(50, 100, 500, 700)).words(100, 200, "Cells remove antibodies.", 10)
    document = read("a.pdf", pdf(page))

    (found,) = place(document, "Cells")

    assert found.left == pytest.approx(50, abs=1)
    assert found.bottom == pytest.approx(200 - (HEIGHT - 700), abs=4)
    assert (document.pages[0].width, document.pages[0].height) == (450, 600)


def test_a_word_broken_at_a_line_end_stands_in_two_places() -> None:
    page = Page().words(50, 100, "All had an autoim-").words(50, 112, "mune disease of the joints.")
    document = read("a.pdf", pdf(page))

    first, second = place(document, "autoimmune")

    assert first.top < second.top and first.left > second.left


def test_every_page_has_its_span_also_a_blank_one() -> None:
    document = read(
        "a.pdf",
        pdf(Page().words(50, 100, "The first page says this."), Page(), Page().words(50, 100, "And the third that.")),
    )

    assert [page.number for page in document.pages] == [1, 2, 3]
    assert document.pages[0].start == 0 and document.pages[-1].end == len(document.text)
    assert all(a.end == b.start for a, b in zip(document.pages, document.pages[1:], strict=False))
    assert document.page_at(document.text.index("third")) == 3


WORDS = st.lists(
    st.sampled_from(
        ["cells", "remove", "many", "anti-CD19", "(autoimmune)", "3.5", "fever,", "patients.", "low-dose", "X"]
    ),
    min_size=3,
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(pages=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=3), rotate=st.sampled_from([0, 90]))
def test_rectangles_of_any_words_lie_on_the_pages_that_hold_them(
    pages: list[tuple[list[str], list[str]]], rotate: int
) -> None:
    made = []
    for left, right in pages:
        page = Page(rotate=rotate)
        page.column(50, 120, " ".join(left))
        page.column(320, 120, " ".join(right))
        made.append(page)
    document = read("a.pdf", pdf(*made))

    assert len(document.text.replace("|", " ").split()) <= sum(len(a) + len(b) for a, b in pages)
    for block in document.blocks:
        found = rectangles(document.layout, block.start, block.end)
        held = {p.number for p in document.pages if p.start < block.end and block.start < p.end}
        assert found and {one.page for one in found} <= held
        for one in found:
            size = document.pages[one.page - 1]
            assert 0 <= one.left < one.right <= size.width and 0 <= one.top < one.bottom <= size.height
    for at, letter in enumerate(document.text):
        assert letter.isspace() or letter == "|" or rectangles(document.layout, at, at + 1)
