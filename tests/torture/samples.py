"""A document of every kind that is read, with something of all that its reader looks for: what fuzzing starts from."""

from __future__ import annotations

from pathlib import Path

import office_files
from pdf_pages import Page, pdf

_FOLDER = Path(__file__).with_name("sample_files")
_INNER = ("word.xml", "opendocument.xml")  # what stands in a container


def samples() -> dict[str, bytes]:
    """Names as files could have on a shelf, and their bytes."""
    found = {file.name: file.read_bytes() for file in sorted(_FOLDER.iterdir()) if file.name not in _INNER}
    word, opendocument = ((_FOLDER / name).read_text(encoding="utf-8") for name in _INNER)
    note = f"<w:footnote w:id='1'>{office_files.p('A note.')}</w:footnote>"
    found["word.docx"] = office_files.docx(word, footnotes=note)
    found["opendocument.odt"] = office_files.odt(opendocument)
    found["pages.pdf"] = _pages(found["plain.txt"].decode())
    return found


def _pages(text: str) -> bytes:
    """Two columns, a table, a picture, a page that is turned."""
    first, second = Page(), Page(rotate=90)
    first.words(60, 60, "Of hearts", 18, "bold").words(60, 90, "Ann Roe", 10, "italic")
    below = first.column(60, 120, text)
    first.column(330, 120, text)
    first.words(60, below + 20, "Table 1 Doses", 9, "bold").words(60, below + 32, "a    5    7").image(60, 600, 80, 80)
    second.column(60, 60, text)
    return pdf(first, second, info="/Title (Of hearts) /Author (Ann Roe)")
