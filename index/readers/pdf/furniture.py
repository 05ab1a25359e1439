"""Running heads, page numbers, line numbers and what else a page carries beside the article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from index.readers.pdf.lines import Segment

_EDGE = 0.2  # of the page's height, at its top and bottom, where running heads stand
_DIGITS = re.compile(r"\d+")
_NUMERAL = re.compile(r"[ivxlc]{1,6}", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|s\.|seite)?\s*[-–—|(]?\s*(?:[A-Za-z]-?)?(?:\d{1,5}|[ivxl]{1,6})\s*[-–—|]?(?:\s*(?:of|/|von|de|\|)\s*\d{1,5})?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:fig(?:ure)?|table|box|scheme)\b", re.IGNORECASE)
BOILERPLATE = re.compile(
    r"(?:this (?:article|paper|content|file|manuscript|material) (?:was|is|has been)? ?"
    r"(?:downloaded|an open[- ]access|distributed|published under|licen[sc]ed|protected by copyright)"
    r"|this is an? (?:open[- ]access )?(?:article|document|work|paper)[^.]{0,120}"
    r"(?:licen|creative commons|distributed under)"
    r"|this is an open[- ]access|this work is licen[sc]ed|open access ?this article is"
    r"|(?:©|\(c\)|copyright)[^.]{0,20}(?:\d{4}|the author)|copyright of|all rights reserved|downloaded (?:from|by|on)"
    r"|(?:for )?reprints? and permission|permission to make digital or hard copies|published by elsevier"
    r"|distributed under (?:the terms|a creative)|licensee|personal use only|unauthori[sz]ed (?:use|reproduction)"
    r"|full list of author information is available|the creative commons public domain dedication"
    r"|submit your next manuscript to|submit your manuscript|check for updates|crossmark$|article is online at"
    r"|see (?:the )?(?:front matter|inside front cover)|issn:? ?\d{4}|contents lists available at|journal homepage"
    r"|publisher.s disclaimer|provided for non-commercial research|author manuscript)",
    re.IGNORECASE,
)
_BOILERPLATE_INSIDE = re.compile(
    r"creative commons (?:attribution|public domain|zero)|creativecommons\.org|terms of the (?:creative|cc)"
    r"|published by elsevier|all rights reserved|licensee biomed central|convenient online submission"
    r"|(?:open access )?article (?:distributed )?under the cc by|immediate publication on acceptance"
    r"|available for redistribution|for personal use only|downloaded from https?:",
    re.IGNORECASE,
)
_STATES = re.compile(r"\d{4}.{0,30}\d|doi|10\.\d{4,}|\bet al\b|vol|https?:|^(?:[A-Z][\w.&-]* ){1,6}\d", re.IGNORECASE)


def running_heads(pages: Sequence[Sequence[Segment]], heights: Sequence[float]) -> list[set[int]]:
    """For each page, which of its segments (by their place in it) stand on other pages in the same place as well."""
    edges: dict[tuple[str, int], set[int]] = defaultdict(set)
    places: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    for number, (page, height) in enumerate(zip(pages, heights, strict=True)):
        for part in page:
            step = round(part.baseline / 4)
            if not _EDGE * height < part.baseline < (1 - _EDGE) * height:
                for near in (step - 1, step, step + 1):
                    edges[(_key(part.words), near)].add(number)
            if len(part.words) >= 5 and not _LABEL.match(part.words):
                places[(part.words, step, round(part.left / 4))].add(number)
    least = max(3, round(0.4 * len(pages)))
    result: list[set[int]] = []
    for page, height in zip(pages, heights, strict=True):
        marked: set[int] = set()
        order = sorted(range(len(page)), key=lambda at: page[at].baseline)
        outermost = _outermost([page[at] for at in order], order)
        extreme = _outermost([page[at] for at in order], order, 1)
        lone = _lone_heads([page[at] for at in order], order)
        for at, part in enumerate(page):
            step = round(part.baseline / 4)
            at_edge = not _EDGE * height < part.baseline < (1 - _EDGE) * height
            if (
                (
                    at_edge
                    and not _LABEL.match(part.words)
                    and _recurs(part, edges[(_key(part.words), step)], at in outermost, page)
                )
                or (len(part.words) >= 5 and len(places[(part.words, step, round(part.left / 4))]) >= least)
                or (at_edge and at in extreme and _PAGE_NUMBER.fullmatch(part.words) and _stands_apart(part, page))
                or (at_edge and at in lone)
            ):
                marked.add(at)
        result.append(marked)
    return result


def _stands_apart(part: Segment, page: Sequence[Segment]) -> bool:
    """Whether no other line is as near as lines of running text are."""
    return not any(
        0.3 * part.size < abs(other.baseline - part.baseline) < 1.5 * max(part.size, other.size)
        and other.left < part.right + 20
        and other.right > part.left - 20
        for other in page
    )


def _recurs(part: Segment, pages: Iterable[int], outermost: bool, page: Sequence[Segment]) -> bool:
    count = len(set(pages))
    if not any(letter.isalpha() for letter in part.words):
        # Numbers recur in tables and reference lists as well.
        return count >= 2 and outermost and bool(_PAGE_NUMBER.fullmatch(part.words)) and _stands_apart(part, page)
    return count >= 3 or (count >= 2 and outermost)


def _outermost(page: Sequence[Segment], order: Sequence[int], most: int = 3) -> set[int]:
    """The segments on the first and the last lines of a page."""
    found: set[int] = set()
    for side in (range(len(page)), range(len(page) - 1, -1, -1)):
        lines = 0
        before: float | None = None
        for at in side:
            if before is None or abs(page[at].baseline - before) > 0.5 * page[at].size:
                lines += 1
                if lines > most:
                    break
            before = page[at].baseline
            found.add(order[at])
    return found


def _lone_heads(page: Sequence[Segment], order: Sequence[int]) -> set[int]:
    """The first or the last line, where it stands apart from the rest and has a page number at one of its ends."""
    found: set[int] = set()
    for step in (1, -1):
        row: list[int] = []
        side = range(len(page)) if step == 1 else range(len(page) - 1, -1, -1)
        gap = 0.0
        for at in side:
            if row and abs(page[at].baseline - page[row[0]].baseline) > 0.5 * page[at].size:
                gap = abs(page[at].baseline - page[row[0]].baseline)
                break
            row.append(at)
        row.sort(key=lambda at: page[at].left)
        words = " ".join(page[at].words for at in row)
        numbered = re.match(r"\d{1,5}\s+\D", words) or re.search(r"\D\s+\d{1,5}$", words)
        if row and numbered and len(words) < 90 and gap > 1.7 * page[row[0]].size and not words.endswith("."):
            found.update(order[at] for at in row)
    return found


def _key(words: str) -> str:
    key = _DIGITS.sub("0", words.lower())
    return "0" if _NUMERAL.fullmatch(key) else key


def head_lines(page: Sequence[Segment]) -> list[Segment]:
    """A page's heads, those put together that stand side by side ("PAIN" and "155 (2014) 2461-2470")."""
    made: list[Segment] = []
    for part in sorted(page, key=lambda part: (round(part.baseline / 2), part.left)):
        last = made[-1] if made else None
        if (
            last is not None
            and abs(last.baseline - part.baseline) < 0.25 * part.size
            and 0 <= part.left - last.right < 2.5 * part.size
        ):
            made[-1] = Segment([*last.pieces, *part.pieces])
        else:
            made.append(part)
    return made


def is_boilerplate(words: str) -> bool:
    """Whether a paragraph is a publisher's: a licence, a copyright line, an invitation to submit."""
    if len(words) > 1500:
        return False
    if BOILERPLATE.match(words.lstrip("*•- ")):
        return True
    return len(words) < 900 and _BOILERPLATE_INSIDE.search(words) is not None


def states_something(words: str) -> bool:
    """Whether a head of the first page may name the journal, the year or the DOI."""
    return len(words) > 8 and _STATES.search(words) is not None
