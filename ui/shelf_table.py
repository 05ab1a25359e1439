"""The shelf as a table: searched, sorted, a page at a time. Every word of it is escaped here."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from index.changes import skipped
from index.snapshot import Listed
from rag.assistant import Assistant
from ui.links import whole_document
from ui.sources import escape, tidy

ROWS = 50
"""Rows on a page of the table."""

_AUTHORS = 3  # named in a row before "et al."
_WORDS = 200  # characters of a search that are heeded
_VIEWS = 2**53  # as far as browsers count


@dataclass(frozen=True, slots=True)
class View:
    """What a person looks at: words searched for, the column sorted by, the page.

    `number` counts the views that a page asked for, so that it knows an answer that came too late.
    """

    words: str = ""
    column: str = "title"
    descending: bool = False
    page: int = 0
    number: int = 0

    @classmethod
    def wished(cls, wish: dict[str, Any]) -> Self:
        """The view that a page asks for; what makes no sense in it is as it is at first."""
        words, column, page, number = (wish.get(key) for key in ("words", "column", "page", "number"))
        return cls(
            words[:_WORDS] if isinstance(words, str) else "",
            column if isinstance(column, str) and column in _COLUMNS else "title",
            wish.get("descending") is True,
            max(page, 0) if isinstance(page, int) else 0,
            min(max(int(number), 0), _VIEWS) if isinstance(number, int) else 0,
        )


@dataclass(frozen=True, slots=True)
class _Row:
    listed: Listed
    found_by: str
    keys: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Column:
    head: str
    key: Callable[[Listed], Any]
    number: bool = False


def _folded(text: str) -> str:
    """As searched and sorted: without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


_COLUMNS: dict[str, _Column] = {
    "title": _Column("Title", lambda one: _folded(one.bibliography.title)),
    "authors": _Column("Authors", lambda one: _folded("; ".join(one.bibliography.authors))),
    "year": _Column("Year", lambda one: one.bibliography.year, number=True),
    "journal": _Column("Journal", lambda one: _folded(one.bibliography.journal)),
    "labels": _Column("Labels", lambda one: ", ".join(one.bibliography.labels)),
    "format": _Column("Format", lambda one: one.format),
    "pages": _Column("Pages", lambda one: one.pages or None, number=True),
    "passages": _Column("Passages", lambda one: one.passages, number=True),
    "name": _Column("File", lambda one: _folded(one.name)),
}


class ShelfTable:
    """The documents of a shelf, read once a generation. Safe to use from many threads.

    Args:
        assistant: Whose shelf it is.
        editing: Whether rows have a button that removes, and files that were not read are listed.
    """

    def __init__(self, assistant: Assistant, *, editing: bool = True) -> None:
        self._assistant = assistant
        self._editing = editing
        self._lock = threading.Lock()
        self._state: tuple[int, str] | None = None
        self._rows: list[_Row] = []

    def show(self, view: View) -> str:
        """The table, as HTML.

        Raises:
            PinciteError: The index cannot be opened.
        """
        rows, unread = self._read()
        unread = unread if self._editing else []
        if not rows:
            return f'<div class="pc-bare"></div>{_unread(unread)}'
        found = _sorted(_matching(rows, view.words), view)
        last = max(len(found) - 1, 0) // ROWS
        page = min(view.page, last)
        shown = found[page * ROWS : (page + 1) * ROWS]
        counted = f"{len(rows):,} document{'s' * (len(rows) != 1)}"
        if view.words.split():
            counted = f"{len(found):,} of {counted}"
        table = (
            _table(shown, view, self._editing)
            if shown
            else '<p class="pc-none">No document has all of these words.</p>'
        )
        counted = f'<p class="pc-counted" role="status" data-number="{view.number}">{counted}</p>'
        return f"{counted}{table}{_pager(page, last)}{_unread(unread)}"

    def _read(self) -> tuple[list[_Row], list[tuple[str, str]]]:
        with self._assistant.snapshot() as snapshot, self._lock:
            state = (snapshot.generation, snapshot.corpus_hash)
            if state != self._state:
                self._rows = [_row(one) for one in snapshot.listing()]
                self._state = state
            return self._rows, skipped(self._assistant.settings.index)


def _row(one: Listed) -> _Row:
    said = one.bibliography
    words = [
        said.title,
        *said.authors,
        str(said.year or ""),
        said.journal,
        said.doi,
        *said.labels,
        one.format,
        one.name,
    ]
    return _Row(one, _folded("\n".join(words)), {name: column.key(one) for name, column in _COLUMNS.items()})


