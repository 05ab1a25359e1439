"""What in a question points to something outside it: pronouns, "these diseases", a form that is no whole question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from rag.understanding.follow_up_words import (
    AUXILIARIES,
    DEMONSTRATIVES,
    MANNER,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
)
from rag.understanding.phrases import Word, is_content, is_generic, is_plural, noun_phrases, words_of

_PERSONAL = frozenset(
    "it they them he him she her its their theirs his hers itself themselves himself herself".split()  # noqa: SIM905
)
_POSSESSIVE = frozenset("its their his her".split())  # noqa: SIM905
_CLAUSE = frozenset(
    "and but or because when while if whether after before although though since until where so that which who".split()  # noqa: SIM905
)
_TIME = frozenset("day days week weeks month months year years time times moment century decade point".split())  # noqa: SIM905
_CARRIES_ON = re.compile(r"\W*(?:and|but|or|also|then|plus)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\W*(?:(?:and|but|so|or|then|also|ok|okay)\b\W*)*(?:(?:what|how)\s+about|what\s+of|and)\s+(?P<new>[^?!]+)",
    re.IGNORECASE,
)
# "Is it true that", "it is known that", "how long does it take to": the word stands for nothing.
_EMPTY_IT = re.compile(
    r"""\bit\s+(?:(?:is|was|has|had|been|be|would|will|could|can|may|might|should|not|also|now|very|so|too)\s+){0,4}
        [\w-]+\s+(?:that|to|whether|if|for\b[^,?]{1,40}\bto|who|how|what|which|why)\b
    | \bit\s+(?:seems?|appears?|turns?\s+out|takes?|rains?)\b | \bit\s+take\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PLURAL = re.compile(r"\b(?:they|them|theirs?|those|these)\b", re.IGNORECASE)
_STANDS_FOR_SOME = re.compile(r"\b(?:it|its|they|them|theirs?|he|him|his|she|hers?)\b", re.IGNORECASE)
_UNFINISHED = re.compile(  # "Why do they?"
    rf"\b(?:{'|'.join(AUXILIARIES)})\s+(?:it|they|he|she)\W*$", re.IGNORECASE
)
_LIKE_THE_OTHERS = re.compile(
    r"""\bthe\s+(?:latter|former|first\s+one|second\s+one|last\s+one|other\s+ones?|rest)\b
    | \b(?:this|that|which|the|first|second|third|last|other)\s+ones?\b | \bthe\s+same\b(?!\s+(?:\w+\s+){0,3}as\b)
    | \b(?:any|the|no|some|what|which|are|were)\s+others\b | ^\W*others\b
    | \b(?:what|who|where|anything)\s+else\b
    | \b(?:mentioned|described|named|listed)\s+(?:above|before)\b | \babove[- ]mentioned\b""",
    re.IGNORECASE | re.VERBOSE,
)
_THERE = re.compile(r"\bthere\s*(?=[?.!,]|$)", re.IGNORECASE)
_ORDINALS = frozenset("first second third last next new other main only".split())  # noqa: SIM905
_EXPLAINS = PREPOSITIONS | {"that", "which", "who", "whose", "than"}
_FEW = 4  # content words from which a question that begins with "And" is whole


class Lean(Enum):
    """How a question needs what came before it."""

    NOT = auto()
    """It does not."""
    POINTS = auto()
    """A word of it stands for something before."""
    TOPIC = auto()
    """It is about what was talked of, without a word for it: "What are the risks?"."""
    FRAME = auto()
    """It is a part of a question, the rest of which came before: "And in children?"."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """How a question leans, and the nouns that say on what ("these diseases": diseases)."""

    lean: Lean
    nouns: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    """Nouns that nothing beside them explains: "the movement", which may have been named in full before."""
    one_of: str = ""
    """The noun of "the first emperor" or "the commands", of which nothing says of what they are."""
    plural: bool = False
    """Whether what it points to is more than one."""
    new: str = ""
    """The new part of "What about X?" and "And X?"."""
    asked_for: str = ""
    """What a pronoun cannot stand for, as the question asks for it: the diseases of "Which diseases do they treat?"."""


def pointing(question: str) -> Pointing:
    """How a question leans on what came before it."""
    words = words_of(question)
    content = [word for word in words if is_content(word)]
    points, nouns = _pointers(question, words)
    about = _ABOUT.match(question)
    new = words_of(about["new"]) if about else []
    if about and _is_part(new) and (sum(map(is_content, new)) < _FEW or not _has_complement(new)):
        return Pointing(Lean.FRAME, nouns, new=about["new"].strip(" .,;:"))
    if not content and _STANDS_FOR_SOME.search(question) and not _UNFINISHED.search(question):
        return Pointing(Lean.POINTS, plural=bool(_PLURAL.search(question)))
    if not content or (_is_part(words) and words[0].lower in PREPOSITIONS):
        return Pointing(Lean.FRAME, nouns, new=question.strip(" ?!.,;:") if content else "")
    if points:
        return Pointing(Lean.POINTS, nouns, plural=bool(_PLURAL.search(question)), asked_for=_asked_for(words))
    bare = _bare_nouns(question, words) if sum(not is_generic(word) for word in content) < _FEW else ()
    carries_on = bool(_CARRIES_ON.match(question)) and len(content) < _FEW and not _has_complement(words)
    if all(is_generic(word) for word in content) or carries_on or not noun_phrases(question):
        return Pointing(Lean.TOPIC, (), bare)
    return Pointing(Lean.NOT, (), bare, one_of=_one_of_several(question, words))


def _is_part(words: list[Word]) -> bool:
    """Whether words are no clause: without a verb of their own, as far as grammar's words show."""
    return (
        bool(words) and len(words) <= 8 and not any(w.lower in AUXILIARIES or w.lower in QUESTION_WORDS for w in words)
    )


