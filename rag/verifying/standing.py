"""Where in the passages that a sentence cites the words stand that carry it: the best exact slice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.documents import Document, Span
from rag.composing.able import states_something
from rag.composing.openings import points_back, with_what_it_points_to
from rag.verifying.attributing import as_its_authors_say
from rag.verifying.carrying import Why
from rag.verifying.quoted import Longs
from rag.verifying.stating import is_order, states
from rag.verifying.verification import Verdict, Verifier

_BLANK_LINE, _LINE_END = re.compile(r"\n\s*\n"), re.compile(r"\n")
_POINTS_BACK_LATER = re.compile(r"[^,.;:]{1,60},\s+(?:it|they|he|she|this|these)\s", re.IGNORECASE)  # "In mice, it ..."
_TAKES_BACK = re.compile(
    r"""\b(?:retract\w*|disprov\w+|refut\w+|debunk\w*|(?:was|were|is|are|be|been)\ (?:later\ )?(?:shown\ to\ be\ )?
      (?:wrong|incorrect|erroneous|false|invalid|mistaken|fraudulent)
    | (?:not|n['’]t|never|failed\ to|unable\ to)\ (?:be\ |been\ )?(?:reproduc|replicat|confirm|verif)\w+)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_MOST = 3  # sentences in a row that a quote is made of
_LONGEST = 1200  # characters of a quote
_LOOKED_AT = 6  # slices of a passage that are judged, those with most of the sentence's words first


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that a model was given: its document, its sentences in order, and those of them that may be quoted."""

    document: Document
    sentences: tuple[Span, ...]
    quotable: tuple[Span, ...]
    after: tuple[Span, ...] = ()
    """The sentences of the document from the second of the passage on, to the one after it."""


def passage(document: Document, sentences: Sequence[Span], first: int, last: int) -> Passage:
    """The passage that some sentences of a document make.

    Of them those may be quoted that state something; not what is said to an assistant, nor what follows on that in
    its paragraph, also where the paragraph begins before the passage: what an assistant is told to say often stands
    in a sentence of its own.

    Args:
        document: The document.
        sentences: All its sentences, in order.
        first: Which of them is the first of the passage.
        last: Which is the last.
    """
    begin = first
    while begin and sentences[begin].start < _paragraph_end(document, sentences[begin - 1]):
        begin -= 1
    kept: list[Span] = []
    suspect_until = -1
    for at in range(begin, last + 1):
        span = sentences[at]
        if is_order(span.of(document.text)):
            suspect_until = _paragraph_end(document, span)
        elif at >= first and span.start >= suspect_until and states_something(document, span):
            kept.append(span)
    after = tuple(sentences[first + 1 : last + 2])
    return Passage(document, tuple(sentences[first : last + 1]), tuple(kept), after)


@dataclass(frozen=True, slots=True)
class Standing:
    """The slice of a passage that carries a sentence."""

    passage: Passage
    span: Span
    likeness: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence judged: the slices that carry it, one a passage, or why there is none."""

    standing: tuple[Standing, ...]
    why: str = ""


def where_it_stands(claim: str, passages: Sequence[Passage], verifier: Verifier, longs: Longs | None = None) -> Judged:
    """The best slice of each passage that carries a sentence, and if none does, the reason nearest to carrying it.

    Args:
        claim: A sentence, without its marks of citation.
        passages: Those it cites.
        verifier: Judges.
        longs: What abbreviations stand for.
    """
    if not states(claim):
        return Judged((), Why.NO_STATEMENT)
    found: list[Standing] = []
    reasons: list[tuple[float, str]] = []
    for passage in passages:
        best, refusals = _best(claim, passage, verifier, longs)
        found += [best] if best else []
        reasons += refusals
    if found:
        return Judged(tuple(sorted(found, key=lambda one: -one.likeness)))
    return Judged((), max(reasons, default=(0.0, Why.WORDS))[1])


def _best(
    claim: str, passage: Passage, verifier: Verifier, longs: Longs | None
) -> tuple[Standing | None, list[tuple[float, str]]]:
    """The slice that carries a sentence, the shortest first; and why others do not, with how near they come."""
    refusals: list[tuple[float, str]] = []
    claim = as_its_authors_say(claim, passage.document.bibliography)
    shares = {span: verifier.share(claim, span.of(passage.document.text)) for span in _slices(passage)}
    nearest = sorted(shares, key=lambda span: (-round(shares[span], 2), span.end - span.start))[:_LOOKED_AT]
    for span in nearest:
        if _is_taken_back(passage, span):
            refusals.append((shares[span], Why.DENIAL))
            continue
        verdict: Verdict = verifier.judge(claim, span.of(passage.document.text), longs)
        if verdict.supported:
            whole = _explained(claim, passage, span)
            if whole is not None:
                return Standing(passage, whole, verdict.likeness), refusals
            verdict = Verdict(False, Why.POINTS_BACK)
        refusals.append((shares[span], verdict.why))
    return None, refusals


def _is_taken_back(passage: Passage, span: Span) -> bool:
    """Whether a later sentence of a slice, or the one after it, says that what was said is not so."""
    text = passage.document.text
    later = [one for one in passage.sentences if span.start < one.start < span.end]
    later += [one for one in passage.after if one.start >= span.end][:1]
    return any(_TAKES_BACK.search(one.of(text)) for one in later)


def _explained(claim: str, passage: Passage, span: Span) -> Span | None:
    """A slice with what its opening points to; None where a sentence points to what none but its writer knows.

    "They ..." may be said where the quote says "They ..." as well: the quote then tells who they are.
    """
    if not points_back(claim) and not _POINTS_BACK_LATER.match(claim):
        return span
    own, quoted = claim.lower().split()[:2], span.of(passage.document.text).lower().split()[:2]
    whole = with_what_it_points_to(passage.document, passage.sentences, span)
    return whole if own == quoted and whole != span else None


def _slices(passage: Passage) -> Iterator[Span]:
    """Every run of a few sentences that may be quoted, without a gap between them and within a paragraph's reach."""
    quotable = passage.quotable
    places = {span: at for at, span in enumerate(passage.sentences)}
    for first in range(len(quotable)):
        for last in range(first, min(first + _MOST, len(quotable))):
            one, other = quotable[first], quotable[last]
            gapless = places[other] - places[one] == last - first
            if gapless and (other.end - one.start <= _LONGEST or first == last):
                yield Span(one.start, other.end)


def _paragraph_end(document: Document, span: Span) -> int:
    # Lines of plain text may be broken anywhere; what other readers write has a line for each paragraph.
    end = (_BLANK_LINE if document.format == "text" else _LINE_END).search(document.text, span.end)
    return end.start() if end else len(document.text)
