"""Threads beside those that answer: what an answer will need is begun early."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from index.cores import cores

_Made = TypeVar("_Made")


class Beside:
    """A few threads for all answers under way. They begin when first needed, and end with this object.

    Args:
        threads: How many; 0 for one a core.
    """

    def __init__(self, threads: int = 0) -> None:
        self._threads = ThreadPoolExecutor(threads or cores(), thread_name_prefix="beside")

    def begin(self, make: Callable[[], _Made]) -> Callable[[], _Made]:
        """Begin to make something.

        Returns:
            What waits until it is made, and returns it. If no thread was free so far, whoever asks makes it.
        """
        job = self._threads.submit(make)
        return lambda: make() if job.cancel() else job.result()
