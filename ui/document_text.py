"""A document's text -> HTML: every character of it, in order, with headings, rows, references and marked words."""

from __future__ import annotations

import html
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from index.blocks import blocks
from index.documents import Block, Document, Kind, Section, Span
from ui.links import MARK
from ui.sources import doi_link, tidy

_CHUNK = 8_000  # characters that the browser lays out at once; what is far from the window waits
_LINE, _LINE_HEIGHT, _GAP = 72, 28, 16  # what a chunk's height is guessed by
_FOLD = 700  # characters beside the article that are shown without being asked for
_LABEL = 16  # characters that a heading's line may have beyond its words: a number, Markdown signs
_DEEPEST = 6

Nature = Literal["heading", "titled", "text", "row", "item", "reference", "aside", "furniture"]
_BESIDE = {
    "furniture": ("What the page carries beside the article", "not quoted from"),
    "reference": ("Reference list", "not quoted from"),
    "aside": ("About the article", "not searched for answers"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of contents: the section's place in the document, its heading, how deep it stands."""

    anchor: str
    heading: str
    depth: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph and the white space after it, over `text[start:end]`."""

    start: int
    end: int
    nature: Nature
    sections: tuple[int, ...] = ()  # that begin here
    level: int = 0


class _Spans:
    """Spans of one sort, disjoint and in order, with what is at an offset."""

    def __init__(self, spans: Sequence[Span]) -> None:
        kept: list[tuple[int, int, int]] = []
        for at, span in sorted(enumerate(spans), key=lambda one: (one[1].start, -one[1].end)):
            start = max(span.start, kept[-1][1]) if kept else span.start
            if start < span.end:
                kept.append((start, span.end, at))
        self._starts = [one[0] for one in kept]
        self._ends = [one[1] for one in kept]
        self._which = [one[2] for one in kept]

    def at(self, offset: int) -> int:
        """Which span holds an offset, or -1."""
        i = bisect_right(self._starts, offset) - 1
        return self._which[i] if i >= 0 and offset < self._ends[i] else -1

    def cuts(self, start: int, end: int) -> Iterator[int]:
        """Where spans begin and end within a part."""
        yield from self._starts[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        yield from self._ends[bisect_left(self._ends, start) : bisect_left(self._ends, end)]

    def covers(self, text: str, start: int, end: int) -> bool:
        """Whether all of a part but white space is in the spans."""
        edges = sorted({start, end, *self.cuts(start, end)})
        return all(self.at(a) >= 0 or not text[a:b].strip() for a, b in pairwise(edges))


class DocumentText:
    """The text of one document as HTML.

    Args:
        document: The document.
        marks: The words to mark: disjoint, in order.
        with_pages: Whether page numbers are links to pictures of the pages.
    """

    def __init__(self, document: Document, marks: Sequence[Span] = (), *, with_pages: bool = False) -> None:
        self._document = document
        self._with_pages = with_pages
        self._sections = document.sections
        self._marks = _Spans(marks)
        self._furniture = _Spans(document.furniture)
        self._asides = _Spans(document.asides)
        self._titles = _Spans(document.bibliography.stated.get("title", ()))
        self._references = _Spans([Span(one.start, one.end) for one in document.references])
        self._mentions = _Spans([Span(one.start, one.end) for one in document.mentions])
        self._pages = {_word_from(document.text, page.start): page.number for page in document.pages}
        self._page_starts = sorted(self._pages)
        self._depths = _depths(self._sections)
        self._begun: set[int] = set()  # the marks whose first piece has been written
        self._anchored: set[int] = set()  # and the references

    def contents(self) -> list[Entry]:
        """The sections, for a list of contents."""
        return [
            Entry(f"s{at}", tidy(section.heading), self._depths[at])
            for at, section in enumerate(self._sections)
            if section.heading.strip()
        ]

    def html(self) -> str:
        """The whole text."""
        self._begun.clear()
        self._anchored.clear()
        parts = self._parts()
        runs = [(nature, list(run)) for nature, run in groupby(parts, key=lambda part: _run(part.nature))]
        return "".join(self._run(nature, run) for nature, run in runs)

    def _parts(self) -> list[_Part]:
        """The text cut into paragraphs; every character is in one of them."""
        document = self._document
        found = _blocks(document)
        if not found:
            return [_Part(0, len(document.text), "text")]
        starts = [0, *(block.start for block in found[1:]), len(document.text)]
        begins: dict[int, list[int]] = {}
        for at, section in enumerate(self._sections):
            begins.setdefault(bisect_right(starts, section.start, hi=len(found)) - 1, []).append(at)
        made, above = [], 1
        for i, (block, (start, end)) in enumerate(zip(found, pairwise(starts), strict=True)):
            sections = begins.get(i, [])
            nature = self._nature(block, sections)
            if nature == "heading":  # no level is skipped, so that a screen reader can walk them
                above = min(2 + self._depths[sections[0]], above + 1, _DEEPEST)
            made.append(_Part(start, end, nature, tuple(sections), above))
        return made

    def _nature(self, block: Block, sections: Sequence[int]) -> Nature:
        text = self._document.text
        if self._furniture.covers(text, block.start, block.end):
            return "furniture"
        if self._asides.covers(text, block.start, block.end):
            return "reference" if any(self._references.cuts(block.start, block.end)) else "aside"
        words = text[block.start : block.end]
        if sections:
            heading = tidy(self._sections[sections[0]].heading)
            if heading and heading in tidy(words) and len(tidy(words)) <= len(heading) + _LABEL:
                return "heading"
        if block.kind == "line" and (self._document.format != "text" or " | " in words):
            return "row"
        if self._titles.covers(text, block.start, block.end):
            return "titled"
        return "item" if block.kind == "item" else "text"

    def _run(self, nature: str, parts: Sequence[_Part]) -> str:
        """Parts of one nature that follow each other: the article in chunks; what stands beside it under its name."""
        if nature == "text":
            return "".join(self._chunk(chunk) for chunk in _chunks(parts))
        name, told = _BESIDE[nature]
        label = f"<b>{name}</b> · {told}"
        body = "".join(self._part(part) for part in parts)
        start, end = parts[0].start, parts[-1].end
        if nature == "reference":
            return f'<div class="beside references"><p class="told">{label}</p>{body}</div>'
        if end - start <= _FOLD:
            return f'<div class="beside"><p class="told">{label}</p>{body}</div>'
        marked = self._marks.at(start) >= 0 or any(self._marks.cuts(start, end))
        opened = " open" if marked else ""
        return f'<details class="beside"{opened}><summary class="told">{label}</summary>{body}</details>'

    def _chunk(self, parts: Sequence[_Part]) -> str:
        body = "".join(self._part(part) for part in parts)
        if len(self._document.text) <= 4 * _CHUNK:
            return body
        lines = sum(1 + (part.end - part.start) // _LINE for part in parts)
        height = lines * _LINE_HEIGHT + len(parts) * _GAP
        return f'<div class="chunk" style="contain-intrinsic-size:auto {height}px">{body}</div>'

    def _part(self, part: _Part) -> str:
        anchor = f' id="s{part.sections[0]}"' if part.sections else ""
        words = "".join(f'<span id="s{at}"></span>' for at in part.sections[1:]) + self._words(part.start, part.end)
        if part.nature == "heading":
            return f"<h{part.level}{anchor}>{words}</h{part.level}>"
        kind = f' class="{part.nature}"' if part.nature != "text" else ""
        return f"<p{anchor}{kind}>{words}</p>"

    def _words(self, start: int, end: int) -> str:
        """The characters of a part, with what is known of them around them."""
        sorts = (self._marks, self._mentions, self._references, self._furniture, self._asides)
        first = bisect_left(self._page_starts, start)
        turns = self._page_starts[first : bisect_left(self._page_starts, end)]
        edges = sorted({start, end, *turns, *(cut for sort in sorts for cut in sort.cuts(start, end))})
        return "".join(self._piece(a, b) for a, b in pairwise(edges))

    def _piece(self, start: int, end: int) -> str:
        made = escape(self._document.text[start:end])
        mention = self._mentions.at(start)
        if mention >= 0 and (to := self._document.mentions[mention].references):
            made = f'<a class="to" href="#r{to[0]}">{made}</a>'
        mark = self._marks.at(start)
        if mark >= 0:
            number = "" if mark == 0 else f"-{mark + 1}"
            anchor = "" if mark in self._begun else f' id="{MARK}{number}"'
            self._begun.add(mark)
            made = f"<mark{anchor}>{made}</mark>"
        if self._furniture.at(start) >= 0 or (self._asides.at(start) >= 0 and self._references.at(start) < 0):
            made = f'<span class="muted">{made}</span>'
        return self._turn(start) + self._reference(start, end, made)

    def _reference(self, start: int, end: int, made: str) -> str:
        at = self._references.at(start)
        if at < 0:
            return made
        entry = self._document.references[at]
        if at not in self._anchored:
            self._anchored.add(at)
            made = f'<span id="r{at}" class="entry" tabindex="-1">{made}</span>'
        if end == entry.end and entry.doi and entry.doi not in self._document.text[entry.start : entry.end]:
            made += f'<span class="doi"> doi {doi_link(entry.doi)}</span>'
        return made

    def _turn(self, start: int) -> str:
        """Where a page begins: its number is drawn by the style sheet and is no part of the text."""
        number = self._pages.get(start)
        if number is None:
            return ""
        if self._with_pages:
            return f'<a class="turn" href="#page-{number}" aria-label="Page {number}" data-page="{number}"></a>'
        return f'<span class="turn" role="img" aria-label="Page {number}" data-page="{number}"></span>'


def escape(text: str) -> str:
    """Text as HTML in which a browser finds exactly these characters again."""
    return html.escape(text.replace("\0", "\ufffd"), quote=True).replace("\r", "&#13;")


def _word_from(text: str, offset: int) -> int:
    """Where the first word after an offset begins: a page begins with its words, not with the gap before them."""
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return offset


def _blocks(document: Document) -> list[Block]:
    """The paragraphs: of plain text they are found as its reader finds them, elsewhere each line is one."""
    if document.format == "text":
        return blocks(document.text)
    made: list[Block] = []
    offset, tight = 0, False
    for raw in document.text.split("\n"):
        if words := raw.strip():
            start = offset + len(raw) - len(raw.lstrip())
            in_table = " | " in words or (tight and made[-1].kind == "line")
            kind: Kind = "line" if in_table else "item" if tight else "prose"
            made.append(Block(start, start + len(words), kind))
        tight = bool(words)  # the items of a list have no empty line between them
        offset += len(raw) + 1
    return made


def _depths(sections: Sequence[Section]) -> list[int]:
    """How many sections each stands in."""
    made: list[int] = []
    around: list[int] = []  # where the sections end that hold the one at hand
    for section in sections:
        while around and around[-1] <= section.start:
            around.pop()
        made.append(len(around))
        around.append(section.end)
    return made


def _run(nature: Nature) -> str:
    return nature if nature in _BESIDE else "text"


def _chunks(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    chunk: list[_Part] = []
    size = 0
    for part in parts:
        chunk.append(part)
        size += part.end - part.start
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
