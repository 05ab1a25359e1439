"""Plain text: the file's characters as they stand, line ends included."""

from __future__ import annotations

from dataclasses import replace

from index.bibliography import bibliography
from index.blocks import blocks
from index.cleaning import furniture, reference_list
from index.documents import Document
from index.errors import UnreadableFileError
from index.publication_types import labels
from index.readers.encoding import decode
from index.references.lists import find_references
from index.references.mentions import mentions
from index.sections import sections


def read(name: str, data: bytes) -> Document:
    """Read a text file, in any encoding.

    Raises:
        UnreadableFileError: The file is empty, or is no text.
    """
    text = decode(name, data)
    if not text.strip():
        raise UnreadableFileError(
            f"{name}: the file is empty." if not data else f"{name}: the file holds only white space."
        )
    parts = blocks(text)
    dropped = furniture(text, parts)
    listed = reference_list(text, parts)
    asides = [listed] if listed else []
    references = find_references(text, asides)
    barred = sorted([*dropped, *asides], key=lambda span: span.start)
    said = bibliography(text, parts, dropped)
    found, places = labels(text, parts, said.title)
    if found:
        said = replace(said, labels=found, stated={**said.stated, "labels": places})
    return Document(
        name=name,
        text=text,
        format="text",
        bibliography=said,
        sections=sections(text, parts, dropped),
        furniture=tuple(dropped),
        asides=tuple(asides),
        references=references,
        mentions=mentions(text, references, barred) if references else (),
        blocks=tuple(parts),
    )
