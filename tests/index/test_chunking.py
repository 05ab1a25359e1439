"""Sentences and passages: what they cover, where they end, how long they get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_helpers import HEART, KIDNEY, LIVER, texts

from index.blocks import blocks, marker_end
from index.chunking import Chunks, TokenCounter, chunk
from index.cleaning import reference_list
from index.documents import Block, Document, Mention, Span
from index.embedding import SentenceTransformerEmbedder
from index.readers.text import read

REFERENCES = (
    "References\n1. Smith J, Doe A. On the liver. J Med. 2010;3:4-5.\n2. Roe B. On the kidney. Lancet 2011;4:5-6.\n"
)


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def characters(texts: Sequence[str]) -> list[int]:
    """The hardest tokenizer there is: a token a character."""
    return [len(text) for text in texts]


def document(text: str) -> Document:
    return read("review.txt", text.encode())


def cut(
    text: str, size: int = 40, overlap: int = 1, longest: int = 254, counter: TokenCounter = words
) -> tuple[list[str], list[list[int]]]:
    """Sentences in words, and passages as lists of sentence numbers."""
    chunks = chunk(document(text), counter, size, overlap, longest)
    return [span.of(text) for span in chunks.sentences], [[*range(p.first, p.last + 1)] for p in chunks.passages]


def barred(found: Document) -> list[Span]:
    """What may not be in a sentence: furniture and the list of references."""
    references = reference_list(found.text, blocks(found.text))
    return [*found.furniture, *([references] if references else [])]


def test_sentences_are_those_of_the_text_in_order() -> None:
    sentences, passages = cut(f"{LIVER}\n\n{KIDNEY}\n")
    assert sentences == [
        "The liver was normal in all patients of the trial.",
        "No relapse of hepatitis occurred in twelve months.",
        "Lupus nephritis was in remission after the infusion.",
        "The kidney recovered in five patients of eight.",
    ]
    assert passages == [[0, 1, 2, 3]]


def test_a_passage_is_filled_to_its_size_and_shares_its_last_sentence_with_the_next() -> None:
    text = " ".join(f"Sentence number {number} has exactly seven words." for number in range(10, 20))
    assert cut(text, size=21)[1] == [[0, 1, 2], [2, 3, 4], [4, 5, 6], [6, 7, 8], [8, 9]]


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        (0, [[0, 1, 2], [3, 4, 5]]),
        (1, [[0, 1, 2], [2, 3, 4], [4, 5]]),
        (2, [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]]),
    ],
)
def test_passages_overlap_as_asked(overlap: int, expected: list[list[int]]) -> None:
    text = " ".join(f"Sentence number {number} has exactly seven words." for number in range(10, 16))
    assert cut(text, size=21, overlap=overlap)[1] == expected


def test_an_overlap_larger_than_a_passage_still_goes_forward() -> None:
    text = " ".join(f"Sentence number {number} has exactly seven words." for number in range(10, 14))
    assert cut(text, size=14, overlap=5)[1] == [[0, 1], [1, 2], [2, 3]]


def test_a_sentence_longer_than_a_passage_is_a_passage_alone() -> None:
    long = f"This one {'goes on and ' * 20}ends."
    sentences, passages = cut(f"A short one is here. {long} Another short one is here.", size=12)
    assert sentences[1] == long
    assert [1] in passages
    assert all(len(passage) == 1 for passage in passages if 1 in passage)


def test_furniture_is_in_no_sentence_and_no_passage_runs_across_it() -> None:
    text = f"{LIVER}\n\nShare this article\n\nDownload PDF\n\n{KIDNEY}\n\n{HEART}\n"
    assert [span.of(text) for span in document(text).furniture] == ["Share this article", "Download PDF"]
    sentences, passages = cut(text, size=1000)
    assert not any("PDF" in sentence or "Share" in sentence for sentence in sentences)
    assert passages == [[0, 1], [2, 3, 4, 5]]


def test_the_list_of_references_is_left_out_and_may_still_be_read() -> None:
    text = f"{LIVER}\n\n{REFERENCES}"
    sentences, _ = cut(text)
    assert sentences == [
        "The liver was normal in all patients of the trial.",
        "No relapse of hepatitis occurred in twelve months.",
    ]
    assert document(text).furniture == ()


def test_what_follows_the_references_starts_a_passage_of_its_own() -> None:
    statement = "Funding: The study was paid for by the Ministry of Health of the country."
    sentences, passages = cut(f"{LIVER}\n\n{REFERENCES}\n{statement}\n", size=1000)
    assert sentences[2:] == [statement]
    assert passages == [[0, 1], [2]]


def test_a_long_sentence_is_cut_at_white_space() -> None:
    text = " ".join(f"word{number}" for number in range(100))
    sentences, _ = cut(text, longest=30)
    assert " ".join(sentences) == text
    assert max(words(sentences)) <= 30
    assert min(words(sentences)) >= 10


def test_a_long_run_without_white_space_is_cut_where_it_must_be() -> None:
    sentences, _ = cut("x" * 1000, longest=64, counter=characters)
    assert "".join(sentences) == "x" * 1000
    assert max(map(len, sentences)) <= 64


def test_a_sentence_within_the_limit_is_never_cut() -> None:
    text = " ".join(["word"] * 254)
    assert cut(text, longest=254)[0] == [text]
    assert len(cut(text + " word", longest=254)[0]) == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "한국어 문장은 여러 자모로 나뉜다 " * 13,
        "각난닫랄맘밥삿안 " * 28,
        "細胞治療の有効性を検討した" * 19,
        "β‑катенин и γ‑глобулин " * 11,
    ],
)
def test_no_sentence_is_longer_than_the_model_takes_in_whatever_the_script(
    model: SentenceTransformerEmbedder, sentence: str
) -> None:
    found = document(sentence)
    spans = chunk(found, model.count_tokens, 256, 1, model.max_tokens).sentences
    assert max(model.count_tokens([span.of(found.text) for span in spans])) <= model.max_tokens


def test_a_document_of_furniture_alone_has_no_sentences() -> None:
    found = document("Download PDF\n\nShare this article\n\nAccept all cookies\n")
    assert len(found.furniture) == 3
    assert chunk(found, words, 40, 1, 254) == Chunks((), ())


def test_the_name_of_a_document_decides_nothing() -> None:
    found = document(f"{LIVER}\n\n{KIDNEY}")
    assert chunk(found, words, 40, 1, 254) == chunk(replace(found, name="other.txt"), words, 40, 1, 254)


@settings(max_examples=150, deadline=None)
@given(
    text=texts().filter(str.strip),
    size=st.integers(1, 60),
    overlap=st.integers(0, 5),
    longest=st.integers(5, 60),
    counter=st.sampled_from([words, characters]),
)
def test_whatever_the_text(text: str, size: int, overlap: int, longest: int, counter: TokenCounter) -> None:
    found = document(text)
    chunks = chunk(found, counter, size, overlap, longest)
    _sentences_cover_what_may_be_cited(found, chunks.sentences)
    counts = counter([span.of(text) for span in chunks.sentences])
    assert max(counts, default=0) <= longest
    _passages_cover_the_sentences(found, chunks, counts, size, overlap)


def _sentences_cover_what_may_be_cited(found: Document, sentences: Sequence[Span]) -> None:
    """Each character that is no white space lies in one sentence, or in none if it may not be cited."""
    text, times = found.text, [0] * len(found.text)
    for span in sentences:
        words = span.of(text)
        assert words
        assert words == words.strip()
        for at in range(span.start, span.end):
            times[at] += 1
    wanted = [0 if char.isspace() else 1 for char in text]
    for block in blocks(text):
        if block.kind == "item":
            marker = marker_end(text[block.start : block.end])
            wanted[block.start : block.start + marker] = [0] * marker
    for span in barred(found):
        wanted[span.start : span.end] = [0] * (span.end - span.start)
    assert [count for count, char in zip(times, text, strict=True) if not char.isspace()] == [
        count for count, char in zip(wanted, text, strict=True) if not char.isspace()
    ]
    assert list(sentences) == sorted(sentences, key=lambda span: span.start)


def _passages_cover_the_sentences(
    found: Document, chunks: Chunks, counts: Sequence[int], size: int, overlap: int
) -> None:
    sentences, passages = chunks.sentences, chunks.passages
    walls = barred(found)
    assert {at for passage in passages for at in range(passage.first, passage.last + 1)} == set(range(len(sentences)))
    for passage in passages:
        assert passage.first == passage.last or sum(counts[passage.first : passage.last + 1]) <= size
        start, end = sentences[passage.first].start, sentences[passage.last].end
        assert not any(wall.start < end and start < wall.end for wall in walls)
    for one, following in pairwise(passages):
        walled = any(
            sentences[one.last].end <= wall.start and wall.end <= sentences[following.first].start for wall in walls
        )
        shared = one.last + 1 - following.first
        held = one.last - one.first  # all but the first may be shared
        assert following.first > one.first
        assert shared == (0 if walled and following.first > one.last else min(overlap, held))


@pytest.mark.parametrize(
    ("words", "marks", "expected"),
    [
        ("It recovered.23 The liver did not.", ["23"], ["It recovered.23", "The liver did not."]),
        ("It recovered.[2,3] The liver did not.", ["[2,3]"], ["It recovered.[2,3]", "The liver did not."]),
        ("It recovered. [23] The liver did not.", ["[23]"], ["It recovered. [23]", "The liver did not."]),
        ("It recovered. [2], [3] The liver.", ["[2]", "[3]"], ["It recovered. [2], [3]", "The liver."]),
        ("It recovered [23]. The liver did not.", ["[23]"], ["It recovered [23].", "The liver did not."]),
        ("Smith et al. [23] The Lancet", ["[23]"], ["Smith et al. [23] The Lancet"]),
        (
            "It recovered. Smith et al. (2020) saw it. The liver did not.",
            ["Smith et al. (2020)"],
            ["It recovered.", "Smith et al. (2020) saw it.", "The liver did not."],
        ),
        ("It recovered. (Doe, 2020) The liver.", ["(Doe, 2020)"], ["It recovered. (Doe, 2020)", "The liver."]),
        ("It recovered in 1.23 days. The liver.", [], ["It recovered in 1.23 days.", "The liver."]),
    ],
)
def test_a_reference_mark_after_the_full_stop_belongs_to_the_sentence_before(
    words: str, marks: list[str], expected: list[str]
) -> None:
    mentions = tuple(Mention(words.index(mark), words.index(mark) + len(mark), (0,)) for mark in marks)
    marked = Document("a.txt", words, "text", mentions=mentions, blocks=(Block(0, len(words)),))
    chunks = chunk(marked, characters, 400, 1, 254)
    assert [span.of(words) for span in chunks.sentences] == expected
