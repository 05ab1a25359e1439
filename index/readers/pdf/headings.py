"""Which heading stands under which."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.heading_words import is_standard
from index.readers.pdf.paragraph import Paragraph

_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s")


def levels(headed: Sequence[Paragraph]) -> list[int]:
    """The level of each heading, 1 the highest: by its number, otherwise by how it is set."""
    styles: dict[tuple[float, bool, bool, bool], float] = {}
    for part in headed:
        style = _style(part)
        usual = is_standard(part.words)
        weight = style[0] + 0.4 * style[1] + 0.3 * style[2] - 0.2 * style[3]
        styles[style] = max(styles.get(style, 0.0), weight + (0.15 if usual else 0.0))
    order = sorted(set(styles.values()), reverse=True)
    found: list[int] = []
    for part in headed:
        number = _NUMBER.match(part.words)
        if number:
            found.append(number.group(1).count(".") + 1)
        else:
            found.append(min(order.index(styles[_style(part)]) + 1, 6))
    return found


def _style(part: Paragraph) -> tuple[float, bool, bool, bool]:
    line = part.lines[0]
    return round(part.size * 2) / 2, line.bold, line.words.isupper(), line.italic
