"""CSL-JSON (data schema 1.0.2), which citation processors read: an item for each document cited."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rag.answers import Answer
from rag.exporting.characters import plain
from rag.exporting.cited import Work, note, title_of, works
from rag.exporting.names import Person, people


def csl_json(answers: Sequence[Answer]) -> str:
    """The documents cited as CSL-JSON."""
    return json.dumps([_item(one) for one in works(answers)], ensure_ascii=False, indent=2) + "\n"


def _item(work: Work) -> dict[str, Any]:
    cited = work.cited
    journal = plain(cited.journal)
    named, _ = people(cited.authors)
    item = {
        "type": _type(journal, cited.labels),
        "id": work.key,
        "title": title_of(cited),
        "author": [_author(one) for one in named],
        "issued": {"date-parts": [[cited.year]]} if cited.year is not None else None,
        "container-title": journal,
        "DOI": plain(cited.doi),
        "keyword": ", ".join(map(plain, cited.labels)),
        "note": "\n".join(note(one) for one in work.quotes),
    }
    return {key: value for key, value in item.items() if value}


def _type(journal: str, labels: Sequence[str]) -> str:
    if journal:
        return "article-journal"
    return "article" if "preprint" in labels else "document"


def _author(one: Person) -> dict[str, str]:
    parts = {"family": one.family, "given": one.given, "suffix": one.suffix, "literal": one.literal}
    return {key: value for key, value in parts.items() if value}
