"""The seeds folder as it is on disk."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import IndexUnavailableError, ShelfTooLargeError, UsageError

_UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".opdownload", ".tmp", ".swp")
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_SHORT = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
_NO_FILE = "a pipe, a device or a folder has taken its place"


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file in the seeds folder: its name relative to it, size in bytes, time of change in nanoseconds.

    `problem` says why it can be no document, a folder that cannot be listed included; then the size and time are those
    under which it is noted as skipped. It is `passing` where it may be over in a moment and says nothing of what was
    read before: a disk that fails, a share that is gone. A name that is not Unicode is given with escapes. `path` is
    that of the file itself, where the name is that of a link to it.
    """

    name: str
    path: Path
    size: int
    modified: int
    problem: str = ""
    passing: bool = False

    def open(self) -> BinaryIO:
        """The file, open for reading.

        Raises:
            OSError: It cannot be read; also where a link, a pipe or a device has taken its place since it was listed.
        """
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            handle = os.open(self.path, flags)  # a pipe would be waited for, were it not for O_NONBLOCK
        except BlockingIOError:  # another program holds a lease, which it gives up for who waits
            handle = os.open(self.path, flags & ~getattr(os, "O_NONBLOCK", 0))
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(errno.EINVAL, _NO_FILE, os.fspath(self.path))
        return os.fdopen(handle, "rb")

    def read(self, most: int = -1) -> bytes:
        """The file's bytes; no more than `most` of them, where that is given.

        Of a file that grows meanwhile it may be the beginning.

        Raises:
            OSError: See `open`.
        """
        with self.open() as file:
            there = os.fstat(file.fileno()).st_size + 1  # room is made for as many as are asked for
            return file.read(there if most < 0 else min(most, there))


def untrusted(modified: int) -> int:
    """What is stored for a time of change that does not tell whether the file is still the same.

    No sync takes it for the file's own, and yet it says with which time the file was read.
    """
    return -modified or -1


def own(error: OSError) -> OSError:
    """The error of a file or folder of the shelf, if it is its own.

    Raises:
        IndexUnavailableError: The system is short of memory or of open files: any other would be refused as well.
    """
    if error.errno in _SHORT:
        name = error.filename or "A file of the shelf"
        raise IndexUnavailableError(
            f"{name}: cannot be read now ({error.strerror}); the index stays as it was.",
            "end other programs, then run pincite index again",
        ) from error
    return error


def ignored(name: str) -> bool:
    """Whether a file's name, without its folder, is that of a hidden file or an unfinished download."""
    return name.startswith((".", "~$")) or name.lower().endswith(_UNFINISHED)


def scan(seeds: Path, most: int | None = None) -> list[SeedFile]:
    """Every file below `seeds`, sorted by name. Hidden files and unfinished downloads are no documents.

    A folder below it that cannot be listed is given as one entry with a problem.

    Args:
        seeds: The folder.
        most: How many files it may have; any number if None.

    Raises:
        UsageError: `seeds` is not a folder that can be listed.
        ShelfTooLargeError: It has more than `most` files.
        IndexUnavailableError: See `own`.
    """
    if not seeds.is_dir():
        raise UsageError(
            f"There is no seeds folder {seeds}.", "name one with --seeds DIR or PINCITE_SEEDS, or create it"
        )
    found: list[SeedFile] = []
    home = seeds.resolve()

    def refuse(error: OSError) -> None:
        path = Path(own(error).filename)
        if path == seeds:
            raise UsageError(f"The seeds folder cannot be listed: {error.filename}: {error.strerror}.")
        if not isinstance(error, FileNotFoundError):  # else it is gone since it was listed
            name = f"{_shown(path.relative_to(seeds).as_posix())}/"
            said = f"{name}: the folder cannot be listed ({error.strerror})."
            found.append(SeedFile(name, path, 0, -1, said, error.errno not in _FORBIDDEN))

    for folder, folders, files in os.walk(seeds, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            path = Path(folder) / name
            if os.path.islink(path):  # noqa: PTH114  os.walk passes it over; pathlib raises where it may not look
                shown = f"{_shown(path.relative_to(seeds).as_posix())}/"
                found.append(SeedFile(shown, path, 0, -1, f"{shown}: a link to a folder; copy the folder itself."))
        above = Path(folder)
        below = "" if above == seeds else f"{above.relative_to(seeds).as_posix()}/"
        for file in files:
            if ignored(file):
                continue
            path = above / file
            try:
                # One question to the system for each file: the page asks for the whole shelf every few seconds.
                state, real = path.lstat(), path
                if stat.S_ISLNK(state.st_mode):
                    state, real = path.stat(), path.resolve(strict=True)
            except (OSError, RuntimeError) as error:  # gone since it was listed, a link to nothing or to itself
                if isinstance(error, OSError) and own(error).errno not in _GONE:
                    name = _shown(below + file)
                    said = f"{name}: cannot be looked at ({error.strerror})."
                    found.append(SeedFile(name, path, 0, -1, said, error.errno not in _FORBIDDEN))
                continue
            if not stat.S_ISREG(state.st_mode):
                continue
            inside = real is path or real.is_relative_to(home)
            found.append(_seed(below + file, real, state, inside))
        if most is not None and len(found) > most:  # and not at the end: it may be a whole disk
            raise ShelfTooLargeError(
                f"{seeds} has more than {most:,} files (setting max_files); none was read.",
                "name a folder of reviews with --seeds DIR, or raise max_files",
            )
    return sorted(found, key=lambda seed: seed.name)


def _seed(raw: str, path: Path, state: os.stat_result, inside: bool) -> SeedFile:
    name = _shown(raw)
    problem = ""
    if name != raw:
        problem = f"{name}: the name is not Unicode; rename the file."
    elif not inside:
        problem = f"{name}: a link to a file outside the seeds folder; copy the file into it."
    return SeedFile(name, path, state.st_size, -1 if problem else state.st_mtime_ns, problem)


def _shown(raw: str) -> str:
    return raw.encode("utf-8", "backslashreplace").decode()
