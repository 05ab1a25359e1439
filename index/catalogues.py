"""The .bib files on the shelf: what a reference manager knows of the documents, laid over what they say themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from index import bibtex, packing
from index.bibtex import Catalogue
from index.documents import Bibliography
from index.report import CatalogueReport
from index.seals import seal

ENDING = ".bib"
VERSION = 1
"""Raised when the same .bib file would give other records."""


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A .bib file as committed: its digest (with the version of what read it), size, time, and records."""

    digest: str
    size: int
    modified: int
    catalogue: Catalogue


def key(digest: str) -> str:
    """What tells whether a .bib file must be read again."""
    return f"{digest}@{VERSION}"


def stored(connection: sqlite3.Connection) -> dict[str, CatalogueRow]:
    """The .bib files of the committed generation, by name; those that another version read are left out."""
    rows = connection.execute(
        "SELECT name, digest, size, modified, catalogue FROM catalogues WHERE digest LIKE ? ORDER BY name", (key("%"),)
    )
    return {
        name: CatalogueRow(digest, size, modified, packing.load(Catalogue, text))
        for name, digest, size, modified, text in rows.fetchall()
    }


def put(connection: sqlite3.Connection, catalogues: Mapping[str, CatalogueRow]) -> None:
    """Make the table hold these and no others."""
    connection.execute("DELETE FROM catalogues")
    connection.executemany(
        "INSERT INTO catalogues VALUES (?, ?, ?, ?, ?)",
        [
            (name, row.digest, row.size, row.modified, packing.dump(row.catalogue).decode())
            for name, row in sorted(catalogues.items())
        ],
    )


def lay_over(connection: sqlite3.Connection, catalogues: Mapping[str, CatalogueRow]) -> list[CatalogueReport]:
    """Give each document, put there anew, what the records state of it; returns what was found, file by file."""
    if not catalogues:
        return []
    rows = connection.execute("SELECT name, c.id, c.bibliography FROM documents JOIN contents c ON c.id = content")
    contents: dict[str, int] = {}
    own: dict[str, Bibliography] = {}
    for name, content, text in rows.fetchall():
        contents[name], own[name] = content, packing.load(Bibliography, text)
    matched = bibtex.match([record for row in catalogues.values() for record in row.catalogue.records], own)
    by_content = {contents[name]: record for name, record in sorted(matched.items(), reverse=True)}
    for name, content in contents.items():  # equal files are one work
        if name not in matched and content in by_content:
            matched[name] = by_content[content]
    for name, record in matched.items():
        if (merged := bibtex.merged(own[name], record)) != own[name]:
            _set(connection, name, packing.dump(merged).decode())
    used = {id(record) for record in matched.values()}
    return [
        CatalogueReport(
            file,
            len(row.catalogue.records),
            sum(id(record) in used for record in row.catalogue.records),
            row.catalogue.problems,
        )
        for file, row in catalogues.items()
    ]


def _set(connection: sqlite3.Connection, name: str, bibliography: str) -> None:
    """Give a document what a record states of it."""
    row = connection.execute("SELECT name, content, digest FROM documents WHERE name = ?", (name,)).fetchone()
    connection.execute(
        "UPDATE documents SET bibliography = ?, seal = ? WHERE name = ?",
        (bibliography, seal(*row, bibliography), name),
    )
