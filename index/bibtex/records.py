"""What is kept of a .bib file."""

from __future__ import annotations

from dataclasses import dataclass

OTHERS = "et al."
"""The last of the authors where an entry says that there are others."""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry of a .bib file. Authors are "Given Family", "et al." last where there are others.

    `files` are paths as exported, with forward slashes.
    """

    key: str
    type: str
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    doi: str = ""
    files: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What could be read of a .bib file, and a line for each entry that could not."""

    records: tuple[Record, ...] = ()
    problems: tuple[str, ...] = ()
