"""Files that are no documents, told by their first bytes, and what a person can do about each."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_IMAGE = "an image; Pincite reads text. If it shows a page of an article, use the article's own PDF"
_SOUND = "a sound or video file; Pincite reads text"
_ARCHIVE = "a packed archive; unpack it and put the files in it here"
_BOOK = "an e-book; save it as PDF or HTML"
_PROGRAM = "a program; Pincite reads text"
_FONT = "a font; Pincite reads text"
_SHEET = "a spreadsheet; save the part that is text as .docx or .txt"
_SLIDES = "slides; save them as PDF"
_DATABASE = "a database; Pincite reads text"

# First bytes that no text has.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"II*\x00", _IMAGE),
    (b"MM\x00*", _IMAGE),
    (b"\x00\x00\x01\x00", _IMAGE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"\xfd7zXZ\x00", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (b"OggS\x00", _SOUND),
    (b"\x1aE\xdf\xa3", _SOUND),
    (b"\x7fELF", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"\x00asm", _PROGRAM),
    (b"SQLite format 3\x00", _DATABASE),
    (b"\x00\x01\x00\x00\x00", _FONT),
    (b"\xffWPC", "a WordPerfect file; save it as .docx"),
    (b"\xf7\x02", "a TeX file ready for printing (.dvi); save it as PDF"),
)
# First bytes that a text may begin with as well: they count only before bytes that are no text.
_LETTERS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", _IMAGE),
    (b"BM", _IMAGE),
    (b"8BPS", _IMAGE),
    (b"RIFF", _SOUND),
    (b"ID3", _SOUND),
    (b"fLaC", _SOUND),
    (b"BZh", _ARCHIVE),
    (b"MZ", _PROGRAM),
    (b"wOF", _FONT),
    (b"OTTO", _FONT),
    (b"ITSF", _BOOK),
    (b"AT&TFORM", "a DjVu file; save it as PDF"),
    (b"bplist00", "a Safari web archive or a property list; save the page as HTML"),
)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def foreign(data: bytes) -> str:
    """What sort of file that is no document, and what to do about it; "" where the first bytes do not tell."""
    head = data[:512]
    for mark, what in _SIGNATURES:
        if head.startswith(mark):
            return what
    if head.startswith(b"%!PS"):
        return "a PostScript file; save it as PDF"
    if not _NO_TEXT.search(head):
        return ""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _IMAGE
    for mark, what in _LETTERS:
        if head.startswith(mark):
            return what
    if head[4:8] == b"ftyp":
        return _IMAGE if head[8:12] in {b"heic", b"heix", b"avif", b"mif1", b"msf1"} else _SOUND
    if head[60:68] == b"BOOKMOBI":
        return _BOOK
    if head[257:262] == b"ustar":
        return _ARCHIVE
    return ""


def in_ole2(data: bytes) -> str:
    """What sort of file an OLE2 container is (Word, Excel and PowerPoint before 2007), and what to do about it."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return "an Office file that needs a password; save it without one"
    if has("WordDocument"):
        return "a legacy Word file (.doc); save it as .docx"
    if has("Workbook") or has("Book"):
        return _SHEET
    if has("PowerPoint Document"):
        return _SLIDES
    if has("__substg1.0_"):
        return "an Outlook message; save it as .txt or .html"
    return "a legacy Office file; save it as .docx"


def in_zip(data: bytes) -> tuple[str, str]:
    """The format ("docx", "odt") of a document in a ZIP container, or "" with what sort of file it is instead."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            names = set(container.namelist())
            mime = _mime(container) if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError):
        return "", "a damaged archive or Word file; get it anew"
    if mime.startswith("application/vnd.oasis.opendocument.text"):
        return "odt", ""
    if mime.startswith("application/epub"):
        return "", _BOOK
    if mime.startswith("application/vnd.oasis.opendocument."):
        return "", "an OpenDocument file that is no text; save it as PDF"
    for folder, format_, what in (("word/", "docx", ""), ("xl/", "", _SHEET), ("ppt/", "", _SLIDES)):
        if any(name.startswith(folder) for name in names) and "[Content_Types].xml" in names:
            return format_, what
    if "word/document.xml" in names:
        return "docx", ""
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "odt", ""
    if any(name.endswith(".iwa") for name in names):
        return "", "an Apple Pages, Numbers or Keynote file; save it as .docx or PDF"
    return "", _ARCHIVE


def _mime(container: zipfile.ZipFile) -> str:
    with container.open("mimetype") as part:
        return part.read(200).decode("ascii", "replace").strip()
