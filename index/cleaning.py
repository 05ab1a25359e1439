"""Which parts of a text are furniture of the site it was saved from, and which are its references.

Furniture may never be cited; dropping a sentence of the article would lose an answer. So a block must
show that it is furniture, in one of four ways: it is a user-interface label; it is a widget's counter or
a legal footer; it is a sentence that turns to the visitor of a site; or it is a fragment that stands in a
run of such blocks. Matter by the authors (funding, correspondence, keywords ...) is never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.blocks import ends_sentence, marker_end
from index.documents import Block, Span
from index.furniture_signs import BANNERS, LEGAL, interface_tokens, interface_weight, is_furniture, statement_label
from index.furniture_words import LABELS, LISTINGS
from index.heading_words import AUTHOR_MATTER, REFERENCES, is_standard, plain

CLEANING_VERSION = 1

_CITATION = re.compile(
    r"\((?:19|20)\d\d[a-z]?(?:, [^()]{0,24})?\)|(?:19|20)\d\d ?[;:,] ?\d|\bdoi\b|\b10\.\d{4,9}/"
    r"|\bet al\b|\[\d{1,3}[],–-]",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(
    r"\b(?:Universi\w+|Department|Hospital|Institute?|Istituto|Instituto|Institution|Faculty"
    r"|School of|Division of|College|Centre for|Center for)\b|@|\{at\}"
)
_DIGIT = re.compile(r"\d")
_DATE = re.compile(
    r"(?:19|20)\d\d[-/]\d{1,2}(?!\d)|\b(?:received|accepted|revised|published)\b.{0,20}\d", re.IGNORECASE
)


def furniture(text: str, blocks: Sequence[Block]) -> list[Span]:
    """The blocks of `text` that belong to the site and not to the article."""
    words = [_words(text, block) for block in blocks]
    kept = _author_matter(words, blocks)
    marks = [not keep and is_furniture(text) for text, keep in zip(words, kept, strict=True)]
    _mark_menus(words, kept, marks)
    _mark_listings(words, kept, marks)
    _mark_between(words, blocks, kept, marks)
    _mark_tail(words, blocks, kept, marks)
    return [Span(block.start, block.end) for block, mark in zip(blocks, marks, strict=True) if mark]


def _words(text: str, block: Block) -> str:
    # Nothing past the first 700 characters changes a verdict: long blocks are the article's.
    raw = text[block.start : min(block.end, block.start + 700)]
    return " ".join(raw[marker_end(raw) :].split())


def _author_matter(words: Sequence[str], blocks: Sequence[Block]) -> list[bool]:
    """Which blocks are certainly the article's: labelled statements, affiliations, citations, keyword lists."""
    kept: list[bool] = []
    in_list = False
    for own, block in zip(words, blocks, strict=True):
        name = plain(own)
        labelled = statement_label(own) in AUTHOR_MATTER and plain(own) not in LABELS
        # A list under "Keywords" stays, to its last short item.
        in_list = name in {"keywords", "key words", "mesh terms", "index terms"} or (
            in_list and len(own) < 60 and not ends_sentence(own) and name not in LABELS and not is_standard(own)
        )
        evidence = _AFFILIATION.search(own) or _CITATION.search(own) or (_DIGIT.search(own) and _DATE.search(own))
        stated = evidence is not None and not LEGAL.match(own) and not BANNERS.search(own)
        kept.append(labelled or in_list or stated or (block.kind == "item" and is_standard(own)))
    return kept


def _is_fragment(own: str, longest: int = 60) -> bool:
    return len(own) <= longest and not ends_sentence(own) and not is_standard(own)


def _mark_menus(words: Sequence[str], kept: Sequence[bool], marks: list[bool]) -> None:
    """Three neighbours made of nothing but interface words are a menu, however weak each is alone."""
    run: list[int] = []
    for i in range(len(words) + 1):
        of_menu = i < len(words) and not kept[i] and _is_fragment(words[i])
        if of_menu and (marks[i] or (interface_weight(interface_tokens(words[i])) or 0) > 0):
            run.append(i)
            continue
        if len(run) >= 3:
            for j in run:
                marks[j] = True
        run = []


