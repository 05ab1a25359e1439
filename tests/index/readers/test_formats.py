"""Which reader a file goes to, by its content; what is refused, and with what words."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import readers
from index.documents import Bibliography, Document, Reference, Section
from index.errors import UnreadableFileError
from index.readers import VERSIONS, capabilities, read, sniff

ROOT = Path(__file__).parents[3]
PROSE = "Lupus is an autoimmune disease. It was treated with CAR T cells."


def zipped(**parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as container:
        for path, content in parts.items():
            container.writestr(path.replace("__", "/").replace("_dot_", "."), content)
    return held.getvalue()


DOCX = zipped(word__document_dot_xml="<x/>")
ODT = zipped(mimetype="application/vnd.oasis.opendocument.text", content_dot_xml="<x/>")


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (b"%PDF-1.7\nrest", "pdf"),
        (b"\r\n\xef\xbb\xbf%PDF-1.4", "pdf"),
        (b"HTTP junk before\n%PDF-1.4\n1 0 obj", "pdf"),
        (DOCX, "docx"),
        (ODT, "odt"),
        (b"<?xml version='1.0'?><article/>", "xml"),
        (b"<!DOCTYPE article PUBLIC '-//NLM//DTD JATS'>\n<article/>", "xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a comment -->\n<art></art>", "xml"),
        ("<?xml version='1.0' encoding='utf-16'?><article/>".encode("utf-16"), "xml"),
        (b"<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>", "xml"),
        (b"<article><front><article-meta/></front></article>", "xml"),
        (b"<!doctype html><p>Lupus", "html"),
        (b"\n<!-- saved from url=(0014)about:internet -->\n<HTML lang=en><p>Lupus</HTML>", "html"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'><html></html>", "html"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'></html>", "html"),
        (b"<div><h1>Lupus</h1><p>It is a disease.</p></div>", "html"),
        (b"<article><h1>Lupus</h1><p>It is a disease.</p></article>", "html"),
        (b"From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype=x\n\nbody", "html"),
        (PROSE.encode(), "text"),
        (b"<0.05 was taken for significant, <b>as usual</b>, throughout.", "text"),
        (b"<i>In vitro</i> the cells grew. Then they did not.", "text"),
        (b"We wrote <html> pages, see <http://example.org>. The mark %PDF-1.4 begins a PDF.", "text"),
        (b"", "text"),
    ],
)
@pytest.mark.parametrize("name", ["review.pdf", "review.txt", "sub/review.html", "review", "review.docx", ".hidden"])
def test_the_content_tells_the_format_whatever_the_name_says(name: str, data: bytes, format_: str) -> None:
    if name.endswith(".html") and data.startswith((b"<i>", b"<0")):
        format_ = "html"  # a fragment of HTML may begin with words: here the name tips the scales
    assert sniff(name, data) == format_


@pytest.mark.parametrize("name", ["a.md", "A.MARKDOWN", "notes.qmd"])
@pytest.mark.parametrize("start", ["# Lupus", "<div align=center>Lupus</div>\n\n", "<!-- c -->\n# Lupus", ""])
def test_the_ending_tells_markdown_from_text(name: str, start: str) -> None:
    assert sniff(name, f"{start}\n\n{PROSE}".encode()) == "markdown"
    assert sniff(name, b"<!DOCTYPE html><html>") == "html"


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.doc", OLE2 + "WordDocument".encode("utf-16-le"), "legacy Word file .*save it as .docx"),
        ("a.docx", OLE2 + "EncryptedPackage".encode("utf-16-le"), "needs a password"),
        ("a.xls", OLE2 + "Workbook".encode("utf-16-le"), "spreadsheet"),
        ("a.docx", zipped(xl__workbook_dot_xml="", **{"[Content_Types]_dot_xml": ""}), "spreadsheet"),
        ("a.pptx", zipped(ppt__presentation_dot_xml="", **{"[Content_Types]_dot_xml": ""}), "slides"),
        ("a.epub", zipped(mimetype="application/epub+zip"), "e-book"),
        ("a.zip", zipped(a_dot_txt="text"), "archive; unpack it"),
        ("a.docx", DOCX[:-30], "damaged"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n\x00", "an image"),
        ("a.txt", b"\xff\xd8\xff\xe0\x00\x10JFIF", "an image"),
        ("a", b"\x7fELF\x02\x01", "a program"),
        ("a.gz", b"\x1f\x8b\x08\x00", "archive"),
        ("a.mp3", b"ID3\x04\x00\x00", "sound"),
        ("a.ps", b"%!PS-Adobe-3.0", "PostScript"),
        ("a.rtf", b"{\\rtf1\\ansi Lupus}", "Rich Text .*save it as .docx"),
        ("a.docx", bytes(range(256)) * 9, r"not what its name \(.docx\) says"),
        ("a.bib", b"@article{x, title={Lupus}}", "references"),
        ("page_files/menu.js", b"var menu = 1;", "a program's source"),
        ("a.csv", b"a,b\n1,2\n", "data"),
    ],
)
def test_what_is_no_document_is_refused_with_what_it_is_and_what_to_do(name: str, data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=f"(?s)^{name}: .*{words}") as refusal:
        sniff(name, data)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("text", ["BM is bone marrow.", "MZ twins were studied.", "ID3 was knocked out.", "RIFFs"])
def test_words_that_begin_like_a_binary_file_are_text(text: str) -> None:
    assert sniff("a.txt", text.encode()) == "text"


class Reader:
    """Stands for a format's module."""

    def __init__(self, does: Callable[[str, bytes], Document]) -> None:
        self.read = does


