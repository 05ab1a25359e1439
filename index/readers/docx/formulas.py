"""Word's formulas (OMML) as words, on one line."""

from __future__ import annotations

import re

from index.readers.manuscript.container import Element, attribute, child, children, local

_SIMPLE = re.compile(r"[\w.′'∞%]*")
_SPACED = frozenset("=+−-<>≤≥≠≈∼±×÷∈→∝|")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PROPERTIES = re.compile(r".*Pr")


def formula_words(element: Element) -> str:
    """The words of an `oMath` or `oMathPara`."""
    return " ".join(_words(element).split())


def _words(element: Element | None) -> str:
    if element is None:
        return ""
    kind = local(element)
    if _PROPERTIES.fullmatch(kind):
        return ""
    if kind == "t":
        words = element.text or ""
        return f" {words.strip()} " if words.strip() in _SPACED and words.strip() else words
    properties, base = child(element, f"{kind}Pr"), child(element, "e")
    match kind:
        case "f":
            if attribute(child(properties, "type"), "val") == "noBar":
                return f"{_words(child(element, 'num'))} {_words(child(element, 'den'))}"
            return f"{_grouped(child(element, 'num'))}/{_grouped(child(element, 'den'))}"
        case "sSup" | "sSub" | "sSubSup" | "sPre":
            return _words(base) + _scripts(element)
        case "rad":
            return f"√{_grouped(base)}"
        case "nary":
            return f"{attribute(child(properties, 'chr'), 'val') or '∫'}{_scripts(element)} {_words(base)}"
        case "d":
            opening, separator, closing = (child(properties, name) for name in ("begChr", "sepChr", "endChr"))
            inner = (attribute(separator, "val") or ", ").join(_words(part) for part in children(element, "e"))
            return f"{_fence(opening, '(')}{inner.strip()}{_fence(closing, ')')}"
        case "m":
            rows = (" ".join(_words(cell).strip() for cell in children(row, "e")) for row in children(element, "mr"))
            return "; ".join(rows)
        case "eqArr":
            return "; ".join(_words(part).strip() for part in children(element, "e"))
        case "limLow":
            return f"{_words(base)}_{_grouped(child(element, 'lim'))}"
        case "limUpp":
            return f"{_words(base)}^{_grouped(child(element, 'lim'))}"
        case "func":
            return f" {_words(child(element, 'fName')).strip()} {_words(base)}"
        case "acc":
            return _words(base) + (attribute(child(properties, "chr"), "val") or "\u0302")
        case "br":
            return " "
        case _:
            return "".join(map(_words, element))


def _scripts(element: Element) -> str:
    sub, sup = (_grouped(child(element, name)) for name in ("sub", "sup"))
    if sup.isascii() and sup.isdigit():
        return (f"_{sub}" if sub else "") + sup.translate(_RAISED)
    return (f"_{sub}" if sub else "") + (f"^{sup}" if sup else "")


def _grouped(element: Element | None) -> str:
    words = " ".join(_words(element).split())
    return words if _SIMPLE.fullmatch(words) else f"({words})"


def _fence(sign: Element | None, usual: str) -> str:
    return usual if sign is None else attribute(sign, "val")
