"""The title page of a JATS article: what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.documents import Span
from index.readers.assembly import Assembly, tidy
from index.readers.markup.labels import SERVERS, heading_label, title_label
from index.readers.markup.source import Element
from index.readers.markup.words import Flattening
from index.readers.xml.jats_names import flat, full_name, is_author

_MARKS = frozenset({"fn", "author-notes", "corresp", "aff"})
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_TYPES = {
    "review-article": "review",
    "review": "review",
    "systematic-review": "review",
    "rapid-review": "review",
    "scoping-review": "review",
    "correction": "correction",
    "erratum": "correction",
    "corrigendum": "correction",
    "retraction": "retraction",
    "retracted-article": "retracted",
    "expression-of-concern": "expression of concern",
    "preprint": "preprint",
}
# What a related article is to this one (JATS: a notice names the article it retracts, "retracted-article";
# "forward" points from the article to the notice).
_FORWARD = {"retraction-forward": "retracted"}
# Which date a citation prints: that of the printed issue; of what is not printed, the day it came out.
_DATES = (
    ("ppub", "print"),
    ("epub-ppub",),
    ("epub", "electronic"),
    ("collection", "ecollection"),
    ("pub", "publication", ""),
)


@dataclass(frozen=True, slots=True)
class Front:
    """The fields of a bibliography, as JATS has them."""

    title: str
    authors: tuple[str, ...]
    journal: str
    year: int | None
    doi: str
    labels: tuple[str, ...]

    @property
    def fields(self) -> dict[str, object]:
        """The fields as `Assembly.document` takes them."""
        return {
            "title": self.title,
            "authors": self.authors,
            "journal": self.journal,
            "year": self.year,
            "doi": self.doi,
            "labels": self.labels,
        }


def add_front(assembly: Assembly, flattening: Flattening, article: Element) -> Front:
    """Add the title page: title, authors, where and when it was published; affiliations and keywords as asides."""
    front = next((part for part in article if part.tag in ("front", "front-stub")), None)
    meta = front.find("article-meta") if front is not None else None
    meta = meta if meta is not None else front
    if meta is None:
        return Front("", (), "", None, "", _labels(article, [], "", ""))
    title = _title(flattening, meta)
    authors = tuple(dict.fromkeys(name for person in _authors(meta) if (name := full_name(person))))
    journal = _journal(front)
    year, doi = _year(meta), _doi(meta)
    subjects = [flat(subject) for subject in meta.iterfind("./article-categories//subject")]
    kinds = [subject for subject in subjects if heading_label(subject)]
    headed = assembly.front("title", title)
    if headed is not None and title_label(title):
        assembly.state("labels", headed)
    assembly.front("authors", ", ".join(authors))
    add_source(assembly, journal, year, _place(meta), doi)
    for kind in kinds[:1]:
        assembly.front("labels", kind)
    for place in meta.iter("aff"):
        if _is_of_authors(place):
            assembly.aside(_affiliation(place))
    for group in meta.iterfind("kwd-group"):
        if group.get("kwd-group-type", "author") in ("author", "author-keywords", "author-generated", "keywords"):
            words = "; ".join(word for keyword in group.iter("kwd") if (word := flat(keyword)))
            assembly.aside(f"{flat(group.find('title')).rstrip(':') or 'Keywords'}: {words}" if words else "")
    return Front(title, authors, journal, year, doi, _labels(article, subjects, title, journal))


def add_source(assembly: Assembly, journal: str, year: int | None, place: str, doi: str) -> None:
    """Add the line of `source_line`, and note where it states what."""
    line, found = source_line(journal, year, place, doi)
    span = assembly.aside(line)
    if span is not None:
        for field, start, end in found:
            assembly.state(field, Span(span.start + start, span.start + end))


def source_line(journal: str, year: int | None, place: str, doi: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The line "Journal. 2013;24(3):843-850. doi:10.1/x", and the fields in it with their places."""
    stated = [("journal", tidy(journal)), ("year", str(year or "")), ("", place), ("doi", tidy(doi))]
    before = {"year": ". ", "": ";", "doi": ". doi:"}
    line = ""
    found: list[tuple[str, int, int]] = []
    for field, words in stated:
        if words:
            line += (before.get(field, "") if line else "doi:" if field == "doi" else "") + words
            if field:
                found.append((field, len(line) - len(words), len(line)))
    return line, found


