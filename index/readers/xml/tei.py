"""TEI, as GROBID writes it from PDFs."""

from __future__ import annotations

import re

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.assembly import Assembly
from index.readers.markup.citation_marks import Listed
from index.readers.markup.labels import title_label
from index.readers.markup.source import Element
from index.readers.markup.tables import add_rows, labelled
from index.readers.markup.words import Flattening, Vocabulary, joined
from index.readers.xml.jats_front import add_source
from index.readers.xml.jats_names import flat

_VOCABULARY = Vocabulary(
    skipped=frozenset({"graphic", "idno"}),
    spaced=frozenset({"p", "lb", "pb", "head", "cell", "row", "item", "label"}),
    formulas=frozenset({"math"}),
    raised="hi-sup",
    later=frozenset({"figure", "note"}),
    links=frozenset({"ref"}),
    target="target",
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_REFERENCES = "listBibl"
_HEADINGS = {"acknowledgement": "Acknowledgements", "funding": "Funding", "availability": "Data availability"}


def document(name: str, tei: Element) -> Document:
    """Read a document: title page, abstract, body, back matter, references.

    Raises:
        UnreadableFileError: It has no words.
    """
    entries = [entry for group in tei.iter(_REFERENCES) for entry in group.iter("biblStruct", "bibl")]
    keys = tuple(entry.get(_ID) or f"ref {place}" for place, entry in enumerate(entries))
    families = {key: authors[0] for key, entry in zip(keys, entries, strict=True) if (authors := _families(entry))}
    assembly = Assembly()
    flattening = Flattening(_VOCABULARY, Listed(keys, {}, families))
    fields = _front(assembly, tei)
    for abstract in tei.iterfind("teiHeader/profileDesc/abstract"):
        if flat(abstract):
            assembly.heading("Abstract", 1)
            _children(assembly, flattening, abstract, 2)
            assembly.end_sections()
    for part in tei.iterfind("text/*"):
        if part.tag in ("body", "back", "front"):
            _children(assembly, flattening, part, 1)
    if assembly.is_empty:
        raise UnreadableFileError(f"{name}: a TEI document without words.")
    if entries:
        assembly.heading("References", 1)
    for key, entry in zip(keys, entries, strict=True):
        title, year = _titles(entry)[0], _year(entry)
        assembly.reference(key, _printed(entry), "", _families(entry), year, title, _doi(entry))
    return assembly.document(name, "tei", fields)


def _front(assembly: Assembly, tei: Element) -> dict[str, object]:
    title = flat(tei.find("teiHeader/fileDesc/titleStmt/title"))
    source = tei.find("teiHeader/fileDesc/sourceDesc/biblStruct")
    authors: tuple[str, ...] = ()
    journal, year, doi = "", None, ""
    if source is not None:
        authors = tuple(
            dict.fromkeys(name for author in source.iterfind("analytic/author") if (name := _full_name(author)))
        )
        title = title or _titles(source)[0]
        journal, year, doi = flat(source.find("monogr/title")), _year(source), _doi(source)
        journal = "" if journal == title else journal
    assembly.front("title", title)
    assembly.front("authors", ", ".join(authors))
    add_source(assembly, journal, year, "", doi)
    label = title_label(title)
    labels = (label,) if label else ()
    return {"title": title, "authors": authors, "journal": journal, "year": year, "doi": doi, "labels": labels}


def _children(assembly: Assembly, flattening: Flattening, parent: Element, level: int) -> None:
    for child in parent:
        _add(assembly, flattening, child, level)


def _add(assembly: Assembly, flattening: Flattening, element: Element, level: int) -> None:
    if element.tag == "div":
        kind = element.get("type") or ""
        if kind == "references":
            return
        head = element.find("head")
        words = flattening.words(head) if head is not None else ""
        if head is None and element.find("div/head") is None:
            words = _HEADINGS.get(kind, "")
        if head is not None and (number := head.get("n")):
            words = joined(number, " ", words)
        level += assembly.heading(words, level) is not None
        _children(assembly, flattening, element, level)
    elif element.tag in ("p", "ab", "quote"):
        flattening.later.clear()
        assembly.paragraph(flattening.words(element))
        for later in list(flattening.later):
            _add(assembly, flattening, later, level)
    elif element.tag == "item":
        assembly.item(flattening.words(element))
    elif element.tag == "formula":
        assembly.row([flattening.words(element)])
    elif element.tag == "figure":
        label = flat(element.find("head"))
        description = element.find("figDesc")
        if description is not None or label:
            assembly.paragraph(labelled(label, flattening.words(description) if description is not None else ""))
        for table in element.iterfind("table"):
            add_rows(assembly, flattening, table)
        for note in element.iterfind("note"):
            _add(assembly, flattening, note, level)
    elif element.tag == "note":
        assembly.paragraph(flattening.words(element))
    elif element.tag not in ("head", _REFERENCES, "figDesc"):
        _children(assembly, flattening, element, level)


def _full_name(author: Element) -> str:
    person = author.find("persName")
    if person is None:
        return flat(author.find("orgName"))
    return " ".join(word for part in person if part.tag in ("forename", "surname") and (word := flat(part)))


def _families(entry: Element) -> tuple[str, ...]:
    named = [flat(author.find(".//surname")) or flat(author) for author in entry.iter("author")]
    return tuple(dict.fromkeys(name for name in named if name))


def _titles(entry: Element) -> tuple[str, str]:
    """The work's own title, and that of the journal or book it is in."""
    own, within = flat(entry.find("analytic/title")), flat(entry.find("monogr/title"))
    return (own, within) if own else (within, "")


def _year(entry: Element) -> int | None:
    for date in entry.iter("date"):
        if found := _YEAR.search(f"{date.get('when', '')} {flat(date)}"):
            return int(found[0])
    return None


def _doi(entry: Element) -> str:
    return next((flat(number) for number in entry.iter("idno") if (number.get("type") or "").upper() == "DOI"), "")


def _printed(entry: Element) -> str:
    for note in entry.iterfind("note"):
        if note.get("type") == "raw_reference" and (words := flat(note)):
            return words
    names = [_full_name(author) or flat(author) for author in entry.iter("author")]
    title, within = _titles(entry)
    units = {
        scope.get("unit"): flat(scope) or "-".join(scope.get(end, "") for end in ("from", "to"))
        for scope in entry.iter("biblScope")
    }
    numbers = units.get("volume", "") + (f"({units['issue']})" if units.get("issue") else "")
    pages = units.get("page", "").strip("-")
    dated = f"{_year(entry) or ''}" + (f";{numbers}" if numbers else "") + (f":{pages}" if pages else "")
    parts = [", ".join(names), title, within, dated]
    words = " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
    doi = _doi(entry)
    return f"{words} doi:{doi}" if doi else words
