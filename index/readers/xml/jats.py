"""JATS, the XML of PubMed Central and of most publishers (and NLM, its predecessor)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.assembly import Assembly
from index.readers.markup.source import Element
from index.readers.markup.words import Flattening
from index.readers.xml.jats_body import Body
from index.readers.xml.jats_front import add_front
from index.readers.xml.jats_names import flat
from index.readers.xml.jats_notes import add_footnotes, add_headed_note, contributors, note_heading
from index.readers.xml.jats_references import listed
from index.readers.xml.jats_vocabulary import VOCABULARY

# Abstracts that say in a line or a picture what another says in full.
_LESSER_ABSTRACTS = frozenset({"graphical", "teaser", "toc", "short", "ascii", "video", "object", "stereochemical"})
_ABSTRACT_HEADINGS = {
    "key-points": "Key points",
    "author-highlights": "Highlights",
    "highlights": "Highlights",
    "executive-summary": "Executive summary",
    "plain-language-summary": "Plain language summary",
    "web-summary": "Summary",
    "summary": "Summary",
    "editor": "Editor's summary",
}
_ABOUT_PEOPLE = re.compile(r"present-addr|current-aff|equal|corresp|deceased|on-leave|presented|participating|edited")
_DATA = re.compile(r"data.?(?:availab|access|deposit)", re.IGNORECASE)
_BACK_HEADINGS = {
    "ack": "Acknowledgments",
    "glossary": "Abbreviations",
    "app": "Appendix",
    "notes": "Notes",
}
_FLOATS = "floats-group", "floats-wrap"


def document(name: str, article: Element) -> Document:
    """Read an article: title page, abstracts, body, back matter, references.

    Letters and reviews about the article that come with it (eLife's decision letters) are left out.

    Raises:
        UnreadableFileError: The article has no words.
    """
    if article.find("body") is not None or article.find("front//abstract") is not None:
        for reply in [part for part in article if part.tag in ("sub-article", "response")]:
            article.remove(reply)
    entries, links = listed(article)
    assembly = Assembly()
    flattening = Flattening(VOCABULARY, links)
    body = Body(assembly, flattening, people=contributors(article))
    front = add_front(assembly, flattening, article)
    _abstracts(body, article)
    _body(body, article)
    for part in article.iterfind("back"):
        _back(body, part)
    _notes(body, article)
    if assembly.is_empty:
        raise UnreadableFileError(f"{name}: a JATS article without words.")
    if entries:
        assembly.heading(
            next((title for part in article.iter("ref-list") if (title := flat(part.find("title")))), "References")
        )
    for entry in entries:
        assembly.reference(entry.key, entry.words, entry.label, entry.authors, entry.year, entry.title, entry.doi)
    return assembly.document(name, "jats", front.fields)


def _abstracts(body: Body, article: Element) -> None:
    language = _language(article) or "en"
    found = list(article.iterfind("./front//abstract"))
    kept = [part for part in found if part.get("abstract-type", "").lower() not in _LESSER_ABSTRACTS] or found
    # A translation is read where it is the only English there is.
    if not language.startswith("en") or not kept:
        kept += [part for part in article.iterfind("./front//trans-abstract") if _language(part).startswith("en")]
    for abstract in kept:
        kind = abstract.get("abstract-type", "").lower()
        body.section(abstract, 1, _ABSTRACT_HEADINGS.get(kind, "Abstract"))
        body.assembly.end_sections()


def _language(element: Element) -> str:
    return (element.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()


def _body(body: Body, article: Element) -> None:
    for group in (part for part in article if part.tag in _FLOATS):
        for place, part in enumerate(group):
            body.floats[part.get("id") or f"float {place}"] = part
    for part in article:
        if part.tag == "body":
            body.children(part, 1)
        elif part.tag in ("sub-article", "response"):  # of a collection without words of its own
            title = flat(part.find(".//article-title"))
            body.assembly.heading(title, 1)
            for own in part.iterfind("body"):
                body.children(own, 2)
    for part in list(body.floats.values()):
        body.add(part, 1)
    body.floats.clear()


def _back(body: Body, back: Element) -> None:
    for part in back:
        if part.tag in ("ref-list", "bio"):
            continue
        if part.tag == "app-group":
            for appendix in part:
                body.section(appendix, 1, _BACK_HEADINGS["app"])
        elif part.tag == "fn-group":
            add_footnotes(body, part, 1)
        elif part.tag in _BACK_HEADINGS:
            kind, first = part.get("notes-type", ""), next(iter(part), None)
            is_headed = first is not None and first.tag == "sec" and flat(first.find("title"))
            default = note_heading(kind) or _BACK_HEADINGS[part.tag]
            if first is not None and first.tag == "def-list" and (title := first.find("title")) is not None:
                default = flat(title) or default
                first.remove(title)
            body.section(part, 1, "" if is_headed else default)
        else:
            body.add(part, 1)


def _notes(body: Body, article: Element) -> None:
    """What the title page says of the article's making: contributions, interests, funding, data."""
    meta = article.find("front/article-meta")
    if meta is None:
        return
    last = ""
    for note in [*meta.iterfind("author-notes/fn"), *meta.iterfind("./contrib-group/fn")]:
        if not _ABOUT_PEOPLE.search(note.get("fn-type", "")):
            last = add_headed_note(body, note, 1, "Notes", last)
    for part in article.iterfind("front/notes"):
        body.section(part, 1, note_heading(part.get("notes-type", "")) or "Notes")
    funding = list(_funding(meta))
    if funding and not _has_section(article, "fund"):
        body.assembly.heading("Funding", 1)
        for words in funding:
            body.assembly.paragraph(words)
    for custom in meta.iter("custom-meta"):
        if _DATA.search(flat(custom.find("meta-name"))) and (value := custom.find("meta-value")) is not None:
            body.assembly.heading(flat(custom.find("meta-name")), 1)
            body.assembly.paragraph(body.flattening.words(value))
    body.assembly.end_sections()


def _funding(meta: Element) -> Iterator[str]:
    statements = [flat(part) for part in meta.iterfind("funding-group/funding-statement")]
    if any(statements):
        yield from dict.fromkeys(statement for statement in statements if statement)
        return
    for award in meta.iterfind("funding-group/award-group"):
        source = "; ".join(
            words for part in award.iter("funding-source") if (words := flat(part, ("institution-id", "named-content")))
        )
        numbers = ", ".join(words for part in award.iter("award-id") if (words := flat(part)))
        if source:
            yield f"{source} ({numbers})" if numbers else source


def _has_section(article: Element, words: str) -> bool:
    """Whether a part of the body or the back matter has these words in its heading."""
    return any(
        words in flat(title).lower() for part in article if part.tag in ("body", "back") for title in part.iter("title")
    )
