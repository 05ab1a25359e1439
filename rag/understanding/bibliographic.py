"""Questions about the reviews themselves: who wrote one, when, where it appeared.

They are answered from what a document states of itself, by quoting the words that state it. What it does not
state is said not to be stated, however well some sentence of another review would fit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from index.analysis import terms
from index.bibliography import short_attribution
from index.documents import Bibliography, Document, Span
from rag.composing.announcing import tells_of_the_text
from rag.understanding.question import Question

_REVIEW = (
    r"(?:reviews?|articles?|papers?|publications?|(?:this|the|these|their|his|her)\ (?:study|studies|work|research))"
)
_PATTERNS = {
    "journal": r"""\b(?:which|what)\ (?:journal|periodical) | \bjournal\b.*\bpublish | \bpublish\w*\b.*\bjournal\b
        | \bwhere\b.*\bpublished\b""",
    "year": r"""\bwhen\b.*\b(?:publish\w*|written|write|wrote|c[oa]me\ out) | \bpublication\ (?:date|year)\b
        | \b(?:what|which)\ (?:year|date)\b.*\b(?:publish\w*|written|review|article|paper)
        | \b(?:date|year)\b.*\bpublish\w* | \bpublished\b.*\b(?:year|date)\b""",
    "affiliation": r"""\baffil\w* | \bwhere\ (?:do|does|did|are|is)\b.*\b(?:work|based|affiliated|come\ from)\b
        | \b(?:which|what)\ (?:city|country|company|institut\w+|universit\w+|hospital|department)\b
          .*\b(?:work|based|from)\b""",
    "funding": r"\bfund(?:ed|s|ing|ers?)\b | \bsponsor\w* | \bgrants?\b | \bpaid\ for\b",
    "interests": r"\bdisclosures?\b | \bdeclare\b",
    "correspondence": r"\bcorrespond(?:ence|ing\ author) | \b(?:contact|e-?mail)\b | \bto\ whom\b.*\bwrite\b",
    "contributors": r"\bcontribut(?:ors?|ions?|ed\ to\ (?:this|the)) | \bwho\ revised\b",
    "doi": r"\bdoi\b",
    "contents": rf"""\b(?:aims?|purposes?|goals?|objectives?|scope|topics?|contents?)\ (?:\w+\ )?(?:of|in)
          \ (?:\w+\ ){{0,2}}{_REVIEW}
        | \bwhat\ (?:does|do|did|is|are|was|were)\b.*\b{_REVIEW}\b.*
          \b(?:discuss|cover|address|review|deal\ with|focus\ on|about)\W*$
        | \btopics?\b.*\b(?:discuss|cover|address)\w*\b""",
    "title": rf"\b(?:title|titled|entitled)\b | \bwhat\ is\ the\ {_REVIEW}\ called\b",
}
# What can only be meant of a review, whether or not the question says so.
_PLAIN_PATTERNS = {
    "authors": rf"""\bwho\ (?:wrote|writes|authored) | \bwho\ (?:is|are|was|were)\ the\ authors? | \bauthors?\ of\b
        | \bhow\ many\ authors\b | \bwritten\ by\ whom?\b | \b{_REVIEW}\ (?:was|were)\ written\ by\b""",
    "interests": r"\b(?:compet\w+|conflicts?\ of)\ interests?\b",
    "editor": rf"""\b(?:handling|associate|academic|section)\ editor | \bwho\ edited\b
        | \bwho\ (?:is|was|were|are)\ the\ editors?\b | \beditors?\ of\ (?:the|this)\ (?:{_REVIEW}|journal)""",
    "keywords": r"\bkey\ ?words?\b",
}
# How the section is headed in which a document states a field.
_HEADED = {
    "funding": r"fund|financial support|grant",
    "interests": r"compet|conflict|disclosure",
    "editor": r"editor",
    "correspondence": r"correspond",
    "contributors": r"contribut",
    "keywords": r"key ?words?",
}
_FIELDS = {name: re.compile(pattern, re.IGNORECASE | re.VERBOSE) for name, pattern in _PATTERNS.items()}
_PLAIN_FIELDS = {name: re.compile(pattern, re.IGNORECASE | re.VERBOSE) for name, pattern in _PLAIN_PATTERNS.items()}
_HEADINGS = {name: re.compile(heading, re.IGNORECASE) for name, heading in _HEADED.items()}
# "Funding: the work was paid for by ...", where the statement has no heading of its own.
_LABELS = {
    name: re.compile(rf"[^.:\n]{{0,25}}?\b(?:{heading})[^.:\n]{{0,30}}:\s", re.IGNORECASE)
    for name, heading in _HEADED.items()
}
_AUTHORS_OF = re.compile(r"^\W*(?:where|when|which|what|how|do|does|did|in|at|for)\b.*\bauthors?\ of\b", re.IGNORECASE)
_OF_A_REVIEW = re.compile(rf"\b(?:{_REVIEW}|authors?)\b", re.IGNORECASE | re.VERBOSE)
_FUNDS = re.compile(r"\b(?:fund(?:ed|s|ing|ers?)|sponsor\w*|financ\w+|paid\ for|pays?\ for)\b", re.IGNORECASE)
_FUNDED = re.compile(r"\b(?:fund\w*|sponsor\w*|financ\w+|paid|pays?|grants?|support\w*)\b", re.IGNORECASE)
# Words that ask for a field and are not what the review is about.
_FIELD_WORDS = """
    journal periodical publish published publication publications year date written affiliation affiliated work works
    based city country company institution institute university hospital department funded funding funds funder
    sponsor sponsored grant paid pay declare declared disclosure competing conflict interest corresponding
    correspondence contact email contributor contribution contributed revised doi title titled entitled study
    aim purpose goal objective scope topic content main cover covered discuss discussed address addressed deal focus
