"""The truth on disk: one SQLite file, and the only commit there is.

`contents` are files as read and cut up, kept by the hash of their bytes; `documents` says which content each
name on the shelf has at the committed generation. So a renamed file costs a row, equal files share one
content, and what a killed sync had already embedded is found again by the next.

An *epoch* is the life of one set of settings: contents of different epochs never mix.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index import seals, upgrading
from index.errors import REBUILD, IndexDamagedError, IndexMismatchError, IndexUnavailableError

FILE = "index.sqlite"
SCHEMA_VERSION = 5

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents (
    id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, digest TEXT NOT NULL, format TEXT NOT NULL,
    text TEXT NOT NULL, bibliography TEXT NOT NULL, parts TEXT NOT NULL,
    pages INTEGER NOT NULL, layout BLOB NOT NULL, seal INTEGER NOT NULL, layout_seal INTEGER NOT NULL,
    UNIQUE (epoch, digest));
CREATE TABLE IF NOT EXISTS sentences (
    id INTEGER PRIMARY KEY, content INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    digest BLOB NOT NULL, seal INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sentences_content ON sentences (content);
CREATE INDEX IF NOT EXISTS sentences_digest ON sentences (digest);
CREATE TABLE IF NOT EXISTS vectors (
    content INTEGER PRIMARY KEY, first INTEGER NOT NULL, block BLOB NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS cells (content INTEGER PRIMARY KEY, cells BLOB NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS partition (
    sentences INTEGER NOT NULL, centroids BLOB NOT NULL, probes INTEGER NOT NULL, recall REAL NOT NULL,
    checksum INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY, content INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    seal INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS passages_content ON passages (content);
CREATE TABLE IF NOT EXISTS documents (
    name TEXT PRIMARY KEY, content INTEGER NOT NULL, digest TEXT NOT NULL,
    size INTEGER NOT NULL, modified INTEGER NOT NULL, bibliography TEXT, seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS documents_content ON documents (content);
CREATE TABLE IF NOT EXISTS skipped (
    name TEXT PRIMARY KEY, reason TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS catalogues (
    name TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    catalogue TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS learned (content INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS words (word TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS definitions (
    content INTEGER NOT NULL, short TEXT NOT NULL, long TEXT NOT NULL,
    short_key TEXT NOT NULL, long_key TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS definitions_content ON definitions (content);
CREATE INDEX IF NOT EXISTS definitions_short ON definitions (short_key, content);
CREATE INDEX IF NOT EXISTS definitions_long ON definitions (long_key, content);
"""

# What SQLite says of the system and not of the file; the names go on, as in SQLITE_IOERR_WRITE.
_PASSING = tuple(
    f"SQLITE_{name}"
    for name in (
        "BUSY",
        "LOCKED",
        "PROTOCOL",
        "FULL",
        "READONLY",
        "CANTOPEN",
        "IOERR",
        "NOMEM",
        "INTERRUPT",
        "PERM",
        "AUTH",
    )
)


def connect(folder: Path, *, create: bool = False, notice: Callable[[str], None] | None = None) -> sqlite3.Connection:
    """Open the SQLite file of an index. Without `create` nothing is written, and a read-only folder will do.

    With it, an index of an older format is brought up to today's; `notice` is told so before, for it may take a while.

    Raises:
        IndexDamagedError: It is not a database that Pincite can read.
        IndexUnavailableError: The system does not let it be opened now.
        IndexMismatchError: A newer Pincite wrote it; or an older one did, and `create` is off.
        FileNotFoundError: There is none, or none yet, and `create` is off.
    """
    file = folder / FILE
    with damage_named(file, values=True):
        try:
            existed = file.exists()
            if not create and not existed:
                raise FileNotFoundError(file)
            return _checked(_opened(file), file, create, existed, notice)
        except PermissionError as error:
            raise unavailable(file, str(error.strerror)) from error
        except sqlite3.OperationalError as error:
            if create or writable(folder) or not _name(error).startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
                raise
            log = file.with_name(f"{FILE}-wal")
            if log.exists() and log.stat().st_size:
                raise  # what it holds would be passed over
        # WAL needs a file beside it even to read; in a folder nobody here can write to, SQLite is told so.
        return _checked(_opened(file, "?mode=ro&immutable=1"), file, create, existed)


