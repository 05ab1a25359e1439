"""What programs may ask: three endpoints of Gradio's API (docs/api.md), and the same three for other assistants."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

import gradio as gr
from gradio.components.api_component import Api
from gradio.context import Context
from gradio.events import api as api_endpoint
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, validate_call
from typing_extensions import TypedDict

from index.errors import PinciteError, UsageError
from rag.answers import Answer, Citation
from rag.assistant import Assistant
from ui.observing import Observer
from ui.requests import HEADER
from ui.tables import listed_json

_R = TypeVar("_R")
_BUG = "Something went wrong inside Pincite, and nothing was answered. Its terminal says more."
_log = logging.getLogger(__name__)

AT_ONCE = 4
"""Questions of programs that are worked on at the same time."""

LINE = "programs"
"""Where they wait their turn."""


class Turn(TypedDict):
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=100_000)]


class Shelved(BaseModel):
    """A document on the shelf; what neither it nor a .bib file says is empty or null."""

    model_config = ConfigDict(extra="forbid")

    document: str
    title: str
    authors: list[str]
    year: int | None
    journal: str
    doi: str
    labels: list[str]
    format: str
    pages: int
    passages: int
    sentences: int


History = Annotated[list[Turn] | None, Field(max_length=200)]
Names = Annotated[list[str] | None, Field(max_length=10_000)]
Count = Annotated[int, Field(ge=1, le=100)]


class Questions:
    """What programs ask, looked at before it is answered. Every failure is a PinciteError.

    Args:
        assistant: Answers.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def answer(self, **asked: Any) -> Answer:
        """Answer; see `Assistant.answer` for what may be asked."""
        return _checked(self._answer, asked)

    def search(self, **asked: Any) -> list[Citation]:
        """Search; see `Assistant.search` for what may be asked."""
        return _checked(self._search, asked)

    def documents(self) -> list[Shelved]:
        """The documents on the shelf, by name."""
        return [Shelved(**listed_json(one)) for one in self._assistant.documents()]

    def _answer(self, question: str, history: History = None, documents: Names = None, quoted: bool = False) -> Answer:
        return self._assistant.answer(self._short(question), history or (), documents or None, quoted=quoted)

    def _search(self, query: str, k: Count = 10, documents: Names = None) -> list[Citation]:
        return self._assistant.search(self._short(query), k, documents or None)

    def _short(self, text: str) -> str:
        most = self._assistant.settings.max_question_characters
        if not text.strip():
            raise UsageError("Nothing was asked for: give words to look for.")
        if len(text) > most:
            raise UsageError(f"The question has {len(text):,} characters; up to {most:,} are taken.")
        return text


def add(assistant: Assistant, observer: Observer) -> None:
    """Add the endpoints to the page being built; the observer is told of each question."""
    asked = Questions(assistant)

    def answer(
        request: gr.Request,
        question: str,
        history: list[dict[str, Any]] | None = None,
        documents: list[str] | None = None,
        quoted: bool = False,
    ) -> dict[str, Any]:
        """Answer a question in sentences quoted from the reviews, or say that they do not answer it.

        Where a language model is set, the sentences are its own, each verified against the quotes that it cites.

        Args:
            question: In plain words.
            history: The turns before, oldest first: {"role": "user" or "assistant", "content": text}.
            documents: Names of the documents to ask; all of them if null.
            quoted: In the reviews' own words, also where a language model is set.
        """
        given = {"question": question, "history": history, "documents": documents, "quoted": quoted}

        def work() -> dict[str, Any]:
            with observer.asked("program", str(question), request.headers.get(HEADER, "")) as outcome:
                found = asked.answer(**given)
                outcome.answered(found)
            return found.to_dict()

        return _said(work)

    def search(query: str, k: int = 10, documents: list[str] | None = None) -> list[dict[str, Any]]:
        """Find the passages nearest to a query, best first, as citations of whole passages.

        Args:
            query: Words to look for.
            k: How many passages, 1 to 100.
            documents: Names of the documents to search; all of them if null.
        """
        found = _said(lambda: asked.search(query=query, k=k, documents=documents))
        return [one.model_dump(mode="json") for one in found]

    def documents() -> list[dict[str, Any]]:
        """List the documents on the shelf: what is known of each, its format, pages, passages and sentences."""
        return _said(lambda: [one.model_dump(mode="json") for one in asked.documents()])

    returned: dict[Callable[..., Any], Any] = {answer: Answer, search: list[Citation], documents: list[Shelved]}
    for endpoint, kind in returned.items():
        made = api_endpoint(endpoint, api_name=endpoint.__name__, concurrency_limit=AT_ONCE, concurrency_id=LINE)
        _describe(made["outputs"][0], TypeAdapter(kind).json_schema(mode="serialization"))


def _describe(output: int, schema: dict[str, Any]) -> None:
    """Say what an endpoint returns; of a Python type hint Gradio knows no more than that it is an object."""
    root = Context.root_block
    if root is not None and isinstance(component := root.blocks[output], Api):
        component._api_info = _plain(schema)


def _plain(schema: Any) -> Any:
    """A JSON schema without `"additionalProperties": false`, which Gradio cannot read."""
    if isinstance(schema, dict):
        return {key: _plain(value) for key, value in schema.items() if (key, value) != ("additionalProperties", False)}
    return [_plain(one) for one in schema] if isinstance(schema, list) else schema


def _checked(function: Callable[..., _R], arguments: dict[str, Any]) -> _R:
    """What a function returns, called with arguments that are checked against its types."""
    try:
        checked: Callable[..., _R] = validate_call(config=ConfigDict(strict=True))(function)
        return checked(**arguments)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}.") from error


def _said(work: Callable[[], _R]) -> _R:
    try:
        return work()
    except PinciteError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Exception as error:  # what it says may be anything; Gradio would print it
        _log.exception("A program could not be answered")
        raise gr.Error(_BUG, print_exception=False) from error
