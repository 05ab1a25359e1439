"""A question, taken apart: its content words and what kind of answer it asks for."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from index.analysis import terms
from rag.question_words import FUNCTION_WORDS

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_QUANTITY = re.compile(
    r"\bhow (?:many|much|often|long|large|big|high|old|frequent(?:ly)?)\b"
    r"|\bwhat (?:is |was |were |are )?(?:the )?(?:\w+ )?(?:rate|number|percentage|percent|proportion|fraction|share|price|dose|dosage"
    r"|incidence|prevalence|frequency|amount|sample size|duration|cost)s?\b",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:each|both|either|two|all(?: the)?|every)\b[^.?!]{0,20}\b(?:reviews?|articles?|papers?|authors?|documents?)\b"
    r"|\b(?:compare|comparison|differ|differs|differences?|in contrast|disagree|agree)\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^\W*(?:what(?:'s|’s| is| are)\s+(?:an?\s+|the\s+)?(?!.*\b(?:in|of|for|to|on|by|with|from)\b)[\w\-\s]{2,60}"
    r"|define\b.+|what does .+ (?:mean|stand for)|what is meant by .+|definition of .+)\W*$",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)(?:n['’]t)?\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^\W*(?:which|what|name|list|enumerate|give)\b[^?.]*?\b\w{3,}(?<!ss)(?<!us)(?<!is)s\b|\b(?:name|list|enumerate) (?:the|all|some|two|three|four|five)\b",
    re.IGNORECASE,
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
    defines: bool
    yes_no: bool
    lists: bool


def analyse(text: str, only: Collection[str] | None = None) -> Question:
    """Take a question apart.

    Words that any question has ("which", "does", "review") are no content words.

    Args:
        text: The question, standing alone.
        only: The content words to keep, where some are not searched for (an author's name); all if None.
    """
    text = searchable(text)
    words = [word for word in _WORD.findall(text) if word.lower().replace("’", "'") not in FUNCTION_WORDS]
    if only is not None:
        words = [word for word in words if word in only]
    found = list(dict.fromkeys(term for word in words for term in terms(word)))
    return Question(
        text=text,
        words=tuple(words),
        terms=tuple(found),
        wants_quantity=bool(_QUANTITY.search(text)),
        compares=bool(_COMPARISON.search(text)),
        defines=bool(_DEFINITION.match(text)),
        yes_no=bool(_YES_NO.match(text)),
        lists=bool(_LIST.search(text)),
    )


def searchable(text: str) -> str:
    """The question without sentences that tell what to do with the answer: they are not what is searched for."""
    sentences = _SENTENCE.findall(text)
    kept = [sentence for sentence in sentences if not _ABOUT_THE_ANSWER.search(sentence)]
    return "".join(kept).strip() if kept else text
