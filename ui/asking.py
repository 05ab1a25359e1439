"""The tab in which questions are asked: the conversation, and the sources beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import PinciteError
from rag.assistant import Assistant
from ui import acting, chat, turns
from ui.choosing import Choice, choice
from ui.front import EXAMPLES, Shelf
from ui.suggesting import MOST, suggestions
from ui.turns import Turn

_OPENING = (
    '<div class="pc-opening"><p>Ask the reviews a question.</p>'
    "<p>Every sentence of an answer is quoted, and shown where it stands.</p></div>"
)
_ANSWERED, _RESTARTED = "() => pincite.answered()", "() => pincite.focus()"
_WIDE: Any = {"show_progress": "hidden", "api_visibility": "private"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AskTab:
    """What the rest of the page needs of this tab: the example questions' buttons, the list of reviews to choose."""

    buttons: list[gr.Button]
    names: gr.Dropdown

    @property
    def follows(self) -> list[Any]:
        """What changes with the shelf."""
        return [*self.buttons, self.names]

    def refresh(self, shelf: Shelf) -> dict[Any, Any]:
        """The tab as the shelf is now."""
        examples = {button: gr.update(**shelf.example(at)) for at, button in enumerate(self.buttons)}
        return {**examples, self.names: gr.update(choices=shelf.choices())}


def add(assistant: Assistant, shelf: Shelf) -> AskTab:
    """Add the tab's content to the page being built."""
    return _Asking(assistant, shelf).tab


