"""Documents -> documents that are wrong somewhere: in bytes, lines, elements, the parts of a container."""

from __future__ import annotations

import copy
import io
import random
import re
import zipfile

from lxml import etree
from office_files import packed

_TOKENS = (
    *(b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"<![CDATA[", b"<!--", b"]]>", b"&#0;", b"&#xD800;", b"<script>", b"endobj"),
    *(b'<!DOCTYPE a [<!ENTITY b "c">]>', b"stream\n", b"9" * 40, b"-1", b"%" * 20, b"\r", b"\xc2\x85", b"[" * 200),
    *("\u202e\u2066".encode(), "e\u0301".encode(), b"(" * 200, b"$$", b"```", b"=" * 500, b"{{", b"](", b"\\" * 50),
)
_VALUES = (
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "9" * 30,
    "²",
    "½",
    "١٢",
    "x",
    "a b",
    "#",
    "#x",
    "\u202e",
    "{",
    "\\",
    "1-9-",
    "\n",
)
_WORDS = (
    *_VALUES,
    "1",
    "[1–9999]",
    "(1,2)",
    "10.1/",
    "doi:",
    "Table 1",
    "et al., 2001",
    "p < 0.05",
    "http://",
    "\\frac{",
    "&amp;",
)
REPEATED = (
    *(
        "9",
        "a",
        "A",
        " ",
        "\n",
        "a ",
        "9 ",
        "a.",
        "A. ",
        "A-",
        "a-",
        "(",
        "()",
        "(1",
        "[1,",
        "a, ",
        "Aa, ",
        "a'",
        '"',
        "-",
        "%",
    ),
    *(
        "1. ",
        "{",
        "$",
        "\\",
        "<a",
        "|",
        "?",
        ". ",
        "!",
        "and ",
        "the ",
        "of ",
        "one ",
        "is ",
        "what ",
        "not ",
        "you ",
        "please ",
    ),
    *("very ", "CAR-T ", "e.g. ", "’s ", "é", "細", "\u0301", "of the ", "in the review ", "\u200b", "_", "~", "= "),
)
"""Pieces that, one after another without end, lead astray patterns which could read them in many ways."""

_PIECE = re.compile(r"<[^<>]*>|[^<]+|<")
_TAG = re.compile(r"(</?)([\w:.-]+)([^<>]*>)")
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_DEEP = 300


