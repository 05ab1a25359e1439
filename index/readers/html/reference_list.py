"""A page's reference lists: their entries, and which links of the page lead to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from lxml import etree

from index.heading_words import REFERENCES, is_standard, plain
from index.readers.html.reference_words import entry_words, label_element, linked_doi
from index.readers.html.tree import BLOCKS, HEADINGS, class_words, level_of, plain_name, walk, words_in
from index.references.entries import parse_entry

_NAMES = re.compile(
    r"\b(?:references|reference list|ref list|reflist|bibliography|biblist|cit list|citation list|literature cited"
    r"|bib list|csl bib body|refs)\b"
)
_OTHER_LISTS = re.compile(r"\b(?:cited by|citing|related|toolbar|tools?|sidebar|companion|nav|menu|download)\b")
_ENTRY = re.compile(
    r"\b(?:1[6-9]|20)\d\d[a-z]?\b|\bdoi\b|https?://|\bin press\b|\bforthcoming\b|\bn\.d\.", re.IGNORECASE
)
_LABEL = re.compile(
    r"\s*(?:\[\s*([\w.+’' -]{1,12}?)\s*\]|\(\s*(\d{1,4})\s*\)|(\d{1,4})(?:\s*[.)]|(?=\s{1,3}[A-Z])))\s*"
)
_COUNT = re.compile(r"\s*\(\d+\)\s*$")
_ANCHORS = ("id", "name", "data-bib-id", "content-id", "data-rid", "data-refid", "data-id")
_POINTERS = ("href", "rid", "data-rid", "reveal-id", "data-open", "data-bib-id", "data-ref", "data-xocs-content-id")


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
    for event, node, _ in walk(root, skipped):
        if event != "open":
            continue
        if node.get("role") == "doc-bibliography":
            yield node
        elif node.tag in {"ol", "ul", "dl", "div", "section", "table"}:
            own = class_words(node) + " " + plain_name(node.get("id") or "")
            if _NAMES.search(own) and not _OTHER_LISTS.search(own):
                yield node
        elif _is_references(node):
            yield from _under(node)


def _is_references(node: etree._Element) -> bool:
    is_heading = level_of(node) > 0 or node.tag in {"p", "strong", "b", "dt"}
    return is_heading and len(node) < 4 and plain(_COUNT.sub("", words_in(node)[:60])) in REFERENCES


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
    for whole in _groups(box):
        group = [node for node in whole if node not in skipped]
        good = sum(1 for node in group if _ENTRY.search(words_in(node, skipped)))
        held = sum(len(words_in(node, skipped)) for node in group)
        if good > most and good * 2 >= len(group) and held * 2 >= size:
            best, most = group, good
    return best


def _groups(box: etree._Element) -> Iterator[list[etree._Element]]:
    """The sets of elements that may be the entries."""
    yield [node for node in box.iter("*") if node.get("role") == "doc-biblioentry" or "csl entry" in class_words(node)]
    yield [node for node in box.iter("div", "span", "p") if node.get("role") == "listitem"]
    items = [node for node in box.iter("li") if not any(up.tag == "li" for up in _up_to(node, box))]
    yield items
    yield list(box.iter("dd"))
    yield list(box.iter("tr"))
    alike: dict[str, list[etree._Element]] = {}
    for node in box.iter("div", "p", "section", "span", "article"):
        if (
            node is not box
            and class_words(node)
            and not any(class_words(up) == class_words(node) and up.tag == node.tag for up in _up_to(node, box))
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
    number = label_element(element)
    words = entry_words(element, {*skipped, *([number] if number is not None else [])})
    label = words_in(number).strip(" []().:") if number is not None else ""
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
        read.doi or linked_doi(element),
    )
    nodes = [element, *element.iter("*")]
    above = element.getparent()
    while above is not None and above not in found.lists and len(above) == 1:
        nodes.append(above)
        above = above.getparent()
    before = element.getprevious()
    if before is not None and (before.tag in {"dt"} or (before.tag == "a" and not (before.text or "").strip())):
        nodes += [before, *before.iter("*")]
    for node in nodes:
        for name in _ANCHORS:
            if own := node.get(name):
                found.keys.setdefault(own, key)
        if node.tag == "a" and (node.get("href") or "").startswith("#") and len(node.get("href") or "") > 1:
            found.cited_from.setdefault((node.get("href") or "")[1:], key)


def _is_numbered(element: etree._Element) -> bool:
    parent = element.getparent()
    if element.tag != "li" or parent is None:
        return False
    return parent.tag == "ol" or bool(re.search(r"\b(?:numeric|numbered|ordered)\b", class_words(parent)))
