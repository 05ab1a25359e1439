"""The body of a JATS article, and whatever else has its form: abstracts, appendices, boxes, notes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from index.readers.assembly import Assembly, Words
from index.readers.markup.citation_marks import Run
from index.readers.markup.formulas import formula_words
from index.readers.markup.source import Element
from index.readers.markup.tables import add_rows, labelled
from index.readers.markup.words import Flattening, joined, text_of
from index.readers.xml.jats_names import flat
from index.readers.xml.jats_notes import add_footnotes, add_note, bold_title
from index.readers.xml.jats_references import printed
from index.wordlists import words as names

_LETTER = re.compile(r"[^\W_]")
# What stands under a link to a file: the invitation to click, the file's type.
_NO_CAPTION = re.compile(
    r"click here (?:for|to) [\w ]{0,40}(?:file|data|view)s?\.?"
    r"|\(?(?:pdf|docx?|xlsx?|pptx?|tiff?|eps|zip|csv|txt|avi|mov|mp4)"
    r"(?:,? [\d.,]+ ?[kmg]b)?\)?\.?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Body:
    """Adds the parts of an article to an assembly.

    Args:
        assembly: Where they go.
        flattening: The words of elements.
        people: The names of those whom a footnote concerns, by its key.
        floats: Figures and tables kept at the article's end: each is read after the paragraph that first points to it.
    """

    assembly: Assembly
    flattening: Flattening
    people: dict[str, str] = field(default_factory=dict)
    floats: dict[str, Element] = field(default_factory=dict)

    def children(self, parent: Element, level: int) -> None:
        """Add what an element holds; headings in it are of `level`."""
        for child in parent:
            self.add(child, level)

    def add(self, element: Element, level: int) -> None:
        """Add a block: a section, a paragraph, a list, a figure, a table."""
        handler = _HANDLERS.get(element.tag)
        if handler is not None:
            handler(self, element, level)
        elif element.tag not in _SKIPPED:
            self.children(element, level)

    def section(self, section: Element, level: int, default: str = "") -> None:
        """Add a headed part; `default` is its heading where it prints none."""
        title = section.find("title")
        words = self.flattening.words(title) if title is not None else ""
        if not text_of(words).strip():
            words = default
        self.flattening.later.clear()
        label = flat(section.find("label"))
        if label and not text_of(words).lstrip().startswith(label):
            words = joined(label, " ", words)
        headed = self.assembly.heading(words, level) is not None if text_of(words).strip() else False
        self.children(section, level + headed)

    def paragraph(self, paragraph: Element, level: int, as_item: bool = False, lead: str = "") -> None:
        """Add a paragraph; lists and quotations in it stand on their own, pictures and tables after it."""
        flattening = self.flattening
        later, flattening.later = flattening.later, []
        flattening.pointed = []
        if bold_title(paragraph):
            self._line(flattening.words(paragraph))
        elif not len(paragraph):
            self._words(f"{lead}{paragraph.text or ''}", as_item)
        else:
            runs: list[Run] = [lead, paragraph.text or ""]
            for child in paragraph:
                if child.tag in _BREAKING:
                    self._words(flattening.pieces(runs), as_item)
                    runs = []
                    self.add(child, level)
                else:
                    flattening.enter(child, runs)
                if child.tail:
                    if child is paragraph[0] and _is_run_in(paragraph, child.tail):
                        runs.append(" ")
                    runs.append(child.tail)
            self._words(flattening.pieces(runs), as_item)
        waiting, flattening.later = flattening.later, later
        pointed = flattening.pointed
        for element in waiting:
            self.add(element, level)
        if self.floats:
            for key in pointed:
                if key in self.floats:
                    self.add(self.floats.pop(key), level)

    def _words(self, words: Words, as_item: bool = False) -> None:
        if _LETTER.search(text_of(words)):
            (self.assembly.item if as_item else self.assembly.paragraph)(words)

    def list(self, element: Element, level: int) -> None:
        """Add a list: its title, its items and the lists in them."""
        for child in element:
            if child.tag == "title":
                self._line(self.flattening.words(child))
            elif child.tag == "list-item":
                label = flat(child.find("label"))
                lead = f"{label} " if _LETTER.search(label) else ""
                for part in child:
                    if part.tag == "p":
                        self.paragraph(part, level, as_item=True, lead=lead)
                        lead = ""
                    elif part.tag == "title":
                        self._line(self.flattening.words(part))
                    elif part.tag != "label":
                        self.add(part, level)
                if child.text and child.text.strip():
                    self.assembly.item(self.flattening.words(child))

    def definitions(self, element: Element, level: int) -> None:
        """Add a list of terms or abbreviations: "Term: what it means"."""
        for child in element:
            if child.tag == "title":
                self._line(self.flattening.words(child))
            elif child.tag == "def-item":
                term = child.find("term")
                words = self.flattening.words(term) if term is not None else ""
                for meaning in child.iterfind("def"):
                    between = " " if text_of(words).rstrip().endswith((":", "=", "—")) else ": "
                    self.assembly.item(joined(words, between, self.flattening.words(meaning)))
                if child.find("def") is None:
                    self.assembly.item(words)
            elif child.tag == "def-list":
                self.definitions(child, level)

    def captioned(self, element: Element, level: int) -> None:
        """Add a figure, a table or a supplementary file: label and caption, rows, footnotes."""
        label, caption = flat(element.find("label")), element.find("caption")
        parts = [part for part in caption if part.tag in ("title", "p")] if caption is not None else []
        title = element.find("title")
        parts = [title, *parts] if title is not None else parts
        later, self.flattening.later = self.flattening.later, []
        if not any(_LETTER.search(flat(part)) for part in parts):
            has_words = element.tag in ("fig", "table-wrap", "boxed-text") and label
            self._line(label if has_words else "")
        else:
            for part in parts:
                words = self.flattening.words(part)
                if text_of(words).strip() and not _NO_CAPTION.fullmatch(text_of(words).strip()):
                    self.assembly.paragraph(labelled(label, words))
                    label = ""
        for child in element:
            if child.tag not in ("label", "caption", "title", "attrib"):
                self.add(child, level)
        for attribution in element.iterfind("attrib"):
            self.assembly.paragraph(self.flattening.words(attribution))
        waiting, self.flattening.later = self.flattening.later, later
        for inner in waiting:
            self.add(inner, level)

    def table(self, table: Element, level: int) -> None:
        """Add the rows of a table."""
        add_rows(self.assembly, self.flattening, table)

    def alternatives(self, element: Element, level: int) -> None:
        """Add one of several forms of the same: a table rather than its picture, a formula once."""
        table = element.find("table")
        if table is not None:
            self.table(table, level)
        else:
            self.formula(element, level)

    def formula(self, element: Element, level: int) -> None:
        """Add a formula that stands on its own."""
        self._line(formula_words(element))

    def quotation(self, element: Element, level: int) -> None:
        """Add a quotation or verse: what it holds, without headings."""
        for child in element:
            if child.tag in ("verse-line", "attrib", "title", "label", "speaker"):
                self._words(self.flattening.words(child))
            else:
                self.add(child, level)

    def line(self, element: Element, level: int) -> None:
        """Add a heading that opens no section, or words set as they are."""
        self._line(self.flattening.words(element))

    def citation(self, element: Element, level: int) -> None:
        """Add an entry of a list of data sets or of further reading that stands in the text."""
        self._words(printed(element), as_item=True)

    def _line(self, words: Words) -> None:
        if _LETTER.search(text_of(words)):
            self.assembly.row([words])


def _is_run_in(paragraph: Element, following: str) -> bool:
    """Whether a paragraph begins with a heading in bold that its words follow without a space."""
    first = paragraph[0]
    if first.tag not in ("bold", "italic") or (paragraph.text or "").strip() or not following[:1].isupper():
        return False
    return flat(first).endswith((".", ":"))


_HANDLERS: dict[str, Callable[[Body, Element, int], None]] = {
    "sec": Body.section,
    "app": Body.section,
    "p": Body.paragraph,
    "list": Body.list,
    "def-list": Body.definitions,
    "fig": Body.captioned,
    "table-wrap": Body.captioned,
    "boxed-text": Body.captioned,
    "supplementary-material": Body.captioned,
    "media": Body.captioned,
    "fig-group": Body.captioned,
    "table-wrap-group": Body.captioned,
    "chem-struct-wrap": Body.captioned,
    "array": Body.table,
    "table": Body.table,
    "alternatives": Body.alternatives,
    "fn": add_note,
    "fn-group": add_footnotes,
    "disp-formula": Body.formula,
    "disp-quote": Body.quotation,
    "verse-group": Body.quotation,
    "speech": Body.quotation,
    "statement": Body.captioned,
    "preformat": Body.line,
    "code": Body.line,
    "attrib": Body.line,
    "subtitle": Body.line,
    "element-citation": Body.citation,
    "mixed-citation": Body.citation,
    "nlm-citation": Body.citation,
    "citation": Body.citation,
}
_BREAKING = frozenset(
    {"list", "def-list", "disp-quote", "verse-group", "speech", "statement", "array", "preformat", "p"}
)
# What is no block of words, or was read with its parent.
_SKIPPED = names(
    "title label caption graphic inline-graphic object-id alt-text long-desc permissions sec-meta ref-list "
    "sub-article response index-term processing-meta xref title-group"
)
