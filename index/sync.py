"""Making the index agree with the seeds folder.

First every new content is read, cut up, embedded and stored: nobody sees it yet, and it outlives a kill. Then
one transaction names the new shelf and its generation, after the search files of that generation are on disk.
"""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from index import catalogues, embedded, partition, store, terminology
from index.derive import Before, contents_in_order, write_files
from index.digests import corpus_hash
from index.embedding import Embedder
from index.errors import REBUILD, IndexDamagedError, IndexMismatchError, IndexUnavailableError
from index.gather import DocumentRow, Gather, Shelf, reading_stamp
from index.ingest import Ingest
from index.limits import Limits
from index.lock import writer_lock
from index.reading import ReadingPool
from index.report import Progress, ProgressCallback, SyncReport
from index.seals import checked, seal
from index.settings import IndexSettings, Shape, differences, same_shape, shape
from index.shelf import scan
from index.shrinking import give_back_room


def sync(
    seeds: Path,
    folder: Path,
    embedder: Embedder,
    settings: IndexSettings,
    *,
    rebuild: bool = False,
    progress: ProgressCallback | None = None,
    limits: Limits | None = None,
    pool: ReadingPool | None = None,
    wait: float = 600.0,
    notice: Callable[[str], None] | None = None,
) -> SyncReport:
    """Make the index in `folder` agree with the files in `seeds`.

    Args:
        seeds: The folder of reviews.
        folder: The index folder; made if it is not there.
        embedder: The model; only sentences never seen before are embedded.
        settings: What shapes the index.
        rebuild: Start over: read and embed everything again, whatever the index holds.
        progress: Told of every step.
        limits: What the shelf may hold, and reading one file may take.
        pool: Processes to read with, kept by the caller for several syncs; its own if None.
        wait: Seconds to wait for another writer.
        notice: Told, in words, of what a person should know.

    Raises:
        UsageError: There is no seeds folder.
        ShelfTooLargeError: It has more files than the limits say.
        IndexLockedError: Another process is still writing after `wait` seconds.
        IndexMismatchError: The index was made with other settings, and `rebuild` is off.
        IndexDamagedError: SQLite's file is damaged, and `rebuild` is off.
        IndexUnavailableError: The system does not let the index be read or written now.
    """
    started = time.perf_counter()
    tell = progress or (lambda _: None)
    limits = limits or Limits()
    scan(seeds, limits.files)  # a wrong folder is named before anything is made
    folder.mkdir(parents=True, exist_ok=True)

    def attempt() -> SyncReport:
        connection = store.connect(folder, create=True, notice=notice)
        try:
            with store.damage_named(folder / store.FILE):
                return _Sync(connection, seeds, folder, embedder, settings, limits, tell, pool).run(rebuild)
        except (AttributeError, TypeError, LookupError, ValueError, OverflowError):
            store.look_over(connection, folder / store.FILE)  # raises if what it holds is to blame
            raise
        except (MemoryError, RuntimeError, OSError) as error:
            if not _short(error):
                raise
            raise IndexUnavailableError(
                f"There is not enough memory, or too many files are open, to bring the index in {folder} up to date; "
                "nothing in it is lost.",
                "end other programs, or lower read_workers, then run pincite index again",
            ) from error
        finally:
            connection.close()

    with writer_lock(folder, wait, notice):
        try:
            report = attempt()
        except IndexDamagedError:
            if not rebuild:
                raise
            # Everything in it can be made again from the seeds.
            for ending in ("", "-wal", "-shm"):
                (folder / f"{store.FILE}{ending}").unlink(missing_ok=True)
            report = attempt()
    report.seconds = time.perf_counter() - started
    return report


