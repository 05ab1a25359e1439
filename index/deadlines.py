"""What is to be done if something is not finished in time; one thread sees to all of it.

A thread for each, as `threading.Timer` is, costs more than reading a small file; and one that finds no memory as it
starts is waited for without end.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress


class Deadlines:
    """Deadlines of many, each known by a key. Safe to use from many threads; ends with `close`."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: dict[object, tuple[float, Callable[[], None]]] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._see_to_them, name="deadlines", daemon=True)
        self._thread.start()

    def set(self, key: object, seconds: float, late: Callable[[], None]) -> None:
        """Have `late` called in so many seconds, unless that is put off or cleared; it must not block."""
        with self._changed:
            self._due[key] = time.monotonic() + seconds, late
            self._changed.notify()

    def clear(self, key: object) -> None:
        """Finished: what was to be done will not be, or has been by the time that this returns."""
        with self._changed:
            self._due.pop(key, None)

    def close(self) -> None:
        """See to none of them any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _see_to_them(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for key in [key for key, (due, _) in self._due.items() if due <= now]:
                    _, late = self._due.pop(key)
                    with suppress(OSError):  # of one of them is nothing to the others
                        late()
                first = min((due for due, _ in self._due.values()), default=None)
                self._changed.wait(None if first is None else max(0.0, first - now))
