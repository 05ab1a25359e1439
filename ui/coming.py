"""An answer on its way: made in a thread, waited for by the page, called off when nobody waits any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from concurrent.futures import Executor
from contextlib import closing, suppress
from typing import Self

from rag.answers import Draft
from ui.turns import Turn


class Coming:
    """What comes of a question: only the newest is kept, for each draft holds those before it.

    To be used in the event loop that made it, as a context: whoever leaves it calls the rest off.

    Args:
        steps: Drafts, and the turn last; closed once it is called off.
        pool: Where it is made; a thread of its own if None, as for what may wait long for others.
    """

    def __init__(self, steps: Generator[Draft | Turn, None, None], pool: Executor | None = None) -> None:
        self._steps = steps
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()
        self._newest: Draft | Turn | None = None
        self._over = threading.Event()
        if pool is not None:
            pool.submit(self._make)
        else:
            threading.Thread(target=self._make, daemon=True, name="writing").start()

    async def newest(self, seconds: float) -> Draft | Turn | None:
        """What has come since this was last asked, waited for that long; None if nothing has."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may overlook that it is called off
                await self._came.wait()
        found, self._newest = self._newest, None
        self._came.clear()
        return found

    def _make(self) -> None:
        with closing(self._steps) as steps:
            for step in steps:
                if self._over.is_set():
                    return
                with suppress(RuntimeError):  # the server has ended meanwhile
                    self._loop.call_soon_threadsafe(self._take, step)

    def _take(self, step: Draft | Turn) -> None:
        self._newest = step
        self._came.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
