"""What the files should say, from the manifest and from XML twins, without Pincite's own readers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from index.sentences import sentence_spans

_INLINE = frozenset(
    """abbr abbrgrp b bold email ext-link i inf it italic monospace named-content overline roman sans-serif sc smcaps
    strike styled-content sub sup u ul underline uri url xref xrefbib xrefart figr tblr""".split()  # noqa: SIM905
)
# Not running prose: these are measured elsewhere, or look otherwise in every format.
_FLOATS = frozenset(
    """table-wrap table-wrap-group fig fig-group tbl suppl supplementary-material media disp-formula disp-formula-group
    display-formula ref-list fn fn-group graphic tex-math object-id table array code""".split()  # noqa: SIM905
)
_PARTS = frozenset(
    """p list list-item sec boxed-text disp-quote def-list def-item def statement verse-group
    speech""".split()  # noqa: SIM905
)


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


@dataclass(frozen=True)
class Twin:
    """What an XML file says, by a crude reading: the sentences of its body, all its words, its references."""

    everything: str
    body: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """The keys of its references, in order."""
    pointers: list[str] = field(default_factory=list)
    """The key of the reference for each place that points to one."""

    @property
    def references(self) -> int:
        """How many references there are."""
        return len(self.keys)


def twin(data: bytes) -> Twin | None:
    """Read JATS or BMC XML crudely; None where there is no body."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, recover=True, huge_tree=True)
    root = etree.fromstring(data, parser)
    body = next(root.iter("body", "bdy"), None) if root is not None else None
    if root is None or body is None:
        return None
    sentences: list[str] = []
    for paragraph in body.iter("p"):
        if any(parent.tag in _FLOATS or parent.tag == "tblr" for parent in paragraph.iterancestors()):
            continue
        for part in _own(paragraph).split("\n"):
            words = " ".join(part.split())
            sentences += [span.of(words) for span in sentence_spans(words) if any(map(str.isalpha, span.of(words)))]
    entries = [entry for entry in root.iter("ref") if len(entry)] or root.iterfind(".//refgrp/bibl")
    keys = [entry.get("id") or "" for entry in entries]
    pointers = [
        key
        for pointer in root.iter("xref", "abbr")
        if pointer.tag == "abbr" or pointer.get("ref-type") == "bibr"
        for key in (pointer.get("rid") or pointer.get("bid") or "").split()
    ]
    return Twin(_everything(root), sentences, keys, pointers)


def _own(element: etree._Element) -> str:
    """The words of a paragraph; "\\n" where another paragraph, a list or a float stands in it."""
    made = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str):
            made.append("")
        elif child.tag in _FLOATS or (child.tag == "tblr" and len(child)):
            made.append(" ")
        elif child.tag in _PARTS:
            made.append("\n")
        elif child.tag == "abbrgrp":  # BMC's own: the brackets are the stylesheet's
            made.append(f"[{','.join(''.join(mark.itertext()) for mark in child)}]")
        else:
            made.append(_own(child))
        made.append(child.tail or "")
    return "".join(made)


def _everything(root: etree._Element) -> str:
    made: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if element.tag not in _INLINE:
            made.append(" ")
        made.append((element.text if event == "start" else element.tail) or "")
    return "".join(made)
