"""The assistant that `rag.answer` uses: one for each set of settings, kept while the process lives."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from index.errors import IndexLockedError, IndexUnavailableError, PinciteError
from index.report import ProgressCallback, SyncReport
from index.snapshot import begin_reading
from rag.assistant import Assistant
from rag.settings import Settings, load_settings

_SHORT_WAIT = 2.0  # seconds, for another writer, where there is an index to answer from


def default_assistant() -> Assistant:
    """The assistant for the settings in force here and now, so that a change of folder or setting is heeded."""
    settings = load_settings()
    return _kept(settings, settings.seeds.absolute(), settings.index.absolute())


def sync_or_keep(
    assistant: Assistant, notice: Callable[[str], None], progress: ProgressCallback | None = None
) -> SyncReport | None:
    """Sync; or if another process is writing, or writing is refused, keep to the index as it is: then None.

    Raises:
        PinciteError: As `Assistant.sync` does; of a lock or of permissions only where nothing is indexed yet.
    """
    try:
        connection, generation, _ = begin_reading(assistant.settings.index)
    except PinciteError:
        return assistant.sync(progress=progress)
    connection.close()
    try:
        return assistant.sync(progress=progress, wait=min(_SHORT_WAIT, assistant.settings.lock_wait))
    except (IndexLockedError, IndexUnavailableError) as error:
        notice(f"{error.message} What follows is from the index as it is (generation {generation}).")
        return None


@lru_cache(maxsize=4)
def _kept(settings: Settings, seeds: Path, index: Path) -> Assistant:
    return Assistant(seeds, index, settings=settings)
