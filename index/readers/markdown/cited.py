"""Citations by identifier, as Manubot and Pandoc write them: [@doi:10.1000/182; @pmid:123]."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from index.citations import DOI, clean_doi
from index.documents import Document, Mention, Reference
from index.readers.manuscript.parts import Cited
from index.readers.markdown.inline import CITATION, CITED, cited_keys

_DEFINED = re.compile(r"^[ ]{0,3}\[@([\w:.-]+)\]:[ \t]*(\S+)[^\n]*$", re.MULTILINE)
_IDENTIFIER = re.compile(r"(?:doi|pmid|pmcid|pmc|arxiv|isbn|url|https?):\S", re.IGNORECASE)


def tagged(text: str) -> tuple[str, dict[str, Cited]]:
    """The text without Manubot's definitions ("[@key]: doi:10.1000/182"), and the works that they name."""
    works: dict[str, Cited] = {}
    for found in _DEFINED.finditer(text):
        doi = DOI.search(found[2])
        works[found[1]] = Cited(found[1], doi=clean_doi(doi[0]) if doi else "")
    return (_DEFINED.sub("", text) if works else text), works


def cited_in_place(document: Document, works: dict[str, Cited]) -> Document:
    """The document with its citations by identifier resolved.

    Where there is no reference list, an identifier is all that the document says of a work: the place where it
    first stands is the reference.
    """
    if document.references or "@" not in document.text:
        return document
    text = document.text
    asides = [(span.start, span.end) for span in document.asides]
    references: dict[str, Reference] = {}
    order: dict[str, int] = {}
    mentions: list[Mention] = []
    for mark in CITATION.finditer(text):
        at = bisect_right(asides, (mark.start(), len(text))) - 1
        if at >= 0 and mark.start() < asides[at][1]:
            continue
        found: list[int] = []
        for cited in CITED.finditer(text, mark.start(), mark.end()):
            for key in cited_keys(cited[0]):
                work = works.get(key)
                if work is None and not _IDENTIFIER.match(key):
                    continue
                if key not in references:
                    doi = DOI.search(key)
                    start = cited.start(1)
                    references[key] = Reference(
                        start, start + len(key), doi=work.doi if work else clean_doi(doi[0]) if doi else ""
                    )
                    order[key] = len(order)
                found.append(order[key])
        if found:
            mentions.append(Mention(mark.start(), mark.end(), tuple(dict.fromkeys(found))))
    if not mentions:
        return document
    return replace(document, references=tuple(references.values()), mentions=tuple(mentions))
