"""The Library tab and the strip over the tabs: what `ui.library_acts` does, put into the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.keeping import Keeper
from ui.library_acts import Library, Shown
from ui.shelf_table import View
from ui.sources import escape

_IDLE, _BUSY = 10, 1  # seconds between looks of a page that is open
_AT_ONCE = 16  # actions, of all pages together
_PLAIN: dict[str, Any] = {"apply_default_css": False}  # Gradio's styles for running text do not suit tables
_QUIET: dict[str, Any] = {"show_progress": "hidden", "show_progress_on": [], "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip over the tabs and its clock; `generation` changes whenever the page shows another shelf."""

    library: Library
    line: gr.HTML
    clock: gr.Timer
    generation: gr.State


def strip(keeper: Keeper, *, editing: bool = True) -> Strip:
    """Add the strip to the page being built; see `Library` for `editing`."""
    line = gr.HTML("", elem_id="pc-strip", js_on_load="pincite.library.acts(element, trigger)", **_PLAIN)
    return Strip(Library(keeper, editing=editing), line, gr.Timer(_IDLE), gr.State(-1))


@dataclass(frozen=True, slots=True)
class LibraryTab:
    """What the rest of the page needs of this tab: what to show anew when the page is loaded, given its view."""

    view: gr.State
    outputs: list[Any]
    refresh: Callable[[View], dict[Any, Any]]


def add(top: Strip) -> LibraryTab:
    """Add the tab's content to the page being built."""
    library, page = top.library, gr.context.Context.root_block
    view = gr.State(View())
    with gr.Column(elem_id="pc-library"):
        tools = gr.HTML(
            _tools(library), elem_id="pc-tools", js_on_load="pincite.library.tools(element, trigger)", **_PLAIN
        )
        report = gr.HTML("", elem_id="pc-done", js_on_load="pincite.library.acts(element, trigger)", **_PLAIN)
        table = gr.HTML(library.table(View()), elem_id="pc-shelf", js_on_load="pincite.library.table(element, trigger)")
    parts: dict[str, Any] = {"strip": top.line, "report": report, "table": table, "generation": top.generation}

    def placed(shown: Shown) -> dict[Any, Any]:
        return {parts[part]: value for part, value in shown.items()}

    def look(line: str | None, generation: int, at: View) -> dict[Any, Any]:
        return {top.clock: every(), **placed(library.look(line or "", generation, at))}

    def refresh(at: View) -> dict[Any, Any]:
        return {top.clock: every(), **placed(library.refresh(at))}

    def every() -> gr.Timer:
        return gr.Timer(_BUSY if library.keeper.job else _IDLE)

    def browse(event: gr.EventData) -> dict[Any, Any]:
        wished = View.wished(_wish(event))
        return {view: wished, table: library.table(wished)}

    def act(at: View, event: gr.EventData) -> Iterator[dict[Any, Any]]:
        uploads = page.upload_file_set if page is not None else ()
        for shown in library.act(_wish(event), at, uploads):
            yield placed(shown)

    seen = [top.line, top.generation]
    # Through the queue: of a state changed otherwise the page does not learn, and `generation.change` stays silent.
    top.clock.tick(look, [*seen, view], [top.clock, *seen, table], concurrency_limit=_AT_ONCE, **_QUIET)
    for source in (tools, table):
        # Not "always_last": of two wishes that sends the first once more.
        source.input(browse, None, [view, table], trigger_mode="multiple", concurrency_limit=_AT_ONCE, **_QUIET)
    for source in (top.line, tools, report, table):
        source.submit(act, view, [*seen, table, report], trigger_mode="multiple", concurrency_limit=_AT_ONCE, **_QUIET)
    return LibraryTab(view, [top.clock, *seen, table], refresh)


def _wish(event: gr.EventData) -> dict[str, Any]:
    """What was asked for in the page; it may be anything."""
    data = event._data
    return data if isinstance(data, dict) else {}


_SEARCH = (
    '<label class="pc-unseen" for="pc-find">Search the shelf</label>'
    '<input id="pc-find" type="search" placeholder="Search the shelf" autocomplete="off" spellcheck="false">'
)


def _tools(library: Library) -> str:
    """Where files are dropped, the search, and the buttons."""
    if not library.editing:
        return f'<div class="pc-bar">{_SEARCH}</div>'
    settings = library.keeper.assistant.settings
    megabytes, index = settings.max_file_megabytes, escape(str(settings.index))
    return (
        f'<div class="pc-drop" data-most="{megabytes}"><div class="pc-drop-empty"><h2>The shelf is empty</h2>'
        "<p>Put reviews on it, and ask them questions.</p></div>"
        '<label><span>Drop files here, or <u>choose them</u></span><input type="file" multiple></label>'
        f'<p class="pc-drop-kinds">PDF, Word, OpenDocument, HTML, XML, Markdown, plain text, .bib; '
        f'up to {megabytes:,} MB each</p><div class="pc-drop-under-way" role="status"></div></div>'
        f'<div class="pc-bar" data-index="{index}">{_SEARCH}'
        '<button type="button" class="pc-button" data-act="update">Update</button>'
        '<button type="button" class="pc-button" data-act="rebuild">Rebuild</button></div>'
    )
