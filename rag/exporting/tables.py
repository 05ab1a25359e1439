"""A comparison as a table: a row for each document, what it says, and the quotes with their places."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from rag.answers import Answer
from rag.comparing import Compared, Comparison
from rag.exporting.characters import escaped, plain
from rag.exporting.cited import place

HEADINGS = ("document", "title", "authors", "year", "says", "quotes")
SILENT = "does not say"

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a cell must not begin with, or a spreadsheet runs it."""


def csv_table(comparison: Comparison) -> str:
    """The table as CSV. What a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    table.writerow(HEADINGS)
    for cells in _rows(comparison, plain, "\n"):
        table.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()


def markdown_table(comparison: Comparison) -> str:
    """The table as Markdown, under the question."""
    lines = [f"# {escaped(comparison.question) or 'No question'}", ""]
    if plain(comparison.standalone_question) != plain(comparison.question):
        lines += [f"*Read as: {escaped(comparison.standalone_question)}*", ""]
    if not comparison.compared:
        return "\n".join([*lines, escaped(comparison.reason), ""])
    lines += [f"| {' | '.join(HEADINGS)} |", f"|{' --- |' * len(HEADINGS)}"]
    lines += [f"| {' | '.join(cells)} |" for cells in _rows(comparison, escaped, "<br>")]
    if left_out := not_asked(comparison):
        lines += ["", left_out]
    return "\n".join([*lines, ""])


def not_asked(comparison: Comparison) -> str:
    """How many documents were left out, in words; "" if none was."""
    match comparison.not_asked:
        case 0:
            return ""
        case 1:
            return "1 more document on the shelf was not asked."
        case count:
            return f"{count:,} more documents on the shelf were not asked."


def says(answer: Answer) -> str:
    """What a document says, or that it does not."""
    return SILENT if answer.abstained else " ".join(one.text for one in answer.sentences)


def quotes(answer: Answer) -> list[str]:
    """The quotes of an answer, each with its place."""
    return [f"“{plain(one.quote)}” ({place(one)})" for one in answer.citations]


def _rows(comparison: Comparison, made: Callable[[str], str], between: str) -> Iterator[list[str]]:
    for one in comparison.compared:
        yield [
            made(one.document),
            made(_title(one)),
            made("; ".join(one.authors)),
            str(one.year) if one.year is not None else "",
            made(says(one.answer)),
            between.join(made(quote) for quote in quotes(one.answer)),
        ]


def _title(one: Compared) -> str:
    """The title, and what must not be overlooked of the document."""
    return " ".join([*(label.upper() for label in one.labels if label != "review"), one.title])
