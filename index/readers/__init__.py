"""Readers: one file a format, each turning a file's bytes into a Document.

A reader is a callable `read(name, data) -> Document` and a set of file endings. It raises
UnreadableFileError, with a reason a person understands, for what it cannot read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers import text

Reader = Callable[[str, bytes], Document]

_READERS: dict[str, Reader] = dict.fromkeys(text.ENDINGS, text.read)

READERS_VERSION = 1
"""Raised when a reader starts to read the same bytes differently, so that an older index is not mixed with."""


def endings() -> list[str]:
    """The file endings that can be read, sorted."""
    return sorted(_READERS)


def read(name: str, data: bytes) -> Document:
    """Turn a file into a Document.

    Args:
        name: The path relative to the seeds folder; its ending chooses the reader.
        data: The file's bytes.

    Raises:
        UnreadableFileError: No reader knows the ending, or the bytes are not what the ending says.
    """
    ending = PurePosixPath(name).suffix.lower()
    reader = _READERS.get(ending)
    if reader is None:
        raise UnreadableFileError(
            f"{name}: files ending in {ending or 'nothing'} are not read ({', '.join(endings())} are)."
        )
    return reader(name, data)
