"""Whether what was unpacked is the index that a backup says it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from index import store
from index.backups.copying import check
from index.backups.manifest import DATABASE, Manifest, search_files
from index.errors import BackupError, IndexUnavailableError, PinciteError
from index.opening import open_snapshot


def prove(staging: Path, manifest: Manifest, told: str) -> int:
    """Open an unpacked index and look at all of it; the number of its documents.

    An older format is brought up to today's, and search files that are missing or of another format are written again,
    with nothing embedded.

    Args:
        staging: The folder where it was unpacked.
        manifest: What it should be.
        told: The backup's name.

    Raises:
        BackupError: It is damaged, or something else.
        IndexUnavailableError: The system does not let it be read or written now.
    """
    try:
        # No journal may be beside it, and no work be done in it by what it brings along.
        with closing(sqlite3.connect(staging / store.FILE)) as connection:
            ((version,),) = connection.execute("PRAGMA user_version").fetchall()
            others = connection.execute(
                "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index') OR sql LIKE 'CREATE VIRTUAL%'"
            ).fetchall()
            if others or version != manifest.schema_version:
                raise BackupError(f"{told} is damaged: {DATABASE} in it is no index of Pincite.")
        store.connect(staging, create=True).close()
        with closing(store.connect(staging)) as connection:
            check(connection, DATABASE)
            _own_files_only(connection, manifest.generation)
        with closing(open_snapshot(staging)) as snapshot:
            found = (snapshot.generation, snapshot.corpus_hash, snapshot.shape)
            if found != (manifest.generation, manifest.corpus, manifest.shape):
                raise BackupError(
                    f"{told} is damaged: {DATABASE} in it is not that of generation {manifest.generation}."
                )
            return len(snapshot.names)
    except (BackupError, IndexUnavailableError):
        raise
    except (PinciteError, sqlite3.Error, ValueError, TypeError, LookupError, AttributeError) as error:
        said = error.message if isinstance(error, PinciteError) else str(error)
        raise BackupError(f"{told} is damaged: {DATABASE} in it cannot be opened ({said.rstrip('.')}).") from error


def _own_files_only(connection: sqlite3.Connection, generation: int) -> None:
    """Have no search files but those that may be in a backup; without, they are written again."""
    home = search_files(generation)
    names = store.get_meta(connection, "files").keys() - {"format"}
    if not all(name.startswith(home) and ".." not in name.split("/") for name in names):
        with store.transaction(connection):
            store.put_meta(connection, "files", {"format": ""})