class _Asking:
    """The components of the tab, and what happens when they are used."""

    def __init__(self, assistant: Assistant, shelf: Shelf) -> None:
        self._assistant = assistant
        self._turns, self._waiting = gr.State([]), gr.State("")
        with gr.Row(elem_id="pc-columns"):
            with gr.Column(scale=6, elem_id="pc-talk"):
                self._talk_column(shelf)
            with gr.Column(scale=5, elem_id="pc-side"):
                self._side = gr.HTML(chat.panel([]), elem_id="pc-panel")
        self._bridge = acting.bridge()
        self._form = [self._box, self._send, self._stop, self._fresh]
        self._shown = [self._turns, self._waiting, self._talk, self._side, self._bridge, *self._form]
        self._shown += [self._choices, *self._next]
        self._listen()
        self.tab = AskTab(self._buttons, self._names)

    def _talk_column(self, shelf: Shelf) -> None:
        self._talk = gr.Chatbot(
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
        with gr.Column(elem_id="pc-examples", elem_classes="pc-questions") as self._choices:
            self._buttons = [gr.Button(**shelf.example(at), size="sm") for at in range(EXAMPLES)]
        with gr.Column(elem_id="pc-next", elem_classes="pc-questions"):
            self._next = [gr.Button(visible=False, size="sm") for _ in range(MOST)]
        with gr.Row(elem_id="pc-form"):
            self._box = gr.Textbox(
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
            self._send = gr.Button("Ask", variant="primary", scale=0, min_width=80, elem_id="pc-send")
            self._stop = gr.Button("Stop", variant="primary", scale=0, min_width=80, elem_id="pc-stop", visible=False)
        with gr.Accordion("Which reviews to ask", open=False, elem_id="pc-choice", elem_classes="pc-fields"):
            self._names = gr.Dropdown(
                shelf.choices(), multiselect=True, label="Only these (all of them if none is chosen)"
            )
            with gr.Row():
                # Not a Number: an empty one of these says 0.
                self._first = gr.Textbox(label="Published from", placeholder="any year", max_lines=1, max_length=4)
                self._last = gr.Textbox(label="to", placeholder="any year", max_lines=1, max_length=4)
        with gr.Row(elem_id="pc-foot"):
            self._fresh = gr.Button("New conversation", size="sm", variant="secondary", elem_id="pc-fresh")
            acting.history_menu()
            acting.export_menu()

    def _listen(self) -> None:
        chosen = [self._names, self._first, self._last]
        asking = []
        asked_by: list[tuple[Any, Any]] = [(self._box.submit, self._box), (self._send.click, self._box)]
        asked_by += [(one.click, one) for one in [*self._buttons, *self._next]]
        for trigger, source in asked_by:
            # A question sent while the empty box is still being looked at, or one was just stopped, is not lost; asked
            # twice in one breath it is answered once, for both go on from the same turns. An example is asked once.
            mode: Any = "multiple" if source is self._box else "once"
            inputs = [source, self._turns, *chosen]
            asking.append(trigger(self._respond, inputs, self._shown, concurrency_limit=4, trigger_mode=mode, **_WIDE))
        again = self._bridge.retry(
            self._again, [self._turns, *chosen], self._shown, concurrency_limit=4, trigger_mode="once", **_WIDE
        )
        asking.append(again)
        for asked in asking:
            then = asked.then(None, js=_ANSWERED)
            then.then(self._suggest, [self._turns, *chosen], self._next, concurrency_limit=2, **_WIDE)
        self._stop.click(
            self._halt, [self._turns, self._waiting], self._shown, cancels=asking, queue=False, **_WIDE
        ).then(None, js=_RESTARTED)
        now: Any = {"queue": False, **_WIDE}
        self._fresh.click(self._restart, None, self._shown, **now).then(None, js=_RESTARTED)
        self._bridge.edit(self._edit, self._turns, self._shown, **now).then(None, js=_RESTARTED)
        self._bridge.submit(self._restore, None, self._shown, **_WIDE)
        self._bridge.like(acting.rate(self._assistant), self._turns, self._bridge, **now)
        self._bridge.download(acting.save, self._turns, self._bridge, **now)

    def _respond(
        self, question: str, before: list[Turn], names: list[str], first: str, last: str
    ) -> Iterator[dict[Any, Any]]:
        question = (question or "").strip()
        if not question:
            yield {self._box: gr.skip()}
            return
        yield from self._answer(question, before, lambda: choice(names, first, last))

    def _again(
        self,
        event: gr.EventData,
        before: list[Turn],
        names: list[str],
        first: str,
        last: str,
    ) -> Iterator[dict[Any, Any]]:
        turn = acting.turn_of(event, before)
        if turn is None:
            yield {self._box: gr.skip()}
            return
        yield from self._answer(turn.question, before[: turn.number - 1], lambda: choice(names, first, last))

    def _answer(self, question: str, before: list[Turn], chosen: Callable[[], Choice]) -> Iterator[dict[Any, Any]]:
        yield {
            self._waiting: question,
            self._talk: chat.messages(before, waiting=question),
            **self._busy(True),
            self._choices: gr.update(visible=False),
            **self._suggested([]),
        }
        turn = turns.ask(self._assistant, question, before, chosen)
        after = [*before, turn]
        sentences = len(turn.answer.sentences) if turn.answer else 0
        for count in range(1, sentences):
            yield {self._talk: chat.messages(after, sentences=count), self._side: chat.panel(after)}
        yield {**self._conversation(after), self._bridge: acting.told(after), **self._busy(False)}

    def _suggest(self, asked: list[Turn], names: list[str], first: str, last: str) -> dict[Any, Any]:
        if not asked or asked[-1].answer is None:
            return self._suggested([])
        try:
            documents = choice(names, first, last).documents(self._assistant)
            return self._suggested(suggestions(self._assistant, turns.answers(asked), documents))
        except PinciteError as error:  # the answer stands; what to ask next is the person's own idea then
            _log.debug("No suggestions: %s", error)
            return self._suggested([])

    def _halt(self, before: list[Turn], waiting: str) -> dict[Any, Any]:
        return {
            **self._conversation(before),
            **self._busy(False),
            self._box: gr.update(value=waiting, interactive=True),
            self._choices: gr.update(visible=not before),
        }

    def _edit(self, event: gr.EventData, before: list[Turn]) -> dict[Any, Any]:
        turn = acting.turn_of(event, before)
        if turn is None:
            return {self._box: gr.skip()}
        left = before[: turn.number - 1]
        return {**self._replaced(left, acting.told(left)), self._box: turn.question}

    def _restart(self) -> dict[Any, Any]:
        return {**self._replaced([], acting.restarted()), self._box: ""}

    def _restore(self, event: gr.EventData) -> dict[Any, Any]:
        found = turns.restore(self._assistant, acting.kept_of(event))
        return self._replaced(found, acting.told(found, whole=True))

    def _replaced(self, now: list[Turn], message: acting.Message) -> dict[Any, Any]:
        """Another conversation in place of the one shown, and what the browser is told of it."""
        return {
            **self._conversation(now),
            **self._suggested([]),
            self._bridge: message,
            self._choices: gr.update(visible=not now),
        }

    def _conversation(self, now: list[Turn]) -> dict[Any, Any]:
        return {self._turns: now, self._talk: chat.messages(now), self._side: chat.panel(now)}

    def _busy(self, working: bool) -> dict[Any, Any]:
        box: dict[str, Any] = {"value": "", "interactive": False} if working else {"interactive": True}
        return {
            self._box: gr.update(**box),
            self._send: gr.update(visible=not working),
            self._stop: gr.update(visible=working),
            self._fresh: gr.update(interactive=not working),
        }

    def _suggested(self, questions: list[str]) -> dict[Any, Any]:
        return {
            button: gr.update(value=questions[at] if at < len(questions) else "", visible=at < len(questions))
            for at, button in enumerate(self._next)
        }
