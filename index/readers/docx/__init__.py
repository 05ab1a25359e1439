"""Word documents (.docx): the text as it would be printed, without pictures, headers, footers and comments."""

from __future__ import annotations

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.docx.story import Story
from index.readers.docx.styles import Lists, Styles
from index.readers.manuscript.container import Container, Element, attribute, children, local
from index.readers.manuscript.document import manuscript_document

_MAIN = "word/document.xml"


def read(name: str, data: bytes) -> Document:
    """Read a Word document.

    Raises:
        UnreadableFileError: The file is damaged, needs a password or unpacks to more than a document holds.
    """
    container = Container(name, data)
    main = _target(container.xml("_rels/.rels"), "", "/officeDocument") or _MAIN
    root = container.xml(main)
    if root is None:
        raise UnreadableFileError(f"{name}: holds no Word document; save it anew with the program that made it.")
    folder, _, file = main.rpartition("/")
    linked = container.xml(f"{folder}/_rels/{file}.rels")

    def part(kind: str) -> Element | None:
        return container.xml(_target(linked, folder, f"/{kind}") or f"{folder}/{kind}.xml")

    notes = {
        (kind, attribute(note, "id")): note
        for kind in ("footnote", "endnote")
        for note in children(part(f"{kind}s"), kind)
        if attribute(note, "type") in {"", "normal"}
    }
    story = Story(Styles(part("styles")), Lists(part("numbering")), notes)
    for body in children(root, "body"):
        story.read(body)
    return manuscript_document(
        name, "docx", story.parts, works=story.fields.works, hint=_title(container.xml("docProps/core.xml"))
    )


def _target(relations: Element | None, folder: str, kind: str) -> str:
    """The path of the part that a document relates to as its `kind`, or ""."""
    for relation in children(relations, "Relationship"):
        if attribute(relation, "Type").endswith(kind) and attribute(relation, "TargetMode") != "External":
            target = attribute(relation, "Target")
            return target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
    return ""


def _title(properties: Element | None) -> str:
    if properties is None:
        return ""
    return next((element.text or "" for element in properties if local(element) == "title"), "")
