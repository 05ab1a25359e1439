"""A quote is the document's own characters, whatever characters those are."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_helpers import KIDNEY, LIVER, run_sync, texts, write

from index.documents import Document, Span
from index.opening import open_snapshot
from index.readers.text import read
from rag.answers import QuoteMismatchError, cite, verified

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
PAGE = f"{LIVER}\r\n\r\nDownload PDF\r\n\r\nShare this article\r\n\r\n{KIDNEY}\r\n"


def touches(span: Span, pieces: tuple[Span, ...]) -> bool:
    return any(piece.start < span.end and span.start < piece.end for piece in pieces)


@settings(max_examples=25, deadline=None)
@given(st.lists(texts().filter(str.strip), min_size=1, max_size=5), st.data())
def test_from_the_bytes_of_a_file_to_the_citation_nothing_changes(shelf: list[str], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        written = {f"{number}.txt": text.encode() for number, text in enumerate(shelf)}
        report = run_sync(write(folder / "seeds", written), folder / "index")
        snapshot = open_snapshot(folder / "index")
        try:
            assert set(snapshot.names) | {name for name, _ in report.skipped} == set(written)
            for name in snapshot.names:
                document = snapshot.document(name)
                assert document.text.encode() == written[name].removeprefix(b"\xef\xbb\xbf")
                _every_sentence_can_be_cited(document, snapshot.sentences_of(name))
                _only_what_may_be_cited_is(document, data)
        finally:
            snapshot.close()


def _every_sentence_can_be_cited(document: Document, sentences: list[Span]) -> None:
    assert sentences
    for number, span in enumerate(sentences, 1):
        words = document.text[span.start : span.end]
        assert words
        assert words == words.strip()
        assert not touches(span, document.furniture)
        citation = cite(document, span, number, 0.5)
        assert document.text[citation.start : citation.end] == citation.quote == words
        assert (citation.document, citation.number) == (document.name, number)


def _only_what_may_be_cited_is(document: Document, data: st.DataObject) -> None:
    length = len(document.text)
    span = Span(data.draw(st.integers(-2, length + 2)), data.draw(st.integers(-2, length + 2)))
    inside = 0 <= span.start < span.end <= length
    if inside and document.text[span.start : span.end].strip() and not touches(span, document.furniture):
        assert cite(document, span, 1, 0.5).quote == document.text[span.start : span.end]
    else:
        with pytest.raises(QuoteMismatchError):
            cite(document, span, 1, 0.5)


@pytest.fixture
def page() -> Document:
    return read("page.txt", PAGE.encode())


@pytest.mark.parametrize(
    "span", [Span(-1, 5), Span(0, len(PAGE) + 1), Span(10, 4), Span(7, 7), Span(len(PAGE), len(PAGE) + 9)]
)
def test_a_span_that_is_no_slice_is_refused(page: Document, span: Span) -> None:
    with pytest.raises(QuoteMismatchError, match=r"page\.txt"):
        cite(page, span, 1, 0.5)


def test_a_span_of_white_space_is_refused(page: Document) -> None:
    at = PAGE.index("\r\n\r\n")
    with pytest.raises(QuoteMismatchError, match="holds no words"):
        cite(page, Span(at, at + 4), 1, 0.5)


@pytest.mark.parametrize("reach", [(0, 0), (-30, 0), (0, 30), (-30, 30), (3, -3), (11, 0)])
def test_a_span_that_touches_furniture_is_refused(page: Document, reach: tuple[int, int]) -> None:
    furniture = page.furniture[0]
    assert furniture.of(PAGE) == "Download PDF"
    with pytest.raises(QuoteMismatchError, match="furniture"):
        cite(page, Span(furniture.start + reach[0], furniture.end + reach[1]), 1, 0.5)


def test_a_span_next_to_furniture_is_not_refused(page: Document) -> None:
    before, after = page.furniture[0], page.furniture[1]
    assert cite(page, Span(0, before.start), 1, 0.5).quote == PAGE[: before.start]
    assert cite(page, Span(after.end, len(PAGE)), 1, 0.5).quote == PAGE[after.end :]


@pytest.mark.parametrize(
    "change",
    [{"quote": "The liver was Normal"}, {"start": 1}, {"end": 19}, {"document": "other.txt"}],
    ids=["quote", "start", "end", "document"],
)
def test_a_citation_that_was_tampered_with_is_refused(page: Document, change: dict[str, object]) -> None:
    citation = cite(page, Span(0, 20), 1, 0.5)
    assert verified(page, citation) == citation
    with pytest.raises(QuoteMismatchError):
        verified(page, citation.model_copy(update=change))


@pytest.mark.parametrize(("score", "shown"), [(-0.5, 0.0), (0.123456, 0.1235), (7.0, 1.0)])
def test_a_score_is_between_nothing_and_one(page: Document, score: float, shown: float) -> None:
    assert cite(page, Span(0, 20), 1, score).score == shown


@pytest.mark.parametrize("file", sorted(SEEDS.glob("*.txt")), ids=lambda file: file.name)
def test_the_reviews_are_read_byte_for_byte(tmp_path: Path, file: Path) -> None:
    run_sync(SEEDS, tmp_path / "index")
    snapshot = open_snapshot(tmp_path / "index")
    try:
        document = snapshot.document(file.name)
        assert document.text.encode() == file.read_bytes()
        _every_sentence_can_be_cited(document, snapshot.sentences_of(file.name))
    finally:
        snapshot.close()
