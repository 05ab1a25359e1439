"""Formulas as words: MathML and TeX on one line, each formula once."""

from __future__ import annotations

import re

from index.readers.markup.source import Element

_TEX_BODY = re.compile(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", re.DOTALL)
_TEX_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_TEX_GROUP = re.compile(
    r"\\(?:mathrm|mathit|mathbf|text|textrm|textit|textbf|operatorname|mathsf|mathcal)\s*\{([^{}]*)\}"
)
_TEX_SCRIPT = re.compile(r"([_^])\s*\{([^{}]*)\}")
_TEX_COMMAND = re.compile(r"\\([A-Za-z]+)\*?|\\(.)")
_TEX_SIGNS = {
    "times": "×", "cdot": "·", "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "approx": "≈",
    "sim": "∼", "infty": "∞", "sum": "∑", "prod": "∏", "int": "∫", "partial": "∂", "rightarrow": "→", "to": "→",
    "sqrt": "√", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "ln": "ln", "log": "log", "exp": "exp", "min": "min", "max": "max", "degree": "°", "circ": "°",
}  # fmt: skip
RAISED = str.maketrans("0123456789+-−–‐", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻")
"""Digits and signs as they are set above the line."""

_NUMBER = re.compile(r"[+\-−]?\s?\d+")
_SIGNS = frozenset("′'*+−†")
_OPERATORS = frozenset("=+−-<>≤≥≠≈∼±×÷∈→∝∣|")
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b"))
_SIMPLE = re.compile(r"[\w.′'∞%]*")
_NO_WORDS = frozenset({"annotation", "annotation-xml", "none", "mprescripts", "mphantom", "maligngroup", "malignmark"})
_LEAVES = frozenset({"mi", "mn", "mo", "mtext", "ms"})


def formula_words(element: Element) -> str:
    """The words of a formula, in one of its notations: MathML, plain text, TeX, or the description of its picture."""
    label = element.find("label")
    number = " ".join("".join(label.itertext()).split()) if label is not None else ""
    number = f" ({number.strip('()[]')})" if number else ""
    math = element if element.tag == "math" else element.find(".//math")
    if math is not None and (words := " ".join(_math(math).split())):
        return words + number
    tex = element if element.tag == "tex-math" else element.find(".//tex-math")
    loose = _loose(element)
    if loose:
        return loose + number
    if tex is not None and (words := _tex("".join(tex.itertext()))):
        return words + number
    described = element.find(".//alt-text")
    return (" ".join("".join(described.itertext()).split()) if described is not None else "") + number


def _loose(element: Element) -> str:
    if element.tag in ("math", "tex-math", "label", "alt-text", "long-desc", "object-id", "alternatives-id"):
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [_loose(child), child.tail or ""]
    return " ".join("".join(parts).split())


def _math(element: Element) -> str:
    tag = element.tag
    if tag in _NO_WORDS:
        return ""
    if tag in _LEAVES:
        words = "".join(element.itertext()).translate(_INVISIBLE)
        return f" {words.strip()} " if tag == "mo" and words.strip() in _OPERATORS else words
    if tag == "mspace":
        return " "
    parts = [_math(child) for child in element]
    if tag == "mfrac" and len(parts) == 2:
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if tag in ("msqrt", "mroot"):
        return f"√{_grouped(''.join(parts[:1] if tag == 'mroot' else parts))}"
    if tag == "msup" and len(parts) == 2:
        raised = parts[1].strip()
        if _NUMBER.fullmatch(raised):
            return parts[0] + raised.replace(" ", "").translate(RAISED)
        return parts[0] + (raised if raised in _SIGNS else f"^{_grouped(raised)}")
    if tag in ("msub", "munder") and len(parts) == 2:
        return f"{parts[0]}_{_grouped(parts[1])}" if parts[1].strip() else parts[0]
    if tag in ("msubsup", "munderover") and len(parts) == 3:
        return f"{parts[0]}_{_grouped(parts[1])}^{_grouped(parts[2])}"
    if tag == "mfenced":
        separator = (element.get("separators", ",") or "").strip()[:1]
        return f"{element.get('open', '(')}{f'{separator} '.join(parts)}{element.get('close', ')')}"
    if tag == "mtable":
        return "; ".join(part.strip() for part in parts)
    if tag in ("mtr", "mlabeledtr"):
        return " ".join(part.strip() for part in parts)
    return "".join(parts)


def _grouped(words: str) -> str:
    tight = words.strip()
    return tight if _SIMPLE.fullmatch(tight) else f"({tight})"


def _tex(source: str) -> str:
    body = _TEX_BODY.search(source)
    words = body[1] if body else source
    for _ in range(4):
        words = _TEX_GROUP.sub(r"\1", words)
        words = _TEX_SCRIPT.sub(lambda found: found[1] + _grouped(found[2]), words)
        words = _TEX_FRACTION.sub(r"(\1)/(\2)", words)
    words = re.sub(r"\\(?:begin|end)\s*\{[^{}]*\}(?:\{[^{}]*\})?", " ", words).replace("&", " ").replace("\\\\", "; ")
    words = _TEX_COMMAND.sub(lambda found: _TEX_SIGNS.get(found[1] or "", found[2] or ""), words)
    return " ".join(re.sub(r"[$~]", " ", re.sub(r"[{}]", "", words)).split())
