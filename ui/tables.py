"""The shelf on the command line: what a sync did, the list of documents, one document, and how things stand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from index.documents import Document
from index.report import SyncReport
from index.snapshot import Listed
from ui.console import out

_NAMES_SHOWN = 10
_ROWS_SHOWN = 100
_AUTHORS_SHOWN = 3


def print_report(report: SyncReport, as_json: bool) -> None:
    """What a sync did."""
    if as_json:
        out.print_json(json.dumps(asdict(report)))
        return
    for word, names in (
        ("renamed", [f"{old} → {new}" for old, new in report.renamed]),
        ("removed", report.removed),
        ("reread", report.reread),
    ):
        for name in names[:_NAMES_SHOWN]:
            out.print(f"  {word:8s} {escape(name)}")
        if len(names) > _NAMES_SHOWN:
            out.print(f"  {word:8s} and {len(names) - _NAMES_SHOWN} more")
    _print_read(report)
    for one in report.catalogues:
        out.print(Text(f"  records  {one.name}: {one.records} records, {one.matched} of them about documents here"))
        for problem in one.problems[:_NAMES_SHOWN]:
            out.print(Text(f"           {problem}", style="yellow"))
    for _, reason in report.skipped:
        out.print(f"  [yellow]skipped[/]  {escape(reason)}")
    counts: list[tuple[str, Sequence[object]]] = [
        ("added", report.added),
        ("changed", report.changed),
        ("renamed", report.renamed),
    ]
    counts += [("removed", report.removed), ("reread", report.reread)]
    counts += [("unchanged", report.unchanged), ("skipped", report.skipped)]
    said = ", ".join(f"{len(names)} {word}" for word, names in counts if names) or "no reviews in the seeds folder"
    out.print(
        f"Index up to date (generation {report.generation}): {said}; "
        f"{report.embedded} sentences embedded in {report.seconds:.1f} s."
    )


def _print_read(report: SyncReport) -> None:
    """A row for each file that was read."""
    if not report.read:
        return
    became = {name: word for word in ("added", "changed", "reread") for name in getattr(report, word)}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("", "file", "format"):
        table.add_column(title, header_style="dim", overflow="fold")
    for title in ("pages", "sentences", "seconds"):
        table.add_column(title, header_style="dim", justify="right")
    for file in report.read[:_ROWS_SHOWN]:
        pages = str(file.pages) if file.pages else ""
        word = f"  {became.get(file.name, 'read')}"
        table.add_row(word, escape(file.name), file.format, pages, str(file.sentences), f"{file.seconds:.2f}")
    out.print(table)
    if len(report.read) > _ROWS_SHOWN:
        out.print(f"  and {len(report.read) - _ROWS_SHOWN} more files were read")


def print_documents(listed: Sequence[Listed]) -> None:
    """The shelf, a few lines a document."""
    for one in listed:
        said = one.bibliography
        pages = f", {one.pages} page{'s' * (one.pages != 1)}" if one.pages else ""
        passages = f"{one.passages} passage{'s' * (one.passages != 1)}"
        out.print(Text.assemble((one.name, "bold"), (f"  {one.format}{pages}, {passages}", "dim")))
        title = said.title or "no title stated"
        labels = "".join(f" [{label}]" for label in said.labels)
        out.print(Padding(Text.assemble((title, "" if said.title else "dim"), (labels, "yellow")), (0, 0, 0, 4)))
        authors = "; ".join(said.authors[:_AUTHORS_SHOWN]) + ("; et al" if len(said.authors) > _AUTHORS_SHOWN else "")
        about = [authors, said.journal, str(said.year or ""), said.doi and f"doi {said.doi}"]
        if any(about):
            out.print(Padding(Text(". ".join(part.rstrip(".") for part in about if part), style="dim"), (0, 0, 0, 4)))
    out.print(f"{len(listed)} document{'s' * (len(listed) != 1)}.")


def print_document(document: Document) -> None:
    """One document: what is known of it, its sections, and the text that Pincite reads."""
    said = document.bibliography
    table = Table(show_header=False, box=None, pad_edge=False)
    for key, value in (
        ("document", document.name),
        ("title", said.title),
        ("authors", "; ".join(said.authors)),
        ("year", str(said.year or "")),
        ("journal", said.journal),
        ("doi", said.doi),
        ("labels", ", ".join(said.labels)),
        ("format", document.format),
        ("pages", str(len(document.pages) or "")),
        ("references", str(len(document.references) or "")),
        ("sections", "\n".join(section.heading for section in document.sections)),
    ):
        if value:
            table.add_row(Text(key, style="dim"), Text(value))
    out.print(table)
    out.print()
    out.print(Text(document.text), soft_wrap=True)


def listed_json(one: Listed) -> dict[str, Any]:
    """A row of the shelf in plain values."""
    said = one.bibliography
    return {
        "document": one.name,
        "title": said.title,
        "authors": list(said.authors),
        "year": said.year,
        "journal": said.journal,
        "doi": said.doi,
        "labels": list(said.labels),
        "format": one.format,
        "pages": one.pages,
        "passages": one.passages,
        "sentences": one.sentences,
    }


def document_json(document: Document) -> dict[str, Any]:
    """A document in plain values; offsets are into its `text`."""
    found = asdict(document)
    for inner in ("blocks", "layout"):  # not kept in the index
        del found[inner]
    return {"document": found.pop("name"), **found}


def print_status(found: dict[str, Any]) -> None:
    """The shelf at a glance."""
    table = Table(show_header=False, box=None, pad_edge=False)
    for key, value in found.items():
        shown = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
        table.add_row(Text(key.replace("_", " "), style="dim"), Text(shown))
    out.print(table)
