"""Whether title, first author, year, journal and DOI are read right: for `reading.py`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from reading_match import folded

from index.bibliography import family_name
from index.documents import Document

FIELDS = ("title", "first author", "year", "journal", "doi")
_NOT_STATED = "(title is not in this file)"


@dataclass
class Fields:
    """How often each field was right, wrong or left empty, and what was not right."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FIELDS})
    untitled: Counter[str] = field(default_factory=Counter)
    """Documents without a title of their own: "empty" as they should be, or "wrong"."""
    not_right: list[str] = field(default_factory=list)

    def add(self, file: str, record: dict[str, Any], document: Document | None) -> None:
        """Compare a document (None: it was not read) with what a record says of it."""
        read = document.bibliography if document else None
        title = str(record.get("expected_title") or record.get("title") or "")
        people = record.get("expected_first_authors") or record.get("first_authors") or [""]
        if _NOT_STATED in title:
            own = read.title if read else ""
            self.untitled["wrong" if own else "empty"] += 1
            if own:
                self.not_right.append(f"{file} title: none is stated, read as {own!r}")
            title = ""
        first = read.authors[0] if read and read.authors else ""
        pairs = {
            "title": (title, read.title if read else ""),
            "first author": (str(people[0]), first),
            "year": (str(record.get("year") or ""), str(read.year or "") if read else ""),
            "journal": (str(record.get("journal") or ""), read.journal if read else ""),
            "doi": (str(record.get("doi") or ""), read.doi if read else ""),
        }
        for name, (gold, own) in pairs.items():
            if not gold:
                continue
            right = same_person(gold, own) if name == "first author" else folded(gold) == folded(own)
            self.counts[name]["right" if right else "wrong" if own else "empty"] += 1
            if not right:
                self.not_right.append(f"{file} {name}: {gold!r} read as {own!r}")

    def result(self) -> dict[str, Any]:
        """The counts, for JSON."""
        return {
            "fields": {name: dict(count) for name, count in self.counts.items() if count},
            "untitled": dict(self.untitled),
            "not_right": self.not_right,
        }


def share(counts: dict[str, int]) -> float | None:
    """The share that is right, None where nothing was to be read."""
    total = sum(counts.values())
    return counts.get("right", 0) / total if total else None


def same_person(gold: str, own: str) -> bool:
    """Whether two spellings of a name agree: the same family name, and given names that do not differ."""
    family, given = _parts(gold)
    other_family, other_given = _parts(own)
    if not family or family != other_family:
        return False
    for one, other in zip(given, other_given, strict=False):
        short, long = sorted((one, other), key=len)
        if not long.startswith(short) or (len(short) > 1 and short != long):
            return False
    return not given or bool(other_given)


def _parts(person: str) -> tuple[str, list[str]]:
    """The family name, folded, and the given names; "JS" is two initials."""
    if "," in person:
        family, given = person.split(",", 1)
    else:
        family = family_name(person)
        at = person.rfind(family)
        given = person[:at] + person[at + len(family) :]
    names: list[str] = []
    for name in re.split(r"[\s.\-‐]+", given):
        names += list(name) if name.isupper() and len(name) <= 3 else [name] if name else []
    return folded(family), [folded(name) for name in names]
