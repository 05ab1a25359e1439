"""`pincite eval`: asks a shelf the questions of a set, and shows what came of them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from index.errors import PinciteError, UsageError
from index.report import Progress
from rag.evaluation.measures import DEPTHS
from rag.evaluation.plotting import check_plot, plot
from rag.evaluation.reporting import Estimate, Report, report
from rag.evaluation.running import Outcome, run, sample
from rag.evaluation.sets import QuestionSet, read_set
from rag.evaluation.shelves import shelf_for
from ui.console import out, progress_bar

if TYPE_CHECKING:
    from rag.assistant import Assistant

Opening = Callable[[Path | None, Path | None], AbstractContextManager["Assistant"]]
"""Opens an assistant over a folder of documents and the folder of its index, synced."""


def evaluate(
    path: Path,
    opening: Opening,
    *,
    seeds: Path | None,
    index: Path | None,
    work: Path | None,
    k: int = DEPTHS[-1],
    limit: int | None = None,
    json_file: Path | None = None,
    plot_file: Path | None = None,
) -> Report:
    """Score a shelf on the questions of a file or folder, and write the report where it is wanted.

    Raises:
        UsageError: The questions are not as their format has them, or a report cannot be written where it is wanted.
        PinciteError: It was interrupted.
    """
    for file in (json_file, plot_file):
        if file is not None and not file.resolve().parent.is_dir():
            raise UsageError(f"{file} cannot be written: there is no folder {file.parent}.")
    if plot_file is not None:
        check_plot(plot_file)
    found = read_set(path)
    with _shelf(found, work) as (own_seeds, own_index), opening(seeds or own_seeds, index or own_index) as assistant:
        asked = sample(found.place(assistant), limit)
        outcomes: list[Outcome] = []
        try:
            with progress_bar() as progress:
                outcomes = run(assistant, asked, k, progress)
                progress(Progress("Scoring", len(asked), len(asked)))
                scored = report(found.name, outcomes, k)
        except KeyboardInterrupt:
            raise PinciteError("Stopped before all questions were asked; nothing was scored.") from None
    if json_file is not None:
        json_file.write_text(json.dumps(scored.to_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if plot_file is not None:
        plot([scored], plot_file)
    return scored


@contextmanager
def _shelf(found: QuestionSet, work: Path | None) -> Iterator[tuple[Path | None, Path | None]]:
    """Documents and index of a set; of one without documents None: the shelf is then the one of the settings."""
    if found.documents is None:
        yield None, None
    elif work is not None:
        shelf = shelf_for(found.name, found.documents, work)
        yield shelf.seeds, shelf.index
    else:
        with tempfile.TemporaryDirectory(prefix="pincite-eval-") as folder:
            shelf = shelf_for(found.name, found.documents, Path(folder))
            yield shelf.seeds, shelf.index


def print_evaluation(scored: Report) -> None:
    """The measures as a table."""
    answerable = sum(one.asked.answerable for one in scored.outcomes)
    total = len(scored.outcomes)
    out.print(f"[bold]{escape(scored.name)}[/]: {total} questions, {answerable} of them answerable")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("measure", header_style="dim")
    for title in ("value", "95% interval", "questions"):
        table.add_column(title, header_style="dim", justify="right")
    for name, one in scored.measures.items():
        table.add_row(name, number(one.value), interval(one), str(one.of))
    out.print(table)


def number(value: float) -> str:
    """A share as it is printed: three decimals, no leading zero."""
    return f"{value:.3f}".removeprefix("0") if 0 <= value < 1 else f"{value:.3f}"


def interval(one: Estimate) -> str:
    """An interval as it is printed."""
    return f"{number(one.low)}–{number(one.high)}"
