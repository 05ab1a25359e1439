"""A damaged index makes way for the restored one, and comes back if that is not committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index import store
from index.backups.disk import onto_disk
from index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from index.snapshot import begin_reading

# Beside SQLite's file: what belongs to it, and what is made anew.
_LOGS = ("-wal", "-journal")
_SHARED = "-shm"


def damaged(folder: Path) -> bool:
    """Whether the index to go over has to make way, for it cannot be opened for writing.

    Raises:
        IndexUnavailableError, IndexMismatchError: See `index.store.connect`.
    """
    try:
        with closing(store.connect(folder, create=True)) as connection, store.damage_named(folder / store.FILE):
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except IndexDamagedError:
        return True
    return False


@contextmanager
def live(folder: Path, damaged: bool) -> Iterator[sqlite3.Connection]:
    """The index to go over, open for writing; a damaged one is moved aside until there is another.

    Raises:
        OSError: It cannot be moved aside, or back.
        IndexUnavailableError: The system does not let it be opened now.
    """
    try:
        if damaged:
            file = folder / store.FILE
            file.rename(place(folder))
            for ending in _LOGS:
                with suppress(FileNotFoundError):
                    _beside(file, ending).rename(_beside(place(folder), ending))
            _beside(file, _SHARED).unlink(missing_ok=True)
            onto_disk(folder)
        with closing(store.connect(folder, create=True)) as connection:
            yield connection
    finally:
        settle(folder)


def settle(folder: Path) -> None:
    """Put an index that was moved aside back, or remove it where another was committed since.

    Killed at any moment, it goes on the next time: SQLite's log goes back before the file and is removed before it.

    Raises:
        OSError: It cannot be moved or removed.
    """
    file, aside = folder / store.FILE, place(folder)
    if not aside.exists():
        return
    if _committed(folder):
        for ending in (*_LOGS, ""):
            _beside(aside, ending).unlink(missing_ok=True)
        return
    if file.exists():  # begun, and nothing was committed to it; without it, a log is that of the index moved aside
        for ending in (*_LOGS, _SHARED, ""):
            _beside(file, ending).unlink(missing_ok=True)
    for ending in (*_LOGS, ""):
        with suppress(FileNotFoundError):
            _beside(aside, ending).rename(_beside(file, ending))
    onto_disk(folder)


def _committed(folder: Path) -> bool:
    try:
        begin_reading(folder)[0].close()
    except IndexMissingError:
        return False
    except (IndexDamagedError, IndexMismatchError):
        return True
    return True


def place(folder: Path) -> Path:
    """Where a damaged index is while the restored one takes its place; hidden."""
    return folder / f".damaged-{store.FILE}"


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)
