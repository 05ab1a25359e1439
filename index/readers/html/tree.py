"""A page's bytes -> its tree of elements, and ways through the tree that do not care how deep it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Literal

from lxml import etree

from index.errors import UnreadableFileError
from index.wordlists import words

LARGEST = 30  # megabytes, pictures that are part of the page not counted: three hundred long articles
_MOST_TAGS = 2_000_000

BLOCKS = words(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table
    tbody td tfoot th thead tr ul
    """
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What is not shown, or is no text, wherever it stands.
SILENT = words(
    """
    script style noscript template svg iframe object embed applet canvas video audio map select option textarea
    input datalist progress meter head title meta link base param source track rp rt frameset noframes
    annotation annotation-xml
    """
)

_PICTURE = re.compile(rb"data:[\w.+-]+/[\w.+-]+(?:;[\w=.-]+)*;base64,[A-Za-z0-9+/=%\s]+")
_BOXES = re.compile(rb"</?(?:div|span|font|section|center|b|i|u|em|strong|blockquote|big|small)\b[^>]*>", re.IGNORECASE)
_STYLED = re.compile(r"(?:^|\s)h([2-6])(?:\s|$)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")

Event = tuple[Literal["open", "text", "close"], etree._Element, str]


def parse(name: str, page: bytes) -> etree._Element:
    """The root of a page in UTF-8, links not followed, scripts not run.

    Raises:
        UnreadableFileError: The page is empty, or too large to be held.
    """
    if b";base64," in page:
        page = _PICTURE.sub(b"", page)
    size, tags = len(page) / 1_000_000, page.count(b"<")
    if size > LARGEST or tags > _MOST_TAGS:
        found = f"{size:.0f} MB without pictures; {LARGEST} MB at most" if size > LARGEST else f"{tags:,} tags"
        raise UnreadableFileError(f"{name}: this web page is too large ({found}); save the part that matters.")
    root, cut = _parsed(page)
    if cut:
        # Boxes within boxes beyond what a parser goes along with: the text in them counts, not the boxes.
        root, cut = _parsed(_BOXES.sub(b"<p>", page))
    if cut:
        raise UnreadableFileError(f"{name}: this web page is nested too deeply; save it as text.")
    if root is None:
        raise UnreadableFileError(f"{name}: the page holds no text.")
    return root


def _parsed(page: bytes) -> tuple[etree._Element | None, bool]:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True, recover=True
    )
    try:
        root = etree.fromstring(page, parser)
    except etree.XMLSyntaxError:
        root = None  # nothing in it that could be an element
    cut = any(entry.level == etree.ErrorLevels.FATAL and "depth" in entry.message for entry in parser.error_log)
    return root, cut


def walk(
    root: etree._Element,
    skipped: Collection[etree._Element] = frozenset(),
    taken: set[etree._Element] | None = None,
) -> Iterator[Event]:
    """The elements and words under `root` in reading order, but for what is skipped.

    A skipped element's tail, the words after it, belongs to its parent and is walked. An element that is put into
    `taken` when it opens is closed at once.
    """
    node: etree._Element | None = root
    down = True
    while node is not None:
        if down and isinstance(node.tag, str) and node not in skipped and node.tag not in SILENT:
            yield "open", node, ""
            is_taken = bool(taken) and node in taken  # type: ignore[operator]
            if node.text and not is_taken:
                yield "text", node, node.text
            child = None if is_taken else next(node.iterchildren(), None)
            if child is not None:
                node = child
                continue
            yield "close", node, ""
        elif not down:
            yield "close", node, ""
        if node is root:
            return
        parent = node.getparent()
        if node.tail and parent is not None:
            yield "text", parent, node.tail
        following = node.getnext()
        down = following is not None
        node = following if down else parent


def words_in(root: etree._Element, skipped: Collection[etree._Element] = frozenset()) -> str:
    """The words under an element, on one line; blocks are parted by a space."""
    found: list[str] = []
    for event, node, own in walk(root, skipped):
        if event == "text":
            found.append(own)
        elif node.tag in BLOCKS or node.tag == "br":
            found.append(" ")
    return " ".join("".join(found).split())


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """A class or id as words: "c-articleBody__text" becomes "c article body text"."""
    return _NO_WORD.sub(" ", _CAMEL.sub(" ", name).lower()).strip()


def class_words(node: etree._Element) -> str:
    """The words of an element's classes, without those that are only hooks for scripts."""
    classes = node.get("class") or ""
    if "js-" in classes:
        classes = " ".join(name for name in classes.split() if not name.startswith("js-"))
    return plain_name(classes)


def level_of(node: etree._Element) -> int:
    """The level of a heading, 0 for what is none."""
    if node.tag in HEADINGS:
        return int(node.tag[1])
    if node.get("role") == "heading":
        level = node.get("aria-level") or "2"
        return int(level) if level in {"1", "2", "3", "4", "5", "6"} else 2
    if node.tag in {"div", "p"} and (styled := _STYLED.search(node.get("class") or "")):
        return int(styled[1]) if len(words_in(node)) < 150 else 0
    return 0
