"""What each strip of a page with known columns is part of: columns, a table across them, or full-width matter."""

from __future__ import annotations

from collections.abc import Sequence

from index.readers.pdf.strips import Interval, Strip


def kinds(strips: Sequence[Strip], known: Sequence[Interval]) -> list[str]:
    """What each strip is part of: "table", "full" (goes across the gutter), "columns"."""
    tabular = _tabular(strips, known)
    _spare_columns(tabular, strips, known)
    kinds = [
        "table" if table else "full" if _crosses(strip, known) else ""
        for strip, table in zip(strips, tabular, strict=True)
    ]
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
    """Whether anything of a strip goes well across a gutter. A long address may only jut into the next column."""
    return any(part.left < low - 18 and part.right > high + 18 for part in strip.parts for low, high in known)


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
        if crossing and any(part.count >= 7 and _crosses(Strip([part]), known) for part in strip.parts):
            marks.append(False)  # a line of an abstract, with a box of keywords beside it
        elif (cells >= 3 and not prose) or (crossing and cells >= 2):
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
