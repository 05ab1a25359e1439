"""The XML that BioMed Central published its articles in: `art`, with `ui`, `fm`, `bdy` and `bm`."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.assembly import Assembly, Words
from index.readers.markup.citation_marks import Listed, Run
from index.readers.markup.labels import heading_label, title_label
from index.readers.markup.source import Element
from index.readers.markup.tables import add_rows, labelled
from index.readers.markup.words import Flattening, Vocabulary, text_of
from index.readers.xml.jats_front import add_source
from index.readers.xml.jats_names import flat

_VOCABULARY = Vocabulary(
    skipped=frozenset({"graphic", "insr", "email", "inline-graphic"}),
    spaced=frozenset({"p", "br", "st", "entry", "row", "li", "title"}),
    formulas=frozenset({"m:math", "math", "display-formula", "inline-formula", "tex-math"}),
    raised="sup",
    later=frozenset({"table", "fig", "suppl"}),
    links=frozenset({"abbr"}),
    target="bid",
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_LETTER = re.compile(r"[^\W_]")
_LISTS = frozenset({"ul", "ol", "list", "dl"})
_OUTSIDE = frozenset({"st", "title", "ui", "ji", "meta", "refgrp", "graphic", "email", "label"})


def document(name: str, art: Element) -> Document:
    """Read an article: title page, abstract, body, back matter, references.

    Raises:
        UnreadableFileError: The article has no words.
    """
    entries = [
        entry for entry in art.iter("bibl") if (parent := entry.getparent()) is not None and parent.tag == "refgrp"
    ]
    keys = tuple(entry.get("id") or f"ref {place}" for place, entry in enumerate(entries))
    families = {key: authors[0] for key, entry in zip(keys, entries, strict=True) if (authors := _families(entry))}
    for group in art.iter("abbrgrp"):
        _bracket(group)
    reader = _Reader(Assembly(), Flattening(_VOCABULARY, Listed(keys, {}, families)))
    fields = reader.front(art)
    for abstract in art.iterfind("fm/abs"):
        reader.abstract(abstract)
    for part in ("bdy", "bm"):
        for element in art.iterfind(part):
            reader.children(element, 1)
    if reader.assembly.is_empty:
        raise UnreadableFileError(f"{name}: a BMC article without words.")
    if entries:
        reader.assembly.heading(flat(art.find("bm/refgrp/title")) or "References")
    for place, (key, entry) in enumerate(zip(keys, entries, strict=True), start=1):
        title, year = flat(entry.find("title")), _YEAR.search(flat(entry.find("pubdate")))
        reader.assembly.reference(
            key, f"{place}. {_printed(entry)}", str(place), _families(entry), int(year[0]) if year else None,
            title.rstrip("."), _doi(entry),
        )  # fmt: skip
    return reader.assembly.document(name, "bmc", fields)


@dataclass(slots=True)
class _Reader:
    assembly: Assembly
    flattening: Flattening

    def front(self, art: Element) -> dict[str, object]:
        heading, own = flat(art.find("fm/dochead")), art.find("fm/bibl")
        if own is None:
            return {}
        title = self.flattening.plain(own.find("title"))
        if subtitle := self.flattening.plain(own.find("subtitle")):
            title = f"{title}: {subtitle}"
        authors = tuple(dict.fromkeys(name for author in own.iterfind("aug/au") if (name := _full_name(author))))
        journal, doi = flat(own.find("source")), _doi(own)
        dated = _YEAR.search(flat(own.find("pubdate")) or flat(art.find("fm/history/pub")))
        year = int(dated[0]) if dated else None
        label = heading_label(heading)
        self.assembly.front("title", title)
        self.assembly.front("authors", ", ".join(authors))
        add_source(self.assembly, journal, year, _place(own), doi)
        if label:
            self.assembly.front("labels", heading)
        for place in own.iterfind("insg/ins"):
            self.assembly.aside(flat(place))
        words = "; ".join(word for keyword in art.iterfind("fm/kwdg/kwd") if (word := flat(keyword)))
        self.assembly.aside(f"Keywords: {words}" if words else "")
        labels = tuple(dict.fromkeys(found for found in (label, title_label(title)) if found))
        return {"title": title, "authors": authors, "journal": journal, "year": year, "doi": doi, "labels": labels}

    def abstract(self, abstract: Element) -> None:
        """BMC wraps an abstract's parts in a section headed "Abstract"."""
        sections = abstract.findall("sec")
        if len(sections) == 1 and flat(sections[0].find("st")):
            self.section(sections[0], 1)
        else:
            self.assembly.heading("Abstract", 1)
            self.children(abstract, 2)
        self.assembly.end_sections()

    def children(self, parent: Element, level: int) -> None:
        for child in parent:
            self.add(child, level)

    def add(self, element: Element, level: int) -> None:
        if element.tag == "sec":
            self.section(element, level)
        elif element.tag == "p":
            self.paragraph(element, level)
        elif element.tag in _LISTS:
            for item in element:
                inner = [part for part in item if part.tag in ("p", *_LISTS)]
                if not inner:
                    self.assembly.item(self.flattening.words(item))
                for part in inner:
                    if part.tag == "p":
                        self.paragraph(part, level, as_item=True)
                    else:
                        self.add(part, level)
        elif element.tag in ("table", "fig", "suppl"):
            self.captioned(element)
        elif element.tag in _VOCABULARY.formulas:
            words = self.flattening.plain(element)
            self.assembly.row([words] if _LETTER.search(words) else [])
        elif element.tag not in _OUTSIDE:
            self.children(element, level)

    def section(self, section: Element, level: int) -> None:
        title = section.find("st")
        headed = title is not None and self.assembly.heading(self.flattening.words(title), level) is not None
        self.children(section, level + headed)

    def paragraph(self, paragraph: Element, level: int, as_item: bool = False) -> None:
        flattening = self.flattening
        later, flattening.later = flattening.later, []
        runs: list[Run] = [paragraph.text or ""]
        for child in paragraph:
            if child.tag in _LISTS:
                self._words(flattening.pieces(runs), as_item)
                runs = []
                self.add(child, level)
            else:
                flattening.enter(child, runs)
            if child.tail:
                runs.append(child.tail)
        self._words(flattening.pieces(runs), as_item)
        waiting, flattening.later = flattening.later, later
        for element in waiting:
            self.captioned(element)

    def _words(self, words: Words, as_item: bool) -> None:
        if _LETTER.search(text_of(words)):
            (self.assembly.item if as_item else self.assembly.paragraph)(words)

    def captioned(self, element: Element) -> None:
        """A figure, a table or an additional file: title, caption, rows, notes; what is said twice is read once."""
        label, said = flat(element.find("title")), set()
        for tag in ("caption", "text"):
            for part in element.iterfind(f"{tag}/p"):
                plain = self.flattening.plain(part).rstrip(". ")
                if plain and plain not in said:
                    said.add(plain)
                    self.assembly.paragraph(labelled(label, self.flattening.words(part)))
                    label = ""
        if label:
            self.assembly.row([label])
        for table in element.iter("tgroup"):
            add_rows(self.assembly, self.flattening, table)
        for part in element.iter("tfoot"):
            if part.find("row") is None:
                self.children(part, 1)


