"""What cannot be read says so in one line that names the file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_pages import Page, pdf

from index.errors import UnreadableFileError
from index.readers.pdf import ocr, read
from index.reading import ReadingPool


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read("shelf/a.pdf", data)
    assert "\n" not in str(caught.value) and str(caught.value).startswith("shelf/a.pdf: ")
    return str(caught.value)


def test_blank_pages() -> None:
    assert "its pages hold no text" in reason(pdf(Page(), Page()))


def test_a_scan_without_the_extra_that_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)

    assert "install pincite[ocr]" in reason(pdf(Page().image(0, 0, 612, 792)))


def test_a_scanned_cover_before_pages_of_text_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    page = Page()
    page.column(50, 300, "Cells that remove lymphocytes were given to many patients, who went into remission.", 300)

    assert "remission" in read("a.pdf", pdf(Page().image(0, 0, 612, 792), page, page)).text


def test_a_password() -> None:
    locked = (
        "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (" + "o" * 32 + ") /U (" + "u" * 32 + ") >> /ID [(a) (a)]"
    )

    assert "needs a password" in reason(pdf(Page().words(50, 100, "Secret words."), extra=locked))


def test_not_a_pdf() -> None:
    assert "not a PDF" in reason(b"<html><body>Not found</body></html>")


def test_a_page_tree_that_runs_in_a_circle() -> None:
    data = pdf(Page().words(50, 100, "Words.")).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]")

    assert reason(data)


def test_more_pages_than_any_article_has() -> None:
    data = pdf(Page().words(50, 100, "Some words are here.")).replace(b"/Count 1 ", b"/Count 9999999 ")

    try:
        assert "Some words are here." in read("shelf/a.pdf", data).text
    except UnreadableFileError as error:
        assert "shelf/a.pdf: " in str(error)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(pdf(Page().words(50, 100, "Cells remove antibodies."), Page().words(50, 100, "More of it.")))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))

    try:
        document = read("a.pdf", bytes(whole))
    except UnreadableFileError as error:
        assert str(error).startswith("a.pdf: ")
    else:
        assert document.text.strip() and document.text.encode()


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=500))
def test_random_bytes_are_refused(noise: bytes) -> None:
    with pytest.raises(UnreadableFileError, match=r"^a\.pdf: "):
        read("a.pdf", b"%PDF-1.7\n" + noise)


def test_a_page_whose_size_is_none_is_read_as_a_letter() -> None:
    page = Page()
    page.column(50, 300, "Cells that remove lymphocytes were given to many patients, who went into remission.", 300)
    broken = re.sub(rb"/MediaBox ?\[[^]]*\]", b"/MediaBox [0 0 6" + b"9" * 42 + b".0 792]", pdf(page))
    with ReadingPool() as pool:
        document = pool.document("a.pdf", broken).result().value
    assert "remission" in document.text
    assert (document.pages[0].width, document.pages[0].height) == (612.0, 792.0)


FAR = "9" * 40 + ".0"


@pytest.mark.parametrize(
    "matrix",
    [
        f"1 0 0 1 {FAR} 300",
        f"1 0 0 1 {FAR} 732",
        f"1 0 0 1 60 {FAR}",
        f"{FAR} 0 0 {FAR} {FAR} {FAR}",
        f"{FAR} {FAR} -{FAR} {FAR} 0 0",
        "0 0 0 0 0 0",
    ],
)
@pytest.mark.parametrize("size", ["10", FAR, "0"])
def test_words_at_a_place_that_is_none_cost_no_others(matrix: str, size: str) -> None:
    page = Page()
    page.column(60, 60, "The heart beats on in all patients of the trial. " * 5, width=420, size=10, lead=12)
    page.drawn.insert(0, f"BT /plain {size} Tf {matrix} Tm (nowhere) Tj ET".encode())
    assert (
        " ".join(read("a.pdf", pdf(page)).text.split()).count("The heart beats on in all patients of the trial.")
        >= 4  # one of them it may stand in
    )


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "box", [f"0 0 {FAR} {FAR}", f"0 0 612 {FAR}", f"-{FAR} -{FAR} 612 792", "0 0 0 0", f"{FAR} 0 612 9"]
)
def test_a_page_of_no_size_costs_no_word(box: str, rotate: int) -> None:
    page = Page(rotate=rotate)
    page.column(60, 60, "The heart beats on in all patients of the trial. " * 5, width=420, size=10, lead=12)
    made = pdf(page).replace(b"/MediaBox [0 0 612.0 792.0]", f"/MediaBox [{box}]".encode())
    assert "heart beats" in " ".join(read("a.pdf", made).text.split())
