"""The words inside a paragraph: formulas, raised figures, links to the reference list."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from lxml import etree

from index.readers.assembly import Words
from index.readers.html.reference_list import ReferenceLists
from index.readers.html.tree import BLOCKS, class_words, walk, words_in
from index.readers.markup.citation_marks import Cite, Listed, Run, pieces
from index.readers.markup.formulas import formula_words

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff⇓⇑↵"))
_EXPONENT = re.compile(r"\s*[+\-−–‐]?\s*\d[\d\s,;\-–−‐]*")
_RAISED = str.maketrans("0123456789+-−–‐", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻")
_DASHED = re.compile(r"\W*(\d+)\s*[\-–—−‐‑]\s*(\d+)\W*")
_TEX = re.compile(r"\b(?:mathjax tex|math inline|math display|tex|latex|arithmatex)\b")
_TEX_ENDS = re.compile(r"^\s*(?:\\[(\[]|\$\$?)|(?:\\[)\]]|\$\$?)\s*$")
_PICTURED = re.compile(r"\b(?:latex|tex|math|mwe math fallback image inline|equation|formula)\b")
# A formula's other forms, where it has one as MathML or is drawn from one.
_SECOND_FORM = re.compile(r"\b(?:mathjax preview|katex html|mjx chtml)\b")


@dataclass(slots=True)
class Inline:
    """Turns the inline elements of a page into runs of words.

    Args:
        references: The page's reference lists.
        skipped: The elements that are left out.
        listed: The same lists, for marks in the text.
        labels: What the entries are numbered with -> their keys.
    """

    references: ReferenceLists
    skipped: Collection[etree._Element]
    listed: Listed = field(default_factory=Listed)
    labels: Mapping[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def text(self, words: str) -> None:
        """Add words."""
        self.runs.append(words.translate(_UNSEEN) if not words.isascii() else words)

    def enter(self, node: etree._Element) -> bool:
        """Take an inline element whole; False for one whose words are to be walked as usual."""
        tag = node.tag
        if tag == "a":
            cited = self.references.cites(node)
            words = words_in(node, self.skipped) if cited else ""
            if words:
                self._raised(words, cited, node.find(".//sup") is not None)
            return bool(cited)
        if tag == "sup":
            return self._superscript(node)
        if tag in {"math", "mml:math", "m:math"}:
            self.runs += [" ", _formula(node), " "]
            return True
        if tag == "img":
            alt = node.get("alt") or ""
            if alt and _PICTURED.search(class_words(node)):
                self.text(alt)
            return True
        if tag in {"span", "div"} and _TEX.search(class_words(node)) and "\\" in (node.text or ""):
            self.runs += [" ", _tex(node.text or ""), " "]
            return True
        if tag in {"span", "nobr"} and _SECOND_FORM.search(class_words(node)):
            return _has_mathml(node)
        return False

    def _superscript(self, node: etree._Element) -> bool:
        if next(node.iterchildren(), None) is not None:
            return False
        words = node.text or ""
        if words and _EXPONENT.fullmatch(words) and self._after_digit():
            words = words.translate(_RAISED)  # 10<sup>6</sup> is no 106
        self.text(words)
        return True

    def _raised(self, words: str, cited: tuple[str, ...], is_raised: bool) -> None:
        if is_raised and _EXPONENT.fullmatch(words) and self._after_digit():
            words = words.translate(_RAISED)
        if (ends := _DASHED.fullmatch(words)) and ends[1] in self.labels and ends[2] in self.labels:
            cited = (self.labels[ends[1]], self.labels[ends[2]])  # one link for "23–25"
        self.runs.append(Cite(words.translate(_UNSEEN), cited))

    def _after_digit(self) -> bool:
        for run in reversed(self.runs):
            words = run if isinstance(run, str) else run.words
            if words:
                return words[-1].isdigit()
        return False

    def take(self) -> Words:
        """The words since the last time, whole marks as pieces that cite."""
        runs, self.runs = self.runs, []
        if any(isinstance(run, Cite) for run in runs):
            return pieces(runs, self.listed)
        return "".join(runs)  # type: ignore[arg-type]

    def whole(self, root: etree._Element, skipped: Collection[etree._Element] = frozenset()) -> Words:
        """The words of an element on one line: a heading, a table's cell."""
        before, self.runs = self.runs, []
        taken: set[etree._Element] = set()
        for event, node, words in walk(root, {*self.skipped, *skipped} if skipped else self.skipped, taken):
            if event == "text":
                self.text(words)
            elif event == "open" and node is not root and self.enter(node):
                taken.add(node)
            if event != "text" and (node.tag in BLOCKS or node.tag == "br"):
                self.runs.append(" ")
        made = self.take()
        self.runs = before
        return made


def _formula(node: etree._Element) -> str:
    for inner in node.iter("*"):
        if isinstance(inner.tag, str) and ":" in inner.tag:
            with suppress(ValueError):  # "<m:</math>" is an element of a name that nothing else may have
                inner.tag = inner.tag.rpartition(":")[2]
    try:
        words = formula_words(node)
    except RecursionError:  # boxes in boxes: its words will do
        words = words_in(node)
    return words or node.get("alttext") or ""


def _has_mathml(node: etree._Element) -> bool:
    parent = node.getparent()
    return parent is not None and next(parent.iter("math"), None) is not None and node.find(".//math") is None


def _tex(source: str) -> str:
    formula = etree.Element("tex-math")
    formula.text = _TEX_ENDS.sub("", source)
    return formula_words(formula)
