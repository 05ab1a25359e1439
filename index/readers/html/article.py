"""Where on a page the article stands: the innermost element that loses nothing of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from lxml import etree

from index.heading_words import is_standard
from index.readers.html.tree import BLOCKS, class_words, level_of, plain_name, walk, words_in

_NAMES = re.compile(
    r"\b(?:article (?:body|content|text|full ?text|main|page|wrapper|inner|section full)|articlebody|fulltext(?: view)?"
    r"|full text|fulltext content|html body|html content|entry content|post content|post body|story body|story content"
    r"|article|ltx (?:document|page content)|mw parser output|content body|main content|maincontent|page content"
    r"|document content|markdown body|content)\b"
)
_BOXES = frozenset({"div", "td", "tr", "tbody", "table", "section", "center", "article", "main", "form"})
_SHORT = 80


@dataclass(slots=True)
class _Box:
    """An element that may be the article, with the prose and the landmarks (headings, tables) in it."""

    element: etree._Element
    named: bool
    depth: int
    prose: int = 0
    landmarks: int = 0


def article(root: etree._Element, skipped: Collection[etree._Element]) -> etree._Element:
    """The element that holds the article."""
    body = root if root.tag == "body" else root.find("body")
    start = root if body is None else body
    boxes = _boxes(start, skipped)
    current = boxes[0]
    for box in boxes[1:]:
        inside = box.depth > current.depth and _is_under(box.element, current.element)
        if inside and _keeps(box, current):
            current = box
    return current.element


def _keeps(box: _Box, current: _Box) -> bool:
    if not current.prose:
        # A tiny page: what calls itself the article is.
        return box.named and box.element.tag in {"article", "main"} and bool(words_in(box.element))
    if box.landmarks < current.landmarks:
        return False
    share = box.prose / current.prose
    node = box.element
    if (node.tag in {"article", "main"} or node.get("role") == "main") and node.find(".//h1") is not None:
        return share >= 0.6  # beside it stand the beginnings of other articles
    return share >= (0.93 if box.named else 0.985)


def _is_under(node: etree._Element, above: etree._Element) -> bool:
    return any(parent is above for parent in node.iterancestors())


def _boxes(start: etree._Element, skipped: Collection[etree._Element]) -> list[_Box]:
    """The elements that may be the article, outermost first, with what they hold."""
    whole = _Box(start, True, 0)
    kept: list[_Box] = []
    open_: list[_Box] = []
    prose = landmarks = run = linked = links = depth = 0
    for event, node, words in walk(start, skipped):
        if event == "text":
            length = len(words) if not words.isspace() else 1
            run += length
            linked += length if links else 0
            continue
        if node.tag in BLOCKS or node.tag == "br":
            if run >= _SHORT and linked * 2 < run:
                prose += run - linked
            run = linked = 0
        if node.tag == "a":
            links += 1 if event == "open" else -1
        if node.tag not in _BOXES and node is not start:
            if event == "open" and level_of(node) and is_standard(words_in(node)):
                landmarks += 1
            continue
        if event == "open":
            depth += 1
            box = whole if node is start else _Box(node, _is_named(node), depth)
            box.prose, box.landmarks = -prose, -landmarks
            open_.append(box)
            if (node.tag != "table" and re.search(r"\babstract\b", class_words(node))) or (
                node.tag == "table" and sum(1 for _ in node.iter("th")) > 1
            ):
                landmarks += 1
        else:
            depth -= 1
            box = open_.pop()
            box.prose += prose
            box.landmarks += landmarks
            # What held less than half of the prose so far cannot hold nearly all of it.
            if box.prose * 2 >= prose and box.element is not start:
                kept.append(box)
    return [whole, *sorted(kept, key=lambda box: box.depth)]


def _is_named(node: etree._Element) -> bool:
    return (
        node.tag in {"article", "main"}
        or node.get("role") in {"main", "article"}
        or node.get("itemprop") in {"articleBody", "mainEntity"}
        or bool(_NAMES.search(class_words(node)) or _NAMES.search(plain_name(node.get("id") or "")))
    )
