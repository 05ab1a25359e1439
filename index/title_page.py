"""The title page of a plain text, and which of its lines is the title."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.blocks import ends_sentence, marker_end
from index.bylines import names
from index.citations import DOI, Found, Stated, date_year, journal_line, self_citation
from index.documents import Block, Span
from index.heading_words import ARTICLE_TYPES, METADATA, is_standard, plain

FRONT = 40  # blocks in which a title page ends
PROSE = 250  # characters from which a block is a paragraph of the article

LABEL = re.compile(r"([A-Za-z][A-Za-z ]{1,24}?)\s*:\s*(?=\S)")
PUBLISHED = re.compile(r"\(?(?:first |e)?published(?: online)?(?: first)?(?: on)?(?: date)?\s*:?\s", re.IGNORECASE)
BY = re.compile(r"(?:written )?by\s+", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


@dataclass(slots=True)
class Front:
    """The title page: its blocks up to the article's first paragraph."""

    text: str
    blocks: list[Block]
    page: list[Block]
    dropped: list[int]  # where furniture starts
    found: Found = field(default_factory=dict)

    def words(self, block: Block) -> str:
        """The wording of a block."""
        return self.text[block.start : block.end]


def byline_words(words: str) -> str:
    """A byline without its "By"."""
    match = BY.match(words)
    return words[match.end() :] if match else words


def title_page(text: str, own: Sequence[Block]) -> list[Block]:
    """The blocks before the article proper, with its first paragraph where no heading parts them."""
    page: list[Block] = []
    for block in own[:FRONT]:
        words = text[block.start : min(block.end, block.start + 4000)]
        if page and plain(words) in {"introduction", "abstract", "summary"}:
            break
        if block.end - block.start >= PROSE and ends_sentence(words) and not LABEL.match(words) and not names(words):
            page.append(block)  # an own citation may come in a long line; nothing follows it
            break
        page.append(block)
    return page


def find_title(front: Front) -> Found:
    """The title, with what the article's own citation says where that names this very title."""
    if labelled := _labelled_title(front):
        return {"title": labelled, **_cited(front, labelled, front.blocks)}
    citing = [
        block for block in front.blocks if block.end - block.start > 40 and _YEAR.search(front.words(block)[:4000])
    ]
    candidates = [block for i, block in enumerate(front.page) if _could_be_title(front, i)]
    # A citation that repeats a line of the title page proves that line to be the title.
    for block in candidates[:15]:
        title = _stated(front, block.start, block.end)
        if cited := _cited(front, title, citing):
            return cited
    for i, block in enumerate(front.page[:30]):
        words = front.words(block)
        noisy = bisect_left(front.dropped, block.start) >= 4
        if is_preliminary(words) or marker_end(words) or (noisy and not _is_followed_up(front, i)):
            continue
        return {"title": _stated(front, block.start, block.end)} if _titles(front, i) else {}
    return {}


def _cited(front: Front, title: Stated, blocks: Sequence[Block]) -> Found:
    cited = self_citation(front.text, blocks, title)
    if cited:
        cited["title"] = Stated(title.value, (*title.spans, *cited["title"].spans))
    return cited


def _labelled_title(front: Front) -> Stated | None:
    for i, block in enumerate(front.page[:12]):
        words = front.words(block)
        label = LABEL.match(words[:40])
        if label and plain(label.group(1)) == "title":
            return _stated(front, block.start + label.end(), block.end)
        if plain(words) == "title" and i + 1 < len(front.page):
            return _stated(front, front.page[i + 1].start, front.page[i + 1].end)
    return None


def _could_be_title(front: Front, i: int) -> bool:
    words = front.words(front.page[i])
    return 3 <= len(words.split()) <= 45 and not is_preliminary(words) and _titles(front, i)


def _is_followed_up(front: Front, i: int) -> bool:
    """Under the menus of a saved page, a title must show itself by the byline or journal line after it."""
    words = front.words(front.page[i])
    if len(words.split()) < 5:
        return False
    for block in front.page[i + 1 : i + 3]:
        below = front.words(block)
        name = below[marker_end(below) :].strip(" ,;")
        if journal_line(below) or (names(byline_words(below)) and (len(names(below)) > 1 or shows_a_person(name))):
            return True
        if block.kind == "item" and names(name):
            return True
    return False


def shows_a_person(words: str) -> bool:
    """One name alone could be a topic: it needs a "by", a degree, an initial, a mark or a comma."""
    return bool(BY.match(words) or re.search(r"\b[A-Z]\.|[\d*†]$|\b(?:MD|PhD|MPH|MSc)\b|, \w+$", words))


def is_preliminary(words: str) -> bool:
    """Lines that may stand above a title: the kind of article, an address, a date, a journal's line."""
    if len(words) > 200:
        return False
    label = LABEL.match(words[:40])
    return bool(
        plain(words) in ARTICLE_TYPES
        or plain(words) in METADATA
        or (label and plain(label.group(1)) in METADATA)
        or _ADDRESS.match(words)
        or DOI.match(words)
        or journal_line(words)
        or words.isdigit()
        or PUBLISHED.match(words)
        or (date_year(words) is not None and len(words) < 25)
    )


def _titles(front: Front, i: int) -> bool:
    """Whether block `i` reads as a title: a line without a full stop, before other matter."""
    words = front.words(front.page[i])
    count = len(words.split())
    if not 2 <= count <= 45 or len(words) > 320 or is_standard(words) or (LABEL.match(words[:20]) and count < 4):
        return False
    opens = words[0].isupper() or words[0].isdigit() or not words[0].isalnum() or words[1:2].isupper()  # "mRNA ..."
    if not opens or words[-1] in ",;:":
        return False
    sentence = ends_sentence(words) and words[-1] not in "?!)"
    after = front.blocks[i + 1] if i + 1 < len(front.blocks) else None
    if after is None:
        return False
    next_words = front.words(after)
    gap = front.text[front.page[i].end : after.start]
    if sentence or len(words) > 200:
        # A first sentence ends so as well: only a byline or metadata under it make it a title.
        return bool(names(byline_words(next_words))) or is_preliminary(next_words)
    # A first line of verse or of wrapped text goes straight on in lower case.
    return is_preliminary(next_words) or not next_words[0].islower() or len(gap.splitlines()) > 1


def _stated(front: Front, start: int, end: int) -> Stated:
    words = re.sub(r"(?<=\w[-‐])\s*[\r\n]\s*(?=[a-z])", "", front.text[start:end])
    return Stated(" ".join(words.split()), (Span(start, end),))
