"""A document -> its content, stored: cut up, embedded."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from index import packing, readers, store, vector_blocks
from index.chunking import CHUNKING_VERSION, Chunks, chunk
from index.cleaning import CLEANING_VERSION
from index.documents import Document
from index.embedding import Embedder
from index.errors import UnreadableFileError
from index.seals import seal
from index.settings import IndexSettings


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A content that has its id, and waits for its vectors."""

    id: int
    digest: str
    document: Document
    chunks: Chunks


class Ingest:
    """Takes documents in; stores them a batch at a time, so that a kill loses one batch at most.

    What is stored here belongs to no generation until a sync commits one that names it.
    """

    BATCH = 2048
    """Sentences worth a transaction."""

    def __init__(self, connection: sqlite3.Connection, embedder: Embedder, settings: IndexSettings, epoch: int) -> None:
        self._db = connection
        self._embedder = embedder
        self._settings = settings
        self._epoch = epoch
        self._waiting: list[_Waiting] = []
        self._pending: dict[str, int] = {}
        self._next = int(connection.execute("SELECT coalesce(max(id), 0) FROM contents").fetchone()[0]) + 1
        self.waiting = 0
        """Sentences read and not yet stored."""

    def known(self, name: str, digest: str) -> int | None:
        """The content id for bytes that today's readers have read before, under whatever name."""
        keys = [_key(name, digest, tag) for tag in tags().values()]
        for key in keys:
            if key in self._pending:
                return self._pending[key]
        marks = ",".join("?" * len(keys))
        row = self._db.execute(
            f"SELECT id FROM contents WHERE epoch = ? AND digest IN ({marks})", (self._epoch, *keys)
        ).fetchone()
        # Asked once more of the row itself: SQLite's list of digests may be damaged.
        found = row and self._db.execute("SELECT digest FROM contents WHERE id = ?", row).fetchone()
        return int(row[0]) if found and found[0] in keys else None

    def sentences(self, content: int) -> int:
        """How many sentences a content has."""
        for item in self._waiting:
            if item.id == content:
                return len(item.chunks.sentences)
        return int(self._db.execute("SELECT count(*) FROM sentences WHERE content = ?", (content,)).fetchone()[0])

    def take(self, name: str, digest: str, document: Document) -> int:
        """Cut up a document, to be stored with the next flush; returns its content id.

        Raises:
            UnreadableFileError: There is nothing in it that could be cited.
        """
        limit = self._embedder.max_tokens
        chunks = chunk(
            document,
            self._embedder.count_tokens,
            self._settings.passage_tokens,
            self._settings.overlap_sentences,
            limit,
        )
        if not chunks.sentences:
            raise UnreadableFileError(f"{name}: holds no text that could be cited.")
        key = _key(name, digest, tags()[document.format])
        self._waiting.append(_Waiting(self._next, key, document, chunks))
        self._pending[key] = self._next
        self._next += 1
        self.waiting += len(chunks.sentences)
        return self._pending[key]

    def flush(self, progress: Callable[[int], None]) -> int:
        """Embed and store all that waits; returns the number of sentences embedded."""
        if not self._waiting:
            return 0
        texts: dict[bytes, str] = {}
        for item in self._waiting:
            for span in item.chunks.sentences:
                sentence = span.of(item.document.text)
                texts[sentence_digest(sentence)] = sentence
        dimension = self._embedder.identity.dimension
        vectors = vector_blocks.by_digest(self._db, self._epoch, list(texts), dimension)
        unseen = [digest for digest in texts if digest not in vectors]
        if unseen:
            embedded = self._embedder.embed([texts[digest] for digest in unseen], progress)
            vectors |= {digest: vector_blocks.pack(row[None, :]) for digest, row in zip(unseen, embedded, strict=True)}
        with store.transaction(self._db):
            for item in self._waiting:
                self._insert(item, vectors)
        self._waiting.clear()
        self._pending.clear()
        self.waiting = 0
        return len(unseen)

    def _insert(self, item: _Waiting, vectors: dict[bytes, bytes]) -> None:
        document = item.document
        sealed = (
            item.id,
            item.digest,
            document.format,
            document.text,
            packing.dump(document.bibliography).decode(),
            packing.dump(packing.parts(document)).decode(),
            len(document.pages),
        )
        self._db.execute(
            "INSERT INTO contents (id, digest, format, text, bibliography, parts, pages, epoch, layout, seal,"
            " layout_seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*sealed, self._epoch, document.layout, seal(*sealed), seal(item.id, document.layout)),
        )
        # Ids in a row, so that a passage is a range of them.
        first = int(self._db.execute("SELECT coalesce(max(id), 0) FROM sentences").fetchone()[0]) + 1
        rows = []
        for at, span in enumerate(item.chunks.sentences):
            digest = sentence_digest(span.of(document.text))
            rows.append((first + at, item.id, span.start, span.end, digest))
        self._db.executemany("INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?)", [(*row, seal(*row)) for row in rows])
        vector_blocks.insert(self._db, item.id, first, [vectors[digest] for *_, digest in rows])
        after = int(self._db.execute("SELECT coalesce(max(id), 0) FROM passages").fetchone()[0]) + 1
        passages = [
            (at, item.id, first + passage.first, first + passage.last)
            for at, passage in enumerate(item.chunks.passages, after)
        ]
        self._db.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", [(*row, seal(*row)) for row in passages])


def tags() -> dict[str, str]:
    """For each format, what marks a content as read and cut up by today's code.

    Where any of it has changed, the file is read again; only sentences that came out otherwise are embedded.
    """
    return {
        format_: f"{format_}{version}.{CLEANING_VERSION}.{CHUNKING_VERSION}"
        for format_, version in readers.VERSIONS.items()
    }


def _key(name: str, digest: str, tag: str) -> str:
    # The ending tells some formats from others, and so may give another text.
    return f"{digest}.{name.rpartition('.')[2].lower()}@{tag}"


def sentence_digest(sentence: str) -> bytes:
    """What tells one sentence's words from another's, 16 bytes."""
    return hashlib.blake2b(sentence.encode("utf-8", "surrogatepass"), digest_size=16).digest()
