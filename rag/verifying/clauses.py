"""The statements that a sentence is made of: what is said in each, with the subject and the opening that they share.

"In renal failure, apixaban is safe, and dabigatran causes bleeding" makes two. Grammar is only guessed, from lists of
verbs: where it is guessed wrongly, a true sentence is withheld.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rag.verifying.quoted import Quoted
from rag.verifying.wordlists import wordlist
from rag.verifying.words import FAR_APART, Word, general_stems

_RELATIVE = frozenset({"which", "who", "whose", "that"})
_JOINING = frozenset({"and", "or", "but", "nor"})
_BEFORE_A_NOUN = frozenset("the a an of in for with by to this that these those their its his her no any each".split())  # noqa: SIM905
_HEAD = 3  # words before "which" that it may be said of


@dataclass(slots=True)
class Statement:
    """Places of words in a sentence: of what is shared with the statement before, and of its own."""

    shared: set[int] = field(default_factory=set)
    own: set[int] = field(default_factory=set)

    @property
    def all(self) -> set[int]:
        """All places."""
        return self.shared | self.own


def is_verb(word: Word) -> bool:
    """Whether a word may be the verb of a statement, as far as its form tells."""
    return is_auxiliary(word) or word.text.lower() in wordlist("verbs")


def is_auxiliary(word: Word) -> bool:
    """Whether a word begins a predicate: "is", "have", "may"."""
    return word.text.lower() in wordlist("auxiliaries")


def joins(word: Word) -> bool:
    """Whether a word joins two clauses or two predicates."""
    return word.text.lower() in _JOINING


def statements(words: Sequence[Word]) -> list[Statement]:
    """The statements of a text, in order."""
    found: list[Statement] = []
    for number in dict.fromkeys(word.sentence for word in words):
        found += _of_a_sentence(words, [at for at, word in enumerate(words) if word.sentence == number])
    return found


def joins_statements(said: Sequence[Word], quoted: Quoted) -> bool:
    """Whether a sentence that makes one statement takes its words from several that a sentence of the quote makes."""
    if len(statements(said)) > 1:
        return False
    general = general_stems()
    told = [word for word in said if not word.is_function and word.stem not in general]
    for number in dict.fromkeys(word.sentence for word in quoted.words):
        sources = [one.all for one in statements(quoted.words) if quoted.words[min(one.own)].sentence == number]
        where = [{quoted.at(place) for sentence, place in quoted.places(word) if sentence == number} for word in told]
        own = [places for places in where if places]
        if (
            len(own) == len(told)
            and len(sources) > 1
            and not any(all(places & source for places in own) for source in sources)
        ):
            return True
    return False


def _of_a_sentence(words: Sequence[Word], places: list[int]) -> Iterator[Statement]:
    acting = [at for at in places if _is_acting(words, at)]
    opening = _opening(words, places)
    subject = {at for at in places[len(opening) :] if acting and at < acting[0]}
    current = Statement(own=set(opening))
    for at in places[len(opening) :]:
        if _begins_another(words, at, current, acting):
            yield current
            if _is_relative(words, at):
                shared = _head(words, at)
            else:
                shared = set(opening) | (set() if _has_subject(words, at, acting) else subject)
            current = Statement(shared)
        current.own.add(at)
    yield current


def _is_acting(words: Sequence[Word], at: int) -> bool:
    before = words[at - 1] if at else None
    if before is not None and joins(before) and words[at].text.endswith("ed"):  # "and eased by"
        return True
    is_noun = before is not None and before.text.lower() in _BEFORE_A_NOUN
    return is_auxiliary(words[at]) or (is_verb(words[at]) and not is_noun)


def _opening(words: Sequence[Word], places: list[int]) -> list[int]:
    """What stands before the first comma, if a small word begins it: "in patients with lupus, ..."."""
    if not places or not words[places[0]].is_function:
        return []
    clause = words[places[0]].clause
    opening = [at for at in places if words[at].clause == clause]
    return opening if len(opening) < len(places) and not any(is_auxiliary(words[at]) for at in opening) else []


def _begins_another(words: Sequence[Word], at: int, current: Statement, acting: list[int]) -> bool:
    """Whether a word begins another statement: it joins, and there is a verb before it and one after it."""
    word = words[at]
    after_semicolon = word.clause - words[at - 1].clause >= FAR_APART if at else False
    if not (joins(word) or after_semicolon or word.text.lower() in wordlist("contrast") or _is_relative(words, at)):
        return False
    if _is_relative(words, at):
        return True
    if not any(one in current.own for one in acting):
        return False
    ends = next((one for one in range(at + 1, len(words)) if joins(words[one])), len(words))
    return any(at < one < ends and words[one].sentence == word.sentence for one in acting)


def _is_relative(words: Sequence[Word], at: int) -> bool:
    text = words[at].text  # the WHO is none
    if text not in _RELATIVE or not at:
        return False
    before = words[at - 1]
    if before.is_function:
        return before.text.lower() in {"others", "those", "ones"}
    return text != "that" or not is_verb(before)


def _has_subject(words: Sequence[Word], at: int, acting: list[int]) -> bool:
    verb = next((one for one in acting if one > at), at)
    return any(not word.is_function and not word.text.endswith("ly") for word in words[at:verb])


def _head(words: Sequence[Word], at: int) -> set[int]:
    """What a relative clause is said of: the words right before it."""
    found: set[int] = set()
    for one in range(at - 1, max(-1, at - 1 - _HEAD), -1):
        if words[one].is_function or is_verb(words[one]):
            break
        found.add(one)
    return found
