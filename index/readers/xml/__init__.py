"""XML of scientific literature: the root element tells which sort it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.markup.source import Element, parse
from index.readers.xml import bmc, jats, pubmed, tei

_READERS: dict[str, Callable[[str, Element], Document]] = {
    "article": jats.document,
    "art": bmc.document,
    "PubmedArticle": pubmed.document,
    "PubmedBookArticle": pubmed.document,
    "MedlineCitation": pubmed.document,
    "TEI": tei.document,
}
_NOT_SHOWN = re.compile(r"[^\w.-]")


def read(name: str, data: bytes) -> Document:
    """Read JATS (and PMC, NLM), BMC article XML, PubMed records or TEI (GROBID), also inside wrappers.

    Args:
        name: The path relative to the seeds folder.
        data: The file's bytes.

    Raises:
        UnreadableFileError: It is XML of another kind, holds several articles, or cannot be read.
    """
    root = parse(name, data)
    try:
        return _read(name, root)
    except RecursionError as error:
        raise UnreadableFileError(f"{name}: XML nested too deeply to be an article.") from error


def _read(name: str, root: Element) -> Document:
    for tag, reader in _READERS.items() if root.tag.lower() != "html" else ():
        if root.tag == tag:
            return reader(name, root)
        found = [element for element in root.iter(tag) if not _within(element, tag, root)]
        if not found:
            continue
        if reader is pubmed.document:
            return pubmed.document(name, root)
        if len(found) > 1:
            raise UnreadableFileError(f"{name}: {len(found)} articles in one file; save each as a file of its own.")
        return reader(name, found[0])
    shown = _NOT_SHOWN.sub("", root.tag)[:40]
    raise UnreadableFileError(
        f"{name}: XML of an unknown kind (its root element is <{shown}>); JATS and PMC articles, BMC articles, "
        "PubMed records and TEI are read."
    )


def _within(element: Element, tag: str, root: Element) -> bool:
    """Whether an element lies in another of its own name (a reply within an article)."""
    parent = element.getparent()
    while parent is not None and parent is not root:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False
