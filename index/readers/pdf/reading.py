"""A PDF's bytes turned into a Document."""

from __future__ import annotations

import pypdfium2

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.pdf import columns, drawings, furniture, paragraphs
from index.readers.pdf.characters import Fonts
from index.readers.pdf.document import document
from index.readers.pdf.lines import segments
from index.readers.pdf.opening import opened
from index.readers.pdf.pieces import Sheet, sheet
from index.readers.pdf.reference_pages import references_marked


def read(name: str, data: bytes) -> Document:
    """Read a PDF.

    Raises:
        UnreadableFileError: It is damaged, needs a password, is a scan without a text layer, or holds no text.
    """
    pdf = opened(name, data)
    try:
        sheets = _sheets(pdf)
    finally:
        pdf.close()
    if not any(own.pieces for own in sheets):
        raise UnreadableFileError(f"{name}: its pages hold no text.")
    return _read(name, sheets)


def _sheets(pdf: pypdfium2.PdfDocument) -> list[Sheet]:
    fonts: Fonts = {}
    made: list[Sheet] = []
    for number in range(len(pdf)):
        try:
            page = pdf[number]
        except pypdfium2.PdfiumError:
            continue
        try:
            made.append(sheet(page, number + 1, fonts, drawings.figures(page)))
        finally:
            page.close()
    return made


def _read(name: str, sheets: list[Sheet]) -> Document:
    found = [segments(furniture.without_line_numbers(own)) for own in sheets]
    marked = furniture.running_heads(found, [own.frame[1] for own in sheets])
    heads = [[page[at] for at in sorted(own)] for page, own in zip(found, marked, strict=True)]
    pages = [[part for at, part in enumerate(page) if at not in own] for page, own in zip(found, marked, strict=True)]
    body = paragraphs.body_size(pages)
    pages = [drawings.without_figure_words(page, own.figures, body) for page, own in zip(pages, sheets, strict=True)]
    display = paragraphs.display_faces(pages, body)
    gutters = columns.page_gutters(pages, body)
    lines = [
        paragraphs.lines_of(columns.reading_order(page, known, body), own.number, display)
        for own, page, known in zip(sheets, pages, gutters, strict=True)
    ]
    leading = paragraphs.leadings(lines)
    parts = [part for page in lines for part in paragraphs.paragraphs(page, leading, body)]
    paragraphs.figure_scraps(parts)
    return document(name, sheets, references_marked(parts), heads, body)
