"""An article's elements -> its parts in reading order: headings, paragraphs, items, rows, entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from index.readers.assembly import Piece, Words
from index.readers.html.inline import Inline
from index.readers.html.reference_list import Entry
from index.readers.html.reference_words import is_link
from index.readers.html.tables import holds_data, own_cells, own_rows
from index.readers.html.tree import BLOCKS, class_words, level_of, walk
from index.readers.markup.words import text_of

PartKind = Literal["heading", "paragraph", "item", "row", "entry", "aside"]


@dataclass(slots=True)
class Part:
    """A part of an article; `title` marks what is set as the page's own title (h1)."""

    kind: PartKind
    words: Words = ""
    level: int = 0
    cells: list[Words] = field(default_factory=list)
    entry: Entry | None = None

    @property
    def plain(self) -> str:
        """Its words on one line."""
        words = " | ".join(map(text_of, self.cells)) if self.cells else text_of(self.words)
        return " ".join(words.split())


# The names under a title, and what else is about the authors.
_ABOUT = re.compile(
    r"\b(?:affiliations?|aff|affs|affiliation list|aff list|author(?:s)? list|contributor list|contrib group"
    r"|contributors|author group|author names|authors?|byline|by line|correspondence|corresp|author notes"
    r"|article (?:history|dates|identifiers|authors|meta)|pub(?:lication)? (?:history|dates?)"
    r"|html (?:aff|author|history|notes|bib ?text)"
    r"|license|licence|copyright|permissions|cit|citation|doi|article doi|orcid|loa|fm citation)\b"
)
_BOTTOM = re.compile(r"\b(?:affiliations?|aff list|license|licence|copyright)\b")
_CAPTION = re.compile(r"\b(?:caption|fig description|figure description|legend)\b")
_LABEL = re.compile(
    r"(?:supplementary |supplemental |extended data |online )?"
    r"(?:fig(?:ure)?s?|tables?|box|scheme|chart|video|plate|panel|appendix|graph)\.?\s*[A-Z]?\d{0,3}[a-z]?\s*[.:|]?",
    re.IGNORECASE,
)
_LABEL_PART = re.compile(r"\b(?:label|counter|caption number|ltx tag)\b")


