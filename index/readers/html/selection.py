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
from index.wordlists import phrases

# Headings under which a site speaks, beside those that a text shows as well.
_OF_SITES = phrases(
    """
    about this article | article info | navigate this article | search for related content | in this article |
    on this page | in this issue | read this next | read next | keep reading | more from this author | post navigation |
    about the author | about the authors | leave a reply | leave a comment | join the discussion | comments |
    responses | share | share this page | share options | share this story | tags | topics | more on this topic |
    more stories | more on this story | top stories | recommended for you | you might also like | sign up |
    subscribe to our newsletter | subscribe and save | access this article | buy article | purchase options |
    change password | page navigation | full text links | actions | save citation to file | email citation |
    add to collections | your saved search | similar articles in pubmed | links to ncbi databases | linkout | resources |
    publication types | mesh terms | substances | linkout - more resources | add to my bibliography | figures and tables |
    jump to section | article sections | citation tools | article alerts | statistics from altmetric.com |
    request permissions | article versions notes | article tools | track citations | view options | media |
    author information popup | log in to your account | latest | related topics | related links | related stories |
    cite as | how to cite | cite this paper | cite this article as | rights & permissions | submit a comment |
    explore further | related article | article metrics | metrics & citations | information & authors |
    view options | login options | restore content access | export citations | information and authors
    """
)
_ASIDE_HEADINGS = phrases(
    """
    keywords | key words | index terms | mesh terms | subject terms | affiliations | author affiliations |
    author information | authors and affiliations | author information and affiliations | authors | article information |
    corresponding author | corresponding authors | correspondence | article notes | article history |
    copyright and license information | copyright | license | licence | open access | rights and permissions |
    reprints and permissions | permissions | copyright information | publication history | orcid | additional information
    """
)
_ABOUT = re.compile(
    r"(?:©|\(c\) |copyright )|this is an? open[- ]access|open access\W+this article|this article is (?:an open access"
    r"|distributed|licensed|published under|part of the topical)|this work is licensed|publisher.s note|springer nature"
    r" remains|reprints and permission|(?:received|accepted|revised|published|first published|published online"
    r"|manuscript received|date of publication|available online|issue date|version of record|epub|citation|cite this"
    r" article as|how to cite)\b[^.]{0,12}[:\d]|received\W.{0,40}accepted|the electronic version of this article is"
    r"|https?://(?:dx\.)?doi\.org/\S+$|doi\s*:?\s*10\.|e-?mails?\s*:|correspond(?:ence|ing author)s?\b[^.]{0,30}:"
    r"|e-?mail address|key ?words?\s*:|(?:written|medically reviewed|reviewed|fact checked|edited) by\b.{0,80}$"
    r"|to whom correspondence|authors? to whom correspondence|contributed equally",
    re.IGNORECASE,
)
# What a site prints at figures and tables, in place of them or as a way to them.
_BUTTON = (
    r"(?:(?:click|tap) here|view|see|show|open|download|display|expand|enlarge|print|zoom|go)\b(?: (?:to|the|this|a|an|in|as"
    r"|of|full|larger|large|high|original|entire|display|view|popup|inline|size|sized|screen|new|separate|table|figure|image"
    r"|images|version|window|tab|viewer|slide|slides|powerpoint|ppt|csv|pdf|png|tiff?|jpe?g|excel|resolution|download"
    r"|chart|graph|graphic|article|legend|caption|all|figures|tables|options|res|data|file|here|mb|kb|\d[\d.]*))*"
    r"|full size (?:image|table)|in (?:this|a new) window|figure viewer|high[- ]res(?:olution)? (?:image|figure)"
    r"|powerpoint(?: slide)?|larger image|original image|tiff|popup|inline|open in new tab"
)
_BUTTONS = re.compile(rf"\W*(?:(?:{_BUTTON})[\W\d]*)+", re.IGNORECASE)
_AFFILIATION = re.compile(
    r"\b(?:Universi\w+|Department|Hospital|Institute?|Istituto|Instituto|Institution|Faculty|School of|Division of"
    r"|College|Centre|Center|Laborator\w+|Inc\.|GmbH|Ltd)\b|@"
)
_WORD = re.compile(r"\w+")
_LONGEST_FRONT = 80
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
    return plain(words) in _ASIDE_HEADINGS or plain(words) in LABELS


def _is_prose(words: str) -> bool:
    if _ABOUT.match(words) or is_furniture(words):
        return False
    if ends_sentence(words):
        return len(words) >= 20 and words.count(" ") >= 3 and not names(words)
    return len(words) > 250 and not _AFFILIATION.search(words)


def _front(parts: Sequence[Part], known: str, is_above: bool = False) -> list[Part]:
    stated = set(_WORD.findall(known.lower()))
    kept: list[Part] = []
    for part in parts:
        words = part.plain
        own = set(_WORD.findall(words.lower()))
        if is_furniture(words) or plain(words) in ARTICLE_TYPES or not re.search(r"[^\W\d_]{2}", words):
            continue
        if sum(word in stated for word in own) >= 0.8 * len(own):
            continue
        is_own = part.kind == "entry" or (part.kind == "row" and not _ABOUT.match(words))
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
        if _BUTTONS.fullmatch(words):
            continue
        if part.kind == "heading":
            name = plain(words)
            site = 0 if site >= part.level else site
            about = 0 if about >= part.level else about
            if not site and (name in _OF_SITES or name in LISTINGS or (name in LABELS and not is_standard(name))):
                site = part.level
            elif not about and name in _ASIDE_HEADINGS:
                about = part.level
            if not site:
                kept.append(part)
            continue
        if site and part.kind != "entry" and not (len(words) > 400 and ends_sentence(words) and not _ABOUT.match(words)):
            continue
        listed, keywords = keywords, plain(words) in {"keywords", "key words", "index terms"}
        is_about = listed or keywords or (about and not _is_statement(words)) or (len(words) < 1500 and _ABOUT.match(words))
        kept.append(_aside(part) if is_about and part.kind in {"paragraph", "item"} else part)
    return kept


def _aside(part: Part) -> Part:
    return replace(part, kind="aside", words=part.plain if part.cells else part.words, cells=[])


def _is_statement(words: str) -> bool:
    return len(words) > 80 and ends_sentence(words) and not _AFFILIATION.search(words)


def _once(parts: Sequence[Part]) -> list[Part]:
    """Without the second copy of what is there twice: for large and small screens, in a pop-up."""
    seen: set[str] = set()
    kept: list[Part] = []
    for part in parts:
        words = part.plain
        if part.kind in {"paragraph", "item", "aside"} and (len(words) >= 100 or (_FIGURE.match(words) and len(words) > 15)):
            own = "".join(_WORD.findall(words[:3000].lower()))
            if own in seen:
                continue
            seen.add(own)
        kept.append(part)
    return kept


def _without_furniture(parts: Sequence[Part]) -> list[Part]:
    """Without what shows by its words that it is the site's."""
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
        if block.start not in starts or part.kind in {"entry", "row"} or (part.kind == "heading" and is_standard(part.plain))
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
        elif not is_said and asides and plain(part.plain) in _ASIDE_HEADINGS:
            kept.append(_aside(part))
        else:
            kept.append(part)
        said = asides = False
        following = part
    return kept[::-1]
