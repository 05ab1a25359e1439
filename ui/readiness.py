"""Whether the server is alive, and whether it can answer: two questions, for those who watch over it."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.snapshot import Snapshot
from rag.assistant import Assistant
from ui.keeping import StillReadingError

HEALTH, READY = "/health", "/ready"
"""Where anyone may ask whether the server is alive, and whether it can answer questions."""

_HOLDS = 1.0  # seconds for which what was seen holds, however many ask
_PATIENCE = 1.0  # seconds that an answer waits for what is being looked at
_SHARE = 0.05  # of the time, at most, goes into looking
_LONGEST = 60.0  # seconds without a look, however long the last one took


@dataclass(frozen=True, slots=True)
class State:
    """Whether questions can be answered, and from what: the generation open and what it holds."""

    status: Literal["ready", "reading", "unavailable"]
    generation: int | None = None
    documents: int = 0
    passages: int = 0
    sentences: int = 0


class Readiness:
    """Looks whether an assistant can answer, one look at a time. To be used in one event loop.

    A look does what the next question would do first: it takes the newest generation, and opens it if it is new.

    Args:
        assistant: Who answers.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="looking")  # no other work holds it up
        self._look: Future[State] | None = None
        self._until = 0.0
        self._state = State("unavailable")

    async def state(self) -> State:
        """What is so now, or was a moment ago; after a second without news, what was seen last."""
        if self._look is None and time.monotonic() >= self._until:
            self._look = self._looking.submit(self._seen)
        if (look := self._look) is not None:
            await asyncio.wait([asyncio.wrap_future(look)], timeout=_PATIENCE)
            if look.done() and look is self._look:
                self._look, self._state = None, look.result()
        return self._state

    def _seen(self) -> State:
        started = time.monotonic()
        try:
            if self._assistant.first_sync is None and not self._assistant.is_open:
                return State("unavailable")  # nothing is made here that a look would wait for
            with self._assistant.snapshot() as snapshot:
                return snapshot.once(_held)
        except StillReadingError:
            return State("reading")
        except Exception:  # noqa: BLE001  whatever it is, a question would meet it as well
            return State("unavailable")
        finally:
            now = time.monotonic()
            self._until = now + min(max(_HOLDS, (now - started) / _SHARE), _LONGEST)


def watched_over(assistant: Assistant, readiness: Readiness) -> list[Route]:
    """The addresses HEALTH and READY; they tell nobody more than they must."""

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", "version": version("pincite"), "index": assistant.is_open})

    async def ready(request: Request) -> Response:
        state = await readiness.state()
        told = {"status": state.status, "generation": state.generation}
        return JSONResponse(told, 200 if state.status == "ready" else 503, {"Cache-Control": "no-store"})

    return [Route(HEALTH, health), Route(READY, ready)]


def _held(snapshot: Snapshot) -> State:
    listed = snapshot.listing()
    passages, sentences = sum(one.passages for one in listed), sum(one.sentences for one in listed)
    return State("ready", snapshot.generation, len(listed), passages, sentences)
