"""Putting a Document together from parts whose nature is known: headings, paragraphs, list items, table rows.

For the readers of structured formats. White space is tidied here, so that a reader hands over the words as it
finds them; where the words point to the reference list, they are handed over as pieces that say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.documents import Bibliography, Block, Document, Kind, Mention, Reference, Section, Span

_SPACE = re.compile(r"\s+")
# No letters of any text: control characters (a tab and a line end are white space), and lone surrogates.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and the keys of the references they point to ("bib23"), if they do."""

    words: str
    cites: tuple[str, ...] = ()


Words = str | Sequence[Piece]


def tidy(words: str) -> str:
    """Words on one line: white space made single, what is no text dropped."""
    return _SPACE.sub(" ", _NOT_TEXT.sub("", words)).strip()


class Assembly:
    """A document in the making; parts are added in reading order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._asides: list[Span] = []
        self._open: list[tuple[int, str, int]] = []  # level, heading, start
        self._sections: list[Section] = []
        self._mentions: list[tuple[int, int, tuple[str, ...]]] = []
        self._references: dict[str, Reference] = {}
        self._stated: dict[str, tuple[Span, ...]] = {}

    def heading(self, words: Words, level: int = 1) -> Span | None:
        """A section's heading; the section ends at the next heading of the same level or above. 1 is the highest."""
        span = self._add(words, "line", "\n\n")
        if span is not None:
            self._close(level, span.start)
            self._open.append((level, self._parts[-1], span.start))
        return span

    def end_sections(self) -> None:
        """What follows is in no section yet: a body that begins without a heading, after the abstract."""
        self._close(0, self._length)

    def paragraph(self, words: Words) -> Span | None:
        """A paragraph of prose, a figure's or a table's caption."""
        return self._add(words, "prose", "\n\n")

    def item(self, words: Words) -> Span | None:
        """An item of a list, without its bullet."""
        return self._add(words, "prose", "\n")

    def row(self, cells: Iterable[Words]) -> Span | None:
        """A row of a table: its cells that are not empty, with " | " between them."""
        pieces: list[Piece] = []
        for cell in cells:
            own = [Piece(cell)] if isinstance(cell, str) else list(cell)
            if any(piece.words.strip() for piece in own):
                pieces += [Piece(" | "), *own] if pieces else own
        return self._add(pieces, "line", "\n")

    def front(self, field: str, words: Words) -> Span | None:
        """Words of the title page that state a field of the bibliography; all but a title are an aside."""
        span = self._add(words, "line", "\n" if self._parts else "")
        if span is not None:
            self.state(field, span)
            if field != "title":
                self._asides.append(span)
        return span

    def aside(self, words: Words) -> Span | None:
        """Words that are the article's own but none of its statements: affiliations, a licence."""
        span = self._add(words, "line", "\n")
        if span is not None:
            self._asides.append(span)
        return span

    def state(self, field: str, span: Span) -> None:
        """Note that a span states a field of the bibliography ("title", "authors", "year" ...)."""
        self._stated[field] = (*self._stated.get(field, ()), span)

    def reference(
        self,
        key: str,
        words: str,
        label: str = "",
        authors: tuple[str, ...] = (),
        year: int | None = None,
        title: str = "",
        doi: str = "",
    ) -> Span | None:
        """An entry of the reference list, known to `Piece.cites` by its key."""
        span = self._add(words, "item", "\n")
        if span is not None:
            self._asides.append(span)
            self._references.setdefault(key, Reference(span.start, span.end, label, authors, year, title, doi))
        return span

    def document(self, name: str, format_: str, bibliography: Mapping[str, object]) -> Document:
        """The document.

        Args:
            name: The path relative to the seeds folder.
            format_: The format's name ("jats", "html" ...).
            bibliography: Fields of Bibliography but `stated`, which holds what was handed to `front` and `state`.
        """
        self._close(0, self._length)
        order = {key: at for at, key in enumerate(self._references)}
        mentions = [
            Mention(start, end, found)
            for start, end, keys in self._mentions
            if (found := tuple(order[key] for key in keys if key in order))
        ]
        return Document(
            name=name,
            text="".join(self._parts),
            format=format_,
            bibliography=Bibliography(**bibliography, stated=self._stated),  # type: ignore[arg-type]
            sections=tuple(sorted(self._sections, key=lambda section: (section.start, -section.end))),
            asides=tuple(self._asides),
            references=tuple(self._references.values()),
            mentions=tuple(mentions),
            blocks=tuple(self._blocks),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been added yet."""
        return not self._parts

    def _close(self, level: int, end: int) -> None:
        while self._open and self._open[-1][0] >= level:
            _, heading, start = self._open.pop()
            self._sections.append(Section(heading, start, end))

    def _add(self, words: Words, kind: Kind, gap: str) -> Span | None:
        pieces = [Piece(words)] if isinstance(words, str) else words
        made: list[str] = []
        length, spaced = 0, True  # a space here would be the first, or the second in a row
        marks: list[tuple[int, int, tuple[str, ...]]] = []
        for piece in pieces:
            own = _SPACE.sub(" ", _NOT_TEXT.sub("", piece.words))
            if spaced:
                own = own.removeprefix(" ")
            if not own:
                continue
            if piece.cites:
                lead, trail = len(own) - len(own.lstrip()), len(own) - len(own.rstrip())
                marks.append((length + lead, length + len(own) - trail, piece.cites))
            made.append(own)
            length += len(own)
            spaced = own.endswith(" ")
        tidied = "".join(made).rstrip(" ")
        if not tidied:
            return None
        if not self._parts:
            gap = ""
        start = self._length + len(gap)
        self._parts += [gap, tidied]
        self._length = start + len(tidied)
        self._blocks.append(Block(start, self._length, kind))
        self._mentions += [
            (start + first, start + last, keys) for first, last, keys in marks if first < last <= len(tidied)
        ]
        return Span(start, self._length)
