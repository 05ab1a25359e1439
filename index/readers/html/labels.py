"""What sort of publication a page says it shows: retracted, a correction, a preprint, a review."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from index.readers.html.flow import Part
from index.readers.html.metadata import Metadata
from index.readers.html.tree import class_words, plain_name, words_in
from index.readers.publication_labels import SERVERS, heading_label, title_label

_NOTICES = (
    (
        re.compile(
            r"\b(?:this|the) (?:article|paper|publication|chapter|study|work) (?:has been|was|is) (?:retracted|withdrawn)\b"
            r"|^\W*retracted(?: article| paper)?\W*$|^\W*retracted article\b",
            re.IGNORECASE,
        ),
        "retracted",
    ),
    (
        re.compile(
            r"\b(?:this|the) (?:article|paper|manuscript|work|version)? ?is a preprint\b|\bpreprints?\b.{0,80}\bnot"
            r" (?:yet )?been (?:peer[- ]?reviewed|certified by peer review)|\bnot (?:yet )?(?:been )?certified by peer review",
            re.IGNORECASE,
        ),
        "preprint",
    ),
)
_SIGNED = re.compile(r"\b(?:retract\w*|withdrawn|preprint\w*)\b")
_TYPED = re.compile(r"\b(?:article type|content type|section (?:name|title|label)|kicker|category|article category|subject"
                    r"|heading category|article header category|overline|dochead|toc heading)\b")  # fmt: skip
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Label:
    """A label and the words of the page that state it, "" where the title does."""

    label: str
    words: str


def page_labels(root: etree._Element, about: Metadata, title: str, parts: Sequence[Part]) -> tuple[Label, ...]:
    """The labels that a page states."""
    found: dict[str, str] = {}
    if label := title_label(title):
        found[label] = ""
    for words in about.kinds:
        if label := heading_label(plain_name(words) if words.isidentifier() else words):
            found.setdefault(label, words)
    if about.journal.lower() in SERVERS:
        found.setdefault("preprint", about.journal)
    front = [part.plain for part in parts[:25] if len(part.plain) < _LONGEST]
    signed = [words for node in _signed(root) if len(words := words_in(node)) < _LONGEST]
    for words in [*front, *signed]:
        for form, label in _NOTICES:
            if form.search(words):
                found.setdefault(label, words)
    for words in front[:8]:
        if label := heading_label(words):
            found.setdefault(label, words)
    for node in root.iter("span", "div", "p", "a", "li", "h2", "h3", "h4"):
        if _TYPED.search(class_words(node)) and (label := heading_label(words_in(node)[:80])):
            found.setdefault(label, words_in(node))
    return tuple(Label(label, words) for label, words in found.items())


def _signed(root: etree._Element) -> list[etree._Element]:
    return [
        node
        for node in root.iter("div", "p", "span", "section", "h2", "h3", "strong")
        if node.attrib and _SIGNED.search(class_words(node) + " " + plain_name(node.get("id") or ""))
    ]
