"""The reference list of a JATS article: each entry as printed, and what it says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.readers.markup.citation_marks import Listed
from index.readers.markup.source import Element
from index.readers.xml.jats_names import family_name, flat, group_name
from index.references.entries import parse_entry
from index.wordlists import words as names

_ENTRIES = ("element-citation", "mixed-citation", "citation", "nlm-citation", "citation-alternatives")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_TITLES = ("article-title", "data-title", "chapter-title", "part-title", "version-title", "source")
_LABEL = re.compile(r"[\s\[\](){}.:]+")
_STYLES = names(
    "italic bold sup sub sc monospace underline strike named-content styled-content roman sans-serif overline break "
    "ext-link uri inline-formula"
)
_PEOPLE = frozenset({"name", "string-name", "collab", "etal", "anonymous", "name-alternatives", "collab-alternatives"})
_LEFT_OUT = frozenset({"object-id", "annotation", "alt-text", "inline-graphic", "graphic", "tex-math", "label"})
# Numbers that PubMed Central adds; printed only where words before them say what they are.
_NUMBERS = frozenset({"pmid", "pmcid", "pmc", "medline"})
_NAMED = re.compile(r"(?:PMC?ID|PubMed|Medline|PMC)\s*:?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry: its key, its words, and what it says of itself."""

    key: str
    words: str
    label: str
    authors: tuple[str, ...]
    year: int | None
    title: str
    doi: str


def listed(root: Element) -> tuple[list[ListedEntry], Listed]:
    """The entries of all reference lists, in order, and what links to them need."""
    entries: list[ListedEntry] = []
    aliases: dict[str, str] = {}
    numbers = _numbers(root)
    for place, ref in enumerate(root.iter("ref")):
        key = ref.get("id") or f"ref {place}"
        entry = _entry(key, ref, numbers.get(key, ""))
        if entry is None:
            continue
        entries.append(entry)
        for part in ref.iter(*_ENTRIES):
            if (own := part.get("id")) and own != key:
                aliases.setdefault(own, key)
    families = {entry.key: entry.authors[0] for entry in entries if entry.authors}
    return entries, Listed(tuple(entry.key for entry in entries), aliases, families)


def _numbers(root: Element) -> dict[str, str]:
    """Key -> number, as the marks in the text have it: lists are often numbered by the stylesheet alone."""
    found: dict[str, str] = {}
    for link in root.iter("xref"):
        key, words = link.get("rid"), flat(link).strip("[]() .,")
        if key and words.isdecimal() and len(words) < 4:
            found.setdefault(key, words)
    return found


def _entry(key: str, ref: Element, number: str) -> ListedEntry | None:
    citations = [child for child in ref if child.tag in _ENTRIES]
    citations = [_chosen(citation) for citation in citations]
    label = flat(ref.find("label")) or (flat(citations[0].find("label")) if citations else "")
    label = label or number
    words = " ".join(own for citation in citations if (own := printed(citation)))
    notes = " ".join(flat(note) for note in ref if note.tag in ("note", "p"))
    words = f"{words} {notes}".strip() if notes else words
    if not words:
        return None
    tidy_label = _LABEL.sub("", label)
    lead = f"{tidy_label}. " if label and tidy_label.isdigit() and not label.startswith(("[", "(")) else f"{label} "
    shown = f"{lead}{words}" if label and not words.startswith(label) else words
    if not citations:
        return _parsed(key, shown, tidy_label)
    first = citations[0]
    authors, year, title, doi = _authors(first), _year(first), _title(first), _doi(ref)
    if (authors and year and title) or not _loose(first):
        return ListedEntry(key, shown, tidy_label, authors, year, title, doi)
    return _parsed(key, shown, tidy_label, authors, year, title, doi)


def _parsed(
    key: str,
    words: str,
    label: str,
    authors: tuple[str, ...] = (),
    year: int | None = None,
    title: str = "",
    doi: str = "",
) -> ListedEntry:
    """An entry whose parts are not all marked up."""
    found = parse_entry(words)
    people = authors or (() if title else found.authors)
    return ListedEntry(
        key, words, label or found.label, people, year or found.year, title or found.title, doi or found.doi
    )


def _chosen(citation: Element) -> Element:
    if citation.tag != "citation-alternatives":
        return citation
    return next((one for one in citation if one.tag == "mixed-citation"), next(iter(citation), citation))


