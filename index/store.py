"""The truth on disk: one SQLite file, and the only commit there is.

`contents` are files as read and cut up, kept by the hash of their bytes; `documents` says which content each
name on the shelf has at the committed generation. So a renamed file costs a row, equal files share one
content, and what a killed sync had already embedded is found again by the next.

An *epoch* is the life of one set of settings: contents of different epochs never mix.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.documents import Bibliography, Document, Page, Section, Span
from index.errors import IndexDamagedError, IndexMismatchError

FILE = "index.sqlite"
SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents (
    id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, digest TEXT NOT NULL, format TEXT NOT NULL,
    text TEXT NOT NULL, bibliography TEXT NOT NULL, parts TEXT NOT NULL, UNIQUE (epoch, digest));
CREATE TABLE IF NOT EXISTS sentences (
    id INTEGER PRIMARY KEY, content INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    digest BLOB NOT NULL, vector BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS sentences_content ON sentences (content);
CREATE INDEX IF NOT EXISTS sentences_digest ON sentences (digest);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY, content INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS passages_content ON passages (content);
CREATE INDEX IF NOT EXISTS passages_first ON passages (first);
CREATE TABLE IF NOT EXISTS documents (
    name TEXT PRIMARY KEY, content INTEGER NOT NULL, digest TEXT NOT NULL,
    size INTEGER NOT NULL, modified INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS documents_content ON documents (content);
CREATE TABLE IF NOT EXISTS skipped (
    name TEXT PRIMARY KEY, reason TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL) WITHOUT ROWID;
"""

REBUILD = "pincite index --rebuild"


def connect(folder: Path, *, create: bool = False) -> sqlite3.Connection:
    """Open the SQLite file of an index.

    Raises:
        IndexDamagedError: It is not a database that Pincite can read.
        IndexMismatchError: A newer Pincite wrote it.
        FileNotFoundError: There is none, and `create` is off.
    """
    file = folder / FILE
    if not create and not file.exists():
        raise FileNotFoundError(file)
    with damage_named(file):
        # Autocommit, so that each BEGIN and COMMIT stands in the code where it happens.
        connection = sqlite3.connect(file, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version == 0 and create:
                connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
                version = SCHEMA_VERSION
            if version > SCHEMA_VERSION:
                raise IndexMismatchError(
                    f"A newer Pincite wrote {file} (format {version}, this one knows {SCHEMA_VERSION}).",
                    "pip install --upgrade pincite",
                )
            if version < SCHEMA_VERSION:
                raise IndexDamagedError(f"{file} is not a Pincite index.", REBUILD)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def damage_named(file: Path) -> Iterator[None]:
    """Turn what SQLite says of a broken file into one line with the mending command.

    Raises:
        IndexDamagedError: SQLite found the file malformed, or not a database.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        # What Python itself finds, text that is no UTF-8 say, has no such name.
        name = getattr(error, "sqlite_errorname", "")
        if name in {"SQLITE_BUSY", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN"}:
            raise
        raise IndexDamagedError(f"{file} cannot be read: {error}.", REBUILD) from error
    except sqlite3.DatabaseError as error:
        raise IndexDamagedError(f"{file} is damaged: {error}.", REBUILD) from error


def get_meta(connection: sqlite3.Connection, key: str) -> Any:
    """A value stored under `key`, or None."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else json.loads(row[0])


def put_meta(connection: sqlite3.Connection, key: str, value: Any) -> None:
    """Store a JSON value under `key`."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value, sort_keys=True)))


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


def bibliography_json(document: Document) -> str:
    """What a document says of itself, as JSON."""
    return json.dumps(asdict(document.bibliography), ensure_ascii=False)


def bibliography_from(stored: str) -> Bibliography:
    """The inverse of `bibliography_json`."""
    fields = json.loads(stored)
    stated = {key: tuple(Span(**span) for span in spans) for key, spans in fields.pop("stated").items()}
    return Bibliography(**(fields | {"authors": tuple(fields["authors"]), "stated": stated}))


def parts_json(document: Document) -> str:
    """A document's sections, pages and furniture, as JSON."""
    parts = {
        "sections": [asdict(section) for section in document.sections],
        "pages": [asdict(page) for page in document.pages],
        "furniture": [asdict(span) for span in document.furniture],
    }
    return json.dumps(parts, ensure_ascii=False)


def document_from(name: str, text: str, format_: str, bibliography: str, parts: str) -> Document:
    """A document as it was stored, under its name on the shelf."""
    stored = json.loads(parts)
    return Document(
        name=name,
        text=text,
        format=format_,
        bibliography=bibliography_from(bibliography),
        sections=tuple(Section(**section) for section in stored["sections"]),
        pages=tuple(Page(**page) for page in stored["pages"]),
        furniture=tuple(Span(**span) for span in stored["furniture"]),
    )
