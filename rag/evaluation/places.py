"""Where the words that answer a question stand, and whether what was found is there."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

Found = tuple[str, int, int]
"""Something found: document, start, end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a document that answer; `end` None stands for the whole document.

    `whole`: a passage is right only if it holds all of these words; else half of them will do.
    """

    document: str
    start: int = 0
    end: int | None = None
    whole: bool = True


def holds(place: Place, found: Found) -> bool:
    """Whether a passage found is right for a place.

    It holds all its words; or half of them where the place is longer than the passage or asks for no more; or it lies
    wholly within the place.
    """
    document, start, end = found
    if document != place.document:
        return False
    if place.end is None:
        return True
    shared, length = min(end, place.end) - max(start, place.start), place.end - place.start
    if place.whole and length <= end - start:
        return shared == length
    return shared > 0 and (2 * shared >= length or shared == end - start)


def touches(place: Place, found: Found) -> bool:
    """Whether a sentence found is right for a place: they share half, at least, of the shorter of the two."""
    document, start, end = found
    if document != place.document:
        return False
    if place.end is None:
        return True
    shared = min(end, place.end) - max(start, place.start)
    return shared > 0 and 2 * shared >= min(end - start, place.end - place.start)


def passage_ranks(found: Sequence[Found], gold: Collection[Place]) -> tuple[int, ...]:
    """The ranks, from 1, of the right passages; of each document only the first counts."""
    ranks: dict[str, int] = {}
    for rank, one in enumerate(found, 1):
        if one[0] not in ranks and any(holds(place, one) for place in gold):
            ranks[one[0]] = rank
    return tuple(ranks.values())


def sentence_ranks(found: Sequence[Found], gold: Collection[Place]) -> tuple[int, ...]:
    """The ranks, from 1, of the right sentences."""
    return tuple(rank for rank, one in enumerate(found, 1) if any(touches(place, one) for place in gold))


def occurrences(text: str, quote: str) -> list[tuple[int, int]]:
    """Where a quote stands in a text; any white space in it stands for any other."""
    words = [re.escape(word) for word in quote.split()]
    return [match.span() for match in re.finditer(r"\s+".join(words), text)] if words else []


def trimmed(text: str, start: int) -> tuple[int, int]:
    """Start and end of an answer, stated as its words and where they start, without the white space around it."""
    first = start + len(text) - len(text.lstrip())
    return first, first + len(text.strip())
