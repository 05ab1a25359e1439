"""The tab in which questions are asked: the conversation, and the sources beside it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from index.errors import PinciteError
from rag.answers import Draft
from rag.assistant import Assistant
from ui import acting, chat, turns, voice
from ui.choosing import choice
from ui.coming import Coming
from ui.front import EXAMPLES, Shelf, opening
from ui.observing import Observer
from ui.requests import HEADER
from ui.suggesting import MOST, suggestions
from ui.turns import Conversation, Turn

Steps = AsyncGenerator[dict[Any, Any], None]

_EDITING = "<p>Asked in place of the earlier question. The answers after it stay among the earlier conversations.</p>"
_ANSWERED, _RESTARTED = "() => pincite.answered()", "() => pincite.restarted()"
LINE = "asking"  # where questions wait their turn
_QUIET: Any = {"show_progress": "hidden", "show_progress_on": [], "api_visibility": "private"}
_AT_A_TIME = 4  # questions of all pages together
_AT_ONCE = 0.15
"""Seconds after which it is said that an answer is on its way; to say so of one that is there by then, delays it."""
_SHOWN = 0.04
"""Seconds that the browser is given to show a sentence; what came meanwhile, it would take up first."""
_WORDS = 0.1
"""Seconds between what is shown of an answer that is being written; more often than that nobody reads."""
_STILL = 1.0
"""Seconds without news after which Gradio is given occasion to see whether anybody still waits."""
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


def add(assistant: Assistant, shelf: Shelf, observer: Observer) -> AskTab:
    """Add the tab's content to the page being built; the observer is told of each question."""
    return _Asking(assistant, shelf, observer).tab


