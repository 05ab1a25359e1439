"""Opening an index for reading, mending what can be mended."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from index import embedded, store
from index.derive import vectors, write_files
from index.errors import REBUILD, IndexDamagedError
from index.lock import writer_lock
from index.snapshot import Snapshot, begin_reading
from index.vectors import VectorIndex

_TRIES = 5  # a sync may commit, and remove the older files, between our reading SQLite and opening them
_WAIT = 60.0


def open_snapshot(folder: Path, notice: Callable[[str], None] | None = None) -> Snapshot:
    """Open the last committed generation.

    Search files that are missing, damaged or of an older format are written again from SQLite, with nothing
    embedded, and `notice` is told so.

    Raises:
        IndexMissingError: There is no index yet.
        IndexUnavailableError: The system does not let it be read, or mended where it needs that.
        IndexDamagedError: SQLite's file is damaged, or the search files cannot be written again.
        IndexLockedError: Mending must wait for another writer, and that took too long.
        IndexMismatchError: A newer Pincite wrote the index.
    """
    reason = ""
    for _ in range(_TRIES):
        connection, generation, manifest = begin_reading(folder)
        try:
            searcher = _searcher(folder, generation, manifest, connection)
            return Snapshot(folder, connection, searcher)
        except embedded.DerivedFilesError as error:
            connection.close()
            reason = str(error)
            if not _overtaken(folder, generation):
                mend(folder, generation, notice)
        except BaseException:
            connection.close()
            raise
    raise IndexDamagedError(f"The index in {folder} cannot be opened: {reason}.", REBUILD)


def _searcher(
    folder: Path, generation: int, manifest: embedded.Manifest, connection: sqlite3.Connection
) -> embedded.EmbeddedSearcher:
    """The searcher over a generation's files; over a copy of them in a folder where tantivy cannot lock."""

    def nearest() -> VectorIndex:
        with store.damage_named(folder / store.FILE, values=True):
            return vectors(connection, int(store.need_meta(connection, "shape")["dimension"]))

    try:
        return embedded.open_searcher(folder, generation, manifest, nearest)
    except embedded.DerivedFilesError:
        if store.writable(folder):
            raise
        embedded.verify(folder, manifest)  # what is damaged is not copied
        with tempfile.TemporaryDirectory(prefix="pincite-", ignore_cleanup_errors=True) as copy:
            for name in manifest.keys() - {"format"}:
                (Path(copy) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, Path(copy) / name)
            # mapped, and so it outlives the copy
            return embedded.open_searcher(Path(copy), generation, manifest, nearest)


def _overtaken(folder: Path, generation: int) -> bool:
    """Whether a sync has committed another generation, and removed the files of this one."""
    connection, newest, _ = begin_reading(folder)
    connection.close()
    return newest != generation


def mend(folder: Path, generation: int, notice: Callable[[str], None] | None = None) -> bool:
    """Write the search files of a generation again, if they still need it; True if they did."""
    with writer_lock(folder, _WAIT, notice):
        connection = store.connect(folder)
        try:
            with store.damage_named(folder / store.FILE), store.transaction(connection):
                if store.get_meta(connection, "generation") != generation:
                    return False  # a sync has committed meanwhile, with files of its own
                try:
                    embedded.opened(folder, generation, store.need_meta(connection, "files"))
                except embedded.DerivedFilesError as error:
                    if notice is not None:
                        notice(f"In {folder}, {error}: written again from {store.FILE}, nothing was embedded.")
                    write_files(connection, folder, generation)
                    return True
                return False
        finally:
            connection.close()
