"""The order in which a page is read: full-width bands, columns, and rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.readers.pdf.bands import kinds
from index.readers.pdf.gaps import free_gaps, gap_run, kind_of_gaps
from index.readers.pdf.lines import Segment
from index.readers.pdf.strips import Interval, Strip, strips


@dataclass(slots=True)
class Row:
    """What stands on one line of a column: one segment, or the cells of a table's row.

    left and right are those of the column, `region` counts the columns and bands of the page.
    """

    cells: list[Segment]
    left: float
    right: float
    region: int
    table: bool = False


def reading_order(parts: Sequence[Segment], known: Sequence[Interval], size: float) -> list[Row]:
    """The rows of a page in the order in which they are read.

    Args:
        parts: The page's segments.
        known: Gutters between the columns of this page.
        size: The type's usual size.
    """
    rows: list[Row] = []
    _Reader(rows, size).read(list(parts), list(known))
    return rows


class _Reader:
    def __init__(self, rows: list[Row], size: float) -> None:
        self._rows = rows
        self._size = size
        self._region = 0

    def read(self, parts: list[Segment], known: list[Interval], depth: int = 0) -> None:
        if not parts:
            return
        own = strips(parts)
        if known:
            self._read_known(own, known, depth)
        elif depth > 4:
            self._leaf(parts)
        else:
            self._read_bands(own, depth)

    def _read_known(self, own: list[Strip], known: list[Interval], depth: int) -> None:
        """Bands of columns between what goes across the gutter."""
        run: list[Strip] = []
        kind = ""
        for strip, kind_of in zip(own, kinds(own, known), strict=True):
            if run and kind_of != kind:
                self._emit(run, kind, known, depth)
                run = []
            kind = kind_of
            run.append(strip)
        if run:
            self._emit(run, kind, known, depth)

    def _emit(self, run: list[Strip], kind: str, known: list[Interval], depth: int) -> None:
        parts = [part for strip in run for part in strip.parts]
        if kind == "table":
            self._leaf(parts, table=True)
        elif kind == "full":
            self.read(parts, [], depth + 1)
        else:
            edges = [(low + high) / 2 for low, high in known]
            columns: list[list[Segment]] = [[] for _ in range(len(edges) + 1)]
            for part in parts:
                columns[sum((part.left + part.right) / 2 > edge for edge in edges)].append(part)
            for column in columns:
                self.read(column, [], depth + 1)

    def _read_bands(self, own: list[Strip], depth: int) -> None:
        low = min(part.left for strip in own for part in strip.parts)
        high = max(part.right for strip in own for part in strip.parts)
        free = [free_gaps(strip, low, high, 0.8 * self._size) for strip in own]
        plain: list[Strip] = []
        i = 0
        while i < len(own):
            if len(free[i][0]) == 0:
                plain.append(own[i])
                i += 1
                continue
            end, gaps = gap_run(free, i)
            kind = kind_of_gaps(own[i:end], gaps) if gaps else ""
            if not kind:
                plain.append(own[i])
                i += 1
                continue
            if plain:
                self._leaf([part for strip in plain for part in strip.parts])
                plain = []
            parts = [part for strip in own[i:end] for part in strip.parts]
            if kind == "table":
                self._leaf(parts, table=True)
            else:
                self._split(parts, gaps, depth)
            i = end
        if plain:
            self._leaf([part for strip in plain for part in strip.parts])

    def _split(self, parts: list[Segment], gaps: list[Interval], depth: int) -> None:
        widest = max(gaps, key=lambda gap: gap[1] - gap[0])
        edge = (widest[0] + widest[1]) / 2
        self.read([part for part in parts if part.right <= edge + 1], [], depth + 1)
        self.read([part for part in parts if part.right > edge + 1], [], depth + 1)

    def _leaf(self, parts: list[Segment], table: bool = False) -> None:
        left, right = min(part.left for part in parts), max(part.right for part in parts)
        self._region += 1
        for strip in strips(parts):
            lines: list[list[Segment]] = []
            for part in sorted(strip.parts, key=lambda part: (part.baseline, part.left)):
                if lines and abs(lines[-1][-1].baseline - part.baseline) < 0.3 * max(part.size, lines[-1][-1].size):
                    lines[-1].append(part)
                else:
                    lines.append([part])
            for line in lines:
                line.sort(key=lambda part: part.left)
                self._rows.append(Row(line, left, right, self._region, table))
