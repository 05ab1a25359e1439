"""HTML: saved web pages of publishers and news sites, and pages that people and programs write.

The article is found on the page's own tree, by what elements say of themselves and by where the prose stands.
trafilatura gives the prose of a page; the levels of headings, reference lists and what links to them, which citations
need, it does not.
"""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from index.bibliography import bibliography
from index.bylines import names
from index.documents import Document, Span
from index.errors import UnreadableFileError
from index.readers.assembly import Assembly
from index.readers.html.article import article
from index.readers.html.chrome import furniture
from index.readers.html.decoding import utf8
from index.readers.html.flow import Flow, Part
from index.readers.html.inline import Inline
from index.readers.html.labels import page_labels
from index.readers.html.metadata import Metadata, metadata
from index.readers.html.reference_list import Entry, ReferenceLists, reference_lists
from index.readers.html.selection import same_title, selected
from index.readers.html.tree import parse, walk, words_in
from index.readers.markup.citation_marks import Listed
from index.readers.xml.jats_front import add_source
from index.references.mentions import mentions

_BYLINE = re.compile(r"(?:(?:written|posted|published) )?by:? (.{3,200})|authors?\s?: ?(.{3,200})", re.IGNORECASE)
_TITLE_PAGE = 400  # blocks that may hold a byline
ENDINGS = (".html", ".htm", ".xhtml", ".mhtml", ".mht")


def read(name: str, data: bytes) -> Document:
    """Read a web page: the article without the site.

    Raises:
        UnreadableFileError: The page is empty, too large, or holds no text.
    """
    root = parse(name, utf8(name, data))
    about = metadata(root)
    skipped = furniture(root)
    references = reference_lists(root, skipped)
    body = article(root, skipped)
    parts = Flow(_inline(references, skipped), skipped).run(body)
    title = _title(root, body, skipped, about, parts)
    parts = [*_lists_elsewhere(references, body, parts)]
    labels = page_labels(root, about, title, parts)
    known = " ".join([title, *about.authors, about.journal, str(about.year or ""), about.doi, about.place])
    assembly = Assembly()
    assembly.front("title", title)
    assembly.front("authors", ", ".join(about.authors))
    add_source(assembly, about.journal, about.year, about.place, about.doi)
    for label in labels:
        assembly.front("labels", label.words)
    _add(assembly, selected(parts, title, known), _numbers(root, references))
    if assembly.is_empty:
        raise UnreadableFileError(f"{name}: the page holds no text.")
    fields = {
        "title": title,
        "authors": about.authors,
        "year": about.year,
        "journal": about.journal,
        "doi": about.doi,
        "labels": tuple(label.label for label in labels),
    }
    return _completed(assembly.document(name, "html", fields), about)


def _inline(references: ReferenceLists, skipped: set[etree._Element]) -> Inline:
    entries = references.entries.values()
    listed = Listed(
        tuple(entry.key for entry in entries),
        families={entry.key: entry.authors[0] for entry in entries if entry.authors},
    )
    return Inline(
        references, skipped, listed, {entry.label or str(at): entry.key for at, entry in enumerate(entries, 1)}
    )


def _title(
    root: etree._Element, body: etree._Element, skipped: set[etree._Element], about: Metadata, parts: list[Part]
) -> str:
    """The title as the page prints it; where it prints none that is stated, the stated one."""
    headings = [words for event, node, _ in walk(root, skipped) if event == "open" and node.tag == "h1"
                and (words := words_in(node, skipped))]  # fmt: skip
    for words in headings:
        if same_title(words, about.title):
            return words
    if about.title_is_sure or (about.title and not headings):
        return about.title
    inside = [words for node in body.iter("h1") if (words := words_in(node, skipped)) in headings]
    if inside or (headings and not about.title):
        return (inside or headings)[0]
    if about.title:
        return about.title
    return parts[0].plain if parts and parts[0].kind == "heading" else ""


def _lists_elsewhere(references: ReferenceLists, body: etree._Element, parts: list[Part]) -> list[Part]:
    """The parts, with the entries of reference lists that stand outside of the article's element."""
    held = {part.entry.key for part in parts if part.entry}
    missing = [entry for entry in references.entries.values() if entry.key not in held]
    if not missing:
        return parts
    heading = [] if held else [Part("heading", "References", 2)]
    return [*parts, *heading, *(Part("entry", entry.words, entry=entry) for entry in missing)]


def _numbers(root: etree._Element, references: ReferenceLists) -> bool:
    """Whether entries without printed numbers count as numbered: links to them are numbers, or there are none."""
    links = [words_in(node) for node in root.iter("a") if node not in references.entries and references.cites(node)]
    years = [words for words in links if len(words.strip("()[]")) > 3]
    return len(years) * 2 <= len(links)


def _add(assembly: Assembly, parts: list[Part], is_numbered: bool) -> None:
    count = 0
    for part in parts:
        if part.entry is not None:
            count += 1
            _add_entry(assembly, part.entry, str(count) if is_numbered and part.entry.is_numbered else "")
        elif part.kind == "heading":
            assembly.heading(part.words, part.level)
        elif part.kind == "row":
            assembly.row(part.cells)
        elif part.kind == "item":
            assembly.item(part.words)
        elif part.kind == "aside":
            assembly.aside(part.words)
        else:
            assembly.paragraph(part.words)


def _add_entry(assembly: Assembly, entry: Entry, number: str) -> None:
    label = entry.label or number
    words = f"{label}. {entry.words}" if label.isdigit() else f"[{label}] {entry.words}" if label else entry.words
    assembly.reference(entry.key, words, label, entry.authors, entry.year, entry.title, entry.doi)


def _barred(document: Document) -> list[Span]:
    """What is no running text: asides, headings, tables."""
    lines = [Span(block.start, block.end) for block in document.blocks if block.kind == "line"]
    return sorted({*document.asides, *lines}, key=lambda span: span.start)


def _completed(document: Document, about: Metadata) -> Document:
    """The document with what only its text states: the byline of a plain page, marks that are no links."""
    if document.references and not document.mentions:
        document = replace(document, mentions=mentions(document.text, document.references, _barred(document)))
    said = document.bibliography
    if about.is_scholarly or (said.authors and said.year):
        return document
    read_ = bibliography(document.text, document.blocks[:_TITLE_PAGE], document.furniture)
    found = {
        field: getattr(read_, field)
        for field in ("authors", "year", "doi")
        if not getattr(said, field) and getattr(read_, field)
    }
    if "authors" not in found and not said.authors:
        for span in document.asides[:12]:
            people = names(match[1] or match[2]) if (match := _BYLINE.match(span.of(document.text))) else ()
            if people:
                found["authors"], read_.stated["authors"] = people, (span,)
                break
    stated = {**said.stated, **{field: read_.stated[field] for field in found if field in read_.stated}}
    return replace(document, bibliography=replace(said, **found, stated=stated))


__all__ = ["ENDINGS", "read"]