"""
_SUBJECT_WORDS = 1  # content words more than this, beside the field and the review, ask of the review's subject
_NAMES = {
    "journal": "the journal it appeared in",
    "year": "when it was published",
    "authors": "who wrote it",
    "doi": "its DOI",
    "contents": "what it covers",
    "title": "its title",
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
_MATTER = re.compile(r"\W*(?:key ?words|corresponden|e-?mail|received|accepted|funding|copyright|©)", re.IGNORECASE)
_LONGEST_LINE = 600  # characters of a line of affiliations
_FRONT = 3000  # characters after the byline in which affiliations stand
_NEAR = 40  # characters between two spans that are quoted as one


def fields_asked(question: str, standalone: Question, names: Collection[str], names_documents: bool) -> list[str]:
    """The fields a question asks for; none if it does not ask about a review itself.

    "When was the review published?" does; "When do side effects appear, according to the review?" asks of the
    review's subject, as the words show that are left over.

    Args:
        question: As asked, which says what is wanted.
        standalone: The question standing alone, which says of what ("Where do they work?" of the authors before).
        names: Terms that only name the review: of its title and of its authors.
        names_documents: Whether the question names a document.
    """
    plain = [name for name, pattern in _PLAIN_FIELDS.items() if pattern.search(question)]
    # "Where do the authors of ... work?" names them to ask of something else.
    only_names = plain == ["authors"] and _AUTHORS_OF.search(question) is not None
    if plain and not (only_names and any(pattern.search(question) for pattern in _FIELDS.values())):
        return plain
    patterns = [_OF_A_REVIEW, *_PLAIN_FIELDS.values()]
    of_a_review = names_documents or any(pattern.search(standalone.text) for pattern in patterns)
    if not of_a_review and subject(standalone):  # "When were they published?" has no subject but the reviews
        return []
    matches = {name: match for name, pattern in _FIELDS.items() if (match := pattern.search(question))}
    asking = {term for match in matches.values() if len(match[0].split()) <= 2 for term in terms(match[0])}
    return [] if len(subject(standalone) - asking - set(names)) > _SUBJECT_WORDS else list(matches)


def subject(question: Question) -> set[str]:
    """The terms of a question that do not ask for a field."""
    return set(question.terms) - _field_terms()


@cache
def _field_terms() -> frozenset[str]:
    return frozenset(terms(_FIELD_WORDS))


def stated(document: Document, field: str, sentences: Sequence[Span]) -> list[Span]:
    """The spans to quote for a field: whole sentences where the document has it in sentences; empty if unstated."""
    if field == "affiliation":
        return list(_affiliations(document, sentences))
    if field == "contents":
        return [span for span in sentences if tells_of_the_text(span.of(document.text))]
    if field in _HEADINGS:
        headed = [
            span
            for span in sentences
            if _HEADINGS[field].search(document.section_at(span.start)) and not _is_heading(document, span)
        ]
        label = _LABELS[field]
        return headed or [
            span for span in (*sentences, *document.asides) if label.match(document.text, span.start, span.end)
        ]
    spans = document.bibliography.stated.get(field, ())
    if not spans:
        return []
    whole = [next((s for s in sentences if s.start <= span.start and span.end <= s.end), span) for span in spans]
    # A citation line states everything at once and is the one to quote; else a byline, whole.
    longest = max(whole, key=lambda span: span.end - span.start)
    return [longest] if field != "authors" or _holds_all(document, longest) else _joined(whole)


def could_tell_who_paid(question: Question, document: Document, span: Span) -> bool:
    """Whether a sentence could answer who paid for something; every one can if that is not asked.

    It speaks of money, and if it is the statement of who paid for the review itself, it names what was asked about.
    """
    if not _FUNDS.search(question.text):
        return True
    words = span.of(document.text)
    own = _HEADINGS["funding"].search(document.section_at(span.start)) or _LABELS["funding"].match(words)
    return bool(_FUNDED.search(words)) and (not own or subject(question) <= set(terms(words)))


def unstated(asked: Sequence[str], documents: Mapping[str, Bibliography]) -> str:
    """The reason of an abstention: which review does not state what, and what a .bib file says of it if one does."""
    what = " or ".join(_NAMES[name] for name in asked)
    if len(documents) > 1:
        return f"In none of the reviews was a statement found of {what}."
    name, bibliography = next(iter(documents.items()))
    who = short_attribution(bibliography, name)
    reason = f"In {f'the review by {who}' if bibliography.authors else who} no statement was found of {what}."
    recorded = {
        "authors": "; ".join(bibliography.authors),
        "year": str(bibliography.year or ""),
        "journal": bibliography.journal,
        "doi": bibliography.doi,
    }
    # What is known and stated by no words of the document comes from a .bib file: told, and not quoted.
    known = [recorded[one] for one in asked if recorded.get(one) and one not in bibliography.stated]
    return f"{reason} A .bib file on the shelf says: {', '.join(known)}." if known else reason


def _is_heading(document: Document, span: Span) -> bool:
    return span.of(document.text).strip(" :.") == document.section_at(span.start).strip(" :.")


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
    listed = {(entry.start, entry.end) for entry in document.references}
    for aside in document.asides:
        words = aside.of(document.text)
        if not start <= aside.start < start + _FRONT or len(words) > _LONGEST_LINE:
            continue
        if (aside.start, aside.end) not in listed | taken and _INSTITUTION.search(words) and not _MATTER.match(words):
            yield aside


def _is_place(words: str) -> bool:
    """ "AMPEL BioSolutions, Charlottesville, Virginia, USA": short parts between commas, each with a capital."""
    parts = [part.strip(" \n\t.;") for part in words.split(",")]
    if not 2 <= len(parts) <= 8 or any(len(part.split()) > 9 or not part for part in parts):
        return False
    capitals = all(part[0].isupper() or part[0].isdigit() for part in parts)
    return capitals and (bool(_INSTITUTION.search(words)) or len(parts) >= 3)
