"""Questions about the reviews themselves: who wrote one, when, where it appeared.

They are answered from what a document states of itself, by quoting the words that state it. What it does not
state is said not to be stated, however well some sentence of another review would fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from index.bibliography import short_attribution
from index.documents import Bibliography, Document, Span

_PATTERNS = {
    "journal": r"""\b(?:which|what)\ (?:journal|periodical) | \bjournal\b.*\bpublish | \bpublish\w*\b.*\bjournal\b
        | \bwhere\b.*\bpublished\b""",
    "year": r"""\bwhen\b.*\b(?:publish|written|write|wrote|appear|c[oa]me\ out) | \bpublication\ (?:date|year)\b
        | \b(?:what|which)\ (?:year|date)\b.*\b(?:publish|written|appear|review|article|paper)
        | \b(?:date|year)\b.*\bpublish | \bpublished\b.*\b(?:year|date)\b""",
    "authors": r"""\bwho\ (?:wrote|authored|published|(?:is|are|was|were)\ the\ authors?) | \bauthors?\ of\b
        | \bwritten\ by\ whom?\b""",
    "doi": r"\bdoi\b",
    "affiliation": r"""\baffil\w* | \bwhere\ (?:do|does|did|are|is)\b.*\b(?:work|based|affiliated|come\ from)\b
        | \b(?:which|what)\ (?:city|country|company|institut\w+|universit\w+|hospital|department)\b
          .*\b(?:work|based|from)\b""",
}
# Fields that a document states in a section of their own: what asks for them, and how such a section is headed.
_SECTION_PATTERNS = {
    "funding": (r"\bfund(?:ed|s|ing|er)\b | \bsponsor | \bgrants?\b | \bpaid\ for\b", r"fund|financial support|grant"),
    "interests": (r"\b(?:compet\w+|conflicts?\ of)\ interests?\b | \bdisclosures?\b", r"compet|conflict|disclosure"),
    "editor": (r"\beditors?\b | \bedited\b", r"editor"),
    "correspondence": (r"\bcorrespond\w* | \bcontact\b | \be-?mail\b", r"correspond"),
    "contributors": (r"\bcontribut\w+ | \bwho\ (?:did|revised)\b", r"contribut"),
    "keywords": (r"\bkey\ ?words?\b", r"key ?words?"),
}
_ASKED = _PATTERNS | {name: asked for name, (asked, _) in _SECTION_PATTERNS.items()}
_FIELDS = {name: re.compile(pattern, re.IGNORECASE | re.VERBOSE) for name, pattern in _ASKED.items()}
_HEADINGS = {name: re.compile(heading, re.IGNORECASE) for name, (_, heading) in _SECTION_PATTERNS.items()}
_OF_A_REVIEW = re.compile(
    r"\b(?:reviews?|articles?|papers?|authors?|publications?|study|work|doi|editors?)\b", re.IGNORECASE
)
_NAMES = {
    "journal": "the journal it appeared in",
    "year": "when it was published",
    "authors": "who wrote it",
    "doi": "its DOI",
    "affiliation": "where its authors work",
    "funding": "who funded it",
    "interests": "competing interests",
    "editor": "its editor",
    "correspondence": "whom to write to",
    "contributors": "who did what",
    "keywords": "its keywords",
}
_INSTITUTION = re.compile(
    r"\b(?:universit|institut|hospital|department|clinic|college|school|cent(?:er|re)\b|laborator|academy|faculty|division)",
    re.IGNORECASE,
)
_FRONT = 3000  # characters after the byline in which affiliations stand
_NEAR = 40  # characters between two spans that are quoted as one


def fields_asked(text: str, standalone: str, names_documents: bool) -> list[str]:
    """The fields a question asks for; none if it does not ask about a review itself.

    Args:
        text: The question as asked, which says what is wanted.
        standalone: The question standing alone, which says of what ("Where do they work?" of the authors before).
        names_documents: Whether it names a document by author or title.
    """
    if not (names_documents or _OF_A_REVIEW.search(standalone)):
        return []
    return [name for name, pattern in _FIELDS.items() if pattern.search(text)]


def stated(document: Document, field: str, sentences: Sequence[Span]) -> list[Span]:
    """The spans to quote for a field: whole sentences where the document has it in sentences; empty if unstated."""
    if field == "affiliation":
        return list(_affiliations(document, sentences))
    if field in _HEADINGS:
        return [span for span in sentences if _HEADINGS[field].search(document.section_at(span.start))]
    spans = document.bibliography.stated.get(field, ())
    if not spans:
        return []
    whole = [next((s for s in sentences if s.start <= span.start and span.end <= s.end), span) for span in spans]
    # A citation line states everything at once and is the one to quote; else a byline, whole.
    longest = max(whole, key=lambda span: span.end - span.start)
    return [longest] if field != "authors" or _holds_all(document, longest) else _joined(whole)


def unstated(asked: Sequence[str], documents: Mapping[str, Bibliography]) -> str:
    """The reason of an abstention: which review does not state what."""
    what = " or ".join(_NAMES[name] for name in asked)
    if len(documents) == 1:
        name, bibliography = next(iter(documents.items()))
        who = short_attribution(bibliography, name)
        return (
            f"The review by {who} does not state {what}." if bibliography.authors else f"{who} does not state {what}."
        )
    return f"None of the reviews states {what}."


def _holds_all(document: Document, span: Span) -> bool:
    words = span.of(document.text)
    return all(author in words for author in document.bibliography.authors)


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(set(spans), key=lambda one: one.start):
        if joined and span.start - joined[-1].end <= _NEAR:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _affiliations(document: Document, sentences: Sequence[Span]) -> Iterator[Span]:
    byline = document.bibliography.stated.get("authors", ())
    if not byline:
        return
    start = min(span.start for span in byline)
    taken = {(span.start, span.end) for span in byline}
    for sentence in sentences:
        words = sentence.of(document.text)
        if not start <= sentence.start < start + _FRONT or (sentence.start, sentence.end) in taken:
            continue
        if _is_place(words) and not any(author in words for author in document.bibliography.authors):
            yield sentence


def _is_place(words: str) -> bool:
    """ "AMPEL BioSolutions, Charlottesville, Virginia, USA": short parts between commas, each with a capital."""
    parts = [part.strip(" \n\t.;") for part in words.split(",")]
    if not 2 <= len(parts) <= 8 or any(len(part.split()) > 9 or not part for part in parts):
        return False
    capitals = all(part[0].isupper() or part[0].isdigit() for part in parts)
    return capitals and (bool(_INSTITUTION.search(words)) or len(parts) >= 3)
