"""What is looked at before the page is served: whether the index must be brought up to date, and whether it can be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from index import store
from index.errors import IndexLockedError, IndexMismatchError, IndexMissingError
from index.lock import writer_lock
from index.question_copy import lacks_copy
from index.shelf import scan
from index.snapshot import begin_reading
from rag.assistant import Assistant
from ui.health import pending
from ui.keeping import Keeper


def something_waits(keeper: Keeper, notice: Callable[[str], None] | None = None) -> bool:
    """Whether a sync has anything to do. The index is open afterwards, if there is one.

    `notice` is told of an index of an older format, which is brought up to today's.

    Raises:
        PinciteError: What would end the sync at once, and is a person's to mend: no seeds folder, a model that is
            missing, an index that is damaged, was made with other settings, or must not be written.
    """
    assistant = keeper.assistant
    settings = assistant.settings
    scan(settings.seeds, settings.max_files)
    _ = assistant.embedder.identity
    older = _taken_up(assistant, notice)
    try:
        with assistant.snapshot():
            pass
        connection, _, _ = begin_reading(settings.index)
    except IndexMissingError:
        return True
    try:
        with store.damage_named(settings.index / store.FILE):
            files = bool(pending(connection, settings.seeds, settings.limits()))
    finally:
        connection.close()
    wanted = settings.question_model == "copy" and store.writable(settings.index)
    return older or files or (wanted and lacks_copy(assistant.embedder, settings.index))


def _taken_up(assistant: Assistant, notice: Callable[[str], None] | None) -> bool:
    """Begin an index where there is none, or take up one of an older format, as a sync does; whether that was needed.

    Where another process is writing, that is left to the sync, which waits for it.
    """
    folder = assistant.settings.index
    try:
        begin_reading(folder)[0].close()
    except (IndexMissingError, IndexMismatchError):
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(IndexLockedError), writer_lock(folder, 0):
            store.connect(folder, create=True, notice=notice).close()
        return True
    return False
