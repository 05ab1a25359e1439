"""A line and a paragraph of a PDF, and what a paragraph can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.readers.pdf.columns import Row
from index.readers.pdf.lines import Segment

Nature = Literal["prose", "item", "heading", "caption", "row", "scrap", "front", "reference"]

ITEM = re.compile(
    r"(?:[•‣⁃◦▪▫●○∙■□►▸➢✓]|[-–—](?=\s)|\(?\d{1,3}[.)](?=\s)|\[\d{1,3}\](?=\s)|\(?(?:[a-z]|[ivx]{2,4})\)(?=\s))\s*"
)


@dataclass(slots=True)
class Line:
    """A row as it is read: its words, how it is set, and the column it stands in."""

    cells: list[Segment]
    page: int
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    words: str
    column: tuple[float, float]
    region: int
    table: bool


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, and what they are."""

    lines: list[Line]
    nature: Nature = "prose"
    level: int = 0
    size: float = field(default=0.0)

    def __post_init__(self) -> None:
        self.size = self.lines[0].size if len(self.lines) == 1 else self.lines[len(self.lines) // 2].size

    @property
    def words(self) -> str:
        """The words, lines parted by spaces."""
        return " ".join(line.words for line in self.lines)

    @property
    def pages(self) -> tuple[int, int]:
        """The first and the last page it stands on."""
        return self.lines[0].page, self.lines[-1].page

    @property
    def bold(self) -> bool:
        """Whether every line is set in bold type."""
        return all(line.bold for line in self.lines)


def lines_of(rows: Sequence[Row], page: int, display: frozenset[str] = frozenset()) -> list[Line]:
    """A page's rows as lines; those set in a face for display count as bold."""
    made: list[Line] = []
    for row in rows:
        main = max(row.cells, key=lambda cell: len(cell.words))
        words = (" | " if row.table else " ").join(cell.words for cell in row.cells)
        made.append(
            Line(
                row.cells,
                page,
                row.cells[0].left,
                max(cell.right for cell in row.cells),
                main.baseline,
                main.size,
                all(cell.bold or (bool(display) and all(p.face in display for p in cell.pieces)) for cell in row.cells),
                all(cell.italic for cell in row.cells),
                words,
                (row.left, row.right),
                row.region,
                row.table and len(row.cells) > 1,
            )
        )
    return made
