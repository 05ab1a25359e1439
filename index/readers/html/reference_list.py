"""A page's reference lists: their entries, and which links of the page lead to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from index.heading_words import REFERENCES, is_standard, plain
from index.readers.html.tree import BLOCKS, HEADINGS, class_words, level_of, plain_name, walk, words_in
from index.references import parse_entry
from index.wordlists import phrases

_NAMES = re.compile(
    r"\b(?:references|reference list|ref list|reflist|bibliography|biblist|cit list|citation list|literature cited"
    r"|bib list|csl bib body|refs)\b"
)
_OTHER_LISTS = re.compile(r"\b(?:cited by|citing|related|toolbar|tools?|sidebar|companion|nav|menu|download)\b")
_ENTRY = re.compile(r"\b(?:1[6-9]|20)\d\d[a-z]?\b|\bdoi\b|https?://|\bin press\b|\bforthcoming\b|\bn\.d\.", re.IGNORECASE)
_LABEL_NAMES = re.compile(r"\b(?:label|counter|bullet|order|number|refnum|ref num|reference number|ltx tag|list marker)\b")
_LABEL = re.compile(r"\s*(?:\[\s*([\w.+’' -]{1,12}?)\s*\]|\(\s*(\d{1,4})\s*\)|(\d{1,4})(?:\s*[.)]|(?=\s{1,3}[A-Z])))\s*")
_ANCHORS = ("id", "name", "data-bib-id", "content-id", "data-rid", "data-refid", "data-id")
_POINTERS = ("href", "rid", "data-rid", "reveal-id", "data-open", "data-bib-id", "data-ref", "data-xocs-content-id")
_NOISE = re.compile(
    r"\b(?:ref ?links?|references links|reference links|cit extra|occurrences?|extra links|external links|totext"
    r"|get ?ftr\w*|google scholar\w*|external ?ref\w*|ref ?actions?|link ?outs?|citation ?links?|openurl|sfx"
    r"|pub ?links?|citedbylink\w*|reflink ?block|hide print|no ?print|inst(?:itutional)? ?access|xref sep|backlink"
    r"|mw cite backlink|ltx bib cited)\b"
)
_LINKS = phrases(
    """
    pubmed | pub med | crossref | cross ref | google scholar | scholar | medline | web of science | web of science® |
    isi | cas | chemport | article | full text | fulltext | free full text | view article | abstract | view abstract |
    pdf | download pdf | view pdf | pdf (file) | openurl | open url | scopus | view in scopus | ads | search ads |
    zbmath | mathscinet | view in article | pubmed abstract | pubmed central | pmc | pmc free article |
    publisher full text | pubmed central full text | biomed central full text | return to text | open in new tab |
    opens in new window | search google scholar | find it | worldcat | in article | view record in scopus | crossref full
    text | crossref citations | external link | dl | direct link | wiley online library | top | back to text | doi |
    cited here | context link | view | europe pmc | open access | google books | ncbi | pubmed/ncbi | sfx | epub | get it |
    export references | close | link | ads abstract | free pmc article | search in google scholar | webcite
    """
)
_LEFTOVER = re.compile(
    r"\s*[\[(]\s*[;,:|/·•]*\s*[\])]|(?:\s[|/·•,](?=\s|$))+|(?<=\s)[|/·•,](?=\s)|\s*[|•·\[(]+\s*$|(?:\s*;)+\s*$"
)
_ARROWS = re.compile(r"^[\s↵↩︎^↑⇑]+|[\s↵↩︎↑⇑]+$")
_LINKED_DOI = re.compile(r"(?:doi\.org/|/doi/(?:abs/|full/|pdf/)?|[?&]doi=|doi:)(10\.\d{4,9}/[^\s\"<>?#&]{2,200})")


@dataclass(slots=True)
class Entry:
    """An entry of a reference list."""

    element: etree._Element
    key: str
    words: str
    label: str
    is_numbered: bool  # by its place in a numbered list
    authors: tuple[str, ...] = ()
    year: int | None = None
    title: str = ""
    doi: str = ""


@dataclass(slots=True)
class ReferenceLists:
    """What the reference lists of a page hold; `keys` are what links to the entries may name them by."""

    lists: set[etree._Element] = field(default_factory=set)
    entries: dict[etree._Element, Entry] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    cited_from: dict[str, str] = field(default_factory=dict)

    def cites(self, link: etree._Element) -> tuple[str, ...]:
        """The key of the entry that a link leads to, or nothing."""
        for pointer in _POINTERS:
            for name in (link.get(pointer) or "").rpartition("#")[2].split():
                for known in (name, f"ref-{name}", f"ref-id-{name}"):
                    if known in self.keys:
                        return (self.keys[known],)
        own = link.get("id") or link.get("name") or ""
        return (self.cited_from[own],) if own in self.cited_from else ()


def reference_lists(root: etree._Element, skipped: Collection[etree._Element]) -> ReferenceLists:
    """Find the reference lists of a page."""
    found = ReferenceLists()
    for box in list(_candidates(root, skipped)):
        if box in found.lists or any(parent in found.lists for parent in box.iterancestors()):
            continue
        entries = _entries(box, skipped)
        if not entries or any(entry in found.entries for entry in entries):
            continue
        found.lists.add(box)
        for element in entries:
            _add(found, element, skipped)
    return found


def _candidates(root: etree._Element, skipped: Collection[etree._Element]) -> Iterator[etree._Element]:
    """What says that it holds references: by its role, its name, or the heading it stands under."""
    hidden = 0
    for event, node, _ in walk(root, skipped):
        if event != "open" or hidden:
            continue
        if node.get("role") == "doc-bibliography":
            yield node
        elif node.tag in {"ol", "ul", "dl", "div", "section", "table"}:
            own = class_words(node) + " " + plain_name(node.get("id") or "")
            if _NAMES.search(own) and not _OTHER_LISTS.search(own):
                yield node
        elif level_of(node) or node.tag in {"p", "strong", "b", "dt"}:
            if len(node) < 4 and plain(words_in(node)[:60]) in REFERENCES:
                yield from _under(node)


def _under(heading: etree._Element) -> Iterator[etree._Element]:
    """What follows a heading: its siblings, or those of the box it stands in, up to the next heading."""
    node = heading
    for _ in range(4):
        for sibling in node.itersiblings():
            if level_of(sibling) or next(sibling.iter(*HEADINGS), None) is not None:
                break
            if sibling.tag in BLOCKS and words_in(sibling):
                yield sibling
                if sibling.tag in {"ol", "ul", "dl", "table", "div", "section"}:
                    return
        parent = node.getparent()
        if parent is None or parent.tag == "body" or node.getnext() is not None:
            return
        node = parent


def _entries(box: etree._Element, skipped: Collection[etree._Element]) -> list[etree._Element]:
    if any(is_standard(own) and plain(own) not in REFERENCES for own in map(words_in, box.iter("h1", "h2", "h3"))):
        return []
    size = len(words_in(box, skipped)) or 1
    best: list[etree._Element] = []
    most = 0
    for group in _groups(box):
        group = [node for node in group if node not in skipped]
        good = sum(1 for node in group if _ENTRY.search(words_in(node, skipped)))
        held = sum(len(words_in(node, skipped)) for node in group)
        if good > most and good * 2 >= len(group) and held * 2 >= size:
            best, most = group, good
    return best


def _groups(box: etree._Element) -> Iterator[list[etree._Element]]:
    """The sets of elements that may be the entries."""
    yield [node for node in box.iter("*") if node.get("role") == "doc-biblioentry" or "csl entry" in class_words(node)]
    items = [node for node in box.iter("li") if not any(up.tag == "li" for up in _up_to(node, box))]
    yield items
    yield list(box.iter("dd"))
    yield list(box.iter("tr"))
    alike: dict[str, list[etree._Element]] = {}
    for node in box.iter("div", "p", "section", "span", "article"):
        if class_words(node) and not any(
            class_words(up) == class_words(node) and up.tag == node.tag for up in _up_to(node, box)
        ):
            alike.setdefault(f"{node.tag} {class_words(node)}", []).append(node)
    yield from sorted(alike.values(), key=len)
    yield [node for node in box.iter("p") if not any(up.tag == "p" for up in _up_to(node, box))]
    yield [node for node in box if isinstance(node.tag, str) and node.tag in {"div", "p", "section"}]
    if box.tag in {"p", "li"}:
        yield [box]


def _up_to(node: etree._Element, box: etree._Element) -> Iterator[etree._Element]:
    parent = node.getparent()
    while parent is not None and parent is not box:
        yield parent
        parent = parent.getparent()


def _add(found: ReferenceLists, element: etree._Element, skipped: Collection[etree._Element]) -> None:
    label_element = _label_element(element)
    words = _entry_words(element, {*skipped, *([label_element] if label_element is not None else [])})
    label = words_in(label_element).strip(" []().:") if label_element is not None else ""
    printed = _LABEL.match(words)
    if printed and len(words) - printed.end() > 10 and not re.fullmatch(r"(?:1[6-9]|20)\d\d", printed[3] or ""):
        number = (printed[1] or printed[2] or printed[3]).strip()
        if not label or label == number:
            label, words = number, words[printed.end() :]
    if len(words) < 3:
        return
    key = f"{len(found.entries)}:{element.get('id') or ''}"
    read = parse_entry(words)
    found.entries[element] = Entry(
        element,
        key,
        words,
        label,
        not label and _is_numbered(element),
        read.authors,
        read.year,
        read.title,
        read.doi or _linked_doi(element),
    )
    nodes = [element, *element.iter("*")]
    before = element.getprevious()
    if before is not None and (before.tag in {"dt"} or (before.tag == "a" and not (before.text or "").strip())):
        nodes += [before, *before.iter("*")]
    for node in nodes:
        for name in _ANCHORS:
            if own := node.get(name):
                found.keys.setdefault(own, key)
        if node.tag == "a" and (node.get("href") or "").startswith("#") and len(node.get("href") or "") > 1:
            found.cited_from.setdefault((node.get("href") or "")[1:], key)


def _label_element(element: etree._Element) -> etree._Element | None:
    if element.tag == "dd":
        before = element.getprevious()
        if before is not None and before.tag == "dt":
            return before
    for node in element.iter("span", "div", "a", "strong", "b", "td", "sup", "label"):
        if node is not element and _LABEL_NAMES.search(class_words(node)):
            return node if len(words_in(node)) <= 14 else None
    return None


def _is_numbered(element: etree._Element) -> bool:
    parent = element.getparent()
    return element.tag == "li" and parent is not None and parent.tag == "ol"


def _entry_words(element: etree._Element, skipped: Collection[etree._Element]) -> str:
    out = set(skipped)
    for node in element.iter("*"):
        if node is element or not isinstance(node.tag, str):
            continue
        noise = _NOISE.search(class_words(node)) if node.get("class") else None
        if noise and len(words_in(node)) < 200 and not _is_most(node, element):
            out.add(node)
        elif node.tag in {"a", "button"} and words_in(node).strip(" []()|.,:").lower() in _LINKS:
            out.add(node)
    pieces: list[str] = []
    closed = False
    for event, node, words in walk(element, out):
        if event == "text":
            # Parts that a style sheet holds apart.
            if closed and pieces and pieces[-1][-1:].isalpha() and words[:1].isdigit():
                pieces.append(" ")
            pieces.append(words)
            closed = False
        elif node.tag in BLOCKS or node.tag == "br":
            pieces.append(" ")
        else:
            closed = node.tag in {"span", "abbr", "cite", "a"}
    words = " ".join("".join(pieces).split())
    return _ARROWS.sub("", _LEFTOVER.sub("", words)).strip(" |")


def _is_most(node: etree._Element, element: etree._Element) -> bool:
    return len(words_in(node)) * 2 > len(words_in(element))


def _linked_doi(element: etree._Element) -> str:
    for node in element.iter("*"):
        if own := node.get("data-doi"):
            return own
        match = _LINKED_DOI.search(unquote(node.get("href") or "")) if node.tag == "a" else None
        if match:
            return match[1].rstrip(".,;)")
    return ""
