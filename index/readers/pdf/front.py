"""The title page of a PDF: which paragraphs are its title, its byline and its affiliations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.blocks import ends_sentence
from index.heading_words import ARTICLE_TYPES, is_standard, plain
from index.readers.pdf.furniture import is_boilerplate
from index.readers.pdf.paragraph import Paragraph
from index.readers.pdf.people import AFFILIATION, people_of
from index.title_page import is_preliminary

_ABSTRACT = re.compile(r"a\s?b\s?s\s?t\s?r\s?a\s?c\s?t\b|summary\b|introduction\b|background\b", re.IGNORECASE)


_DATES = re.compile(r"\W*received\b.{4,60}\b(?:accepted|revised|published)\b", re.IGNORECASE)
_CITING = re.compile(r"(?:doi:\s?10\.\S+\s*)?(?:cite|citing) this (?:article|paper) as\b", re.IGNORECASE)
_NOTE = re.compile(
    r"\W*(?:correspond|e-?mails?\b|received\b|accepted\b|revised\b|published\b"
    r"|article history|available online|doi\b|https?:|www\.|author affiliations|affiliations?\b|present address"
    r"|these authors|edited by|reviewed by|editor\b|academic editor|citation:|cite this"
    r"|electronic supplementary|subject (?:category|areas)|author for corresp|\S+@\S+|orcid)|(?:author|article) info",
    re.IGNORECASE,
)


_JOURNAL = re.compile(r"\b(?:journal|annals|archives|proceedings|transactions|bulletin|letters)\b|\|", re.IGNORECASE)


def _squeezed(words: str) -> str:
    return re.sub(r"openaccess|\W", "", words.lower().replace(" ", ""))


_LABELS = frozenset(_squeezed(label) for label in ARTICLE_TYPES)


@dataclass(slots=True)
class Front:
    """What the title page holds: paragraphs, and the people of the byline.

    `notes` are the small matter around: labels above the title, addresses, dates.
    """

    title: list[Paragraph] = field(default_factory=list)
    byline: list[Paragraph] = field(default_factory=list)
    affiliations: list[Paragraph] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)
    authors: tuple[str, ...] = ()


def front_matter(parts: Sequence[Paragraph], body: float) -> Front:
    """The title, the byline, the affiliations and the notes of the first page that has them."""
    front = _found(parts, body)
    if front.title:
        page = front.title[0].lines[0].page
        own = [part for part in parts if part.lines[0].page <= page]
        taken = {id(part) for part in [*front.title, *front.byline, *front.affiliations]}
        before = True
        for part in own:
            if part is front.title[0]:
                before = False
            if id(part) in taken or part.nature == "reference":
                continue
            above = before and not (len(part.words) > 200 and ends_sentence(part.words))
            if above or (_NOTE.match(part.words) and len(part.words) < 900):
                front.notes.append(part)
    noted = {id(part) for part in front.notes}
    front.notes += [
        p
        for p in parts
        if id(p) not in noted
        and p.nature != "reference"
        and ((len(p.words) < 200 and _DATES.match(p.words)) or (len(p.words) < 900 and _CITING.match(p.words)))
    ]
    return front


def _found(parts: Sequence[Paragraph], body: float) -> Front:
    for page in (1, 2):
        own = [part for part in parts if part.lines[0].page == page]
        candidates = _candidates(own, body)
        read: list[Front] = []
        for at in candidates:
            front = _read(own, at)
            if front.authors:
                below = [k for k in candidates if at < k < own.index(front.byline[0]) and own[k] not in front.title]
                if below and _is_masthead(own[at], own[min(below)]):
                    front = _read(own, min(below))
                return front
            read.append(front)
        if read and (read[0].title[0].size > 1.15 * body or page == 2):
            return read[0]
    return Front()


def _is_masthead(part: Paragraph, below: Paragraph) -> bool:
    """Whether large type above a title is the journal's name; a subtitle would stand close to its title."""
    few = len(part.words.split()) <= 6
    return (
        few
        and (_JOURNAL.search(part.words) is not None or not _near(part, below, 3.0))
        and below.size > 0.6 * part.size
    )


def _candidates(own: Sequence[Paragraph], body: float) -> list[int]:
    """Where a title may begin, the likeliest first."""
    found = []
    for at, part in enumerate(own):
        words = part.words
        count = len(words.split())
        if (
            not 2 <= count <= 50
            or len(words) > 400
            or len(words) < 12
            or part.nature not in ("heading", "prose", "front", "caption")
        ):
            continue
        if (
            _squeezed(words) in _LABELS
            or plain(words) in ARTICLE_TYPES
            or is_standard(words)
            or is_boilerplate(words)
            or is_preliminary(words)
        ):
            continue
        if sum(letter.isalpha() for letter in words) < 0.7 * len(words.replace(" ", "")):
            continue
        if part.size < 1.3 * body and AFFILIATION.search(words):
            continue
        if part.size >= 1.15 * body or (
            (part.bold or part.size > 1.03 * body) and not ends_sentence(words) and at < 12
        ):
            found.append(at)
    weight = {at: own[at].size * (1.0 if len(own[at].words.split()) > 3 else 0.6) for at in found}
    return sorted(found, key=lambda at: (-round(weight[at], 0), at))[:6]


def _read(own: Sequence[Paragraph], at: int) -> Front:
    front = Front(title=[own[at]])
    size = own[at].size
    following = at + 1
    while (
        following < len(own)
        and abs(own[following].size - size) < 0.04 * size
        and _near(own[following - 1], own[following])
    ):
        after = own[following + 1] if following + 1 < len(own) else None
        if people_of(own[following], after) or len(front.title) > 4:
            break
        front.title.append(own[following])
        following += 1
    people: list[str] = []
    for number, part in enumerate(own[following : following + 20], following):
        words = part.words
        if part.nature == "caption" or (_ABSTRACT.match(words) and people):
            break
        found = people_of(part, own[number + 1] if number + 1 < len(own) else None)
        if found and not is_standard(words):
            people += [name for name in found if name not in people]
            front.byline.append(part)
        elif (
            people
            and (AFFILIATION.search(words) or _is_small_matter(part, size))
            and part.nature != "heading"
            and len(words) < 900
        ):
            front.affiliations.append(part)
        elif people or _ABSTRACT.match(words) or (len(words) > 350 and ends_sentence(words)):
            break
    front.authors = tuple(people)
    if not people:
        front.byline, front.affiliations = [], []
    return front


def _is_small_matter(part: Paragraph, size: float) -> bool:
    """Dates, degrees and the like in smaller type; not the first lines of an abstract."""
    return (
        part.lines[0].size < 0.95 * size
        and len(part.words) < 250
        and not (len(part.words) > 120 and ends_sentence(part.words))
    )


def _near(before: Paragraph, part: Paragraph, most: float = 2.2) -> bool:
    step = part.lines[0].baseline - before.lines[-1].baseline
    return 0 < step < most * part.size
