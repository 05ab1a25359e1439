"""The lines in which an article cites itself, and the dates, DOIs and journal lines of a title page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.bylines import names
from index.documents import Block, Span


@dataclass(frozen=True, slots=True)
class Stated:
    """A value and the spans that state it; authors are one to a line."""

    value: str
    spans: tuple[Span, ...]


Found = dict[str, Stated]

# In the address of another site ("journal.com/article/10.1186/...") such digits need not be a DOI.
DOI = re.compile(r"(?:(?<=doi\.org/)|(?<![/=\w.]))10\.\d{4,9}/[^\s\"<>]{2,200}")
_YEAR = r"(?:1[6-9]|20)\d\d"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATES = re.compile(
    rf"(?P<iso>{_YEAR})(?:[-/.]\d{{1,2}}){{0,2}}(?![\d-])|\d{{1,2}}(?:st|nd|rd|th)?\.? {_MONTH},? (?P<dmy>{_YEAR})\b"
    rf"|{_MONTH} (?:\d{{1,2}}(?:st|nd|rd|th)?,? )?(?P<mdy>{_YEAR})\b|\d{{1,2}}[./]\d{{1,2}}[./](?P<num>{_YEAR})\b"
)
_JOURNAL = r"(?P<journal>[A-Z][\w&’'. -]{1,79}?)"
_JOURNAL_LINE = re.compile(
    rf"{_JOURNAL}[.,]? (?:"
    rf"\(?(?P<year>{_YEAR})\)?(?: [A-Z][a-z]{{2}}(?: \d{{1,2}})?)?[;,] ?"
    rf"(?:\d{{1,4}} ?(?:\(|:)|\d{{1,4}},? (?:\d|doi)|\d{{1,4}}; |[a-z]?\d{{3,}})"
    rf"|(?:vol(?:ume|\.)?|v\.) ?\d{{1,4}}\b.{{0,60}}?\(?(?P<later>{_YEAR})\)?(?:\b|$)"
    rf"|\d{{1,4}} ?(?:\(\d{{1,4}}\))?[,:] ?\w{{1,12}}(?:[-–]\w{{1,12}})? \((?P<last>{_YEAR})\))"
)
_LEAD = re.compile(
    r"(?:please )?(?:how to cite(?: this article)?|cite (?:this|the)? ?(?:article|paper|as)?(?: as)?"
    r"|(?:suggested|recommended)? ?citation|to cite(?: this article)?)\s*:?\s*",
    re.IGNORECASE,
)
_AFTER_AUTHORS = re.compile(rf"\(?(?P<year>{_YEAR})[a-z]?(?:, [^()]{{1,30}})?\)?[.,:]?\s*[\"“‘']?$")
_IN_AFTER = re.compile(rf"\((?P<a>{_YEAR})[^()]{{0,25}}\)|[.,;] ?(?P<b>{_YEAR})\b")
_TITLE_TO_JOURNAL = re.compile(r"[\"”’'.,?!\s]*(?:In:? )?")
_JOURNAL_END = re.compile(
    rf"[.,;]?\s*\(?\b(?:{_YEAR}|\d{{1,4}})\b"
    r"|[.;] (?=[A-Z][a-z]*(?: [A-Z][a-z]*)* ?(?:[.]|$))|, (?=\d|vol|doi)"
    r"|[.,;] ?(?:https?:|doi)|\s*\(|[.]\s*$|[.]\s+(?=[A-Z]\w+ \w+)"
)


def date_year(words: str) -> int | None:
    """The year of the date that `words` begin with, if they do begin with one."""
    match = _DATES.match(words.strip()[:60])
    year = next((int(value) for value in match.groups() if value), None) if match else None
    return year if year is not None and 1600 <= year <= 2099 else None


def clean_doi(doi: str) -> str:
    """A DOI without the punctuation of the sentence it stood in."""
    doi = doi.rstrip(".,;:'\"”’]}>")
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;")
    return doi


def journal_line(words: str) -> tuple[str, str] | None:
    """Journal and year of a line such as "JAMA. 2020;323(12):1129-1130"."""
    match = _JOURNAL_LINE.match(words) if len(words) <= 200 else None
    if match is None:
        return None
    year = match.group("year") or match.group("later") or match.group("last")
    return match.group("journal").strip(" .,"), year


def self_citation(text: str, blocks: Sequence[Block], title: Stated) -> Found:
    """What the article's own citation line says; only a line with its very title is one."""
    words = re.findall(r"\w+", title.value)
    if len(words) < 3:
        return {}
    exact = re.compile(r"[\W_]{1,8}".join(map(re.escape, words[:60])), re.IGNORECASE)
    own = title.spans[0]
    for block in blocks:
        length = block.end - block.start
        if block.start == own.start or not own.end - own.start < length <= 2500 + len(title.value):
            continue
        line = text[block.start : block.end]
        if (match := exact.search(line)) and (found := _parts(line, match.start(), match.end(), block.start)):
            return found
    return {}


def _parts(line: str, start: int, end: int, offset: int) -> Found:
    before, after = line[:start], line[end:]
    lead = _LEAD.match(before)
    first = lead.end() if lead else 0
    dated = _AFTER_AUTHORS.search(before[first:].rstrip(), max(0, len(before.rstrip()) - first - 50))
    people = before[first : first + dated.start()] if dated else before[first:]
    listed = people.rstrip(" \"“‘'.:")
    if re.search(r",\s(?:[A-Z]\.[ -]?){0,4}[A-Z]$", listed):
        listed += "."  # "Fricke, S.": there the full stop is the initial's
    authors = names(listed)
    later = _IN_AFTER.search(after[:250])
    if not authors or not (dated or later):
        # Without authors before it or a year about it, this merely names the title.
        return {}

    def span(a: int, b: int) -> tuple[Span, ...]:
        return (Span(offset + a, offset + b),)

    found: Found = {
        "title": Stated(" ".join(line[start:end].split()), span(start, end)),
        "authors": Stated("\n".join(authors), span(first, first + len(people.rstrip()))),
    }
    if dated:
        found["year"] = Stated(dated.group("year"), span(first + dated.start("year"), first + dated.end("year")))
    elif later:
        group = "a" if later.group("a") else "b"
        found["year"] = Stated(later.group(group), span(end + later.start(group), end + later.end(group)))
    _journal_and_doi(after, end, found, span)
    return found


def _journal_and_doi(after: str, end: int, found: Found, span: Callable[[int, int], tuple[Span, ...]]) -> None:
    skip = _TITLE_TO_JOURNAL.match(after)
    at = skip.end() if skip else 0
    stop = _JOURNAL_END.search(after, at + 2, at + 160)
    name = after[at : stop.start()] if stop else ""
    if name and name[0].isupper() and len(name.split()) <= 14:
        found["journal"] = Stated(" ".join(name.split()), span(end + at, end + at + len(name)))
    if doi := DOI.search(after):
        value = clean_doi(doi.group())
        found["doi"] = Stated(value, span(end + doi.start(), end + doi.start() + len(value)))
