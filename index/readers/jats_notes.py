"""Footnotes of JATS articles: what they are about, and whom they concern."""

from __future__ import annotations

import re

from index.readers.jats_names import full_name
from index.readers.xml_source import Element

CONTRIBUTIONS = "Author contributions"
_NOTE_HEADINGS = (
    (re.compile(r"^con$|contribut", re.IGNORECASE), CONTRIBUTIONS),
    (re.compile(r"coi|conflict|competing|disclosure-of-int", re.IGNORECASE), "Competing interests"),
    (re.compile(r"financ|fund|supported", re.IGNORECASE), "Funding"),
    (re.compile(r"data-?avail", re.IGNORECASE), "Data availability"),
    (re.compile(r"ethic", re.IGNORECASE), "Ethics"),
    (re.compile(r"^abbr", re.IGNORECASE), "Abbreviations"),
)


def note_heading(kind: str) -> str:
    """The heading for a type of footnote ("con", "COI-statement"), or ""."""
    return next((heading for form, heading in _NOTE_HEADINGS if form.search(kind)), "")


def contributors(article: Element) -> dict[str, str]:
    """For the key of each footnote that authors are linked to: their names."""
    found: dict[str, list[str]] = {}
    for person in article.iterfind("front/article-meta/contrib-group/contrib"):
        name = full_name(person)
        for link in person.iterfind("xref"):
            if link.get("ref-type") == "fn" and name:
                for key in (link.get("rid") or "").split():
                    found.setdefault(key, []).append(name)
    return {key: ", ".join(names) for key, names in found.items()}
