"""Which of a page's parts are the article's: the title once, names and dates as asides, what is the site's left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.blocks import ends_sentence
from index.bylines import names
from index.cleaning import furniture
from index.documents import Block
from index.furniture_signs import is_furniture
from index.furniture_words import LABELS, LISTINGS
from index.heading_words import ARTICLE_TYPES, is_standard, plain
from index.readers.html.flow import Part
from index.readers.html.site_words import ABOUT, AFFILIATION, ASIDE_HEADINGS, OF_SITES, is_button

_MORE = re.compile(r"more (?:in|from|on|about|stories|articles|news)\b")
# What stands behind a sentence's full stop: the marks of its references.
_MARKS = re.compile(r"(?<=[.!?])[\s\d,;\-–\[\]()⁰¹²³⁴-⁹]+$")
_NUMBER = re.compile(r"\((?:\d{1,3}[a-z]?|[A-Z]{3,4})\)")  # of an equation; a file's format
_WORD = re.compile(r"\w+")
_LONGEST_FRONT = 80
_EDGE = 4000  # parts
_FIGURE = re.compile(r"(?:fig(?:ure)?|table|scheme|box)\b", re.IGNORECASE)


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one, as printed and as stated elsewhere."""
    a, b = _WORD.findall(one.lower()), _WORD.findall(other.lower())
    if not a or not b:
        return False
    shared = len(set(a) & set(b))
    return "".join(a) == "".join(b) or (shared >= 0.8 * len(set(a)) and shared >= 0.8 * len(set(b)))


def selected(parts: list[Part], title: str, known: str) -> list[Part]:
    """The parts that are the article's.

    Args:
        parts: All parts of the page's article element, in order.
        title: The article's title; where the page prints it, it is left out here.
        known: What is stated of the article already (authors, journal, DOI): repeated, it is left out.
    """
    begin = _place_of_title(parts, title)
    front = parts[:begin]
    rest = [part for part in parts[begin:] if not (part.kind == "heading" and same_title(part.plain, title))]
    kept = _front(front, known, is_above=True) + _front_of(rest, known)
    kept = _without_site_sections(kept)
    kept = _once(kept)
    kept = _without_furniture(kept)
    return _without_empty_headings(kept, parts)


def _place_of_title(parts: Sequence[Part], title: str) -> int:
    for at, part in enumerate(parts[:80]):
        if part.kind in {"heading", "paragraph"} and same_title(part.plain, title):
            return at
        if part.kind == "paragraph" and len(part.plain) > 300:
            return 0
    return 0


def _front_of(parts: list[Part], known: str) -> list[Part]:
    """The parts, those between the title and the first heading or paragraph as asides."""
    end = 0
    for at, part in enumerate(parts[:_LONGEST_FRONT]):
        if part.kind == "entry" or (part.kind == "heading" and not _is_byline_heading(part.plain)):
            end = at if part.kind == "heading" and is_standard(part.plain) else end
            break
        if part.kind in {"paragraph", "item"} and _is_prose(part.plain):
            end = end or at
        elif not any(_is_prose(before.plain) for before in parts[:at] if before.kind == "paragraph"):
            end = at + 1
    if end == len(parts):
        return parts  # nothing else: these few words are what the page says
    return [*_front(parts[:end], known), *parts[end:]]


def _is_byline_heading(words: str) -> bool:
    return plain(words) in ASIDE_HEADINGS or plain(words) in LABELS


def _is_prose(words: str) -> bool:
    if ABOUT.match(words) or is_furniture(words):
        return False
    if ends_sentence(words if "/" in words[-40:] else _MARKS.sub("", words)):
        return len(words) >= 20 and words.count(" ") >= 3 and not names(words)
    return len(words) > 250 and not AFFILIATION.search(words)


def _front(parts: Sequence[Part], known: str, is_above: bool = False) -> list[Part]:
    stated = set(_WORD.findall(known.lower()))
    kept: list[Part] = []
    for part in parts:
        words = part.plain
        own = set(_WORD.findall(words.lower()))
        if is_furniture(words) or plain(words) in ARTICLE_TYPES or not re.search(r"[^\W\d_]{2}", words):
            continue
        if words.lower() in {"by", "and", "authors"}:
            continue
        if sum(word in stated for word in own) >= 0.8 * len(own):
            continue
        is_own = part.kind == "entry" or (part.kind == "row" and not ABOUT.match(words))
        if is_own or (part.kind != "row" and _is_prose(words) and not is_above):
            kept.append(part)
        else:
            kept.append(_aside(part))
    return kept


