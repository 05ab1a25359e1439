"""SQLite -> the search files: written with each generation, and again when they are found missing or damaged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from index import embedded, partition, store, vector_blocks
from index.errors import REBUILD, IndexDamagedError
from index.searcher import Entry
from index.vectors import VectorIndex

LARGE = 20_000
"""Sentences from which a small change updates the files of the generation before; fewer are written in a second."""

_STALE = 0.01  # the share of entries that may be gone and still count for how rare a word is
_GROWTH = 0.5  # new sentences, as a share of the shelf, from which all is written anew, as one
_META = "lexical"


@dataclass(frozen=True, slots=True)
class Before:
    """The generation whose files are there: its number, and the contents that it has."""

    generation: int
    contents: frozenset[int]


def write_files(connection: sqlite3.Connection, folder: Path, generation: int, before: Before | None = None) -> None:
    """Write the search files for the shelf as the connection sees it, and note them in its transaction.

    Nothing is embedded.

    Args:
        connection: The index.
        folder: Where it is.
        generation: The number of the generation.
        before: The generation before, whose files are updated where little has changed.

    Raises:
        IndexUnavailableError: The system does not let them be written.
    """
    total = _sentences_on_shelf(connection)
    updated = None if before is None or total < LARGE else _updated(connection, folder, generation, before, total)
    if updated is None:
        every = contents_in_order(connection)
        try:
            manifest = embedded.write(folder, generation, _sentences(connection, every), _passages(connection, every))
        except OSError as error:
            raise store.unavailable(folder / f"lexical-{generation}", error.strerror or str(error)) from error
        updated = manifest, 0
    manifest, stale = updated
    store.put_meta(connection, "files", manifest)
    store.put_meta(connection, _META, {"sentences": total, "stale": stale})


def vectors(connection: sqlite3.Connection, dimension: int) -> VectorIndex:
    """The vectors of the shelf as the connection sees it, to be searched.

    Raises:
        IndexDamagedError: They are not what was stored.
    """
    cells = partition.load(connection, dimension)
    batches = vector_blocks.on_the_shelf(connection, dimension, sorted_out=cells is not None)
    total = _sentences_on_shelf(connection)
    index = VectorIndex.build(batches, total, dimension, cells)
    if len(index) != total:
        raise IndexDamagedError("Some sentences of the index have no vectors.", REBUILD)
    return index


def contents_in_order(connection: sqlite3.Connection) -> list[int]:
    """The contents on the shelf in its order, and not in that of arrival: equal shelves make equal indexes."""
    rows = connection.execute("SELECT content FROM documents GROUP BY content ORDER BY min(name)")
    return [int(content) for (content,) in rows]


def _updated(
    connection: sqlite3.Connection, folder: Path, generation: int, before: Before, total: int
) -> tuple[embedded.Manifest, int] | None:
    """The manifest, and how many entries gone still count; None if all is to be written anew."""
    noted = store.get_meta(connection, _META)
    if noted is None:
        return None
    now = contents_in_order(connection)
    come, gone = [content for content in now if content not in before.contents], before.contents - set(now)
    ((added,),) = connection.execute(
        "SELECT count(*) FROM sentences WHERE content IN (SELECT value FROM json_each(?))", (json.dumps(come),)
    )
    stale = noted["stale"] + noted["sentences"] + added - total
    if stale > _STALE * total or added > _GROWTH * total:
        return None
    try:
        manifest = embedded.update(
            folder,
            generation,
            before.generation,
            store.get_meta(connection, "files"),
            gone,
            _sentences(connection, come),
            _passages(connection, come),
        )
    except (embedded.DerivedFilesError, ValueError, RuntimeError, OSError):
        return None  # whatever is wrong with the older files: they are not needed
    return manifest, stale


def _sentences_on_shelf(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute(
        "SELECT count(*) FROM sentences WHERE content IN (SELECT content FROM documents)"
    ).fetchone()
    return int(count)


def _contents(connection: sqlite3.Connection, contents: Collection[int]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Each content with its sentences."""
    for content in contents:
        ((text,),) = connection.execute("SELECT text FROM contents WHERE id = ?", (content,))
        rows = connection.execute("SELECT id, start, end FROM sentences WHERE content = ? ORDER BY id", (content,))
        yield content, [(at, text[start:end]) for at, start, end in rows]


def _sentences(connection: sqlite3.Connection, contents: Collection[int]) -> Iterator[Entry]:
    for content, sentences in _contents(connection, contents):
        for at, text in sentences:
            yield Entry(at, content, text)


def _passages(connection: sqlite3.Connection, contents: Collection[int]) -> Iterator[Entry]:
    for content, sentences in _contents(connection, contents):
        texts = dict(sentences)
        found = connection.execute("SELECT id, first, last FROM passages WHERE content = ? ORDER BY id", (content,))
        for at, first, last in found.fetchall():
            yield Entry(at, content, " ".join(texts[sentence] for sentence in range(first, last + 1)))
