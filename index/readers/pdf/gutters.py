"""The gaps between the columns of a document's pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from index.readers.pdf.lines import Segment
from index.readers.pdf.strips import Interval, strips

_LINES = 6  # beside a gutter that only the edges of lines show


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
            strong = strong or [gap for gap in common if _is_free(gap, page, body, 2)]
        elif not strong:
            strong = [gap for gap in _between_edges(page, body) if _is_free(gap, page, body, 1)]
        if strong:  # the other gaps of the same pages, where this page has but few lines beside them
            centres = [(gap, int((gap[0] + gap[1]) / 2)) for gap in common]
            strong += [gap for gap, x in centres if votes[x] >= 2 and not _agrees(gap, strong)]
        result.append(sorted(strong))
    return result


def _between_edges(page: Sequence[Segment], body: float) -> list[Interval]:
    """The gap before where most lines begin that do not begin at the left, if others end there."""
    lines = [part for part in page if part.count >= 4 and abs(part.size - body) < 0.6]
    if not lines:
        return []
    low, high = min(part.left for part in page), max(part.right for part in page)
    begins = Counter(
        round(part.left / 2) for part in lines if low + 0.3 * (high - low) < part.left < low + 0.7 * (high - low)
    )
    if not begins:
        return []
    edge, count = max(begins.items(), key=lambda item: item[1])
    edge = 2 * edge
    ends = [part.right for part in page if part.count >= 4 and edge - 40 < part.right < edge - 5]
    if count < _LINES or len(ends) < _LINES:
        return []
    return [(max(ends), edge - 1.0)]


def _is_free(gap: Interval, page: Sequence[Segment], body: float, sides: int) -> bool:
    """Whether lines stand on both sides of a gap, of prose on one or both `sides`, and hardly any goes across."""
    middle = (gap[0] + gap[1]) / 2
    left = [part for part in page if part.right < middle]
    right = [part for part in page if part.left > middle]
    across = [part for part in page if part.left < middle - 3 and part.right > middle + 3]
    if min(len(left), len(right)) < _LINES or 5 * len(across) > len(left) + len(right):
        return False
    prose = (sum(part.count >= 5 and abs(part.size - body) < 0.6 for part in own) for own in (left, right))
    return sum(count >= _LINES for count in prose) >= sides


def _agrees(gap: Interval, common: Sequence[Interval]) -> bool:
    return any(min(gap[1], other[1]) - max(gap[0], other[0]) > 0.4 * (other[1] - other[0]) for other in common)


def _gutter_votes(parts: Sequence[Segment], body: float) -> Counter[int]:
    """For each point across the page, how many gaps between two runs of prose on one line lie over it."""
    votes: Counter[int] = Counter()
    for strip in strips(parts):
        row = sorted(strip.parts, key=lambda part: part.left)
        for before, after in pairwise(row):
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
