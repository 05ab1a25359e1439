"""A page whose handlers pay for what they name: the browser is told what Gradio's own page would tell it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr
import pytest
from gradio.state_holder import SessionState
from served import awaited

from ui.lean import LeanBlocks

Step = Callable[[list[Any]], Any]

# How Gradio says that a component stays as it is: of a value's own kind, or of a state's.
_NOTHING = ({"__type__": "update"}, {"__type__": "update", "props": {"__type__": "update"}}, None)


def told(kind: type[gr.Blocks], step: Step) -> tuple[list[Any], dict[int, Any]]:
    """What one step of a handler with four outputs makes of the browser and of the session's state."""

    async def story() -> tuple[list[Any], dict[int, Any]]:
        with kind(analytics_enabled=False) as page:
            box, line, button, kept = gr.Textbox(), gr.HTML("before"), gr.Button("go"), gr.State(0)
            outputs = [box, line, button, kept]
            button.click(lambda: step(outputs), None, outputs)
        state = SessionState(page)
        found = await page.process_api(page.fns[0], [], state=state)
        return ["nothing" if one in _NOTHING else one for one in found["data"]], state.state_data

    return awaited(story())


@pytest.mark.parametrize(
    "step",
    [
        lambda outputs: {outputs[1]: "after"},
        lambda outputs: {outputs[0]: "words", outputs[3]: 7},
        lambda outputs: {outputs[0]: gr.update(interactive=False), outputs[2]: gr.update(visible=False)},
        lambda outputs: {outputs[0]: gr.skip(), outputs[1]: "after"},
        lambda outputs: {outputs[0]: gr.skip()},
        lambda outputs: {outputs[3]: 7},
        lambda outputs: {one: gr.skip() for one in outputs},
        lambda outputs: ["words", "after", gr.skip(), 7],
    ],
    ids=["one", "a value and the state", "updates", "a skip among them", "a skip", "the state", "skips", "a list"],
)
def test_the_browser_is_told_what_gradio_would_tell(step: Step) -> None:
    data, state = told(LeanBlocks, step)
    expected, kept = told(gr.Blocks, step)
    assert data == expected
    assert list(state.values()) == list(kept.values())


def test_what_is_not_named_is_not_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    begin = gr.HTML.__init__

    def begin_and_tell(self: gr.HTML, *args: Any, **options: Any) -> None:
        made.append("HTML")
        begin(self, *args, **options)

    monkeypatch.setattr(gr.HTML, "__init__", begin_and_tell)
    told(LeanBlocks, lambda outputs: {outputs[0]: gr.update(interactive=False)})
    assert made == ["HTML"]  # when the page was built
    made.clear()
    told(gr.Blocks, lambda outputs: {outputs[0]: gr.update(interactive=False)})
    assert made == ["HTML", "HTML"]  # or there is no need of a page of our own any more


def test_a_handler_that_names_what_is_no_output_is_a_fault_as_ever() -> None:
    stranger = gr.Textbox()
    with pytest.raises(ValueError, match="not specified as output"):
        told(LeanBlocks, lambda outputs: {stranger: "words"})
