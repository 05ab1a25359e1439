"""A page cut into strips: what stands at one height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.readers.pdf.lines import Segment

Interval = tuple[float, float]


@dataclass(slots=True)
class Strip:
    """Segments that share a height of the page."""

    parts: list[Segment]


def strips(parts: Sequence[Segment]) -> list[Strip]:
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
