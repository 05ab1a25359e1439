"""A question, taken apart: its content words and what kind of answer it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as it is searched.

    `words` are the content words as typed; `terms` their index terms in order, without repeats.
    """

    text: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    wants_quantity: bool
    compares: bool
    lists: bool


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
        wants_quantity=bool(_QUANTITY.search(text)),
        compares=bool(_COMPARISON.search(text)),
        lists=bool(_LIST.search(text)),
    )


def searchable(text: str) -> str:
    """The question without sentences that tell what to do with the answer: they are not what is searched for."""
    sentences = _SENTENCE.findall(text)
    kept = [sentence for sentence in sentences if not _ABOUT_THE_ANSWER.search(sentence)]
    return "".join(kept).strip() if kept else text
