"""The words of one entry of a reference list: its label and its links to elsewhere taken off."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote

from lxml import etree

from index.readers.html.tree import BLOCKS, class_words, walk, words_in
from index.wordlists import phrases

_LABEL_NAMES = re.compile(
    r"\b(?:label|counter|bullet|order|number|refnum|ref num|reference number|ltx tag|list marker)\b"
)
_NOISE = re.compile(
    r"\b(?:ref ?links?|references links|reference links|cit extra|occurrences?|extra links|external links|totext"
    r"|get ?ftr\w*|google scholar\w*|external ?ref\w*|ref ?actions?|link ?outs?|citation ?links?|openurl|sfx"
    r"|pub ?links?|citedbylink\w*|reflink ?block|hide print|no ?print|inst(?:itutional)? ?access|xref sep|backlink"
    r"|mw cite backlink|ltx bib cited)\b"
)
_LINKS = phrases(
    """
    pubmed | pub med | crossref | cross ref | google scholar | scholar | medline | web of science | web of
    science® | isi | cas | chemport | article | full text | fulltext | free full text | view article | abstract
    | view abstract | pdf | download pdf | view pdf | pdf (file) | openurl | open url | scopus | view in scopus
    | ads | search ads | zbmath | mathscinet | view in article | pubmed abstract | pubmed central | pmc | pmc
    free article | publisher full text | pubmed central full text | biomed central full text | return to text |
    open in new tab | opens in new window | search google scholar | find it | worldcat | in article | view
    record in scopus | crossref full text | crossref citations | external link | dl | direct link | wiley online
    library | top | back to text | doi | cited here | context link | view | europe pmc | open access | google
    books | ncbi | pubmed/ncbi | sfx | epub | get it | export references | close | link | ads abstract | free
    pmc article | search in google scholar | webcite
    """
)
_LINK = re.compile(
    rf"\W*(?:(?:{'|'.join(re.escape(link) for link in sorted(_LINKS, key=len, reverse=True))})(?:\W+|$))+",
    re.IGNORECASE,
)
_LEFTOVER = re.compile(
    r"\s*[\[(]\s*[;,:|/·•]*\s*[\])]|(?:\s[|/·•,](?=\s|$))+|(?<=\s)[|/·•,](?=\s)|\s*[|•·\[(]+\s*$|(?:\s*;)+\s*$"
)
_ARROWS = re.compile(r"^[\s↵↩︎^↑⇑]+|[\s↵↩︎↑⇑]+$")
_LINKED_DOI = re.compile(r"(?:doi\.org/|/doi/(?:abs/|full/|pdf/)?|[?&]doi=|doi:)(10\.\d{4,9}/[^\s\"<>?#&]{2,200})")


def is_link(words: str) -> bool:
    """Whether words name nothing but places where an entry may be found ("PubMed Google Scholar")."""
    return len(words) < 120 and _LINK.fullmatch(words) is not None


def label_element(element: etree._Element) -> etree._Element | None:
    """What holds the number that is printed before an entry."""
    if element.tag == "dd":
        before = element.getprevious()
        if before is not None and before.tag == "dt":
            return before
    for node in element.iter("span", "div", "a", "strong", "b", "td", "sup", "label"):
        if node is not element and _LABEL_NAMES.search(class_words(node)):
            return node if len(words_in(node)) <= 14 else None
    return None


def entry_words(element: etree._Element, skipped: Collection[etree._Element]) -> str:
    """The words of an entry, without links to where it may be found."""
    out = set(skipped)
    for node in element.iter("*"):
        if node is element or not isinstance(node.tag, str):
            continue
        noise = _NOISE.search(class_words(node)) if node.get("class") else None
        if (noise and len(words_in(node)) < 200 and not _is_most(node, element)) or (
            node.tag in {"a", "button", "li"} and is_link(words_in(node))
        ):
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
    return _ARROWS.sub("", _LEFTOVER.sub("", words)).strip(" |").removesuffix(" -")


def _is_most(node: etree._Element, element: etree._Element) -> bool:
    return len(words_in(node)) * 2 > len(words_in(element))


def linked_doi(element: etree._Element) -> str:
    """The DOI that an entry links to, or ""."""
    for node in element.iter("*"):
        if own := node.get("data-doi"):
            return str(own)
        match = _LINKED_DOI.search(unquote(node.get("href") or "")) if node.tag == "a" else None
        if match:
            return match[1].rstrip(".,;)")
    return ""
