"""What a sync tells: where it is, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a sync is: `step` in words, `done` of `total`, and the file at hand if there is one."""

    step: str
    done: int
    total: int
    name: str = ""


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file that was read: its format, pages (0 for one without), sentences, and the seconds reading it took."""

    name: str
    format: str
    pages: int
    sentences: int
    seconds: float


@dataclass(frozen=True, slots=True)
class CatalogueReport:
    """A .bib file: its records, those that are about a document on the shelf, and what is wrong in it."""

    name: str
    records: int
    matched: int
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class SyncReport:
    """What a sync did: names by what became of them, sentences embedded, seconds taken.

    `reread` are documents whose files are the same and that an improved reader reads otherwise; `read` are the
    files that were opened and read now; `catalogues` the .bib files on the shelf.
    """

    generation: int = 0
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    reread: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    read: list[FileReport] = field(default_factory=list)
    catalogues: list[CatalogueReport] = field(default_factory=list)
    embedded: int = 0
    seconds: float = 0.0

    @property
    def alters(self) -> bool:
        """Whether the documents on the shelf are others than before."""
        return bool(self.added or self.changed or self.renamed or self.removed or self.reread)
