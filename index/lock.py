"""One writer at a time, across processes."""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import IndexLockedError, IndexUnavailableError

_FILE = "writer.lock"
_OWNER = "writer.json"
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_UNNOTICED = 2.0  # seconds


@contextmanager
def writer_lock(folder: Path, wait: float, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the writer's lock of an index folder.

    The operating system frees the lock of a process that dies, however it dies.

    Args:
        folder: The index folder; it must exist.
        wait: Seconds to wait for another writer.
        on_wait: Told once, in words, who is being waited for, if the wait is one that a person notices.

    Raises:
        IndexLockedError: The other writer did not finish in time; says who it is.
        IndexUnavailableError: The folder cannot be written to.
    """
    lock = FileLock(folder / _FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if on_wait is not None and wait > _UNNOTICED:
            on_wait(f"Waiting for {owner(folder)}, which is writing the index.")
        try:
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise IndexLockedError(
                f"The index in {folder} is being written by {owner(folder)}; try again when it is done."
            ) from error
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        raise IndexUnavailableError(
            f"The index in {folder} cannot be written: {error.strerror}.", f"chmod -R u+w {folder}"
        ) from error
    note = folder / _OWNER
    try:
        with suppress(OSError):  # it only tells others who we are
            note.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def owner(folder: Path) -> str:
    """Who holds the lock, in words."""
    try:
        note = json.loads((folder / _OWNER).read_text(encoding="utf-8"))
        return f"process {note['pid']} on {note['host']}"
    except (OSError, ValueError, KeyError, TypeError):  # between lock and note, or just released
        return "another process"