def _authors(citation: Element) -> tuple[str, ...]:
    groups = list(citation.iter("person-group"))
    chosen = [group for group in groups if group.get("person-group-type", "author") in ("author", "allauthors")]
    where = chosen or groups or [citation]
    found: list[str] = []
    for group in where:
        for person in group.iter("name", "string-name", "collab"):
            if not groups and person.get("person-group-type") == "editor":
                continue
            name = group_name(person) if person.tag == "collab" else family_name(person)
            if name:
                found.append(name)
    return tuple(dict.fromkeys(found))


def _year(citation: Element) -> int | None:
    for year in citation.iter("year", "date"):
        if found := _YEAR.search(flat(year)):
            return int(found[0])
    return None


def _title(citation: Element) -> str:
    for tag in _TITLES:
        if found := flat(citation.find(f".//{tag}")):
            return found.rstrip(" .,;")
    return ""


def _doi(ref: Element) -> str:
    for number in ref.iter("pub-id", "object-id"):
        if number.get("pub-id-type") == "doi" and (found := _DOI.search(flat(number))):
            return found[0].rstrip(".,;)")
    found = _DOI.search(" ".join(ref.itertext())) or next(
        (
            at
            for link in ref.iter("ext-link", "uri")
            for name, value in link.items()
            if str(name).endswith("href") and (at := _DOI.search(str(value)))
        ),
        None,
    )
    return found[0].rstrip(".,;)]") if found else ""


def printed(citation: Element) -> str:
    """An entry's words: as they stand, or where there are only its parts, put together from them."""
    if not _loose(citation) and any(child.tag not in _STYLES for child in citation):
        return _composed(citation)
    words = " ".join(_mixed(citation).split())
    return re.sub(r" ([,;.:)\]])", r"\1", words)


def _loose(citation: Element) -> bool:
    """Whether a citation has words of its own between its parts: what is printed."""
    return bool(((citation.text or "") + "".join(child.tail or "" for child in citation)).strip())


def _mixed(element: Element) -> str:
    """Words as they stand, with the spaces that mark-up without any leaves out."""
    made = [element.text or ""]
    last = ""
    for child in element:
        if child.tag in _LEFT_OUT or (child.get("pub-id-type") in _NUMBERS and not _NAMED.search(made[-1])):
            made.append(child.tail or "")
            continue
        if last and made[-1] == "" and last not in _STYLES and child.tag not in _STYLES:
            made.append(", " if last in _PEOPLE and child.tag in _PEOPLE else " ")
        made += [_mixed(child) or ("et al." if child.tag == "etal" else ""), child.tail or ""]
        last = child.tag
    return "".join(made)


def _composed(citation: Element) -> str:
    """Parts without punctuation, put in the order that journals of medicine print them in."""
    groups = list(citation.iter("person-group"))
    editors = [group for group in groups if group.get("person-group-type") == "editor"]
    writers = [group for group in groups if group not in editors] or [citation]

    own: dict[str, str] = {}
    for child in citation:
        if words := flat(child):
            own.setdefault(child.tag, words)

    def first(*tags: str) -> str:
        return next((own[tag] for tag in tags if tag in own), "")

    title, source = first("article-title", "data-title", "chapter-title", "part-title"), first("source", "conf-name")
    pages = first("fpage")
    if (last := first("lpage")) and last != pages:
        pages += f"-{last}"
    pages = first("page-range") or pages or first("elocation-id")
    issue = first("issue")
    place = first("volume") + (f"({issue})" if issue else "")
    dated = first("year") + (f";{place}" if place else "") + (f":{pages}" if pages else "")
    publisher = ": ".join(part for part in (first("publisher-loc"), first("publisher-name")) if part)
    edited = _people(editors)
    parts = [
        _people(writers),
        title,
        f"In: {edited}, editors" if edited and title else f"{edited}, editors" if edited else "",
        source,
        first("edition"),
        publisher,
        dated,
        *(flat(comment) for comment in citation if comment.tag in ("comment", "date-in-citation", "uri", "ext-link")),
    ]
    words = " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
    doi = next((flat(number) for number in citation.iter("pub-id") if number.get("pub-id-type") == "doi"), "")
    return f"{words} doi:{doi}" if doi and doi not in words else words


def _people(groups: list[Element]) -> str:
    found: list[str] = []
    for group in groups:
        for person in group:
            if person.tag in ("name", "string-name"):
                given = flat(person.find("given-names"))
                found.append(
                    " ".join(part for part in (family_name(person), given, flat(person.find("suffix"))) if part)
                )
            elif person.tag in ("collab", "on-behalf-of"):
                found.append(group_name(person))
            elif person.tag == "etal":
                found.append("et al")
    return ", ".join(name for name in found if name)