def _bracket(group: Element) -> None:
    """Print "[5,6]" as BMC did: the file holds the numbers alone."""
    marks = group.findall("abbr")
    if not marks:
        return
    numbers = [flat(mark) for mark in marks]
    group.text = "["
    for place, mark in enumerate(marks):
        mark.text = numbers[place]
        is_inner = 0 < place < len(marks) - 1 and _follow(numbers[place - 1 : place + 2])
        before_inner = 0 < place + 1 < len(marks) - 1 and _follow(numbers[place : place + 3])
        if is_inner:
            mark.text = ""
        mark.tail = "]" if mark is marks[-1] else "" if is_inner else "-" if before_inner else ","


def _follow(numbers: list[str]) -> bool:
    """Whether numbers follow one another: 8, 9, 10."""
    if not all(number.isdecimal() and len(number) < 6 for number in numbers):
        return False
    return all(int(after) == int(before) + 1 for before, after in itertools.pairwise(numbers))


def _full_name(author: Element) -> str:
    if group := flat(author.find("cnm")):
        return group
    parts = [flat(author.find(tag)) for tag in ("fnm", "mi", "mnm", "snm", "suf")]
    return " ".join(part for part in parts if part)


def _families(entry: Element) -> tuple[str, ...]:
    named = [flat(author.find("snm")) or flat(author.find("cnm")) for author in entry.iterfind("aug/au")]
    return tuple(dict.fromkeys(name for name in named if name))


def _doi(entry: Element) -> str:
    return next((flat(number) for number in entry.iter("pubid") if number.get("idtype") == "doi"), "")


def _place(entry: Element) -> str:
    first, last = flat(entry.find("fpage")), flat(entry.find("lpage"))
    issue = flat(entry.find("issue"))
    pages = f"{first}-{last}" if last and last != first else first
    return flat(entry.find("volume")) + (f"({issue})" if issue else "") + (f":{pages}" if pages else "")


def _printed(entry: Element) -> str:
    """An entry put together from its parts."""
    authors = []
    for author in entry.iterfind("aug/*"):
        if author.tag == "etal":
            authors.append("et al")
        elif group := flat(author.find("cnm")):
            authors.append(group)
        else:
            authors.append(" ".join(part for tag in ("snm", "fnm", "mi", "mnm") if (part := flat(author.find(tag)))))
    place = _place(entry)
    dated = flat(entry.find("pubdate"))
    dated = f"{dated};{place}" if dated and place and not place.startswith(":") else f"{dated}{place}"
    parts = [", ".join(name for name in authors if name), flat(entry.find("title")), flat(entry.find("source"))]
    parts += [": ".join(part for tag in ("city", "publisher") if (part := flat(entry.find(tag)))), dated]
    parts += [flat(part) for tag in ("note", "url") for part in entry.iterfind(tag)]
    words = " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
    doi = _doi(entry)
    return f"{words} doi:{doi}" if doi else words
