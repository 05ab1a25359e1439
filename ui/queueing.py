"""Who waits for an answer: so many, and no more, and no page alone takes all the places.

Gradio has one limit for all, which one page or program could fill; and what was answered and never fetched it keeps.
"""

from __future__ import annotations

from typing import Any, Literal

import fastapi
from gradio import route_utils
from gradio.block_function import BlockFunction
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Event, Queue

WAITING = 64
"""Requests that may wait in a line: those of pages for an answer, those of programs, and so on."""
EACH = 16
"""Requests of one page, or of one program that names its session, that may wait."""
UNFETCHED = 256
"""Sessions for which something may lie ready that nobody fetches; what lies longest is dropped."""
MESSAGES = 1000
"""Messages that may lie ready for one session."""

BUSY = "Busy: too many questions wait already. Try again in a while."

_Pushed = tuple[bool, str | list[dict[str, Any]], Literal["success", "error", "queue_full", "validator_error"]]


class BoundedQueue(Queue):
    """Gradio's queue with a limit for each line and each session, in memory too."""

    async def push(self, body: PredictBodyInternal, request: fastapi.Request, username: str | None) -> _Pushed:
        """Line up a request, or say that it is too busy for that."""
        self._forget()
        if body.fn_index is not None and self._full(route_utils.get_fn(self.blocks, None, body), body.session_hash):
            return False, BUSY, "queue_full"
        return await super().push(body, request, username)

    async def process_events(self, events: list[Event], batch: bool, begin_time: float, fn: BlockFunction) -> None:
        """Answer; what is kept of a page goes, where it was none but a program that asked once."""
        try:
            await super().process_events(events, batch, begin_time, fn)
        finally:
            for event in events:
                if self.server_app is not None and event.session_hash == event._id:
                    self.server_app.state_holder.session_data.pop(event._id, None)
                    self.server_app.state_holder.time_last_used.pop(event._id, None)

    def _full(self, fn: BlockFunction, session: str | None) -> bool:
        lines, lies = self.event_queue_per_concurrency_id, self.pending_messages_per_session.get(session or "")
        line = lines.get(fn.concurrency_id)
        if (line is not None and len(line.queue) >= WAITING) or (lies is not None and lies.qsize() >= MESSAGES):
            return True
        return sum(event.session_hash == session for line in lines.values() for event in line.queue) >= EACH

    def _forget(self) -> None:
        """Drop what nobody fetched, the oldest first, and what is known of sessions of which nothing is kept."""
        messages, known = self.pending_messages_per_session, self.pending_event_ids_session
        busy = {event.session_hash for event in self.event_ids_to_events.values()}
        lying = [session for session, lies in messages.items() if not lies.empty() and session not in busy]
        for at, session in enumerate(lying, 1):
            if at <= len(lying) - UNFETCHED or messages[session].qsize() >= MESSAGES:
                del messages[session]
        if len(known) > 2 * messages.max_size:
            for session in known.keys() - messages.keys() - busy:
                del known[session]
