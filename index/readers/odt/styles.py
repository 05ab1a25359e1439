"""What OpenDocument styles say of a paragraph or of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.readers.manuscript.container import Element, attribute, child, children
from index.readers.manuscript.parts import Role
from index.readers.manuscript.style_names import role_of

_ENCODED = re.compile(r"_([0-9a-f]{2})_")
_POINTS = re.compile(r"([\d.]+)pt")


@dataclass(frozen=True, slots=True)
class OdtStyle:
    """A style, with what it inherits."""

    role: Role | None = None
    level: int = 0
    bold: bool = False
    size: float = 0.0
    raised: bool = False
    hidden: bool = False
    is_contents: bool = False


class OdtStyles:
    """The styles of a document, by their names.

    Args:
        roots: The XML parts that hold styles; those of the last count most.
    """

    def __init__(self, roots: Sequence[Element]) -> None:
        self._elements: dict[str, Element] = {}
        self._made: dict[str, OdtStyle] = {}
        self._numbered: set[str] = set()
        for root in roots:
            for group in ("styles", "automatic-styles"):
                for style in children(child(root, group), "style"):
                    self._elements[attribute(style, "name")] = style
                for style in children(child(root, group), "list-style"):
                    first = next((level for level in style if attribute(level, "level") == "1"), None)
                    if first is not None and attribute(first, "num-format") == "1":
                        self._numbered.add(attribute(style, "name"))

    def is_numbered(self, list_style: str) -> bool:
        """Whether the items of a list in that style have numbers."""
        return list_style in self._numbered

    def named(self, name: str) -> OdtStyle:
        """The style of that name."""
        chain: list[str] = []
        at = name
        while at in self._elements and at not in self._made and at not in chain and len(chain) < 40:
            chain.append(at)
            at = attribute(self._elements[at], "parent-style-name")
        made = self._made.get(at, OdtStyle())
        for link in reversed(chain):
            made = self._made[link] = _inherited(made, self._elements[link])
        return self._made.get(name, OdtStyle())


def _inherited(base: OdtStyle, element: Element) -> OdtStyle:
    shown = attribute(element, "display-name") or _ENCODED.sub(
        lambda code: chr(int(code[1], 16)), attribute(element, "name")
    )
    style = base
    if (judged := role_of(shown)) is not None and attribute(element, "family") == "paragraph":
        style = replace(style, role=judged.role, level=judged.level, is_contents=judged.is_contents)
    looks = child(element, "text-properties")
    if looks is None:
        return style
    weight, position = attribute(looks, "font-weight"), attribute(looks, "text-position")
    size = _POINTS.fullmatch(attribute(looks, "font-size"))
    return replace(
        style,
        bold=weight in {"bold", "600", "700", "800", "900"} if weight else style.bold,
        size=float(size[1]) if size and size[1].count(".") < 2 and size[1] != "." else style.size,
        raised=position.startswith("super") or position[:1].isdigit() if position else style.raised,
        hidden=attribute(looks, "display") == "none" or style.hidden,
    )
