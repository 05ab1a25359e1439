"""Parts of a manuscript -> a Document: title page, headings that only look like headings, reference list, mentions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from index.bibliography import bibliography
from index.blocks import ends_sentence
from index.cleaning import reference_list
from index.documents import Bibliography, Document, Span
from index.heading_words import REFERENCES, is_standard, plain
from index.publication_types import labels
from index.readers.assembly import Assembly, Piece
from index.readers.manuscript.front import find_authors, find_title
from index.readers.manuscript.parts import Cited, Part, Run, tidied
from index.readers.manuscript.references import entries_of, mark_entries
from index.references.lists import find_references
from index.references.mentions import mentions

_HEADING = 120  # characters that a heading has at most
_FLOAT = re.compile(r"\s*(?:supplementary |suppl\. |s)?(?:table|figure|fig\.?|box|scheme|panel)\s*[\dS]", re.IGNORECASE)
_DEPTH = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2})*)\.?\s")
_STATED = ("title", "authors", "year", "journal", "doi")


def manuscript_document(
    name: str,
    format_: str,
    parts: list[Part],
    works: Mapping[str, Cited] | None = None,
    known: Mapping[str, object] | None = None,
    hint: str = "",
) -> Document:
    """The Document that the parts make.

    Args:
        name: The path relative to the seeds folder.
        format_: The format's name ("docx", "odt", "markdown").
        parts: The parts in reading order.
        works: The works that `Run.cites` and `Part.key` name.
        known: Fields of the bibliography that the file states in so many words (front matter).
        hint: A title that the file's properties claim; it counts if the title page has it too.
    """
    for part in parts:
        part.runs = tidied(part.runs)
    parts = [part for part in parts if part.words.strip() or part.cells]
    stated = dict(known or {})
    title = find_title(parts, hint)
    _find_headings(parts)
    if title is not None:
        stated.setdefault("title", title.words)
        lower = frozenset(word for part in parts for word in part.words[:20_000].split() if word.islower())
        authors = find_authors(parts, title, lower)
        if authors:
            stated.setdefault("authors", authors)
    mark_entries(parts)
    document, raised = _assembled(name, format_, parts, works or {}, stated)
    return _completed(document, raised)


def _find_headings(parts: Sequence[Part]) -> None:
    """Make headings of the lines that look like them and are not marked as such."""
    marked = [part.level for part in parts if part.role == "heading"]
    top = min(marked, default=1)
    for part, following in pairwise(parts):
        words = part.words
        if part.role == "heading" and (len(words) > _HEADING * 3 or (len(words) > _HEADING and ends_sentence(words))):
            part.role = "paragraph"
        if part.role not in {"paragraph", "item"} or len(words) > _HEADING or following.role in {"row", "heading"}:
            continue
        standard = is_standard(words) and plain(words) not in {"text", "tables", "figures", "support"}
        looks = part.bold and not ends_sentence(words) and not _FLOAT.match(words) and ":" not in words[:-1]
        if standard and (looks or not marked or words.isupper() or plain(words) in REFERENCES):
            part.role, part.level = "heading", top
        elif looks and not marked and any(letter.isalpha() for letter in words) and len(following.words) > len(words):
            depth = _DEPTH.match(words)
            part.role, part.level = "heading", top + (depth[1].count(".") if depth else 1)


def _assembled(
    name: str, format_: str, parts: Sequence[Part], works: Mapping[str, Cited], stated: dict[str, object]
) -> tuple[Document, list[Span]]:
    assembly = Assembly()
    raised: list[Span] = []
    entries = entries_of(parts, works)
    for at, part in enumerate(parts):
        pieces = _pieces(part.runs)
        span: Span | None = None
        match part.role:
            case "title":
                span = assembly.front("title", pieces)
            case "author":
                span = assembly.front("authors", pieces)
            case "front":
                span = assembly.aside(pieces)
                if part.states and span is not None:
                    assembly.state(part.states, span)
            case "heading":
                span = assembly.heading(pieces, part.level)
            case "item":
                span = assembly.item(pieces)
            case "row":
                assembly.row([_pieces(tidied(cell)) for cell in part.cells])
            case "entry":
                key, entry = entries[at]
                assembly.reference(key, part.words, entry.label, entry.authors, entry.year, entry.title, entry.doi)
            case _:
                span = assembly.paragraph(pieces)
        if span is not None:
            offset = span.start
            for run in part.runs:
                if run.raised:
                    raised.append(Span(offset, offset + len(run.words)))
                offset += len(run.words)
    return assembly.document(name, format_, stated), raised


def _pieces(runs: Sequence[Run]) -> list[Piece]:
    return [Piece(run.words, run.cites) for run in runs]


def _completed(document: Document, raised: Sequence[Span]) -> Document:
    """The document with what its running text tells: title page, typed references and mentions, labels."""
    text, blocks = document.text, document.blocks
    if not document.references and (listed := reference_list(text, blocks)) is not None:
        asides = sorted({*document.asides, listed}, key=lambda span: (span.start, span.end))
        document = replace(document, references=find_references(text, [listed]), asides=tuple(asides))
    if document.references:
        barred = [*document.asides, *(Span(mark.start, mark.end) for mark in document.mentions)]
        barred.sort(key=lambda span: span.start)
        typed = mentions(text, document.references, barred, raised)
        found = sorted([*document.mentions, *typed], key=lambda mark: mark.start)
        document = replace(document, mentions=tuple(found))
    return replace(document, bibliography=_bibliography(document))


def _bibliography(document: Document) -> Bibliography:
    """What is stated as such, and what the title page says beyond it."""
    stated = document.bibliography
    read = bibliography(document.text, document.blocks, ())
    lines = {section.start for section in document.sections}
    no_title = read.title.endswith(".") or any(span.start in lines for span in read.stated.get("title", ()))
    if not stated.title and not read.authors and no_title:
        read = Bibliography()  # a heading with nobody's name under it is a part's
    if not stated.title or _folded(read.title) == _folded(stated.title):
        fields = {
            field: getattr(read, field) for field in _STATED if not getattr(stated, field) and getattr(read, field)
        }
        spans = {field: read.stated[field] for field in fields if field in read.stated}
        stated = replace(stated, **fields, stated={**spans, **stated.stated})
    found, places = labels(document.text, document.blocks, stated.title)
    if found:
        every = tuple(dict.fromkeys((*stated.labels, *found)))
        stated = replace(stated, labels=every, stated={**stated.stated, "labels": places})
    return stated


def _folded(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
