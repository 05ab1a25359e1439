"""Word's fields: which of their words are printed, and what the codes of reference managers say of the works cited."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.readers.manuscript.citation_codes import csl_works, endnote_works
from index.readers.manuscript.parts import Cited

_CSL = re.compile(r"ADDIN\s+(?:ZOTERO_ITEM\s+)?CSL_CITATION|ADDIN\s+ZOTERO_ITEM")
_ENDNOTE = re.compile(r"ADDIN\s+EN\.CITE")
_LIST = re.compile(
    r"ADDIN\s+(?:ZOTERO_BIBL|EN\.REFLIST|Mendeley Bibliography|PAPERS2_BIBLIOGRAPHY|CSL_BIBLIO)|BIBLIOGRAPHY\b"
)
_CONTENTS = re.compile(r"(?:TOC|INDEX|TOA|PAGE|NUMPAGES|SECTIONPAGES)\b")
_TAGGED = re.compile(r"MENDELEY_CITATION_v\d+_([A-Za-z0-9+/=_-]+)")
_LARGEST = 20_000_000


@dataclass(slots=True)
class Field:
    """A field that has begun: its code so far, and whether its result has."""

    code: list[str] = field(default_factory=list)
    in_result: bool = False
    cites: tuple[str, ...] = ()
    is_list: bool = False
    hides: bool = False


class Fields:
    """The fields that are open, innermost last, and the works that those read so far name."""

    def __init__(self) -> None:
        self._open: list[Field] = []
        self.works: dict[str, Cited] = {}

    @property
    def prints(self) -> bool:
        """Whether words that stand here are printed."""
        return all(one.in_result and not one.hides for one in self._open)

    @property
    def cites(self) -> tuple[str, ...]:
        """The keys of the works that words here cite."""
        return next((one.cites for one in reversed(self._open) if one.cites), ())

    @property
    def is_list(self) -> bool:
        """Whether this is a reference list that a reference manager wrote."""
        return any(one.is_list for one in self._open)

    def begin(self, data: str = "") -> None:
        """A field begins, with the data attached to it."""
        self._open.append(Field([_unpacked(data)] if data else []))

    def code(self, words: str) -> None:
        """A part of a field's code."""
        if self._open:
            self._open[-1].code.append(words)

    def separate(self) -> None:
        """A field's result begins."""
        if self._open and not self._open[-1].in_result:
            self._judge(self._open[-1])

    def end(self) -> None:
        """A field ends."""
        if not self._open:
            return
        closed = self._open.pop()
        if not closed.in_result and self._open:
            # A code within the code: EndNote keeps its data so.
            self._open[-1].code.append(" ".join(closed.code))

    def simple(self, code: str) -> None:
        """A field whose code stands in one piece; its result begins."""
        self._open.append(Field([code]))
        self.separate()

    def tagged(self, tag: str) -> None:
        """A content control begins, whose tag may be a reference manager's."""
        own = Field(in_result=True, is_list=tag.startswith("MENDELEY_BIBLIOGRAPHY") or tag == "CitaviBibliography")
        if found := _TAGGED.match(tag):
            own.cites = self._keep(csl_works(_decoded(found[1]).decode("utf-8", "replace")))
        self._open.append(own)

    def _judge(self, own: Field) -> None:
        own.in_result = True
        code = "".join(own.code).strip()
        own.is_list = _LIST.match(code) is not None
        own.hides = _CONTENTS.match(code) is not None
        if _CSL.match(code):
            own.cites = self._keep(csl_works(code))
        elif _ENDNOTE.match(code):
            own.cites = self._keep(endnote_works(code))

    def _keep(self, works: Iterator[Cited]) -> tuple[str, ...]:
        found = list(works)
        for work in found:
            self.works.setdefault(work.key, work)
        return tuple(dict.fromkeys(work.key for work in found))


def _unpacked(data: str) -> str:
    return f" {_decoded(data).decode('utf-8', 'replace')} "


def _decoded(data: str) -> bytes:
    tight = "".join(data[:_LARGEST].split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(tight + "=" * (-len(tight) % 4))
    except (binascii.Error, ValueError):
        return b""
