"""`pincite ask`: an answer that is waited for; a terminal shows it as a language model writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

from rich.console import Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from rag.answers import Answer, Draft
from rag.assistant import Assistant
from rag.exporting.characters import plain
from rag.exporting.written import in_order
from ui.console import as_written, err


def watched(assistant: Assistant, question: str, documents: Sequence[str] | None) -> Answer:
    """The answer to a question; see `Assistant.answer`."""
    if assistant.writer is None:
        return assistant.answer(question, documents=documents)
    model = assistant.writer.name
    with closing(assistant.answering(question, documents=documents)) as steps, _shown() as show:
        show(_so_far(Draft(), model))
        for step in steps:
            if isinstance(step, Answer):
                return step
            show(_so_far(step, model))
    raise AssertionError("An answer is always the last.")


@contextmanager
def _shown() -> Iterator[Callable[[RenderableType], None]]:
    """Shows things in place of each other on standard error, if that is a terminal; nothing is left of them."""
    if not err.is_terminal:
        yield lambda _: None
        return
    with Live(console=err, transient=True) as live:
        yield lambda shown: live.update(shown, refresh=True)


def _so_far(draft: Draft, model: str) -> Group:
    stands = [as_written(one) for one in in_order(draft.sentences, draft.unsupported)]
    now = Text(f"{plain(model)} writes …", style="dim")
    if words := plain(draft.checking):
        now = Text(f"Checking: {words}", style="dim italic")
    return Group(*stands, Spinner("dots", now))