def _without_site_sections(parts: Sequence[Part]) -> list[Part]:
    """Without what stands under "Related articles" and its like; what is about authors and rights as asides."""
    kept: list[Part] = []
    site = about = 0  # the level of the heading that began it
    keywords = False
    for part in parts:
        words = part.plain
        if is_button(words):
            continue
        if part.kind == "heading":
            name = re.sub(r"[\s(]*\d[\d,]*\)?$", "", plain(words))  # "Cited by (12)"
            site = 0 if site >= part.level else site
            # "Contributions" below "Author information" are statements again.
            about = 0 if about >= part.level or (is_standard(name) and name not in ASIDE_HEADINGS) else about
            if not site and _is_of_site(name):
                site = part.level
            elif not about and name in ASIDE_HEADINGS:
                about = part.level
            if not site:
                kept.append(part)
            continue
        if site and part.kind != "entry" and not (len(words) > 400 and ends_sentence(words) and not ABOUT.match(words)):
            continue
        listed, keywords = keywords, plain(words) in {"keywords", "key words", "index terms"}
        is_about = (
            listed
            or keywords
            or _NUMBER.fullmatch(words)
            or (about and not _is_statement(words))
            or (len(words) < 1500 and ABOUT.match(words))
        )
        kept.append(_aside(part) if is_about and part.kind in {"paragraph", "item"} else part)
    return kept


def _aside(part: Part) -> Part:
    return replace(part, kind="aside", words=part.plain if part.cells else part.words, cells=[])


def _is_of_site(name: str) -> bool:
    if name in OF_SITES or name in LISTINGS or _MORE.match(name):
        return True
    return not is_standard(name) and (name in LABELS or is_furniture(name))


def _is_statement(words: str) -> bool:
    return len(words) > 80 and ends_sentence(words) and not AFFILIATION.search(words)


def _once(parts: Sequence[Part]) -> list[Part]:
    """Without the second copy of what is there twice: for large and small screens, in a pop-up."""
    seen: set[str] = set()
    kept: list[Part] = []
    for part in parts:
        words = part.plain
        if part.kind in {"paragraph", "item", "aside"} and (
            len(words) >= 100 or (_FIGURE.match(words) and len(words) > 15)
        ):
            own = "".join(_WORD.findall(words[:3000].lower()))
            if own in seen:
                continue
            seen.add(own)
        kept.append(part)
    return kept


def _without_furniture(parts: Sequence[Part]) -> list[Part]:
    """Without what shows by its words that it is the site's."""
    if len(parts) > 2 * _EDGE:
        # A site stands around an article; what is deep inside a very long page is the page's.
        return [*_without_furniture(parts[:_EDGE]), *parts[_EDGE:-_EDGE], *_without_furniture(parts[-_EDGE:])]
    text: list[str] = []
    blocks: list[Block] = []
    at = 0
    for part in parts:
        words = part.plain
        blocks.append(Block(at, at + len(words), "line" if part.kind in {"heading", "row"} else "prose"))
        text.append(words)
        at += len(words) + 2
    starts = {span.start for span in furniture("\n\n".join(text), blocks)}
    return [
        part
        for part, block in zip(parts, blocks, strict=True)
        if block.start not in starts
        or part.kind in {"entry", "row"}
        or (part.kind == "heading" and is_standard(part.plain))
    ]


def _without_empty_headings(parts: Sequence[Part], all_parts: Sequence[Part]) -> list[Part]:
    """Without headings that all of their section has been taken from; as an aside where it holds asides only."""
    kept: list[Part] = []
    held: list[tuple[int, bool]] = []  # below this place: the level of headings, whether anything is said under them
    said = asides = False
    following: Part | None = None
    for part in reversed(parts):
        if part.kind != "heading":
            said, asides = said or part.kind != "aside", True
            kept.append(part)
            following = part
            continue
        inner = [own for level, own in held if level > part.level]
        held = [(level, own) for level, own in held if level <= part.level]
        is_said = said or any(inner)
        is_empty = not is_said and not asides and not inner
        held.append((part.level, is_said))
        if is_empty and len(all_parts) > 3 and (following is None or is_standard(part.plain)):
            pass
        elif not is_said and (asides or inner) and plain(part.plain) in ASIDE_HEADINGS:
            kept.append(_aside(part))
        else:
            kept.append(part)
        said = asides = False
        following = part
    return kept[::-1]
