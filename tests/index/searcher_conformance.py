"""What every backend must do. To try one, subclass `SearcherConformance` and give its `make`.

class TestMine(SearcherConformance):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Make:
        return lambda sentences, passages, dimension: MySearcher(...)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_searcher import EmbeddedEntry, PlainSearcher

from index.analysis import terms
from index.embedding import Vectors
from index.searcher import Entry, Hit, Searcher
from index.vector_blocks import pack, unpack

Make = Callable[[Sequence[EmbeddedEntry], Sequence[Entry], int], Searcher]

COSINE = 1e-5
"""How far a cosine may be off."""

_each_backend = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors, HealthCheck.too_slow],
)
_WORDS = ("lupus", "kidney", "liver", "remission", "relapse", "Größe", "naïve", "細胞", "CD19", "был", "β2", "خلايا")
# With the word that a test adds to each, 40: of a longer one a backend may keep the length roughly.
_texts = st.lists(st.sampled_from(_WORDS), min_size=0, max_size=39).map(" ".join)
_corpora = st.lists(st.tuples(st.integers(1, 3), _texts), min_size=1, max_size=12)
_questions = st.lists(st.sampled_from([*(term for word in _WORDS for term in terms(word)), "absent"]), max_size=5)
_vectors = st.lists(st.integers(-3, 3), min_size=4, max_size=4).filter(any)


def unit(numbers: Sequence[float]) -> Vectors:
    """The vector in some direction, as an index stores it."""
    vector = np.asarray([numbers], dtype=np.float32)
    return unpack(pack(vector / np.linalg.norm(vector)), len(numbers))[0]


def turned(degrees: float) -> Vectors:
    """The vector at about an angle to (1, 0, 0, 0)."""
    return unit([np.cos(np.radians(degrees)), np.sin(np.radians(degrees)), 0, 0])


def sentence(at: int, text: str = "", vector: Vectors | None = None, content: int = 1) -> EmbeddedEntry:
    return EmbeddedEntry(at, content, text, turned(0) if vector is None else vector)


def ids(hits: Sequence[Hit]) -> list[int]:
    return [hit.id for hit in hits]


def agree(hits: Sequence[Hit], expected: Sequence[Hit], relative: float = 1e-4) -> None:
    """The same hits with the same scores, and in order: only scores that rounding makes equal may change places."""
    assert {hit.id: hit.score for hit in hits} == pytest.approx({hit.id: hit.score for hit in expected}, rel=relative)
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in expected], rel=relative)
    assert list(hits) == sorted(hits, key=lambda hit: (-hit.score, hit.id))


class SearcherConformance(ABC):
    """The suite. Each test builds its own small index."""

    @pytest.fixture
    @abstractmethod
    def make(self) -> Make:
        """Builds the backend from its entries: sentences, passages, dimension of the vectors."""

    # Vectors

    def test_the_nearest_sentence_comes_first(self, make: Make) -> None:
        angles = {5: 80.0, 9: 10.0, 12: 45.0, 40: 170.0}
        with opened(make, [sentence(at, vector=turned(angle)) for at, angle in angles.items()]) as searcher:
            hits = searcher.nearest_sentences(turned(0), 4)
            assert ids(hits) == [9, 12, 5, 40]
            assert [hit.score for hit in hits] == pytest.approx(
                [turned(angles[at]) @ turned(0) for at in (9, 12, 5, 40)], abs=COSINE
            )
            assert ids(searcher.nearest_sentences(turned(180), 2)) == [40, 5]

    def test_no_more_than_k_sentences_and_no_more_than_there_are(self, make: Make) -> None:
        with opened(make, [sentence(at, vector=turned(at)) for at in range(1, 6)]) as searcher:
            assert ids(searcher.nearest_sentences(turned(0), 2)) == [1, 2]
            assert ids(searcher.nearest_sentences(turned(0), 10_000)) == [1, 2, 3, 4, 5]
            assert searcher.nearest_sentences(turned(0), 0) == []

    def test_equal_sentences_come_by_id(self, make: Make) -> None:
        entries = [sentence(at, vector=turned(30)) for at in (2, 3, 5, 7)]
        with opened(make, [sentence(1, vector=turned(90)), *entries, sentence(8, vector=turned(5))]) as searcher:
            assert ids(searcher.nearest_sentences(turned(0), 6)) == [8, 2, 3, 5, 7, 1]
            assert ids(searcher.nearest_sentences(turned(0), 3)) == [8, 2, 3]

    def test_the_order_of_arrival_does_not_matter(self, make: Make) -> None:
        entries = [sentence(at, "lupus", turned(30)) for at in (5, 2, 7, 3)]
        with opened(make, entries) as searcher:
            assert ids(searcher.nearest_sentences(turned(0), 10)) == [2, 3, 5, 7]
            assert ids(searcher.matching_sentences(["lupus"], 10)) == [2, 3, 5, 7]
            assert ids(searcher.nearest_sentences(turned(0), 2)) == [2, 3]
            assert ids(searcher.matching_sentences(["lupus"], 2)) == [2, 3]

    def test_a_search_among_sentences_finds_those_alone(self, make: Make) -> None:
        with opened(make, [sentence(at, vector=turned(at)) for at in range(1, 20)]) as searcher:
            assert ids(searcher.nearest_sentences(turned(0), 2, np.asarray([17, 4, 9]))) == [4, 9]
            assert ids(searcher.nearest_sentences(turned(0), 50, np.asarray([17, 4, 9]))) == [4, 9, 17]
            assert searcher.nearest_sentences(turned(0), 5, np.asarray([], dtype=np.int64)) == []

    def test_cosines_come_in_the_order_asked_for(self, make: Make) -> None:
        with opened(make, [sentence(at, vector=turned(at * 10)) for at in range(1, 6)]) as searcher:
            found = searcher.cosines(turned(0), np.asarray([4, 1, 5, 1]))
            assert found.shape == (4,)
            assert found == pytest.approx([turned(at) @ turned(0) for at in (40, 10, 50, 10)], abs=COSINE)
            assert searcher.cosines(turned(0), np.asarray([], dtype=np.int64)).shape == (0,)

    @_each_backend
    @given(numbers=st.lists(_vectors, min_size=1, max_size=20), question=_vectors, k=st.integers(1, 25), data=st.data())
    def test_no_sentence_left_out_is_nearer(
        self, make: Make, numbers: list[list[int]], question: list[int], k: int, data: st.DataObject
    ) -> None:
        entries = [sentence(at, vector=unit(row)) for at, row in enumerate(numbers, 1)]
        asked = unit(question)
        among = data.draw(st.none() | st.sets(st.integers(1, len(entries))).map(sorted))
        allowed = set(range(1, len(entries) + 1)) if among is None else set(among)
        truth = {entry.id: float(entry.vector @ asked) for entry in entries}
        with opened(make, entries) as searcher:
            hits = searcher.nearest_sentences(asked, k, None if among is None else np.asarray(among, dtype=np.int64))
            assert len(set(ids(hits))) == len(hits) == min(k, len(allowed))
            assert set(ids(hits)) <= allowed
            assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.id))
            assert [hit.score for hit in hits] == pytest.approx([truth[hit.id] for hit in hits], abs=COSINE)
            left_out = [truth[at] for at in allowed - set(ids(hits))]
            assert max(left_out, default=-2.0) <= min((hit.score for hit in hits), default=2.0) + 2 * COSINE
            every = np.asarray(sorted(allowed), dtype=np.int64)
            assert searcher.cosines(asked, every) == pytest.approx([truth[int(at)] for at in every], abs=COSINE)

    # Words

    def test_bm25_is_what_its_formula_says(self, make: Make) -> None:
        # Two entries of 1 and 2 words: idf ln(1.2), mean length 1.5, k1 1.2, b 0.75.
        texts = {1: "lupus nephritis", 2: "lupus"}
        with opened(make, [sentence(at, text) for at, text in texts.items()], passages(texts)) as searcher:
            for hits in (searcher.matching_passages(["lupus"], 5), searcher.matching_sentences(["lupus"], 5)):
                assert ids(hits) == [2, 1]
                assert [hit.score for hit in hits] == pytest.approx([0.211109, 0.160443], rel=1e-4)

    @_each_backend
    @given(
        corpus=_corpora,
        words=_questions,
        k=st.integers(0, 15),
        within=st.none() | st.sets(st.integers(1, 4)).map(sorted),
    )
    def test_bm25_agrees_with_the_oracle(
        self, make: Make, corpus: list[tuple[int, str]], words: list[str], k: int, within: list[int] | None
    ) -> None:
        entries = [EmbeddedEntry(at, content, text, turned(at)) for at, (content, text) in enumerate(corpus, 1)]
        others = [Entry(100 + at, content, f"{text} remission") for at, (content, text) in enumerate(corpus)]
        oracle = PlainSearcher(entries, others, 4)
        with opened(make, entries, others) as searcher:
            everything = len(entries)
            agree(
                searcher.matching_passages(words, everything, within),
                oracle.matching_passages(words, everything, within),
            )
            agree(
                searcher.matching_sentences(words, everything, within),
                oracle.matching_sentences(words, everything, within),
            )
            best = searcher.matching_passages(words, everything, within)
            assert searcher.matching_passages(words, k, within) == best[:k]
            for word in [*words, "remiss"]:
                assert searcher.document_frequency(word) == oracle.document_frequency(word)
            assert searcher.passage_count() == len(others)

    def test_long_texts_keep_their_order(self, make: Make) -> None:
        # A backend may keep lengths roughly, so here scores are near the formula's and not equal to them.
        texts = {at: " ".join(["filler"] * 90 * at + ["lupus"]) for at in range(1, 6)}
        oracle = PlainSearcher([], passages(texts), 4)
        with opened(make, [], passages(texts)) as searcher:
            hits = searcher.matching_passages(["lupus"], 5)
            assert ids(hits) == ids(oracle.matching_passages(["lupus"], 5)) == [1, 2, 3, 4, 5]
            agree(hits, oracle.matching_passages(["lupus"], 5), relative=0.1)

    def test_a_word_asked_for_twice_counts_twice(self, make: Make) -> None:
        with opened(make, [], passages({1: "lupus", 2: "liver kidney"})) as searcher:
            once, twice = searcher.matching_passages(["lupus"], 1), searcher.matching_passages(["lupus", "lupus"], 1)
            assert twice[0].score == pytest.approx(2 * once[0].score, rel=1e-5)

    def test_entries_without_any_of_the_words_are_left_out(self, make: Make) -> None:
        texts = {1: "lupus of the kidney", 2: "the liver", 3: ""}
        with opened(make, [sentence(at, text) for at, text in texts.items()], passages(texts)) as searcher:
            assert ids(searcher.matching_passages(["lupus", "absent"], 10)) == [1]
            assert searcher.matching_passages(["absent"], 10) == []
            assert searcher.matching_passages([], 10) == []
            assert searcher.matching_sentences([], 10) == []
            assert searcher.passage_scores(["absent"], [1, 2, 3]) == {}
            assert searcher.sentence_scores([], [1, 2, 3]) == {}
            assert searcher.document_frequency("absent") == 0

    def test_equal_texts_come_by_id(self, make: Make) -> None:
        texts = dict.fromkeys((3, 4, 8, 9), "lupus of the kidney")
        with opened(make, [sentence(at, text) for at, text in texts.items()], passages(texts)) as searcher:
            assert ids(searcher.matching_passages(["lupus"], 10)) == [3, 4, 8, 9]
            assert ids(searcher.matching_passages(["lupus"], 2)) == [3, 4]
            assert ids(searcher.matching_sentences(["kidney"], 3)) == [3, 4, 8]

    def test_a_search_within_contents_finds_those_alone(self, make: Make) -> None:
        entries = [sentence(at, "lupus " * at, content=at % 3) for at in range(1, 10)]
        others = [Entry(entry.id, entry.content, entry.text) for entry in entries]
        with opened(make, entries, others) as searcher:
            for search in (searcher.matching_passages, searcher.matching_sentences):
                assert {hit.id % 3 for hit in search(["lupus"], 10, [1, 2])} == {1, 2}
                assert len(search(["lupus"], 10, [1, 2])) == 6
                assert search(["lupus"], 10, []) == []
                assert search(["lupus"], 10, [77]) == []
                # The weight of a word is that of the whole shelf, wherever it is looked for.
                everywhere = {hit.id: hit.score for hit in search(["lupus"], 10)}
                for hit in search(["lupus"], 10, [1]):
                    assert hit.score == pytest.approx(everywhere[hit.id], rel=1e-5)

    @_each_backend
    @given(corpus=_corpora, words=_questions, data=st.data())
    def test_scores_of_named_entries_are_those_of_a_search(
        self, make: Make, corpus: list[tuple[int, str]], words: list[str], data: st.DataObject
    ) -> None:
        entries = [EmbeddedEntry(at, content, text, turned(at)) for at, (content, text) in enumerate(corpus, 1)]
        others = [Entry(100 + at, content, f"{text} kidney") for at, (content, text) in enumerate(corpus)]
        named = data.draw(st.sets(st.integers(0, len(corpus) - 1)))
        with opened(make, entries, others) as searcher:
            by_search = {hit.id: hit.score for hit in searcher.matching_sentences(words, 100)}
            assert searcher.sentence_scores(words, [at + 1 for at in named]) == pytest.approx(
                {at + 1: by_search[at + 1] for at in named if at + 1 in by_search}, rel=1e-5
            )
            by_search = {hit.id: hit.score for hit in searcher.matching_passages(words, 100)}
            assert searcher.passage_scores(words, iter([at + 100 for at in named])) == pytest.approx(
                {at + 100: by_search[at + 100] for at in named if at + 100 in by_search}, rel=1e-5
            )

    def test_document_frequency_counts_passages_and_not_occurrences(self, make: Make) -> None:
        texts = {1: "lupus lupus lupus", 2: "liver lupus", 3: "liver"}
        with opened(make, [sentence(1, "kidney")], passages(texts)) as searcher:
            assert searcher.document_frequency("lupus") == 2
            assert searcher.document_frequency("liver") == 2
            assert searcher.document_frequency("kidney") == 0  # in a sentence only
            assert searcher.passage_count() == 3

    @pytest.mark.parametrize(
        "words", ["Größe", "naïve", "Sjögren's", "β2-микроглобулин", "IL‑17", "ﬁbrosis", "細胞", "𝛼"]
    )
    def test_words_of_any_script_are_found_by_their_terms(self, make: Make, words: str) -> None:
        asked = terms(words)
        assert asked
        texts = {1: f"before {words} after", 2: "something else"}
        with opened(make, [sentence(at, text) for at, text in texts.items()], passages(texts)) as searcher:
            assert ids(searcher.matching_passages(asked, 5)) == [1]
            assert ids(searcher.matching_sentences(asked, 5)) == [1]
            assert [searcher.document_frequency(term) for term in asked] == [1] * len(asked)

    # Both

    def test_an_empty_index_finds_nothing(self, make: Make) -> None:
        with opened(make, []) as searcher:
            assert searcher.nearest_sentences(turned(0), 5) == []
            assert searcher.matching_passages(["lupus"], 5) == []
            assert searcher.matching_sentences(["lupus"], 5) == []
            assert searcher.document_frequency("lupus") == 0
            assert searcher.passage_count() == 0
            assert searcher.passage_scores(["lupus"], []) == {}

    def test_eight_threads_get_what_one_gets(self, make: Make) -> None:
        words = [word for word in _WORDS if terms(word)]
        texts = {at: " ".join(words[(at * step) % len(words)] for step in range(1, 9)) for at in range(1, 60)}
        entries = [sentence(at, text, turned(at * 3), content=at % 4) for at, text in texts.items()]

        def ask(searcher: Searcher, turn: int) -> list[Any]:
            asked = terms(words[turn % len(words)])
            return [
                searcher.nearest_sentences(turned(turn), 7),
                searcher.nearest_sentences(turned(turn), 3, np.asarray([turn % 50 + 1, 7])),
                searcher.cosines(turned(turn), np.asarray([1, turn % 50 + 1])).tolist(),
                searcher.matching_passages(asked, 9),
                searcher.matching_sentences(asked, 9, [turn % 4]),
                searcher.passage_scores(asked, range(1, 20)),
                searcher.document_frequency(asked[0]),
            ]

        with opened(make, entries, passages(texts)) as searcher, ThreadPoolExecutor(8) as threads:
            alone = [ask(searcher, turn) for turn in range(160)]
            together = list(threads.map(lambda turn: ask(searcher, turn), range(160)))
        assert together == alone


def passages(texts: dict[int, str]) -> list[Entry]:
    return [Entry(at, 1, text) for at, text in texts.items()]


@contextmanager
def opened(
    make: Make, sentences: Sequence[EmbeddedEntry], passages: Sequence[Entry] = (), dimension: int = 4
) -> Iterator[Searcher]:
    searcher = make(sentences, passages, dimension)
    try:
        yield searcher
    finally:
        searcher.close()
