"""Watching the seeds folder: a change is told once the files stand still."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from index.errors import PinciteError
from index.report import Progress, ProgressCallback
from index.shelf import ignored, scan

_QUIET = 0.7  # seconds in which nothing may change before files are read
_WAKE = 0.25  # seconds between looks at the clock
_LOOK = 30.0  # seconds between looks at the folder itself: not every file system tells of changes
_POLL = 5.0  # the same where the system cannot watch at all
_AGAIN, _AT_MOST = 2.0, 60.0  # seconds before another try after a failure; doubled each time, up to the second
_END = 10.0  # seconds that a step of `changed` may take to its end; it is waited for no longer
_log = logging.getLogger(__name__)

State = tuple[tuple[str, int, int], ...]


class StoppedError(Exception):
    """The watching was ended while a change was being taken in."""


class Watcher:
    """Calls `changed` when files in a folder have changed and stand still; in a thread of its own, while it is open.

    `changed` is also called once at the beginning, for what happened before. If it raises, that is told once, and it
    is called again later.

    Args:
        seeds: The folder; it may vanish and come back.
        changed: What to do about it.
        notice: Told, in words, of what goes wrong and of its end.
        quiet: Seconds in which nothing may change before `changed` is called.
        most: How many files the folder may have; any number if None.
    """

    def __init__(
        self,
        seeds: Path,
        changed: Callable[[], object],
        *,
        notice: Callable[[str], None] | None = None,
        quiet: float = _QUIET,
        most: int | None = None,
    ) -> None:
        self._seeds = seeds
        self._changed = changed
        self._notice = notice or _log.warning
        self._quiet, self._most = quiet, most
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
        self._said = ""
        self._dirty, self._since = True, time.monotonic()
        self._last: State | None = None  # the folder when it was last looked at
        self._done: State | None = None  # the folder as `changed` has seen it
        self._looked, self._every = 0.0, _LOOK
        self._retry = (0.0, _AGAIN)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(_END)

    def interruptible(self, progress: ProgressCallback | None = None) -> ProgressCallback:
        """A progress callback that ends a sync when the watching ends.

        Args:
            progress: Called as well.
        """

        def tell(at: Progress) -> None:
            if self._stop.is_set():
                raise StoppedError
            if progress is not None:
                progress(at)

        return tell

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._seeds.is_dir():
                self._say(f"The seeds folder {self._seeds} is gone; waiting for it to come back.")
                self._dirty, self._done = True, None
                self._stop.wait(_WAKE)
                continue
            home = _identity(self._seeds)
            for seen in self._events():
                if seen:
                    self._dirty, self._since, self._last = True, time.monotonic(), None
                self._consider()
                if self._stop.is_set() or _identity(self._seeds) != home:
                    break

    def _events(self) -> Iterator[bool]:
        """Again and again, whether something happened that may concern the shelf."""
        from watchfiles import Change, watch

        self._every = _LOOK
        try:
            for events in watch(
                self._seeds,
                watch_filter=None,  # an event passed over by a filter would not wake us
                debounce=400,
                rust_timeout=int(_WAKE * 1000),
                yield_on_timeout=True,
                stop_event=self._stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                yield any(self._concerns(Path(path)) for _, path in events)
                if (Change.deleted, str(self._seeds)) in events:  # another may stand there by now
                    return
        except FileNotFoundError:
            return
        except OSError as error:  # the system's count of watches is used up, say
            self._say(f"{self._seeds} cannot be watched ({error}); it is looked at every {_POLL:g} seconds.")
            self._every = _POLL
            while not self._stop.wait(_WAKE):
                yield False

    def _concerns(self, path: Path) -> bool:
        """Whether a path may be a document's, or a folder's."""
        try:
            parts = path.relative_to(self._seeds).parts
        except ValueError:  # by the folder's other name, where it is a link
            return True
        return not any(part.startswith(".") for part in parts) and not (parts and ignored(parts[-1]))

    def _consider(self) -> None:
        """Call `changed`, if something changed and stands still since."""
        now = time.monotonic()
        due, pause = self._retry
        if not self._dirty:
            if now - self._looked < self._every:
                return
        elif now - self._since < self._quiet or now < due:
            return
        try:
            state = self._state()
            if state is None:
                return
            self._changed()
            self._retry, self._said = (0.0, _AGAIN), ""
            self._dirty, self._done = False, state
        except StoppedError:
            return
        except PinciteError as error:
            self._fail(str(error), pause)
        except Exception as error:  # noqa: BLE001  whatever one change did, the next is watched for
            _log.debug("A change could not be taken in", exc_info=True)
            self._fail(f"The change could not be taken in: {error}.", pause)

    def _state(self) -> State | None:
        """The folder, if it is other than `changed` has seen it and the same as a moment ago."""
        state = tuple((file.name, file.size, file.modified) for file in scan(self._seeds, self._most))
        self._looked = time.monotonic()
        if state == self._done:
            self._dirty, self._last = False, None
            return None
        if state != self._last:
            self._dirty, self._since, self._last = True, self._looked, state
            return None
        return state

    def _fail(self, words: str, pause: float) -> None:
        self._say(words)
        self._retry = (time.monotonic() + pause, min(2 * pause, _AT_MOST))

    def _say(self, words: str) -> None:
        if words != self._said:
            self._said = words
            self._notice(words)


def _identity(folder: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        state = os.stat(folder)  # noqa: PTH116  a thousand times an hour
        return state.st_dev, state.st_ino
    return None