def _opened(file: Path, how: str = "") -> sqlite3.Connection:
    # Autocommit, so that each BEGIN and COMMIT stands in the code where it happens.
    where = file.absolute().as_uri() + how if how else file
    return sqlite3.connect(where, timeout=30, isolation_level=None, check_same_thread=False, uri=bool(how))


def _checked(
    connection: sqlite3.Connection,
    file: Path,
    create: bool,
    existed: bool,
    notice: Callable[[str], None] | None = None,
) -> sqlite3.Connection:
    """The connection, once what it opened is known to be an index; closed if it is none."""
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > SCHEMA_VERSION:
            raise IndexMismatchError(
                f"A newer Pincite wrote {file} (format {version}, this one knows {SCHEMA_VERSION}).",
                "pip install --upgrade pincite",
            )
        if version == 0:
            # A first sync that was killed, or is just beginning, leaves an empty database and nothing else.
            empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            beside = any(file.parent.glob("vectors-*.faiss")) or any(file.parent.glob("lexical-*"))
            if not empty or (existed and beside):
                raise IndexDamagedError(f"{file} is not a Pincite index.", REBUILD)
            if not create:
                raise FileNotFoundError(file)
        elif version < SCHEMA_VERSION and not create:
            raise IndexMismatchError(f"An older Pincite wrote {file}.", "pincite index")
        if create:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if version < SCHEMA_VERSION:
            if version and notice is not None:
                notice(f"An older Pincite wrote {file}; it is brought up to the format of this one.")
            with transaction(connection):
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                upgrading.upgrade(connection, version)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def writable(folder: Path) -> bool:
    """Whether this process may make files in a folder."""
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def look_over(connection: sqlite3.Connection, file: Path) -> int:
    """Look at everything that SQLite's file holds; returns how many rows have a seal that is right.

    Raises:
        IndexDamagedError: Something is not what was stored.
        IndexUnavailableError: The system does not let it be read.
    """
    with damage_named(file, values=True):
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        if problems != ["ok"]:
            raise IndexDamagedError(f"{file} is damaged: {problems[0]}.", REBUILD)
        return seals.check_all(connection)


@contextmanager
def damage_named(file: Path, *, values: bool = False) -> Iterator[None]:
    """Turn what SQLite says of a broken file into one line with the mending command.

    Args:
        file: SQLite's file.
        values: Whether nothing is done here but reading: that a value is of no sort that was stored is damage then.

    Raises:
        IndexDamagedError: SQLite found the file malformed, or not a database.
        IndexUnavailableError: The system did not let SQLite read or write; nothing is damaged.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if _name(error).startswith(_PASSING):
            raise unavailable(file, str(error)) from error
        raise IndexDamagedError(f"{file} cannot be read: {_one_line(error)}.", REBUILD) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise IndexDamagedError(f"{file} is damaged: {_one_line(error)}.", REBUILD) from error
    except (TypeError, ValueError, OverflowError) as error:
        if not values:
            raise
        # A bit that flips may make of a text a number, or nothing.
        raise IndexDamagedError(f"{file} is damaged: it holds what was not stored.", REBUILD) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())  # SQLite quotes its schema, which has lines


def _name(error: sqlite3.Error) -> str:
    # What Python itself finds, text that is no UTF-8 say, has no such name.
    return getattr(error, "sqlite_errorname", "")


def unavailable(file: Path, why: str) -> IndexUnavailableError:
    """The error of a file or folder of the index that the system does not let be read or written."""
    return IndexUnavailableError(
        f"{file} cannot be read or written now: {why}.",
        f"see that {file.parent} may be written to and its disk has space, then try again",
    )


def get_meta(connection: sqlite3.Connection, key: str) -> Any:
    """A value stored under `key`, or None.

    Raises:
        IndexDamagedError: It is not what was stored.
    """
    row = connection.execute("SELECT key, value, seal FROM meta WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    seals.checked("meta", row)
    return json.loads(row[1])


def need_meta(connection: sqlite3.Connection, key: str) -> Any:
    """A value that every committed index has.

    Raises:
        IndexDamagedError: It is gone, or not what was stored.
    """
    value = get_meta(connection, key)
    if value is None:
        raise seals.damaged("meta", key)
    return value


def put_meta(connection: sqlite3.Connection, key: str, value: Any) -> None:
    """Store a JSON value under `key`."""
    text = json.dumps(value, sort_keys=True)
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (key, text, seals.seal(key, text)))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
