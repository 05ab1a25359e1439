"""Reading what is new on the shelf: unchanged files are passed over, the others read side by side and stored."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections import deque
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from importlib.metadata import version

from index import catalogues, readers, store
from index.bibtex import Catalogue
from index.catalogues import CatalogueRow
from index.documents import Document
from index.errors import ReadingFailedError, UnreadableFileError
from index.ingest import Ingest, tags
from index.limits import Limits
from index.reading import Read, ReadingPool, WorkerDiedError
from index.report import FileReport, Progress, ProgressCallback
from index.shelf import SeedFile, own, untrusted

_HELD = 256 << 20  # bytes of files under way, above which no other is opened
_RACY = 2_000_000_000  # nanoseconds: a file changed this recently may change again without its time changing


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as committed. A time of change that is not to be trusted is stored as `shelf.untrusted` gives it."""

    content: int
    digest: str
    size: int
    modified: int


@dataclass(slots=True)
class Shelf:
    """The shelf as it is now: documents and .bib files by name, files skipped, and what was done to know it."""

    documents: dict[str, DocumentRow] = field(default_factory=dict)
    catalogues: dict[str, CatalogueRow] = field(default_factory=dict)
    skipped: list[tuple[str, str, int, int]] = field(default_factory=list)
    read: list[FileReport] = field(default_factory=list)
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class _UnderWay:
    file: SeedFile
    digest: str
    modified: int
    kept: DocumentRow | None
    document: Future[Read[Document]] | None = None
    catalogue: Future[Read[Catalogue]] | None = None


def reading_stamp(limits: Limits) -> str:
    """What decides whether a file that was skipped deserves another try: readers, extras, limits."""
    versions = ",".join(tags().values())
    return f"{version('pincite')};{versions};{catalogues.VERSION};{readers.capabilities()};{limits}"


def stale_contents(connection: sqlite3.Connection) -> set[int]:
    """Contents on the shelf that another version of a reader made."""
    current = tuple(f"@{tag}" for tag in tags().values())
    rows = connection.execute("SELECT id, digest FROM contents WHERE id IN (SELECT content FROM documents)")
    return {content for content, digest in rows if not digest.endswith(current)}


