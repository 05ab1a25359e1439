"""Rows of tables in XML: the XHTML model (tr, th, td) and the CALS model (row, entry)."""

from __future__ import annotations

from collections.abc import Iterator

from index.readers.assembly import Assembly, Words
from index.readers.markup.source import Element
from index.readers.markup.words import Flattening, joined, text_of

_ROWS = ("tr", "row")
_CELLS = frozenset({"td", "th", "entry", "cell"})
_HEAD, _FOOT = "thead", "tfoot"


def rows(table: Element) -> Iterator[Element]:
    """The rows of a table as they are printed: the head first, the foot last, wherever they stand in the file."""
    found = list(table.iter(*_ROWS))
    if table.find(f".//{_HEAD}") is None and table.find(f".//{_FOOT}") is None:
        yield from found
        return
    place = {_HEAD: 0, _FOOT: 2}
    yield from sorted(found, key=lambda row: place.get(parent.tag, 1) if (parent := row.getparent()) is not None else 1)


def add_rows(assembly: Assembly, flattening: Flattening, table: Element) -> None:
    """Add a table's rows, a cell that spans several columns or rows once, where it begins."""
    for row in rows(table):
        assembly.row([flattening.words(cell) for cell in row if cell.tag in _CELLS])


def labelled(label: str, words: Words) -> Words:
    """A caption with its label before it: "Figure 1. Words"."""
    label = label.strip()
    if not label:
        return words
    if text_of(words).lstrip().lower().startswith(label.lower()):
        return words
    if not text_of(words).strip():
        return label
    return joined(label if label.endswith((".", ":", "|", ")", "]")) else f"{label}.", " ", words)
