"""The gaps between the columns of a document's pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from index.readers.pdf.lines import Segment
from index.readers.pdf.strips import Interval, strips


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
        if strong:  # the other gaps of the same pages, where this page has but few lines beside them
            centres = [(gap, int((gap[0] + gap[1]) / 2)) for gap in common]
            strong += [gap for gap, x in centres if votes[x] >= 2 and not _agrees(gap, strong)]
        result.append(sorted(strong))
    return result


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
