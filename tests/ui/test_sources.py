"""A source card shows a document's own words, exactly, whatever they are."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Bibliography, Document, Mention, Page, Reference, Section, Span
from rag.answers import Citation, cite
from ui.sources import card, doi_link, escape, nearest_card

FIRST = "The first sentence opens."
QUOTED = "The second is   the\none quoted."
LAST = "The third one closes."
TEXT = f"{FIRST} {QUOTED} {LAST}"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'`${1+1}{{value}} **b** [x](http://example.org)"


def document(text: str = TEXT, **parts: object) -> Document:
    return replace(Document("review.txt", text, "text"), **parts)  # type: ignore[arg-type]


def spans(text: str, *quotes: str) -> list[Span]:
    return [Span(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]


def shown(page: str) -> str:
    """What a reader sees of some HTML: tags gone, entities read, white space as one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def marked(page: str) -> list[str]:
    return [shown(found) for found in re.findall(r"<mark>(.*?)</mark>", page, re.DOTALL)]


def second(of: Document) -> Citation:
    return cite(of, *spans(of.text, QUOTED), number=1, score=1.0)


def test_the_quote_is_marked_between_the_sentences_around_it() -> None:
    review = document()
    page = card(second(review), 1, review, spans(TEXT, FIRST, QUOTED, LAST))
    assert marked(page) == ["The second is the one quoted."]
    assert "The first sentence opens. The second is the one quoted. The third one closes." in shown(page)


words = st.text(
    st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("<>&\"'`${}*_[]\n\t #;"), min_size=1, max_size=80
)


@given(before=words, quote=words.filter(str.strip), after=words)
def test_what_is_marked_is_the_quote_and_nothing_else(before: str, quote: str, after: str) -> None:
    review = document(f"{before} {quote} {after}")
    span = Span(len(before) + 1, len(before) + 1 + len(quote))
    around = [Span(0, len(before)), span, Span(span.end + 1, len(review.text))]
    page = card(cite(review, span, 1, 1.0), 1, review, around)
    found = re.findall(r"<mark>(.*?)</mark>", page, re.DOTALL)
    assert [" ".join(html.unescape(one).split()) for one in found] == [" ".join(quote.split())]
    assert not re.search(r"<[^>]*>", found[0])


@given(words)
def test_escaped_text_reads_as_it_was_and_holds_no_markup(text: str) -> None:
    assert html.unescape(escape(text)) == text
    assert not set("<>\"'`$*_[]{}\\") & set(escape(text))


@pytest.mark.parametrize("field", ["title", "authors", "journal", "doi", "section", "name", "text"])
def test_hostile_words_are_shown_and_not_obeyed(field: str) -> None:
    named = Bibliography(
        title=HOSTILE if field == "title" else "",
        authors=(HOSTILE,) if field == "authors" else (),
        journal=HOSTILE if field == "journal" else "",
        doi=HOSTILE if field == "doi" else "",
    )
    text = f"{HOSTILE} {TEXT}" if field == "text" else TEXT
    review = document(text, bibliography=named, name=HOSTILE if field == "name" else "review.txt")
    if field == "section":
        review = replace(review, sections=(Section(HOSTILE, 0, len(TEXT)),))
    around = spans(text, HOSTILE, FIRST, QUOTED, LAST) if field == "text" else spans(text, FIRST, QUOTED, LAST)
    for page in (
        card(second(review), 1, review, around),
        nearest_card(cite(review, Span(0, len(text)), 1, 1.0), 1),
    ):
        assert HOSTILE in html.unescape(page)
        assert "<script" not in page
        assert "<img" not in page


def test_page_furniture_is_never_shown() -> None:
    furniture = "Register to see more suggestions"
    text = f"{FIRST}\n\n{furniture}\n\n{QUOTED} It goes\n{furniture}\non here."
    pieces = [Span(found.start(), found.end()) for found in re.finditer(furniture, text)]
    review = document(text, furniture=tuple(pieces))
    rest = Span(text.index("It goes"), len(text))
    page = shown(card(second(review), 1, review, [*spans(text, FIRST, QUOTED), rest]))
    assert furniture not in page
    assert "The first sentence opens. The second is the one quoted. It goes on here." in page


def test_the_passage_keeps_to_its_paragraph_and_its_section() -> None:
    text = f"{FIRST}\n\n{QUOTED} {LAST}"
    review = document(text, sections=(Section("Results", text.index(QUOTED), text.index(LAST)),))
    page = shown(card(second(review), 1, review, spans(text, FIRST, QUOTED, LAST)))
    assert FIRST not in page
    assert LAST not in page


def test_title_and_byline_are_not_shown_as_sentences() -> None:
    review = document(bibliography=Bibliography(stated={"title": tuple(spans(TEXT, FIRST))}))
    assert FIRST not in shown(card(second(review), 1, review, spans(TEXT, FIRST, QUOTED, LAST)))


def test_a_long_neighbour_is_cut_at_a_word_and_says_so() -> None:
    text = f"{'before ' * 200}. {QUOTED} {'after ' * 200}."
    review = document(text)
    at = text.index(QUOTED)
    around = [Span(0, at - 1), Span(at, at + len(QUOTED)), Span(at + len(QUOTED) + 1, len(text))]
    page = shown(card(second(review), 1, review, around))
    assert "…before before" in page
    assert "after after…" in page
    assert len(page) < 1500


