"""Paragraphs written out as a document's text, with where each word stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.documents import Block, Kind, Page, Rectangle, Span
from index.layout import Word
from index.readers.pdf.glyphs import HYPHEN
from index.readers.pdf.hyphens import Hyphens
from index.readers.pdf.lines import spaced
from index.readers.pdf.paragraph import Line, Nature, Paragraph
from index.readers.pdf.pieces import Piece, Sheet

_KINDS: dict[Nature, Kind] = {"prose": "prose", "caption": "prose", "item": "item", "reference": "item"}
_ADDRESS_OPEN = re.compile(r"(?:https?://|www\.|\b10\.\d{4,9}/)\S*$")
_ADDRESS_GOES_ON = re.compile(r"[\w/.~%=&?#-]*[/\d_=&?%#.][\w/.~%=&?#-]*")
_CLOSE = ("–", "—", "/")


@dataclass(slots=True)
class Written:
    """A document's text in the making."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    raised: list[Span] = field(default_factory=list)
    starts: dict[int, int] = field(default_factory=dict)  # where pages begin
    _word: tuple[int, int, Rectangle] | None = None
    _glued: bool = False
    _row: bool = False

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self.parts)

    def add(self, paragraph: Paragraph, hyphens: Hyphens) -> Span | None:
        """Write a paragraph and say where."""
        tight = paragraph.nature in ("row", "item", "reference", "front")
        gap = ("\n" if tight else "\n\n") if self.parts else ""
        mark = len(self.parts), self.length
        self._put(gap)
        start = self.length
        self._row = paragraph.nature == "row"
        for number, line in enumerate(paragraph.lines):
            after = paragraph.lines[number + 1] if number + 1 < len(paragraph.lines) else None
            self._line(line, after, hyphens, entry=paragraph.nature == "reference")
        self._end_word()
        if self.length == start:
            self.parts, self.length = self.parts[: mark[0]], mark[1]
            return None
        self.blocks.append(Block(start, self.length, _KINDS.get(paragraph.nature, "line")))
        return Span(start, self.length)

    def pages(self, sheets: Sequence[Sheet]) -> tuple[Page, ...]:
        """The pages, each from its first word to that of the next."""
        found: list[Page] = []
        starts = sorted((number, start) for number, start in self.starts.items())
        at = 0
        for sheet in sheets:
            begin = at
            later = [start for number, start in starts if number > sheet.number]
            at = max(begin, min(later, default=self.length))
            found.append(Page(sheet.number, begin, at, round(sheet.width, 2), round(sheet.height, 2)))
        return tuple(found)

    def _put(self, words: str) -> None:
        if words:
            self.parts.append(words)
            self.length += len(words)

    def _line(self, line: Line, after: Line | None, hyphens: Hyphens, entry: bool) -> None:
        for number, cell in enumerate(line.cells):
            if number:
                self._space(" | " if line.table or self._row else " ")
            pieces = cell.pieces
            for at, (gap, words) in enumerate(spaced(pieces)):
                if gap or (entry and number == 0 and at == 1 and _is_label(pieces[0], line)):
                    self._space(gap or " ")
                last = number == len(line.cells) - 1 and at == len(pieces) - 1
                self._piece(pieces[at], words, line, after if last else None, hyphens)
        if after is None:
            return
        end = self.parts[-1] if self.parts else ""
        if end == "" or self._glued:
            self._glued = False
            self._end_word()
        else:
            self._space(" ")

    def _piece(self, piece: Piece, words: str, line: Line, after: Line | None, hyphens: Hyphens) -> None:
        self._glued = False
        if after is not None:
            body, glued = self._end(words, after, hyphens)
            self._glued = glued
        else:
            body = words.rstrip(HYPHEN) + "-" if words.endswith(HYPHEN) and len(words) > 1 else words
        body = body.replace(HYPHEN, "") if HYPHEN in body else body
        if not body:
            return
        start = self.length
        self._put(body)
        self.starts.setdefault(line.page, start)
        if piece.size < 0.85 * line.size and piece.baseline < line.baseline - 0.15 * line.size:
            self.raised.append(Span(start, self.length))
        if self._word is None:
            self._word = (start, self.length, piece.box)
        else:
            begin, _, box = self._word
            self._word = (begin, self.length, _around(box, piece.box))

    def _end(self, words: str, after: Line, hyphens: Hyphens) -> tuple[str, bool]:
        """A line's last word as it goes on: what is left of its hyphen, and whether the next word is glued to it."""
        following = after.words.split(" ", 1)[0]
        text = "".join(self.parts[-4:]).rsplit(" ", 1)[-1] + words
        if words.endswith((HYPHEN, "-", "‐")) and len(text) > 1:
            stem = words.rstrip(HYPHEN + "-‐")
            before = text[: len(text) - len(words)] + stem
            if not before or not before[-1].isalnum() or not following[:1].isalnum():
                return stem + "-", before != "" and following[:1].isalnum()
            if _ADDRESS_OPEN.search(before):
                return stem + "-", True
            if following in ("and", "or", "to", "und", "oder"):  # "pre- and post-test"
                return stem + "-", False
            return (stem + "-" if hyphens.keeps(before, following) else stem), True
        if words.endswith(_CLOSE) and len(text) > 1 and text[-2:-1].isalnum() and following[:1].isalnum():
            return words, not words.endswith("—") or text[-2:-1].isalnum()
        if (
            _ADDRESS_OPEN.search(text)
            and text[-1] in "/._=&?"
            and _ADDRESS_GOES_ON.fullmatch(following.rstrip(").,;]"))
        ):
            return words, True
        return words, False

    def _space(self, gap: str) -> None:
        self._end_word()
        if self.parts and not self.parts[-1].endswith((" ", "\n")):
            self._put(gap)

    def _end_word(self) -> None:
        if self._word is not None:
            self.words.append(self._word)
            self._word = None


def _is_label(piece: Piece, line: Line) -> bool:
    """Whether a piece is the raised number of a reference list's entry."""
    return piece.words.isdecimal() and piece.size < 0.85 * line.size and piece.baseline < line.baseline


def _around(box: Rectangle, other: Rectangle) -> Rectangle:
    return Rectangle(
        box.page,
        min(box.left, other.left),
        min(box.top, other.top),
        max(box.right, other.right),
        max(box.bottom, other.bottom),
    )
