"""Whether a quote carries a sentence, by what both say word for word.

Nothing is inferred: a number, a name, a denial, a direction of the sentence must stand in the quote, said of the
same. What a person would infer fails as well; a true sentence withheld costs less than a false one shown.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from index.abbreviations import built_in, definitions_in, short_key
from rag.verifying import markers
from rag.verifying.words import Word, content, general_stems, words_of

_MISSING = 0.25  # share of its words that are not general, which a sentence may have and the quote not
_ROOT = 5  # letters that words of one root begin with alike ("respond", "response")
_ENDING = 4  # letters that they differ in at most
_CLEARLY = 2  # so much more alike the surroundings of another number or name are, that they have been exchanged


class Why(StrEnum):
    """Why a sentence is not carried."""

    NO_CITATION = "cites a passage that it was not given"
    NO_STATEMENT = "states nothing"
    NUMBER = "a number, or what it counts, is not in the quote"
    NAME = "a name is not in the quote"
    DENIAL = "denies what the quote says, or the reverse"
    DIRECTION = "says the opposite of the quote"
    CERTAINTY = "is more certain than the quote"
    QUANTITY = "says more, fewer or more often than the quote"
    WORDS = "says what is not in the quote"
    MEANING = "is about something else than the quote"
    ENTAILMENT = "does not follow from the quote, as the verifier judges"


Longs = Mapping[str, Sequence[str]]
"""Long forms of abbreviations, by `index.abbreviations.short_key`."""


def objection(claim: str, quote: str, longs: Longs | None = None) -> Why | None:
    """The first reason why a quote does not carry a sentence; None if there is none.

    Args:
        claim: The sentence.
        quote: The words it is said to stand on.
        longs: What abbreviations stand for on the shelf; else as the quote itself or the built-in list says.
    """
    said, known = words_of(claim), words_of(quote)
    if not content(said):
        return Why.NO_STATEMENT
    quoted = _Quoted(known, quote, longs or {})
    checks: tuple[Callable[[tuple[Word, ...], _Quoted], Why | None], ...] = (
        _numbers,
        _directions,
        _denials,
        _names,
        _certainty,
        _quantities,
        _words,
    )
    return next(filter(None, (check(said, quoted) for check in checks)), None)


class _Quoted:
    """A quote as its words, and the stems that it has in one form or another."""

    def __init__(self, words: tuple[Word, ...], text: str, longs: Longs) -> None:
        self.words = words
        self.stems = {word.stem for word in words}
        defined = {short_key(one.short): (one.long,) for one in definitions_in(text)}
        for word in words:
            key = short_key(word.text)
            if any(letter.isupper() for letter in word.text[1:]):
                for long in defined.get(key) or longs.get(key) or _only_long(key):
                    self.stems |= {one.stem for one in words_of(long)}
        self._longs = {**longs, **defined}
        # "CAR T", "IL 6": one name in the sentence may be two words in the quote.
        self.stems |= {a.stem + b.stem for a, b in itertools.pairwise(words) if a.is_name}

    def has(self, word: Word) -> bool:
        """Whether the quote has a word, its root, or what it stands for."""
        if word.stem in self.stems:
            return True
        if any(letter.isupper() for letter in word.text[1:]):
            key = short_key(word.text)
            return any(
                all(one.stem in self.stems for one in content(words_of(long)))
                for long in self._longs.get(key) or _only_long(key)
            )
        return not word.is_name and any(_of_one_root(word.stem, stem) for stem in self.stems)


def _only_long(key: str) -> tuple[str, ...]:
    """What the built-in list says an abbreviation stands for, if that is one thing."""
    found = built_in().by_short.get(key, ())
    return (found[0].long,) if len(found) == 1 else ()


def _of_one_root(one: str, other: str) -> bool:
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= _ROOT and max(len(one), len(other)) - shared <= _ENDING


def _numbers(said: tuple[Word, ...], quoted: _Quoted) -> Why | None:
    figures = [(at, word) for at, word in enumerate(quoted.words) if word.value is not None]
    for at, word in enumerate(said):
        if word.value is None:
            continue
        same = [place for place, other in figures if _is_same(word, other)]
        others = [place for place, other in figures if not _is_same(word, other)]
        if not same or _is_exchanged(said, at, quoted.words, same, others):
            return Why.NUMBER
    return None


def _is_same(one: Word, other: Word) -> bool:
    return one.value == other.value and one.unit == other.unit


def _is_exchanged(
    said: Sequence[Word], at: int, quoted: Sequence[Word], same: Sequence[int], others: Sequence[int]
) -> bool:
    """Whether a word stands in the sentence where the quote has another one."""
    near = markers.around(said, at)
    own = max(markers.likeness(near, markers.around(quoted, place)) for place in same)
    rival = max((markers.likeness(near, markers.around(quoted, place)) for place in others), default=0)
    return rival >= own + _CLEARLY


def _names(said: tuple[Word, ...], quoted: _Quoted) -> Why | None:
    names = [(at, word) for at, word in enumerate(quoted.words) if word.is_name]
    for at, word in enumerate(said):
        if not word.is_name:
            continue
        if not quoted.has(word):
            return Why.NAME
        same = [place for place, other in names if other.stem == word.stem]
        others = [place for place, other in names if other.stem != word.stem]
        if same and _is_exchanged(said, at, quoted.words, same, others):
            return Why.NAME
    return None


def _directions(said: tuple[Word, ...], quoted: _Quoted) -> Why | None:
    for at, word in enumerate(said):
        sides = markers.sides(word)
        if not sides:
            continue
        mine = markers.around(said, at)
        own, rival, told = -1, -1, False
        for place, other in enumerate(quoted.words):
            for pair, side in markers.sides(other):
                like = markers.likeness(mine, markers.around(quoted.words, place))
                if (pair, side) in sides:
                    # The word itself, where it stands more than once, before another of its side.
                    own = max(own, like)
                    told = True
                elif (pair, 1 - side) in sides and other.stem != word.stem:
                    rival = max(rival, like)
        if (rival >= 0 and not told) or (told and rival > own):
            return Why.DIRECTION
        if not told and word.stem not in general_stems():
            return Why.DIRECTION
    return None


def _denials(said: tuple[Word, ...], quoted: _Quoted) -> Why | None:
    free = [(place, set(markers.said_of(quoted.words, place, 6))) for place in markers.denials(quoted.words)]
    for at in markers.denials(said):
        scope = set(markers.said_of(said, at))
        matched = max(free, key=lambda one: len(one[1] & scope), default=None)
        if matched is None or (scope and not matched[1] & scope):
            return Why.DENIAL
        free.remove(matched)
    stems = {word.stem for word in said}
    for place, _ in free:
        if _is_taken_over(markers.said_of(quoted.words, place, 3), stems, quoted.words, place):
            return Why.DENIAL
    for word in content(said):
        if word.stem not in quoted.stems and markers.without_prefix(word.stem) & quoted.stems:
            return Why.DENIAL
    return None


def _is_taken_over(scope: Sequence[str], stems: set[str], quoted: Sequence[Word], place: int) -> bool:
    """Whether a sentence says what the quote says of a scope, and the quote says it nowhere else."""
    elsewhere = {word.stem for at, word in enumerate(quoted) if not place < at <= place + 8}
    shared = [stem for stem in scope if stem in stems]
    return bool(scope) and 2 * len(shared) >= len(scope) and not set(shared) <= elsewhere


def _certainty(said: tuple[Word, ...], quoted: _Quoted) -> Why | None:
    if markers.doubts(said):
        return None
    stems = {word.stem for word in said}
    for place in markers.doubts(quoted.words):
        scope = markers.said_of(quoted.words, place, 3)
        if scope and 3 * sum(stem in stems for stem in scope) >= 2 * len(scope):
            return Why.CERTAINTY
    return None


def _quantities(said: tuple[Word, ...], quoted: _Quoted) -> Why | None:
    return Why.QUANTITY if markers.rungs(said) - markers.rungs(quoted.words) else None


def _words(said: tuple[Word, ...], quoted: _Quoted) -> Why | None:
    general = general_stems()
    telling = [word for word in content(said) if word.stem not in general or quoted.has(word)]
    if not telling:
        return Why.NO_STATEMENT
    missing = [word for word in telling if word.value is None and not quoted.has(word)]
    if len(missing) > _MISSING * len(telling):
        return Why.WORDS
    for clause in {word.clause for word in missing}:
        own = [word for word in telling if word.clause == clause]
        lacking = [word for word in own if word in missing]
        if len(own) > 1 and 2 * len(lacking) > len(own):
            return Why.WORDS
    return None
