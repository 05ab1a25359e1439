"""What a reader makes of a file: a Document and its parts.

All offsets are indices into `Document.text` (Python string indices, end exclusive), so that
`document.text[start:end]` is always the exact wording.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words this span covers in `text`."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document: `heading` as printed, over `text[start:end]`."""

    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A printed page, counted from 1."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bibliography:
    """What a document says of itself. What it does not say stays empty: nothing here is guessed.

    `stated` holds, for each field found ("title", "authors", "year", "journal", "doi"), the spans of
    the document's text that state it.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    doi: str = ""
    stated: dict[str, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One review.

    `name` is the path relative to the seeds folder, with forward slashes. `text` is the file's text
    as it stands, furniture included; `furniture` are the spans that no citation may touch.
    """

    name: str
    text: str
    format: str
    bibliography: Bibliography = field(default_factory=Bibliography)
    sections: tuple[Section, ...] = ()
    pages: tuple[Page, ...] = ()
    furniture: tuple[Span, ...] = ()

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
