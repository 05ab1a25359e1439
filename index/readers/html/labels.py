"""What sort of publication a page says it shows: retracted, a correction, a preprint, a review."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from index.readers.html.flow import Part
from index.readers.html.metadata import Metadata
from index.readers.html.selection import same_title
from index.readers.html.tree import class_words, plain_name, words_in
from index.readers.markup.labels import SERVERS, heading_label, title_label

_NOTICES = (
    (
        re.compile(
            r"\b(?:this|the) (?:article|paper|publication|chapter|study|work) (?:has been|was|is)"
            r" (?:retracted|withdrawn)\b"
            r"|^\W*retracted(?: article| paper)?\W*$|^\W*retracted article\b",
            re.IGNORECASE,
        ),
        "retracted",
    ),
    (
        re.compile(
            r"\b(?:this|the) (?:article|paper|manuscript|work|version)? ?is a preprint\b|\bpreprints?\b.{0,80}\bnot"
            r" (?:yet )?been (?:peer[- ]?reviewed|certified by peer review)"
            r"|\bnot (?:yet )?(?:been )?certified by peer review",
            re.IGNORECASE,
        ),
        "preprint",
    ),
)
_SIGNED = re.compile(r"\b(?:retract\w*|withdrawn|preprint\w*)\b")
_LONGEST = 400
_BOX = 1500
_SMALL = ("span", "div", "p", "a", "li", "h2", "h3", "h4", "strong", "em", "section")


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
    for words in _around_title(root, title):
        if label := heading_label(words):
            found.setdefault(label, words)
    return tuple(Label(label, words) for label, words in found.items())


def _signed(root: etree._Element) -> list[etree._Element]:
    return [
        node
        for node in root.iter("div", "p", "span", "section", "h2", "h3", "strong")
        if node.attrib and _SIGNED.search(class_words(node) + " " + plain_name(node.get("id") or ""))
    ]


def _around_title(root: etree._Element, title: str) -> list[str]:
    """The short words that stand with the title: the type of article, dates."""
    box = next((node for node in root.iter("h1", "h2") if same_title(words_in(node), title)), None)
    if box is None:
        return []
    for parent in box.iterancestors():
        if parent.tag == "body" or len(words_in(parent)) > _BOX:
            break
        box = parent
    return [words for node in box.iter(*_SMALL) if len(node) < 3 and 3 < len(words := words_in(node)) < 60]
