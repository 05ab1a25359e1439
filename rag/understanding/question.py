"""A question, taken apart: its content words and what kind of answer it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.analysis import terms
from rag.understanding.instructions import without_instructions
from rag.understanding.kinds import Kind, defined_thing, kind_of
from rag.understanding.phrases import is_content, is_generic, words_of
from rag.understanding.question_words import EMPTY_WORDS, FUNCTION_WORDS

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
# What `rag.understanding.conversation.standalone` adds: "And in children? (How is lupus treated?)"
_BROUGHT_ALONG = re.compile(r"(?<=\S) \((?:[^()]|\([^()]*\))*\)$")
_MEANING_WORDS = frozenset(
    """
    abbreviation acronym concept context define defined definition expansion expression form full gene letters
    long meaning meant phrase refer relation respect short stand stands symbol term understood word
    """.split()  # noqa: SIM905
)


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
    def new(self) -> tuple[Concept, ...]:
        """The concepts that a follow-up names itself, and does not bring along in brackets; none if it is no follow-up.

        Words that go with any subject ("risks", "patients") are none.
        """
        brought = _BROUGHT_ALONG.search(self.text)
        if brought is None:
            return ()
        words = [word for word in words_of(self.text[: brought.start()]) if is_content(word) and not is_generic(word)]
        named = set(terms(" ".join(word.text for word in words))).difference(terms(brought[0]))
        return tuple(one for one in self.concepts if named.intersection(one.forms[0]))

    @property
    def search_terms(self) -> tuple[str, ...]:
        """The terms to search for: of every concept in the forms sought, without repeats."""
        sought = (form for concept in self.concepts for form in concept.forms[: concept.sought])
        return tuple(dict.fromkeys(term for form in sought for term in form))


def analyse(text: str) -> Question:
    """Take a question apart, without what it says on how to answer.

    Words that any question has ("which", "does", "usually", "review") are no content words.
    """
    text = without_instructions(text) or text
    kind = kind_of(text)
    # What is to be defined is taken as it is: "exact" tells something in "exact test".
    named = _WORD.findall(defined_thing(text).lower())
    asking = EMPTY_WORDS | _MEANING_WORDS if kind is Kind.DEFINITION else EMPTY_WORDS
    empty = FUNCTION_WORDS | asking.difference(named)
    spelled = [word for word in _WORD.findall(text) if word.lower().replace("’", "'") not in empty]
    words = [word for typed in spelled if (word := _POSSESSIVE.sub("", typed)).lower() not in empty]
    found = list(dict.fromkeys(term for word in words for term in terms(word)))
    return Question(
        text=text,
        words=tuple(words),
        terms=tuple(found),
        kind=kind,
        wants_quantity=bool(_QUANTITY.search(text)),
        concepts=tuple(Concept(((term,),)) for term in found),
    )