def _short(error: BaseException) -> bool:
    """Whether the system was short of memory, threads or open files."""
    if isinstance(error, OSError):
        return error.errno in {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
    return isinstance(error, MemoryError) or "start new thread" in str(error)


_KEYS = (
    ("sentences", "content"),
    ("passages", "content"),
    ("vectors", "content"),
    ("cells", "content"),
    ("contents", "id"),
)
"""Tables that hold what belongs to a content, and by what they know it."""


class _Sync:
    """One sync under the writer's lock."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        seeds: Path,
        folder: Path,
        embedder: Embedder,
        settings: IndexSettings,
        limits: Limits,
        tell: ProgressCallback,
        pool: ReadingPool | None,
    ) -> None:
        self._db = connection
        self._seeds = seeds
        self._folder = folder
        self._embedder = embedder
        self._settings = settings
        self._limits = limits
        self._tell = tell
        self._pool = pool

    def run(self, rebuild: bool) -> SyncReport:
        wanted = shape(self._settings, self._embedder.identity)
        generation = store.get_meta(self._db, "generation") or 0
        epoch = self._epoch(wanted, generation, rebuild)
        before = self._before()
        ingest = Ingest(self._db, self._embedder, self._settings, epoch)
        files = scan(self._seeds, self._limits.files)
        shelf = Gather(self._db, ingest, self._limits, self._tell, rebuild, self._pool).run(files, before)
        report = _report(before, shelf, rebuild)
        report.generation = generation
        records = {name: row.digest for name, row in catalogues.stored(self._db).items()}
        same_records = records == {name: row.digest for name, row in shelf.catalogues.items()}
        if generation and not rebuild and same_records and not report.alters:
            self._note_unchanged(before, shelf)
            self._learn_again()
            embedded.remove_others(self._folder, generation)  # those that a killed sync left
            give_back_room(self._db)  # that of an older format
            return report
        report.generation = generation + 1
        self._commit(shelf, wanted, epoch, report)
        embedded.remove_others(self._folder, report.generation)
        give_back_room(self._db)
        self._tell(Progress("Done", 1, 1))
        return report

    def _before(self) -> dict[str, DocumentRow]:
        """The documents of the committed generation."""
        rows = self._db.execute("SELECT name, content, digest, bibliography, seal, size, modified FROM documents")
        found = {}
        for name, content, digest, bibliography, sealed, size, modified in rows:
            checked("documents", (name, content, digest, bibliography, sealed))  # what is kept gets a new seal
            found[name] = DocumentRow(content, digest, size, modified)
        return found

    def _epoch(self, wanted: Shape, generation: int, rebuild: bool) -> int:
        """The epoch to store contents under; that of a sync that was killed is taken up again."""
        committed = store.get_meta(self._db, "shape")
        epoch = int(store.get_meta(self._db, "epoch") or 0)
        if generation and not rebuild:
            if not same_shape(committed, wanted):
                raise IndexMismatchError(
                    f"The index in {self._folder} was made with other settings: {differences(committed, wanted)}.",
                    REBUILD,
                )
            return epoch
        pending = store.get_meta(self._db, "pending")
        if pending is not None and same_shape(pending["shape"], wanted) and pending["epoch"] > epoch:
            return int(pending["epoch"])
        newest = max(epoch, int(pending["epoch"]) if pending else 0) + 1
        with store.transaction(self._db):
            store.put_meta(self._db, "pending", {"epoch": newest, "shape": wanted})
        return newest

    def _commit(self, shelf: Shelf, wanted: Shape, epoch: int, report: SyncReport) -> None:
        db = self._db
        with store.transaction(db):
            before = Before(report.generation - 1, frozenset(contents_in_order(db)))
            db.execute("DELETE FROM documents")
            db.executemany(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, NULL, ?)",
                [
                    (name, row.content, row.digest, row.size, row.modified, seal(name, row.content, row.digest, None))
                    for name, row in shelf.documents.items()
                ],
            )
            catalogues.put(db, shelf.catalogues)
            report.catalogues = catalogues.lay_over(db, shelf.catalogues)
            self._put_skipped(shelf)
            self._tell(Progress("Learning words", 0, 1))
            terminology.learn(db)
            unused = "SELECT id FROM contents WHERE id NOT IN (SELECT content FROM documents)"
            for table, key in _KEYS:
                db.execute(f"DELETE FROM {table} WHERE {key} IN ({unused})")
            if store.get_meta(db, "epoch") != epoch:
                partition.forget(db)  # its cells are those of other vectors
            store.put_meta(db, "generation", report.generation)
            store.put_meta(db, "epoch", epoch)
            store.put_meta(db, "shape", wanted)
            store.put_meta(db, "corpus", _corpus_hash(shelf))
            db.execute("DELETE FROM meta WHERE key = 'pending'")
            partition.keep(
                db,
                self._embedder.identity.dimension,
                lambda done, total: self._tell(Progress("Sorting vectors", done, total)),
            )
            self._tell(Progress("Writing search files", 0, 1))
            write_files(db, self._folder, report.generation, before)
            self._tell(Progress("Committing", 0, 1))
        self._tell(Progress("Committed", 1, 1))

    def _note_unchanged(self, before: dict[str, DocumentRow], shelf: Shelf) -> None:
        """Note new times of change and newly skipped files; the generation stays."""
        touched = [(name, row) for name, row in shelf.documents.items() if row != before[name]]
        listed = self._db.execute("SELECT name, reason, size, modified FROM skipped ORDER BY name").fetchall()
        stamp = store.get_meta(self._db, "reading")
        if (
            touched
            or listed != sorted(shelf.skipped)
            or catalogues.stored(self._db) != shelf.catalogues
            or stamp != reading_stamp(self._limits)
        ):
            with store.transaction(self._db):
                self._db.executemany(
                    "UPDATE documents SET size = ?, modified = ? WHERE name = ?",
                    [(row.size, row.modified, name) for name, row in touched],
                )
                catalogues.put(self._db, shelf.catalogues)
                self._put_skipped(shelf)

    def _learn_again(self) -> None:
        """Learn the words of an index that an older Pincite wrote."""
        if not terminology.is_current(self._db):
            with store.transaction(self._db):
                terminology.learn(self._db)

    def _put_skipped(self, shelf: Shelf) -> None:
        self._db.execute("DELETE FROM skipped")
        self._db.executemany("INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?)", shelf.skipped)
        store.put_meta(self._db, "reading", reading_stamp(self._limits))


def _report(before: dict[str, DocumentRow], shelf: Shelf, rebuild: bool) -> SyncReport:
    """What became of each file."""
    after = shelf.documents
    fresh = [name for name in after if name not in before]
    gone = [name for name in before if name not in after]
    renamed = _renames(fresh, gone, before, after)
    moved_from, moved_to = {old for old, _ in renamed}, {new for _, new in renamed}
    report = SyncReport(renamed=renamed, read=shelf.read, embedded=shelf.embedded)
    report.added = [name for name in fresh if name not in moved_to]
    report.removed = [name for name in gone if name not in moved_from]
    for name in after:
        if name in before:
            same, old = after[name], before[name]
            kind = report.unchanged if rebuild or same.content == old.content else report.reread
            (kind if same.digest == old.digest else report.changed).append(name)
    report.skipped = [(name, reason) for name, reason, _, _ in shelf.skipped]
    return report


def _renames(
    fresh: list[str], gone: list[str], before: dict[str, DocumentRow], after: dict[str, DocumentRow]
) -> list[tuple[str, str]]:
    """Pairs (old name, new name) of files with the same bytes, one of them gone and the other fresh."""
    left = {before[name].digest: name for name in reversed(gone)}
    return [(left.pop(after[name].digest), name) for name in fresh if after[name].digest in left]


def _corpus_hash(shelf: Shelf) -> str:
    rows = {name: row.digest for name, row in shelf.documents.items()}
    return corpus_hash(rows | {name: row.digest for name, row in shelf.catalogues.items()})
