"""Where a text points to its reference list."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from index.documents import Mention, Reference, Span
from index.references.names import labelled, named
from index.references.numbers import chosen, numbered

_LABEL = re.compile(r"[\[(]?([\w+'’-]{1,16})[\])]?\.?\s*$")


def mentions(
    text: str,
    references: Sequence[Reference],
    barred: Sequence[Span] = (),
    superscripts: Sequence[Span] = (),
) -> tuple[Mention, ...]:
    """Where `text` points to `references`, in order.

    A mention names an entry only where exactly one fits; one of which nothing can be told is none.

    Args:
        text: The document's text.
        references: Its reference list; numbers are matched with labels, or with places where no entry has a label.
        barred: Where nothing counts as a mention: furniture, names under the title. The entries themselves never do.
        superscripts: Where the text is raised in the original ("23,24" of "disease.23,24").
    """
    if not references:
        return ()
    closed = _merged([*barred, *(Span(_label_start(text, one), one.end) for one in references)])
    styles = [_outside(style, closed) for style in numbered(text, references, superscripts)]
    by_name = _outside([*labelled(text, references), *named(text, references)], closed)
    found: list[Mention] = []
    for mention in sorted([*chosen(styles, references), *by_name], key=lambda one: (one.start, -one.end)):
        if not found or mention.start >= found[-1].end:
            found.append(mention)
    return tuple(found)


def _label_start(text: str, reference: Reference) -> int:
    """Where an entry starts with its label."""
    room = max(0, reference.start - 24)
    match = _LABEL.search(text, room, reference.start) if reference.label else None
    return match.start() if match and match.group(1) == reference.label else reference.start


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _outside(found: Iterable[Mention], closed: Sequence[Span]) -> list[Mention]:
    ends = [span.end for span in closed]
    kept: list[Mention] = []
    for mention in found:
        at = bisect_left(ends, mention.start + 1)
        if at == len(closed) or closed[at].start >= mention.end:
            kept.append(mention)
    return kept
