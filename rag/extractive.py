"""Ranked passages -> the sentences that answer, in the documents' own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.analysis import terms
from index.documents import Document, Span
from index.snapshot import Snapshot
from rag.question import Question
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
_ALIKE = 0.7  # share of words from which two sentences say the same
# How close to the best sentence's score a further one must come:
_EQUAL = 0.95  # if it speaks of nothing more that was asked for
_ADDS = 0.75  # if it does, and that is worth a sentence:
_WORTH_ADDING = 0.15  # the share of what was asked for
_ONE_OF_SEVERAL = 0.85  # if several things are asked for, of which it may be one

_END = re.compile(r"[.?!…]['\"”’)\]\d,\s]*$")
# Said to whoever reads for somebody else, and no statement of a review.
_TO_AN_ASSISTANT = re.compile(
    r"""\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|other|these|your)\b
      .{0,40}\b(?:instructions?|prompts?|rules?|context|guidelines?)\b
    | \byou\ (?:must|should|shall|will|are\ to|have\ to)\ (?:now\ )?
      (?:answer|reply|respond|say|output|tell|print|state)\b
    | \bsystem\ prompt\b | \b(?:in|to|with|of)\ your\ (?:answer|reply|response|output)\b
    | ^\W*(?:answer|reply|respond|output|print|append)\ (?:with|that|only|the|this)\b""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(
    r"(?<![\w-])\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half|twice"
    r"|none|no one|majority|minority|all)\b",
    re.IGNORECASE,
)


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


def choose(question: Question, found: Sequence[Choice], weights: Mapping[str, float], most: int) -> list[Choice]:
    """The one to `most` sentences that make the answer, best first.

    A comparison takes the best sentence of each document. Otherwise the best sentence stands alone, unless
    another is as good, or speaks of something asked for of which those before it do not.

    Args:
        question: What was asked.
        found: The candidates, best first.
        weights: How much each of the question's terms matters; see `rag.abstention.term_weights`.
        most: The most sentences to choose.
    """
    able = [choice for choice in found if able_to_answer(question, choice)]
    if question.compares:
        able = _best_of_each(able)
    chosen: list[Choice] = []
    spoken_of: set[str] = set()
    for choice in able:
        speaks_of = set(question.terms).intersection(terms(choice.words))
        if chosen and not question.compares:
            gain = sum(weights[term] for term in speaks_of - spoken_of)
            share = (
                _ADDS
                if gain >= _WORTH_ADDING * sum(weights.values())
                else _ONE_OF_SEVERAL
                if question.lists
                else _EQUAL
            )
            if choice.score < share * chosen[0].score:
                continue
        if not any(_alike(choice.words, other.words) for other in chosen):
            chosen.append(choice)
            spoken_of |= speaks_of
        if len(chosen) == most:
            break
    return chosen


def able_to_answer(question: Question, choice: Choice) -> bool:
    """Whether a sentence could answer at all.

    The title or byline could not, nor what is said to an assistant; a quantity needs a number.
    """
    if any(span.start < choice.span.end and choice.span.start < span.end for span in _front_matter(choice.document)):
        return False
    if _TO_AN_ASSISTANT.search(choice.words):
        return False
    return not question.wants_quantity or bool(_NUMBER.search(choice.words))


def is_sentence(words: str) -> bool:
    """Whether words read as a sentence: they end as one, and there are enough of them."""
    return bool(_END.search(words)) and len(words.split()) >= 4


def _front_matter(document: Document) -> Iterable[Span]:
    return (span for spans in document.bibliography.stated.values() for span in spans)


def _best_of_each(found: Sequence[Choice]) -> list[Choice]:
    best: dict[str, Choice] = {}
    for choice in found:
        best.setdefault(choice.document.name, choice)
    return list(best.values())


def _alike(one: str, other: str) -> bool:
    """Whether two sentences say much the same."""
    words, others = set(terms(one)), set(terms(other))
    return len(words & others) >= _ALIKE * min(len(words), len(others))
