"""What happens under a running page, told to whoever listens: counts and durations, never what was said.

No event holds words of a document, an answer or a file's name; of a question only where that was asked for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

from index.errors import PinciteError
from index.report import SyncReport
from rag.answers import Answer
from rag.comparing import Comparison

By = Literal["page", "comparison", "program", "assistant"]
"""Who asks: a person in the Ask tab or the Compare tab, a program, another assistant (Model Context Protocol)."""

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered here, "" outside of any."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was answered: `route` as the program names it, `seconds` to its last byte, `size` in bytes."""

    id: str
    method: str
    route: str
    status: int
    seconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was worked on; see `rag.answers.Answer` for its fields.

    `steps` are seconds by step, `sentences` those of a language model by what became of them, `tokens` its tokens;
    `error` is the class of what went wrong; `question` is "" unless questions are asked for.
    """

    request: str
    by: By
    outcome: Literal["answered", "abstained", "failed", "stopped"]
    seconds: float
    kind: str = ""
    why: str = ""
    confidence: float | None = None
    citations: int = 0
    generation: int | None = None
    steps: dict[str, float] = field(default_factory=dict)
    sentences: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    error: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Sync:
    """A sync that ended: `files` counts them by what became of them, `error` is the class of what went wrong."""

    outcome: Literal["done", "failed", "stopped"]
    seconds: float
    rebuild: bool = False
    generation: int | None = None
    files: dict[str, int] = field(default_factory=dict)
    embedded: int = 0
    error: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent to the Library, and what became of it: "added", "known" or "refused"."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Note:
    """Anything else that is worth a line; `name` and `fields` are the program's own words."""

    name: str
    level: int
    fields: dict[str, Any] = field(default_factory=dict)


Event = Request | Question | Sync | Upload | Note
Listener = Callable[[Event], None]


class Observer:
    """Tells listeners what happens. Safe to use from many threads, if they are.

    Args:
        listeners: Are told each event; more may be added.
        questions: Whether events hold the words of questions.
    """

    def __init__(self, *listeners: Listener, questions: bool = False) -> None:
        self.listeners = list(listeners)
        self.lines: dict[By, Callable[[], int]] = {}
        """How many questions wait their turn, by who asks."""
        self._questions = questions

    def tell(self, event: Event) -> None:
        """Tell everyone who listens."""
        for listener in self.listeners:
            listener(event)

    @contextmanager
    def asked(self, by: By, question: str, request: str = "") -> Iterator[Outcome]:
        """For as long as a question is worked on; what comes of it is put into the outcome.

        Args:
            by: Who asks.
            question: In plain words.
            request: The id of the request that brought it; that which is being answered if "".
        """
        started, found = time.perf_counter(), Outcome()
        how: Literal["failed", "stopped"] = "failed"
        try:
            yield found
        except BaseException as error:
            found.error = type(error).__name__
            if not isinstance(error, Exception):  # closed or called off: nobody waits any more
                how = "stopped"
            raise
        finally:
            said: dict[str, Any] = found.said or {"outcome": how, "error": "" if how == "stopped" else found.error}
            self.tell(
                Question(
                    request=request or REQUEST.get(),
                    by=by,
                    seconds=time.perf_counter() - started,
                    question=question if self._questions else "",
                    **said,
                )
            )


class Outcome:
    """What came of a question; that it failed, as long as nothing is said."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}
        self.error = ""

    def came(self, answer: Answer | None, error: str) -> None:
        """An answer came, or what went wrong was told in words; `error` is its class."""
        self.error = error
        if answer is not None:
            self.answered(answer)

    def answered(self, answer: Answer) -> None:
        """An answer came, or an abstention."""
        self.said = {
            "outcome": "abstained" if answer.abstained else "answered",
            "kind": str(answer.kind),
            "why": str(answer.why),
            "confidence": answer.confidence,
            "citations": len(answer.citations),
            "generation": answer.fingerprint.index_generation,
            "steps": dict(answer.seconds),
        }
        if written := answer.written:
            struck = len(written.unsupported)
            self.said["sentences"] = {"supported": written.supported, "struck": struck, "dropped": written.dropped}
            counted = {"read": written.tokens_read, "written": written.tokens_written}
            self.said["tokens"] = {key: count for key, count in counted.items() if count is not None}

    def compared(self, comparison: Comparison) -> None:
        """A comparison came; it is told as one answer, as sure as its surest."""
        answers = [one.answer for one in comparison.compared]
        said = [one for one in answers if not one.abstained]
        self.said = {
            "outcome": "answered" if said else "abstained",
            "kind": "comparison" if said else "",
            "why": "" if said or not answers else str(answers[0].why),
            "confidence": max((one.confidence for one in answers), default=None),
            "citations": sum(len(one.citations) for one in said),
            "generation": answers[0].fingerprint.index_generation if answers else None,
        }


class Room:
    """Lets in so many at a time, and knows how many wait.

    Args:
        most: How many.
    """

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)
        self.waiting = 0

    async def __aenter__(self) -> None:
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1

    async def __aexit__(self, *_: object) -> None:
        self._free.release()


def sync_told(report: SyncReport, rebuild: bool) -> Sync:
    """What is told of a sync that was done."""
    names = ("added", "changed", "renamed", "removed", "reread", "unchanged", "skipped")
    files = {name: len(getattr(report, name)) for name in names}
    return Sync("done", report.seconds, rebuild, report.generation, files, report.embedded)


def in_kind(error: BaseException) -> str:
    """What sort of failure it is, in words that name no file: what its class is about."""
    if isinstance(error, PinciteError):
        return (type(error).__doc__ or "").partition("\n")[0]
    return (error.strerror or "") if isinstance(error, OSError) else ""
