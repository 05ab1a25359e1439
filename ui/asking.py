"""The tab in which questions are asked: the conversation, and the sources beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.assistant import Assistant
from ui import chat
from ui.front import EXAMPLES, Shelf

_OPENING = (
    '<div class="pc-opening"><p>Ask the reviews a question.</p>'
    "<p>Every sentence of an answer is quoted, and shown where it stands.</p></div>"
)
_ANSWERED, _RESTARTED = "() => pincite.answered()", "() => pincite.focus()"


@dataclass(frozen=True, slots=True)
class AskTab:
    """What the rest of the page needs of this tab: the buttons of the example questions."""

    buttons: list[gr.Button]

    def examples(self, shelf: Shelf) -> dict[Any, Any]:
        """The buttons as the shelf is now."""
        return {button: gr.update(**shelf.example(at)) for at, button in enumerate(self.buttons)}


def add(assistant: Assistant, shelf: Shelf) -> AskTab:
    """Add the tab's content to the page being built."""
    turns = gr.State([])
    with gr.Row(elem_id="pc-columns"):
        with gr.Column(scale=6, elem_id="pc-talk"):
            talk = gr.Chatbot(
                label="Conversation",
                show_label=False,
                container=False,
                elem_id="pc-chat",
                height=None,
                autoscroll=False,
                layout="panel",
                placeholder=_OPENING,
                buttons=[],
                latex_delimiters=[],
                allow_tags=False,
                sanitize_html=True,
            )
            with gr.Column(elem_id="pc-examples") as choices:
                buttons = [gr.Button(**shelf.example(at), size="sm") for at in range(EXAMPLES)]
            with gr.Row(elem_id="pc-form"):
                box = gr.Textbox(
                    label="Your question",
                    show_label=False,
                    container=False,
                    placeholder="Ask a question",
                    lines=1,
                    max_lines=4,
                    autofocus=True,
                    scale=1,
                    elem_id="pc-ask",
                )
                send = gr.Button("Ask", variant="primary", scale=0, min_width=80, elem_id="pc-send")
            fresh = gr.Button("New conversation", size="sm", variant="secondary", elem_id="pc-fresh")
        with gr.Column(scale=5, elem_id="pc-side"):
            side = gr.HTML(chat.panel([]), elem_id="pc-panel")

    def respond(question: str, before: list[chat.Turn]) -> Iterator[dict[Any, Any]]:
        question = (question or "").strip()
        if not question:
            yield {box: gr.skip()}
            return
        yield {
            talk: chat.messages(before, waiting=question),
            box: gr.update(value="", interactive=False),
            send: gr.update(interactive=False),
            fresh: gr.update(interactive=False),
            choices: gr.update(visible=False),
        }
        after = [*before, chat.ask(assistant, question, before)]
        yield {
            turns: after,
            talk: chat.messages(after),
            side: chat.panel(after),
            box: gr.update(interactive=True),
            send: gr.update(interactive=True),
            fresh: gr.update(interactive=True),
        }

    def restart() -> dict[Any, Any]:
        return {turns: [], talk: [], side: chat.panel([]), box: "", choices: gr.update(visible=True)}

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    outputs = [turns, talk, side, box, send, fresh, choices]
    for trigger, source in [(box.submit, box), (send.click, box), *((one.click, one) for one in buttons)]:
        # A question sent while the empty box is still being looked at is not lost; an example is asked once.
        mode: Any = "always_last" if source is box else "once"
        asked = trigger(respond, [source, turns], outputs, concurrency_limit=4, trigger_mode=mode, **quiet)
        asked.then(None, js=_ANSWERED)
    fresh.click(restart, None, [turns, talk, side, box, choices], queue=False, **quiet).then(None, js=_RESTARTED)
    return AskTab(buttons)
