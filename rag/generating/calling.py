"""Words from a language model as they come: within a time limit, called off at once, and busy providers asked again.

The model is read in a thread of its own, so that one that hangs holds up nobody: whoever waits stops waiting.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.runnables import Runnable, RunnableLambda
from langsmith import tracing_context

_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})  # states of a provider in which asking again may help
_SILENCE = 0.25  # seconds without words after which whoever reads is asked whether to go on


class LlmFailedError(Exception):
    """The model did not do what it was asked; the message says why, in words for a person and without its own."""


@dataclass(slots=True)
class Usage:
    """Tokens, as the provider counts them; None where it does not say."""

    read: int | None = None
    written: int | None = None

    def add(self, counted: Any) -> None:
        """Count in what a piece of an answer says of itself."""
        if counted:
            self.read = (self.read or 0) + int(counted.get("input_tokens") or 0)
            self.written = (self.written or 0) + int(counted.get("output_tokens") or 0)


class _Busy(Exception):  # noqa: N818  never leaves this file
    """The provider asks to be asked again later."""


class Caller:
    """Asks a model.

    Args:
        model: Any chat model of LangChain's.
        name: What to call it.
        retries: How often a busy provider is asked again.
    """

    def __init__(self, model: BaseChatModel, name: str, retries: int) -> None:
        self._model = model
        self._name = name
        self._retries = retries

    def stream(self, messages: list[BaseMessage], seconds: float, usage: Usage) -> Generator[str, None, None]:
        """The words of its answer, as they come, and "" while none do. Closing the iterator calls it off.

        Raises:
            LlmFailedError: It cannot be reached, refuses, breaks off, or takes longer than that many seconds.
        """
        pieces: queue.SimpleQueue[AIMessageChunk | BaseException | None] = queue.SimpleQueue()
        over = threading.Event()
        reading = threading.Thread(target=self._read, args=(messages, pieces, over), daemon=True, name="llm")
        ends = time.monotonic() + seconds
        reading.start()
        try:
            while True:
                left = ends - time.monotonic()
                if left <= 0:
                    raise LlmFailedError(f"{self._name} was not done after {seconds:g} seconds.")
                try:
                    piece = pieces.get(timeout=min(left, _SILENCE))
                except queue.Empty:
                    yield ""  # whoever reads may stop
                    continue
                if piece is None:
                    return
                if isinstance(piece, BaseException):
                    raise LlmFailedError(explained(piece, self._name)) from None
                usage.add(getattr(piece, "usage_metadata", None))  # not all kinds of pieces have it
                yield str(piece.text)  # nothing, while a model thinks
        finally:
            over.set()

    def _read(self, messages: list[BaseMessage], pieces: queue.SimpleQueue[Any], over: threading.Event) -> None:
        try:
            # Else LangChain tells LangSmith what it was asked, where a variable says so.
            with tracing_context(enabled=False):
                self._read_on(messages, pieces, over)
        except _Busy as error:
            pieces.put(error.__cause__ or error)
        except BaseException as error:  # noqa: BLE001  whatever an integration raises is told to whoever waits
            pieces.put(error)

    def _read_on(self, messages: list[BaseMessage], pieces: queue.SimpleQueue[Any], over: threading.Event) -> None:
        begun: Runnable[Any, Any] = RunnableLambda(lambda asked: self._begin(asked, over)).with_retry(
            retry_if_exception_type=(_Busy,), wait_exponential_jitter=True, stop_after_attempt=self._retries + 1
        )
        first, rest = begun.invoke(messages)
        for piece in first:
            pieces.put(piece)
        for piece in rest:
            if over.is_set():
                rest.close()  # the connection with it: the provider stops writing
                return
            pieces.put(piece)
        pieces.put(None)

    def _begin(self, messages: list[BaseMessage], over: threading.Event) -> tuple[list[Any], Any]:
        """The first piece, for which a busy provider is asked again, and the others to come."""
        if over.is_set():
            return [], iter(())
        coming = self._model.stream(messages)
        try:
            return [next(coming)], coming
        except StopIteration:
            return [], coming
        except Exception as error:
            if _state(error) in _BUSY:
                raise _Busy from error
            raise


def explained(error: BaseException, name: str) -> str:
    """Why a model failed, without its own words: they may hold a key, or what was asked."""
    state, kinds = _state(error), " ".join(type(one).__name__ for one in _causes(error))
    if state in {401, 403}:
        return f"{name} refused the key it was given ({state})."
    if state == 404:
        pull = f": ollama pull {name.partition(':')[2]}" if name.startswith("ollama:") else "."
        return f"{name} is not known to its provider ({state}){pull}"
    if state == 429:
        return f"{name} is busy, or what you may use of it is used up (429)."
    if state is not None and state >= 500:
        return f"{name} had a failure of its own ({state})."
    if state is not None:
        return f"{name} refused the request ({state})."
    if "Timeout" in kinds:
        return f"{name} did not answer in time."
    if "Connect" in kinds or any(isinstance(one, ConnectionError) for one in _causes(error)):
        start = ": ollama serve" if name.startswith("ollama:") else "."
        return f"{name} cannot be reached{start}"
    return f"{name} failed ({type(error).__name__})."


def _state(error: BaseException) -> int | None:
    """The HTTP status that an error or what caused it carries, however its integration names it."""
    for one in _causes(error):
        for holder in (one, getattr(one, "response", None)):
            for name in ("status_code", "code", "http_status"):
                found = getattr(holder, name, None)
                if isinstance(found, int) and 400 <= found < 600:
                    return found
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
