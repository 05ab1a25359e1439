"""Putting files on the shelf and taking them off it: what the Library does, without its page."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal
from uuid import uuid4

from index.catalogues import ENDING
from index.changes import skipped
from index.errors import PinciteError, UnreadableFileError, UsageError
from index.readers import sniff
from index.shelf import ignored
from rag.assistant import Assistant
from rag.settings import Settings

REMOVED = ".removed"
"""The folder, within that of the index, to which removed files are moved; hidden, so that it is never a shelf."""

_LEFT = 1 << 30
"""Bytes of a disk that uploads leave free, or a twentieth of a small one: the index and others need room as well."""
_LONGEST = 180  # bytes of a name: most systems allow 255, and " (2)" or a copy's name must fit as well
_ENDING = 12  # characters of an ending that is kept when a name is cut
_PATH = re.compile(r"[/\\]")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")
_NAMELESS = "document"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of an uploaded file. `name` is that in the seeds folder; `words` say why it was refused."""

    name: str
    became: Literal["added", "known", "refused"]
    words: str = ""


def safe_name(given: str) -> str:
    """A file name that any system takes, from whatever name was given: no path, nothing hidden or reserved."""
    name = unicodedata.normalize("NFC", _PATH.split(given)[-1])
    name = " ".join(_NOT_IN_NAMES.sub("", name).split()).strip(". ~$") or _NAMELESS
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _ENDING:
        stem, dot, ending = name, "", ""
    while ending and len(f"{stem}.{ending}".encode()) > _LONGEST:
        stem = stem[:-1]
    while len(f"{stem}{dot}{ending}".encode()) > _LONGEST:
        stem = stem[:-1]
    name = f"{stem.strip('. ') or _NAMELESS}{dot}{ending}"
    return f"_{name}" if _RESERVED.match(name) else name


def receive(settings: Settings, upload: Path, given: str, room: bool = True) -> Arrival:
    """Move an uploaded file into the seeds folder: whole or not at all, and never over another file.

    Args:
        settings: Those of the assistant.
        upload: The file as it was uploaded; it is gone afterwards.
        given: The name that it had on the computer it comes from.
        room: Whether the shelf has fewer files than it may.
    """
    name = safe_name(given)
    try:
        if ignored(name):
            return Arrival(name, "refused", f"{name}: its name is that of an unfinished download; rename it.")
        limit = settings.max_file_megabytes
        if upload.stat().st_size > limit << 20:
            return Arrival(name, "refused", f"{name}: larger than {limit} MB (setting max_file_megabytes).")
        if not room:
            most = f"{settings.max_files:,}"
            return Arrival(name, "refused", f"{name}: the shelf has {most} files, and no more are taken (max_files).")
        if is_nearly_full(settings.seeds, upload.stat().st_size):
            return Arrival(name, "refused", f"{name}: the disk that holds {settings.seeds} is nearly full; free some.")
        data = upload.read_bytes()
        if PurePath(name).suffix.lower() != ENDING:
            sniff(name, data)  # a sort of file that is not read never comes onto the shelf
        return _place(settings.seeds, name, data)
    except UnreadableFileError as error:
        return Arrival(name, "refused", error.message)
    except OSError as error:
        return Arrival(name, "refused", f"{name}: {_refusal(error, settings.seeds)}")
    finally:
        with suppress(OSError):
            upload.unlink()
            upload.parent.rmdir()  # made for this one file; left where it holds another


def is_nearly_full(folder: Path, more: int = 0) -> bool:
    """Whether so many bytes more would leave too little room on the disk of a folder, or of the one above it."""
    there = next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), None)
    if there is None:
        return False  # for what is wrong, others have the words
    disk = shutil.disk_usage(there)
    return disk.free - more < min(_LEFT, disk.total // 20)


def remove(assistant: Assistant, name: str) -> Path:
    """Take a file off the shelf: it is moved into the index folder, and where to is returned.

    Args:
        assistant: Whose shelf it is.
        name: As the index lists it, among the documents or the files that could not be read.

    Raises:
        UsageError: The index does not list it.
        PinciteError: It cannot be moved; says why.
    """
    settings = assistant.settings
    with assistant.snapshot() as snapshot:
        listed = name in snapshot.contents or any(name == one for one, _ in skipped(settings.index))
    file = settings.seeds / name
    if not listed or name.endswith("/") or not (file.is_file() or file.is_symlink()):
        raise UsageError(f"Not on the shelf: {name}.")
    try:
        trash = settings.index / REMOVED
        trash.mkdir(parents=True, exist_ok=True)
        to = next(path for path in _free(trash, file.name) if _reserve(path))
        _move(file, to)
    except OSError as error:
        raise PinciteError(f"{name} cannot be removed: {_refusal(error, settings.index)}") from error
    return to


def _place(seeds: Path, name: str, data: bytes) -> Arrival:
    """Write a file beside its place, under a name that the shelf ignores, and only then give it its own."""
    if not seeds.is_dir():
        raise UnreadableFileError(f"{name}: there is no seeds folder {seeds}.")
    digest = hashlib.sha256(data).digest()
    temporary = seeds / f".{uuid4().hex}.part"
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        for path in _free(seeds, name):
            if _taken(path):
                if path.is_file() and _digest(path) == digest:
                    return Arrival(path.name, "known")
            elif _name(temporary, path):
                return Arrival(path.name, "added")
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    raise AssertionError  # there is always a next name


def _name(temporary: Path, path: Path) -> bool:
    """Give a file its name; False if another took it in this moment."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without second names
        if not _reserve(path):
            return False
        _move(temporary, path)
    return True


def _reserve(path: Path) -> bool:
    """Take a name, with an empty file; False if it is taken."""
    try:
        path.open("xb").close()
    except FileExistsError:
        return False
    return True


def _move(file: Path, to: Path) -> None:
    """Move a file to a name that was reserved for it; where that fails, the name is free again."""
    try:
        try:
            file.replace(to)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            shutil.copy2(file, to)  # onto another disk
            file.unlink()
    except OSError:
        with suppress(OSError):
            to.unlink()
        raise


def _free(folder: Path, name: str) -> Iterator[Path]:
    """The paths "name.pdf", "name (2).pdf", "name (3).pdf" and so on."""
    yield folder / name
    pure = PurePath(name)
    number = 2
    while True:
        yield folder / f"{pure.stem} ({number}){pure.suffix}"
        number += 1


def _taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _refusal(error: OSError, folder: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"the disk that holds {folder} is full; free some space and try again."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{folder} cannot be written to ({error.strerror}); ask whoever keeps it."
    return f"{error.strerror or error}."
