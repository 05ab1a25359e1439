"""Whether a quote carries a sentence, by what both say word for word.

Nothing is inferred: a number, a name, a denial, a direction of the sentence must stand in the quote, said of the
same. What a person would infer fails as well; a true sentence withheld costs less than a false one shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise

from rag.understanding.spelling import is_rare
from rag.verifying import framing, markers
from rag.verifying.clauses import joins_statements
from rag.verifying.denying import denies_otherwise
from rag.verifying.order import is_put_together_otherwise
from rag.verifying.quoted import Longs, Quoted
from rag.verifying.restating import restated
from rag.verifying.wordlists import wordlist
from rag.verifying.words import Word, content, general_stems, stem_of, words_of

_STANDING = 0.6  # share of its words that must stand in the quote, those of any review included
_MUST_STAND = frozenset({"amount", "worth", "working", "time"})  # directions that the quote must have, too
_ONE_OR_TWO = 2  # are not several
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
    ORDER = "puts words together that the quote does not"
    POINTS_BACK = "points to something that it does not name"
    MEANING = "is about something else than the quote"
    ENTAILMENT = "does not follow from the quote, as the verifier judges"


def objection(claim: str, quote: str, longs: Longs | None = None) -> Why | None:
    """The first reason why a quote does not carry a sentence; None if there is none.

    Args:
        claim: The sentence.
        quote: The words it is said to stand on.
        longs: What abbreviations stand for on the shelf; else as the quote itself or the built-in list says.
    """
    if not content(words_of(claim)):
        return Why.NO_STATEMENT
    if claim.split() == quote.split():
        return None
    first: Why | None = None
    for said, known in restated(claim, quote):
        found = _objection(words_of(said), Quoted(words_of(known), known, longs or {}))
        if found is None:
            return None
        first = first or found
    return first


def _objection(said: tuple[Word, ...], quoted: Quoted) -> Why | None:
    checks: tuple[Callable[[tuple[Word, ...], Quoted], Why | None], ...] = (
        _numbers,
        _directions,
        _denials,
        _names,
        _certainty,
        _quantities,
        _words,
        _framing,
    )
    return next(filter(None, (check(said, quoted) for check in checks)), None)


@cache
def _told_of_a_source() -> frozenset[str]:
    """Stems of the words with which a source is named: "the review reports that"."""
    return frozenset(stem_of(word) for word in wordlist("source"))


def _numbers(said: tuple[Word, ...], quoted: Quoted) -> Why | None:
    figures = [(at, word) for at, word in enumerate(quoted.words) if word.value is not None]
    for at, word in enumerate(said):
        if word.value is None:
            continue
        bound = markers.bound(said, at)
        same = [
            place for place, other in figures if _is_same(word, other) and markers.bound(quoted.words, place) == bound
        ]
        others = [place for place, other in figures if not _is_same(word, other)]
        if not same or _is_exchanged(said, at, quoted.words, same, others, lists=False):
            return Why.NUMBER
    pairs = set(_pairs_of_numbers(quoted.words))
    return None if pairs.issuperset(_pairs_of_numbers(said)) else Why.NUMBER


def _pairs_of_numbers(words: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """Numbers with nothing between them that says something: "five of 12", "4–29"."""
    for one, other in pairwise(word for word in words if not word.is_function):
        if one.value is not None and other.value is not None:
            yield one.stem, other.stem


def _is_same(one: Word, other: Word) -> bool:
    return one.value == other.value and one.unit == other.unit


def _is_exchanged(
    said: Sequence[Word],
    at: int,
    quoted: Sequence[Word],
    same: Sequence[int],
    others: Sequence[int],
    lists: bool = True,
) -> bool:
    """Whether a word stands in the sentence where the quote has another one, and not beside it in a list."""
    near = markers.around(said, at)
    own = max(markers.likeness(near, markers.around(quoted, place)) for place in same)
    return any(
        markers.likeness(near, markers.around(quoted, place)) >= own + _CLEARLY
        and not (lists and any(_in_one_list(quoted, place, one) or _explains(quoted, place, one) for one in same))
        for place in others
    )


def _in_one_list(words: Sequence[Word], one: int, other: int) -> bool:
    """Whether nothing stands between two words but what lists hold: names, figures, what follows each of them."""
    first, last = sorted((one, other))
    if words[first].sentence != words[last].sentence:
        return False
    repeated = set(markers.around(words, last)[1])
    return all(
        word.is_function or word.is_name or word.value is not None or word.stem in repeated
        for word in words[first + 1 : last]
    )


def _explains(words: Sequence[Word], place: int, one: int) -> bool:
    """Whether a word is part of what explains another one between commas: "rituximab, a chimeric antibody, ..."."""
    follows = words[one + 1] if one + 1 < place else None
    return (
        follows is not None
        and follows.text.lower() in {"a", "an", "the"}
        and follows.clause == words[one].clause + 1 == words[place].clause
    )


def _names(said: tuple[Word, ...], quoted: Quoted) -> Why | None:
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


def _directions(said: tuple[Word, ...], quoted: Quoted) -> Why | None:
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
        if not told and word.stem not in general_stems() and not _MUST_STAND.isdisjoint(pair for pair, _ in sides):
            return Why.DIRECTION
    return None


def _denials(said: tuple[Word, ...], quoted: Quoted) -> Why | None:
    return Why.DENIAL if denies_otherwise(said, quoted) else None


def _certainty(said: tuple[Word, ...], quoted: Quoted) -> Why | None:
    if markers.causes(said) and not markers.causes(quoted.words) and markers.go_together(quoted.words):
        return Why.CERTAINTY
    if markers.proves(said) and not markers.proves(quoted.words):
        return Why.CERTAINTY
    doubted = [set(markers.said_of(said, at)) for at in markers.doubts(said)]
    stems = {word.stem for word in said}
    for place in markers.doubts(quoted.words):
        scope = markers.said_of(quoted.words, place, 3)
        same = max(doubted, key=lambda one: len(one.intersection(scope)), default=None)
        if same is not None and (same.intersection(scope) or not scope):
            doubted.remove(same)
        elif scope and _is_said(scope, stems):
            return Why.CERTAINTY
    return None


def _is_said(scope: Sequence[str], stems: set[str]) -> bool:
    """Whether a sentence says what is doubted: the verb, which comes first or second, or nearly all."""
    # "could one day cure"; that both speak of patients tells nothing
    first = [stem for stem in scope if not stem[0].isdigit() and stem not in general_stems()][:2]
    return any(stem in stems for stem in first) or 3 * sum(stem in stems for stem in scope) >= 2 * len(scope)


def _framing(said: tuple[Word, ...], quoted: Quoted) -> Why | None:
    if framing.is_framed_otherwise(said, quoted):
        return Why.CERTAINTY
    otherwise = (
        framing.says_another_of(said, quoted)
        or framing.drops_a_lack(said, quoted)
        or framing.crosses_a_contrast(said, quoted)
        or joins_statements(said, quoted)
    )
    return Why.ORDER if otherwise or is_put_together_otherwise(said, quoted) else None


def _quantities(said: tuple[Word, ...], quoted: Quoted) -> Why | None:
    more = markers.rungs(said) - markers.rungs(quoted.words)
    if any(word.value is not None and word.value > _ONE_OR_TWO for word in quoted.words):
        more -= {"several"}
    return Why.QUANTITY if more else None


def _words(said: tuple[Word, ...], quoted: Quoted) -> Why | None:
    general = general_stems()
    distinct = list({word.stem: word for word in content(said)}.values())  # what is said twice does not count twice
    telling = [word for word in distinct if word.stem not in general or quoted.has(word)]
    if not telling:
        return Why.NO_STATEMENT
    whole = [word for word in distinct if word.stem not in _told_of_a_source()]
    if sum(quoted.has(word) for word in whole) < _STANDING * len(whole):
        return Why.WORDS  # also where each word that it has of its own could stand in any review
    missing = [word for word in telling if word.value is None and not quoted.has(word)]
    if any(is_rare(word.text) for word in missing):
        return Why.NAME
    return Why.WORDS if missing else None
