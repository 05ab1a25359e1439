"""Pages as pictures: turned and cropped as they are looked at, of a bounded size, and drawn in another process."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from index_helpers import reading_pool
from pdf_pages import Page, pdf
from PIL import Image

from index.errors import UnreadableFileError
from index.layout import rectangles
from index.readers.pdf import read
from index.readers.pdf.picture import picture


def drawn(data: bytes, number: int = 1, width: int = 600) -> Image.Image:
    return Image.open(BytesIO(picture("a.pdf", data, number, width))).convert("L")


@pytest.mark.parametrize("page", [Page(), Page(rotate=90), Page(rotate=270), Page(crop=(50, 100, 500, 700))])
def test_words_are_dark_where_the_reader_says_that_they_stand(page: Page) -> None:
    data = pdf(page.words(100, 200, "Cells remove antibodies.", 20))
    document = read("a.pdf", data)
    (sheet,) = document.pages

    found = drawn(data)

    scale = 600 / sheet.width
    assert found.size == (600, pytest.approx(sheet.height * scale, abs=1))
    outside = np.asarray(found).copy()
    for one in rectangles(document.layout, 0, len(document.text)):
        left, top, right, bottom = (round(edge * scale) for edge in (one.left, one.top, one.right, one.bottom))
        assert outside[top:bottom, left:right].min() < 80
        outside[max(top - 4, 0) : bottom + 4, max(left - 4, 0) : right + 4] = 255
    assert outside.min() > 200


@pytest.mark.parametrize("size", [(3, 14_400), (14_400, 3), (14_400, 14_400), (0.001, 5_000), (612, 792)])
def test_no_page_makes_a_picture_that_fills_the_memory(size: tuple[float, float]) -> None:
    wide, high = drawn(pdf(Page(*size)), width=2000).size
    assert wide * high <= 8_100_000 and max(wide, high) <= 16_383


@pytest.mark.parametrize("number", [0, 2, 99999])
def test_a_page_that_is_not_there_is_refused_in_words(number: int) -> None:
    with pytest.raises(UnreadableFileError, match=rf"a\.pdf: there is no page {number}\."):
        picture("a.pdf", pdf(Page()), number, 600)


def test_a_process_draws_pages_and_goes_on_after_one_that_cannot_be_drawn() -> None:
    data = pdf(Page().words(100, 200, "Cells remove antibodies.", 20))
    pool = reading_pool()
    for broken in (data[:300], b"no PDF at all"):
        with pytest.raises(UnreadableFileError):
            pool.picture("a.pdf", broken, 1, 600).result()
    assert pool.picture("a.pdf", data, 1, 600).result().value == picture("a.pdf", data, 1, 600)
