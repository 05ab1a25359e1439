"""The parts of a DOCX or ODT file: a ZIP container, opened within bounds, its XML parsed with no way out of it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from index.errors import UnreadableFileError, one_line

Element: TypeAlias = etree._Element

UNPACKED = 32_000_000
"""Bytes that the parts read of one file may unpack to. Pictures are not read."""

# What zipfile raises on bytes that are no sound container.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError)


class Container:
    """A document's ZIP container.

    Raises:
        UnreadableFileError: It is damaged, needs a password or unpacks to more than a document holds.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        self._left = UNPACKED
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise self._damaged() from error
        self._paths = {info.filename.lstrip("/").casefold(): info for info in self._zip.infolist()}

    def part(self, path: str) -> bytes | None:
        """The bytes of a part, or None where there is none."""
        info = self._paths.get(path.lstrip("/").casefold())
        if info is None:
            return None
        if info.flag_bits & 1:
            raise UnreadableFileError(f"{self._name}: needs a password; save it without one.")
        if info.file_size > self._left:
            raise self._too_large()
        try:
            with self._zip.open(info) as packed:
                data = packed.read(self._left + 1)  # whatever size its header claims
        except _DAMAGE as error:
            raise self._damaged() from error
        if len(data) > self._left:
            raise self._too_large()
        self._left -= len(data)
        return data

    def xml(self, path: str) -> Element | None:
        """The root element of an XML part, or None where there is no such part."""
        data = self.part(path)
        if data is None:
            return None
        try:
            return parse(data)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableFileError(
                f"{self._name}: its part {path} is damaged ({one_line(error)}); save the file anew with the program "
                "that made it."
            ) from error

    def _damaged(self) -> UnreadableFileError:
        return UnreadableFileError(f"{self._name}: the file is damaged; get it anew.")

    def _too_large(self) -> UnreadableFileError:
        return UnreadableFileError(
            f"{self._name}: its text unpacks to more than {UNPACKED // 1_000_000} MB, which no article needs; "
            "save what you need of it as .txt."
        )


def parse(data: bytes) -> Element:
    """The root element of XML bytes; no entity is opened and nothing is fetched.

    Raises:
        etree.XMLSyntaxError: The bytes are not XML.
        ValueError: The XML declares entities, which no office file does.
    """
    if b"<!ENTITY" in data:
        raise ValueError("it declares entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, parser)


def local(element: Element) -> str:
    """An element's name without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str:
    """The attribute of that name, in whatever namespace, or ""."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant that is reached by these names, each a child of the one before."""
    for name in path:
        if element is None:
            return None
        for inner in element:
            tag = inner.tag
            # The first test spares most elements the second: this is where the time goes.
            if isinstance(tag, str) and tag.endswith(name) and local(inner) == name:
                element = inner
                break
        else:
            return None
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children of that name."""
    if element is not None:
        for inner in element:
            if local(inner) == name:
                yield inner
