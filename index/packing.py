"""Documents and their parts as JSON: between processes, and in the index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from index.documents import Bibliography, Document, Mention, Page, Reference, Section, Span

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Parts:
    """What is kept of a document beside its text and its bibliography."""

    sections: tuple[Section, ...] = ()
    pages: tuple[Page, ...] = ()
    furniture: tuple[Span, ...] = ()
    asides: tuple[Span, ...] = ()
    references: tuple[Reference, ...] = ()
    mentions: tuple[Mention, ...] = ()


def dump(value: object) -> bytes:
    """One of our dataclasses as JSON.

    Raises:
        PydanticSerializationError: It holds text that is not Unicode.
    """
    return _adapter(cast(Any, type(value))).dump_json(value)


def load(kind: type[_T], stored: bytes | str) -> _T:
    """The inverse of `dump`.

    Raises:
        ValidationError: It is not what `dump` makes of this kind.
    """
    return cast(_T, _adapter(cast(Any, kind)).validate_json(stored))


def parts(document: Document) -> Parts:
    """The parts of a document that are kept."""
    return Parts(
        document.sections,
        document.pages,
        document.furniture,
        document.asides,
        document.references,
        document.mentions,
    )


def document(name: str, text: str, format_: str, bibliography: str, stored_parts: str) -> Document:
    """A document as it was stored, under its name on the shelf; blocks and layout stay empty."""
    kept = load(Parts, stored_parts)
    return Document(
        name=name,
        text=text,
        format=format_,
        bibliography=load(Bibliography, bibliography),
        sections=kept.sections,
        pages=kept.pages,
        furniture=kept.furniture,
        asides=kept.asides,
        references=kept.references,
        mentions=kept.mentions,
    )


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
