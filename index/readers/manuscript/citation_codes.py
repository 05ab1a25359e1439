"""What reference managers write into a document about the works that a place cites: CSL JSON, EndNote's XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml import etree

from index.citations import DOI, clean_doi
from index.readers.manuscript.container import parse
from index.readers.manuscript.parts import Cited

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def csl_works(code: str) -> Iterator[Cited]:
    """The works of a citation in CSL JSON (Zotero, Mendeley, Papers, ReadCube)."""
    start = code.find("{")
    if start < 0:
        return
    try:
        citation, _ = json.JSONDecoder().raw_decode(code, start)
    except (ValueError, RecursionError):
        return
    items = citation.get("citationItems") if isinstance(citation, dict) else None
    for item in items if isinstance(items, list) else []:
        data = item.get("itemData") if isinstance(item, dict) else None
        if not isinstance(data, dict):
            continue
        title, doi = _string(data.get("title")), _doi(_string(data.get("DOI")))
        authors = data.get("author")
        people = [person for person in authors if isinstance(person, dict)] if isinstance(authors, list) else []
        families = (_string(person.get("family")) or _string(person.get("literal")) for person in people)
        addresses = item.get("uris")
        address = _string(addresses[0]) if isinstance(addresses, list) and addresses else ""
        key = address or doi or title or _string(item.get("id"))
        if key:
            yield Cited(key, tuple(name for name in families if name), _csl_year(data.get("issued")), title, doi)


def _csl_year(issued: object) -> int | None:
    found = _YEAR.search(json.dumps(issued)[:200]) if isinstance(issued, dict) else None
    return int(found[0]) if found else None


def _doi(words: str) -> str:
    found = DOI.search(words)
    return clean_doi(found[0]) if found else ""


def _string(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int) else ""


def endnote_works(code: str) -> Iterator[Cited]:
    """The works of a citation in EndNote's XML."""
    start, end = code.find("<EndNote>"), code.rfind("</EndNote>")
    if start < 0 or end < start:
        return
    try:
        root = parse(code[start : end + len("</EndNote>")].encode())
    except (etree.XMLSyntaxError, ValueError):
        return
    for cite in root.iter("Cite"):
        title, doi = _words(cite, "record/titles/title"), _doi(_words(cite, "record/electronic-resource-num"))
        names = [
            " ".join("".join(map(str, author.itertext())).split()) for author in cite.iterfind(".//authors/author")
        ]
        families = tuple(name.partition(",")[0].strip() for name in names) or tuple(
            filter(None, [_words(cite, "Author")])
        )
        year = _YEAR.search(_words(cite, "Year") or _words(cite, "record/dates/year"))
        key = doi or title or _words(cite, "RecNum")
        if key:
            yield Cited(key, families, int(year[0]) if year else None, title, doi)


def _words(cite: etree._Element, path: str) -> str:
    found = cite.find(path)
    return _inner(found) if found is not None else ""


def _inner(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