def failing(error: BaseException) -> Callable[[str, bytes], Document]:
    def read_(name: str, data: bytes) -> Document:
        raise error

    return read_


def test_a_library_that_fails_costs_the_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def use(does: Callable[[str, bytes], Document]) -> None:
        monkeypatch.setattr(readers.importlib, "import_module", lambda name: Reader(does))

    use(failing(RecursionError("too\ndeep")))
    with pytest.raises(UnreadableFileError, match=r"^a.pdf: could not be read as a PDF \(RecursionError: too deep\)"):
        read("a.pdf", b"%PDF-1.4")
    use(failing(MemoryError()))
    with pytest.raises(MemoryError):
        read("a.pdf", b"%PDF-1.4")
    use(lambda name, data: Document(name, " \n-- * --\n", "pdf"))
    with pytest.raises(UnreadableFileError, match=r"^a.pdf: holds no text"):
        read("a.pdf", b"%PDF-1.4")


def test_what_cannot_be_stored_is_replaced_and_offsets_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Document(
        "a.pdf",
        "Lup\ud800us \x00 here",
        "pdf",
        Bibliography("T\udfff", ("A\ud800",)),
        (Section("S\ud800", 0, 5),),
        references=(Reference(0, 3, authors=("B\ud800",)),),
    )
    monkeypatch.setattr(readers.importlib, "import_module", lambda name: Reader(lambda name, data: made))
    document = read("a.pdf", b"%PDF-1.4")
    assert document.text == "Lup\ufffdus \ufffd here"
    assert (document.bibliography.title, document.bibliography.authors) == ("T\ufffd", ("A\ufffd",))
    assert document.sections[0].heading == "S\ufffd"
    assert document.references[0].authors == ("B\ufffd",)


@given(st.binary(max_size=80), st.sampled_from(["a.txt", "a.md", "a.pdf", "a.docx", "a", "a.html"]))
def test_any_bytes_have_a_format_or_a_reason(data: bytes, name: str) -> None:
    try:
        assert sniff(name, data) in {"pdf", "docx", "odt", "xml", "html", "markdown", "text"}
    except UnreadableFileError as refusal:
        assert refusal.message.startswith(f"{name}: ")


def test_every_format_has_a_version() -> None:
    assert {"text", "markdown", "html", "jats", "bmc", "pubmed", "tei", "pdf", "docx", "odt"} <= VERSIONS.keys()
    assert capabilities() in {"", "ocr"}


@pytest.mark.parametrize("format_", ["docx", "html", "markdown", "odt", "pdf", "text", "xml"])
def test_a_reader_can_be_the_first_that_is_imported(format_: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import index.readers.{format_}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
