"""The body of an OpenDocument text -> parts: what a reader of the printed document sees, changes accepted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from index.readers.manuscript.citation_codes import csl_works
from index.readers.manuscript.container import Container, Element, attribute, child, children, local
from index.readers.manuscript.parts import Cited, Part, Run, flattened
from index.readers.markup.formulas import formula_words
from index.readers.odt.styles import OdtStyle, OdtStyles
from index.wordlists import words

_UNSEEN = words(
    """
    tracked-changes annotation annotation-end table-of-content illustration-index table-index user-index
    alphabetical-index object-index sequence-decls variable-decls forms ruby-text note-citation desc title image
    event-listeners hidden-text hidden-paragraph index-title page-number page-count bibliography-source script
    """
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LEVEL = re.compile(r"\d{1,3}")
_LONG_CELL = 250  # characters from which a cell alone in its row is a box around prose


class OdtStory:
    """Reads a body.

    Args:
        styles: The document's styles.
        container: Where embedded formulas lie.
    """

    def __init__(self, styles: OdtStyles, container: Container | None) -> None:
        self.parts: list[Part] = []
        self.works: dict[str, Cited] = {}
        self._styles = styles
        self._container = container
        self._runs: list[Run] = []
        self._letters: Counter[tuple[bool, float]] = Counter()
        self._after: list[Element] = []  # notes and text boxes, which follow the paragraph they hang on
        self._cites: list[tuple[str, tuple[str, ...]]] = []  # marks that are open, by name

    def read(self, parent: Element, in_list: bool = False, is_references: bool = False) -> None:
        """Read the paragraphs, lists and tables that an element holds."""
        for element in parent:
            kind = local(element)
            if kind in {"p", "h"}:
                self._paragraph(element, in_list, is_references)
            elif kind == "list":
                self._list(element, is_references)
            elif kind == "table":
                self._table(element)
            elif kind == "bibliography":
                self.read(element, is_references=True)
            elif kind == "section":
                name = attribute(element, "name")
                if attribute(element, "display") != "none":
                    listed = "ZOTERO_BIBL" in name or "CSL_BIBLIOGRAPHY" in name
                    self.read(element, in_list, is_references or listed)
            elif kind in {"frame", "custom-shape", "rect"}:
                for box in _boxes(element):
                    self._aside(box)
            elif kind not in _UNSEEN:
                self.read(element, in_list, is_references)

    def _list(self, element: Element, is_references: bool) -> None:
        numbered = self._styles.is_numbered(attribute(element, "style-name"))
        number = 0
        for item in element:
            before = len(self.parts)
            self.read(item, local(item) == "list-item", is_references)
            if numbered and len(self.parts) > before and local(item) == "list-item":
                number += 1
                self.parts[before].label = str(number)

    def _paragraph(self, element: Element, in_list: bool, is_references: bool) -> None:
        style = self._styles.named(attribute(element, "style-name"))
        self._runs, self._letters = [], Counter()
        self._inline(element, style)
        if not style.is_contents and not style.hidden:
            self._close(element, style, in_list, is_references)
        after, self._after = self._after, []
        for note in after:
            self._aside(note)

    def _close(self, element: Element, style: OdtStyle, in_list: bool, is_references: bool) -> None:
        part = Part(style.role or "paragraph", self._runs)
        level = attribute(element, "outline-level")
        if local(element) == "h" and style.role != "title":
            part.role, part.level = "heading", int(level) if _LEVEL.fullmatch(level) else max(1, style.level)
        elif part.role == "heading":
            part.level = max(1, style.level)
        elif is_references and part.role == "paragraph":
            part.role = "entry"
        elif in_list and part.role == "paragraph":
            part.role = "item"
        if letters := self._letters.most_common(1):
            part.bold = all(bold for bold, _ in self._letters)
            part.size = letters[0][0][1]
        self.parts.append(part)

    def _aside(self, element: Element) -> None:
        """A note or a text box, after the paragraph it hangs on."""
        inner = OdtStory(self._styles, self._container)
        inner.works = self.works
        inner.read(element)
        for part in inner.parts:
            if part.role not in {"row", "heading", "item"}:
                part.role = "paragraph"
        self.parts += inner.parts

    def _inline(self, parent: Element, style: OdtStyle) -> None:
        self._say(parent.text, style)
        for element in parent:
            kind = local(element)
            if kind in {"s", "tab", "line-break"}:
                self._say(" ", style)
            elif kind == "span":
                self._inline(element, self._look(attribute(element, "style-name"), style))
            elif kind == "note":
                self._after += children(element, "note-body")
            elif kind == "frame":
                self._say(self._formula(element), style)
                self._after += _boxes(element)
            elif kind == "bibliography-mark":
                self._cites.append(("", self._marked(element)))
                self._inline(element, style)
                self._cites.pop()
            elif kind == "reference-mark-start":
                self._open(attribute(element, "name"))
            elif kind == "reference-mark-end":
                ended = attribute(element, "name")
                self._cites = [mark for mark in self._cites if mark[0] != ended]
            elif kind not in _UNSEEN:
                self._inline(element, style)
            self._say(element.tail, style)

    def _say(self, said: str | None, style: OdtStyle) -> None:
        if said and not style.hidden:
            cites = self._cites[-1][1] if self._cites else ()
            self._runs.append(Run(said, style.raised, cites))
            self._letters[style.bold, style.size] += sum(letter.isalpha() for letter in said)
            if not self._letters[style.bold, style.size]:
                del self._letters[style.bold, style.size]

    def _look(self, name: str, base: OdtStyle) -> OdtStyle:
        own = self._styles.named(name)
        return OdtStyle(
            bold=own.bold or base.bold,
            size=own.size or base.size,
            raised=own.raised,
            hidden=own.hidden or base.hidden,
        )

    def _open(self, name: str) -> None:
        """A mark begins; Zotero and Mendeley keep what is cited in its name."""
        if "CSL_CITATION" in name:
            works = list(csl_works(name))
            for work in works:
                self.works.setdefault(work.key, work)
            self._cites.append((name, tuple(dict.fromkeys(work.key for work in works))))

    def _marked(self, element: Element) -> tuple[str, ...]:
        """The work that a bibliography mark of the word processor's own describes."""
        title, year = attribute(element, "title"), _YEAR.search(attribute(element, "year"))
        key = attribute(element, "identifier") or title
        if not key:
            return ()
        people = re.split(r"\s*;\s*|\s+and\s+", attribute(element, "author"))
        families = tuple(family for person in people if (family := person.partition(",")[0].strip()))
        self.works.setdefault(key, Cited(key, families, int(year[0]) if year else None, title))
        return (key,)

    def _formula(self, frame: Element) -> str:
        """The words of a formula that is embedded as a document of its own."""
        embedded = child(frame, "object")
        math = child(embedded, "math")
        path = attribute(embedded, "href").removeprefix("./").rstrip("/")
        if math is None and path and self._container is not None:
            math = self._container.xml(f"{path}/content.xml")
        if math is None or local(math) != "math":
            return ""
        for element in math.iter():
            if isinstance(element.tag, str):
                element.tag = local(element)
        return formula_words(math)

    def _table(self, element: Element) -> None:
        for row in _rows(element):
            cells: list[list[Part]] = []
            for cell in children(row, "table-cell"):
                inner = OdtStory(self._styles, self._container)
                inner.works = self.works
                inner.read(cell)
                cells.append([part for part in inner.parts if part.words.strip() or part.cells])
            filled = [cell for cell in cells if cell]
            if len(filled) == 1 and sum(len(part.words) for part in filled[0]) >= _LONG_CELL:
                self.parts += filled[0]
            elif filled:
                self.parts.append(Part("row", cells=[flattened(cell) for cell in filled]))


def _rows(element: Element) -> Iterator[Element]:
    for inner in element:
        kind = local(inner)
        if kind == "table-row":
            yield inner
        elif kind in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(inner)


def _boxes(element: Element) -> Iterator[Element]:
    """The text boxes of a frame or a shape."""
    for inner in element:
        if local(inner) == "text-box" or (local(inner) in {"p", "list"} and local(element) != "frame"):
            yield inner if local(inner) == "text-box" else element
            if local(inner) != "text-box":
                return
        else:
            yield from _boxes(inner)
