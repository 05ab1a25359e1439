"""Sentences and documents as SQLite has them, each row checked against its seal (see `index.seals`)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from index import packing, seals
from index.digests import corpus_hash
from index.documents import Document, Span

_SENTENCE = f"SELECT {', '.join(seals.COLUMNS['sentences'])}, seal FROM sentences"
_LISTED, _CONTENT = (
    [f"{table}.{name}" for name in (*seals.COLUMNS[table], "seal")] for table in ("documents", "contents")
)
_DOCUMENT = (
    f"SELECT {', '.join((*_LISTED, *_CONTENT))} FROM documents LEFT JOIN contents ON contents.id = documents.content "
    "WHERE documents.name = ?"
)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage: sentences `first` to `last` (ids, inclusive) of a content."""

    id: int
    content: int
    first: int
    last: int

    @property
    def sentences(self) -> range:
        """The ids of its sentences, in reading order."""
        return range(self.first, self.last + 1)


def shelf(db: sqlite3.Connection, corpus: str) -> dict[str, int]:
    """The content of each document, by name.

    Args:
        db: The index.
        corpus: What the shelf was when it was committed, see `index.digests.corpus_hash`.

    Raises:
        IndexDamagedError: It is another.
    """
    listed = db.execute("SELECT name, content, digest FROM documents ORDER BY name").fetchall()
    catalogues = db.execute("SELECT name, digest FROM catalogues").fetchall()
    try:
        found = {str(name): int(content) for name, content, _ in listed}
        same = corpus_hash({name: digest for name, _, digest in listed} | dict(catalogues)) == corpus
    except (TypeError, ValueError):  # a text that became a number, or nothing
        same = False
    if not same:
        raise seals.damaged("documents", "list")
    return found


def document(db: sqlite3.Connection, name: str) -> Document:
    """The document called `name`.

    Raises:
        KeyError: There is none.
        IndexDamagedError: It is not what was stored.
    """
    row = db.execute(_DOCUMENT, (name,)).fetchone()
    if row is None:
        raise KeyError(name)
    listed, held = row[: len(_LISTED)], row[len(_LISTED) :]
    seals.checked("documents", listed)
    _, content, _, laid_over, _ = listed
    if held[0] is None:
        raise seals.damaged("contents", content)
    seals.checked("contents", held)
    _, _, format_, text, bibliography, parts, *_ = held
    return packing.document(name, text, format_, laid_over or bibliography, parts)


def layout(db: sqlite3.Connection, content: int) -> bytes:
    """Where the words of a content stand on its pages.

    Raises:
        IndexDamagedError: It is not what was stored.
    """
    row = db.execute("SELECT id, layout, layout_seal FROM contents WHERE id = ?", (content,)).fetchone()
    if row is None:
        raise seals.damaged("contents", content)
    seals.checked("layout", row)
    return bytes(row[1])


def spans(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Span]:
    """The spans of sentences, by id, ascending.

    Raises:
        IndexDamagedError: One is gone, or not what was stored.
    """
    named = sorted(set(ids))
    rows = db.execute(f"{_SENTENCE} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (json.dumps(named),))
    found = {row[0]: _span(row) for row in rows.fetchall()}
    if gone := [at for at in named if at not in found]:
        raise seals.damaged("sentences", gone[0])
    return found


def sentences_of(db: sqlite3.Connection, content: int) -> list[Span]:
    """The spans of all sentences of a content, in reading order.

    Raises:
        IndexDamagedError: One is gone, or not what was stored.
    """
    rows = db.execute(f"{_SENTENCE} WHERE content = ? ORDER BY id", (content,)).fetchall()
    _whole(db, [row[0] for row in rows], content)
    return [_span(row) for row in rows]


def sentence_ids(db: sqlite3.Connection, contents: Iterable[int]) -> list[int]:
    """The ids of every sentence of some contents, ascending.

    Raises:
        IndexDamagedError: One is gone.
    """
    found: list[int] = []
    for content in sorted(set(contents)):
        ids = [at for (at,) in db.execute("SELECT id FROM sentences WHERE content = ? ORDER BY id", (content,))]
        _whole(db, ids, content)
        found += ids
    return sorted(found)


def _whole(db: sqlite3.Connection, ids: list[int], content: int) -> None:
    """Check that these are all the sentences of a content: they have ids in a row, and its passages hold them."""
    first, last = db.execute("SELECT min(first), max(last) FROM passages WHERE content = ?", (content,)).fetchone()
    if first is None or ids != list(range(first, last + 1)):
        raise seals.damaged("sentences", f"of content {content}")


def _span(row: tuple[int, int, int, int, bytes, int]) -> Span:
    seals.checked("sentences", row)
    return Span(row[2], row[3])
