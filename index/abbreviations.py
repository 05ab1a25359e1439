"""Abbreviations: those that a text defines ("systemic lupus erythematosus (SLE)"), and a list of common ones.

The algorithm is that of Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text", Pacific Symposium on Biocomputing 2003, with plurals ("CARs") and Greek letters taken care of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.analysis import terms

ABBREVIATIONS_VERSION = 1
"""Raised when the same sentence would give other definitions or keys."""

_BUILT_IN = Path(__file__).with_name("abbreviations.tsv")

_BRACKETED = re.compile(r"\s*([(\[])([^()\[\]]+)[)\]]")
_REMARK = re.compile(r"[;,:=]\s*|\s(?:or|hereafter|hereinafter|herein|also|formerly|see|e\.g\.|i\.e\.)\s")
_LAST_WORDS = re.compile(r"[^\s()\[\],;:]+$")
_PLURAL = re.compile(r"(?<=[^\W\d_a-zα-ω])s$|(?<=\d)s$|(?<=[A-Z][a-z]{3})s$")
_SYMBOLS = re.compile(r"[^\w]|_")
_LONG_WORD = re.compile(r"[^\W_]+")
_SMALL_WORDS = frozenset("a an and as at by for from in of on or the to with".split())  # noqa: SIM905 - a list of words

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "µ": "mu",
    "σ": "sigma",
    "τ": "tau",
    "ω": "omega",
}
_GREEK_NAMES = str.maketrans(_GREEK)
_GREEK_INITIALS = str.maketrans({letter: name[0] for letter, name in _GREEK.items()})


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and what it stands for; `documents` is how many documents say so, 0 for the built-in list."""

    short: str
    long: str
    documents: int = 0


def definitions_in(sentence: str) -> Iterator[Definition]:
    """The abbreviations that a sentence defines, in either order."""
    for found in _BRACKETED.finditer(sentence):
        inside = _REMARK.split(found[2].strip(" '\"“”‘’"), maxsplit=1)[0].strip(" '\"“”‘’")
        # What stands in brackets before belongs to no long form: "chimeric antigen receptor (CAR) T cell (CART)".
        before = _BRACKETED.sub("", sentence[: found.start()]).rstrip(" '\"“”‘’")
        if _is_short(inside):
            short = _PLURAL.sub("", inside)
            words = before.split()[-_most_words(short) :]
            if (long := _long_form(short, " ".join(words))) is not None:
                yield Definition(short, long)
        elif (last := _LAST_WORDS.search(before)) and _is_short(last[0]):
            short = _PLURAL.sub("", last[0])
            long = _long_form(short, inside)
            if long is not None and long == inside:
                yield Definition(short, long)


def short_key(short: str) -> str:
    """What tells one short form from another: no case, hyphens, or plural; Greek letters by name."""
    return _SYMBOLS.sub("", _PLURAL.sub("", short).translate(_GREEK_NAMES).casefold())


def same_letters(typed: str, short: str) -> bool:
    """Whether one is the other, capitals and all, but for hyphens and plural."""
    return bool(_SYMBOLS.sub("", _PLURAL.sub("", typed)) == _SYMBOLS.sub("", _PLURAL.sub("", short)))


def long_key(long: str) -> str:
    """The same for long forms: their index terms."""
    return " ".join(terms(long.translate(_GREEK_NAMES)))


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The list of common abbreviations, by the keys of their short and long forms."""

    by_short: dict[str, tuple[Definition, ...]]
    by_long: dict[str, tuple[Definition, ...]]


@cache
def built_in() -> BuiltIn:
    """The built-in list: `abbreviations.tsv`, a short form and its long forms a line."""
    by_short: dict[str, tuple[Definition, ...]] = {}
    by_long: dict[str, tuple[Definition, ...]] = {}
    for line in _BUILT_IN.read_text(encoding="utf-8").splitlines():
        short, *longs = line.split("\t")
        for long in longs:
            made = Definition(short, long)
            by_short[short_key(short)] = (*by_short.get(short_key(short), ()), made)
            by_long[long_key(long)] = (*by_long.get(long_key(long), ()), made)
    return BuiltIn(by_short, by_long)


def _is_short(text: str) -> bool:
    """Whether this may be a short form: 2 to 10 characters in one or two words, with a capital, not all digits."""
    return (
        2 <= len(text) <= 10
        and len(text.split()) <= 2
        and text[0].isalnum()
        and any(letter.isupper() for letter in text)
        and not text.istitle()  # "Figure", "Smith": names and words, except for "Treg", which is in the list
    )


def _most_words(short: str) -> int:
    return min(len(short) + 5, 2 * len(short))


def _long_form(short: str, text: str) -> str | None:
    """The shortest end of `text` that holds the characters of `short` in order, the first at the start of a word."""
    letters, where = short.translate(_GREEK_INITIALS).casefold(), text.translate(_GREEK_INITIALS).lower()
    if len(where) != len(text):
        return None  # lower case of another length: no offsets to go by
    if (start := _by_initials(letters, where)) is not None:
        return text[start:]
    at = len(where)
    for place in range(len(letters) - 1, -1, -1):
        letter = letters[place]
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and (where[at] != letter or (place == 0 and at > 0 and where[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    long = text[at:]
    words = long.split()
    repeats = any(short_key(word) == short_key(short) for word in words)
    if "," in long and len(words) > len(short) + 1:
        return None
    if len(long) < len(short) + 2 or repeats or len(words) > _most_words(short) or words[0].lower() in _SMALL_WORDS:
        return None
    # Of two letters or more in several words, at least half begin a word: others are chance.
    initials = re.findall(r"(?<![^\W_])[^\W_]", where[at:])
    begun = sum(letter in initials for letter in letters if letter.isalnum())
    return long if 2 * begun >= len(letters.replace("-", "")) or len(words) <= 2 else None


def _by_initials(letters: str, where: str) -> int | None:
    """Where the long form starts if its words begin with just these letters: "adeno-associated virus" for "AAV"."""
    wanted = [letter for letter in letters if letter.isalnum()]
    words = [found for found in _LONG_WORD.finditer(where) if found[0] not in _SMALL_WORDS][-len(wanted) :]
    if len(wanted) < 2 or [word[0][0] for word in words] != wanted:
        return None
    return words[0].start()
