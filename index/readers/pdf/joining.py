"""Paragraphs that go on in the next column or on the next page, made whole."""

from __future__ import annotations

from collections.abc import Sequence

from index.blocks import ends_sentence
from index.readers.pdf.glyphs import HYPHEN
from index.readers.pdf.paragraph import ITEM, Paragraph

_REACH = 90  # paragraphs that figures, tables and notes may put between the halves


def joined(parts: Sequence[Paragraph], body: float) -> list[Paragraph]:
    """The paragraphs with the halves of parted ones joined.

    What stood between the halves is moved before or after the whole, so that pages stay in order.
    """
    made = list(parts)
    i = 0
    while i < len(made):
        if made[i].nature in ("prose", "item", "caption") and not _is_whole(made[i]):
            at = _rest(made, i, body)
            if at is not None:
                rest = made[at]
                between = made[i + 1 : at]
                last = made[i].pages[1]
                whole = Paragraph([*made[i].lines, *rest.lines], made[i].nature)
                if rest.pages[1] == made[i].pages[0]:
                    made[i : at + 1] = [whole, *between]
                else:
                    before = [part for part in between if part.pages[1] <= last]
                    after = [part for part in between if part.pages[1] > last]
                    made[i : at + 1] = [*before, whole, *after]
                    i += len(before)
                continue  # the whole may go on as well
        i += 1
    return made


def _is_whole(part: Paragraph) -> bool:
    words = part.words
    return ends_sentence(words) or len(words) < 2


def _rest(made: Sequence[Paragraph], i: int, body: float) -> int | None:
    """Where the second half of paragraph `i` is."""
    part, last = made[i], made[i].lines[-1]
    floats = False
    for at in range(i + 1, min(i + 1 + _REACH, len(made))):
        other = made[at]
        first = other.lines[0]
        if first.page > last.page + 1:
            return None
        if other.nature == "heading":
            if not _same_type(part, other) and other.size < 0.97 * body:
                floats = True
                continue
            return None
        if other.nature != "prose" or not _same_type(part, other):
            floats = floats or other.nature in ("caption", "row") or other.size < 0.97 * body
            if other.nature == "item" and _same_type(part, other):
                return None
            continue
        same_region = first.page == last.page and first.region == last.region
        if same_region and not floats:
            return None
        if not _goes_on(part, other) or (first.page > last.page and _between_pages(made[i + 1 : at], part, other)):
            return None
        return at
    return None


def _same_type(part: Paragraph, other: Paragraph) -> bool:
    return abs(part.lines[-1].size - other.lines[0].size) < 0.05 * part.lines[-1].size + 0.05


def _between_pages(between: Sequence[Paragraph], part: Paragraph, other: Paragraph) -> bool:
    """Whether something on a page in the middle would have nowhere to go."""
    first, last = part.pages[0], other.pages[1]
    return any(first < page < last for piece in between for page in piece.pages)


def _goes_on(part: Paragraph, other: Paragraph) -> bool:
    before, after = part.lines[-1], other.lines[0]
    words = after.words
    width, other_width = before.column[1] - before.column[0], after.column[1] - after.column[0]
    if abs(width - other_width) > 0.3 * max(width, other_width) and len(other.lines) > 1 and len(part.lines) > 1:
        return False
    if before.words.rstrip().endswith((HYPHEN, "-", "‐")):
        return words[:1].isalnum()
    if words[:1].islower():
        return True
    if ITEM.match(words) and not words[:1].isalpha():
        return words[:1] == "["  # a citation at a line's beginning
    right = max(line.right for line in part.lines) if len(part.lines) > 2 else before.column[1]
    left = min(line.left for line in other.lines) if len(other.lines) > 2 else after.column[0]
    full = right - before.right < 2.5 * before.size
    flush = after.left - left < 0.6 * after.size
    return full and flush and (len(part.lines) > 1 or len(other.lines) > 1) and not before.words.endswith(":")
