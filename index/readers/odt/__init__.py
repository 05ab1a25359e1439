"""OpenDocument texts (.odt, also as one flat XML file): the text as it would be printed."""

from __future__ import annotations

from lxml import etree

from index.documents import Document
from index.errors import UnreadableFileError, one_line
from index.readers.manuscript.container import Container, Element, child, children, parse
from index.readers.manuscript.document import manuscript_document
from index.readers.odt.story import OdtStory
from index.readers.odt.styles import OdtStyles


def read(name: str, data: bytes) -> Document:
    """Read an OpenDocument text.

    Raises:
        UnreadableFileError: The file is damaged, needs a password or unpacks to more than a document holds.
    """
    container: Container | None = None
    if data.startswith(b"PK"):
        container = Container(name, data)
        if b":encryption-data" in (container.part("META-INF/manifest.xml") or b""):
            raise UnreadableFileError(f"{name}: needs a password; save it without one.")
        content, named, about = (container.xml(f"{part}.xml") for part in ("content", "styles", "meta"))
    else:
        content = named = about = _flat(name, data)
    text = child(content, "body", "text")
    if text is None:
        raise UnreadableFileError(f"{name}: holds no OpenDocument text; save it anew with the program that made it.")
    styles = OdtStyles([root for root in (named, content) if root is not None])
    story = OdtStory(styles, container)
    story.read(text)
    return manuscript_document(name, "odt", story.parts, works=story.works, hint=_title(about))


def _flat(name: str, data: bytes) -> Element:
    try:
        return parse(data)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(f"{name}: is damaged ({one_line(error)}); save the file anew.") from error


def _title(about: Element | None) -> str:
    return next((element.text or "" for element in children(child(about, "meta"), "title")), "")
