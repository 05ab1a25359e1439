"""A saved page's bytes -> UTF-8: single-file web archives unpacked, the encoding found."""

from __future__ import annotations

import codecs
import email
import re
from email.message import Message

from index.errors import UnreadableFileError
from index.readers.encoding import decode

_MIME = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_RELATED = re.compile(rb"^content-type:\s*(?:multipart/|text/html)", re.IGNORECASE | re.MULTILINE)
_DECLARED = re.compile(
    rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_HEAD = 20_000
# What browsers read these as.
_WINDOWS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}


def utf8(name: str, data: bytes) -> bytes:
    """The page as UTF-8, without a byte order mark and without NUL bytes.

    Raises:
        UnreadableFileError: It holds nothing, or no text.
    """
    charset = ""
    if _is_archive(data):
        data, charset = _page_of(name, data)
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableFileError(f"{name}: the page holds no text.")
    if data.startswith(codecs.BOM_UTF8):
        return data[3:].decode("utf-8", "replace").replace("\x00", "").encode()
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\x00" not in data:
        if _is_utf8(data):
            return data
        text = _as_declared(data, charset)
        if text:
            return text.encode("utf-8", "replace")
    return decode(name, data).encode("utf-8", "replace")


def _is_archive(data: bytes) -> bool:
    head = data[:4000].split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
    return bool(_MIME.search(head) and _RELATED.search(head))


def _page_of(name: str, data: bytes) -> tuple[bytes, str]:
    """The first HTML part of a web archive, and its encoding where stated."""
    archive = email.message_from_bytes(data.lstrip())
    parts = archive.walk() if archive.is_multipart() else iter([archive])
    for part in parts:
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            return _payload(part), str(part.get_content_charset() or "")
    raise UnreadableFileError(f"{name}: this web archive holds no page; save the page as HTML.")


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_declared(data: bytes, charset: str) -> str:
    """The text in the encoding the page states (UTF-8 where it states none), or "" where it does not fit."""
    if not charset:
        declared = _DECLARED.search(data[:_HEAD])
        charset = (declared[1] or declared[2]).decode("ascii", "replace") if declared else ""
    try:
        codec = codecs.lookup(charset or "utf-8").name
    except LookupError:
        codec = "utf-8"
    if codec.startswith(("utf-16", "utf-32")):
        return ""  # its own declaration could not have been read
    if codec == "utf-8":
        # Cut short, or a stray byte in it.
        text = data.decode("utf-8", "replace")
        lost, whole = text.count("\ufffd"), len(data) - len(text)
        return text if lost <= max(1, whole // 4) and lost <= whole else ""
    return data.decode(_WINDOWS.get(codec, codec), "replace")
