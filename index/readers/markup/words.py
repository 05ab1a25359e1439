"""The words of an XML element as they are printed: inline markup flattened, marks of citations found.

JATS, BMC and TEI differ in their names for things; a `Vocabulary` says what is what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.readers.assembly import Piece, Words
from index.readers.markup.citation_marks import Cite, Listed, Run, pieces
from index.readers.markup.formulas import RAISED, formula_words
from index.readers.markup.source import Element

_EXPONENT = re.compile(r"\s*[+\-−–‐]?\s*\d[\d\s,;\-–−‐]*")
_KEYS = re.compile(r"[^\s,;#]+")
# The mark of a footnote and the beginning of its words: "a" "The"; of digits, no isotope ("68" "Ga-").
_NOTE = re.compile(r"[a-z*†‡§¶‖#]{1,2} [^\W_].*|\d\d? [A-Z][a-z]{2}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What elements are called.

    Args:
        skipped: Neither these nor what is in them is read as words (pictures, identifiers).
        spaced: These stand apart from the words around them (cells, paragraphs, line breaks).
        formulas: What holds a formula, in one notation or in several.
        raised: Superscripts.
        later: What interrupts no sentence: it is read after the paragraph that it stands in.
        links: What may point to the reference list.
        target: The attribute that says where to.
    """

    skipped: frozenset[str]
    spaced: frozenset[str]
    formulas: frozenset[str]
    raised: str
    later: frozenset[str]
    links: frozenset[str]
    target: str


@dataclass(slots=True)
class Flattening:
    """Flattens the elements of one document.

    Args:
        vocabulary: What its elements are called.
        listed: Its reference list.
        later: What was met that is to be read after the paragraph.
        pointed: What was pointed to beside references: figures, tables.
    """

    vocabulary: Vocabulary
    listed: Listed = field(default_factory=Listed)
    later: list[Element] = field(default_factory=list)
    pointed: list[str] = field(default_factory=list)

    def words(self, element: Element) -> Words:
        """The words of an element, white space still as it stands."""
        if not len(element):
            return element.text or ""
        runs: list[Run] = []
        self.visit(element, runs)
        return self.pieces(runs)

    def plain(self, element: Element | None) -> str:
        """The words of an element, on one line, without marks."""
        if element is None:
            return ""
        words = self.words(element)
        return " ".join((words if isinstance(words, str) else "".join(piece.words for piece in words)).split())

    def pieces(self, runs: list[Run]) -> Words:
        """Runs as an assembly takes them, whole marks as pieces that cite."""
        if any(isinstance(run, Cite) for run in runs):
            return pieces(runs, self.listed)
        return "".join(runs)  # type: ignore[arg-type]

    def visit(self, element: Element, runs: list[Run]) -> None:
        """Add the words within an element to `runs`."""
        if element.text:
            runs.append(element.text)
        for child in element:
            self.enter(child, runs)
            if child.tail:
                runs.append(child.tail)

    def enter(self, child: Element, runs: list[Run]) -> None:
        """Add what an inline element stands for to `runs`."""
        tag, known = child.tag, self.vocabulary
        if tag in known.links:
            targets = _KEYS.findall(child.get(known.target) or "")
            own: list[Run] = []
            self.visit(child, own)
            if keys := self.listed.known(targets):
                words = _whole(own)
                if child.find(f".//{known.raised}") is not None and _after_digit(runs):
                    words = words.translate(RAISED)
                runs.append(Cite(words, keys))
            else:
                self.pointed += targets
                runs += own
        elif tag == known.raised:
            own = []
            self.visit(child, own)
            if _after_digit(runs) and _EXPONENT.fullmatch(_whole(own)):
                # 10<sup>6</sup> is no 106.
                own = [
                    run.translate(RAISED) if isinstance(run, str) else Cite(run.words.translate(RAISED), run.keys)
                    for run in own
                ]
            mark = _NOTE if _after_space(runs) and (child.tail or "")[:1].isalnum() else None
            runs += own
            if mark is not None and mark.fullmatch(f"{_whole(own)} {(child.tail or '')[:3]}"):
                runs.append(" ")
        elif tag in known.formulas:
            runs += ["", formula_words(child), ""]
        elif tag in known.later:
            self.later.append(child)
        elif tag in known.skipped:
            pass
        elif tag in known.spaced:
            runs.append(" ")
            self.visit(child, runs)
            runs.append(" ")
        else:
            self.visit(child, runs)


def joined(*parts: Words) -> list[Piece]:
    """Words one after the other, as pieces."""
    found: list[Piece] = []
    for part in parts:
        found += [Piece(part)] if isinstance(part, str) else part
    return found


def text_of(words: Words) -> str:
    """The words of pieces, as they stand."""
    return words if isinstance(words, str) else "".join(piece.words for piece in words)


def _whole(runs: list[Run]) -> str:
    return "".join(run if isinstance(run, str) else run.words for run in runs)


def _after_space(runs: list[Run]) -> bool:
    for run in reversed(runs):
        words = run if isinstance(run, str) else run.words
        if words:
            return words[-1].isspace()
    return True


def _after_digit(runs: list[Run]) -> bool:
    for run in reversed(runs):
        words = run if isinstance(run, str) else run.words
        if words:
            return words[-1].isdigit()
    return False
