"""Making the index agree with the seeds folder.

First every new content is read, cut up, embedded and stored: nobody sees it yet, and it outlives a kill. Then
one transaction names the new shelf and its generation, after the search files of that generation are on disk.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index import embedded, store
from index.derive import write_files
from index.embedding import Embedder
from index.errors import IndexDamagedError, IndexMismatchError
from index.ingest import Ingest
from index.lock import writer_lock
from index.report import Progress, ProgressCallback, SyncReport
from index.settings import IndexSettings, Shape, differences, same_shape, shape
from index.shelf import SeedFile, scan

_RACY = 2_000_000_000  # nanoseconds: a file changed this recently may change again without its time changing


@dataclass(frozen=True, slots=True)
class _Row:
    """A document as committed."""

    content: int
    digest: str
    size: int
    modified: int


def sync(
    seeds: Path,
    folder: Path,
    embedder: Embedder,
    settings: IndexSettings,
    *,
    rebuild: bool = False,
    progress: ProgressCallback | None = None,
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
        wait: Seconds to wait for another writer.
        notice: Told, in words, of what a person should know.

    Raises:
        UsageError: There is no seeds folder.
        IndexLockedError: Another process is still writing after `wait` seconds.
        IndexMismatchError: The index was made with other settings, and `rebuild` is off.
        IndexDamagedError: SQLite's file is damaged, and `rebuild` is off.
        IndexUnavailableError: The system does not let the index be read or written now.
    """
    started = time.perf_counter()
    tell = progress or (lambda _: None)
    scan(seeds)  # a wrong folder is named before anything is made
    folder.mkdir(parents=True, exist_ok=True)

    def attempt() -> SyncReport:
        connection = store.connect(folder, create=True)
        try:
            with store.damage_named(folder / store.FILE):
                return _Sync(connection, seeds, folder, embedder, settings, tell).run(rebuild)
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


