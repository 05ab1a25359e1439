"""Pages of PDFs as pictures: drawn in another process, with limits, and kept while they are looked at."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from index.errors import UnreadableFileError
from index.limits import Limits
from index.originals import OriginalError, original
from index.reading import ReadingPool
from rag.assistant import Assistant

STEP, NARROWEST, WIDEST = 200, 400, 2000
"""Widths in pixels that pictures are drawn in."""

_LIMITS = Limits(seconds=15.0, megabytes=768, workers=2)
_KEPT = 96 << 20  # bytes of pictures
_FAILED = 1 << 16  # what a page that cannot be drawn counts for
_OPEN, _OPEN_BYTES = 2, 200 << 20  # files kept for their next page, and their bytes in all
_FILES = 256  # files known to be those that were indexed


_State = tuple[str, str, int, int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of a document as it was indexed, in a width."""

    name: str
    digest: str
    number: int
    width: int


class PageImages:
    """Draws pages; a page is drawn once while it is kept. Safe to use from many threads.

    Args:
        assistant: Whose shelf the files are on.
        kept: Bytes of pictures that are kept.
        limits: What drawing one page may take.
    """

    def __init__(self, assistant: Assistant, kept: int = _KEPT, limits: Limits = _LIMITS) -> None:
        self._settings = assistant.settings
        self._most = kept
        self._pool = ReadingPool(limits)
        self._threads = ThreadPoolExecutor(self._pool.workers, thread_name_prefix="pages")
        self._lock = threading.Lock()
        self._pictures: OrderedDict[Wanted, bytes | UnreadableFileError] = OrderedDict()
        self._size = 0
        self._same: OrderedDict[_State, None] = OrderedDict()
        self._files: OrderedDict[_State, bytes] = OrderedDict()  # those that were read last
        # The processes end with whoever asked for them, whether or not `close` was called.
        self._end = weakref.finalize(self, _end, self._threads, self._pool)

    def draw(self, wanted: Wanted) -> Future[bytes]:
        """Begin to draw a page, or find it. The future raises PinciteError where it cannot be drawn."""
        return self._threads.submit(self._draw, wanted)

    @property
    def held(self) -> int:
        """Bytes of the pictures that are kept."""
        with self._lock:
            return self._size

    def problem(self, name: str, digest: str) -> str:
        """Why a document's pages cannot be shown, or ""; a file is read once while it looks the same."""
        key = self._state(name, digest)
        if key is None:
            return f"{name}: the file is no longer in the seeds folder."
        with self._lock:
            if key in self._same:
                return ""
        try:
            self._original(name, digest)
        except OriginalError as error:
            return error.message
        with self._lock:
            self._same[key] = None
            if len(self._same) > _FILES:
                self._same.popitem(last=False)
        return ""

    def close(self) -> None:
        """End the processes that draw."""
        self._end()
        with self._lock:
            self._files.clear()

    def _original(self, name: str, digest: str) -> bytes:
        """The file's bytes; of the last files they are kept while these look the same, so that a book is read once."""
        key = self._state(name, digest)
        with self._lock:
            if key is not None and key in self._files:
                self._files.move_to_end(key)
                return self._files[key]
        data = original(self._settings.seeds, name, digest, self._settings.max_file_megabytes)
        if key is not None and len(data) <= _OPEN_BYTES:
            with self._lock:
                self._files[key] = data
                self._files.move_to_end(key)
                while len(self._files) > _OPEN or sum(map(len, self._files.values())) > _OPEN_BYTES:
                    self._files.popitem(last=False)
        return data

    def _state(self, name: str, digest: str) -> _State | None:
        """What tells that a file is still the same, without reading it; None if it is not there."""
        try:
            state = (self._settings.seeds / name).stat()
        except (OSError, ValueError):
            return None
        return name, digest, state.st_size, state.st_mtime_ns, state.st_ino

    def _draw(self, wanted: Wanted) -> bytes:
        with self._lock:
            known = self._pictures.get(wanted)
            if known is not None:
                self._pictures.move_to_end(wanted)
        if known is None:
            known = self._drawn(wanted)
        if isinstance(known, UnreadableFileError):
            raise UnreadableFileError(known.message)
        return known

    def _drawn(self, wanted: Wanted) -> bytes | UnreadableFileError:
        data = self._original(wanted.name, wanted.digest)
        made: bytes | UnreadableFileError
        try:
            made = self._pool.picture(wanted.name, data, wanted.number, wanted.width).result().value
        except UnreadableFileError as error:  # kept as well: a page that takes too long is not tried again and again
            made = error
        with self._lock:
            if wanted not in self._pictures:
                self._pictures[wanted] = made
                self._size += _weight(made)
            while self._size > self._most and len(self._pictures) > 1:
                self._size -= _weight(self._pictures.popitem(last=False)[1])
        return made


def width(asked: str) -> int:
    """The width that a page is drawn in: one of a few, so that the same picture serves many screens."""
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else WIDEST
    return min(max(-(-wanted // STEP) * STEP, NARROWEST), WIDEST)


def _weight(made: bytes | UnreadableFileError) -> int:
    return len(made) if isinstance(made, bytes) else _FAILED


def _end(threads: ThreadPoolExecutor, pool: ReadingPool) -> None:
    pool.__exit__(None, None, None)
    threads.shutdown(cancel_futures=True)
