"""The assistant that `rag.answer` uses: one for each set of settings, kept while the process lives."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rag.assistant import Assistant
from rag.settings import Settings, load_settings


def default_assistant() -> Assistant:
    """The assistant for the settings in force here and now, so that a change of folder or setting is heeded."""
    settings = load_settings()
    return _kept(settings, settings.seeds.absolute(), settings.index.absolute())


@lru_cache(maxsize=4)
def _kept(settings: Settings, seeds: Path, index: Path) -> Assistant:
    return Assistant(seeds, index, settings=settings)
