"""Ranked passages -> candidate sentences, each with how well it fits the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.documents import Document, Span
from index.snapshot import Snapshot
from rag.retrieval import RankedPassage

PASSAGES_READ = 8
"""The best passages, from which sentences are chosen."""

_PASSAGE_SHARE = 0.5  # a sentence's own score, and this much of its passage's
_FRAGMENT = 0.5  # what is no sentence (a heading, a keyword, an address) or is of the authors answers less often
_AUTHOR_MATTER = re.compile(
    r"fund|compet|conflict|disclos|editor|correspond|contribut|provenance|peer review|acknowledg|public involvement"
    r"|ethic|availability|affiliation|key ?words?",
    re.IGNORECASE,
)
_END = re.compile(r"[.?!…]['\"”’)\]\d,\s]*$")


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence chosen: where it stands and how good it is, 0 to 1.

    One that was searched for has its id, and its cosine to the question.
    """

    document: Document
    span: Span
    score: float
    id: int = 0
    cosine: float = 0.0

    @property
    def words(self) -> str:
        """The sentence's words."""
        return self.span.of(self.document.text)


def candidates(snapshot: Snapshot, ranked: Sequence[RankedPassage]) -> list[Choice]:
    """The sentences of the best passages, best first: each once, with the best of its passages."""
    found: dict[int, Choice] = {}
    for passage in ranked[:PASSAGES_READ]:
        document = snapshot.document(passage.document)
        spans = snapshot.spans(passage.passage.first, passage.passage.last)
        for sentence in passage.sentences:
            span = spans[sentence.id]
            score = (sentence.score + _PASSAGE_SHARE * passage.score) / (1 + _PASSAGE_SHARE)
            if not is_sentence(span.of(document.text)) or _AUTHOR_MATTER.search(document.section_at(span.start)):
                score *= _FRAGMENT
            if sentence.id not in found or found[sentence.id].score < score:
                found[sentence.id] = Choice(document, span, score, sentence.id, sentence.cosine)
    return sorted(found.values(), key=lambda one: (-round(one.score, 6), one.document.name, one.span.start))


def is_sentence(words: str) -> bool:
    """Whether words read as a sentence: they end as one, and there are enough of them."""
    return bool(_END.search(words)) and len(words.split()) >= 4
