"""The title page of a manuscript: which of its parts are the title, the authors, and other matter about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from index.blocks import ends_sentence
from index.bylines import bare, is_name, names
from index.heading_words import is_standard, plain
from index.readers.manuscript.parts import Part
from index.title_page import byline_words, is_preliminary, shows_a_person

_FRONT = 40  # parts in which a title page ends
_PROSE = 250  # characters from which a paragraph is one of the article
_SENTENCE = 25  # characters from which a line that ends as a sentence is one
_NUMBERED = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,4}\.)\s")
_NOTED = re.compile(r"[*†‡](?=[A-Z])|\bCorrespond|\be-?mail\b", re.IGNORECASE)
_AFTER_NAME = re.compile(r"\s*(?:\d{4}-\d{4}-\d{4}|[·|;:(\d*†]|,(?!\s*(?:Jr|Sr|I{2,3}|IV)\b))")
_ABOUT = re.compile(
    r"@|universit|department|institut|hospital|college|school of|faculty|laborator|\bcent(?:re|er)\b|correspond|e-?mail"
    r"|orcid|key ?words|received|accepted|word count|contributed equally|affiliation|running (?:head|title)|\bdoi\b",
    re.IGNORECASE,
)


def find_title(parts: list[Part], hint: str = "") -> Part | None:
    """The part that is the title, its role set; parts of one title are made one.

    Args:
        parts: The parts of the manuscript, in order.
        hint: A title that the file's properties claim; it counts if the title page has it too.
    """
    front = _title_page(parts)
    title = (
        next((part for part in front if part.role == "title"), None)
        or _claimed(front, hint)
        or _first_heading(parts, front)
        or _largest(parts, front)
    )
    if title is None:
        return None
    title.role = "title"
    at = parts.index(title) + 1
    while at < len(parts) and parts[at].role == "title":
        title.runs += [type(title.runs[0])(" "), *parts.pop(at).runs]
    for other in parts:
        if other.role == "title" and other is not title:
            other.role, other.level = "heading", 1
    return title


def find_authors(parts: Sequence[Part], title: Part, lower: frozenset[str]) -> tuple[str, ...]:
    """The names under the title; the parts that hold them become "author", other matter about them "front".

    Args:
        parts: The parts of the manuscript, in order.
        title: The title among them.
        lower: Words that the manuscript also writes in lower case: they make no names.
    """
    at = next(i for i, part in enumerate(parts) if part is title) + 1
    below: list[Part] = []
    for part in parts[at : at + _FRONT]:
        if part.role in {"heading", "row", "entry"} or len(part.words) >= _PROSE * 4 or _is_prose(part):
            break
        below.append(part)
    styled = [part for part in below if part.role == "author"]
    authors: list[str] = []
    for part in styled or [part for part in below if part.role == "paragraph"][:6]:
        words = "".join(run.words for run in part.runs if not run.raised)
        words = byline_words(" ".join((_NOTED.split(words)[0] if styled else words).split()))
        people = names(words, lower.__contains__)
        alone = len(people) == 1 and not styled and not shows_a_person(part.words) and not authors
        if people and not alone:
            authors += people
            part.role = "author"
        elif not styled and (authors or len(words) >= _PROSE or ("," in words and names(words.split(",")[0]))):
            break  # what begins as a byline and cannot be read throughout would yield only some of the authors
    for part in below:
        if part.role == "paragraph":
            about = _ABOUT.search(part.words) is not None
            sentence = len(part.words) >= _SENTENCE and ends_sentence(part.words)
            if not about and (sentence or not authors):  # without names above it, it may be the article's own
                break
            part.role = "front"
    return tuple(dict.fromkeys(authors or _listed_authors(parts[at + len(below) :])))


def _listed_authors(parts: Sequence[Part]) -> tuple[str, ...]:
    """The people of a list under a heading "Authors": each item begins with a name, an ORCID or an address follows."""
    if not parts or parts[0].role != "heading" or plain(parts[0].words) not in {"author", "authors"}:
        return ()
    found: list[str] = []
    own: list[Part] = []
    for part in parts[1:]:
        if part.role not in {"paragraph", "item"}:
            break
        name = bare(_AFTER_NAME.split(part.words, maxsplit=1)[0])
        if not is_name(name) or " " not in name:
            break
        found.append(name)
        own.append(part)
    for part in own:
        part.role = "author"
    return tuple(found)


def _title_page(parts: Sequence[Part]) -> list[Part]:
    front: list[Part] = []
    for part in parts[:_FRONT]:
        if _is_prose(part) or part.role in {"row", "entry"}:
            break
        front.append(part)
    return front


def _is_prose(part: Part) -> bool:
    return (
        part.role in {"paragraph", "item"}
        and len(part.words) >= _PROSE
        and ends_sentence(part.words.rstrip())
        and not names(byline_words(part.words[:4000]))
    )


def _claimed(front: Sequence[Part], hint: str) -> Part | None:
    wanted = _folded(hint)
    if len(wanted) < 8:
        return None
    return next((part for part in front[:15] if _folded(part.words[:1000]) == wanted), None)


def _first_heading(parts: Sequence[Part], front: Sequence[Part]) -> Part | None:
    """A heading of the highest level that stands alone at it, or above a byline or an abstract."""
    at = next((i for i, part in enumerate(front) if part.role == "heading"), None)
    if at is None or at > 3:
        return None
    first = front[at]
    if first.level != 1 or is_standard(first.words) or _NUMBERED.match(first.words):
        return None
    if not any(part.role == "heading" and part.level == 1 for part in parts if part is not first):
        return first
    following = parts[at + 1] if at + 1 < len(parts) else None
    if following is None:
        return None
    if following.role == "heading":
        return first if is_standard(following.words) else None
    return first if names(byline_words(following.words[:4000])) else None


def _largest(parts: Sequence[Part], front: Sequence[Part]) -> Part | None:
    """The line in the largest letters, or a bold one above a byline."""
    written: Counter[float] = Counter()
    for part in parts:
        written[part.size] += len(part.words)
    usual = written.most_common(1)[0][0] if written else 0.0
    fit = [part for part in front[:15] if part.role in {"paragraph", "heading"} and _could_be_title(part)]
    largest = max(fit, key=lambda part: part.size, default=None)
    if largest is not None and usual and largest.size >= usual * 1.15:
        return largest
    for part, following in pairwise(front):
        if part in fit and part.bold and names(byline_words(following.words[:4000])):
            return part
    return None


def _could_be_title(part: Part) -> bool:
    words = part.words
    return (
        3 <= len(words.split()) <= 45
        and not is_standard(words)
        and plain(words) not in {"title page", "cover letter"}
        and not is_preliminary(words)
        and not _NUMBERED.match(words)
        and "@" not in words
    )


def _folded(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