class _Asking:
    """The components of the tab, and what happens when they are used."""

    def __init__(self, assistant: Assistant, shelf: Shelf, observer: Observer) -> None:
        self._assistant = assistant
        self._observer = observer
        self._thinking = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="asking")
        self._now = gr.State(Conversation())
        with gr.Row(elem_id="pc-columns"):
            with gr.Column(scale=6, elem_id="pc-talk"):
                self._talk_column(shelf)
            with gr.Column(scale=5, elem_id="pc-side"):
                self._side = gr.HTML(chat.panel([]), elem_id="pc-panel")
        self._bridge = acting.bridge()
        self._shown = [self._now, self._talk, self._side, self._bridge, self._box, self._fresh, self._editing]
        self._shown += self._next
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
            placeholder=opening(self._assistant),
            buttons=[],
            latex_delimiters=[],
            allow_tags=False,
            sanitize_html=True,
        )
        with gr.Column(elem_id="pc-examples", elem_classes="pc-questions"):
            self._buttons = [gr.Button(**shelf.example(at), size="sm") for at in range(EXAMPLES)]
        with gr.Column(elem_id="pc-next", elem_classes="pc-questions"):
            self._next = [gr.Button(visible=False, size="sm") for _ in range(MOST)]
        with gr.Row(elem_id="pc-editing", visible=False) as self._editing:
            gr.HTML(_EDITING, apply_default_css=False)
            self._cancel = gr.Button("Cancel", size="sm", elem_id="pc-cancel")
        with gr.Row(elem_id="pc-form"):
            self._box = gr.Textbox(
                label="Your question",
                show_label=False,
                container=False,
                placeholder="Ask a question",
                lines=1,
                max_lines=4,
                max_length=20_000,
                scale=1,
                elem_id="pc-ask",
            )
            self._send = gr.Button("Ask", variant="primary", scale=0, min_width=80, elem_id="pc-send")
            self._stop = gr.Button("Stop", variant="primary", scale=0, min_width=80, elem_id="pc-stop")
        self._voice = voice.choice(self._assistant.writer.name) if self._assistant.writer else None
        with gr.Accordion("Which reviews to ask", open=False, elem_id="pc-choice", elem_classes="pc-fields"):
            self._names = gr.Dropdown(
                shelf.choices(),
                multiselect=True,
                allow_custom_value=True,  # one that has left the shelf is told of by us, and not by an error
                label="Only these (all of them if none is chosen)",
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
        reviews = [self._names, self._first, self._last]
        chosen = [*reviews, *([self._voice] if self._voice else [])]
        work: Any = {"outputs": self._shown, "concurrency_limit": _AT_A_TIME, "concurrency_id": LINE, **_QUIET}
        # A question sent while the empty box is still being looked at, or one was just stopped, is not lost; asked
        # twice in one breath it is answered once, for both go on from the same turns.
        typed = gr.on([self._box.submit, self._send.click], self._respond, [self._box, self._now, *chosen],
                      trigger_mode="multiple", **work)  # fmt: skip
        asking = [typed]
        asking += [one.click(self._respond, [one, self._now, *chosen], trigger_mode="once", **work)
                   for one in [*self._buttons, *self._next]]  # fmt: skip
        asking.append(self._bridge.retry(self._again, [self._now, *chosen], trigger_mode="once", **work))
        thinking = [
            asked.then(None, js=_ANSWERED).then(
                self._suggest, [self._now, *reviews], self._next, concurrency_limit=2, concurrency_id="next", **_QUIET
            )
            for asked in asking
        ]
        now: Any = {"outputs": self._shown, "queue": False, **_QUIET}
        moved = [
            self._stop.click(self._halt, self._now, cancels=[*asking, *thinking], **now),
            self._fresh.click(self._restart, None, cancels=thinking, **now),
            self._bridge.edit(self._edit, self._now, cancels=thinking, **now),
            self._cancel.click(self._keep, self._now, **now),
        ]
        for one in moved:
            one.then(None, js=_RESTARTED)
        self._bridge.submit(self._restore, None, self._shown, cancels=thinking, concurrency_limit=4, **_QUIET)
        self._bridge.like(acting.rate(self._assistant), self._now, self._bridge, queue=False, **_QUIET)
        self._bridge.download(acting.save, self._now, self._bridge, queue=False, **_QUIET)

    async def _respond(self, request: gr.Request, question: str, now: Conversation, *fields: Any) -> Steps:
        question = (question or "").strip()
        async with aclosing(self._answer(request, now, now.asking(question) if question else None, *fields)) as steps:
            async for step in steps:
                yield step

    async def _again(self, request: gr.Request, event: gr.EventData, now: Conversation, *fields: Any) -> Steps:
        turn = acting.turn_of(event, now)
        asked = now.asking(turn.question, turn.number) if turn else None
        async with aclosing(self._answer(request, now, asked, *fields)) as steps:
            async for step in steps:
                yield step

    async def _answer(
        self,
        request: gr.Request,
        before: Conversation,
        asked: Conversation | None,
        names: list[str],
        first: str,
        last: str,
        words: str = voice.WRITTEN,
    ) -> Steps:
        if asked is None:
            yield {self._box: gr.skip()}
            return
        # Each component that is told something costs the server and the browser time, which the first words would
        # wait for. What is only shown or hidden meanwhile, the page's style sees from the chat (assets/asking.css).
        changed: dict[Any, Any] = {
            self._now: replace(before, waiting=asked.waiting),
            self._box: gr.update(value="", interactive=False),
            self._fresh: gr.update(interactive=False),
        }
        if before.replaces:
            changed[self._editing] = gr.update(visible=False)
        writer = self._assistant.writer if words == voice.WRITTEN else None
        if writer:
            changed[self._bridge] = acting.message("begun")
        quoted, patience, drafted = writer is None, _AT_ONCE, Draft()
        coming = turns.asking(
            self._assistant, asked.waiting, asked.turns, lambda: choice(names, first, last), quoted=quoted
        )
        told = self._observer.asked("page", asked.waiting, request.headers.get(HEADER, ""))
        with told as outcome, Coming(coming, self._thinking if quoted else None) as steps:
            while not isinstance(step := await steps.newest(patience), Turn):
                patience = _STILL
                if writer and step and step != drafted:
                    drafted = step
                    so_far = chat.messages(asked.turns, asked.waiting, draft=step, model=writer.name)
                    yield {self._talk: so_far, **changed}
                    changed = {}
                    await asyncio.sleep(_WORDS)
                elif changed:
                    yield {self._talk: chat.messages(asked.turns, asked.waiting), **changed}
                    changed = {}
                else:
                    yield {self._box: gr.skip()}
            outcome.came(step.answer, step.failure)
        after = asked.answered(step)
        answer = after.turns[-1].answer
        # What was shown as it was written is not shown bit by bit again.
        for count in range(1, max(2, len(answer.sentences) if answer else 0)) if drafted == Draft() else ():
            yield {self._talk: chat.messages(after.turns, sentences=count), **changed}
            changed = {}
            await asyncio.sleep(_SHOWN)
        kept = {self._bridge: acting.told(before, after), **self._suggested([])}
        yield {**self._conversation(after), **kept, **self._idle()}

    def _suggest(self, now: Conversation, names: list[str], first: str, last: str) -> Iterator[dict[Any, Any]]:
        # What is begun can be called off; what comes of it would be about another question by then.
        yield {self._next[0]: gr.skip()}
        if not now.turns or now.turns[-1].answer is None:
            return
        try:
            documents = choice(names, first, last).documents(self._assistant)
            found = suggestions(self._assistant, turns.answers(now.turns), documents)
        except PinciteError as error:  # the answer stands; what to ask next is the person's own idea then
            _log.debug("No suggestions: %s", error)
            return
        yield self._suggested(found)

    def _halt(self, now: Conversation) -> dict[Any, Any]:
        return {
            **self._conversation(replace(now, waiting="")),
            **self._idle(),
            self._editing: gr.update(visible=bool(now.replaces)),
            self._box: gr.update(value=now.waiting, interactive=True),
        }

    def _edit(self, event: gr.EventData, now: Conversation) -> dict[Any, Any]:
        turn = acting.turn_of(event, now)
        if turn is None:
            return {self._box: gr.skip()}
        return {
            self._now: replace(now, replaces=turn.number),
            self._box: turn.question,
            self._editing: gr.update(visible=True),
            **self._suggested([]),
        }

    def _keep(self, now: Conversation) -> dict[Any, Any]:
        return {self._now: replace(now, replaces=0), self._box: "", self._editing: gr.update(visible=False)}

    def _restart(self) -> dict[Any, Any]:
        return self._replaced(Conversation(), acting.restarted())  # what is typed already is not touched

    def _restore(self, event: gr.EventData) -> dict[Any, Any]:
        return self._replaced(*acting.restored(self._assistant, event))

    def _replaced(self, now: Conversation, message: acting.Message) -> dict[Any, Any]:
        """Another conversation in place of the one shown, and what the browser is told of it."""
        told = {self._bridge: message, self._editing: gr.update(visible=False)}
        return {**self._conversation(now), **self._suggested([]), **told}

    def _conversation(self, now: Conversation) -> dict[Any, Any]:
        return {
            self._now: now,
            self._talk: chat.messages(now.turns),
            self._side: chat.panel(now.turns),
        }

    def _idle(self) -> dict[Any, Any]:
        return {self._box: gr.update(interactive=True), self._fresh: gr.update(interactive=True)}

    def _suggested(self, questions: list[str]) -> dict[Any, Any]:
        return {
            button: gr.update(value=questions[at] if at < len(questions) else "", visible=at < len(questions))
            for at, button in enumerate(self._next)
        }
