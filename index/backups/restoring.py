"""Putting a backup back: everything is unpacked beside the index and checked there, and one commit makes it count."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from index import embedded, store
from index.backups import aside, shelving
from index.backups.archive import Archive, opened
from index.backups.copying import copy_pages
from index.backups.disk import give_name, onto_disk
from index.backups.manifest import DATABASE, INDEX, OWN, Manifest
from index.digests import sha256_of
from index.errors import (
    BackupError,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
    PinciteError,
    UsageError,
)
from index.lock import writer_lock
from index.opening import open_snapshot
from index.report import Progress, ProgressCallback
from index.snapshot import begin_reading


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was put back: its documents, files put on the shelf, and those that were there already.

    `generation` is the number that it has now: that of the backup, or the next one of the index that was there.
    """

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

    Killed at any moment it leaves the index as it was, or the restored one; a damaged one may be left aside, which the
    next try puts back. Files that were put on the shelf stay there, and the next try passes them over. Those who ask
    meanwhile are answered from the index as it was. Files that are on the shelf and not in the backup stay: the next
    sync takes them in.

    Args:
        file: The backup. All of it is read and checked before anything is written.
        folder: The index folder; made if it is not there.
        seeds: The seeds folder; made if the backup has files for it.
        with_seeds: Whether the files of the shelf are put back too.
        force: Go over an index that is there, and over files on the shelf that are others.
        progress: Told of every step; in megabytes.
        notice: Told, in words, of what a person should know.
        wait: Seconds to wait for another writer of the index.

    Raises:
        UsageError: There is no such backup; or `force` is off, and it would go over something.
        BackupError: The backup is damaged or a newer Pincite's, or it cannot be written where it belongs.
        IndexLockedError: Another process is still writing the index after `wait` seconds.
        IndexUnavailableError: The system does not let the index be written now.
        IndexMismatchError: A newer Pincite wrote the index that is there.
    """
    tell, say = progress or (lambda _: None), notice or (lambda _: None)
    with _failures_named(file, folder) as reached, opened(file) as archive:
        members = archive.manifest.shelf() if with_seeds else {}
        _refuse(folder, force)
        shelving.lacking(seeds, members, force)
        archive.verify(tell)
        folder.mkdir(parents=True, exist_ok=True)
        with writer_lock(folder, wait, notice):
            aside.settle(folder)
            number = max(archive.manifest.generation, _refuse(folder, force) + 1)  # somebody may have written it
            staging = folder / embedded.STAGING
            shutil.rmtree(staging, ignore_errors=True)  # of a restore that was killed
            try:
                documents = _unpack(archive, staging, number, tell)
                damaged = aside.damaged(folder)
                names = shelving.lacking(seeds, members, force)
                reached.shelf = bool(names)
                shelving.place(archive, seeds, names, force, tell)
                _put_own_back(staging, folder, say)
                with aside.live(folder, damaged) as live:
                    _commit(staging, live, folder, number, tell)
                    reached.committed = True
                    tell(Progress("Committed", 1, 1))
                embedded.remove_others(folder, number)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    return RestoreReport(file, number, documents, tuple(names), tuple(sorted(members.keys() - set(names))))


def _refuse(folder: Path, force: bool) -> int:
    """Refuse to go over an index, unless that is wanted; its generation, 0 where there is none to be read."""
    generation = 0
    try:
        connection, generation, _ = begin_reading(folder)
        connection.close()
        found = f"generation {generation}"
    except IndexMissingError:
        return 0
    except (IndexDamagedError, IndexMismatchError) as error:
        found = error.message.rstrip(".")
    if not force:
        raise UsageError(
            f"There is an index in {folder} already ({found}), and nothing was changed.",
            "name another folder with --index DIR, or replace the index with --force",
        )
    return generation


def _unpack(archive: Archive, staging: Path, number: int, tell: ProgressCallback) -> int:
    """Unpack an index, look at all of it and write its search files; how many documents it has.

    An older format is brought up to today's first.

    Raises:
        BackupError: It is not what the backup says.
        IndexUnavailableError: The system does not let it be written now.
    """
    manifest = archive.manifest
    staging.mkdir()
    tell(Progress("Unpacking the index", 0, 1))
    for name in {DATABASE, INDEX + OWN} & manifest.members.keys():
        archive.unpack(name, staging / name.removeprefix(INDEX))
    tell(Progress("Checking the index", 0, 1))
    try:
        with closing(store.connect(staging, create=True)) as connection:
            store.look_over(connection, staging / store.FILE)
            _same(connection, manifest)
            with store.transaction(connection):
                store.put_meta(connection, "generation", number)
                store.put_meta(connection, "files", {"format": ""})  # they are in no backup
        tell(Progress("Writing search files", 0, 1))
        with closing(open_snapshot(staging)) as snapshot:
            return len(snapshot.names)
    except IndexUnavailableError:
        raise
    except (PinciteError, sqlite3.Error, ValueError, TypeError, LookupError, AttributeError) as error:
        said = error.message if isinstance(error, PinciteError) else str(error)
        raise BackupError(
            f"{archive.file} is damaged: {DATABASE} in it cannot be opened ({said.rstrip('.')})."
        ) from error


def _same(connection: sqlite3.Connection, manifest: Manifest) -> None:
    found = (store.need_meta(connection, "generation"), store.need_meta(connection, "corpus"))
    if found != (manifest.generation, manifest.corpus):
        raise BackupError(f"It is not that of generation {manifest.generation}.")


def _commit(staging: Path, live: sqlite3.Connection, folder: Path, number: int, tell: ProgressCallback) -> None:
    """Search files first, then SQLite's commit, as in a sync; files of a commit that fails the next sync removes."""
    home = f"lexical-{number}"
    with closing(store.connect(staging)) as staged:
        tell(Progress("Putting the search files back", 0, 1))
        shutil.rmtree(folder / home, ignore_errors=True)  # of no generation that is committed, or damaged
        (staging / home).rename(folder / home)
        onto_disk(folder)
        with store.damage_named(folder / store.FILE):
            copy_pages(staged, live, "Putting the index back, MB", tell)


def _put_own_back(staging: Path, folder: Path, say: Callable[[str], None]) -> None:
    """Put back what people wrote, where there is none; nobody's words are replaced."""
    theirs, ours = staging / OWN, folder / OWN
    if not theirs.exists():
        return
    if not ours.exists():
        give_name(theirs, ours, replace=False)
    elif sha256_of([theirs]) != sha256_of([ours]):
        say(f"{ours} is left as it is; the backup has another.")


@dataclass(slots=True)
class _Reached:
    """How far a restore came: whether files were being put on the shelf, and whether the index is the restored one."""

    shelf: bool = False
    committed: bool = False

    def state(self, folder: Path) -> str:
        if self.committed:
            return "the index is the restored one already"
        stays = ", and files that were put on the shelf stay there" if self.shelf else ""
        if os.path.lexists(aside.place(folder)):  # it could not be put back
            return f"the damaged index is in {aside.place(folder)} and the next try puts it back{stays}"
        return f"the index is as it was{stays}"


@contextmanager
def _failures_named(file: Path, folder: Path) -> Iterator[_Reached]:
    reached = _Reached()
    try:
        yield reached
    except IndexLockedError:
        raise
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        what = "was put back, but what it left cannot be removed" if reached.committed else "cannot be put back"
        raise BackupError(
            f"{file} {what}: {error.strerror or error}{where}; {reached.state(folder)}.",
            "see that the folders may be written to and their disk has space, then try again",
        ) from error
