"""Word's body and notes -> parts: what a reader of the printed document sees, changes accepted."""

from __future__ import annotations

from collections import Counter

from index.readers.docx.fields import Fields
from index.readers.docx.formulas import formula_words
from index.readers.docx.styles import Lists, Style, Styles, is_on
from index.readers.docx.tree import cells, characters, chosen_form, rows, text_boxes
from index.readers.manuscript.container import Element, attribute, child, local
from index.readers.manuscript.parts import Part, Run, flattened

# What a reader does not see: what was deleted or moved away, and what is about the words.
_UNSEEN = frozenset(
    ["del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr", "delText", "delInstrText", "tblPr", "trPr", "rt"]
)
_BLOCKS = frozenset({"p", "tbl"})
_DRAWN = frozenset({"drawing", "pict", "object"})
_LONG_CELL = 250  # characters from which a cell alone in its row is a box around prose


class Story:
    """Reads the body, or a note.

    Args:
        styles: The document's styles.
        lists: The document's numbered lists.
        notes: The footnotes ("footnote") and endnotes ("endnote") by kind and id.
    """

    def __init__(self, styles: Styles, lists: Lists, notes: dict[tuple[str, str], Element]) -> None:
        self.fields = Fields()
        self.parts: list[Part] = []
        self._styles = styles
        self._lists = lists
        self._notes = notes
        self._runs: list[Run] = []
        self._letters: Counter[tuple[bool, float]] = Counter()
        self._style = Style()
        self._listed = False  # the paragraph has words of a reference manager's list
        self._after: list[Element] = []  # notes and text boxes, which follow the paragraph they hang on
        self._open_mark = False  # the last paragraph's end was deleted: the next one goes on with it

    def read(self, parent: Element) -> None:
        """Read the paragraphs and tables that an element holds."""
        for element in parent:
            kind = local(element)
            if kind == "p":
                self._paragraph(element)
            elif kind == "tbl":
                self._table(element)
            elif kind == "sdt":
                self._control(element)
            elif kind == "AlternateContent":
                for chosen in chosen_form(element):
                    self.read(chosen)
            elif kind not in _UNSEEN:
                self.read(element)

    def _control(self, element: Element) -> None:
        if child(element, "sdtPr", "showingPlcHdr") is not None:
            return  # "Click here to enter text"
        gallery = attribute(child(element, "sdtPr", "docPartObj", "docPartGallery"), "val")
        if "Contents" in gallery:
            return
        self.fields.tagged(attribute(child(element, "sdtPr", "tag"), "val"))
        content = child(element, "sdtContent")
        if content is not None:
            if any(local(inner) in _BLOCKS for inner in content.iter()):
                self.read(content)
            else:
                self._inline(content)
        self.fields.end()

    def _paragraph(self, element: Element) -> None:
        properties = child(element, "pPr")
        if not self._open_mark:
            self._runs, self._letters, self._listed = [], Counter(), False
            self._style = self._styles.paragraph(properties)
        self._inline(element)
        self._open_mark = child(properties, "rPr", "del") is not None
        if not self._open_mark:
            self._close(properties)

    def _close(self, properties: Element | None) -> None:
        style, runs = self._style, self._runs
        self._runs = []
        number = attribute(child(properties, "numPr", "numId"), "val") or style.list_id
        label = self._lists.label(number) if number not in {"", "0"} and any(run.words.strip() for run in runs) else ""
        if style.is_contents:
            return
        part = Part(style.role or "paragraph", runs, level=max(1, style.level), label=label)
        if self._listed and part.role in {"paragraph", "item"}:
            part.role = "entry"
        elif part.role == "paragraph" and number not in {"", "0"}:
            part.role = "item"
        letters = self._letters.most_common(1)
        if letters:
            part.bold = all(bold for bold, _ in self._letters)
            part.size = letters[0][0][1]
        self.parts.append(part)
        after, self._after = self._after, []
        for note in after:
            self._aside(note)

    def _aside(self, element: Element) -> None:
        """A note or a text box, after the paragraph it hangs on."""
        inner = Story(self._styles, self._lists, {})
        inner.fields = self.fields
        inner.read(element)
        for part in inner.parts:
            if part.role in {"title", "author", "front", "entry"}:
                part.role = "paragraph"
        self.parts += inner.parts

    def _inline(self, parent: Element) -> None:
        for element in parent:
            kind = local(element)
            if kind == "r":
                self._run(element)
            elif kind in {"oMath", "oMathPara"}:
                if self.fields.prints:
                    apart = " " if kind == "oMathPara" else ""
                    self._runs.append(Run(f"{apart}{formula_words(element)}{apart}", False, self.fields.cites))
            elif kind == "fldSimple":
                self.fields.simple(attribute(element, "instr"))
                self._inline(element)
                self.fields.end()
            elif kind == "sdt":
                self._control(element)
            elif kind == "AlternateContent":
                for chosen in chosen_form(element):
                    self._inline(chosen)
            elif kind in _DRAWN:
                self._after += text_boxes(element)
            elif kind not in _UNSEEN:
                self._inline(element)

    def _run(self, element: Element) -> None:
        properties = child(element, "rPr")
        if properties is None:
            self._inside(element, False, (self._style.bold, self._style.size))
            return
        if is_on(child(properties, "vanish")) or is_on(child(properties, "webHidden")):
            self._codes(element)
            return
        raised = attribute(child(properties, "vertAlign"), "val") == "superscript"
        look = self._styles.run(properties, self._style)
        self._inside(element, raised, look)

    def _codes(self, element: Element) -> None:
        """The fields that begin or end in a run that is not seen."""
        for inner in element:
            if local(inner) in {"fldChar", "instrText"}:
                self._field(inner)

    def _inside(self, element: Element, raised: bool, look: tuple[bool, float]) -> None:
        for inner in element:
            kind = local(inner)
            if kind in {"fldChar", "instrText"}:
                self._field(inner)
            elif kind in {"footnoteReference", "endnoteReference"}:
                note = self._notes.pop((kind.removesuffix("Reference"), attribute(inner, "id")), None)
                if note is not None:
                    self._after.append(note)
            elif kind == "AlternateContent":
                for chosen in chosen_form(inner):
                    self._inside(chosen, raised, look)
            elif kind in _DRAWN:
                self._after += text_boxes(inner)
            elif kind == "ruby":
                base = child(inner, "rubyBase")
                if base is not None:
                    self._inline(base)
            elif kind not in _UNSEEN and self.fields.prints:
                words = characters(inner, kind)
                if words:
                    self._runs.append(Run(words, raised, self.fields.cites))
                    self._listed = self._listed or self.fields.is_list
                    self._letters[look] += sum(letter.isalpha() for letter in words)

    def _field(self, element: Element) -> None:
        if local(element) == "instrText":
            self.fields.code(element.text or "")
            return
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            data = child(element, "fldData")
            self.fields.begin((data.text or "") if data is not None else "")
        elif kind == "separate":
            self.fields.separate()
        elif kind == "end":
            self.fields.end()

    def _table(self, element: Element) -> None:
        for row in rows(element):
            read: list[list[Part]] = []
            for cell in cells(row):
                inner = Story(self._styles, self._lists, self._notes)
                inner.fields = self.fields
                inner.read(cell)
                read.append([part for part in inner.parts if part.words.strip() or part.cells])
            filled = [cell for cell in read if cell]
            if len(filled) == 1 and sum(len(part.words) for part in filled[0]) >= _LONG_CELL:
                self.parts += filled[0]
            elif filled:
                self.parts.append(Part("row", cells=[flattened(cell) for cell in filled]))
