"""Journal, year and DOI as a PDF's first page and its running heads state them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.citations import DOI, clean_doi, journal_line

_YEAR = r"(?:19|20)\d\d"
_NAME = (
    r"(?P<journal>[A-Z][\w.&’':‐-]*"
    r"(?: (?:[A-Z&][\w.&’'-]*|of|the|and|in|for|on|et|de|der|für|open|sci\.?|[a-z]{2,9}\.))*)"
)
# "Trials 2015, 16:1", "PAIN 155 (2014) 2461", "Trials (2015) 16:1", "R. Soc. open sci. 2: 150395",
# "Frontiers in Physiology | www.frontiersin.org | May 2015 | Volume 6".
_HEADS = (
    re.compile(rf"{_NAME}[,.]?\s+(?P<year>{_YEAR})\s*[,;:]\s*(?:vol\.?\s*)?\d"),
    re.compile(
        rf"{_NAME}[,.]?\s+(?:[Vv]ol(?:ume|\.)?\s*)?\d{{1,4}}\s*(?:\(\d+\)\s*)?\((?P<year>{_YEAR})\)\s*[\d:,e–-]"
    ),
    re.compile(rf"{_NAME}[,.]?\s+\((?P<year>{_YEAR})\)[\s,]*\d{{1,4}}\s*[:,(]"),
    re.compile(rf"{_NAME}[,.]?\s+\d{{1,4}}\s?(?:\(\d{{1,3}}\)\s?)?:\s?e?\d{{1,8}}"),
    re.compile(
        r"(?P<journal>[A-Z][\w&’' -]{3,50}?) ?\|? ?(?:www\.\S+ ?\|? ?)?(?:[A-Z][a-z]{2,8} )?"
        rf"(?P<year>{_YEAR}) ?\| ?vol(?:ume)?\.? ?\d",
        re.IGNORECASE,
    ),
)
_BEFORE = re.compile(r"^.*(?:\bet al\.?,?:?\s|\s[/|•·]\s|:\s)")
_PUBLISHED = re.compile(
    rf"(?:published|publication date|available online|first published|epub)\b[^.;|]{{0,40}}?\b(?P<year>{_YEAR})\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(rf"(?:©|\(c\)|copyright)\s*(?:the authors?\(?s?\)?[.,]?\s*)?(?P<year>{_YEAR})\b", re.IGNORECASE)
_DATED = re.compile(rf"\b(?:accepted|revised|received)\b[^.;|]{{0,40}}?\b(?P<year>{_YEAR})\b", re.IGNORECASE)
_PREPRINT = re.compile(
    r"(?:(?:this preprint was )?posted on )?(arXiv|bioRxiv|medRxiv|ChemRxiv|PsyArXiv|Research Square|SSRN|Preprints)\b",
    re.IGNORECASE,
)
_STAMP = re.compile(rf"arXiv:\S+(?:\s+\[[\w.-]+\])?\s+\d{{1,2}} [A-Z][a-z]{{2,8}} (?P<year>{_YEAR})\b")
_NO_JOURNAL = re.compile(
    r"\b(?:figure|fig|table|page|received|accepted|published|abstract|copyright|vol|volume|supplement|january|february|march|april"
    r"|may|june|july|august|september|october|november|december|university|department)\b",
    re.IGNORECASE,
)


def stated_doi(first_page: Sequence[str], heads: Sequence[str], last_page: Sequence[str]) -> str:
    """The article's own DOI, or "" where several could be."""
    for words in (first_page, heads):
        found = _dois(words)
        if len(found) == 1:
            return next(iter(found))
        if found:
            labelled = list(_dois([line for line in words if re.search(r"\bdoi\b|doi\.org", line, re.IGNORECASE)]))
            if labelled:
                return labelled[0]
    own = [line for line in last_page if re.match(r"(?:https?://(?:dx\.)?doi\.org/|doi:?)\s*10\.", line, re.IGNORECASE)]
    citing = [line for line in last_page if re.search(r"cite this article", line, re.IGNORECASE)]
    found = _dois([*own, *citing])
    return next(iter(found)) if found and (len(own) <= 2 or citing) else ""


def _dois(lines: Sequence[str]) -> dict[str, None]:
    """The DOIs of some lines, in order; one that only begins another (a line's end broke it) is left out."""
    found: dict[str, str] = {}
    for line in lines:
        for match in DOI.finditer(line.replace("doi: ", "doi:")):
            doi = clean_doi(match.group())
            found.setdefault(doi.lower(), doi)
    keys = list(found)
    return {found[key]: None for key in keys if not any(other != key and other.startswith(key) for other in keys)}


def is_stamp(words: str) -> bool:
    """Whether words are what arXiv prints up the side of the first page: number, subject, date."""
    return _STAMP.match(words) is not None


def stated_journal(lines: Sequence[str]) -> tuple[str, str, str]:
    """Journal, year, and the line that states them; "" for what is not stated."""
    best: tuple[str, str, str] = ("", "", "")
    for line in lines:
        words = line.strip()
        if not 6 <= len(words) <= 220:
            continue
        found = _journal(words)
        if found is None:
            continue
        if not best[0] or (not best[1] and found[1]):
            best = (found[0], found[1], line)
    if not best[0]:
        # A preprint server names itself in the head of each page.
        for line in lines:
            if match := _PREPRINT.match(line.strip()):
                return match.group(1), best[1], line
    return best


def _journal(words: str) -> tuple[str, str] | None:
    tail = _BEFORE.sub("", words)
    for own in dict.fromkeys((tail, words)):
        for pattern in _HEADS:
            match = pattern.match(own)
            if match is None:
                continue
            name = match.group("journal").strip(" .,:|")
            year = match.groupdict().get("year") or ""
            if 2 <= len(name) <= 70 and not _NO_JOURNAL.search(name) and not name.isdigit():
                return name, year
        line = journal_line(own)
        if line is not None and not _NO_JOURNAL.search(line[0]):
            return line[0], line[1] or ""
    return None


def stated_year(lines: Sequence[str]) -> tuple[int | None, str]:
    """The year of publication and the line that states it."""
    for pattern in (_PUBLISHED, _STAMP, _COPYRIGHT, _DATED):
        for line in lines:
            if len(line) < 1500 and (match := pattern.search(line)):
                return int(match.group("year")), line
    return None, ""
