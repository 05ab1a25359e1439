"""Plain text: the file's characters as they stand, line ends included."""

from __future__ import annotations

import codecs

from index.bibliography import bibliography
from index.blocks import blocks
from index.cleaning import furniture, reference_list
from index.documents import Document
from index.errors import UnreadableFileError
from index.sections import sections

ENDINGS = (".txt", ".text")

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(name: str, data: bytes) -> Document:
    """Read a text file: UTF-8, or UTF-16 and UTF-32 with a byte order mark.

    Raises:
        UnreadableFileError: The file is empty, or is not text in one of these encodings.
    """
    text = _decode(name, data)
    if not text.strip():
        raise UnreadableFileError(
            f"{name}: the file is empty." if not data else f"{name}: the file holds only white space."
        )
    parts = blocks(text)
    dropped = furniture(text, parts)
    references = reference_list(text, parts)
    return Document(
        name=name,
        text=text,
        format="text",
        bibliography=bibliography(text, parts, dropped),
        sections=sections(text, parts, dropped),
        furniture=tuple(dropped),
        asides=(references,) if references else (),
        blocks=tuple(parts),
    )


def _decode(name: str, data: bytes) -> str:
    encoding = next((known for mark, known in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{name}: not text in {encoding.removesuffix('-sig').upper()} (byte {error.start}); save it as UTF-8."
        ) from error
    if "\x00" in text:
        raise UnreadableFileError(f"{name}: not a text file (it holds NUL bytes).")
    return text
