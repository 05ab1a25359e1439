"""A list in a document: the sentence that leads it in, and its items."""

from __future__ import annotations

from collections.abc import Sequence

from index.blocks import marker_end
from index.documents import Document, Span

_LONGEST = 1500  # characters of a list that is quoted whole


def whole_list(document: Document, sentences: Sequence[Span], span: Span) -> Span | None:
    """The list that a sentence leads in or is an item of, from its lead-in to its last item; None if there is none.

    A list is led in by a sentence that ends in a colon. The result is one slice of the document.
    """
    at = next((i for i, one in enumerate(sentences) if one.start == span.start), None)
    if at is None:
        return None
    first = at
    while not _leads_in(document, sentences[first]):
        if first == 0 or not _goes_on(document, sentences, first):
            return None
        first -= 1
    last = first
    while last + 1 < len(sentences) and _goes_on(document, sentences, last + 1, first_item=last == first):
        last += 1
    whole = Span(sentences[first].start, sentences[last].end)
    if last == first or whole.end - whole.start > _LONGEST:
        return None
    return None if any(whole.start < one.end and one.start < whole.end for one in document.furniture) else whole


def _leads_in(document: Document, span: Span) -> bool:
    return span.of(document.text).rstrip().endswith(":")


def _goes_on(document: Document, sentences: Sequence[Span], at: int, first_item: bool = False) -> bool:
    """Whether a sentence is part of the list that the one before it is part of."""
    gap = document.text[sentences[at - 1].end : sentences[at].start]
    line = gap.rpartition("\n")[2]
    marked = bool(line.strip()) and marker_end(f"{line.strip()} x") > 0
    if gap.strip() and not marked:
        return False
    if " | " in sentences[at].of(document.text):  # a row of a table
        return False
    if "\n" in gap:
        return marked or (document.format != "text" and gap == "\n")
    return not first_item
