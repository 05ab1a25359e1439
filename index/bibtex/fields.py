"""The values of BibTeX fields: macros put together, LaTeX read as text, names, years, DOIs, paths of files."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import unquote

from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalkerError

from index.bibtex.records import OTHERS
from index.citations import DOI, clean_doi

# Where the libraries that read BibTeX meet a mistake, they also say so on the terminal; a problem is told once.
for _library in ("bibtexparser", "pylatexenc"):
    logging.getLogger(_library).addHandler(logging.NullHandler())

_LONGEST = 20_000  # characters of a value; a longer one is no title
_TYPED = (("~", " "), ("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("{", ""), ("}", ""))  # "-{}-" is no dash
_SCRIPT = re.compile(r"\$\s*[\^_]\s*\{?([^{}$\\]*)\}?\s*\$")
_NAMED = {
    r"\textless": "<",
    r"\textgreater": ">",
    r"\textbar": "|",
    r"\textbraceleft": r"\{",
    r"\textbraceright": r"\}",
    r"\textasciicircum": "^",
}
_NAMED_COMMANDS = re.compile(r"(\\text(?:less|greater|bar|brace(?:left|right)|asciicircum))(?![a-zA-Z])\s?(?:\{\})?")
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|span|scp|title)\b[^<>]{0,80}>", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_ENDING = re.compile(r"\.[a-z0-9]{1,5}$", re.IGNORECASE)


def value(raw: str, macros: Mapping[str, str]) -> str:
    """A field's value, its parts ("..." # macro # {...}) put together."""
    parts: list[str] = []
    at = 0
    while at < len(raw):
        char = raw[at]
        if char in '{"':
            end = _closing(raw, at)
            parts.append(raw[at + 1 : end])
            at = end + 1
        elif char.isspace() or char == "#":
            at += 1
        else:
            end = next((i for i in range(at, len(raw)) if raw[i] in '#"{'), len(raw))
            word = raw[at:end].strip()
            parts.append(macros.get(word.lower(), word))
            at = end
    return "".join(parts)


@cache
def _reader() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text", keep_comments=True)


def _closing(raw: str, at: int) -> int:
    """Where the brace or quote at `at` is closed, or the end."""
    depth, quoted = 0, raw[at] == '"'
    for i in range(at, len(raw)):
        char = raw[i]
        if char in "{}" and raw[i - 1 : i] == "\\":
            continue
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth <= 0 and not quoted:
                return i
        elif char == '"' and quoted and depth == 0 and i > at:
            return i
    return len(raw)


def plain(latex: str) -> str:
    """LaTeX as text: accents, symbols and dashes as characters, braces and commands gone."""
    words = latex[:_LONGEST]
    if "\\" not in words and "$" not in words:
        for sign, character in _TYPED:
            words = words.replace(sign, character)
    else:
        words = _NAMED_COMMANDS.sub(lambda match: _NAMED[match.group(1)], words)
        words = _SCRIPT.sub(r"\1", words)
        words = re.sub(r"(?<!\\)([%&])", r"\\\1", words)
        if len(re.findall(r"(?<!\\)\$", words)) % 2:
            words = re.sub(r"(?<!\\)\$", r"\\$", words)  # a price, no formula
        try:
            words = _reader().latex_to_text(words)
        except (LatexWalkerError, RecursionError, ValueError, IndexError, KeyError, TypeError, AttributeError):
            words = re.sub(r"[{}]", "", latex[:_LONGEST])
    return " ".join(_MARKUP.sub("", words).split())


def people(latex: str) -> tuple[str, ...]:
    """The names of an author field, given name first; a body's name as it stands."""
    found = [name for name in (_person(name) for name in _split(latex[:_LONGEST], " and ")) if name]
    named = [name for name in found if name.lower() not in {"others", "et al.", "et al"}]
    return (*named, OTHERS) if named and len(named) < len(found) else tuple(named)


def _person(name: str) -> str:
    name = name.strip()
    if re.match(r"(?:family|given|prefix|suffix)\s*=", name):  # biblatex's extended form
        pairs = (part.partition("=") for part in _split(name, ","))
        parts = {key.strip(): plain(words.strip().strip('"')) for key, _, words in pairs}
        ordered = (parts.get(key, "") for key in ("given", "prefix", "family", "suffix"))
        return " ".join(part for part in ordered if part)
    if name.startswith("{") and _closing(name, 0) == len(name) - 1:
        return plain(name)
    parts_ = [plain(part) for part in _split(name, ",")]
    if len(parts_) == 1:
        return parts_[0]
    family, given = parts_[0], parts_[-1]
    return " ".join(part for part in (given, family, *parts_[1:-1]) if part)


def _split(words: str, separator: str) -> Iterator[str]:
    """The parts between separators that stand in no braces."""
    depth, start, at = 0, 0, 0
    flat = re.sub(r"\s", " ", words)
    while at < len(flat):
        if flat[at] == "\\":
            at += 2
            continue
        depth += (flat[at] == "{") - (flat[at] == "}")
        if depth <= 0 and flat.startswith(separator, at):
            yield flat[start:at].strip()
            at = start = at + len(separator)
            continue
        at += 1
    yield flat[start:].strip()


def year(words: str) -> int | None:
    """The first year of a date."""
    match = _YEAR.search(words)
    return int(match.group(1)) if match else None


def doi(words: str) -> str:
    """A DOI without the address it may stand in."""
    match = DOI.search(unquote(words.replace("\\_", "_").replace("{\\_}", "_").replace("\\&", "&").strip("{} ")))
    return clean_doi(match.group()) if match else ""


def paths(field: str) -> tuple[str, ...]:
    """The files that a `file` field names, with forward slashes.

    Zotero: "Full Text:files/12/x.pdf:application/pdf;Snapshot:..."; Better BibTeX: "/home/u/x.pdf" or a path of
    Windows; JabRef ":x.pdf:PDF"; Mendeley ":home/u/x.pdf:pdf". A backslash before : ; and the like escapes them.
    """
    found: list[str] = []
    for parts in _attachments(
        field.replace(r"{\_}", "_").replace(r"$\backslash$", "\\").replace(r"{\textbackslash}", "\\")
    ):
        path = _path(parts).strip().replace("\\", "/")
        path = unquote(path) if path.startswith("file:") else path
        path = re.sub(r"^(?:file:/*(?=[A-Za-z]:)|file://(?:localhost)?|internal-pdf://)", "", path)
        path = re.sub(r"/{2,}", "/", path).strip("{} ")
        if path and path not in found:
            found.append(path)
    return tuple(found)


def _attachments(field: str) -> Iterator[list[str]]:
    """The attachments of a `file` field, each as its parts between colons."""
    parts, current, at = [], "", 0
    while at < len(field):
        char = field[at]
        if char == "\\" and field[at + 1 : at + 2] in {*":;\\{}_&%#$ "}:
            current += field[at + 1]
            at += 2
            continue
        if char in ":;":
            parts.append(current)
            current = ""
            if char == ";":
                yield parts
                parts = []
        else:
            current += char
        at += 1
    yield [*parts, current]


def _path(parts: list[str]) -> str:
    if len(parts) > 1 and re.fullmatch(r"\s*[A-Za-z]", parts[0]) and parts[1].startswith(("\\", "/")):
        parts = [f"{parts[0]}:{parts[1]}", *parts[2:]]  # "C:\x.pdf"
    if len(parts) > 1 and parts[0].strip() in {"file", "internal-pdf"}:
        return ":".join(parts)
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        return parts[0] if _ENDING.search(parts[0]) or not parts[1] else parts[1]
    return ":".join(parts[1:-1])
