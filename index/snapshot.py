"""One committed generation, open for reading.

A snapshot holds a read transaction and the search files of its generation: a sync that commits meanwhile
changes nothing it sees. Safe to use from many threads.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from index import embedded, layout, packing, rows, seals, store, terminology
from index.abbreviations import Definition
from index.documents import Bibliography, Document, Rectangle, Span
from index.errors import IndexMissingError
from index.passages import Passages
from index.rows import StoredPassage
from index.searcher import Ids, Searcher
from index.settings import Shape

_Made = TypeVar("_Made")
_DOCUMENTS_KEPT = 64  # parsed documents held in memory


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the list of the shelf; `pages` is 0 for one without."""

    name: str
    format: str
    bibliography: Bibliography
    pages: int
    passages: int
    sentences: int


class Snapshot:
    """The index at one generation. Made by `index.opening.open_snapshot`."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, searcher: Searcher) -> None:
        self._file = folder / store.FILE
        self._connection = connection
        self._lock = threading.RLock()
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._bibliographies: dict[str, Bibliography] | None = None
        self._kept: Passages | None = None
        self._made: dict[Callable[[Snapshot], Any], Any] = {}
        self.searcher = searcher
        # Outside the read transaction, and so able to see what is committed after it.
        self._watcher = store.connect(folder)
        state = self._file.stat()
        self._inode = (state.st_dev, state.st_ino)
        # In a folder that is not ours to write, SQLite takes the file for unchanging; its time of change tells.
        self._modified = None if store.writable(folder) else state.st_mtime_ns
        with self._reading() as db:
            self.generation: int = store.get_meta(db, "generation")
            self.corpus_hash: str = store.need_meta(db, "corpus")
            self.shape: Shape = store.need_meta(db, "shape")
            self.contents: dict[str, int] = rows.shelf(db, self.corpus_hash)
        self._names: dict[int, str] = {content: name for name, content in reversed(self.contents.items())}

    @property
    def names(self) -> list[str]:
        """The documents on the shelf, by name."""
        return list(self.contents)

    def name_of(self, content: int, among: Sequence[str] | None = None) -> str:
        """The document that has a content: the first by name where files are equal, of those `among` if given."""
        try:
            return (self._names if among is None else self.names_within(among))[content]
        except KeyError as error:
            raise seals.damaged("documents", f"of content {content}") from error

    def names_within(self, documents: Sequence[str] | None) -> dict[int, str]:
        """The contents of the documents named, or of all if None, each with the first name it has among them."""
        if documents is None:
            return self._names
        return {self.contents[name]: name for name in sorted(documents, reverse=True)}

    def document(self, name: str) -> Document:
        """The document called `name`.

        Raises:
            KeyError: There is none on the shelf at this generation.
        """
        with self._lock:
            if name in self._documents:
                self._documents.move_to_end(name)
                return self._documents[name]
            with self._reading() as db:
                document = rows.document(db, name)
            self._documents[name] = document
            if len(self._documents) > _DOCUMENTS_KEPT:
                self._documents.popitem(last=False)
            return document

    def digest(self, name: str) -> str:
        """The SHA-256 of the file that a document was read from."""
        with self._reading() as db:
            return str(db.execute("SELECT digest FROM documents WHERE name = ?", (name,)).fetchone()[0])

    def bibliographies(self) -> dict[str, Bibliography]:
        """What each document on the shelf says of itself, by name."""
        with self._lock:
            if self._bibliographies is None:
                with self._reading() as db:
                    said = db.execute(
                        "SELECT name, coalesce(d.bibliography, c.bibliography) "
                        "FROM documents d JOIN contents c ON c.id = content ORDER BY name"
                    ).fetchall()
                try:
                    self._bibliographies = {name: packing.load(Bibliography, stored) for name, stored in said}
                except ValueError as error:
                    raise seals.damaged("contents", "bibliography") from error
            return self._bibliographies

    def once(self, make: Callable[[Snapshot], _Made]) -> _Made:
        """What a function makes of this generation, made at the first call and kept as long as the snapshot.

        Args:
            make: A function of the module's own, not made anew at each call: it is what the result is known by.
        """
        with self._lock:
            if make not in self._made:
                self._made[make] = make(self)
            made: _Made = self._made[make]
            return made

    def listing(self) -> list[Listed]:
        """The documents on the shelf, by name, with what each holds."""
        with self._reading() as db:
            listed = db.execute(
                "SELECT d.name, c.id, c.format, c.pages FROM documents d JOIN contents c ON c.id = d.content"
            ).fetchall()
            passages, sentences = (
                dict(db.execute(f"SELECT content, count(*) FROM {table} GROUP BY content").fetchall())
                for table in ("passages", "sentences")
            )
        said = self.bibliographies()
        return [
            Listed(name, format_, said[name], pages, passages.get(content, 0), sentences.get(content, 0))
            for name, content, format_, pages in sorted(listed)
        ]

    def rectangles(self, name: str, span: Span) -> tuple[Rectangle, ...]:
        """Where on its pages a span of a document stands; nothing for a document without pages."""
        with self._reading() as db:
            stored = rows.layout(db, self.contents[name])
        return layout.rectangles(stored, span.start, span.end)

    def passages(self, ids: Iterable[int]) -> list[StoredPassage]:
        """The passages named, in the order given."""
        return self._passages.named(ids)

    def passages_holding(self, sentences: Iterable[int]) -> list[StoredPassage]:
        """The passages that some sentences are part of, each once, by id: several of one where passages overlap."""
        return self._passages.holding(sentences)

    @property
    def _passages(self) -> Passages:
        with self._reading() as db:
            if self._kept is None:
                self._kept = Passages(db, int(self.shape["overlap_sentences"]) + 2)
            return self._kept

    def spans(self, sentences: Iterable[int]) -> dict[int, Span]:
        """The spans of sentences, by id, ascending."""
        with self._reading() as db:
            return rows.spans(db, sentences)

    def sentences_of(self, name: str) -> list[Span]:
        """The spans of all sentences of a document, in reading order."""
        with self._reading() as db:
            return rows.sentences_of(db, self.contents[name])

    def sentence_ids(self, contents: Sequence[int]) -> Ids:
        """The ids of every sentence of some contents, ascending."""
        with self._reading() as db:
            return np.asarray(rows.sentence_ids(db, map(int, contents)), dtype=np.int64)

    def definitions(
        self, shorts: Collection[str], longs: Collection[str], documents: Sequence[str] | None = None
    ) -> list[Definition]:
        """What the documents named (all if None) define of some keys, see `index.terminology.definitions`."""
        contents = None if documents is None else list(self.names_within(documents))
        with self._reading() as db:
            return terminology.definitions(db, shorts, longs, contents)

    def words(self, start: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """Words on the shelf, see `index.terminology.words`."""
        with self._reading() as db:
            return terminology.words(db, start, shortest, longest)

    def skipped(self) -> list[tuple[str, str]]:
        """Files of the seeds folder that could not be read: (name, reason)."""
        with self._reading() as db:
            return [(name, reason) for name, reason in db.execute("SELECT name, reason FROM skipped ORDER BY name")]

    def counts(self) -> dict[str, int]:
        """How many documents, passages and sentences the shelf has."""
        with self._reading() as db:
            passages, sentences = (
                db.execute(f"SELECT count(*) FROM {table} WHERE content IN (SELECT content FROM documents)").fetchone()[
                    0
                ]
                for table in ("passages", "sentences")
            )
        return {"documents": len(self.contents), "passages": passages, "sentences": sentences}

    def is_newest(self) -> bool:
        """Whether no other generation has been committed since this one was opened."""
        try:
            state = self._file.stat()
            with self._lock:
                found = store.get_meta(self._watcher, "generation")
        except (OSError, sqlite3.DatabaseError):
            return False  # opening it again will say what is wrong
        if self._modified not in {None, state.st_mtime_ns}:
            return False
        return found == self.generation and (state.st_dev, state.st_ino) == self._inode

    def close(self) -> None:
        """End the read transaction and let go of the files."""
        with self._lock:
            self.searcher.close()
            self._connection.close()
            self._watcher.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, store.damage_named(self._file, values=True):
            yield self._connection


def begin_reading(folder: Path) -> tuple[sqlite3.Connection, int, embedded.Manifest]:
    """Open a read transaction: the connection, its generation, and the files that belong to it.

    Raises:
        IndexMissingError: Nothing was ever committed here.
        IndexDamagedError, IndexMismatchError: See `index.store.connect`.
    """
    missing = IndexMissingError(f"There is no index in {folder} yet.", "pincite index")
    try:
        connection = store.connect(folder)
    except FileNotFoundError as error:
        raise missing from error
    try:
        with store.damage_named(folder / store.FILE, values=True):
            connection.execute("BEGIN")  # held until the snapshot is closed
            generation = store.get_meta(connection, "generation")
            if generation is None:
                raise missing
            manifest = store.need_meta(connection, "files")
    except BaseException:
        connection.close()
        raise
    return connection, generation, manifest
