"""XML bytes -> elements, with no way out of the file: no DTD is loaded, no entity opened, nothing is fetched.

The document type declaration is cut off before parsing, so that no entity is defined and none can grow. Named
characters (&nbsp;, &alpha;) are replaced by what HTML and the ISO sets mean by them.
"""

from __future__ import annotations

import codecs
import re
import sys
from html.entities import html5
from typing import TypeAlias

from lxml import etree

from index.errors import UnreadableFileError
from index.readers.encoding import decode

Element: TypeAlias = etree._Element

_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]{0,400}?\?>")
_DECLARED = re.compile(rb"encoding\s*=\s*[\"']\s*([A-Za-z0-9._-]+)")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ASCII_LIKE = {"utf-8", "utf8", "us-ascii", "ascii"}

_DOCTYPE = re.compile(rb"<!DOCTYPE\b", re.IGNORECASE)
# What a declaration consists of, so that a ">" in quotes, comments or the internal subset does not end it.
_DOCTYPE_PART = re.compile(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|\"[^\"]*\"|'[^']*'|[\[\]<>]", re.DOTALL)
_OWN_ENTITY = re.compile(rb"<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:\"([^\"]*)\"|'([^']*)'|([^>]*))\s*>")
_PLAIN_VALUE = re.compile(rb"(?:[^&<>%]|&#\d{1,7};|&#[xX][0-9A-Fa-f]{1,6};){1,24}")

# Everything that is not well-formed text and that writers of XML get wrong; what stands in CDATA stays as it is.
_MENDED = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|&\#\d{1,7};|&\#x[0-9A-Fa-f]{1,6};"
    rb"|&(?!(?:amp|lt|gt|quot|apos);)(?:([A-Za-z_][\w.-]{0,62});)?"
    rb"|<(?![A-Za-z_/!?:\x80-\xff])",
    re.DOTALL,
)
_NUMBER = re.compile(rb"&#(?:(\d+)|[xX]([0-9A-Fa-f]+));")
_NO_CHARACTER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL = bytes({*range(32)} - {9, 10, 13})
_MARKUP = {b"&": b"&amp;", b"<": b"&lt;", b">": b"&gt;"}
_GREEK = (
    "agr α bgr β ggr γ dgr δ egr ε zgr ζ eegr η thgr θ igr ι kgr κ lgr λ mgr μ ngr ν xgr ξ ogr ο pgr π rgr ρ sgr σ "
    "sfgr ς tgr τ ugr υ phgr φ khgr χ psgr ψ ohgr ω Agr Α Bgr Β Ggr Γ Dgr Δ Egr Ε Zgr Ζ EEgr Η THgr Θ Igr Ι Kgr Κ "
    "Lgr Λ Mgr Μ Ngr Ν Xgr Ξ Ogr Ο Pgr Π Rgr Ρ Sgr Σ Tgr Τ Ugr Υ PHgr Φ KHgr Χ PSgr Ψ OHgr Ω"
)
_ISO_GREEK = dict(zip(_GREEK.split()[::2], _GREEK.split()[1::2], strict=True))


def parse(name: str, data: bytes) -> Element:
    """The root element; names of elements and attributes are without their namespaces.

    Raises:
        UnreadableFileError: It is no XML, or is nested or packed beyond what an article can be.
    """
    source = _well_formed(_utf8(name, data))
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    wrong = {entry.type_name for entry in parser.error_log}
    if "ERR_NO_MEMORY" in wrong:
        raise UnreadableFileError(f"{name}: XML too large for the memory that a file may take.")
    if "ERR_RESOURCE_LIMIT" in wrong:
        raise UnreadableFileError(f"{name}: XML nested too deeply, or in too large pieces, to be an article.")
    if root is None:
        raise UnreadableFileError(f"{name}: not XML that can be read; open it and save it again.")
    _without_namespaces(root)
    return root


def _without_namespaces(root: Element) -> None:
    for element in root.iter(etree.Element):
        tag = element.tag
        if "}" in tag or ":" in tag:
            name = re.split("[}:]", tag)[-1]
            try:
                element.tag = name
            except ValueError:  # "<x:1>", which a parser that recovers takes
                element.tag = "unknown"


