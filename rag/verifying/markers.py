"""What decides what a sentence says: denials, doubts, directions, how many; and what they are said of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from rag.verifying.numbers import BOUNDS
from rag.verifying.wordlists import opposites, wordlist
from rag.verifying.words import Word, stem_of

_NEGATED = re.compile(r"n['’]t$")
_NEAR = 2  # content words on either side that tell what a number, a name, a direction is said of
_SCOPE = 4  # content words that a denial or a doubt is said of
_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "ab", "mis", "a", "anti")


def denials(words: Sequence[Word]) -> list[int]:
    """Where words deny."""
    listed = wordlist("denial")
    return [
        at
        for at, word in enumerate(words)
        if (word.text.lower() in listed or _NEGATED.search(word.text)) and not _is_not_only(words, at)
    ]


def doubts(words: Sequence[Word]) -> list[int]:
    """Where words make what is said less than certain."""
    listed = wordlist("doubt")
    # "may" in small letters: May is a month.
    return [at for at, word in enumerate(words) if word.text in listed or (not at and word.text.lower() in listed)]


def causes(words: Sequence[Word]) -> bool:
    """Whether words say that one thing brings another about."""
    return any(word.text.lower() in wordlist("cause") for word in words)


def proves(words: Sequence[Word]) -> bool:
    """Whether words say that something is proved or shown."""
    return any(word.text.lower() in wordlist("proof") for word in words)


def go_together(words: Sequence[Word]) -> bool:
    """Whether words say that things go together, which need not mean that one brings the other about."""
    return any(word.text.lower() in wordlist("together") for word in words)


def said_of(words: Sequence[Word], at: int, most: int = _SCOPE) -> list[str]:
    """The stems that a denial or a doubt is said of: those after it in its clause, or else before it."""
    clause = words[at].clause
    after = [word.stem for word in words[at + 1 :] if word.clause == clause and not word.is_function]
    if after:
        return after[:most]
    before = [word.stem for word in words[:at] if word.clause == clause and not word.is_function]
    if before:
        return before[-most:][::-1]
    sentence = words[at].sentence  # "it may be because of ...": what follows begins a clause
    return [word.stem for word in words[at + 1 :] if word.sentence == sentence and not word.is_function][:most]


def joins(words: Sequence[Word], at: int) -> tuple[str, str]:
    """The stems right before and right after a word, of those that are not of grammar; "" at an end of its clause."""
    clause, sentence = words[at].clause, words[at].sentence
    before = [word.stem for word in words[:at] if word.sentence == sentence and not word.is_function]
    after = [word.stem for word in words[at + 1 :] if word.clause == clause and not word.is_function]
    return (before[-1] if before else ""), (after[0] if after else "")


def bound(words: Sequence[Word], at: int) -> str:
    """What limits a number, as the words before it say: "below", "by"; "of" where it is the whole of a part."""
    before = [word.text.lower() for word in words[max(0, at - 2) : at]]
    if before[-1:] == ["of"] and at > 1 and words[at - 2].value is not None:
        return "of"
    near = before if before[-1:] in (["than"], ["to"], ["least"], ["most"]) else before[-1:]
    found = next((BOUNDS[word] for word in reversed(near) if word in BOUNDS), "")
    return "" if found == "at most" and near[-1:] == ["up"] else found


def around(words: Sequence[Word], at: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stems before and after a word, nearest first, of those that are not of grammar."""
    before = [word.stem for word in words[:at] if not word.is_function][-_NEAR:]
    after = [word.stem for word in words[at + 1 :] if not word.is_function][:_NEAR]
    return tuple(reversed(before)), tuple(after)


def likeness(one: tuple[tuple[str, ...], ...], other: tuple[tuple[str, ...], ...]) -> int:
    """How alike two surroundings are: 2 for each neighbour that both have in its place, 1 for one a place off."""
    total = 0
    for mine, theirs in zip(one, other, strict=True):
        for place, stem in enumerate(mine):
            if stem in theirs:
                total += 2 if theirs.index(stem) == place else 1
    return total


@cache
def _sides() -> dict[str, dict[str, int]]:
    """For each pair of opposites, the side that a stem is on."""
    return {
        name: {stem_of(word): side for side, words in enumerate(pair) for word in words}
        for name, pair in opposites().items()
    }


@cache
def _sided_stems() -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for name, stems in _sides().items():
        for stem, side in stems.items():
            found[stem] = (*found.get(stem, ()), (name, side))
    return found


def sides(word: Word) -> tuple[tuple[str, int], ...]:
    """The sides a word is on: which pair of opposites, and 0 or 1."""
    return _sided_stems().get(word.stem, ())


def rungs(words: Sequence[Word]) -> set[str]:
    """How many, how often, how needed a sentence says it is: "all", "most", "few", "only", "several", "needed"."""
    said = {word.text.lower() for at, word in enumerate(words) if not at or words[at - 1].text.lower() != "not"}
    return {rung for rung in ("all", "most", "few", "only", "several", "needed") if said & wordlist(rung)}


def without_prefix(stem: str) -> set[str]:
    """What a word denies or is denied by, if its beginning tells: "unsafe", "safe"."""
    found = {
        stem.removeprefix(prefix) for prefix in _PREFIXES if stem.startswith(prefix) and len(stem) > len(prefix) + 3
    }
    return found | {prefix + stem for prefix in _PREFIXES}


def _is_not_only(words: Sequence[Word], at: int) -> bool:
    """ "Not only", "no longer than", "regardless of whether or not": what follows is not denied."""
    after = words[at + 1].text.lower() if at + 1 < len(words) else ""
    before = words[at - 1].text.lower() if at else ""
    return words[at].text.lower() == "not" and (after in {"only", "just", "merely"} or before == "or")
