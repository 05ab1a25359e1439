"""Taking a backup: one committed generation, whole, whatever is asked, indexed or synced meanwhile."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from index import store
from index.backups import manifest as manifests
from index.backups.archive import counter, opened, pack
from index.backups.copying import copy_sound
from index.backups.disk import few, give_name
from index.backups.manifest import DATABASE, INDEX, OWN, SEEDS, Manifest, Member
from index.errors import BackupError, UsageError
from index.report import Progress, ProgressCallback
from index.shelf import SeedFile, own, scan
from index.snapshot import begin_reading

# A file of the shelf that may not be read, is gone, or is none any more. Any other error may pass: a backup without
# the file would be taken for whole.
_LEFT_OUT = {errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EINVAL, errno.ENXIO}


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was backed up: the generation, its documents, files of the shelf; the size of the backup in bytes.

    `left_out` are files of the shelf that are not in the backup, for they cannot be read.
    """

    file: Path
    generation: int
    documents: int
    files: int
    bytes: int
    left_out: tuple[str, ...] = ()


def take(
    target: Path,
    folder: Path,
    seeds: Path,
    *,
    with_seeds: bool = True,
    force: bool = False,
    progress: ProgressCallback | None = None,
    notice: Callable[[str], None] | None = None,
) -> BackupReport:
    """Write a backup of the newest committed generation: whole, or not at all.

    The index is that of one moment. The files of the shelf are as they are when they are packed: what has changed in
    them since they were indexed, the first sync after a restore takes in.

    Args:
        target: The file. It has its name only when all of it has been read again and found right.
        folder: The index folder; nothing is written there.
        seeds: The seeds folder.
        with_seeds: Whether the files of the shelf come along.
        force: Replace the file if it exists.
        progress: Told of every step; in megabytes.
        notice: Told, in words, of what a person should know.

    Raises:
        UsageError: The file exists and `force` is off, or no file may be written there.
        IndexMissingError: There is no index.
        IndexDamagedError: What would be backed up is damaged.
        IndexUnavailableError: The system is short of memory or of open files.
        BackupError: The file cannot be written, or what belongs in it cannot be read.
    """
    path = _place(target, folder, seeds, force)
    tell = progress or (lambda _: None)
    connection, generation, _ = begin_reading(folder)
    with closing(connection):
        shelf = scan(seeds) if with_seeds else []
        with _failures_named(target), _beside(path) as home:
            copy, part = home / store.FILE, home / "backup"
            copy_sound(connection, folder, copy, tell)
            connection.close()  # while somebody reads, SQLite's log only grows, and packing may take long
            with part.open("xb") as stream:
                documents, left_out = _write(stream, copy, folder, shelf, tell)
                stream.flush()
                os.fsync(stream.fileno())
            copy.unlink()
            files = _verify(part, target, tell)
            size = part.stat().st_size
            try:
                give_name(part, path, force)
            except FileExistsError as error:
                raise _exists(target) from error
            tell(Progress("Done", 1, 1))
    if left_out and notice is not None:
        notice(f"Not in the backup, for they cannot be read: {few(left_out)}.")
    return BackupReport(path, generation, documents, files, size, tuple(left_out))


def _place(target: Path, folder: Path, seeds: Path, force: bool) -> Path:
    """The path to write to, links followed."""
    try:
        path = target.resolve()
        for home, what in ((seeds, "seeds"), (folder, "index")):
            if path.is_relative_to(home.resolve()):
                raise UsageError(f"{target} is in the {what} folder {home}.", "name a file elsewhere")
        if path.exists() and not path.is_file():
            raise UsageError(f"{target} is no file that a backup can be written to.", "name a file")
        if path.exists() and not force:
            raise _exists(target)
        if not path.parent.is_dir():
            raise UsageError(f"There is no folder {target.parent} to write {target.name} into.", "create it")
    except (OSError, RuntimeError, ValueError) as error:  # a link that leads to itself; a name too long, or with NUL
        raise UsageError(f"{target} cannot be written to: {getattr(error, 'strerror', None) or error}.") from error
    return path


def _exists(target: Path) -> UsageError:
    return UsageError(f"{target} exists already.", "name another file, or replace it with --force")


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A folder on the same disk, gone afterwards; one that is killed leaves it, hidden."""
    with tempfile.TemporaryDirectory(prefix=f".{path.name[:60]}.", suffix=".part", dir=path.parent) as home:
        yield Path(home)


def _write(
    stream: BinaryIO, copy: Path, folder: Path, shelf: list[SeedFile], tell: ProgressCallback
) -> tuple[int, list[str]]:
    """Pack everything; how many documents there are, and the files that were left out."""
    members: dict[str, Member] = {}
    left_out = []
    count = counter("Writing the backup, MB", copy.stat().st_size + sum(one.size for one in shelf), tell)
    with closing(sqlite3.connect(copy)) as connection:
        generation, corpus = (store.need_meta(connection, key) for key in ("generation", "corpus"))
        ((documents,),) = connection.execute("SELECT count(*) FROM documents")
    with zipfile.ZipFile(stream, "w", compresslevel=1) as packed:
        with copy.open("rb") as source:
            members[DATABASE] = pack(packed, DATABASE, source, count)
        if theirs := _own(folder):
            with theirs:
                members[INDEX + OWN] = pack(packed, INDEX + OWN, theirs, count)
        for one in shelf:
            file = _open(one)
            if file is None:
                left_out.append(one.name)
                continue
            with file:
                member = pack(packed, SEEDS + one.name, file, count)
                modified = os.fstat(file.fileno()).st_mtime_ns  # now: what changed meanwhile shall be seen to have
            members[SEEDS + one.name] = member.model_copy(update={"modified": modified})
        manifest = Manifest(
            format=manifests.FORMAT,
            pincite=version("pincite"),
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            schema_version=store.SCHEMA_VERSION,
            generation=generation,
            corpus=corpus,
            members=members,
        )
        text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1).encode()
        pack(packed, manifests.FILE, BytesIO(text), lambda _: None)
    return documents, left_out


def _own(folder: Path) -> BinaryIO | None:
    """What people wrote, open for reading, if there is any."""
    try:
        return (folder / OWN).open("rb")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unread(folder / OWN, error) from error


def _open(one: SeedFile) -> BinaryIO | None:
    """A file of the shelf, open for reading; None if it is to be left out."""
    try:
        if not one.problem:
            return one.open()
        if not one.name.endswith("/"):
            one.path.stat()  # the scan keeps no error, and a disk that fails is no reason to leave a file out
        elif not one.path.is_symlink():
            os.scandir(one.path).close()
    except OSError as error:
        if own(error).errno not in _LEFT_OUT:
            raise _unread(one.path, error) from error
    return None


def _unread(file: Path, error: OSError) -> BackupError:
    return BackupError(
        f"{file} cannot be read: {error.strerror or error}; no backup was written.",
        "see that it can be read, then try again",
    )


def _verify(part: Path, target: Path, tell: ProgressCallback) -> int:
    """Read what was written as a restore would; how many files of the shelf are in it."""
    try:
        with opened(part) as archive:
            archive.verify(tell)
            return len(archive.manifest.shelf())
    except BackupError as error:
        why = error.message.removeprefix(str(part))
        raise BackupError(f"{target} was not written whole: what was read back{why}", "try another disk") from error


@contextmanager
def _failures_named(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(
            f"{target} cannot be written: {error.strerror or error}; nothing of it is left.",
            "see that its folder may be written to and its disk has space, then try again",
        ) from error
