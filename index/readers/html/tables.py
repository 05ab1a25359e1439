"""Tables: which hold data, and their rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree

from index.readers.html.tree import HEADINGS, class_words, words_in

_NAMES = re.compile(r"\b(?:data|table|grid|striped|bordered|wikitable|ltx tabular)\b")
_LONGEST_CELL = 2500


def own_rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, not those of tables in it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.iterchildren("tr")


def own_cells(row: etree._Element) -> list[etree._Element]:
    """The cells of a row."""
    return list(row.iterchildren("td", "th"))


def holds_data(table: etree._Element, skipped: Collection[etree._Element]) -> bool:
    """Whether a table is one to its reader, and not a way to put things side by side."""
    if table.get("role") in {"presentation", "none"} or next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [own_cells(row) for row in own_rows(table)]
    if not rows or max(map(len, rows)) < 2:
        return False
    stated = (
        next(table.iter("th", "thead"), None) is not None
        or table.find("caption") is not None
        or bool(_NAMES.search(class_words(table)))
    )
    if not stated and len(rows) < 2:
        return False
    if next(table.iter(*HEADINGS, "ul", "ol") if not stated else table.iter("h1", "h2"), None) is not None:
        return False
    sizes = sorted(len(words_in(cell, skipped)) for row in rows for cell in row)
    return sizes[-1] < _LONGEST_CELL and (stated or sizes[len(sizes) // 2] < 200)
