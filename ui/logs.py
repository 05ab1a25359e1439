"""The log of `pincite ui`, for those who run it as a service: a line for each event, as JSON or as text.

What a line says is the program's own words and numbers. Messages of ours and of uvicorn are written without the words
that are filled into them, those of other libraries not at all, and of an exception its class and where it came from:
any of these may hold words of a question, a document or a file's name.
"""

from __future__ import annotations

import io
import json
import logging
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO

from index.errors import UsageError
from rag.settings import Settings
from ui.observing import REQUEST, Event, Note, Question, Request, Sync, Upload

Form = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]

_OURS = ("index", "rag", "ui", "pincite")
_SPOKEN = {*_OURS, "uvicorn"}  # whose messages are fixed, but for what is filled in
_PROBES = {"/health", "/ready", "/metrics"}
_FIELDS = "pincite_fields"
_WITHHELD = "…"
_log = logging.getLogger("pincite.ui")


@dataclass(frozen=True, slots=True)
class Logs:
    """How the log is kept.

    Args:
        level: From which on lines are written.
        questions: Whether the words of questions are written.
    """

    level: Level
    questions: bool = False

    def notice(self, words: str) -> None:
        """Write what a person should know of the index; its words name no file of the shelf."""
        _log.warning("", extra={_FIELDS: ("notice", {"message": words})})

    def announce(self, words: str) -> None:
        """Nothing: what a terminal is told in words that may name files is an event of its own in the log."""


@contextmanager
def logging_as(settings: Settings, questions: bool) -> Iterator[Logs | None]:
    """For as long as it is open, a log on standard error as the settings say, if they ask for one.

    Raises:
        UsageError: Questions are to be logged, and there is no log.
    """
    if settings.log_format == "none":
        if questions:
            raise UsageError("--log-questions needs a log to write them into: give --log-format text or json.")
        yield None
        return
    with logging_to(None, settings.log_format, settings.log_level):
        yield Logs(settings.log_level, questions)


@contextmanager
def logging_to(stream: TextIO | None, form: Form, level: Level) -> Iterator[None]:
    """Have everything that is logged in this process written in one form; that anything is printed, too.

    Args:
        stream: Where to; standard error if None.
        form: One JSON object a line, or text.
        level: From which on our own lines and uvicorn's are written; those of other libraries from warnings on.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    before = (root.handlers[:], root.level, [(name, logging.getLogger(name).level) for name in _OURS])
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())
    try:
        with redirect_stderr(Printed()), redirect_stdout(Printed()):
            yield
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        for name, old in before[2]:
            logging.getLogger(name).setLevel(old)


def write(event: Event) -> None:
    """Write an event into the log."""
    level, name, fields = _told(event)
    _log.log(level, "", extra={_FIELDS: (name, fields)})


def _told(event: Event) -> tuple[int, str, dict[str, Any]]:
    match event:
        case Request():
            level = logging.DEBUG if event.route in _PROBES else logging.INFO
            fields: dict[str, Any] = {
                "request": event.id,
                "method": event.method,
                "route": event.route,
                "status": event.status,
                "ms": round(event.seconds * 1000, 1),
                "bytes": event.size,
            }
            return logging.ERROR if event.status >= 500 and event.route not in _PROBES else level, "request", fields
        case Question():
            fields = {
                "request": event.request,
                "by": event.by,
                "outcome": event.outcome,
                "abstained": event.outcome == "abstained",
                "kind": event.kind,
                "why": event.why,
                "confidence": event.confidence,
                "citations": event.citations,
                "generation": event.generation,
                "seconds": round(event.seconds, 4),
                "steps": {name: round(seconds, 4) for name, seconds in event.steps.items()},
                "sentences": event.sentences,
                "tokens": event.tokens,
                "error": event.error,
                "question": event.question,
            }
            said = {key: value for key, value in fields.items() if value not in ("", None, {})}
            return logging.WARNING if event.outcome == "failed" else logging.INFO, "question", said
        case Sync():
            fields = {
                "outcome": event.outcome,
                "rebuild": event.rebuild,
                "generation": event.generation,
                **event.files,
                "embedded": event.embedded,
                "seconds": round(event.seconds, 3),
                "error": event.error,
                "problem": event.problem,
            }
            said = {key: value for key, value in fields.items() if value not in ("", None)}
            return logging.ERROR if event.outcome == "failed" else logging.INFO, "sync", said
        case Upload():
            return logging.INFO, "upload", {"outcome": event.outcome}
        case Note():
            return event.level, event.name, event.fields


class JsonLines(logging.Formatter):
    """Each record as one JSON object on one line: `time` (UTC), `level`, `event`, and what there is to say of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        return json.dumps(_finite(_line(record)), default=lambda _: _WITHHELD, allow_nan=False)


class TextLines(logging.Formatter):
    """Each record as one line of text: time (UTC), level, event, and `name=value` for what there is to say of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line = _finite(_line(record))
        head = f"{line.pop('time')} {line.pop('level').upper():7} {line.pop('event')}"
        return " ".join([head, *(f"{name}={_plain(value)}" for name, value in line.items())])


class Printed(io.TextIOBase):
    """What libraries print: that there was something is written, in place of its words."""

    def write(self, text: str) -> int:
        """Take what is printed."""
        if text.strip():
            lines = len(text.strip().splitlines())
            _log.warning("", extra={_FIELDS: ("printed", {"lines": lines})})
        return len(text)


def _line(record: logging.LogRecord) -> dict[str, Any]:
    name, fields = getattr(record, _FIELDS, None) or ("message", {"logger": record.name, **_words(record)})
    when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"time": when, "level": record.levelname.lower(), "event": name, **fields}
    if "request" not in line and (request := REQUEST.get()):
        line["request"] = request
    if record.exc_info and record.exc_info[0]:
        line |= {"error": record.exc_info[0].__name__, "at": _places(record.exc_info[1])}
    return line


def _words(record: logging.LogRecord) -> dict[str, str]:
    """The message of a record, without words that are filled in."""
    if record.name.partition(".")[0] not in _SPOKEN or not isinstance(record.msg, str):
        return {}
    args = record.args if isinstance(record.args, tuple) else ()
    try:
        said = record.msg % tuple(one if isinstance(one, int | float) else _Withheld() for one in args)
    except (TypeError, ValueError):
        said = record.msg
    return {"message": said.strip()}


class _Withheld:
    """A word that is not told."""

    def __repr__(self) -> str:
        return _WITHHELD


def _places(error: BaseException | None) -> list[str]:
    """Where an exception came from, the last places first named: files, lines and functions of programs."""
    found = []
    trace = error.__traceback__ if error else None
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{'/'.join(Path(code.co_filename).parts[-2:])}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-12:]


def _finite(value: Any) -> Any:
    """A value as JSON has it: no number that is none."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> str:
    """A value of a line of text: as it is if it is one plain word, else as JSON."""
    plain = isinstance(value, str) and value.isascii() and value.isprintable() and not set(value) & set(' "=')
    return value if plain and value else json.dumps(value, default=lambda _: _WITHHELD)
