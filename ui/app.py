"""The page: its header, and the tabs under it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.assistant import Assistant
from ui import api, asking
from ui.front import Shelf


def build(assistant: Assistant) -> gr.Blocks:
    """The page for an assistant. Opens whatever state the index is in, and says what is wrong with it."""
    shelf = Shelf(assistant)
    page: gr.Blocks = gr.Blocks(title="Pincite", analytics_enabled=False, fill_width=True)
    with page:
        header = gr.HTML(shelf.header(), elem_id="pc-header")
        with gr.Tabs(elem_id="pc-tabs"), gr.Tab("Ask", id="ask"):
            tab = asking.add(assistant, shelf)
        api.add(assistant)

        def refresh() -> dict[Any, Any]:
            shelf.refresh()
            return {header: shelf.header(), **tab.examples(shelf)}

        page.load(refresh, None, [header, *tab.buttons], show_progress="hidden", api_visibility="private")
    return page