def _mark_listings(words: Sequence[str], kept: Sequence[bool], marks: list[bool]) -> None:
    """Short lines after "Similar articles" and its like name other articles."""
    left, begun = 0, False
    for i, own in enumerate(words):
        # Before the article's first paragraph, the lines below a menu's "Related" may hold its title.
        begun = begun or ((len(own) > 250 and ends_sentence(own[-4:])) or len(own) > 600)
        if marks[i]:
            if own.lower().startswith(("next article", "previous article")):
                left = 1
            elif begun and _lists(own):
                left = 30
        elif kept[i] or is_standard(own) or len(own) > 250 or (ends_sentence(own) and len(own) > 120):
            left = 0
        elif left:
            marks[i] = True
            left -= 1


def _lists(own: str) -> bool:
    return re.sub(r"[\s(]*\d*\)?$", "", plain(own)) in LISTINGS


def _mark_between(words: Sequence[str], blocks: Sequence[Block], kept: Sequence[bool], marks: list[bool]) -> None:
    """Fragments shut in between furniture are of the same menu, where furniture is at least as many."""
    marked = [i for i, mark in enumerate(marks) if mark]
    for before, after in pairwise(marked):
        gap = range(before + 1, after)
        if not 1 <= len(gap) <= 4 or any(kept[i] or blocks[i].kind == "item" for i in gap):
            continue
        around = sum(marks[max(0, before - 4) : before + 1]) + sum(marks[after : after + 5])
        # A title is longer than a menu's entry, and stands between few of them.
        if around > len(gap) + 1 and all(_is_fragment(words[i], 45) and words[i].count(" ") < 6 for i in gap):
            for i in gap:
                marks[i] = True


def _mark_tail(words: Sequence[str], blocks: Sequence[Block], kept: Sequence[bool], marks: list[bool]) -> None:
    """After the article's last sentence, everything from the first furniture on is the site's footer."""
    start = len(words)
    while start > 0:
        own = words[start - 1]
        sentence = (len(own) > 120 and ends_sentence(own)) or blocks[start - 1].end - blocks[start - 1].start > 700
        closes = kept[start - 1] and (blocks[start - 1].kind == "item" or statement_label(own) != "")
        if ((sentence and own.count(". ") + ends_sentence(own) > 0) or closes) and not marks[start - 1]:
            break
        start -= 1
    tail = range(start, len(words))
    count = sum(marks[i] for i in tail)
    # No sentence at all: a bare list or table, of which nothing can be said.
    if start == 0 or count < 4 or count * 5 < len(tail):
        return
    first = next(i for i in tail if marks[i])
    for i in range(first, len(words)):
        marks[i] = marks[i] or not kept[i]


def reference_list(text: str, blocks: Sequence[Block]) -> Span | None:
    """The list of references, from its heading to its last entry."""
    words = [_words(text, block) for block in blocks]
    for i in range(len(blocks) - 1, -1, -1):
        if len(words[i]) < 40 and plain(words[i].rsplit(".", 1)[-1] or words[i]) in REFERENCES:
            last = _last_entry(words, i)
            if last > i:
                return Span(blocks[i].start, blocks[last].end)
    return None


_ENTRY = re.compile(r"(?:19|20)\d\d[a-z]?\b")
_ENTRY_SIGNS = re.compile(
    r"doi|\bet al\b|\d\s?[:(;]\s?\d|[^\W\d_]{2,},? {1,2}[A-Z]{1,3}\b[,.]|[^\W\d_]{2,}, [A-Z]\.|https?://|accessed|vol\b|\bpp\b|\d[–-]\d",
    re.IGNORECASE,
)


def _last_entry(words: Sequence[str], heading: int) -> int:
    last, misses = heading, 0
    for i in range(heading + 1, len(words)):
        own = words[i]
        if (
            is_standard(own)
            or statement_label(own)
            or (is_furniture(own) and not _linkouts(own))
            or own.lower() in {"comment", "comments"}
        ):
            break
        if (_ENTRY.search(own) and _ENTRY_SIGNS.search(own)) or _linkouts(own):
            last, misses = i, 0
        elif not re.fullmatch(r"\[?\d{1,3}[.\])]?", own):
            misses += 1
            if misses > 2:
                break
    return last


def _linkouts(own: str) -> bool:
    """The line of links under an entry: "CAS Article PubMed Google Scholar"."""
    return len(own) < 90 and ("PubMed" in own or "Scholar" in own or "CrossRef" in own)
