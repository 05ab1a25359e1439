"""Questions of one's own: the format, one JSON object a line, and reading it. docs/evaluation.md describes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from index.errors import UsageError
from rag.evaluation.places import Place, occurrences

if TYPE_CHECKING:
    from rag.assistant import Assistant

_SHOWN = 80  # characters of a quote that an error shows


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to be asked, and what would be right.

    `gold` is what a passage must hold, `sentences` what a sentence or a citation must touch; either may be empty, and
    is then not measured. `without` are documents taken off the shelf for this question; `group` are questions that
    are not independent of one another.
    """

    id: str
    question: str
    answerable: bool
    gold: tuple[Place, ...] = ()
    sentences: tuple[Place, ...] = ()
    history: tuple[Mapping[str, str], ...] = ()
    without: tuple[str, ...] = ()
    group: str = ""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Turn(_Part):
    """A turn of the conversation before."""

    role: Literal["user", "assistant"]
    content: str


class Stretch(_Part):
    """A slice of a document's text, as Pincite reads it: offsets are Python string indices."""

    document: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int = Field(ge=1)

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a span must end after it starts; this one is {self.start} to {self.end}")
        return self


class Written(_Part):
    """A question as a line of a file states it."""

    question: str
    id: str = ""
    document: str = ""
    documents: list[str] = []
    quotes: list[str] = []
    spans: list[Stretch] = []
    answerable: bool | None = None
    history: list[Turn] = []
    without: list[str] = []
    group: str = ""

    @field_validator("question")
    @classmethod
    def _asks(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("it is empty")
        return value

    @field_validator("quotes")
    @classmethod
    def _quoted(cls, value: list[str]) -> list[str]:
        if not all(quote.strip() for quote in value):
            raise ValueError("a quote is empty")
        return value

    @model_validator(mode="after")
    def _says_what_is_right(self) -> Self:
        gold = bool(self.named or self.quotes or self.spans)
        if self.answerable is None and not gold:
            raise ValueError(
                "nothing says what would answer it; give quotes, spans or documents, or answerable: true or false"
            )
        if self.answerable is False and gold:
            raise ValueError("answerable is false, yet quotes, spans or documents answer it; drop one of them")
        return self

    @property
    def named(self) -> list[str]:
        """The documents that answer, in one list."""
        return list(dict.fromkeys([self.document] * bool(self.document) + self.documents))


def objects(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON lines, each with the number of its line; empty lines are passed over.

    Raises:
        UsageError: A line is no JSON object; names file and line.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 (byte {error.start}); save it as UTF-8.") from error
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines: U+2028 is a character of JSON
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{file}, line {number}: not JSON ({error}); write one object a line.") from error
        except RecursionError as error:
            raise UsageError(f"{file}, line {number}: nested too deep; write one flat object a line.") from error
        if not isinstance(value, dict):
            raise UsageError(f'{file}, line {number}: not an object; write {{"question": ...}}.')
        yield number, value


def read_questions(file: Path) -> list[tuple[int, Written]]:
    """The questions of a file, each with the number of its line.

    Raises:
        UsageError: A line is not as the format has it, or there is no question; names file, line and what is wrong.
    """
    found: list[tuple[int, Written]] = []
    for number, value in objects(file):
        try:
            found.append((number, Written.model_validate(value)))
        except ValidationError as error:
            raise UsageError(f"{file}, line {number}: {_explain(error)}.") from error
    if not found:
        raise UsageError(f"{file} holds no question; write one JSON object a line.")
    return found


def placed(file: Path, written: Sequence[tuple[int, Written]], assistant: Assistant) -> list[Asked]:
    """The questions of a file, their quotes found on a shelf.

    Raises:
        UsageError: A document is not on the shelf, a quote not in its documents, a span not within one.
    """
    texts = cache(lambda name: assistant.document(name).text)
    shelf = [listed.name for listed in assistant.documents()]

    def name_of(at: str, name: str) -> str:
        try:
            return assistant.document(name).name
        except UsageError as error:
            raise UsageError(f"{at}: {error.message}") from error

    return [_placed(f"{file}, line {number}", str(number), one, shelf, texts, name_of) for number, one in written]


def _placed(
    at: str,
    number: str,
    one: Written,
    shelf: Sequence[str],
    text_of: Callable[[str], str],
    name_of: Callable[[str, str], str],
) -> Asked:
    named = [name_of(at, name) for name in one.named]
    places: list[Place] = []
    for quote in one.quotes:
        found = [Place(name, start, end) for name in named or shelf for start, end in occurrences(text_of(name), quote)]
        if not found:
            where = f"is not in {', '.join(named)}" if named else "is in no document on the shelf"
            shown = quote if len(quote) <= _SHOWN else f"{quote[:_SHOWN]}…"
            raise UsageError(f'{at}: the quote "{shown}" {where}; copy it from what `pincite document NAME` shows.')
        places += found
    for span in one.spans:
        name = name_of(at, span.document)
        length = len(text_of(name))
        if span.end > length:
            raise UsageError(f"{at}: the span {span.start} to {span.end} is not within {name}, which ends at {length}.")
        places.append(Place(name, span.start, span.end))
    whole = [Place(name) for name in named] if not places else []
    return Asked(
        id=one.id or number,
        question=one.question,
        answerable=one.answerable is not False,
        gold=tuple(places or whole),
        sentences=tuple(places),
        history=tuple(turn.model_dump() for turn in one.history),
        without=tuple(name_of(at, name) for name in one.without),
        group=one.group,
    )


def _explain(error: ValidationError) -> str:
    said = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            near = get_close_matches(where, Written.model_fields, 1)
            hint = f"perhaps {near[0]!r} is meant" if near else f"known are {', '.join(Written.model_fields)}"
            said.append(f"unknown key {where!r}; {hint}")
        elif problem["type"] == "missing":
            said.append(f"{where!r} is missing")
        else:
            message = problem["msg"].removeprefix("Value error, ")
            said.append(f"{where!r}: {message}" if where else message)
    return "; ".join(said)
