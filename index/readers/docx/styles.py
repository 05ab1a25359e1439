"""What Word's styles and lists say of a paragraph: its role, its level, its letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from index.readers.manuscript.container import Element, attribute, child, children
from index.readers.manuscript.parts import Role
from index.readers.manuscript.style_names import role_of

_LEVEL = re.compile(r"\d{1,3}")

HALF_POINTS = 2


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph's or a run's style, with what it inherits."""

    name: str = ""
    role: Role | None = None
    level: int = 0  # of a heading, from 1
    bold: bool = False
    size: float = 0.0
    list_id: str = ""
    is_contents: bool = False


class Styles:
    """The styles of a document, by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._elements = {attribute(style, "styleId"): style for style in children(root, "style")}
        self._made: dict[str, Style] = {}
        size = attribute(child(root, "docDefaults", "rPrDefault", "rPr", "sz"), "val")
        self._default = Style(size=_points(size) or 10.0)
        self._usual = next(
            (
                attribute(style, "styleId")
                for style in children(root, "style")
                if attribute(style, "type") == "paragraph" and attribute(style, "default") in {"1", "true", "on"}
            ),
            "",
        )

    def paragraph(self, properties: Element | None) -> Style:
        """The style of a paragraph, with what its own properties say."""
        own = attribute(child(properties, "pStyle"), "val")
        style = self.named(own if own in self._elements else self._usual)
        if own and own not in self._elements:
            style = _judged(replace(style, name=own))
        return _outlined(style, properties)

    def run(self, properties: Element | None, paragraph: Style) -> tuple[bool, float]:
        """Whether a run is bold, and its size in points."""
        style = attribute(child(properties, "rStyle"), "val")
        base = self.named(style) if style in self._elements else None
        bold = paragraph.bold or (base is not None and base.bold)
        own = child(properties, "b")
        size = _points(attribute(child(properties, "sz"), "val"))
        return (is_on(own) if own is not None else bold), size or paragraph.size

    def named(self, style: str) -> Style:
        """The style of that id."""
        chain: list[str] = []
        at = style
        while at in self._elements and at not in self._made and at not in chain and len(chain) < 40:
            chain.append(at)
            at = attribute(child(self._elements[at], "basedOn"), "val")
        made = self._made.get(at, self._default)
        for link in reversed(chain):
            made = self._made[link] = self._inherited(made, self._elements[link])
        return self._made.get(style, self._default)

    def _inherited(self, base: Style, element: Element) -> Style:
        run, paragraph = child(element, "rPr"), child(element, "pPr")
        bold = child(run, "b")
        named = replace(
            base,
            name=attribute(child(element, "name"), "val"),
            bold=base.bold if bold is None else is_on(bold),
            size=_points(attribute(child(run, "sz"), "val")) or base.size,
            list_id=attribute(child(paragraph, "numPr", "numId"), "val") or base.list_id,
        )
        return _outlined(_judged(named), paragraph)


def is_on(switch: Element | None) -> bool:
    """Whether a switch of Word's (bold, hidden) is there and not turned off."""
    return switch is not None and attribute(switch, "val") not in {"0", "false", "off", "none"}


def _outlined(style: Style, properties: Element | None) -> Style:
    outline = attribute(child(properties, "outlineLvl"), "val")
    if not _LEVEL.fullmatch(outline) or style.role in {"title", "author", "front", "entry"} or style.is_contents:
        return style
    level = int(outline)
    # Level 9 is Word's "body text".
    return replace(style, role="heading", level=level + 1) if level < 9 else replace(style, role=None, level=0)


def _judged(style: Style) -> Style:
    """The style with the role that its name tells."""
    judged = role_of(style.name)
    if judged is None:
        return style
    return replace(style, role=judged.role, level=judged.level, is_contents=judged.is_contents)


def _points(half_points: str) -> float:
    try:
        return float(half_points) / HALF_POINTS
    except ValueError:
        return 0.0


class Lists:
    """Which lists are numbered, and how far each has counted."""

    def __init__(self, root: Element | None) -> None:
        formats = {
            attribute(abstract, "abstractNumId"): attribute(
                child(next(children(abstract, "lvl"), None), "numFmt"), "val"
            )
            for abstract in children(root, "abstractNum")
        }
        self._formats = {
            attribute(number, "numId"): formats.get(attribute(child(number, "abstractNumId"), "val"), "")
            for number in children(root, "num")
        }
        self._counts: dict[str, int] = {}

    def label(self, list_id: str) -> str:
        """The next number of a list, or "" where it has bullets."""
        if self._formats.get(list_id) != "decimal":
            return ""
        self._counts[list_id] = self._counts.get(list_id, 0) + 1
        return str(self._counts[list_id])
