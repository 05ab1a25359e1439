"""Ways about Word's elements: text boxes, table rows, the one form that counts of several."""

from __future__ import annotations

from collections.abc import Iterator

from index.readers.docx.symbols import symbol
from index.readers.manuscript.container import Element, attribute, child, children, local

_SPACES = frozenset({"tab", "br", "cr", "ptab"})


def characters(element: Element, kind: str) -> str:
    """The characters that a part of a run prints."""
    if kind == "t":
        return element.text or ""
    if kind in _SPACES:
        return " "
    if kind == "noBreakHyphen":
        return "\u2011"
    if kind == "sym":
        return symbol(attribute(element, "font"), attribute(element, "char"))
    return ""


def chosen_form(element: Element) -> Iterator[Element]:
    """Of the forms of one content the one that is read: the first that holds anything."""
    for kind in ("Choice", "Fallback"):
        for form in children(element, kind):
            if any(local(inner) == "t" for inner in form.iter()) or kind == "Fallback":
                yield form
                return


def text_boxes(element: Element) -> Iterator[Element]:
    """The text boxes of a drawing."""
    for inner in element:
        if local(inner) == "txbxContent":
            yield inner
        elif local(inner) == "AlternateContent":
            for chosen in chosen_form(inner):
                yield from text_boxes(chosen)
        else:
            yield from text_boxes(inner)


def rows(element: Element) -> Iterator[Element]:
    """The rows of a table."""
    yield from _nested(element, "tr")


def cells(row: Element) -> Iterator[Element]:
    """The cells of a row."""
    yield from _nested(row, "tc")


def _nested(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also where content controls or accepted changes are around them."""
    for inner in element:
        kind = local(inner)
        if kind == name:
            if child(inner, "trPr", "del") is None and child(inner, "tcPr", "cellDel") is None:
                yield inner
        elif kind in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "AlternateContent"}:
            for chosen in chosen_form(inner) if kind == "AlternateContent" else (inner,):
                yield from _nested(chosen, name)
