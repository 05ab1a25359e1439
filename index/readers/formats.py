"""The formats Pincite reads, and how a file's format is told: by its content, whatever its name says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import PurePosixPath

from index.errors import UnreadableFileError
from index.readers.encoding import decode_head, is_binary
from index.readers.signatures import OLE2, ZIP, foreign, in_ole2, in_zip
from index.wordlists import words

VERSIONS: dict[str, int] = {
    "text": 2,
    "markdown": 1,
    "html": 1,
    "jats": 1,
    "bmc": 1,
    "pubmed": 1,
    "tei": 1,
    "pdf": 1,
    "docx": 1,
    "odt": 1,
}
"""`Document.format` -> its reader's version, raised when the reader starts to read the same bytes differently."""

_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".qmd", ".rmd"})
_WEB = frozenset({".html", ".htm", ".xhtml", ".xht", ".shtml", ".mhtml", ".mht"})
# Files made of characters that nobody writes a review in.
_NO_PROSE = {
    "a list of references, no document": ".bib .ris .nbib .enw .enl .ciw .bibtex",
    "data, no document": ".csv .tsv .tab .json .jsonl .ndjson .geojson .ipynb .yaml .yml .toml .ini .cfg .conf .log "
    ".sql .po .srt .vtt .ics .vcf .fasta .fa .fastq .pdb .nwk",
    "a program's source, no document": ".py .pyw .js .mjs .cjs .ts .tsx .jsx .css .scss .less .map .download .r .jl .m "
    ".c .h .cc .cpp .hpp .java .go .rs .rb .pl .php .sh .bash .bat .ps1 .lua .swift .kt .scala .do .sas",
}
_NO_PROSE_BY_ENDING = {ending: what for what, endings in _NO_PROSE.items() for ending in endings.split()}

_PDF = re.compile(rb"%PDF-\d")
_PDF_HEAD = 1024
# What may stand before a document's first tag.
_XML_DECLARATION = re.compile(r"<\?xml[\s?]")
_PROLOG = re.compile(r"\s+|<\?[^>]{0,2000}>|<!--.{0,5000}?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+([\w.:-]+)", re.IGNORECASE)
_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)(?=[\s/>])")
_ANY_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|br|span|a|table|ul|ol|li|section|article|title|em|strong|b|i)\b[^<>]*>", re.I
)
_WHOLE_PAGE = frozenset({"html", "head", "body"})
_PAGE_PARTS = words(
    """
    title meta link style script div p h1 h2 h3 h4 h5 h6 span a table ul ol dl main article section
    header nav center font br iframe base noscript img aside footer form
    """
)
_INLINE = words("b i u em strong small sup sub s mark code q cite abbr")
_HTML_LATER = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_NO_HTML = re.compile(r"<(?:front|article-meta|sec|fm|bdy|sub-article|journal-meta)[\s>]")
_MIME_HEADER = re.compile(r"(?:[A-Za-z][A-Za-z-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_MIME_PAGE = re.compile(r"^content-type:\s*(?:multipart/related|text/html)", re.IGNORECASE | re.MULTILINE)


def sniff(name: str, data: bytes) -> str:
    """The format of a file: "pdf", "docx", "odt", "xml", "html", "markdown" or "text".

    Args:
        name: The path relative to the seeds folder. Its ending tells only Markdown from plain text, and prose
            from what is data or a program.
        data: The file's bytes.

    Raises:
        UnreadableFileError: The file is of a sort that is not read.
    """
    if data.startswith(ZIP):
        format_, what = in_zip(data)
        if format_:
            return format_
        raise UnreadableFileError(f"{name}: {what}.")
    if _is_pdf(data):
        return "pdf"
    what = in_ole2(data) if data.startswith(OLE2) else foreign(data)
    if what:
        raise UnreadableFileError(f"{name}: {what}.")
    head = decode_head(data).lstrip("\ufeff")
    ending = PurePosixPath(name).suffix.lower()
    if head.startswith("{\\rtf"):
        raise UnreadableFileError(f"{name}: a Rich Text file (.rtf); save it as .docx.")
    if is_binary(head):
        claim = f"not what its name ({ending}) says, nor text" if ending else "not text"
        raise UnreadableFileError(f"{name}: {claim} (it holds binary data); the file may be damaged.")
    markup = _markup(head, data, ending)
    if markup:
        return markup
    if ending in _MARKDOWN:
        return "markdown"
    if ending in _NO_PROSE_BY_ENDING:
        raise UnreadableFileError(f"{name}: {_NO_PROSE_BY_ENDING[ending]}.")
    return "text"


def capabilities() -> str:
    """What can be read beyond the plain installation: "ocr" or "". With more, what was skipped is worth another try."""
    return "ocr" if importlib.util.find_spec("rapidocr") else ""


def _is_pdf(data: bytes) -> bool:
    found = _PDF.search(data[:_PDF_HEAD])
    # A text may speak of PDFs: where something stands before the mark, there must be a PDF's objects behind it.
    return found is not None and (not data[: found.start()].strip(b"\xef\xbb\xbf\x00 \t\r\n") or b" obj" in data)


def _markup(head: str, data: bytes, ending: str) -> str:
    """ "xml", "html" or "odt" if the file is markup as a whole, else ""."""
    at, tail = 0, data[-4096:].replace(b"\x00", b"").rstrip().lower()
    while found := _PROLOG.match(head, at):
        at = found.end()
    doctype, root = _DOCTYPE.match(head, at), _TAG.match(head, at)
    declared = bool(_XML_DECLARATION.match(head.lstrip()))
    if doctype:
        return "html" if doctype[1].lower() == "html" else "xml"
    if root:
        tag = root[1]
        if tag == "office:document":
            return "odt"  # a whole OpenDocument text in one file
        if tag.lower() in _WHOLE_PAGE:
            return "html"
        if declared:
            return "xml"
        closed = tail.endswith(f"</{tag.lower()}>".encode("utf-8", "replace"))
        if tag.lower() not in _PAGE_PARTS | _INLINE or (tag == "article" and _NO_HTML.search(head)):
            return "xml" if closed else ""
        # Markdown may begin with tags; so may a sentence, but it does not end with one.
        if ending not in _MARKDOWN and (ending in _WEB or (tag.lower() in _PAGE_PARTS and tail.endswith(b">"))):
            return "html"
        return ""
    if declared or head[at:].lower().startswith("<!doctype"):
        return "xml"
    mime = _MIME_HEADER.match(head.lstrip())
    if mime and re.search(r"^mime-version:", mime[0], re.IGNORECASE | re.MULTILINE) and _MIME_PAGE.search(mime[0]):
        return "html"
    if ending in _MARKDOWN:
        return ""
    if ending in _WEB and _ANY_TAG.search(head):
        return "html"
    return "html" if _HTML_LATER.search(head[:1024]) and b"</html" in tail else ""
