"""Footnotes of JATS articles: what they are about, and whom they concern."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.readers.markup.source import Element
from index.readers.xml.jats_names import flat, full_name

if TYPE_CHECKING:
    from index.readers.xml.jats_body import Body

CONTRIBUTIONS = "Author contributions"
_LONGEST_TITLE = 12
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


def bold_title(paragraph: Element) -> str:
    """The words of a paragraph that is a heading in bold, or ""."""
    if len(paragraph) != 1 or paragraph[0].tag != "bold" or f"{paragraph.text or ''}{paragraph[0].tail or ''}".strip():
        return ""
    words = flat(paragraph)
    return "" if words.endswith((".", "?", "!", ";", ",")) or len(words.split()) > _LONGEST_TITLE else words.rstrip(":")


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


def add_note(body: Body, note: Element, level: int) -> None:
    """Add a footnote: its mark and its words."""
    lead = flat(note.find("label"))
    if (concerned := body.people.get(note.get("id", ""))) and note_heading(note.get("fn-type", "")) == CONTRIBUTIONS:
        lead = f"{concerned}:"
    for part in note:
        if part.tag == "p":
            words = flat(part)
            body.paragraph(part, level, lead=f"{lead} " if lead and not words.startswith(lead) else "")
            lead = ""
        elif part.tag != "label":
            body.add(part, level)


def add_footnotes(body: Body, group: Element, level: int) -> None:
    """Add a group of footnotes: under its own heading, or one for each sort of note."""
    if flat(group.find("title")):
        body.section(group, level)
        return
    last = ""
    for note in group.iter("fn"):
        last = add_headed_note(body, note, level, "" if level > 1 else "Footnotes", last)


def add_headed_note(body: Body, note: Element, level: int, default: str, last: str = "") -> str:
    """Add a footnote under its heading, unless that was the `last` one; the heading is returned."""
    if not flat(note):
        return last
    own = note.find("p")
    title = bold_title(own) if own is not None and len(note.findall("p")) > 1 else ""
    if own is not None and title:
        note.remove(own)
    heading = title or note_heading(note.get("fn-type", "")) or default
    if heading != last:
        body.assembly.heading(heading, level)
    add_note(body, note, level)
    return heading
