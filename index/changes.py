"""What changed in the seeds folder since the index last agreed with it, told by names, sizes and times alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index import store
from index.errors import IndexMissingError
from index.shelf import SeedFile, scan, untrusted
from index.snapshot import begin_reading

_TABLES = ("documents", "skipped", "catalogues")


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of files that a sync would take in, read again, or let go of."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def __str__(self) -> str:
        """In words: "2 new, 1 changed"."""
        counts = {"new": self.new, "changed": self.changed, "gone": self.gone}
        return ", ".join(f"{len(names):,} {word}" for word, names in counts.items() if names)


def changes(connection: sqlite3.Connection, files: Sequence[SeedFile]) -> Changes:
    """How `files` differ from those that an index knows."""
    state = " UNION ".join(f"SELECT name, size, modified FROM {table}" for table in _TABLES)
    stored = {name: (size, modified) for name, size, modified in connection.execute(state)}
    found = {file.name: (file.size, file.modified) for file in files}
    return Changes(
        tuple(name for name in found if name not in stored),
        # -1, of an older Pincite, was a time too recent to be trusted; the size must do.
        tuple(
            name
            for name, (size, modified) in found.items()
            if name in stored and stored[name] not in {(size, modified), (size, untrusted(modified)), (size, -1)}
        ),
        tuple(sorted(name for name in stored if name not in found)),
    )


def look(seeds: Path, folder: Path, most: int | None = None) -> Changes:
    """How the seeds folder differs from the index in `folder`; without an index, every file is new.

    Raises:
        UsageError: There is no seeds folder.
        ShelfTooLargeError: It has more than `most` files.
        PinciteError: The index cannot be opened.
    """
    files = scan(seeds, most)
    try:
        with _newest(folder) as connection:
            return changes(connection, files)
    except IndexMissingError:
        return Changes(new=tuple(file.name for file in files))


def skipped(folder: Path) -> list[tuple[str, str]]:
    """The files that the last sync could not read: (name, reason). A sync may change them and no generation.

    Raises:
        PinciteError: There is no index, or it cannot be opened.
    """
    with _newest(folder) as connection:
        return [(name, why) for name, why in connection.execute("SELECT name, reason FROM skipped ORDER BY name")]


@contextmanager
def _newest(folder: Path) -> Iterator[sqlite3.Connection]:
    connection, _, _ = begin_reading(folder)
    try:
        with store.damage_named(folder / store.FILE):
            yield connection
    finally:
        connection.close()
