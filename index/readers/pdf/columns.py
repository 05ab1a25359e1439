"""The order in which a page is read: full-width bands, columns, and rows of tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.readers.pdf.lines import Segment

Interval = tuple[float, float]


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


@dataclass(slots=True)
class Strip:
    """Segments that share a height of the page."""

    parts: list[Segment]


def page_gutters(pages: Sequence[Sequence[Segment]], body: float) -> list[list[Interval]]:
    """For each page the gaps between its columns.

    A table's cells part as columns do, so that a page's gaps count only where prose of the usual size stands on
    both sides, on this page or on others in the same place.
    """
    own = [_gutter_votes(page, body) for page in pages]
    total: Counter[int] = Counter()
    for votes in own:
        total.update(votes)
    common = _gutters(total, 8)
    result: list[list[Interval]] = []
    for page, votes in zip(pages, own, strict=True):
        found = _gutters(votes)
        strong = [gap for gap in found if _agrees(gap, common)] or (found if len(common) == 0 else [])
        if not strong and common:
            loose = _gutters(_gutter_votes(page, 0.0), 4)
            strong = [gap for gap in loose if _agrees(gap, common)]
        result.append(strong)
    return result


def _agrees(gap: Interval, common: Sequence[Interval]) -> bool:
    return any(min(gap[1], other[1]) - max(gap[0], other[0]) > 0.4 * (other[1] - other[0]) for other in common)


def _gutter_votes(parts: Sequence[Segment], body: float) -> Counter[int]:
    """For each point across the page, how many gaps between two runs of prose on one line lie over it."""
    votes: Counter[int] = Counter()
    for strip in _strips(parts):
        row = sorted(strip.parts, key=lambda part: part.left)
        for before, after in zip(row, row[1:], strict=False):
            if body and (abs(before.size - body) > 0.6 or abs(after.size - body) > 0.6):
                continue
            if before.count >= 4 and after.count >= 4 and 4 < after.left - before.right < 60:
                votes.update(range(int(before.right) + 1, int(after.left) + 1))
    return votes


def _gutters(votes: Counter[int], least: int = 5) -> list[Interval]:
    """The gaps between columns that the votes agree on, from left to right."""
    found: list[Interval] = []
    left = dict(votes)
    peak = max(left.values(), default=0)
    while left:
        x, count = max(left.items(), key=lambda item: item[1])
        if count < max(least, 0.5 * peak):
            break
        first = last = x
        while left.get(first - 1, 0) >= 0.75 * count:
            first -= 1
        while left.get(last + 1, 0) >= 0.75 * count:
            last += 1
        if last - first >= 3:
            found.append((float(first), float(last)))
        for near in range(first - 40, last + 41):
            left.pop(near, None)
    return sorted(found)


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


def _strips(parts: Sequence[Segment]) -> list[Strip]:
    """Segments by height: strips do not overlap, their segments do."""
    found: list[Strip] = []
    bottom = float("-inf")
    for part in sorted(parts, key=lambda part: part.baseline - 0.5 * part.size):
        top = part.baseline - 0.5 * part.size
        if found and top < bottom:
            found[-1].parts.append(part)
            bottom = max(bottom, part.baseline)
        else:
            found.append(Strip([part]))
            bottom = part.baseline
    return found


class _Reader:
    def __init__(self, rows: list[Row], size: float) -> None:
        self._rows = rows
        self._size = size
        self._region = 0

    def read(self, parts: list[Segment], known: list[Interval], depth: int = 0) -> None:
        if not parts:
            return
        strips = _strips(parts)
        if known:
            self._read_known(strips, known, depth)
        elif depth > 4:
            self._leaf(parts)
        else:
            self._read_bands(strips, depth)

    def _read_known(self, strips: list[Strip], known: list[Interval], depth: int) -> None:
        """Bands of columns between what goes across the gutter."""
        run: list[Strip] = []
        kind = ""
        for strip, own in zip(strips, _kinds(strips, known), strict=True):
            if run and own != kind:
                self._emit(run, kind, known, depth)
                run = []
            kind = own
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

    def _read_bands(self, strips: list[Strip], depth: int) -> None:
        low = min(part.left for strip in strips for part in strip.parts)
        high = max(part.right for strip in strips for part in strip.parts)
        free = [_free(strip, low, high, 0.8 * self._size) for strip in strips]
        plain: list[Strip] = []
        i = 0
        while i < len(strips):
            if len(free[i][0]) == 0:
                plain.append(strips[i])
                i += 1
                continue
            end, gaps = _run(free, i)
            kind = _kind(strips[i:end], gaps) if gaps else ""
            if not kind:
                plain.append(strips[i])
                i += 1
                continue
            if plain:
                self._leaf([part for strip in plain for part in strip.parts])
                plain = []
            parts = [part for strip in strips[i:end] for part in strip.parts]
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
        for strip in _strips(parts):
            lines: list[list[Segment]] = []
            for part in sorted(strip.parts, key=lambda part: (part.baseline, part.left)):
                if lines and abs(lines[-1][-1].baseline - part.baseline) < 0.3 * max(part.size, lines[-1][-1].size):
                    lines[-1].append(part)
                else:
                    lines.append([part])
            for line in lines:
                line.sort(key=lambda part: part.left)
                self._rows.append(Row(line, left, right, self._region, table))


def _kinds(strips: Sequence[Strip], known: Sequence[Interval]) -> list[str]:
    """What each strip is part of: "table", "full" (goes across the gutter), "columns"."""
    tabular = _tabular(strips, known)
    _spare_columns(tabular, strips, known)
    kinds = ["table" if table else "full" if _crosses(strip, known) else "" for strip, table in zip(strips, tabular, strict=True)]
    width = min(known[0][0] - min(part.left for strip in strips for part in strip.parts), 1000.0)
    for i, strip in enumerate(strips):
        if not kinds[i] and any(part.count >= 4 and part.right - part.left > 0.75 * width for part in strip.parts):
            kinds[i] = "columns"
    # Short strips shut in by full-width ones are of these; at their end they are where they line up with them.
    i = 0
    while i < len(kinds):
        if kinds[i]:
            i += 1
            continue
        end = i
        while end < len(kinds) and not kinds[end]:
            end += 1
        before = kinds[i - 1] if i else ""
        after = kinds[end] if end < len(kinds) else ""
        if before == after == "full" and end - i <= 8:
            fill = "full"
        else:
            fill = "columns"
            while before in ("full", "table") and i < end and _lines_up(strips[i - 1], strips[i]):
                kinds[i] = before
                i += 1
        for at in range(i, end):
            kinds[at] = fill
        i = end
    return kinds


def _lines_up(above: Strip, strip: Strip) -> bool:
    """Whether a short line ends the full-width paragraph above it."""
    size = strip.parts[0].size
    step = min(part.baseline for part in strip.parts) - max(part.baseline for part in above.parts)
    return 0 < step < 1.6 * size and all(
        any(abs(part.left - other.left) < 3 and abs(part.size - other.size) < 0.05 * size for other in above.parts)
        for part in strip.parts
    )


def _crosses(strip: Strip, known: Sequence[Interval]) -> bool:
    return any(
        part.left < (low + high) / 2 - 1 and part.right > (low + high) / 2 + 1
        for part in strip.parts
        for low, high in known
    )


def _tabular(strips: Sequence[Strip], known: Sequence[Interval]) -> list[bool]:
    """Which strips are rows of a table across the columns: three cells or more, none of them a line of prose."""
    edges = [low for low, _ in known]
    marks: list[bool | None] = []
    for strip in strips:
        prose = any(
            part.count >= 5 and not _crosses(Strip([part]), known) and part.right - part.left > 0.5 * edges[0] * 0.6
            for part in strip.parts
        )
        crossing = _crosses(strip, known)
        cells = len(strip.parts)
        if (cells >= 3 and not prose) or (crossing and cells >= 2):
            marks.append(True)
        elif prose:
            marks.append(False)
        else:
            marks.append(None)  # says nothing
    result = [bool(mark) for mark in marks]
    last = -1
    for i, mark in enumerate(marks):
        if mark is None:
            continue
        if mark and last >= 0 and marks[last] and i - last <= 4:
            for j in range(last, i):
                result[j] = True
        last = i
    return result


Free = tuple[list[Interval], float, float]
"""The gaps across a strip, the leftmost right edge of its segments, and their rightmost left edge."""


def _spare_columns(tabular: list[bool], strips: Sequence[Strip], known: Sequence[Interval]) -> None:
    """Rows of a table that keeps to one column are no table across the columns."""
    i = 0
    while i < len(tabular):
        end = i
        while end < len(tabular) and tabular[end]:
            end += 1
        if end > i and not any(_crosses(strip, known) for strip in strips[i:end]):
            tabular[i:end] = [False] * (end - i)
        i = end + 1


def _free(strip: Strip, low: float, high: float, least: float) -> Free:
    """The gaps across a strip, with what is left of the width on both its sides."""
    parts = strip.parts
    if len(parts) == 1:
        part = parts[0]
        edges = ((low - 2 * least, part.left), (part.right, high + 2 * least))
        return [edge for edge in edges if edge[1] - edge[0] >= least], part.right, part.left
    gaps: list[Interval] = []
    at = low - 2 * least
    for part in sorted(strip.parts, key=lambda part: part.left):
        if part.left - at >= least:
            gaps.append((at, part.left))
        at = max(at, part.right)
    if high + 2 * least - at >= least:
        gaps.append((at, high + 2 * least))
    return gaps, min(part.right for part in parts), max(part.left for part in parts)


def _shared(some: Sequence[Interval], others: Sequence[Interval], least: float) -> list[Interval]:
    found: list[Interval] = []
    for a, b in some:
        for c, d in others:
            low, high = a if a > c else c, b if b < d else d
            if high - low >= least:
                found.append((low, high))
    return found


def _run(free: Sequence[Free], i: int) -> tuple[int, list[Interval]]:
    """The strips from `i` on that a gap runs through, and the gaps that have words on both their sides."""
    gaps = free[i][0]
    low, high = free[i][1], free[i][2]
    held = _two_sided(low, high, gaps)
    end = i + 1
    while end < len(free):
        own = free[end]
        wider = _shared(gaps, own[0], 6.0)
        if not wider:
            break
        low, high = min(low, own[1]), max(high, own[2])
        kept = _two_sided(low, high, wider)
        if held and not kept:
            break
        gaps, held = wider, kept
        end += 1
    return end, held


def _two_sided(low: float, high: float, gaps: Sequence[Interval]) -> list[Interval]:
    """The gaps with words on both sides: some end at `low` at the latest, some begin at `high` at the earliest."""
    return [gap for gap in gaps if low <= gap[0] + 0.1 and high >= gap[1] - 0.1]


def _kind(strips: Sequence[Strip], gaps: Sequence[Interval]) -> str:
    """ "columns", "table", or "" where a gap means nothing."""
    edges = [(low + high) / 2 for low, high in gaps]
    columns: list[list[Segment]] = [[] for _ in range(len(edges) + 1)]
    shared, least = 0, 0
    for strip in strips:
        sides = [sum((part.left + part.right) / 2 > edge for edge in edges) for part in strip.parts]
        for part, side in zip(strip.parts, sides, strict=True):
            columns[side].append(part)
        shared += _on_one_line(strip.parts, sides)
    filled = [column for column in columns if column]
    if len(filled) < 2:
        return ""
    least = min(len({round(part.baseline) for part in column}) for column in filled)
    if (shared < 2 and least < 3) or len(strips) < 2:
        return ""
    prose = [_is_prose(column) for column in filled]
    aligned = shared >= 0.7 * least
    if all(prose):
        return "columns"
    if not aligned:
        return "columns"
    return "table" if shared >= 2 else ""


def _on_one_line(parts: Sequence[Segment], sides: Sequence[int]) -> bool:
    """Whether parts on different sides of a gap stand on the same baseline."""
    return any(
        a != b and abs(part.baseline - other.baseline) < 0.12 * part.size
        for part, a in zip(parts, sides, strict=True)
        for other, b in zip(parts, sides, strict=True)
    )


def _is_prose(column: Sequence[Segment]) -> bool:
    width = max(part.right for part in column) - min(part.left for part in column)
    full = sum(part.right - part.left > 0.75 * width for part in column)
    words = sum(part.count for part in column) / len(column)
    return len(column) >= 3 and words >= 4 and full >= 0.5 * len(column)
