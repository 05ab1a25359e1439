"""Where in the passages that a sentence cites the words stand that carry it: the best exact slice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.documents import Document, Span
from rag.understanding.instructions import is_instruction, to_an_assistant
from rag.verifying.carrying import Longs, Why
from rag.verifying.verification import Verdict, Verifier

_MOST = 3  # sentences in a row that a quote is made of
_LONGEST = 1200  # characters of a quote
_LOOKED_AT = 6  # slices of a passage that are judged, those with most of the sentence's words first


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that a model was given: its document, and its sentences in order."""

    document: Document
    sentences: tuple[Span, ...]

    def quotable(self) -> list[Span]:
        """Its sentences without those said to an assistant, and without what follows these in their paragraph.

        What a document tells an assistant to say often comes right after.
        """
        kept: list[Span] = []
        suspect_until = -1
        for span in self.sentences:
            words = span.of(self.document.text)
            if to_an_assistant(words) or is_instruction(words):
                suspect_until = _paragraph_end(self.document, span)
            elif span.start >= suspect_until:
                kept.append(span)
        return kept


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
    if _states_nothing(claim):
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
    shares = {span: verifier.share(claim, span.of(passage.document.text)) for span in _slices(passage)}
    nearest = sorted(shares, key=lambda span: (-round(shares[span], 2), span.end - span.start))[:_LOOKED_AT]
    for span in nearest:
        verdict: Verdict = verifier.judge(claim, span.of(passage.document.text), longs)
        if verdict.supported:
            return Standing(passage, span, verdict.likeness), refusals
        refusals.append((shares[span], verdict.why))
    return None, refusals


def _slices(passage: Passage) -> Iterator[Span]:
    """Every run of a few sentences that may be quoted, without a gap between them and within a paragraph's reach."""
    quotable = passage.quotable()
    places = {span: at for at, span in enumerate(passage.sentences)}
    for first in range(len(quotable)):
        for last in range(first, min(first + _MOST, len(quotable))):
            one, other = quotable[first], quotable[last]
            gapless = places[other] - places[one] == last - first
            if gapless and (other.end - one.start <= _LONGEST or first == last):
                yield Span(one.start, other.end)


def _states_nothing(claim: str) -> bool:
    """Whether a sentence asks, orders or addresses somebody: nothing that a quote could carry."""
    return claim.rstrip(" \"”'’)").endswith("?") or is_instruction(claim) or to_an_assistant(claim)


def _paragraph_end(document: Document, span: Span) -> int:
    for block in document.blocks:
        if block.start <= span.start < block.end:
            return block.end
    return span.end
