"""What a model writes -> finished sentences of plain text, each with the numbers it cites.

Links, pictures, HTML and a model's thoughts are dropped: nothing that it writes is anything but words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt

from index.sentences import sentence_spans

_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_OPEN_THOUGHT = re.compile(r"<(?:(?:think|thinking|reasoning)>.*|[a-z]{0,9})\Z", re.DOTALL | re.IGNORECASE)
_MARKS = r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]"
_MARK = re.compile(_MARKS)
_LINKED_MARK = re.compile(r"(\[\s*\d+\s*\])\([^()\s]*\)")
_URL = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|\bmailto:|\bdata:\w+/|\bjavascript:)\S+", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->|<!--|-->", re.DOTALL)
_BLOCK = re.compile(r"^\s*(?:#{1,6}\s+|>+\s*|[-*+•]\s+|\(?\d{1,2}[.)]\s+|\|)", re.MULTILINE)
_ONLY_MARKS = re.compile(rf"(?:\s*{_MARKS})+\s*[.;]?\s*")
_BEGUN = re.compile(r"\s*\S+\s+\S")
_HALF_MARK = re.compile(r"\s*\[[\s\d,;–-]*$")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff\x00-\x08\x0b-\x1f\x7f-\x9f]")
_REPLY = re.compile(r"(?:yes|no)\s?[.,;:—–-]\s+(?!\d)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_SHOWN = 1000  # characters of a sentence on its way
_LONGEST = 4000  # characters of one sentence; what is longer is no sentence


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A finished sentence, as words alone, and the numbers of the passages it cites."""

    text: str
    numbers: tuple[int, ...]


class Sentences:
    """Takes a model's words as they come and gives sentences as they are finished."""

    def __init__(self) -> None:
        self._left = ""

    def add(self, words: str) -> Iterator[WrittenSentence]:
        """The sentences that these words finish."""
        self._left = _THOUGHT.sub("", self._left + words)
        if len(self._left) > _LONGEST and not _OPEN_THOUGHT.search(self._left):
            yield from self._taken(len(self._left))  # no sentence: it will be refused
        while not _OPEN_THOUGHT.search(self._left) and (end := _first_end(self._left)):
            yield from self._taken(end)

    def rest(self) -> Iterator[WrittenSentence]:
        """What is left when no more words come."""
        self._left = _OPEN_THOUGHT.sub("", self._left + "\n")
        while self._left:
            yield from self._taken(_first_end(self._left) or len(self._left))

    @property
    def unfinished(self) -> str:
        """The words of the sentence on its way, as plain text."""
        return plain(_OPEN_THOUGHT.sub("", self._left)[-_SHOWN:])

    def _taken(self, end: int) -> Iterator[WrittenSentence]:
        piece, self._left = self._left[:end], self._left[end:]
        text = _statement(plain(piece))
        if any(letter.isalnum() for letter in text):
            yield WrittenSentence(text, numbers_in(piece))


def _statement(sentence: str) -> str:
    """A sentence without the "Yes, " before it: what it replies to is nothing that a quote could carry."""
    reply = _REPLY.match(sentence)
    if reply is None:
        return sentence
    rest = sentence[reply.end() :]
    return rest[:1].upper() + rest[1:] if rest.partition(" ")[0].islower() else rest  # mRNA stays as it is


def _first_end(text: str) -> int:
    """Where the first sentence ends with its marks of citation; 0 if more words must come to tell.

    Marks that follow a full stop belong to the sentence before: "... in lupus. [1] They ...".
    """
    line, newline, _ = text.partition("\n")
    whole = len(line) + len(newline)
    spans = sentence_spans(line)
    if len(spans) < 2:
        return whole if newline else 0
    end = spans[0].end
    marks = _ONLY_MARKS.match(line, end)
    end = marks.end() if marks else end
    if newline:
        return end if line[end:].strip() else whole
    # Where one sentence ends is told by the words that come next, and a mark may be half there.
    return 0 if not _BEGUN.match(line, end) or _HALF_MARK.match(line, end) else end


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers that a sentence cites, in order: "[1]", "[2, 3]", "[4-6]"."""
    found: list[int] = []
    for mark in _MARK.findall(text):
        parts = [int(part) for part in re.findall(r"\d{1,6}", mark)]
        if len(parts) == 2 and re.search(r"\d\s*[–-]\s*\d", mark) and 0 < parts[1] - parts[0] < 20:
            parts = list(range(parts[0], parts[1] + 1))
        found += parts
    return tuple(dict.fromkeys(found))


def plain(text: str) -> str:
    """The words of a sentence alone: no marks of citation, Markdown, HTML, links, or characters that are not seen."""
    text = _LINKED_MARK.sub(r"\1", _UNSEEN.sub("", _BLOCK.sub("", text[:_LONGEST])))
    text = _MARK.sub("", text)
    text = "".join(_inline(text))
    text = _TAG.sub("", _URL.sub("", text))
    text = _SPACES.sub(" ", text).strip().strip("*_`~|").strip()
    return re.sub(r"\s+([.,;:!?])", r"\1", text)


def _inline(text: str) -> Iterator[str]:
    for token in _markdown().parseInline(text):
        for one in token.children or ():
            if one.type in {"text", "code_inline"}:
                yield one.content
            elif one.type in {"softbreak", "hardbreak"}:
                yield " "


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True})
