"""How a quote says what it says: on what condition, as whose opinion, of whom; and what its small words hold together.

What stands in a quote need not be stated by it: "the idea that vitamin D prevents infection has been abandoned".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.verifying.quoted import Quoted
from rag.verifying.wordlists import frames, wordlist
from rag.verifying.words import Word, content

_CARRIES = 0.34  # share of a sentence's words that a sentence of the quote has, if it is the one that says it
_REACH = 3  # words of content after a small word, of which one is what it is said with
_SAME = {"prior": "before", "following": "after", "versus": "than", "vs": "than", "compared": "than", "due": "because"}


def is_framed_otherwise(said: tuple[Word, ...], quoted: Quoted) -> bool:
    """Whether the quote says something under a condition, as an opinion, of a part or in animals, and the sentence not.

    Some frames reach over all of their sentence: how far, grammar alone would tell. Others limit what follows next.
    """
    here = {kind for kind, _ in _frames(said)}
    told = {word.stem for word in content(said)}
    for number in {word.sentence for word in quoted.words}:
        own = tuple(word for word in quoted.words if word.sentence == number)
        if len(told & {word.stem for word in own}) < _CARRIES * len(told):
            continue
        for kind, at in _frames(own):
            if kind not in here and _is_limited(told, own, at, frames()[kind].reach):
                return True
    return bool(here & {"duty"} - {kind for kind, _ in _frames(quoted.words)})


def _is_limited(told: set[str], words: tuple[Word, ...], at: int, reach: int) -> bool:
    """Whether what is told is, or has a third of, what a frame at a place limits."""
    if not reach:
        return True
    follows = words[at + 1 :]
    # "designed to prevent infection and have been given": what another predicate says is not limited.
    ends = [place for place, word in enumerate(follows) if place and is_auxiliary(word) and joins(follows[place - 1])]
    after = [word.stem for word in content(follows[: min(ends, default=None)])][:reach]
    limited = after or [word.stem for word in content(words[:at])][-reach:]
    return 3 * sum(stem in told for stem in limited) >= len(limited)


def says_another_of(said: tuple[Word, ...], quoted: Quoted) -> bool:
    """Whether a small word that joins ("than", "after", "without") is said with something else than in the quote."""
    binding = wordlist("binding")
    for at, word in enumerate(said):
        small = _plain(word)
        if small not in binding:
            continue
        mine = _next(said, at, 1)
        places = [place for place, other in enumerate(quoted.words) if _plain(other) == small]
        reach = 1 if small in {"from", "than"} else _REACH  # "from warfarin to heparin"
        if mine and not any(_has(mine[0], _next(quoted.words, place, reach), quoted) for place in places):
            return True
    return _drops_an_exception(said, quoted)


def crosses_a_contrast(said: tuple[Word, ...], quoted: Quoted) -> bool:
    """Whether a sentence takes its words from both sides of a contrast: "depleted in blood but persisted in nodes".

    The words that it begins with may be the quote's subject, which both sides share.
    """
    if any(_plain(word) in wordlist("contrast") for word in said):
        return False
    sides = _sides(quoted.words)
    if len({side for side, _ in sides}) < 2:
        return False
    told = [word for word in content(said) if quoted.has(word)]
    where = [
        {side for side, word in sides if word.stem == one.stem or (not one.is_name and quoted.alike(one, word))} or None
        for one in told
    ]
    acting = wordlist("verbs")
    for first in range(min(4, len(told)) + 1):
        if any(word.text.lower() in acting or word.value is not None for word in told[:first]):
            break
        subject, rest = ([one for one in part if one is not None] for part in (where[:first], where[first:]))
        if (not subject or set.intersection(*subject)) and (not rest or set.intersection(*rest)):
            return False
    return True


def _sides(words: Sequence[Word]) -> list[tuple[tuple[int, int], Word]]:
    """The words of content, each with its sentence and the side of a contrast in it that it stands on."""
    found = []
    side = 0
    for word in words:
        side += _plain(word) in wordlist("contrast")
        if not word.is_function:
            found.append(((word.sentence, side), word))
    return found


def _drops_an_exception(said: tuple[Word, ...], quoted: Quoted) -> bool:
    """Whether the sentence says of something what the quote excepts it from: "except in pregnancy"."""
    binding = {_plain(word) for word in said}
    told = {word.stem for word in content(said)}
    return any(
        (excepted := _next(quoted.words, place, 1)) and excepted[0].stem in told
        for place, word in enumerate(quoted.words)
        if _plain(word) in wordlist("excepting") and _plain(word) not in binding
    )


def is_auxiliary(word: Word) -> bool:
    """Whether a word begins a predicate: "is", "have", "may"."""
    return word.text.lower() in wordlist("auxiliaries")


def joins(word: Word) -> bool:
    """Whether a word joins two clauses or two predicates."""
    return word.text.lower() in {"and", "or", "but"}


def _next(words: Sequence[Word], at: int, most: int) -> list[Word]:
    sentence = words[at].sentence
    return [word for word in words[at + 1 :] if not word.is_function and word.sentence == sentence][:most]


def _has(word: Word, others: Sequence[Word], quoted: Quoted) -> bool:
    if any(other.stem == word.stem or (other.value is not None and other.value == word.value) for other in others):
        return True
    # What is not in the quote is looked at elsewhere; what an abbreviation stands for is spelled otherwise here.
    return word.stem not in quoted.own or any(quoted.alike(word, other) for other in others)


def _frames(words: Sequence[Word]) -> Iterator[tuple[str, int]]:
    """The kinds of frames in some words, each with the place of its last word."""
    said = [_plain(word) for word in words]
    phrase = " ".join(said)
    for kind, frame in frames().items():
        yield from ((kind, at) for at, word in enumerate(said) if word in frame.words)
        if frame.phrases:
            yield from ((kind, phrase.count(" ", 0, one.end())) for one in frame.phrases.finditer(phrase))


def _plain(word: Word) -> str:
    text = word.text.lower()
    return _SAME.get(text, text)
