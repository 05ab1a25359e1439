"""A manuscript in the making: paragraphs with their looks, as word processors and Markdown have them.

Readers of such formats hand over parts; `index.readers.manuscript.document` makes the Document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["title", "author", "front", "heading", "paragraph", "item", "row", "entry"]
"""What a part is: "front" is other matter of the title page, "entry" one of the reference list."""

_SPACE = re.compile(r"\s+")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
_EXPONENT = re.compile(r"[-−–+]?\d{1,3}")
_NEGATIVE = re.compile(r"[-−–]\d{1,2}")
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look. `cites` are keys of `Cited` works; `raised` words are printed as superscripts."""

    words: str
    raised: bool = False
    cites: tuple[str, ...] = ()


@dataclass(slots=True)
class Part:
    """A paragraph, or a table's row.

    Args:
        role: What it is.
        runs: Its words; of a row none.
        cells: The words of a row's cells.
        level: Of a heading, 1 being the highest.
        bold: Whether all its letters are bold.
        size: The size of its letters in points, or 0 where it is not known.
        label: The number that the word processor prints before it, and that is not among its words.
        key: The key of a `Cited` work, where an entry is known to be that.
        states: The field of the bibliography that a "front" part states.
    """

    role: Role
    runs: list[Run] = field(default_factory=list)
    cells: list[list[Run]] = field(default_factory=list)
    level: int = 1
    bold: bool = False
    size: float = 0.0
    label: str = ""
    key: str = ""
    states: str = ""

    @property
    def words(self) -> str:
        """Its words, on one line."""
        return "".join(run.words for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cited:
    """A work that the text cites, as a reference manager's field or a footnote describes it."""

    key: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    title: str = ""
    doi: str = ""


def tidied(runs: Iterable[Run]) -> list[Run]:
    """The runs as one line, single spaces between words; raised numbers after a digit are exponents, and stay so."""
    made: list[Run] = []
    spaced = True
    for run in runs:
        words = _SPACE.sub(" ", _NOT_TEXT.sub("", run.words).replace("\u00ad", ""))
        if spaced:
            words = words.removeprefix(" ")
        if not words:
            continue
        raised = run.raised
        if raised and made and not run.cites:
            digit = made[-1].words[-1:].isdigit() or made[-1].words[-1:] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
            if (digit and _EXPONENT.fullmatch(words)) or _NEGATIVE.fullmatch(words):
                words, raised = words.translate(_RAISED), False
        if run.cites and made and made[-1].cites == run.cites:
            before = made.pop()
            words, raised = before.words + words, before.raised and raised
        made.append(Run(words, raised, run.cites))
        spaced = words.endswith(" ")
    while made and made[-1].words.endswith(" "):
        last = made.pop()
        if last.words.strip():
            made.append(Run(last.words.rstrip(), last.raised, last.cites))
    return made


def flattened(cell: Iterable[Part]) -> list[Run]:
    """The words of all parts of a table's cell, one after the other."""
    runs: list[Run] = []
    for part in cell:
        for inner in [part.runs, *part.cells]:
            runs += [Run(" "), *inner] if runs else inner
    return runs
