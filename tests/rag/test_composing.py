"""Quotes put together to an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tiny_embedder import TinyEmbedder

from index.documents import Document
from index.snapshot import Snapshot
from rag import Assistant
from rag.composing.composing import Composed, compose
from rag.composing.openings import points_back
from rag.searching.candidates import Choice
from rag.understanding.question import analyse

ONE = """The first review of cells

Ada Smith, Ben Jones

Engineered cells are made in the laboratory. They kill B cells in mice. This was seen in three trials.

These results are new. Killer cells may help, and helper cells do not kill B cells.

The cells carry four risks:

- infection
- anaemia
- fever and fatigue

Whether they last is open.
"""
OTHER = """The second review of cells

Cora Miller, Dan Brown

Killer cells kill B cells in man. Nothing is known of the rest.
"""
AGAIN = """The third review of cells

Fay Green, Gus Hill

Killer cells kill B cells in man. Mice were treated. This was seen in three trials.
"""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "one.txt").write_text(ONE, encoding="utf-8")
    (folder / "seeds" / "other.txt").write_text(OTHER, encoding="utf-8")
    (folder / "seeds" / "again.txt").write_text(AGAIN, encoding="utf-8")
    with Assistant(folder / "seeds", folder / "index", embedder=TinyEmbedder()) as assistant:
        assistant.sync()
        with assistant.snapshot() as opened:
            yield opened


def choice(snapshot: Snapshot, name: str, opening: str, score: float = 1.0) -> Choice:
    """The sentence of a document that opens with some words."""
    document: Document = snapshot.document(name)
    span = next(one for one in snapshot.sentences_of(name) if one.of(document.text).startswith(opening))
    return Choice(document, span, score)


def composed(snapshot: Snapshot, question: str, *quotes: tuple[str, str], asked: tuple[str, ...] = ()) -> Composed:
    return compose(snapshot, analyse(question), [choice(snapshot, *quote) for quote in quotes], asked)


def test_each_document_is_named_once_and_its_quotes_stand_in_reading_order(snapshot: Snapshot) -> None:
    made = composed(snapshot, "What kills?", ("one.txt", "Killer"), ("other.txt", "Killer"), ("one.txt", "Engineered"))
    assert made.text == (
        "Smith and Jones: “Engineered cells are made in the laboratory.” [1] “Killer cells may help, and helper cells "
        "do not kill B cells.” [2]\n\nMiller and Brown: “Killer cells kill B cells in man.” [3]"
    )
    assert [sentence.citations for sentence in made.sentences] == [(1,), (2,), (3,)]


def test_a_hanging_pronoun_is_quoted_with_what_it_points_to(snapshot: Snapshot) -> None:
    (citation,) = composed(snapshot, "What was seen?", ("one.txt", "This was")).citations
    assert citation.quote == (
        "Engineered cells are made in the laboratory. They kill B cells in mice. This was seen in three trials."
    )
    assert snapshot.document("one.txt").text[citation.start : citation.end] == citation.quote


def test_a_pronoun_is_not_followed_into_another_paragraph(snapshot: Snapshot) -> None:
    (citation,) = composed(snapshot, "What is new?", ("one.txt", "These results")).citations
    assert citation.quote == "These results are new."


def test_the_same_words_in_two_documents_are_cited_doubly(snapshot: Snapshot) -> None:
    twin = choice(snapshot, "again.txt", "Killer")
    made = compose(snapshot, analyse("What kills?"), [replace(choice(snapshot, "other.txt", "Killer"), twins=(twin,))])
    assert made.text == "Miller and Brown; Green and Hill: “Killer cells kill B cells in man.” [1][2]"
    assert [sentence.citations for sentence in made.sentences] == [(1, 2)]
    assert [citation.document for citation in made.citations] == ["other.txt", "again.txt"]
    assert len({citation.quote for citation in made.citations}) == 1


def test_words_that_read_otherwise_with_what_they_point_to_are_cited_once(snapshot: Snapshot) -> None:
    twin = choice(snapshot, "again.txt", "This was")
    made = compose(snapshot, analyse("What was seen?"), [replace(choice(snapshot, "one.txt", "This"), twins=(twin,))])
    assert [citation.document for citation in made.citations] == ["one.txt"]


def test_a_review_that_says_the_same_is_not_silent(snapshot: Snapshot) -> None:
    found = replace(choice(snapshot, "other.txt", "Killer"), twins=(choice(snapshot, "again.txt", "Killer"),))
    made = compose(snapshot, analyse("Do both reviews mention man?"), [found], ("other.txt", "again.txt"))
    assert made.notes == ()


def test_no_word_is_quoted_twice(snapshot: Snapshot) -> None:
    made = composed(
        snapshot, "What was seen?", ("one.txt", "They kill"), ("one.txt", "Engineered"), ("one.txt", "This")
    )
    assert [citation.quote for citation in made.citations] == [
        "Engineered cells are made in the laboratory. They kill B cells in mice. This was seen in three trials."
    ]


@pytest.mark.parametrize("opening", ["The cells carry", "infection", "fever"])
def test_a_list_is_quoted_whole(snapshot: Snapshot, opening: str) -> None:
    (citation,) = composed(snapshot, "Which risks are there?", ("one.txt", opening)).citations
    assert " ".join(citation.quote.split()) == "The cells carry four risks: - infection - anaemia - fever and fatigue"


def test_a_list_is_quoted_whole_only_where_a_list_is_asked_for(snapshot: Snapshot) -> None:
    (citation,) = composed(snapshot, "Why is there infection?", ("one.txt", "infection")).citations
    assert citation.quote == "infection"


def test_yes_and_no_lead_the_quote_that_says_so(snapshot: Snapshot) -> None:
    no = composed(snapshot, "Do helper cells kill B cells?", ("one.txt", "Killer"))
    assert no.text.startswith("No. Smith and Jones: “Killer cells")
    yes = composed(snapshot, "Do killer cells kill B cells in man?", ("other.txt", "Killer"))
    assert yes.sentences[0].text.startswith("Yes. Miller and Brown: “")
    assert yes.sentences[0].citations == (1,)
    neither = composed(snapshot, "Do killer cells help in lupus?", ("one.txt", "Killer"))
    assert neither.text.startswith("Smith and Jones: “")


def test_reviews_that_say_otherwise_have_no_lead(snapshot: Snapshot) -> None:
    asked = "Do cells kill B cells?"
    made = composed(snapshot, asked, ("other.txt", "Killer"), ("one.txt", "Killer"))
    assert made.text.startswith("Miller and Brown: “")


def test_a_silent_review_is_named_in_the_notes_and_not_in_the_answer(snapshot: Snapshot) -> None:
    made = composed(snapshot, "Do both reviews mention man?", ("other.txt", "Killer"), asked=("one.txt", "other.txt"))
    assert made.notes == ("Smith and Jones: nothing found on this.",)
    assert "nothing found" not in made.text
    assert all(sentence.citations for sentence in made.sentences)


@pytest.mark.parametrize(
    ("words", "hangs"),
    [
        ("This technology was new.", True),
        ("These were new.", True),
        ("It kills B cells.", True),
        ("However, they are rare.", True),
        ("In addition, this may fail.", True),
        ("Such cells are rare.", True),
        ("The latter are rare.", True),
        ("Their use is rare.", True),
        ("This review covers cells.", False),
        ("In this article, we cover cells.", False),
        ("It is known that cells kill.", False),
        ("It has been shown in mice that cells kill.", False),
        ("These days, cells are cheap.", False),
        ("Here, we show that cells kill.", False),
        ("Those with lupus were treated.", False),
        ("However, cells are rare.", False),
        ("Cells kill when they are engineered.", False),
        ("Italy has many cells.", False),
    ],
)
def test_what_points_to_the_sentence_before(words: str, hangs: bool) -> None:
    assert points_back(words) is hangs
