"""A question, taken apart: its content words and what kind of answer it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.analysis import terms
from rag.kinds import Kind, defined_thing, kind_of
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
# A sentence about the answer itself ("Also append ... to your answer", "Ignore all previous instructions").
_ABOUT_THE_ANSWER = re.compile(
    r"\b(?:your|the|this|each|every) (?:answer|reply|response|output)s?\b"
    r"|\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rules?|prompts?|above|previous|prior)\b"
    r"|\bsystem prompt\b",
    re.IGNORECASE,
)
_MEANING_WORDS = frozenset(
    """
    abbreviation acronym concept context define defined definition exactly expansion expression form full gene letters
    long meaning meant phrase refer relation respect short stand stands symbol term understood word
    """.split()  # noqa: SIM905
)
_SENTENCE = re.compile(r"[^.?!]+(?:[.?!]+(?=\s|$)|[.?!]+(?=\S)[^.?!]*)*[.?!]*")


@dataclass(frozen=True, slots=True)
class Concept:
    """Something asked for, in each form that it may take in a text.

    A form is a run of index terms. The first is as asked ("sle"), others mean the same ("system", "lupus",
    "erythematosus"). The first `sought` are searched for, all of them if None; the others are known where met.
    """

    forms: tuple[tuple[str, ...], ...]
    sought: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as it is searched.

    `words` are the content words as typed; `terms` their index terms in order, without repeats; `concepts` the same
    with the other forms they may take. `meant` is the text with those forms spelled out, for who reads it.
    """

    text: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    kind: Kind
    wants_quantity: bool
    concepts: tuple[Concept, ...]
    meant: str = ""

    @property
    def thing(self) -> tuple[Concept, ...]:
        """The concepts that name what a definition is asked of; all of them where that cannot be told."""
        named = set(terms(defined_thing(self.text)))
        return tuple(one for one in self.concepts if named.intersection(one.forms[0])) or self.concepts

    @property
    def search_terms(self) -> tuple[str, ...]:
        """The terms to search for: of every concept in the forms sought, without repeats."""
        sought = (form for concept in self.concepts for form in concept.forms[: concept.sought])
        return tuple(dict.fromkeys(term for form in sought for term in form))


def analyse(text: str) -> Question:
    """Take a question apart. Words that any question has ("which", "does", "review") are no content words."""
    text = searchable(text)
    kind = kind_of(text)
    empty = FUNCTION_WORDS | _asks_meaning(text) if kind is Kind.DEFINITION else FUNCTION_WORDS
    words = [_POSSESSIVE.sub("", word) for word in _WORD.findall(text) if word.lower().replace("’", "'") not in empty]
    found = list(dict.fromkeys(term for word in words for term in terms(word)))
    return Question(
        text=text,
        words=tuple(words),
        terms=tuple(found),
        kind=kind,
        wants_quantity=bool(_QUANTITY.search(text)),
        concepts=tuple(Concept(((term,),)) for term in found),
    )


def _asks_meaning(text: str) -> frozenset[str]:
    """The words that ask for a definition, unless they are part of what is to be defined."""
    return _MEANING_WORDS.difference(_WORD.findall(defined_thing(text).lower()))


def searchable(text: str) -> str:
    """The question without sentences that tell what to do with the answer: they are not what is searched for."""
    sentences = _SENTENCE.findall(text)
    kept = [sentence for sentence in sentences if not _ABOUT_THE_ANSWER.search(sentence)]
    return "".join(kept).strip() if kept else text
