"""A shelf kept in step with its folder while it is watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.changes import look
from index.report import ProgressCallback, SyncReport
from index.watch import Watcher

if TYPE_CHECKING:
    from rag.assistant import Assistant

_SHORT_WAIT = 2.0  # seconds, for another writer


@contextmanager
def watched(
    assistant: Assistant,
    synced: Callable[[SyncReport], None] | None,
    progress: ProgressCallback | None,
    notice: Callable[[str], None] | None,
) -> Iterator[None]:
    """Sync in a thread of its own whenever the seeds folder has changed; see `Assistant.watch`."""
    settings = assistant.settings

    def changed() -> None:
        if look(settings.seeds, settings.index, settings.max_files):
            wait = min(_SHORT_WAIT, settings.lock_wait)  # it is tried again
            report = assistant.sync(progress=watcher.interruptible(progress), wait=wait, notice=notice)
            if synced is not None:
                synced(report)

    with Watcher(settings.seeds, changed, notice=notice, most=settings.max_files) as watcher:
        yield
