"""The page: its header, and the tabs under it."""

from __future__ import annotations

from functools import partial
from typing import Any

import gradio as gr

from rag.assistant import Assistant
from ui import api, asking, comparing, library
from ui.front import Shelf
from ui.keeping import Keeper
from ui.lean import LeanBlocks
from ui.observing import By
from ui.shelf_table import View

_UPLOADS = (3600, 3600)
"""Seconds between looks at files that were uploaded, and for which they are kept; none outlasts the server."""


def build(assistant: Assistant, keeper: Keeper | None = None, account: str = "", *, editing: bool = True) -> gr.Blocks:
    """The page for an assistant. Opens whatever state the index is in, and says what is wrong with it.

    Args:
        assistant: Who answers.
        keeper: Who keeps the index in step with the seeds folder, if it is known already.
        account: What stands at the end of the header, as HTML: a way to sign out.
        editing: Whether the shelf may be changed in the page.
    """
    shelf = Shelf(assistant)
    keeper = keeper or Keeper(assistant)
    observer = keeper.observer
    page = LeanBlocks(title="Pincite", analytics_enabled=False, fill_width=True, delete_cache=_UPLOADS)
    with page:
        header = gr.HTML(shelf.header(), elem_id="pc-header")
        if account:
            gr.HTML(account, elem_id="pc-account")
        strip = library.strip(keeper, editing=editing)
        with gr.Tabs(elem_id="pc-tabs"):
            with gr.Tab("Ask", id="ask", elem_id="pc-tab-ask"):
                ask = asking.add(assistant, shelf, observer)
            with gr.Tab("Compare", id="compare", elem_id="pc-tab-compare"):
                compare = comparing.add(assistant, shelf, observer)
            with gr.Tab("Library", id="library", elem_id="pc-tab-library"):
                shown = library.add(strip)
        api.add(assistant, observer)

        def refresh() -> dict[Any, Any]:
            shelf.refresh()
            return {header: shelf.header(), **ask.refresh(shelf), **compare.refresh(shelf)}

        def load(view: View) -> dict[Any, Any]:
            return {**refresh(), **shown.refresh(view)}

        outputs = [header, *ask.follows, *compare.follows]
        quiet: dict[str, Any] = {"show_progress": "hidden", "show_progress_on": [], "api_visibility": "private"}
        page.load(load, shown.view, [*outputs, *shown.outputs], **quiet)
        strip.generation.change(refresh, None, outputs, **quiet)
    lines: dict[By, str] = {"page": asking.LINE, "comparison": comparing.LINE, "program": api.LINE}
    for by, line in lines.items():
        observer.lines[by] = partial(page.waiting, line)
    return page