class _Sync:
    """One sync under the writer's lock."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        seeds: Path,
        folder: Path,
        embedder: Embedder,
        settings: IndexSettings,
        tell: ProgressCallback,
    ) -> None:
        self._db = connection
        self._seeds = seeds
        self._folder = folder
        self._embedder = embedder
        self._settings = settings
        self._tell = tell
        self._report = SyncReport()
        self._skipped: list[tuple[str, str, int, int]] = []

    def run(self, rebuild: bool) -> SyncReport:
        report = self._report
        wanted = shape(self._settings, self._embedder.identity)
        generation = store.get_meta(self._db, "generation") or 0
        epoch = self._epoch(wanted, generation, rebuild)
        before = {
            row[0]: _Row(*row[1:])
            for row in self._db.execute("SELECT name, content, digest, size, modified FROM documents")
        }
        after = self._read_shelf(before, wanted, epoch, rebuild)
        report.generation = generation
        fresh = [name for name in after if name not in before]
        gone = [name for name in before if name not in after]
        report.renamed = _renames(fresh, gone, before, after)
        moved_from, moved_to = {old for old, _ in report.renamed}, {new for _, new in report.renamed}
        report.added = [name for name in fresh if name not in moved_to]
        report.removed = [name for name in gone if name not in moved_from]
        same = [name for name in after if name in before]
        report.changed = [name for name in same if after[name].digest != before[name].digest]
        report.unchanged = [name for name in same if after[name].digest == before[name].digest]
        if generation and not rebuild and not (fresh or gone or report.changed):
            self._note_unchanged(before, after)
            embedded.remove_others(self._folder, generation)  # those that a killed sync left
            return report
        report.generation = self._commit(after, wanted, epoch, generation + 1)
        embedded.remove_others(self._folder, report.generation)
        self._tell(Progress("Done", 1, 1))
        return report

    def _epoch(self, wanted: Shape, generation: int, rebuild: bool) -> int:
        """The epoch to store contents under; that of a sync that was killed is taken up again."""
        committed = store.get_meta(self._db, "shape")
        epoch = int(store.get_meta(self._db, "epoch") or 0)
        if generation and not rebuild:
            if not same_shape(committed, wanted):
                raise IndexMismatchError(
                    f"The index in {self._folder} was made with other settings: {differences(committed, wanted)}.",
                    store.REBUILD,
                )
            return epoch
        pending = store.get_meta(self._db, "pending")
        if pending is not None and same_shape(pending["shape"], wanted) and pending["epoch"] > epoch:
            return int(pending["epoch"])
        newest = max(epoch, int(pending["epoch"]) if pending else 0) + 1
        with store.transaction(self._db):
            store.put_meta(self._db, "pending", {"epoch": newest, "shape": wanted})
        return newest

    def _read_shelf(self, before: dict[str, _Row], wanted: Shape, epoch: int, rebuild: bool) -> dict[str, _Row]:
        """The shelf as it is now; whatever is new is read, embedded and stored on the way."""
        ingest = Ingest(self._db, self._embedder, self._settings, epoch)
        known_bad = {
            name: (reason, size, modified)
            for name, reason, size, modified in self._db.execute("SELECT name, reason, size, modified FROM skipped")
        }
        after: dict[str, _Row] = {}
        files = scan(self._seeds)
        for done, file in enumerate(files):
            self._tell(Progress("Reading", done, len(files), file.name))
            if file.problem:
                self._skip(file.name, file.problem, file.size, file.modified)
                continue
            row = before.get(file.name)
            if row is not None and not rebuild and (file.size, file.modified) == (row.size, row.modified):
                after[file.name] = row
                continue
            bad = known_bad.get(file.name)
            if bad is not None and not rebuild and (file.size, file.modified) == bad[1:]:
                self._skip(file.name, bad[0], file.size, file.modified)
                continue
            try:
                data = file.path.read_bytes()
            except FileNotFoundError:
                continue  # removed while we were at it
            except OSError as error:
                # Permissions change without the file's time.
                self._skip(file.name, f"{file.name}: cannot be read ({error.strerror}).", file.size, -1)
                continue
            digest = hashlib.sha256(data).hexdigest()
            modified = file.modified if time.time_ns() - file.modified > _RACY else -1
            content = ingest.content(file.name, digest, data)
            if isinstance(content, str):
                self._skip(file.name, content, file.size, modified)
                continue
            after[file.name] = _Row(content, digest, file.size, modified)
            if ingest.waiting >= ingest.BATCH:
                self._report.embedded += self._flush(ingest, file)
        self._report.embedded += self._flush(ingest, None)
        return after

    def _skip(self, name: str, reason: str, size: int, modified: int) -> None:
        self._report.skipped.append((name, reason))
        self._skipped.append((name, reason, size, modified))

    def _flush(self, ingest: Ingest, file: SeedFile | None) -> int:
        total, done = ingest.waiting, 0
        name = file.name if file else ""

        def step(count: int) -> None:
            nonlocal done
            done += count
            self._tell(Progress("Embedding", done, total, name))

        if total:
            self._tell(Progress("Embedding", 0, total, name))
        count = ingest.flush(step)
        if total:
            self._tell(Progress("Stored", total, total, name))
        return count

    def _commit(self, after: dict[str, _Row], wanted: Shape, epoch: int, generation: int) -> int:
        db = self._db
        with store.transaction(db):
            db.execute("DELETE FROM documents")
            db.executemany(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?)",
                [(name, row.content, row.digest, row.size, row.modified) for name, row in sorted(after.items())],
            )
            self._put_skipped()
            unused = "SELECT id FROM contents WHERE id NOT IN (SELECT content FROM documents)"
            for table, key in (("sentences", "content"), ("passages", "content"), ("contents", "id")):
                db.execute(f"DELETE FROM {table} WHERE {key} IN ({unused})")
            store.put_meta(db, "generation", generation)
            store.put_meta(db, "epoch", epoch)
            store.put_meta(db, "shape", wanted)
            store.put_meta(db, "corpus", _corpus_hash(after))
            db.execute("DELETE FROM meta WHERE key = 'pending'")
            self._tell(Progress("Writing search files", 0, 1))
            write_files(db, self._folder, generation, self._embedder.identity.dimension)
            self._tell(Progress("Committing", 0, 1))
        self._tell(Progress("Committed", 1, 1))
        return generation

    def _note_unchanged(self, before: dict[str, _Row], after: dict[str, _Row]) -> None:
        """Note new times of change and newly skipped files; the generation stays."""
        touched = [name for name in after if after[name] != before[name]]
        stored = self._db.execute("SELECT name, reason, size, modified FROM skipped ORDER BY name").fetchall()
        if touched or stored != sorted(self._skipped):
            with store.transaction(self._db):
                self._db.executemany(
                    "UPDATE documents SET size = ?, modified = ? WHERE name = ?",
                    [(after[name].size, after[name].modified, name) for name in touched],
                )
                self._put_skipped()

    def _put_skipped(self) -> None:
        self._db.execute("DELETE FROM skipped")
        self._db.executemany("INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?)", self._skipped)


def _renames(
    fresh: list[str], gone: list[str], before: dict[str, _Row], after: dict[str, _Row]
) -> list[tuple[str, str]]:
    """Pairs (old name, new name) of files with the same bytes, one of them gone and the other fresh."""
    left = {before[name].digest: name for name in reversed(gone)}
    return [(left.pop(after[name].digest), name) for name in fresh if after[name].digest in left]


def _corpus_hash(after: dict[str, _Row]) -> str:
    lines = "".join(f"{name}\0{row.digest}\n" for name, row in sorted(after.items()))
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()
