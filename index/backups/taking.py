"""Taking a backup: one committed generation, whole, whatever is asked, indexed or synced meanwhile."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from index import embedded, store
from index.backups import manifest as manifests
from index.backups.archive import pack
from index.backups.copying import copy_of
from index.backups.disk import few, onto_disk
from index.backups.listed import Listed, listed, not_listed, opened_original
from index.backups.manifest import DATABASE, INDEX, SEEDS, Manifest, Member
from index.digests import sha256_of_stream
from index.errors import BackupError, UsageError
from index.report import Progress, ProgressCallback
from index.snapshot import begin_reading

_TRIES = 3  # a sync may remove the search files between our reading SQLite and opening them


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was backed up: the generation, its documents, files of the shelf; the size of the backup in bytes.

    `left_out` are files that the index lists and that are not in the backup: gone, or not to be read. `changed` are in
    it as they are now, and not as they were indexed.
    """

    file: Path
    generation: int
    documents: int
    files: int
    bytes: int
    left_out: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


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

    Args:
        target: The file.
        folder: The index folder; nothing is written there.
        seeds: The seeds folder.
        with_seeds: Whether the files that the index lists come along.
        force: Replace the file if it exists.
        progress: Told of every step; in megabytes.
        notice: Told, in words, of what a person should know.

    Raises:
        UsageError: The file exists and `force` is off, or no file may be written there.
        IndexMissingError: There is no index.
        IndexDamagedError: What would be backed up is damaged.
        BackupError: The file cannot be written.
    """
    path = _place(target, folder, seeds, force)
    tell, say = progress or (lambda _: None), notice or (lambda _: None)
    with ExitStack() as stack:
        connection, generation, found = _begin(folder, stack)
        with store.damage_named(folder / store.FILE):
            files = listed(connection, seeds) if with_seeds else []
            if with_seeds and (fresh := not_listed(connection, seeds)):
                say(f"Not in the index, and so not in the backup: {few(fresh)}; pincite index takes them in.")
        with _failures_named(target):
            beside = tempfile.TemporaryDirectory(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
            part = Path(stack.enter_context(beside)) / "backup"
            scratch = stack.enter_context(copy_of(connection, folder, part, generation, sorted(found), tell))
            with part.open("xb") as stream:
                report = _write(path, stream, scratch, found, files, folder, tell)
                stream.flush()
                os.fsync(stream.fileno())
            _name(part, path, force)
    for names, words in (
        (report.left_out, "Not in the backup, for the file is gone or cannot be read"),
        (report.changed, "In the backup as it is now, not as it was indexed"),
    ):
        if names:
            say(f"{words}: {few(names)}; pincite index brings the index up to date.")
    return report


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
            raise UsageError(f"{target} exists already.", "name another file, or replace it with --force")
        if not path.parent.is_dir():
            raise UsageError(f"There is no folder {target.parent} to write {target.name} into.")
    except (OSError, RuntimeError, ValueError) as error:  # a link that leads to itself; a name too long, or with NUL
        raise UsageError(f"{target} cannot be written to: {getattr(error, 'strerror', None) or error}.") from error
    return path


def _begin(folder: Path, stack: ExitStack) -> tuple[sqlite3.Connection, int, dict[str, BinaryIO]]:
    """A read transaction, and the search files of its generation, open: so they outlast a sync that removes them.

    Where one is missing or damaged there are none: a restore writes them again.
    """
    for turn in range(_TRIES):
        connection, generation, manifest = begin_reading(folder)
        home = embedded.home(folder, generation, manifest).name
        with ExitStack() as files:
            files.callback(connection.close)
            found: dict[str, BinaryIO] = {}
            try:
                for name, digest in manifest.items():
                    if name != "format":
                        found[name.removeprefix(f"{home}/")] = file = files.enter_context((folder / name).open("rb"))
                        if sha256_of_stream(file) != digest:
                            raise FileNotFoundError(name)
                        file.seek(0)
            except OSError:
                if turn < _TRIES - 1:
                    continue
                found = {}
            stack.push(files.pop_all())
            return connection, generation, found
    raise AssertionError  # the last turn returns


def _write(
    path: Path,
    stream: BinaryIO,
    scratch: Path,
    found: dict[str, BinaryIO],
    files: list[Listed],
    folder: Path,
    tell: ProgressCallback,
) -> BackupReport:
    members: dict[str, Member] = {}
    left_out, changed = [], []
    total = (scratch.stat().st_size + sum(file.size for file in files)) >> 20
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        tell(Progress("Writing the backup, MB", min(done >> 20, total), total))

    connection = sqlite3.connect(scratch)
    try:
        meta = {key: store.get_meta(connection, key) for key in ("generation", "corpus", "shape")}
        ((documents,),) = connection.execute("SELECT count(*) FROM documents")
    finally:
        connection.close()
    with zipfile.ZipFile(stream, "w", compresslevel=1) as packed:
        with scratch.open("rb") as source:
            members[DATABASE] = pack(packed, DATABASE, source, count)
        home = INDEX + manifests.search_files(meta["generation"])
        for name, file in found.items():
            members[home + name] = pack(packed, home + name, file, count)
        for name in manifests.OWN:
            with suppress(FileNotFoundError), (folder / name).open("rb") as own:
                members[INDEX + name] = pack(packed, INDEX + name, own, count)
        for one in files:
            with opened_original(one) as original:
                if original is None:
                    left_out.append(one.name)
                    continue
                member = pack(packed, SEEDS + one.name, original.stream, count)
            same = one.digest in {"", member.sha256}
            time = one.modified if same and one.modified != -1 else original.modified
            members[SEEDS + one.name] = member.model_copy(update={"modified": time})
            changed += [] if same else [one.name]
        made = datetime.now(UTC).isoformat(timespec="seconds")
        whole = Manifest(
            format=manifests.FORMAT,
            pincite=version("pincite"),
            made=made,
            schema_version=store.SCHEMA_VERSION,
            members=members,
            **meta,
        )
        text = json.dumps(whole.model_dump(mode="json"), ensure_ascii=False, indent=1).encode()
        if len(text) > manifests.LARGEST:
            raise BackupError(f"{folder} lists more files than one backup can hold.", "leave them out with --no-seeds")
        pack(packed, manifests.FILE, BytesIO(text), lambda _: None)
    size = stream.tell()
    return BackupReport(path, whole.generation, documents, len(whole.shelf()), size, tuple(left_out), tuple(changed))


def _name(part: Path, path: Path, force: bool) -> None:
    """Give what was written its name, seen onto the disk; without `force` never that of a file that has come since."""
    if force:
        if path.exists():
            part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    else:
        try:
            os.link(part, path)
        except FileExistsError as error:
            raise UsageError(f"{path} exists already.", "name another file, or replace it with --force") from error
        except OSError:  # a file system without second names
            part.replace(path)
    onto_disk(path.parent)


@contextmanager
def _failures_named(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(
            f"{target} cannot be written: {error.strerror or error}; nothing of it is left.",
            "see that its folder may be written to and its disk has space, then try again",
        ) from error
