"""Gaps that run down a part of a page, and whether they part columns or the cells of a table."""

from __future__ import annotations

from collections.abc import Sequence

from index.readers.pdf.lines import Segment
from index.readers.pdf.strips import Interval, Strip

Free = tuple[list[Interval], float, float]
"""The gaps across a strip, the leftmost right edge of its segments, and their rightmost left edge."""


def free_gaps(strip: Strip, low: float, high: float, least: float) -> Free:
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


def gap_run(free: Sequence[Free], i: int) -> tuple[int, list[Interval]]:
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
        low, high = (low if low < own[1] else own[1]), (high if high > own[2] else own[2])
        kept = _two_sided(low, high, wider)
        if held and not kept:
            break
        gaps, held = wider, kept
        end += 1
    return end, held


def _two_sided(low: float, high: float, gaps: Sequence[Interval]) -> list[Interval]:
    """The gaps with words on both sides: some end at `low` at the latest, some begin at `high` at the earliest."""
    return [gap for gap in gaps if low <= gap[0] + 0.1 and high >= gap[1] - 0.1]


def kind_of_gaps(strips: Sequence[Strip], gaps: Sequence[Interval]) -> str:
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
    return "table" if shared >= 3 else ""


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