def _title(flattening: Flattening, meta: Element) -> str:
    group = meta.find("title-group")
    group = group if group is not None else meta
    parts = [_unmarked(flattening, part) for part in group if part.tag in ("article-title", "subtitle")]
    title = ""
    for part in (part for part in parts if part):
        title += part if not title else f" {part}" if title.endswith((":", "?", "!", ".", "—")) else f": {part}"
    return tidy(title)


def _unmarked(flattening: Flattening, title: Element) -> str:
    """A title without the marks of its footnotes."""
    for mark in list(title.iter("xref", "fn")):
        if mark.tag == "fn" or mark.get("ref-type") in _MARKS:
            parent = mark.getparent()
            if parent is not None:
                _cut(parent, mark)
    words = flattening.plain(title)
    flattening.later.clear()
    return words


def _cut(parent: Element, child: Element) -> None:
    before = child.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")
    parent.remove(child)


def _authors(meta: Element) -> Iterator[Element]:
    for group in meta.iterfind("contrib-group"):
        for person in group:
            if is_author(person):
                yield person


def _journal(front: Element) -> str:
    for path in ("journal-title-group/journal-title", "journal-title"):
        if found := flat(front.find(f"journal-meta/{path}")):
            return found
    names = {name.get("journal-id-type"): flat(name) for name in front.iterfind("journal-meta/journal-id")}
    return names.get("iso-abbrev") or names.get("nlm-ta") or flat(front.find("journal-meta//abbrev-journal-title"))


def _year(meta: Element) -> int | None:
    found: dict[str, list[int]] = {}
    for date in meta.iterfind("pub-date"):
        written = _YEAR.search(flat(date.find("year")) or date.get("iso-8601-date") or flat(date))
        if written is None:
            continue
        kinds = [date.get("pub-type"), date.get("date-type"), date.get("publication-format")]
        stated = [kind.lower() for kind in kinds if kind]
        if len(stated) > 1 and stated[0] in ("pub", "publication"):
            stated = stated[1:]
        found.setdefault(stated[0] if stated else "", []).append(int(written[0]))
    for names in _DATES:
        years = [year for kind in names for year in found.get(kind, ())]
        if years:
            return min(years)
    return None


def _doi(meta: Element) -> str:
    for number in meta.iterfind("article-id"):
        if number.get("pub-id-type") == "doi" and (found := _DOI.search(flat(number))):
            return found[0]
    return ""


def _place(meta: Element) -> str:
    volume, issue = flat(meta.find("volume")), flat(meta.find("issue"))
    first, last = flat(meta.find("fpage")), flat(meta.find("lpage"))
    pages = (f"{first}-{last}" if last and last != first else first) or flat(meta.find("elocation-id"))
    return volume + (f"({issue})" if issue else "") + (f":{pages}" if pages else "")


def _is_of_authors(place: Element) -> bool:
    """Whether an affiliation is not that of an editor or a reviewer."""
    group = place.getparent()
    if group is not None and group.tag == "contrib":
        return is_author(group)
    return group is None or group.tag != "contrib-group" or any(is_author(person) for person in group)


def _affiliation(place: Element) -> str:
    """An affiliation, with commas where its parts have nothing between them."""
    label = flat(place.find("label"))
    words = ""
    for number in list(place.iter("institution-id", "email", "ext-link")):
        number.text = None
    for part in place.itertext():
        if words and words[-1].isalnum() and part[:1].isalnum() and words.strip() != label:
            words += ", "
        elif words and not words[-1].isspace() and part[:1].isalnum():
            words += " "
        words += part
    return words


def _labels(article: Element, subjects: list[str], title: str, journal: str) -> tuple[str, ...]:
    found = [_TYPES.get((article.get("article-type") or "").lower(), "")]
    found += [heading_label(subject) for subject in subjects]
    found.append(title_label(title))
    for related in article.iterfind("./front//related-article"):
        found.append(_FORWARD.get((related.get("related-article-type") or "").lower(), ""))
    if journal.lower() in SERVERS:
        found.append("preprint")
    return tuple(dict.fromkeys(label for label in found if label))