class Flow:
    """Goes through an article once, top to bottom."""

    def __init__(self, inline: Inline, skipped: Collection[etree._Element]) -> None:
        self.parts: list[Part] = []
        self._inline = inline
        self._skipped = skipped
        self._said: dict[etree._Element, set[str]] = {}
        self._inside: Counter[str] = Counter()
        self._has_begun = False
        self._label: Words = ""
        self._breaks = 0
        self._after_label = False

    def run(self, root: etree._Element) -> list[Part]:
        """The parts under an element."""
        taken: set[etree._Element] = set()
        for event, node, words in walk(root, self._skipped, taken):
            if event == "text":
                self._text(words)
            elif event == "open":
                if self._open(node):
                    taken.add(node)
            else:
                self._close(node)
        self._flush()
        return self.parts

    def _text(self, words: str) -> None:
        if self._inside["preformatted"] and "\n" in words:
            for paragraph in re.split(r"\n\s*\n", words):
                self._inline.text(paragraph)
                self._flush()
            return
        if self._breaks and not words.isspace():
            if self._breaks > 1:
                self._flush()
            self._breaks = 0
        if self._after_label and words[:1].isalnum():
            self._inline.text(" ")
        self._after_label = False
        self._inline.text(words)

    def _open(self, node: etree._Element) -> bool:
        """Note that an element begins; True where it has been dealt with as a whole."""
        tag = node.tag
        references = self._inline.references
        if node in references.entries:
            self._flush()
            entry = references.entries[node]
            self._add(Part("entry", entry.words, entry=entry))
            return True
        if tag == "br":
            self._breaks += 1
            self._inline.text(" ")
            return False
        if tag == "hr":
            self._flush()
            return False
        if (level := level_of(node)) and not self._inside["caption"]:
            self._flush()
            words = self._inline.whole(node)
            plain = text_of(words).strip()
            if _LABEL.fullmatch(plain) and plain[-2:].strip(".: ").isdigit():
                self._label = words
            elif plain:
                self._add(Part("heading", words, level))
            return True
        if tag == "table" and node not in references.lists and holds_data(node, self._skipped):
            self._flush()
            self._table(node)
            return True
        if tag in BLOCKS:
            self._flush()
            self._count(node)
            return False
        return self._inline.enter(node)

    def _close(self, node: etree._Element) -> None:
        if node.tag in BLOCKS:
            self._flush()
            if said := self._said.pop(node, None):
                self._inside.subtract(said)
        elif node.tag in {"span", "strong", "b"} and _LABEL_PART.search(class_words(node)):
            self._after_label = True

    def _count(self, node: etree._Element) -> None:
        """Note what an element says of all that is in it, until it closes."""
        tag = node.tag
        said: set[str] = set()
        if tag in {"li", "dt", "dd"}:
            said.add("item")
        if tag == "pre":
            said.add("preformatted")
        if node in self._inline.references.lists:
            said.update(("aside", "list"))
        classes = class_words(node)
        if tag in {"figure", "figcaption", "caption"} or (classes and _CAPTION.search(classes)):
            said.add("caption")
        if classes and tag not in {"body", "html", "article", "main", "table"}:
            about = _BOTTOM if self._has_begun else _ABOUT
            if about.search(classes):
                said.add("aside")
        if said:
            self._said[node] = said
            self._inside.update(said)

    def _flush(self) -> None:
        self._breaks = 0
        words = self._inline.take()
        plain = text_of(words).strip()
        if not plain:
            return
        if plain[0] in ":|·•" and isinstance(words, str):  # between a label set apart and its words
            words = plain = plain.lstrip(":|·• ")
            if not plain:
                return
        if self._inside["list"] and is_link(plain):
            return
        if self._inside["aside"]:
            kind: PartKind = "aside"
        elif self._inside["item"] and not self._inside["caption"]:
            kind = "item"
        else:
            kind = "paragraph"
        if kind == "paragraph" and len(plain) < 40 and _LABEL.fullmatch(plain):
            self._label = words
            return
        self._add(Part(kind, self._labelled(words) if kind in {"paragraph", "item"} else words))

    def _add(self, part: Part) -> None:
        if part.kind == "row":
            self._put_label()
        self._label = ""  # of a picture without words
        self.parts.append(part)
        if (part.kind == "heading" and part.level > 1) or (part.kind == "paragraph" and len(part.words) > 250):
            self._has_begun = True

    def _put_label(self) -> None:
        if self._label:
            label, self._label = self._label, ""
            self.parts.append(Part("paragraph", label))

    def _labelled(self, words: Words) -> Words:
        """The words with the label ("Table 1") that stood alone before them."""
        if not self._label:
            return words
        label, self._label = self._label, ""
        own, printed = text_of(label).strip(" .:|").lower(), text_of(words).strip().lower()
        if printed.startswith(own):
            return words  # printed twice
        if isinstance(words, str) and isinstance(label, str):
            return f"{label.strip()} {words.strip()}"
        return [*_pieces(label), *_pieces(" "), *_pieces(words)]

    def _table(self, table: etree._Element) -> None:
        caption = table.find("caption")
        if caption is not None and caption not in self._skipped:
            words = self._inline.whole(caption)
            if text_of(words).strip():
                self._add(Part("paragraph", self._labelled(words)))
        for row in own_rows(table):
            if row in self._skipped:
                continue
            cells = [self._inline.whole(cell) for cell in own_cells(row) if cell not in self._skipped]
            cells = [cell for cell in cells if text_of(cell).strip()]
            if cells:
                self._add(Part("row", cells=cells))


def _pieces(words: Words) -> list[Piece]:
    return [Piece(words)] if isinstance(words, str) else list(words)
