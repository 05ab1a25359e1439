"""What the name of a paragraph style says: "heading 2", "Title", "MDPI_1.3_authornames", "Bibliography"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.readers.manuscript.parts import Role
from index.wordlists import words

_HEADING = re.compile(r"(?:^|[\W_])(?:heading|head|header|überschrift|titre|título|titolo)[\W_]{0,3}([1-9])(?:\D|$)")
_CONTENTS = re.compile(r"toc\b.*|table of (?:contents|figures|authorities)|contents heading|index \d|index heading")
_ENTRY = re.compile(
    r"(?:.*[\W_\d])?(?:bibliography|bibliographie|references?|reference ?(?:item|list)|bib ?entry|literature|refs?)"
)
_TITLE = re.compile(r"(?:.*[\W_\d])?(?:(?:paper|article|document|main|manuscript)?[\W_]?title(?:[\W_]document)?)")
_NO_TITLE = words("toc sub section table figure book running short abstract chapter journal block page appendix box")
_AUTHOR = re.compile(r"(?:.*[\W_\d])?(?:author|byline)(?:s|names?|list|[\W_]names?|[\W_]list)?")
_FRONT = re.compile(
    r"(?:.*[\W_\d])?(?:affiliations?|correspondence|address|keywords?|e?-?mail|date|history|copyright|licen[cs]e"
    r"|contact[\W_]?info(?:rmation)?|doi)"
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class StyleRole:
    """The role of the paragraphs in a style; a level only of headings, from 1. A list of contents is not read."""

    role: Role | None = None
    level: int = 0
    is_contents: bool = False


def role_of(style: str) -> StyleRole | None:
    """What a style's name tells, or None where it tells nothing and what the style is based on counts.

    Word's and LibreOffice's own styles have English names in their files, whatever language they show.
    """
    name = style.strip().lower()
    parts = set(_WORD.findall(name))
    if _CONTENTS.fullmatch(name):
        return StyleRole(is_contents=True)
    if (heading := _HEADING.search(name)) and not parts & {"toc", "table", "running", "page"}:
        return StyleRole("heading", int(heading[1]))
    if _TITLE.fullmatch(name) and not parts & _NO_TITLE:
        return StyleRole("title")
    if _AUTHOR.fullmatch(name):
        return StyleRole("author")
    if _FRONT.fullmatch(name):
        return StyleRole("front")
    if _ENTRY.fullmatch(name):
        return StyleRole("entry")
    if parts & {"normal", "body", "text", "paragraph", "caption", "subtitle"}:
        return StyleRole()
    return None
