"""What a link's numbers mean in a document that has changed: in bounded time, whatever the link asks for."""

from __future__ import annotations

import pytest

from index.documents import Span
from ui.links import Place, digest, find

SENTENCES = [f"Of all the cells number {number} grew in a mouse. " for number in range(20_000)]
BOOK = "".join(SENTENCES)


@pytest.fixture
def digests(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The characters digested, each time."""
    digested: list[int] = []

    def noted(quote: str) -> str:
        digested.append(len(quote))
        return digest(quote)

    monkeypatch.setattr("ui.links.digest", noted)
    return digested


def begins() -> list[int]:
    at, found = 0, []
    for sentence in SENTENCES:
        found.append(at)
        at += len(sentence)
    return found


def test_quotes_that_moved_in_a_book_are_found() -> None:
    text = BOOK + "The last word. "
    quotes = [SENTENCES[number].strip() for number in (10, 19_999)]
    found = find(text, [Place(3, 3 + len(quote), digest(quote)) for quote in quotes], begins)
    starts = [text.index(quote) for quote in quotes]
    assert found.spans == tuple(Span(start, start + len(quote)) for start, quote in zip(starts, quotes, strict=True))
    assert found.notes == ("The document has changed since this was quoted. The same words now stand here.",)


@pytest.mark.parametrize("length", [10, 300, 20_000])
def test_a_link_with_many_places_in_a_book_is_no_work_without_end_and_it_is_said(
    digests: list[int], length: int
) -> None:
    found = find(BOOK, [Place(number, number + length, "0" * 12) for number in range(20)], begins)
    assert found.spans == ()
    assert "too long to look in it for all the words of this link" in " ".join(found.notes)
    assert sum(digests) < 260_000_000
    assert len(digests) < 110_000