def _utf8(name: str, data: bytes) -> bytes:
    """The same text in UTF-8, without its XML declaration; a wrong declaration is not believed."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    declared = _DECLARATION.match(data)
    said = _DECLARED.search(declared[0]) if declared else None
    encoding = said[1].decode("ascii").lower() if said else "utf-8"
    if not data.startswith(_WIDE) and b"\x00" not in data[:200]:
        try:
            data.decode("utf-8")
            # ISO 2022 and UTF-7 are ASCII to the eye; whatever else reads as UTF-8 is UTF-8.
            text = None if not encoding.startswith(("iso-2022", "utf-7", "hz")) else data.decode(encoding, "replace")
        except UnicodeDecodeError:
            text = _decoded(name, data, encoding)
        except LookupError:
            text = None
    else:
        text = decode(name, data)
    if text is not None:
        data = text.lstrip("\ufeff").encode("utf-8", "replace")
        declared = _DECLARATION.match(data)
    return data[declared.end() :] if declared else data


def _decoded(name: str, data: bytes, encoding: str) -> str:
    if encoding in ("iso-8859-1", "latin1", "latin-1"):
        encoding = "cp1252"  # what is declared as the one is often the other, which has more characters
    if encoding not in _ASCII_LIKE and not encoding.startswith(("utf-16", "utf-32")):
        try:
            return data.decode(encoding, "replace" if encoding == "cp1252" else "strict")
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(name, data)


def _well_formed(source: bytes) -> bytes:
    source = source.translate(None, _CONTROL)
    start = _DOCTYPE.search(source, 0, 20_000)
    own: dict[bytes, bytes] = {}
    if start:
        end = _doctype_end(source, start.end())
        own = _entities(source[start.start() : end])
        source = source[: start.start()] + source[end:]

    def mended(found: re.Match[bytes]) -> bytes:
        whole = found[0]
        if whole.startswith(b"<!"):
            return whole
        if whole.startswith(b"&#"):
            return _NUMBER.sub(_numbered, whole)
        if whole.startswith(b"&"):
            return _character(found[1], own) if found[1] else b"&amp;"
        return _MARKUP[whole]

    return _MENDED.sub(mended, source)


def _doctype_end(source: bytes, at: int) -> int:
    depth, subset = 1, False
    for part in _DOCTYPE_PART.finditer(source, at):
        sign = part[0]
        if sign == b"[":
            subset = True
        elif sign == b"]":
            subset, depth = False, 1
        elif sign == b"<":
            depth += 1
        elif sign == b">":
            depth -= 1
            if depth <= 0 and not subset:
                return part.end()
    # A declaration that never ends: no more than its first line is taken for one.
    line = source.find(b">", at)
    return line + 1 if line >= 0 else len(source)


def _entities(doctype: bytes) -> dict[bytes, bytes]:
    """What the file itself declares: short plain characters only. All else (files, entities of entities) is empty."""
    found: dict[bytes, bytes] = {}
    for entity in _OWN_ENTITY.finditer(doctype):
        value = entity[2] or entity[3] or b""
        plain = value if _PLAIN_VALUE.fullmatch(value) else b""
        found.setdefault(entity[1], _NUMBER.sub(_numbered, plain))
    return found


def _numbered(found: re.Match[bytes]) -> bytes:
    """A character by its number, as it is written; where XML has none of that number, the sign that one is missing."""
    code = int(found[1]) if found[1] else int(found[2], 16)
    return found[0] if code <= sys.maxunicode and not _NO_CHARACTER.match(chr(code)) else "\ufffd".encode()


def _character(name: bytes, own: dict[bytes, bytes]) -> bytes:
    if name in own:
        return own[name]
    word = name.decode("ascii", "replace")
    character = html5.get(word + ";") or _ISO_GREEK.get(word)
    if character is None:
        return b"&amp;" + name + b";"  # unknown: as it is written
    written = character.encode("utf-8")
    return _MARKUP.get(written, written)
