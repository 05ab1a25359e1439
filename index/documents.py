"""What a reader makes of a file: a Document and its parts.

All offsets are indices into `Document.text` (Python string indices, end exclusive), so that
`document.text[start:end]` is always the exact wording.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words this span covers in `text`."""
        return text[self.start : self.end]


Kind = Literal["item", "line", "prose"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph ("prose"), a list item, or a stand-alone line (heading, table row), over `text[start:end]`."""

    start: int
    end: int
    kind: Kind = "prose"


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document: `heading` as printed, over `text[start:end]`."""

    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A printed page, counted from 1, with its size in points (1/72 inch) as it is looked at."""

    number: int
    start: int
    end: int
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a page, in points from the top left corner of the page as it is looked at."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of a document's reference list, over `text[start:end]`.

    `label` is what the list prints before it ("23", "Mac22"), or "". `authors` are family names, in order.
    What cannot be told from the entry stays empty.
    """

    start: int
    end: int
    label: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    title: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where the text points to its reference list: "[23]" over `text[start:end]`.

    `references` are indices into `Document.references`.
    """

    start: int
    end: int
    references: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bibliography:
    """What a document says of itself. What it does not say stays empty: nothing here is guessed.

    `labels` say what sort of publication it is: "retracted", "correction", "preprint", "review"; of a notice also
    "retraction" or "expression of concern". `stated` holds, for each field found ("title", "authors", "year",
    "journal", "doi", "labels"), the spans of the document's text that state it, where the text has them.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    doi: str = ""
    labels: tuple[str, ...] = ()
    stated: dict[str, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One review.

    `name` is the path relative to the seeds folder, with forward slashes. `text` is what Pincite reads of the
    file: of a text file its characters as they stand, furniture included; of other formats the article's words,
    paragraph by paragraph. `furniture` are the spans that no citation may touch; `asides` those that are the
    article's own but none of its statements (reference list, names under the title): they are not searched.
    `blocks` are what sentences are found in; they serve the cutting up and are not kept in the index.
    `layout` says where on its pages each word stands (see `index.layout`), and is empty without pages.
    """

    name: str
    text: str
    format: str
    bibliography: Bibliography = field(default_factory=Bibliography)
    sections: tuple[Section, ...] = ()
    pages: tuple[Page, ...] = ()
    furniture: tuple[Span, ...] = ()
    asides: tuple[Span, ...] = ()
    references: tuple[Reference, ...] = ()
    mentions: tuple[Mention, ...] = ()
    blocks: tuple[Block, ...] = ()
    layout: bytes = b""

    def section_at(self, offset: int) -> str:
        """The heading of the innermost section that holds `offset`, or "" where there is none."""
        heading, start = "", -1
        for section in self.sections:
            if section.start <= offset < section.end and section.start >= start:
                heading, start = section.heading, section.start
        return heading

    def page_at(self, offset: int) -> int | None:
        """The number of the page that holds `offset`, or None for a document without pages."""
        for page in self.pages:
            if page.start <= offset < page.end:
                return page.number
        return None
