"""What the command line writes: answers and comparisons in a format, to the terminal or into a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from rag.answers import Answer
from rag.comparing import Compared, Comparison
from rag.exporting import export, export_comparison
from rag.exporting.characters import plain
from rag.exporting.cited import place
from rag.exporting.formats import Format, TableFormat
from rag.exporting.tables import SILENT, not_asked
from ui.console import out, print_answer
from ui.writing import print_json, write_whole


def tell_answer(answer: Answer, form: Format | None, output: Path | None, as_json: bool) -> None:
    """Show an answer, or print or write it in a format."""
    if as_json:
        print_json(answer.to_dict())
    elif form is not None:
        deliver(export([answer], form), output, form.encoding, "" if answer.citations else answer.text)
    else:
        print_answer(answer)


def tell_comparison(comparison: Comparison, form: TableFormat | None, output: Path | None, as_json: bool) -> None:
    """Show a comparison, or print or write it in a format."""
    if as_json:
        print_json(comparison.to_dict())
    elif form is not None:
        deliver(export_comparison(comparison, form), output, form.encoding, comparison.reason)
    else:
        print_comparison(comparison)


def deliver(text: str, output: Path | None, encoding: str, reason: str = "") -> None:
    """Print a text, or write it into a file and say so; `reason` tells why there is little in it."""
    if output is None:
        typer.echo(text, nl=False)
        return
    write_whole(output, text, encoding)
    typer.echo(" ".join(f"Wrote {output}. {reason}".split()), err=True)


def print_comparison(comparison: Comparison) -> None:
    """The documents one under the other, each with what it says."""
    if plain(comparison.standalone_question) != plain(comparison.question):
        out.print(Text(f"Read as: {plain(comparison.standalone_question)}", style="italic"))
    for note in dict.fromkeys(note for one in comparison.compared for note in one.answer.notes):
        out.print(Text(note, style="italic"))
    if not comparison.compared:
        out.print(Text(comparison.reason))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 3, 1, 0), show_header=False)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=2, overflow="fold")
    for one in comparison.compared:
        table.add_row(_who(one), Text("\n").join(_says(one)))
    out.print(table)
    if left_out := not_asked(comparison):
        out.print(Text(left_out, style="dim"))


def _who(one: Compared) -> Text:
    labels = "".join(f"{label.upper()} " for label in one.labels if label != "review")
    authors = "; ".join(one.authors[:3]) + ("; et al" if len(one.authors) > 3 else "")
    about = ". ".join(part.rstrip(".") for part in (authors, str(one.year or "")) if part)
    lines = [Text.assemble((labels, "bold red"), (plain(one.title) or plain(one.document), "bold"))]
    lines += [Text(plain(about))] if about else []
    return Text("\n").join([*lines, *([Text(plain(one.document), style="dim")] if plain(one.title) else [])])


def _says(one: Compared) -> Iterator[Text]:
    if one.answer.abstained:
        yield Text(SILENT, style="yellow")
    for citation in one.answer.citations:
        yield Text.assemble(f"“{plain(citation.quote)}” ", (f"({place(citation)})", "dim"))
