"""A PDF's bytes turned into a Document."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.pdf import drawings, furniture, ocr, typography
from index.readers.pdf.characters import Fonts
from index.readers.pdf.columns import reading_order
from index.readers.pdf.document import document
from index.readers.pdf.gutters import page_gutters
from index.readers.pdf.line_numbers import without_line_numbers
from index.readers.pdf.lines import segments
from index.readers.pdf.natures import mark_figure_scraps
from index.readers.pdf.opening import opened
from index.readers.pdf.paragraph import lines_of
from index.readers.pdf.paragraphs import paragraphs
from index.readers.pdf.pieces import Sheet, sheet
from index.readers.pdf.reference_pages import references_marked

_FEW = 12  # words that a page with a text layer has at least
_MISSING = 50  # pages that cannot be opened, after which the rest is not tried


def read(name: str, data: bytes, alive: Callable[[], None] = lambda: None) -> Document:
    """Read a PDF; `alive` is called after each page that recognition has taken its time over.

    Raises:
        UnreadableFileError: It is damaged, needs a password, is a scan without a text layer, or holds no text.
    """
    pdf = opened(name, data)
    try:
        sheets, scans = _sheets(pdf)
        words = sum(len(sheet.pieces) for sheet in sheets)
        if scans and ocr.is_installed():
            _recognised(pdf, sheets, scans, alive)
        # A few words on each page are a library's stamp. A scanned page or two among others is a cover or a plate.
        elif scans and (len(scans) > 0.5 * len(sheets) or words < _FEW):
            raise UnreadableFileError(f"{name}: a scan without a text layer; install pincite[ocr] to read it.")
    finally:
        pdf.close()
    if not any(own.pieces for own in sheets):
        raise UnreadableFileError(f"{name}: its pages hold no text.")
    return _read(name, sheets)


def _sheets(pdf: pypdfium2.PdfDocument) -> tuple[list[Sheet], list[int]]:
    """The pages that can be opened, and which of them (by their place in the list) are scans."""
    fonts: Fonts = {}
    made: list[Sheet] = []
    scans: list[int] = []
    missing = 0
    for number in range(len(pdf)):
        try:
            page = pdf[number]
        except pypdfium2.PdfiumError:
            missing += 1
            if missing > _MISSING:
                break
            continue
        try:
            own = sheet(page, number + 1, fonts, drawings.figures(page))
            if len(own.pieces) < _FEW and drawings.is_scan(page):
                scans.append(len(made))
            made.append(own)
        finally:
            page.close()
    return made, scans


def _recognised(pdf: pypdfium2.PdfDocument, sheets: list[Sheet], scans: list[int], alive: Callable[[], None]) -> None:
    eye = ocr.Eye()
    for at in scans:
        page = pdf[sheets[at].number - 1]
        try:
            sheets[at] = eye.read(page, sheets[at].number)
            alive()
        finally:
            page.close()


def _read(name: str, sheets: list[Sheet]) -> Document:
    found = [segments(pieces) for pieces in without_line_numbers(sheets)]
    marked = furniture.running_heads(found, [own.frame[1] for own in sheets])
    heads = [furniture.head_lines([page[at] for at in own]) for page, own in zip(found, marked, strict=True)]
    pages = [[part for at, part in enumerate(page) if at not in own] for page, own in zip(found, marked, strict=True)]
    body = typography.body_size(pages)
    pages = [drawings.without_figure_words(page, own.figures, body) for page, own in zip(pages, sheets, strict=True)]
    display = typography.display_faces(pages, body)
    gutters = page_gutters(pages, body)
    lines = [
        lines_of(reading_order(page, known, body), own.number, display)
        for own, page, known in zip(sheets, pages, gutters, strict=True)
    ]
    leading = typography.leadings(lines)
    parts = [part for page in lines for part in paragraphs(page, leading, body)]
    mark_figure_scraps(parts)
    return document(name, sheets, references_marked(parts), heads, body)