def _has_complement(words: list[Word]) -> bool:
    """Whether a noun has what it is of: "the capital of Australia"."""
    return any(is_content(one) and of.lower == "of" and of is not words[-1] for one, of in pairwise(words))


def _pointers(question: str, words: list[Word]) -> tuple[bool, tuple[str, ...]]:
    """Whether a word points out of the question, and the nouns of those that have one."""
    empty = {match.start() for match in _EMPTY_IT.finditer(question)}
    inside = _named_inside(question, words)
    nouns: list[str] = []
    bare = bool(_LIKE_THE_OTHERS.search(question) or _THERE.search(question))
    for at, word in enumerate(words):
        if inside[at]:
            continue
        if word.lower in _PERSONAL:
            bare |= word.start not in empty
        elif word.lower in DEMONSTRATIVES and _demonstrates(question, words, at):
            noun = _noun_after(question, words, at)
            nouns += [noun] if noun else []
            bare |= not noun
    return bare or bool(nouns), tuple(nouns)


def _named_inside(question: str, words: list[Word]) -> list[bool]:
    """For each word: would it, as a pronoun, stand for something that the question names before it?

    It does where a clause begins in between ("What is X and why is it needed?"), and, as a possessive, where a noun
    stands before it to which it is not tied by a preposition ("Do B cells lose their function?").
    """
    found: list[bool] = []
    named = named_before = False  # whether something is named so far, and before this clause
    subject = auxiliary = False  # whether a content word stands after an auxiliary, not counting the word just before
    for at, word in enumerate(words):
        if at and _breaks(question, words, at):
            named_before = named
        owned = word.lower in _POSSESSIVE and subject and is_content(words[at - 1])
        found.append(named_before or owned)
        if at and word.lower in _CLAUSE:
            named_before = named
        named |= is_content(word) and not is_generic(word)
        subject |= auxiliary and at > 0 and is_content(words[at - 1])
        auxiliary |= word.lower in AUXILIARIES
    return found


def _breaks(question: str, words: list[Word], at: int) -> bool:
    return any(mark in question[words[at - 1].end : words[at].start] for mark in ",;:.!?")


def _demonstrates(question: str, words: list[Word], at: int) -> bool:
    """Whether "that", "these" ... points, rather than joins clauses or stands for what follows ("those with lupus")."""
    word = words[at].lower
    after = words[at + 1].lower if at + 1 < len(words) and not _breaks(question, words, at + 1) else ""
    if after in _TIME:
        return False
    if word == "such":
        return bool(after) and after not in {"as", "that", "a", "an"}
    if word in {"those", "these", "that"} and after in {"who", "with", "of", "whose", "without", "which", "having"}:
        return False
    if word != "that":
        return True
    before = words[at - 1].lower if at and not _breaks(question, words, at) else ""
    if before in {"so", "such", "given", "provided", "now", "in"} and after:
        return False
    if after in PRONOUNS or after in {"the", "a", "an", "there", "this", "these", "those", "are"}:
        return False
    return (
        not after or not before or before in AUXILIARIES or before in PREPOSITIONS or before in _CLAUSE | QUESTION_WORDS
    )


def _noun_after(question: str, words: list[Word], at: int) -> str:
    """The content words right after a demonstrative: "usual drugs" of "these usual drugs"; none if it stands alone."""
    run = []
    for i in range(at + 1, len(words)):
        if _breaks(question, words, i) or not is_content(words[i]):
            break
        run.append(words[i].text)
    return " ".join(run)


def _asked_for(words: list[Word]) -> str:
    """The noun of "which diseases" or "what rare diseases"; none if the question asks for nothing by name."""
    at = next((at for at, word in enumerate(words) if word.lower in {"which", "what"}), len(words)) + 1
    end = at
    while end < len(words) and is_content(words[end]):
        end += 1
    return " ".join(word.text for word in words[at:end])


def _bare_nouns(question: str, words: list[Word]) -> tuple[str, ...]:
    """Nouns that nothing beside them tells more about: "the movement", "an order". They may have been named fully."""
    if [word.lower for word in words[:2]] in (["what", "is"], ["what", "are"]) and "the" not in {
        w.lower for w in words
    }:
        return ()  # "What are antibodies?" asks of antibodies at large
    found = []
    for at, word in enumerate(words):
        if not is_content(word) or is_generic(word):
            continue
        before = words[at - 1] if at and not _breaks(question, words, at) else None
        after = words[at + 1] if at + 1 < len(words) and not _breaks(question, words, at + 1) else None
        one_alone = before is None or not is_content(before) or before.lower in MANNER
        explained = after is not None and (is_content(after) or after.lower in _EXPLAINS)
        common = is_plural(word) or (before is not None and before.lower in {"the", "a", "an"} and word.text.islower())
        if one_alone and common and not explained:
            found.append(word.text)
    return tuple(found)


def _one_of_several(question: str, words: list[Word]) -> str:
    """The noun of "the first president" or "the commands", if nothing after it says of what; else nothing."""
    for at, word in enumerate(words[:-1]):
        first = words[at + 1]
        if word.lower != "the" or _breaks(question, words, at + 1):
            continue
        ordinal = first.lower in _ORDINALS and at + 2 < len(words)
        end = at + 3 if ordinal else at + 2
        noun = words[end - 1]
        after = words[end] if end < len(words) and not _breaks(question, words, end) else None
        explained = after is not None and (after.lower in _EXPLAINS or is_content(after))
        if is_content(noun) and not explained and (is_plural(noun) or ordinal):
            return noun.text
    return ""
