"""Whether a sentence stands in a text, near enough: for `reading.py`."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict

from rapidfuzz import fuzz

_DASHES = re.compile(r"[‐-―−﹘﹣－]")
_QUOTES = re.compile(r"[\"'`´‘-‟′″«»]+")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPACE = re.compile(r"[\s|]+")  # the bar between a table's cells is ours
_BEFORE = re.compile(r" (?=[,.;:)\]%])")
_AFTER = re.compile(r"(?<=[(\[]) ")
_WORD = re.compile(r"\w+")
_ROOM = 40
"""Characters beside the place where a sentence should stand that are looked at too."""


def normal(words: str) -> str:
    """Words as they are compared: no case, no ligatures, one kind of dash, quote and space."""
    words = _UNSEEN.sub("", unicodedata.normalize("NFKC", words)).lower()
    words = _QUOTES.sub("'", _DASHES.sub("-", words))
    return _AFTER.sub("", _BEFORE.sub("", _SPACE.sub(" ", words))).strip()


def folded(words: str) -> str:
    """Letters and digits only, without accents and case."""
    return "".join(char for char in unicodedata.normalize("NFKD", words).casefold() if char.isalnum())


class Haystack:
    """A text in which sentences are looked for; with `plain`, by their words alone, without punctuation."""

    def __init__(self, text: str, plain: bool = False) -> None:
        self._plain = plain
        self.text = self._normal(text)
        self._words = [(match.start(), match[0]) for match in _WORD.finditer(self.text)]
        self._vocabulary = {word for _, word in self._words}
        self._runs: dict[tuple[str, ...], list[int]] = defaultdict(list)
        tokens = [word for _, word in self._words]
        for at, (start, word) in enumerate(self._words):
            for length in (2, 3):
                self._runs[tuple(tokens[at : at + length])].append(start)
            if len(word) >= 6:
                self._runs[(word,)].append(start)

    def best(self, sentence: str, enough: float) -> float:
        """How well the sentence is found, 0 to 1; below `enough` it may be given as 0."""
        needle = self._normal(sentence)
        if not needle or needle in self.text:
            return 1.0
        best = 0.0
        for start in self._places(needle):
            window = self.text[max(0, start - _ROOM) : start + len(needle) + _ROOM + len(needle) // 10]
            compare = fuzz.partial_ratio if len(window) >= len(needle) else fuzz.ratio
            best = max(best, compare(needle, window, score_cutoff=100 * enough) / 100)
            if best >= enough:
                break
        return best

    def share_of_words(self, sentence: str) -> float:
        """The share of the sentence's words that the text has anywhere: for lists whose order differs."""
        words = _WORD.findall(normal(sentence))
        return sum(word in self._vocabulary for word in words) / len(words) if words else 1.0

    def _normal(self, words: str) -> str:
        return " ".join(_WORD.findall(normal(words))) if self._plain else normal(words)

    def _places(self, needle: str) -> list[int]:
        """Where the sentence may begin: its runs of three words vote, or shorter ones where none is found."""
        words = [(match.start(), match[0]) for match in _WORD.finditer(needle)]
        for length in (3, 2, 1):
            votes: Counter[int] = Counter()
            for at in range(len(words) - length + 1):
                places = self._runs.get(tuple(word for _, word in words[at : at + length]), ())
                for place in places[:50]:
                    votes[(place - words[at][0]) // _ROOM] += 1
            if votes:
                return [max(0, bucket * _ROOM) for bucket, _ in votes.most_common(4)]
        return []
