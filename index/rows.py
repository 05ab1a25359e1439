"""Passages, sentences and documents as SQLite has them, each row checked against its seal (see `index.seals`)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from index import packing, seals
from index.digests import corpus_hash
from index.documents import Document, Span

_LISTED, _CONTENT, _SENTENCE, _PASSAGE = (
    f"SELECT {', '.join(seals.COLUMNS[table])}, seal FROM {table}"
    for table in ("documents", "contents", "sentences", "passages")
)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage: sentences `first` to `last` (ids, inclusive) of a content."""

    id: int
    content: int
    first: int
    last: int


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
    listed = db.execute(f"{_LISTED} WHERE name = ?", (name,)).fetchone()
    if listed is None:
        raise KeyError(name)
    seals.checked("documents", listed)
    _, content, _, laid_over, _ = listed
    row = db.execute(f"{_CONTENT} WHERE id = ?", (content,)).fetchone()
    if row is None:
        raise seals.damaged("contents", content)
    seals.checked("contents", row)
    _, _, format_, text, bibliography, parts, *_ = row
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


def passages(db: sqlite3.Connection, ids: Iterable[int]) -> list[StoredPassage]:
    """The passages named, in the order given.

    Raises:
        IndexDamagedError: One is gone, or not what was stored.
    """
    named = list(ids)
    rows = db.execute(f"{_PASSAGE} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(named),))
    found = {row[0]: _passage(row) for row in rows.fetchall()}
    if gone := [at for at in named if at not in found]:
        raise seals.damaged("passages", gone[0])
    return [found[at] for at in named]


def passages_holding(db: sqlite3.Connection, sentences: Iterable[int], reach: int) -> list[StoredPassage]:
    """The passages that some sentences are part of, each once, by id.

    Args:
        db: The index.
        sentences: Their ids.
        reach: How many passages that begin before a sentence are looked at.

    Raises:
        IndexDamagedError: One is not what was stored.
    """
    asked = set(sentences)
    rows = db.execute(
        # CROSS JOIN: from each sentence asked for to the few passages that begin last before it.
        "SELECT DISTINCT passages.id, content, first, last, seal FROM json_each(?) AS asked "
        "CROSS JOIN passages ON passages.id IN (SELECT id FROM passages WHERE first <= asked.value "
        "ORDER BY first DESC LIMIT ?) WHERE last >= asked.value ORDER BY passages.id",
        (json.dumps(sorted(asked)), reach),
    )
    found = [_passage(row) for row in rows.fetchall()]
    held = [asked.intersection(range(one.first, one.last + 1)) for one in found]
    # Each sentence is part of a passage; and SQLite's own lists may be damaged as well.
    if not all(held) or asked.difference(*held):
        raise seals.damaged("passages", f"of sentences {min(asked)} to {max(asked)}")
    return found


def spans(db: sqlite3.Connection, first: int, last: int) -> dict[int, Span]:
    """The spans of sentences `first` to `last` (ids, inclusive).

    Raises:
        IndexDamagedError: One is gone, or not what was stored.
    """
    rows = db.execute(f"{_SENTENCE} WHERE id BETWEEN ? AND ?", (first, last)).fetchall()
    if len(rows) != last - first + 1:
        raise seals.damaged("sentences", f"{first} to {last}")
    return {row[0]: _span(row) for row in rows}


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


def _passage(row: tuple[int, int, int, int, int]) -> StoredPassage:
    seals.checked("passages", row)
    return StoredPassage(*row[:4])
