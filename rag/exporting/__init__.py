"""Answers and comparisons -> the text of a file. One module a format, imported when it is asked for.

What is written depends on the answers alone: neither the index nor the seeds folder is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.exporting.formats import Format, TableFormat

if TYPE_CHECKING:
    from rag.answers import Answer
    from rag.comparing import Comparison

__all__ = ["Format", "TableFormat", "export", "export_comparison"]


def export(answers: Sequence[Answer], form: Format) -> str:
    """One answer, or a whole conversation, as the text of a file.

    BibTeX, RIS and CSL-JSON hold an entry for each document cited, with the quotes as its notes; where nothing is
    cited they hold none.

    Args:
        answers: In the order they were given.
        form: The format.
    """
    match form:
        case Format.MARKDOWN:
            from rag.exporting.markdown import markdown

            return markdown(answers)
        case Format.BIBTEX:
            from rag.exporting.bibtex import bibtex

            return bibtex(answers)
        case Format.RIS:
            from rag.exporting.ris import ris

            return ris(answers)
        case Format.CSL_JSON:
            from rag.exporting.csl import csl_json

            return csl_json(answers)
        case Format.JSON:
            from rag.exporting.whole import answers_json

            return answers_json(answers)


def export_comparison(comparison: Comparison, form: TableFormat) -> str:
    """A comparison as the text of a file: a row for each document asked.

    Args:
        comparison: See `Assistant.compare`.
        form: The format.
    """
    match form:
        case TableFormat.CSV:
            from rag.exporting.tables import csv_table

            return csv_table(comparison)
        case TableFormat.MARKDOWN:
            from rag.exporting.tables import markdown_table

            return markdown_table(comparison)
        case TableFormat.JSON:
            from rag.exporting.whole import comparison_json

            return comparison_json(comparison)
