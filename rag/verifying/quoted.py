"""A quote as verification sees it: its words, their roots, and what its abbreviations stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from index.abbreviations import built_in, definitions_in, short_key
from rag.verifying.words import Word, content, words_of

Longs = Mapping[str, Sequence[str]]
"""Long forms of abbreviations, by `index.abbreviations.short_key`."""

_ROOT = 5  # letters that words of one root begin with alike ("respond", "response")
_ENDING = 4  # letters that they differ in at most


class Quoted:
    """A quote as its words, and the stems that it has in one form or another."""

    def __init__(self, words: tuple[Word, ...], text: str, longs: Longs) -> None:
        self.words = words
        self._content = content(words)
        self._at = [at for at, word in enumerate(words) if not word.is_function]
        self._meant: dict[str, set[str]] = {}
        self.own = {word.stem for word in words}
        self.stems = set(self.own)
        defined = {short_key(one.short): (one.long,) for one in definitions_in(text)}
        for word in words:
            key = short_key(word.text)
            if any(letter.isupper() for letter in word.text[1:]):
                for long in defined.get(key) or longs.get(key) or _only_long(key):
                    stems = {one.stem for one in words_of(long)}
                    self._meant[word.stem] = self._meant.get(word.stem, set()) | stems
                    self.stems |= stems
        self._longs = {**longs, **defined}
        # "CAR T", "IL 6": one name in the sentence may be two words in the quote.
        self.stems |= {a.stem + b.stem for a, b in pairwise(words) if a.is_name}

    def places(self, word: Word) -> list[tuple[int, int]]:
        """Where the quote has a word: its sentence, and which word of content it is."""
        found = [
            (one.sentence, at)
            for at, one in enumerate(self._content)
            if one.stem == word.stem or (not word.is_name and _of_one_root(word.stem, one.stem))
        ]
        if found or not self.has(word):
            return found
        return self._places_of_long(word)

    def _places_of_long(self, word: Word) -> list[tuple[int, int]]:
        """Where what an abbreviation stands for is, or the abbreviation of what a word is part of."""
        key = short_key(word.text)
        stems = {one.stem for long in self._longs.get(key) or _only_long(key) for one in words_of(long)}
        return [
            (one.sentence, at)
            for at, one in enumerate(self._content)
            if one.stem in stems or word.stem in self._meant.get(one.stem, ()) or word.stem.startswith(one.stem)
        ]

    def at(self, place: int) -> int:
        """Which of all words a word of content is."""
        return self._at[place]

    def between(self, one: int, other: int) -> tuple[Word, ...]:
        """What stands between two words of content."""
        return self.words[self._at[one] + 1 : self._at[other]]

    def in_one_clause(self, one: int, other: int) -> bool:
        """Whether no mark stands between two words of content."""
        return self._content[one].clause == self._content[other].clause

    @staticmethod
    def alike(one: Word, other: Word) -> bool:
        """Whether two words are of one root."""
        return _of_one_root(one.stem, other.stem)

    def has(self, word: Word) -> bool:
        """Whether the quote has a word, its root, or what it stands for."""
        if word.stem in self.stems:
            return True
        if word.text[-1] in "+-−":
            return False  # what CD4+ stands for tells nothing of its sign
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
