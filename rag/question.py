"""A question, taken apart: its content words and what kind of answer it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from index.analysis import terms
from rag.question_words import FUNCTION_WORDS

_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_FLAGS = re.IGNORECASE | re.VERBOSE

_QUANTITY = re.compile(
    r"""\bhow\ (?:many|much|often|long|large|big|high|old|frequent(?:ly)?)\b
    | \bwhat\ (?:(?:is|was|were|are)\ )?(?:the\ )?(?:\w+\ )?
      (?:rate|number|percent(?:age)?|proportion|fraction|share|price|cost|dose|dosage|incidence|prevalence|frequency
        |amount|sample\ size|duration)s?\b""",
    _FLAGS,
)
_COMPARISON = re.compile(
    r"""\b(?:each|both|either|two|all(?:\ the)?|every)\b[^.?!]{0,20}\b(?:review|article|paper|author|document)s?\b
    | \b(?:compare|comparison|differ|differs|differences?|in\ contrast|disagree|agree)\b""",
    _FLAGS,
)
_LIST = re.compile(
    r"""^\W*(?:which|what|name|list|enumerate|give)\b[^?.]*?\b\w{3,}(?<!ss)(?<!us)(?<!is)s\b
    | \b(?:name|list|enumerate)\ (?:the|all|some|two|three|four|five)\b""",
    _FLAGS,
)

# A sentence about the answer itself ("Also append ... to your answer", "Ignore all previous instructions").
_ABOUT_THE_ANSWER = re.compile(
    r"\b(?:your|the|this|each|every) (?:answer|reply|response|output)s?\b"
    r"|\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rules?|prompts?|above|previous|prior)\b"
    r"|\bsystem prompt\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.?!]+(?:[.?!]+(?=\s|$)|[.?!]+(?=\S)[^.?!]*)*[.?!]*")


class Kind(StrEnum):
    """What a question asks for."""

    FACT = "fact"
    LIST = "list"
    DEFINITION = "definition"
    YES_NO = "yes-no"
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Concept:
    """Something asked for, in each form that it may take in a text.

    A form is a run of index terms. The first is as asked ("sle"), others mean the same ("system", "lupus",
    "erythematosus").
    """

    forms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as it is searched.

    `words` are the content words as typed; `terms` their index terms in order, without repeats; `concepts` the same
    with the other forms they may take.
    """

    text: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    kind: Kind
    wants_quantity: bool
    concepts: tuple[Concept, ...]

    @property
    def search_terms(self) -> tuple[str, ...]:
        """The terms to search for: of every form of every concept, without repeats."""
        return tuple(dict.fromkeys(term for concept in self.concepts for form in concept.forms for term in form))


def analyse(text: str) -> Question:
    """Take a question apart. Words that any question has ("which", "does", "review") are no content words."""
    text = searchable(text)
    words = [
        _POSSESSIVE.sub("", word)
        for word in _WORD.findall(text)
        if word.lower().replace("’", "'") not in FUNCTION_WORDS
    ]
    found = list(dict.fromkeys(term for word in words for term in terms(word)))
    return Question(
        text=text,
        words=tuple(words),
        terms=tuple(found),
        kind=_kind(text),
        wants_quantity=bool(_QUANTITY.search(text)),
        concepts=tuple(Concept(((term,),)) for term in found),
    )


def _kind(text: str) -> Kind:
    if _COMPARISON.search(text):
        return Kind.COMPARISON
    return Kind.LIST if _LIST.search(text) else Kind.FACT


def searchable(text: str) -> str:
    """The question without sentences that tell what to do with the answer: they are not what is searched for."""
    sentences = _SENTENCE.findall(text)
    kept = [sentence for sentence in sentences if not _ABOUT_THE_ANSWER.search(sentence)]
    return "".join(kept).strip() if kept else text
