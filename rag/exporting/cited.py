"""Answers -> the documents they cite, each with its quotes, numbered through the whole conversation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote as percent

from rag.answers import Answer, Citation
from rag.exporting.characters import plain
from rag.exporting.names import person

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>\\^`{|}\x00-\x1f]{1,200}")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_FILLERS = frozenset({"a", "an", "the", "on", "of", "in", "for", "to", "and", "is", "are", "how", "what"})


@dataclass(frozen=True, slots=True)
class Numbered:
    """A citation and its number, which no other citation of the conversation has."""

    number: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Work:
    """A document that is cited, as the last citation of it describes it, and what is quoted of it."""

    key: str
    cited: Citation
    quotes: tuple[Numbered, ...]


def doi_address(doi: str) -> str:
    """Where a DOI leads; "" for what does not look like one."""
    return f"https://doi.org/{percent(doi, safe='/:;().-_')}" if _DOI.fullmatch(doi) else ""


def title_of(citation: Citation) -> str:
    """The title of the document, or the name of its file where no title is known."""
    return plain(citation.title) or plain(PurePosixPath(citation.document).name) or "untitled"


def place(citation: Citation) -> str:
    """Where a quote stands: "Results, p. 3, review.pdf:120-164"."""
    page = f"p. {citation.page}" if citation.page is not None else ""
    where = f"{citation.document}:{citation.start}-{citation.end}"
    return ", ".join(part for part in (plain(citation.section), page, plain(where)) if part)


def note(quote: Numbered) -> str:
    """A quote as a note of a reference manager holds it."""
    return f"[{quote.number}] “{plain(quote.citation.quote)}” ({place(quote.citation)})"


def numbered(answers: Sequence[Answer]) -> list[tuple[Numbered, ...]]:
    """The citations of each answer, with numbers that go on from answer to answer."""
    found, before = [], 0
    for answer in answers:
        found.append(tuple(Numbered(before + one.number, one) for one in answer.citations))
        before += max((one.number for one in answer.citations), default=0)
    return found


def works(answers: Sequence[Answer]) -> list[Work]:
    """The documents cited, in the order in which they first are."""
    quotes: dict[str, list[Numbered]] = {}
    for one in (one for citations in numbered(answers) for one in citations):
        quotes.setdefault(one.citation.document, []).append(one)
    keys = _keys([found[-1].citation for found in quotes.values()])
    return [Work(key, found[-1].citation, tuple(found)) for key, found in zip(keys, quotes.values(), strict=True)]


def _keys(cited: Sequence[Citation]) -> Iterator[str]:
    """A key for each: "blache2023car"; letters and digits alone, each key once."""
    taken: set[str] = set()
    for one in cited:
        first = person(one.authors[0]) if one.authors else None
        name = _ascii(first.family or first.literal)[:24] if first else ""
        words = (_ascii(word) for word in title_of(one).split())
        word = next((word for word in words if word and word not in _FILLERS), "")[:24]
        stem = f"{name}{one.year or ''}{word}"
        stem = stem if stem[:1].isalpha() else f"review{stem}"
        key, number = stem, 1
        while key in taken:
            number += 1
            key = f"{stem}-{number}"
        taken.add(key)
        yield key


def _ascii(text: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", text).lower())
