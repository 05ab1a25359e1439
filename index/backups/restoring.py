"""Putting a backup back: everything is unpacked beside the index and checked there, and one commit makes it count."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from index import embedded, store
from index.backups import shelving
from index.backups.archive import Archive, opened
from index.backups.copying import copy_pages
from index.backups.disk import onto_disk, room_for
from index.backups.manifest import INDEX, OWN, SEEDS, Manifest, search_files
from index.backups.proving import prove
from index.digests import sha256_of
from index.errors import (
    BackupError,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    UsageError,
)
from index.lock import LOCK, writer_lock
from index.report import Progress, ProgressCallback
from index.snapshot import begin_reading


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was put back: the generation, its documents, files put on the shelf, and those that were there already."""

    file: Path
    generation: int
    documents: int
    placed: tuple[str, ...]
    kept: tuple[str, ...]


def restore(
    file: Path,
    folder: Path,
    seeds: Path,
    *,
    with_seeds: bool = True,
    force: bool = False,
    progress: ProgressCallback | None = None,
    notice: Callable[[str], None] | None = None,
    wait: float = 600.0,
) -> RestoreReport:
    """Make an index, and the files on the shelf, what they were when a backup was taken.

    Killed at any moment it leaves the index as it was, or the restored one; files that were put on the shelf stay
    there, and the next try passes them over. Those who ask meanwhile are answered from the index as it was.

    Args:
        file: The backup.
        folder: The index folder; made if it is not there.
        seeds: The seeds folder; made if the backup has files for it.
        with_seeds: Whether the files of the shelf are put back too.
        force: Go over an index that is there, and over files on the shelf that are others.
        progress: Told of every step; in megabytes.
        notice: Told, in words, of what a person should know.
        wait: Seconds to wait for another writer of the index.

    Raises:
        UsageError: There is no such backup; or `force` is off, and it would go over something.
        BackupError: The backup is damaged or a newer Pincite's, or there is no room for it.
        IndexLockedError: Another process is still writing the index after `wait` seconds.
        IndexUnavailableError: The system does not let the index be written now.
        IndexMismatchError: A newer Pincite wrote the index that is there.
    """
    tell, say = progress or (lambda _: None), notice or (lambda _: None)
    with opened(file) as archive, _failures_named(file):
        members = archive.manifest.shelf() if with_seeds else {}
        _refuse(folder, force)
        shelving.lacking(seeds, members, force)
        size = sum(one.size for one in archive.manifest.kept().values())
        # Unpacked, and in SQLite's log before it is in its file.
        room_for({folder: 2 * size, seeds: sum(one.size for one in members.values())})
        with _made(folder, seeds), writer_lock(folder, wait, notice):
            _refuse(folder, force)  # somebody may have written it while we waited
            staging, shelf = folder / embedded.STAGING, seeds / embedded.STAGING
            try:
                _unpack(archive, staging, shelf, with_seeds, tell)
                tell(Progress("Checking what was unpacked", 0, 1))
                documents = prove(staging, archive.manifest, str(file))
                with closing(_live(folder)) as live:
                    names = shelving.lacking(seeds, members, force)
                    tell(Progress("Putting the files back", 0, len(names)))
                    shelving.place(seeds, shelf, names, members, force)
                    with closing(store.connect(staging)) as staged:
                        shelving.agree(staged, seeds, members, bool(members))
                        _commit(staged, live, staging, folder, archive.manifest, tell)
                _own(staging, folder, say)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
                shutil.rmtree(shelf, ignore_errors=True)
    kept = sorted(members.keys() - set(names))
    return RestoreReport(file, archive.manifest.generation, documents, tuple(names), tuple(kept))


def _refuse(folder: Path, force: bool) -> None:
    """Refuse to go over an index, unless that is wanted."""
    try:
        connection, generation, _ = begin_reading(folder)
        connection.close()
        found = f"generation {generation}"
    except IndexMissingError:
        return
    except (IndexDamagedError, IndexMismatchError) as error:
        found = error.message
    if not force:
        raise UsageError(
            f"There is an index in {folder} already ({found}), and nothing was changed.",
            "name another folder with --index DIR, or replace the index with --force",
        )