class Gather:
    """Goes over the files once. What is taken in is stored by `ingest`, in the order of the shelf."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        ingest: Ingest,
        limits: Limits,
        tell: ProgressCallback,
        afresh: bool,
        pool: ReadingPool | None = None,
    ) -> None:
        self._db = connection
        self._ingest = ingest
        self._limits = limits
        self._tell = tell
        self._afresh = afresh
        self._pool = pool
        self._shelf = Shelf()
        self._queue: deque[_UnderWay] = deque()
        self._held = 0  # bytes of the files under way

    def run(self, files: list[SeedFile], before: dict[str, DocumentRow]) -> Shelf:
        """The shelf as it is now.

        Args:
            files: The files in the seeds folder, by name.
            before: The documents as committed; those whose file and reader are unchanged are not read.
        """
        stale = stale_contents(self._db)
        records = {} if self._afresh else catalogues.stored(self._db)  # those of another version are read again
        bad = self._known_bad()
        with nullcontext(self._pool) if self._pool else ReadingPool(self._limits) as pool:
            for done, file in enumerate(files):
                if file.problem:
                    self._skip(file, file.problem)
                    if file.passing and not self._afresh:
                        self._keep_all(file.name, before, records)
                    continue
                state = (file.size, file.modified)
                is_catalogue = file.path.suffix.lower() == catalogues.ENDING
                row, record = before.get(file.name), records.get(file.name)
                kept = row if row and not self._afresh and state == (row.size, row.modified) else None
                if kept and kept.content not in stale:
                    self._shelf.documents[file.name] = kept
                elif is_catalogue and record and state == (record.size, record.modified):
                    self._shelf.catalogues[file.name] = record
                elif bad.get(file.name, ("",))[1:] == state:
                    self._skip(file, bad[file.name][0])
                    self._keep(file, kept)
                else:
                    self._begin(pool, file, is_catalogue, row, kept)
                while len(self._queue) > 2 * pool.workers or (self._queue and self._held > _HELD):
                    self._finish(len(files), done)
            while self._queue:
                self._finish(len(files), len(files) - len(self._queue))
        self._flush(None)
        self._shelf.documents = dict(sorted(self._shelf.documents.items()))
        self._shelf.catalogues = dict(sorted(self._shelf.catalogues.items()))
        return self._shelf

    def _keep(self, file: SeedFile, row: DocumentRow | None) -> None:
        """Go on with what an older reader made of an unchanged file, where today's makes nothing of it."""
        if row is not None:
            self._shelf.documents[file.name] = row

    def _keep_all(self, name: str, before: dict[str, DocumentRow], records: dict[str, CatalogueRow]) -> None:
        """Go on with what was made of a file, or of all files of a folder, that cannot be looked at now."""

        def meant(one: str) -> bool:
            return one == name or (name.endswith("/") and one.startswith(name))

        self._shelf.documents.update((one, row) for one, row in before.items() if meant(one))
        self._shelf.catalogues.update((one, row) for one, row in records.items() if meant(one))

    def _begin(
        self,
        pool: ReadingPool,
        file: SeedFile,
        is_catalogue: bool,
        row: DocumentRow | None,
        kept: DocumentRow | None,
    ) -> None:
        most = self._limits.file_megabytes << 20
        try:
            data = file.read(most + 1) if file.size <= most else b""
        except FileNotFoundError:
            return  # removed while we were at it
        except OSError as error:
            # Permissions change without the file's time, and a disk may fail for a moment.
            doubtful = untrusted(file.modified)
            self._skip(file, f"{file.name}: cannot be read ({own(error).strerror}).", modified=doubtful)
            if (
                row
                and not self._afresh
                and (row.size, row.modified) in {(file.size, at) for at in (file.modified, doubtful, -1)}
            ):
                self._keep(file, row)
            return
        if max(file.size, len(data)) > most:  # it may have grown since it was listed
            self._skip(file, f"{file.name}: larger than {self._limits.file_megabytes} MB (setting max_file_megabytes).")
            return
        digest = hashlib.sha256(data).hexdigest()
        modified = file.modified if time.time_ns() - file.modified > _RACY else untrusted(file.modified)
        if is_catalogue:
            under_way = _UnderWay(file, digest, modified, None, catalogue=pool.catalogue(file.name, data))
        elif (content := self._ingest.known(file.name, digest)) is not None:
            self._shelf.documents[file.name] = DocumentRow(content, digest, file.size, modified)
            return
        else:
            under_way = _UnderWay(file, digest, modified, kept, document=pool.document(file.name, data))
        self._queue.append(under_way)
        self._held += file.size

    def _finish(self, total: int, done: int) -> None:
        """Wait for the file that was begun first, and take it in."""
        one = self._queue.popleft()
        file = one.file
        self._held -= file.size
        self._tell(Progress("Reading", done, total, file.name))
        try:
            if one.catalogue is not None:
                found = one.catalogue.result().value
                self._shelf.catalogues[file.name] = CatalogueRow(
                    catalogues.key(one.digest), file.size, one.modified, found
                )
            elif one.document is not None:
                self._take(one, one.document.result())
        except UnreadableFileError as error:
            # A process that died may have been the system's doing: the next sync tries again.
            died = isinstance(error, WorkerDiedError)
            self._skip(file, error.message, modified=untrusted(file.modified) if died else one.modified)
            if isinstance(error, ReadingFailedError):
                self._keep(file, one.kept)
        if self._ingest.waiting >= self._ingest.BATCH:
            self._flush(file)

    def _take(self, one: _UnderWay, read: Read[Document]) -> None:
        name, document = one.file.name, read.value
        content = self._ingest.known(name, one.digest)  # the same bytes may have been on their way twice
        if content is None:
            content = self._ingest.take(name, one.digest, document)
        sentences = self._ingest.sentences(content)
        self._shelf.documents[name] = DocumentRow(content, one.digest, one.file.size, one.modified)
        self._shelf.read.append(FileReport(name, document.format, len(document.pages), sentences, read.seconds))

    def _known_bad(self) -> dict[str, tuple[str, int, int]]:
        if self._afresh or store.get_meta(self._db, "reading") != reading_stamp(self._limits):
            return {}
        rows = self._db.execute("SELECT name, reason, size, modified FROM skipped")
        return {name: (reason, size, modified) for name, reason, size, modified in rows}

    def _skip(self, file: SeedFile, reason: str, modified: int | None = None) -> None:
        when = file.modified if modified is None else modified
        self._shelf.skipped.append((file.name, reason, file.size, when))

    def _flush(self, file: SeedFile | None) -> None:
        total, done = self._ingest.waiting, 0
        name = file.name if file else ""

        def step(count: int) -> None:
            nonlocal done
            done += count
            self._tell(Progress("Embedding", done, total, name))

        if total:
            self._tell(Progress("Embedding", 0, total, name))
        self._shelf.embedded += self._ingest.flush(step)
        if total:
            self._tell(Progress("Stored", total, total, name))
