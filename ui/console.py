"""What the command line prints."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from index.report import Progress as SyncProgress
from index.report import ProgressCallback
from rag.answers import Answer, Citation, Sentence, Unsupported, Written
from rag.exporting.characters import plain
from rag.exporting.written import NOT_SUPPORTED, by_whom, counts, in_order, writing
from ui.health import Check

_SPACE = re.compile(r"\s+")
_AT_ONCE = 0.5  # seconds of reading that need no bar

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """A bar on standard error, if that is a terminal, for what takes long enough to be seen; gone when it is done."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[file]}"),
        console=err,
        transient=True,
    )
    task = bar.add_task("Reading", total=None, file="")
    started, began = False, time.monotonic()

    def show(progress: SyncProgress) -> None:
        nonlocal started
        if not err.is_terminal:
            return
        if not started and (progress.step != "Reading" or time.monotonic() - began > _AT_ONCE):
            bar.start()
            started = True
        bar.update(
            task, description=progress.step, completed=progress.done, total=progress.total, file=escape(progress.name)
        )

    try:
        yield show
    finally:
        if started:
            bar.stop()


def print_answer(answer: Answer) -> None:
    """An answer with its sources, or an abstention with what comes nearest."""
    for note in answer.notes:
        out.print(Text(note, style="italic"))
    if answer.abstained:
        from rag.abstaining.reasons import verdict

        if said := verdict(answer.text):  # an instruction, say, is not something that reviews could answer
            out.print(Text(said, style="bold yellow"))
        out.print(Text(answer.reason))
        if answer.nearest:
            out.print("\nNearest passages:")
            print_passages(answer.nearest)
        return
    if written := writing(answer):
        _print_written(answer, written)
        return
    out.print(Text(answer.text))
    out.print()
    for citation in answer.citations:
        out.print(Padding(_source(citation), (0, 0, 0, 1)))
    out.print(f"\n[dim]Confidence {answer.confidence:.2f}[/]")


def _print_written(answer: Answer, written: Written) -> None:
    """A model's sentences, which look like no quotes, then the quotes that they stand on."""
    out.print(Text(plain(by_whom(written.model)), style="italic"))
    out.print()
    for one in in_order(answer.sentences, written.unsupported):
        out.print(as_written(one))
    for citation in answer.citations:
        out.print(Padding(_source(citation), (1, 0, 0, 1)))
        out.print(Padding(Text(f"“{plain(citation.quote)}”"), (0, 0, 0, 5)))
    out.print(Text(f"\nWritten by {plain(written.model)}: {counts(written)}."))
    out.print(f"[dim]Confidence {answer.confidence:.2f}[/]")


def as_written(one: Sentence | Unsupported) -> Text:
    """A sentence that a model wrote, with the numbers of its sources; or marked as one that no quote carries."""
    if isinstance(one, Sentence):
        marks = "".join(f"[{number}]" for number in one.citations)
        return Text.assemble(plain(one.text), " ", (marks, "bold"))
    # The words and the signs as well, for nothing is struck in a pipe.
    return Text.assemble(
        (f"{NOT_SUPPORTED} ({plain(one.why)}): ", "bold red"), (f"~~{plain(one.text)}~~", "strike dim")
    )


def print_passages(found: Sequence[Citation]) -> None:
    """Passages, each under its source."""
    for citation in found:
        out.print(Padding(_source(citation), (1, 0, 0, 1)))
        out.print(Padding(Text(_SPACE.sub(" ", citation.quote)), (0, 0, 0, 5)))
    if not found:
        out.print("Nothing was found.")


def print_checks(checks: Sequence[Check]) -> None:
    """Each check, and for one that failed what mends it."""
    for one in checks:
        out.print(
            Text.assemble(
                ("ok    " if one.ok else "FAIL  ", "green" if one.ok else "bold red"), f"{one.name}: {one.found}"
            )
        )
        if not one.ok and one.mend:
            out.print(Text(f"      mend it with: {one.mend}", style="yellow"))


def _source(citation: Citation) -> Text:
    authors = "; ".join(citation.authors[:3]) + ("; et al" if len(citation.authors) > 3 else "")
    parts = [authors, str(citation.year or ""), citation.title, citation.journal, citation.doi, citation.section]
    parts.append(f"p. {citation.page}" if citation.page else "")
    parts.append(f"{citation.document}:{citation.start}-{citation.end}")
    labels = "".join(f"{label.upper()} " for label in citation.labels if label != "review")
    cites = "".join(f"\n    cites {one.marker} {one.reference}" for one in citation.cites)
    return Text.assemble(
        (f"[{citation.number}] ", "bold"),
        (labels, "bold red"),
        ". ".join(part.rstrip(".") for part in parts if part),
        (cites, "dim"),
    )
