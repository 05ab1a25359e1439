"""How a quote says what it says: on what condition, as whose opinion, of whom; and what its small words hold together.

What stands in a quote need not be stated by it: "the idea that vitamin D prevents infection has been abandoned".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.verifying.clauses import is_auxiliary, is_verb, joins, statements
from rag.verifying.quoted import Quoted
from rag.verifying.wordlists import frames, wordlist
from rag.verifying.words import Word, content

_CARRIES = 0.34  # share of a sentence's words that a sentence of the quote has, if it is the one that says it
_REACH = 3  # words of content after a small word, of which one is what it is said with
_SAME = {
    "prior": "before",
    "following": "after",
    "versus": "than",
    "vs": "than",
    "compared": "than",
    "due": "because",
    "whereas": "while",
    "contrast": "unlike",
}


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


def _is_limited(told: set[str], words: tuple[Word, ...], at: int, reach: str) -> bool:
    """Whether what is told is, or has a third of, what a frame at a place limits; see `words.toml`."""
    if reach == "all" or (not at and words[1:] and words[1].clause != words[0].clause):  # "Partially, the ..."
        return True
    if reach == "statement":
        own = next((one.all for one in statements(words) if at in one.own), set())
        return 2 * len({words[place].stem for place in own} & told) >= len(told)
    follows = _up_to_another_predicate(words[at + 1 :])
    if reach == "after":
        return not content(follows) or 3 * len({word.stem for word in follows} & told) >= len(told)
    acting = next((place for place, word in enumerate(follows) if is_verb(word)), None)
    if acting is None:  # "pain was reduced only slightly": what is before it in its clause
        limited = content(tuple(word for word in words if word.clause == words[at].clause))
    else:
        limited = content(follows[: acting + 1])
        if follows[acting].stem in told and not follows[acting].is_function:
            return True
    return 3 * sum(word.stem in told for word in limited) >= len(limited)


def _up_to_another_predicate(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Words up to an "and" with a predicate of its own: "designed to prevent infection and have been given"."""
    for place, word in enumerate(words[:-1]):
        if joins(word) and is_auxiliary(words[place + 1]):
            return words[:place]
    return words


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


def drops_a_lack(said: tuple[Word, ...], quoted: Quoted) -> bool:
    """Whether a sentence says of something what the quote says of its loss, its lack, what inhibits it."""
    lacking = wordlist("lacking")
    if any(_plain(word) in lacking for word in said):
        return False
    known = quoted.words
    for word in content(said):
        places = [at for at, other in enumerate(known) if other.stem == word.stem]
        if places and all(_is_lacking(known, at) for at in places):
            return True
    return False


def _is_lacking(words: Sequence[Word], at: int) -> bool:
    """Whether "loss of ..." is before a word, or "... deficiency" after it."""
    before = [_plain(word) for word in words[max(0, at - 4) : at]]
    if "of" in before and any(word in wordlist("lacking") for word in before[: before.index("of")][-1:]):
        return all(
            word in {"of", "the", "a", "this", "these"} or word == before[-1] for word in before[before.index("of") :]
        )
    after = next((word for word in words[at + 1 : at + 2]), None)
    return after is not None and _plain(after) in wordlist("lacking") and after.clause == words[at].clause


def crosses_a_contrast(said: tuple[Word, ...], quoted: Quoted) -> bool:
    """Whether a sentence takes its words from both sides of a contrast: "depleted in blood but persisted in nodes".

    The words that it begins with may be the quote's subject, which both sides share.
    """
    sides = _sides(quoted.words)
    if len({side for side, _ in sides}) < 2:
        return False
    parts: dict[tuple[int, int], list[Word]] = {}
    for side, word in _sides(said):
        if quoted.has(word):
            parts.setdefault(side, []).append(word)
    return not all(_is_on_one_side(part, sides, quoted) for part in parts.values())


def _is_on_one_side(told: Sequence[Word], sides: Sequence[tuple[tuple[int, int], Word]], quoted: Quoted) -> bool:
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
            return True
    return False


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


def _next(words: Sequence[Word], at: int, most: int) -> list[Word]:
    """The words of content that follow in a clause; not what is said after an "and" with a verb of its own."""
    found: list[Word] = []
    for before, word in pairwise(words[at:]):
        if word.clause != words[at].clause or len(found) == most or (found and joins(before) and _may_be_a_verb(word)):
            break
        found += [] if word.is_function else [word]
    return found


def _may_be_a_verb(word: Word) -> bool:
    return is_verb(word) or word.text.endswith("ed")


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
