"""In whose words the page answers, where a language model is set."""

from __future__ import annotations

import gradio as gr

WRITTEN, QUOTED = "written", "quoted"


def choice(model: str) -> gr.Radio:
    """The choice between a model's words and the reviews' own."""
    return gr.Radio(
        [(f"written by {model}", WRITTEN), ("in the reviews’ own words", QUOTED)],
        value=WRITTEN,
        label="Answers",
        elem_id="pc-voice",
    )
