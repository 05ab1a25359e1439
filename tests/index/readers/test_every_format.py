"""What holds for every format: words come out in order, and whatever points into the text points at its words."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from itertools import pairwise

import office_files
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_pages import Page, pdf

from index import packing, readers
from index.chunking import chunk
from index.documents import Document, Span
from index.errors import UnreadableFileError
from index.layout import rectangles
from rag.answers import cite

WORDS = ["kidney", "liver", "lupus", "remission", "infusion", "patient", "trial", "relapse", "dose", "heart", "year"]

words = st.lists(st.sampled_from(WORDS), min_size=6, max_size=14).map(" ".join)


def numbered(drawn: list[list[str]]) -> list[list[str]]:
    """Sentences, no two of them alike: what stands twice on a page is often furniture."""
    count = iter(range(100, 1000))
    return [[f"The {one} recovered in {next(count)} days." for one in paragraph] for paragraph in drawn]


article = st.lists(st.lists(words, min_size=2, max_size=4), min_size=2, max_size=4).map(numbered)

Article = Sequence[Sequence[str]]


def as_html(paragraphs: Article) -> bytes:
    body = "".join(f"<p>{html.escape(' '.join(one))}</p>" for one in paragraphs)
    page = f"<nav>Home</nav><article><h1>A title of it</h1>{body}</article>"
    return f"<!doctype html><html><body>{page}</body></html>".encode()


def as_jats(paragraphs: Article) -> bytes:
    body = "".join(f"<p>{html.escape(' '.join(one))}</p>" for one in paragraphs)
    return f"<article><front/><body><sec><title>Results</title>{body}</sec></body></article>".encode()


def as_docx(paragraphs: Article) -> bytes:
    return office_files.docx("".join(office_files.p(" ".join(one)) for one in paragraphs))


def as_odt(paragraphs: Article) -> bytes:
    return office_files.odt("".join(f"<text:p>{' '.join(one)}</text:p>" for one in paragraphs))


def as_text(paragraphs: Article) -> bytes:
    return "\n\n".join(" ".join(one) for one in paragraphs).encode()


def as_pdf(paragraphs: Article) -> bytes:
    page, top = Page(), 60.0
    for one in paragraphs:
        top = page.column(60, top, " ".join(one), width=420, size=10, lead=12) + 12
    return pdf(page)


FORMATS: dict[str, Callable[[Article], bytes]] = {
    "a.html": as_html,
    "a.nxml": as_jats,
    "a.docx": as_docx,
    "a.odt": as_odt,
    "a.txt": as_text,
    "a.md": as_text,
    "a.pdf": as_pdf,
}


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=15, deadline=None)
@given(paragraphs=article)
def test_every_sentence_comes_out_in_order_and_can_be_cited_exactly(name: str, paragraphs: Article) -> None:
    document = readers.read(name, FORMATS[name](paragraphs))
    found = sentences(document)
    cited = [cite(document, span, 1, 1.0) for span in found]
    assert all(document.text[one.start : one.end] == one.quote for one in cited)
    written = [words for one in paragraphs for words in one]
    read = [" ".join(one.quote.split()) for one in cited]
    assert [words for words in read if words in set(written)] == written
    check(document)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), paragraphs=article)
def test_a_damaged_file_ends_in_a_document_or_in_one_line(name: str, data: st.DataObject, paragraphs: Article) -> None:
    whole = bytearray(FORMATS[name](paragraphs))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    try:
        check(readers.read(name, bytes(whole[:cut])))
    except UnreadableFileError as refused:
        assert refused.message.startswith(f"{name}: ")
        assert "\n" not in refused.message


def sentences(document: Document) -> Sequence[Span]:
    return chunk(document, lambda texts: [len(text.split()) for text in texts], 256, 1, 254).sentences


def check(document: Document) -> None:
    """Whatever points into the text lies in it, in order, and the document can be stored as it is."""
    text = document.text
    spans: list[Sequence[object]] = [document.blocks, document.asides, document.furniture, document.pages]
    spans += [document.sections, document.references, document.mentions]
    for group in spans:
        assert all(0 <= one.start < one.end <= len(text) for one in group)  # type: ignore[attr-defined]
        assert [one.start for one in group] == sorted(one.start for one in group)  # type: ignore[attr-defined]
    assert all(one.end <= two.start for one, two in pairwise(document.blocks))
    assert all(at < len(document.references) for one in document.mentions for at in one.references)
    for spans_of_field in document.bibliography.stated.values():
        assert all(0 <= one.start < one.end <= len(text) for one in spans_of_field)
    for page, following in pairwise(document.pages):
        assert page.end == following.start
    for span in sentences(document):
        for one in rectangles(document.layout, span.start, span.end):
            assert any(page.number == one.page for page in document.pages)
    stored = packing.dump(document.bibliography).decode(), packing.dump(packing.parts(document)).decode()
    again = packing.document(document.name, text, document.format, *stored)
    assert packing.parts(again) == packing.parts(document)
    assert again.bibliography == document.bibliography