@pytest.mark.parametrize("now", [None, document("Another text by now, and a longer one than it was before.")])
def test_the_quote_stands_alone_where_the_document_is_no_longer_the_same(now: Document | None) -> None:
    page = card(second(document()), 1, now, [Span(0, 10)])
    assert marked(page) == ["The second is the one quoted."]
    assert "Another" not in page


def test_what_the_document_states_is_on_its_card() -> None:
    stated = Bibliography("A title", ("Ann One", "Bob Two"), 2023, "RMD Open", "10.1136/rmdopen-2023-002907")
    parts = {"pages": (Page(7, 0, len(TEXT)),), "sections": (Section("Results", 0, len(TEXT)),)}
    review = document(bibliography=stated, **parts)
    page = card(second(review), 3, review, ())
    for words in (
        "A title",
        "Ann One; Bob Two",
        "2023",
        "RMD Open",
        "10.1136/rmdopen-2023-002907",
        "Results",
        "page 7",
    ):
        assert words in shown(page)
    assert 'id="source-3-1"' in page


def test_what_it_does_not_state_is_left_out() -> None:
    page = card(second(document()), 1, document(), ())
    assert shown(page) == "1 review.txt The second is the one quoted. review.txt · Open in document"
    for nothing in ("None", "page", "doi", "pc-authors", "pc-published"):
        assert nothing not in page


def test_a_card_leads_to_its_place_in_the_document_whatever_that_is_called() -> None:
    review = document(name="a b/ü&\"'<x>#?%.txt")
    (address,) = re.findall(r'<a class="pc-open" href="([^"]*)"', card(second(review), 1, review, ()))
    found = urlsplit(html.unescape(address))
    start = TEXT.index(QUOTED)
    assert (found.scheme, found.netloc, found.path, found.fragment) == ("", "", "document", "cited")
    asked = parse_qs(found.query)
    assert (asked["name"], asked["start"], asked["end"]) == (
        [review.name],
        [str(start)],
        [str(start + len(QUOTED))],
    )


def test_of_many_authors_the_first_are_named() -> None:
    review = document(bibliography=Bibliography(authors=tuple(f"Author {n}" for n in range(30))))
    assert "Author 6; and 23 more" in shown(card(second(review), 1, review, ()))


@pytest.mark.parametrize("doi", ["10.1136/rmdopen-2023-002907", "10.1002/(SICI)1097-0258(1998)17:8<>1.0"[:30]])
def test_a_doi_is_a_link_that_opens_apart(doi: str) -> None:
    link = doi_link(doi)
    assert link.startswith(f'<a href="https://doi.org/{doi}" target="_blank" rel="noopener noreferrer">')
    assert shown(link) == doi


@pytest.mark.parametrize(
    "doi",
    ["javascript:alert(1)", "10.1/x", "10.1136/", '10.1136/"onclick="x', "10.1136/<b>", "10.1136/a b", "doi:10.1136/x"],
)
def test_what_is_no_doi_is_no_link(doi: str) -> None:
    assert "<a" not in doi_link(doi)
    assert html.unescape(doi_link(doi)) == doi


def test_a_nearest_passage_is_whole_and_nothing_in_it_is_marked() -> None:
    text = "\n\n".join(f"Paragraph {n} has a sentence. {'It has more words. ' * 12}" for n in range(6)).strip()
    review = document(text)
    page = nearest_card(cite(review, Span(0, len(text)), 2, 0.5), 4)
    assert "<mark" not in page
    assert 'id="source-4-2"' in page
    assert "The rest of the passage" in page
    assert " ".join(text.split()) in shown(page.replace("<summary>The rest of the passage</summary>", ""))


def test_labels_stand_on_the_card_and_only_those_we_know() -> None:
    said = Bibliography(title="A review", labels=("retracted", "expression of concern", "review", HOSTILE))
    page = card(second(document(bibliography=said)), 1)
    assert re.findall(r'<span class="pc-label [^"]*">(.*?)</span>', page) == [
        "retracted",
        "expression of concern",
        "review",
    ]
    assert "pc-labels" not in card(second(document()), 1)


def test_the_card_names_the_references_that_the_quote_points_to() -> None:
    text = f"{QUOTED} [2]\n\n{HOSTILE} 2020"
    entry = Reference(text.index(HOSTILE), len(text), doi="10.1234/k.5")
    review = document(text, references=(entry,), mentions=(Mention(len(QUOTED) + 1, len(QUOTED) + 4, (0,)),))
    page = card(cite(review, Span(0, len(QUOTED) + 4), 1, 1.0), 1)
    assert "Secondary source: the quote cites 1 reference" in shown(page)
    assert f"[2] {' '.join(HOSTILE.split())} 2020 10.1234/k.5" in shown(page)
    assert "<script" not in page
    assert 'href="https://doi.org/10.1234/k.5"' in page


def test_a_quote_that_points_to_no_reference_says_nothing_of_it() -> None:
    assert "Secondary source" not in card(second(document()), 1)
