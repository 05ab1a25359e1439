"""Bibliographies exported by a reference manager (.bib), and which document each entry is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

from index.bibtex.fields import doi, paths, people, plain, value, year
from index.bibtex.matching import match, merged
from index.bibtex.records import Catalogue, Record
from index.errors import UnreadableFileError
from index.publication_types import LABELS, title_labels
from index.wordlists import words

_SERVERS = re.compile(r"\b(?:arXiv|(?:bio|med|chem|psy(?:Ar)?)Rxiv|Research Square|SSRN|Preprints)\b", re.IGNORECASE)

_READ = words(
    """
    title subtitle author journaltitle journal fjournal date year issued doi url ee file pdf localfile local-url type
    entrysubtype pubstate publisher archiveprefix eprinttype howpublished institution
    """
)


def parse(name: str, data: bytes) -> Catalogue:
    """The entries of a .bib file; a broken entry costs itself alone.

    Raises:
        UnreadableFileError: Where not one entry can be read.
    """
    library = parse_string(_text(name, data), parse_stack=[])
    macros = {string.key.lower(): value(string.value, {}) for string in library.strings}
    records: list[Record] = []
    problems: list[str] = []
    for block in library.blocks:
        entry = block
        if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            entry = block.ignore_error_block or block
        if isinstance(entry, Entry):
            records.append(_record(entry, macros))
        elif isinstance(block, ParsingFailedBlock):
            problems.append(_problem(name, block))
    if not records:
        why = f": {problems[0].partition(': ')[2]}" if problems else ""
        raise UnreadableFileError(f"{name}: holds no BibTeX entry that can be read{why}. Export it again as BibTeX.")
    return Catalogue(tuple(records), tuple(problems))


def _text(name: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data[:4096]:
        raise UnreadableFileError(f"{name}: is no text file, so no BibTeX. Export it again as BibTeX.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _problem(name: str, block: ParsingFailedBlock) -> str:
    line = (block.start_line or 0) + 1
    head = " ".join((block.raw or "").split())[:60]
    return f'{name}: line {line}: the entry cannot be read, and is left out: "{head}"'


def _record(entry: Entry, macros: Mapping[str, str]) -> Record:
    fields: dict[str, str] = {}
    for one in entry.fields:
        if one.key.lower() in _READ and (own := value(str(one.value), macros).strip()):
            fields.setdefault(one.key.lower(), own)

    def first(*keys: str) -> str:
        return next((fields[key] for key in keys if key in fields), "")

    title = plain(first("title"))
    subtitle = plain(first("subtitle"))
    if title and subtitle and subtitle.lower() not in title.lower():
        title = f"{title}: {subtitle}"
    journal = plain(first("journaltitle", "journal", "fjournal"))
    return Record(
        key=entry.key,
        type=entry.entry_type.lower(),
        title=title,
        authors=people(first("author")),
        year=year(first("date")) or year(first("year")) or year(first("issued")),
        journal=journal,
        doi=doi(first("doi")) or next((found for key in ("url", "ee") if (found := _linked_doi(first(key)))), ""),
        files=paths(first("file", "pdf", "localfile", "local-url")),
        labels=_labels(title, journal, fields),
    )


def _linked_doi(url: str) -> str:
    return doi(url) if "doi.org/" in url else ""


def _labels(title: str, journal: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    found = set(title_labels(title))
    sort = f"{fields.get('type', '')} {fields.get('entrysubtype', '')} {fields.get('pubstate', '')}".lower()
    hosts = " ".join(
        fields.get(key, "") for key in ("publisher", "archiveprefix", "eprinttype", "howpublished", "institution")
    )
    if (
        "preprint" in sort
        or "prepublished" in sort
        or _SERVERS.search(journal)
        or (not journal and _SERVERS.search(hosts))
    ):
        found.add("preprint")
    return tuple(label for label in LABELS if label in found)


__all__ = ["Catalogue", "Record", "match", "merged", "parse"]