def _matching(rows: Sequence[_Row], words: str) -> list[_Row]:
    wanted = _folded(words).split()
    return [row for row in rows if all(word in row.found_by for word in wanted)]


def _sorted(rows: list[_Row], view: View) -> list[_Row]:
    """Sorted by a column and then by name; what says nothing in that column comes last, whichever way."""
    stated = [row for row in rows if row.keys[view.column] not in {None, ""}]
    silent = [row for row in rows if row.keys[view.column] in {None, ""}]
    stated.sort(key=lambda row: row.listed.name)
    stated.sort(key=lambda row: row.keys[view.column], reverse=view.descending)
    return stated + sorted(silent, key=lambda row: row.listed.name)


def _table(rows: Sequence[_Row], view: View, editing: bool) -> str:
    heads = "".join(_head(name, column, view) for name, column in _COLUMNS.items())
    body = "".join(f'<tr role="row">{_cells(row.listed)}{_remove(row.listed) if editing else ""}</tr>' for row in rows)
    if editing:
        heads += '<th role="columnheader" scope="col"><span class="pc-unseen">Remove</span></th>'
    # Roles are given as well: a phone shows rows as blocks, which would take them away.
    return (
        '<table class="pc-table" role="table"><caption>The shelf</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _head(name: str, column: _Column, view: View) -> str:
    sort, arrow = "none", ""
    if name == view.column:
        sort, arrow = ("descending", "↓") if view.descending else ("ascending", "↑")
    kind = ' class="pc-count-of"' if column.number else ""
    return (
        f'<th role="columnheader" scope="col" aria-sort="{sort}"{kind}><button type="button" data-sort="{name}">'
        f'{column.head}<span aria-hidden="true">{arrow}</span></button></th>'
    )


def _cells(one: Listed) -> str:
    said = one.bibliography
    title = escape(tidy(said.title)) or '<span class="pc-silent">No title stated</span>'
    link = escape(whole_document(one.name))
    labels = "".join(f'<span class="pc-tag pc-tag-{_slug(label)}">{escape(label)}</span>' for label in said.labels)
    authors = "; ".join(said.authors[:_AUTHORS]) + ("; et al." if len(said.authors) > _AUTHORS else "")
    cells = (
        ("authors", escape(tidy(authors))),
        ("year", str(said.year or "")),
        ("journal", escape(tidy(said.journal))),
        ("labels", labels),
        ("format", escape(one.format)),
        ("pages", f"{one.pages:,}" if one.pages else ""),
        ("passages", f"{one.passages:,}"),
        ("name", escape(one.name)),
    )
    opened = f'<a href="{link}" target="_blank" rel="noopener">{title}</a>'
    return f'<th role="rowheader" scope="row" class="pc-of-title">{opened}</th>' + "".join(
        f'<td role="cell" class="pc-of-{key}" data-head="{_COLUMNS[key].head}">{value}</td>' for key, value in cells
    )


def _remove(one: Listed) -> str:
    name = escape(one.name)
    return (
        f'<td role="cell" class="pc-of-remove"><button type="button" class="pc-quiet" data-remove="{name}" '
        f'aria-label="Remove {name}">Remove</button></td>'
    )


def _slug(label: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in label)


def _pager(page: int, last: int) -> str:
    if not last:
        return ""

    def button(words: str, to: int) -> str:
        off = "" if 0 <= to <= last else " disabled"
        return f'<button type="button" class="pc-button" data-page="{to}"{off}>{words}</button>'

    return (
        f'<nav class="pc-pager" aria-label="Pages of the table">{button("Previous", page - 1)}'
        f"<span>Page {page + 1:,} of {last + 1:,}</span>{button('Next', page + 1)}</nav>"
    )


def _unread(files: Sequence[tuple[str, str]]) -> str:
    """The files that could not be read, with the reason, and each with a button."""
    if not files:
        return ""
    one = len(files) == 1
    rows = "".join(
        f"<li><span>{escape(tidy(reason))}</span>"
        + (
            f'<button type="button" class="pc-quiet" data-remove="{escape(name)}" aria-label="Remove {escape(name)}">'
            "Remove</button>"
            if not name.endswith("/")
            else ""
        )
        + "</li>"
        for name, reason in files[:ROWS]
    )
    more = f"<li>and {len(files) - ROWS:,} more</li>" if len(files) > ROWS else ""
    return (
        f'<details class="pc-unread"><summary>{len(files):,} file{"" if one else "s"} in the seeds folder '
        f"{'is' if one else 'are'} not read</summary><ul>{rows}{more}</ul></details>"
    )
