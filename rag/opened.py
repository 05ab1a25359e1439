"""The newest generation of an index, kept open for all who use it, whatever is synced meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from index.embedding import Embedder
from index.errors import REBUILD, IndexMismatchError
from index.question_copy import find_copy
from index.settings import differences, same_shape, shape
from index.snapshot import Snapshot
from rag.settings import Settings


class Opened:
    """Opens the newest generation when it is asked for, and lets go of an older one when its last user is done.

    Args:
        open_newest: Opens it.
    """

    def __init__(self, open_newest: Callable[[], Snapshot]) -> None:
        self._open = open_newest
        self._lock = threading.Lock()
        self._current: Snapshot | None = None
        self._users: dict[int, int] = {}  # how many answers under way use a snapshot, by its id()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The newest generation, for as long as it is used."""
        snapshot = self._take()
        try:
            yield snapshot
        finally:
            self._give_back(snapshot)

    @property
    def is_open(self) -> bool:
        """Whether a generation is open."""
        return self._current is not None

    def close(self) -> None:
        """Let go of it. Answers under way are finished first."""
        with self._lock:
            current, self._current = self._current, None
            if current is not None and not self._users.get(id(current)):
                current.close()

    def _take(self) -> Snapshot:
        with self._lock:
            if self._current is None or not self._current.is_newest():
                newest = self._open()
                older, self._current = self._current, newest
                if older is not None and not self._users.get(id(older)):
                    older.close()
            self._users[id(self._current)] = self._users.get(id(self._current), 0) + 1
            return self._current

    def _give_back(self, snapshot: Snapshot) -> None:
        with self._lock:
            self._users[id(snapshot)] -= 1
            if not self._users[id(snapshot)]:
                del self._users[id(snapshot)]
                if snapshot is not self._current:
                    snapshot.close()


def fitting(snapshot: Snapshot, settings: Settings, embedder: Embedder) -> Snapshot:
    """A generation that was just opened, if it was made with the settings in force; else it is closed.

    Raises:
        IndexMismatchError: It was made with others; says which, and the command that mends it.
    """
    wanted = shape(settings.index_settings(), embedder.identity)
    if not same_shape(snapshot.shape, wanted):
        stored = snapshot.shape
        snapshot.close()
        raise IndexMismatchError(
            f"The index in {settings.index} was made with other settings: {differences(stored, wanted)}.", REBUILD
        )
    if settings.question_model == "copy":
        find_copy(embedder, settings.index)
    return snapshot
