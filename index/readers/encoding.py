"""Bytes -> characters, for files that do not say their encoding, or say it by a byte order mark."""

from __future__ import annotations

import codecs
import re

from index.errors import UnreadableFileError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 16_384
_SAMPLE = 200_000
_STRAYS = 32  # control characters that a text may hold, however short it is
_FEW = 0.05  # share of bytes beyond ASCII up to which a text can be read though they cannot
# Control characters that no text holds: not line ends, tabs, page breaks, a DOS file's end or ISO 2022's escape.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x19\x7f\ufffe\uffff]")
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTERS = re.compile(rb"[A-Za-z]")
_ESCAPED = re.compile(r"[\udc80-\udcff]")

# Western encodings, the usual one first: a text that reads well in one of them is in it. Statistics of letters,
# which tell other scripts well, take a French or a German text for a Polish one.
_WESTERN = ("cp1252", "mac_roman", "cp850")
_OTHERS = [
    *("cp1250", "iso8859_2", "cp1251", "koi8_r", "iso8859_5", "cp1253", "iso8859_7", "cp1254", "cp1255", "cp1256"),
    *("cp1257", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949", "cp866", "cp852", "cp1252", "mac_roman"),
]
_SMALL = "àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßœšž"
_CAPITAL = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŸŒŠŽ"
# No Western language writes both; Czech and Hungarian read as Western look as if they did.
_NEVER_TOGETHER = (("ø", "ìù"), ("õ", "öû"))
_FAMILIAR = re.compile(
    rf"(?<![^\x00-\x7f])(?:[{_SMALL}]{{1,4}}|(?<![a-z])[{_CAPITAL}](?:[{_SMALL}]{{0,2}}|[{_CAPITAL}]{{1,3}})"
    r"|(?<=\w)[’·](?=\w)|(?<![a-z])[–—‘’“”…•°±µ×÷·®©§£€«»¿¡†‡½¼¾‰≤≥≠\xa0]{1,3}|[–—’”…•°±µ×÷·®©™§€»†‡²³¹ºª\xa0]{1,3}(?![a-z])"
    r"|[–—\xa0…])(?![^\x00-\x7f])"
)
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def decode(name: str, data: bytes) -> str:
    """The characters of a text file; NUL bytes in what is otherwise text are dropped.

    Raises:
        UnreadableFileError: It is no text.
    """
    encoding = _evident(data)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace") if encoding else _guessed(name, data)
    if is_binary(text):
        raise UnreadableFileError(f"{name}: not a text file (it holds binary data).")
    return text.replace("\x00", "")


def decode_head(data: bytes) -> str:
    """The first characters of what may be text, for a look at them; those that cannot be told are replaced."""
    head = data[:_HEAD]
    return head.decode(_evident(head) or "utf-8", "replace").lstrip("\ufeff")


def is_binary(text: str) -> bool:
    """Whether decoded bytes were no text: too many control characters, or NULs beyond a few strays."""
    head = text[:1_000_000]
    nuls = head.count("\x00")
    few = 0 if nuls else _STRAYS
    return len(_CONTROL.findall(head)) > max(0.002 * len(head), few) or nuls > 0.3 * len(head)


def _evident(data: bytes) -> str:
    """The encoding that a byte order mark or the places of NUL bytes tell, or ""."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    if b"\x1b$B" in data[:_HEAD]:
        return "iso2022_jp"
    head = data[: _HEAD - _HEAD % 4]
    if len(head) < 4 or b"\x00" not in head:
        return ""
    quarters = [head[i::4].count(0) / len(head[i::4]) for i in range(4)]
    if min(quarters[1:]) > 0.9 and quarters[0] < 0.1:
        return "utf-32-le"
    if min(quarters[:3]) > 0.9 and quarters[3] < 0.1:
        return "utf-32-be"
    even, odd = (quarters[0] + quarters[2]) / 2, (quarters[1] + quarters[3]) / 2
    if odd > 0.5 and even < 0.05:
        return "utf-16-le"
    if even > 0.5 and odd < 0.05:
        return "utf-16-be"
    return ""


def _guessed(name: str, data: bytes) -> str:
    escaped = data.decode("utf-8", "surrogateescape")
    strays = len(_ESCAPED.findall(escaped))
    if strays * 5 <= len(_FOREIGN.findall(escaped)) - strays:
        # UTF-8 into which somebody pasted a few bytes of another encoding.
        return _ESCAPED.sub(lambda stray: _byte(ord(stray[0]) - 0xDC00), escaped)
    sample = _sample(data)
    western = max(_WESTERN, key=lambda encoding: _reads_well(sample, encoding))  # the first of equals
    if _reads_well(sample, western) >= 0.85:
        return data.decode(western, "replace")
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_OTHERS).best()
    if best is None and len(_HIGH.findall(sample)) > _FEW * len(sample):
        raise UnreadableFileError(f"{name}: its encoding cannot be told, or it is no text; save it as UTF-8.")
    return data.decode(best.encoding if best else "cp1252", "replace")


def _sample(data: bytes) -> bytes:
    """Whole lines, from the first one on that tells anything: half a character would rule out its encoding."""
    found = _HIGH.search(data)
    start = data.rfind(b"\n", 0, found.start() if found else 0) + 1
    if len(data) - start <= _SAMPLE:
        return data[start:]
    end = data.rfind(b"\n", start, start + _SAMPLE) + 1
    return data[start : end or start + _SAMPLE]


def _byte(code: int) -> str:
    return bytes([code]).decode("cp1252", "replace")


def _reads_well(sample: bytes, encoding: str) -> float:
    """The share of the characters beyond ASCII that stand where Western languages have them."""
    if len(_HIGH.findall(sample)) > len(_LETTERS.findall(sample)):
        return 0.0
    text = sample.decode(encoding, "replace")
    if any(one in text and any(letter in text for letter in others) for one, others in _NEVER_TOGETHER):
        return 0.0
    foreign = len(_FOREIGN.findall(text))
    return sum(len(_FOREIGN.findall(found)) for found in _FAMILIAR.findall(text)) / max(1, foreign)
