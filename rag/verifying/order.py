"""Which words of a sentence stand together, and whether they do so in the quote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.verifying import markers
from rag.verifying.quoted import Quoted
from rag.verifying.wordlists import wordlist
from rag.verifying.words import Word, content

_FORTH, _BACK = 4, 1  # words of content within which one follows another, or stands before it
_DESCRIBED = 10  # the same where nothing between them is done or is so
_COORDINATING = frozenset({"and", "or", "but"})
_TOGETHER = 0.7  # share of the words that follow each other as in the quote
_WINDOW, _OF_WINDOW = 3, 2  # and of any three in a row at least two
_IN_ONE = 0.8  # share of a clause's words that must be in one sentence of the quote


def is_put_together_otherwise(said: tuple[Word, ...], quoted: Quoted) -> bool:
    """Whether words that follow each other in the sentence do not stand together in the quote, in the same order.

    A sentence put together from words of a quote says what the quote does not: "B cells attack T cells".
    """
    told = [word for word in content(said) if quoted.has(word)]  # what else it says is looked at elsewhere
    places = [quoted.places(word) for word in told]
    links = [_follow(quoted, one, other) for one, other in pairwise(places)]
    if not links:
        return False
    if sum(links) < _TOGETHER * len(links) or _is_scattered(told, places):
        return True
    if any(_is_turned_round(said, one, other, quoted) for one, other in pairwise(told)):
        return True
    for one, other in _acting(said):
        if quoted.has(one) and quoted.has(other) and not _in_turn(quoted.places(one), quoted.places(other)):
            return True
    windows = [links[at : at + _WINDOW] for at in range(len(links) - _WINDOW + 1)]
    return any(sum(window) < _OF_WINDOW for window in windows)


def _is_scattered(told: Sequence[Word], places: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Whether a clause takes its words from several sentences of the quote."""
    for clause in {word.clause for word in told}:
        own = [
            {sentence for sentence, _ in where}
            for word, where in zip(told, places, strict=True)
            if word.clause == clause
        ]
        if len(own) > 2 and max(sum(at in one for one in own) for at in set().union(*own)) < _IN_ONE * len(own):
            return True
    return False


def _acting(said: tuple[Word, ...]) -> Iterator[tuple[Word, Word]]:
    """Words of which one may do something to the other: names of a clause with other words between them, and what
    stands before and after a word such as "causes"."""
    told = content(said)
    for before, verb, after in zip(told, told[1:], told[2:], strict=False):
        acts = verb.text.lower() in wordlist("verbs") or markers.causes([verb])
        if acts and before.clause == after.clause:
            yield before, after
    names = [(at, word) for at, word in enumerate(told) if word.is_name]
    for (at, one), (then, other) in pairwise(names):
        if then - at > 1 and one.clause == other.clause and one.stem != other.stem:
            yield one, other


def _is_turned_round(said: tuple[Word, ...], one: Word, other: Word, quoted: Quoted) -> bool:
    """Whether the quote has only "by" between two words that have none in the sentence: who does what is exchanged."""
    first = next(at for at, word in enumerate(said) if word is one)
    last = next(at for at, word in enumerate(said) if word is other)
    if any(word.text.lower() == "by" for word in said[first + 1 : last]):
        return False
    between = [
        quoted.between(place, then)
        for sentence, place in quoted.places(one)
        for other_sentence, then in quoted.places(other)
        if sentence == other_sentence and 0 < then - place <= _FORTH
    ]
    return bool(between) and all(any(word.text.lower() == "by" for word in words) for words in between)


def _in_turn(places: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> bool:
    """Whether the quote names one before the other in a sentence."""
    return any(one[0] == other[0] and one[1] <= other[1] for one in places for other in others)


def _follow(quoted: Quoted, places: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> bool:
    """Whether a word stands soon after another, or right before it, in the same sentence of the quote.

    What describes ("a newly discovered, acute respiratory disease") may be longer than what does something.
    """
    for sentence, place in places:
        for other_sentence, other in others:
            if sentence != other_sentence or not -_BACK <= other - place <= _DESCRIBED:
                continue
            between = quoted.between(place, other) if other > place else ()
            if other - place <= _FORTH:
                if not (_acts(between) and any(word.text.lower() in _COORDINATING for word in between)):
                    return True
            elif not _acts(between) and quoted.in_one_clause(place, other):
                return True
    return False


def _acts(words: Sequence[Word]) -> bool:
    return any(word.text.lower() in wordlist("verbs") | wordlist("auxiliaries") for word in words)
