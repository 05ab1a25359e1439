"""RIS, which Zotero, EndNote and Mendeley open: a record for each document cited, the quotes as its notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.answers import Answer
from rag.exporting.characters import plain
from rag.exporting.cited import Work, note, title_of, works
from rag.exporting.names import Person, people


def ris(answers: Sequence[Answer]) -> str:
    """The documents cited as RIS, in UTF-8."""
    import rispy

    writer = rispy.RisWriter()
    writer.set_header = lambda count: ""  # its line "1." before each record is no RIS
    found = works(answers)
    return str(writer.formats([_record(one) for one in found])) if found else ""


def _record(work: Work) -> dict[str, Any]:
    cited = work.cited
    journal = plain(cited.journal)
    named, _ = people(cited.authors)
    record = {
        "type_of_reference": "JOUR" if journal else "GEN",
        "id": work.key,
        "authors": [_author(one) for one in named],
        "title": title_of(cited),
        "secondary_title": journal,  # T2: reference managers take JO for an abbreviation
        "year": str(cited.year) if cited.year is not None else "",
        "doi": plain(cited.doi),
        "keywords": [plain(label) for label in cited.labels],
        "notes": [note(one) for one in work.quotes],
    }
    return {key: value for key, value in record.items() if value}


def _author(one: Person) -> str:
    # A comma at the end: what stands before it is one name, not given and family.
    parts = [one.family, one.given, one.suffix] if one.family else []
    return ", ".join(part for part in parts if part) if parts else f"{one.literal},"
