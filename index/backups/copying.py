"""SQLite's file copied while others read and write it, and looked at before it counts as a copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index import embedded, partition, store, vector_blocks
from index.backups.manifest import search_files
from index.errors import BackupError, IndexDamagedError
from index.report import Progress, ProgressCallback

PAGES = 2048  # of SQLite, copied between two looks at the progress

_OURS = ("SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC")


@contextmanager
def copy_of(
    source: sqlite3.Connection,
    folder: Path,
    beside: Path,
    generation: int,
    files: Sequence[str],
    tell: ProgressCallback,
) -> Iterator[Path]:
    """A copy of the generation that a read transaction sees, as one file; gone afterwards.

    Args:
        source: The connection that holds the transaction.
        folder: The index folder.
        beside: The copy's path is this with an ending.
        generation: The generation's number.
        files: The search files that go with it, by their names in their folder.
        tell: Told how far it is.

    Raises:
        IndexDamagedError: What was copied is not sound.
        BackupError: The copy cannot be written.
    """
    path = beside.with_name(f"{beside.name}.sqlite")
    try:
        try:
            copy = sqlite3.connect(path, isolation_level=None)
            try:
                copy.execute("PRAGMA synchronous = OFF")  # nobody reads it after a crash
                copy_pages(source, copy, "Copying the index, MB", tell)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, and none beside it
                _normalise(copy, generation, files)
                tell(Progress("Checking the copy", 0, 1))
                with store.damage_named(folder / store.FILE):
                    check(copy, str(folder / store.FILE))
            finally:
                copy.close()
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "").startswith(_OURS):
                raise BackupError(
                    f"{beside.parent} has no room for a copy of the index, or refuses it: {error}.",
                    "free some space, or name a file elsewhere",
                ) from error
            with store.damage_named(folder / store.FILE):
                raise
        yield path
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, step: str, tell: ProgressCallback) -> None:
    """Copy a whole database over another, in one transaction of that one."""
    (page,) = source.execute("PRAGMA page_size").fetchone()

    def copied(_: int, left: int, total: int) -> None:
        tell(Progress(step, (total - left) * page >> 20, total * page >> 20))

    source.backup(target, pages=PAGES, progress=copied)


def check(connection: sqlite3.Connection, told: str) -> None:
    """See that a database is sound and its vectors are those that were stored; `told` names it.

    Raises:
        IndexDamagedError: It is not.
        sqlite3.DatabaseError: The same, as SQLite says it.
    """
    ((said,),) = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if said != "ok":
        raise IndexDamagedError(f"{told} is damaged: {said}.", store.REBUILD)
    dimension = int(store.get_meta(connection, "shape")["dimension"])
    partition.load(connection, dimension)
    for _ in vector_blocks.on_the_shelf(connection, dimension):
        pass  # each batch is checked as it comes


def _normalise(copy: sqlite3.Connection, generation: int, files: Sequence[str]) -> None:
    """Give the search files the names that they have in a backup: those of a restored index are called otherwise."""
    noted: embedded.Manifest = store.get_meta(copy, "files")
    home = embedded.home(Path(), generation, noted).name
    usual = search_files(generation)
    named = {usual + name: noted[f"{home}/{name}"] for name in files}
    with store.transaction(copy):
        store.put_meta(copy, "files", {"format": noted.get("format", "") if files else "", **named})
        copy.execute("DELETE FROM meta WHERE key = 'restored'")
