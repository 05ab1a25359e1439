"""The assistants that commands use. Nothing heavy is imported until one is asked for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rag.assistant import Assistant


_QUOTES_ALONE = "none"  # what --llm takes for that


@contextmanager
def opened(
    seeds: Path | None, index: Path | None, llm: str | None = None, notice: Callable[[str], None] | None = None
) -> Iterator[Assistant]:
    """An assistant whose index is as it is, with the language model named, else with that of the settings."""
    from rag.assistant import Assistant

    with Assistant(seeds, index, llm=llm, notice=notice or _notice) as assistant:
        yield assistant


@contextmanager
def synced(
    seeds: Path | None, index: Path | None, answers: bool = False, llm: str | None = _QUOTES_ALONE
) -> Iterator[Assistant]:
    """An assistant whose index is up to date, or cannot be written now; a bar shows what is embedded.

    For one that `answers`, the models are loaded while Python imports the rest.

    Args:
        seeds: The folder of reviews; else as the settings say.
        index: The folder of the index; else as the settings say.
        answers: Whether it will be asked something.
        llm: The language model that writes the answers, set up at once; that of the settings if None.

    Raises:
        UsageError: The language model is not named as it should be.
        PinciteError: It cannot be set up: a package or a key is missing.
    """
    with _importing():
        from rag.settings import load_settings
        from rag.warming import Models, load_ahead

        settings = load_settings(seeds=seeds, index=index, llm=llm)
        models = load_ahead(settings) if answers else Models()

        from rag.assistant import Assistant
        from rag.default import sync_or_keep
        from ui.console import progress_bar

    with Assistant(settings=settings, embedder=models.embedder, reader=models.reader, notice=_notice) as assistant:
        if assistant.writer:
            assistant.writer.open()
        with progress_bar() as progress:
            sync_or_keep(assistant, _notice, progress)
        yield assistant


@contextmanager
def _importing() -> Iterator[None]:
    """Look for no garbage meanwhile: what is imported stays, and to look through it took a tenth of a first answer."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _notice(line: str) -> None:
    typer.echo(line, err=True)