@contextmanager
def _made(folder: Path, seeds: Path) -> Iterator[None]:
    """The index folder; what was made here, and nothing came of it, is gone again."""
    made = [one for one in (folder, seeds) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for one in made:
            with suppress(OSError):  # something is in it, then
                if [file.name for file in one.iterdir()] == [LOCK]:
                    (one / LOCK).unlink()
                one.rmdir()
        raise


def _unpack(archive: Archive, staging: Path, shelf: Path, with_seeds: bool, tell: ProgressCallback) -> None:
    """Unpack every member, all of them checked, those that are not wanted too."""
    for folder in (staging, shelf):
        shutil.rmtree(folder, ignore_errors=True)  # of a restore that was killed
    total = sum(one.size for one in archive.manifest.members.values()) >> 20
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        tell(Progress("Unpacking, MB", done >> 20, total))

    tell(Progress("Unpacking, MB", 0, total))
    staging.mkdir()
    for name in archive.manifest.members:
        if name.startswith(SEEDS):
            to = shelf / name.removeprefix(SEEDS) if with_seeds else staging / "unwanted"
        else:
            to = staging / name.removeprefix(INDEX)
        archive.unpack(name, to, count)
        (staging / "unwanted").unlink(missing_ok=True)


def _live(folder: Path) -> sqlite3.Connection:
    """The index to go over, open for writing; what is damaged makes way, for the backup is sound."""
    try:
        connection = store.connect(folder, create=True)
        with store.damage_named(folder / store.FILE):
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return connection
    except IndexDamagedError:
        for ending in ("", "-wal", "-shm"):
            (folder / f"{store.FILE}{ending}").unlink(missing_ok=True)
        return store.connect(folder, create=True)


def _commit(
    staged: sqlite3.Connection,
    live: sqlite3.Connection,
    staging: Path,
    folder: Path,
    manifest: Manifest,
    tell: ProgressCallback,
) -> None:
    """Search files first, under a name that no index had before; then SQLite's commit, as in a sync."""
    usual = search_files(manifest.generation)
    token = uuid4().hex
    home = f"{usual.removesuffix('/')}.{token}/"
    files = {
        name.replace(usual, home, 1) if name.startswith(usual) else name: digest
        for name, digest in store.get_meta(staged, "files").items()
    }
    with store.transaction(staged):
        store.put_meta(staged, "files", files)
        store.put_meta(staged, "restored", token)  # tells readers of the same generation that it is another
    tell(Progress("Putting the search files back", 0, 1))
    (staging / usual).rename(folder / home)
    onto_disk(folder)
    committed = False
    try:
        with store.damage_named(folder / store.FILE):
            if _page_size(staged) != _page_size(live):  # which an index in use cannot change
                staged.execute("PRAGMA journal_mode = DELETE")
                staged.execute(f"PRAGMA page_size = {_page_size(live)}")
                staged.execute("VACUUM")
            copy_pages(staged, live, "Putting the index back, MB", tell)
        committed = True
    finally:
        if not committed:
            shutil.rmtree(folder / home, ignore_errors=True)
    tell(Progress("Committed", 1, 1))
    # Its own staging folder is not in the way of what comes after.
    embedded.remove_others(folder, manifest.generation, files, staging=False)


def _page_size(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA page_size").fetchone()[0])


def _own(staging: Path, folder: Path, say: Callable[[str], None]) -> None:
    """Put back what people wrote, where there is none; nobody's words are replaced."""
    for name in OWN:
        if (staging / name).exists():
            try:
                os.link(staging / name, folder / name)
            except FileExistsError:
                if sha256_of([staging / name]) != sha256_of([folder / name]):
                    say(f"{folder / name} is left as it is; the backup has another.")
            except OSError:
                (staging / name).replace(folder / name)


@contextmanager
def _failures_named(file: Path) -> Iterator[None]:
    try:
        yield
    except IndexLockedError:
        raise
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise BackupError(
            f"{file} cannot be put back: {error.strerror or error}{where}; the index is as it was.",
            "see that the folders may be written to and their disk has space, then try again",
        ) from error
