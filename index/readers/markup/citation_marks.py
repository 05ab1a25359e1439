"""Where running text points to its reference list: links and the words around them made whole marks.

A link is often only the "3" of "[3–7]" or the "2009" of "(Erickson et al., 2009)". The mark is what a person sees
as one: brackets included, the references between the ends of a range covered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from index.readers.assembly import Piece


@dataclass(frozen=True, slots=True)
class Cite:
    """The words of a link to the reference list, and the keys of the references it leads to."""

    words: str
    keys: tuple[str, ...]


Run: TypeAlias = str | Cite


@dataclass(frozen=True, slots=True)
class Listed:
    """A reference list, for what points to it.

    Args:
        keys: The keys of its entries, in order: a range of marks covers those between.
        aliases: Other keys that stand for an entry's (its parts may have some of their own).
        families: Key -> the family name of an entry's first author: it belongs to the mark where only the year is
            linked.
    """

    keys: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", {key: at for at, key in enumerate(self.keys)})

    def known(self, keys: list[str]) -> tuple[str, ...]:
        """Of these keys those that the list has."""
        found = (self.aliases.get(key, key) for key in keys)
        return tuple(key for key in found if key in self.places)

    def between(self, first: str, last: str) -> list[str]:
        """The keys from one to another, both included."""
        start, end = self.places.get(first, -1), self.places.get(last, -1)
        if start < 0 or not start < end <= start + _LONGEST_RANGE:
            return [first, last]
        return list(self.keys[start : end + 1])


_NUMBER = re.compile(r"\W*[\d⁰¹²³⁴-⁹]{1,4}[a-z]?(?:[\s,;\-–—−‐⁻]+[\d⁰¹²³⁴-⁹]{1,4}[a-z]?)*\W*")
_YEAR = re.compile(r"[(\[]?(?:1[89]|20)\d\d[a-z]?(?:[,;/\s]+(?:(?:1[89]|20)\d\d)?[a-z]?)*[)\]]?")
_BETWEEN = re.compile(r"[\s)\]]*(?:[,;\-–—−‐‑⁻]|and|&|to|through)?[\s(\[]*")
_RANGE = re.compile(r"[\s)\]]*(?:[\-–—−‐‑⁻]|to|through)[\s(\[]*")
_DASHED = re.compile(r"\W*\d+\s*[\-–—−‐‑]\s*\d+\W*")
_AFTER_NAME = re.compile(r"(?:[\w.,&'’\-]|\s){0,80}[\s,(\[]*")
_CLOSED = re.compile(r"[\])]")
_SENTENCE_END = re.compile(r"(?<!\bal)\.\s+[A-Z]")
_CLOSING = {"(": ")", "[": "]"}
_LONGEST_RANGE = 300


@dataclass(slots=True)
class _Mark:
    """A mark in the making: the words before it (since the last one), its own, and what it cites."""

    before: str
    words: str
    keys: list[str]
    is_number: bool


def pieces(runs: list[Run], listed: Listed) -> list[Piece]:
    """Runs with whole marks.

    Args:
        runs: Words and links, in reading order.
        listed: The reference list they point to.
    """
    marks: list[_Mark] = []
    before: list[str] = []
    for run in runs:
        if isinstance(run, str):
            before.append(run)
        elif not run.words.strip():
            before.append(run.words)
        else:
            _add(marks, "".join(before), run, listed)
            before = []
    rest = _bracketed(marks, "".join(before))
    made: list[Piece] = []
    for mark in marks:
        if mark.before:
            made.append(Piece(mark.before))
        made.append(Piece(mark.words, tuple(dict.fromkeys(mark.keys))))
    return [*made, Piece(rest)] if rest else made


def _add(marks: list[_Mark], before: str, cite: Cite, listed: Listed) -> None:
    is_year = _YEAR.fullmatch(cite.words.strip()) is not None
    is_number = not is_year and _NUMBER.fullmatch(cite.words.strip()) is not None
    keys = list(cite.keys)
    if len(keys) == 2 and _DASHED.fullmatch(cite.words):
        keys = listed.between(keys[0], keys[1])
    last = marks[-1] if marks else None
    if last and is_number and last.is_number and _BETWEEN.fullmatch(before):
        is_range = _RANGE.fullmatch(before) is not None
        # "[12], [13]" are two marks, "[12]–[13]" is one.
        if is_range or not _CLOSED.search(last.words + before):
            if is_range:
                last.keys += listed.between(last.keys[-1], keys[0])
            last.words += before + cite.words
            last.keys += keys
            return
    words = cite.words
    if is_year:
        at = _name_start(before, listed.families.get(keys[0], ""))
        before, words = before[:at], before[at:] + words
    marks.append(_Mark(before, words, keys, is_number))


def _name_start(before: str, family: str) -> int:
    """Where the authors' names before a linked year begin, or the end of the words."""
    at = before.rfind(family, max(0, len(before) - 110)) if family else -1
    if at < 0 or (at and before[at - 1].isalpha()):
        return len(before)
    rest = before[at + len(family) :]
    if not _AFTER_NAME.fullmatch(rest) or _SENTENCE_END.search(rest):
        return len(before)
    return at


def _bracketed(marks: list[_Mark], rest: str) -> str:
    """Take the brackets that hold nothing but a mark into it; the words after the last mark are returned."""
    for place, mark in enumerate(marks):
        following = marks[place + 1].before if place + 1 < len(marks) else rest
        opened = _unclosed(mark.words)
        if opened:  # "Smith et al. (" + "2009"
            if following.startswith(closing := _CLOSING[opened]):
                mark.words, following = mark.words + closing, following[1:]
        else:
            lead, trail = mark.before.rstrip(), following.lstrip()
            if lead and trail and _CLOSING.get(lead[-1]) == trail[0]:
                mark.words = mark.before[len(lead) - 1 :] + mark.words + following[: len(following) - len(trail) + 1]
                mark.before, following = mark.before[: len(lead) - 1], trail[1:]
        if place + 1 < len(marks):
            marks[place + 1].before = following
        else:
            rest = following
    return rest


def _unclosed(words: str) -> str:
    for opening, closing in _CLOSING.items():
        if words.count(opening) > words.count(closing):
            return opening
    return ""
