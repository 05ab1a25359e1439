"""Candidate sentences -> those that make the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.analysis import terms
from index.documents import Document, Span
from rag.candidates import Choice
from rag.coverage import spoken_of
from rag.question import Kind, Question

_ALIKE = 0.7  # share of words from which two sentences say the same
# How close to the best sentence's score a further one must come:
_EQUAL = 0.95  # if it speaks of nothing more that was asked for
_ADDS = 0.75  # if it does, and that is worth a sentence:
_WORTH_ADDING = 0.15  # the share of what was asked for
_ONE_OF_SEVERAL = 0.85  # if several things are asked for, of which it may be one

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


def choose(question: Question, found: Sequence[Choice], weights: Sequence[float], most: int) -> list[Choice]:
    """The one to `most` sentences that make the answer, best first.

    A comparison takes the best sentence of each document. Otherwise the best sentence stands alone, unless
    another is as good, or speaks of something asked for of which those before it do not.

    Args:
        question: What was asked.
        found: The candidates, best first.
        weights: How much each of the question's concepts matters; see `rag.coverage.concept_weights`.
        most: The most sentences to choose.
    """
    able = [choice for choice in found if able_to_answer(question, choice)]
    if question.kind is Kind.COMPARISON:
        able = _best_of_each(able)
    chosen: list[Choice] = []
    told = [0.0] * len(question.concepts)
    for choice in able:
        tells = spoken_of(question.concepts, set(terms(choice.words)))
        if chosen and question.kind is not Kind.COMPARISON:
            gain = sum(max(new - old, 0.0) * weight for new, old, weight in zip(tells, told, weights, strict=True))
            share = (
                _ADDS
                if gain >= _WORTH_ADDING * sum(weights)
                else _ONE_OF_SEVERAL
                if question.kind is Kind.LIST
                else _EQUAL
            )
            if choice.score < share * chosen[0].score:
                continue
        if not any(_alike(choice.words, other.words) for other in chosen):
            chosen.append(choice)
            told = [max(new, old) for new, old in zip(tells, told, strict=True)]
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