def bytes_changed(data: bytes, chance: random.Random) -> bytes:
    """A few of the bytes changed, gone, doubled, or others put between."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, size = chance.randrange(len(made) + 1), chance.choice((1, 2, 8, 64, 512))
        kind = chance.randrange(6)
        if kind == 0 and made:
            made[min(at, len(made) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del made[at : at + size]
        elif kind == 2:
            made[at:at] = made[at : at + size] * chance.choice((1, 1, 20))
        elif kind == 3:
            made[at:at] = chance.choice(_TOKENS)
        elif kind == 4:
            made[at : at + size] = chance.randbytes(size)
        else:
            del made[at:]
    return bytes(made)


def lines_changed(data: bytes, chance: random.Random) -> bytes:
    """A few of the lines moved, doubled, gone, joined, moved in, or with other words among theirs."""
    lines = data.decode("utf-8", "replace").split("\n")
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        kind = chance.randrange(6)
        if kind == 0:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 1:
            lines[at:at] = lines[other : other + chance.randrange(9)] * chance.choice((1, 1, _DEEP))
        elif kind == 2 and len(lines) > 1:
            del lines[at]
        elif kind == 3:
            lines[at] += chance.choice(("", " ", "\t")) + lines[other]
        elif kind == 4:
            lines[at] = (
                chance.choice(("    ", "\t", "> ", "- ", "1. ", "#", "| ", "$$")) * chance.choice((1, 2, 50))
                + lines[at]
            )
        else:
            words = lines[at].split(" ")
            words[chance.randrange(len(words))] = chance.choice(_WORDS)
            lines[at] = " ".join(words)
        del lines[5000:]
    return "\n".join(lines).encode()


def elements_changed(data: bytes, chance: random.Random) -> bytes:
    """A few of the tags and words moved, doubled, gone, named as others, nested, or with other attributes."""
    text = data.decode("utf-8", "replace")
    pieces = _PIECE.findall(text)
    names = sorted({found[2] for found in _TAG.finditer(text)})
    attributes = sorted(set(_ATTRIBUTE.findall(text)))
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        size = chance.choice((1, 1, 3, 10))
        kind = chance.randrange(9)
        if kind == 0:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif kind == 1:
            pieces[at:at] = pieces[other : other + size] * chance.choice((1, 1, 30))
        elif kind == 2 and len(pieces) > size:
            del pieces[at : at + size]
        elif kind in {3, 4}:
            pieces[at] = _TAG.sub(lambda tag: tag[1] + chance.choice(names) + tag[3], pieces[at])
        elif kind == 5:
            name, depth = chance.choice(names), chance.choice((1, 1, 2, _DEEP))
            pieces[at:at] = [f"<{name}>"] * depth
            pieces[at + depth + size : at + depth + size] = [f"</{name}>"] * depth
        elif kind == 6 and attributes:
            name, value = chance.choice(attributes)
            value = chance.choice((value, f'"{chance.choice(_VALUES)}"'))
            pieces[at] = re.sub(r"/?>$", f" {name}={value}>", pieces[at])
        elif kind == 7:
            pieces[at] = _ATTRIBUTE.sub(lambda had: f'{had[1]}="{chance.choice(_VALUES)}"', pieces[at])
        else:
            pieces[at] = chance.choice((*_WORDS, f"<{chance.choice(names)}:", f"<{chance.choice(names)}/>", "</"))
    return "".join(pieces).encode("utf-8", "replace")


def tree_changed(data: bytes, chance: random.Random) -> bytes:
    """The same of XML that is sound and stays so: what is not would be refused at once."""
    root = etree.fromstring(data)
    every = list(root.iter(etree.Element))
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        one, other = chance.choice(every), chance.choice(every)
        kind = chance.randrange(6)
        if kind == 0 and other is not root and other not in one.iterancestors() and other is not one:
            one.append(other)
        elif kind == 1:
            one.extend(copy.deepcopy(list(other)))
        elif kind == 2 and (above := one.getparent()) is not None:
            above.remove(one)
        elif kind == 3:
            one.tag = other.tag
        elif kind == 4:
            for name, value in (*one.attrib.items(), *other.attrib.items()):
                one.set(name, chance.choice((value, chance.choice(_VALUES))))
        else:
            one.text = chance.choice((*_WORDS, other.text))
    return etree.tostring(root)


def parts_changed(data: bytes, chance: random.Random) -> bytes:
    """One of the parts of a container changed, or exchanged for another; the container itself is whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    name = chance.choice([one for one in parts if one != "mimetype"])
    kind = chance.randrange(8)
    if kind == 0:
        del parts[name]
    elif kind == 1:
        parts[name] = parts[chance.choice(list(parts))]
    elif kind == 2:
        parts[name] = bytes_changed(parts[name], chance)
    elif kind == 3:
        parts[name] = elements_changed(parts[name], chance)
    else:
        parts[name] = tree_changed(parts[name], chance)
    return packed(parts)


def mutated(name: str, data: bytes, chance: random.Random) -> bytes:
    """A file of that name, changed as its kind can be."""
    ending = name.rpartition(".")[2]
    if ending == "pdf" or chance.random() < 0.3:
        return bytes_changed(data, chance)
    if ending in {"docx", "odt"}:
        return parts_changed(data, chance)
    if ending in {"md", "txt", "bib"}:
        return lines_changed(data, chance)
    return elements_changed(data, chance)
