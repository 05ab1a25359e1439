"""Links into a document, and what a link's numbers mean in the document as it is now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from index.documents import Span
from rag.answers import Citation

MARK = "cited"
"""The id of the first words marked; a link ends in it."""

_DIGEST = 12  # hexadecimal digits of a quote's SHA-256: enough to tell that it is the same
_MOST = 20  # places that one link may mark
_LONGEST = 20_000  # characters of a quote that is looked for elsewhere
_WORK, _STEP = 250_000_000, 2500  # characters digested for one link: some 0.3 s; a digest costs as much as so many


@dataclass(frozen=True, slots=True)
class Place:
    """One place that a link names: offsets, and the digest of the words that stood there, or ""."""

    start: int
    end: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a link's words stand now: disjoint spans in order; and what a person should know of it."""

    spans: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()


def document_link(citation: Citation) -> str:
    """The address of a citation's place in its whole document, relative to the page's own."""
    query = {
        "name": citation.document,
        "start": citation.start,
        "end": citation.end,
        "quote": digest(citation.quote),
    }
    return f"document?{urlencode(query)}#{MARK}"


def whole_document(name: str) -> str:
    """The address of a document, relative to the page's own."""
    return f"document?{urlencode({'name': name}, quote_via=quote)}"


def digest(quote: str) -> str:
    """A few digits that tell whether words are still the same."""
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]


def places(starts: Sequence[str], ends: Sequence[str], quotes: Sequence[str]) -> list[Place] | None:
    """The places that a link names, or None where it is damaged: a number missing, or no number."""
    if len(starts) != len(ends) or len(starts) > _MOST or len(quotes) not in {0, len(starts)}:
        return None
    numbers = [*starts, *ends]
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in numbers):
        return None
    told = list(quotes) or [""] * len(starts)
    return [Place(int(start), int(end), quote) for start, end, quote in zip(starts, ends, told, strict=True)]


def find(text: str, named: Sequence[Place] | None, starts: Callable[[], Sequence[int]] = list) -> Found:
    """Where the words that a link names stand in a document's text.

    Args:
        text: The document's text.
        named: The places that the link names; None if it is damaged.
        starts: Where quotes may begin; asked for if words do not stand where the link says.
    """
    if named is None:
        return Found((), ("This link is damaged, so nothing is marked. Open the document from the answer again.",))
    spans: list[Span] = []
    notes: dict[str, None] = {}
    begins: Sequence[int] | None = None
    work = _WORK
    for place in named:
        if 0 <= place.start < place.end <= len(text) and place.digest in {"", digest(text[place.start : place.end])}:
            spans.append(Span(place.start, place.end))
            continue
        others: list[Span] = []
        if place.digest and 0 < place.end - place.start <= min(len(text), _LONGEST):
            begins = sorted(set(starts())) if begins is None else begins
            needed = len(begins) * (place.end - place.start + _STEP)
            if needed > work:
                notes[
                    "The document has changed since this was quoted. It is too long to look in it for all the words "
                    "of this link, so not all are marked."
                ] = None
                continue
            work -= needed
            others = _elsewhere(text, place, begins)
        if len(others) == 1:
            spans += others
            notes["The document has changed since this was quoted. The same words now stand here."] = None
        elif others:
            notes[
                "The document has changed since this was quoted. The same words stand in more than one place now, "
                "so nothing is marked."
            ] = None
        elif place.digest:
            notes["The document has changed since this was quoted, and the quoted words are no longer in it."] = None
        else:
            notes["This link points past the words of the document as it is now; it may have changed since."] = None
    return Found(tuple(_joined(spans)), tuple(notes))


def _elsewhere(text: str, place: Place, begins: Iterable[int]) -> list[Span]:
    """Where else the words of a place stand, of all that may be the beginning of a quote: two places at most."""
    found: list[Span] = []
    for start in begins:
        end = start + place.end - place.start
        inside_a_word = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
        if end <= len(text) and not inside_a_word and digest(text[start:end]) == place.digest:
            found.append(Span(start, end))
            if len(found) == 2:
                break
    return found


def _joined(spans: Sequence[Span]) -> list[Span]:
    """The spans in order; those that share characters as one."""
    made: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if made and span.start < made[-1].end:
            made[-1] = Span(made[-1].start, max(made[-1].end, span.end))
        else:
            made.append(span)
    return made
