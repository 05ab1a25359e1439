"""A document's text on its page: every character, and exactly the marked ones marked."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from index_helpers import texts
from reading_pages import anchors, levels, marked, shown, titles, words

from index.documents import Bibliography, Document, Mention, Page, Reference, Section, Span
from index.readers.text import read
from ui.document_page import document_page
from ui.links import Found


def span_of(length: int) -> st.SearchStrategy[Span]:
    return st.tuples(st.integers(0, length - 1), st.integers(1, length)).map(
        lambda pair: Span(min(pair), max(*pair, min(pair) + 1))
    )


def spans(length: int) -> st.SearchStrategy[list[Span]]:
    return st.lists(span_of(length), max_size=4)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any text with any parts, that a reader would make or not."""
    text = draw(texts().filter(str.strip))
    made = draw(st.sampled_from(["text", "pdf", "jats"]))
    parts = [draw(spans(len(text))) for _ in range(6)]
    return Document(
        "a.txt",
        text,
        made,
        bibliography=Bibliography(title="T", stated={"title": tuple(parts[0])}),
        sections=tuple(sorted((Section(one.of(text), one.start, one.end) for one in parts[1]), key=lambda s: s.start)),
        pages=tuple(Page(number, one.start, one.end) for number, one in enumerate(parts[2], 1)),
        furniture=tuple(parts[3]),
        asides=tuple(parts[4]),
        references=tuple(Reference(one.start, one.end, doi="10.1000/x") for one in parts[5]),
        mentions=tuple(Mention(one.start, one.end, (0,)) for one in parts[4]) if parts[5] else (),
    )


@settings(max_examples=50)
@given(document=documents(), data=st.data())
def test_the_marked_words_are_the_slice_of_the_text_whatever_stands_in_and_around_it(
    document: Document, data: st.DataObject
) -> None:
    span = data.draw(span_of(len(document.text)))

    page = document_page(document, Found((span,)))

    assert marked(page) == [span.of(document.text).replace("\0", "\ufffd")]


@settings(max_examples=50)
@given(document=documents())
def test_every_character_is_shown_once_and_in_order(document: Document) -> None:
    body = re.search(r"<article>(.*)</article>", document_page(document, Found()), re.DOTALL)
    assert body
    own = re.sub(r'<(summary|p) class="told">.*?</\1>|<span class="doi">.*?</span>', "", body[1], flags=re.DOTALL)
    assert words(own) == document.text


@settings(max_examples=50)
@given(document=documents())
def test_headings_go_down_by_single_steps_and_no_anchor_stands_twice(document: Document) -> None:
    page = document_page(document, Found((Span(0, 1),)))
    found = levels(page)
    assert found[0] == 1 and found.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(found))
    assert len(set(anchors(page))) == len(anchors(page))
    assert set(re.findall(r'href="#(s\d+)"', page)) <= set(anchors(page))


ARTICLE = """Cells in lupus

Introduction

Lupus is a disease of many organs, and cells were tried in it by several groups of researchers [1].

Methods

We looked for trials in which patients with lupus were given cells, and read all that we found.

References

1. Smith J, Doe A. A title of note. J Med. 2010;3:4-5.
2. Roe B. Another title. Lancet 2011;4:5-6.
"""


def test_sections_are_headings_and_are_listed() -> None:
    page = document_page(read("a.txt", ARTICLE.encode()), Found())
    assert {"Introduction", "Methods"} <= set(titles(page))
    listed = re.findall(r'<a href="#(s\d+)">(.*?)</a>', page)
    assert [words for _, words in listed][:2] == ["Introduction", "Methods"]


def test_a_citation_mark_leads_to_its_reference() -> None:
    page = document_page(read("a.txt", ARTICLE.encode()), Found())
    assert '<a class="to" href="#r0">[1]</a>' in page and 'id="r0"' in page
    assert "Reference list · not quoted from" in shown(page)


def test_what_is_no_part_of_the_article_is_said_to_be_none() -> None:
    text = "Download PDF\n\nCells remove antibodies.\n"
    plain = Document("a.txt", text, "text")
    beside = replace(plain, furniture=(Span(0, 12),))
    assert "not quoted from" not in shown(document_page(plain, Found()))
    assert "beside the article · not quoted fromDownload PDF Cells" in shown(document_page(beside, Found()))


def test_what_is_folded_is_open_where_something_in_it_is_marked() -> None:
    menu = "\n\n".join(f"Entry {number} of the menu" for number in range(60))
    document = Document("a.txt", f"{menu}\n\nCells.", "text", furniture=(Span(0, len(menu)),))
    assert '<details class="beside">' in document_page(document, Found())
    assert '<details class="beside" open>' in document_page(document, Found((Span(50, 60),)))
