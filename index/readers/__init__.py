"""Readers: one file a format, each turning a file's bytes into a Document.

A reader is a module with `read(name, data) -> Document`. It raises UnreadableFileError, with a reason a person
understands, for what it cannot read. Which reader a file goes to is told by its content (`index.readers.formats`);
a reader's module is imported when a file needs it.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import replace

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.formats import VERSIONS, capabilities, sniff

_SPOKEN = {
    "pdf": "a PDF",
    "docx": "a Word file",
    "odt": "an OpenDocument text",
    "xml": "XML",
    "html": "HTML",
    "markdown": "Markdown",
    "text": "text",
}
_WORD = re.compile(r"[^\W_]")
# Characters that cannot be stored: lone surrogates have no bytes, and a NUL ends a string for some.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_DETAIL = 160
_LONGEST = 20_000_000  # characters: fifty long books


def read(name: str, data: bytes, alive: Callable[[], None] | None = None) -> Document:
    """Turn a file into a Document.

    Args:
        name: The path relative to the seeds folder.
        data: The file's bytes.
        alive: Called whenever a part that takes long is done: a page of a scan.

    Raises:
        UnreadableFileError: The file is of a sort that is not read, is damaged, or holds no text.
    """
    format_ = sniff(name, data)
    reader = importlib.import_module(f"index.readers.{format_}")
    try:
        document: Document = reader.read(name, data, alive) if format_ == "pdf" and alive else reader.read(name, data)
    except (UnreadableFileError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableFileError(
            f"{name}: could not be read as {_SPOKEN[format_]} ({_detail(error)}); the file may be damaged."
        ) from error
    if not _WORD.search(document.text):
        raise UnreadableFileError(f"{name}: holds no text.")
    if len(document.text) > _LONGEST:
        raise UnreadableFileError(
            f"{name}: holds {len(document.text) / 1e6:.0f} million characters; at most {_LONGEST / 1e6:.0f} are taken. "
            "Split the file."
        )
    return _storable(document)


def _detail(error: Exception) -> str:
    words = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": ")
    return _UNSTORABLE.sub("", words if len(words) <= _DETAIL else f"{words[:_DETAIL]}…")


def _storable(document: Document) -> Document:
    """The document without characters that cannot be stored; each becomes another one, so that offsets stay."""
    if not _UNSTORABLE.search(document.text) and not any(_UNSTORABLE.search(words) for words in _stated(document)):
        return document
    said = document.bibliography
    return replace(
        document,
        text=_mended(document.text),
        bibliography=replace(
            said,
            title=_mended(said.title),
            authors=tuple(map(_mended, said.authors)),
            journal=_mended(said.journal),
            doi=_mended(said.doi),
        ),
        sections=tuple(replace(section, heading=_mended(section.heading)) for section in document.sections),
        references=tuple(
            replace(
                entry,
                label=_mended(entry.label),
                authors=tuple(map(_mended, entry.authors)),
                title=_mended(entry.title),
                doi=_mended(entry.doi),
            )
            for entry in document.references
        ),
    )


def _mended(words: str) -> str:
    return _UNSTORABLE.sub("\ufffd", words)


def _stated(document: Document) -> list[str]:
    said = document.bibliography
    words = [said.title, *said.authors, said.journal, said.doi]
    words += [section.heading for section in document.sections]
    for entry in document.references:
        words += [entry.label, *entry.authors, entry.title, entry.doi]
    return words


__all__ = ["VERSIONS", "capabilities", "read", "sniff"]
