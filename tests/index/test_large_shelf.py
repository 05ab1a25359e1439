"""A large shelf: small changes update its search files, and its vectors are told apart in cells.

What counts as large is made small here; everything else is as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from index_helpers import HEART, KIDNEY, LIVER, found, run_sync, view, write
from tiny_embedder import TinyEmbedder

from index import derive, partition, store
from index.errors import IndexDamagedError
from index.opening import open_snapshot

ORGANS = ("kidney", "liver", "heart", "lung", "skin", "brain", "joint", "muscle", "nerve", "vessel")
SEEN = ("recovered", "relapsed", "was normal", "was inflamed", "improved", "was biopsied", "deteriorated")


def document(number: int) -> str:
    """A text of its own, of thirty sentences."""
    random = np.random.default_rng(number)
    said = [
        f"The {random.choice(ORGANS)} {random.choice(SEEN)} in {random.integers(2, 90)} of {random.integers(90, 999)} "
        f"patients after {random.integers(2, 40)} weeks."
        for _ in range(30)
    ]
    return "\n\n".join(" ".join(said[at : at + 5]) for at in range(0, 30, 5))


def shelf(folder: Path, numbers: Sequence[int]) -> Path:
    return write(folder, {f"{number:03}.txt": document(number) for number in numbers})


def inodes(index: Path) -> set[int]:
    return {file.stat().st_ino for file in index.glob("lexical-*/*/*")}


def ask(index: Path, query: str) -> tuple[object, ...]:
    db = sqlite3.connect(index / store.FILE)
    try:
        return tuple(db.execute(query).fetchone() or ())
    finally:
        db.close()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derive, "LARGE", 1)


# Search files


@pytest.mark.usefixtures("large")
def test_what_comes_is_added_and_what_is_there_is_not_written_again(tmp_path: Path) -> None:
    seeds, index = shelf(tmp_path / "seeds", range(8)), tmp_path / "index"
    run_sync(seeds, index)
    before = inodes(index)
    shelf(seeds, [8, 9])
    run_sync(seeds, index)
    assert len(before & inodes(index)) > len(before) / 2
    run_sync(seeds, tmp_path / "fresh")
    assert view(index) == view(tmp_path / "fresh")


@pytest.mark.usefixtures("large")
def test_what_goes_is_no_longer_found_and_before_it_counts_for_much_all_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derive, "_STALE", 0.2)
    seeds, index = shelf(tmp_path / "seeds", range(10)), tmp_path / "index"
    write(seeds, {"a.txt": KIDNEY + " Myasthenia was not seen."})
    run_sync(seeds, index)
    before = inodes(index)
    write(seeds, {"a.txt": KIDNEY})
    run_sync(seeds, index)
    assert before & inodes(index)
    assert found(index, "myasthenia") == set()
    assert found(index, "nephriti") == {"a.txt"}
    snapshot = open_snapshot(index)
    assert snapshot.searcher.passage_count() == snapshot.counts()["passages"]
    snapshot.close()
    for number in range(3):
        (seeds / f"{number:03}.txt").unlink()
    before = inodes(index)
    run_sync(seeds, index)
    assert not before & inodes(index)
    run_sync(seeds, tmp_path / "fresh")
    assert view(index) == view(tmp_path / "fresh")


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("damaged", ["*.idx", ".managed.json"])
def test_files_that_are_damaged_are_not_built_upon(tmp_path: Path, damaged: str) -> None:
    seeds, index = shelf(tmp_path / "seeds", range(8)), tmp_path / "index"
    run_sync(seeds, index)
    max(index.glob(f"lexical-1/*/{damaged}")).write_bytes(b"")
    shelf(seeds, [8])
    run_sync(seeds, index)
    run_sync(seeds, tmp_path / "fresh")
    assert view(index) == view(tmp_path / "fresh")


@pytest.mark.usefixtures("large")
@examples(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=3), min_size=2, max_size=5))
def test_an_updated_index_finds_what_one_made_anew_finds(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, steps: list[list[int]]
) -> None:
    """Each step turns some documents round: those there go, the others come."""
    monkeypatch.setattr(derive, "_STALE", 1.0)
    folder = tmp_path_factory.mktemp("steps")
    seeds, index = shelf(folder / "seeds", range(4)), folder / "index"
    write(seeds, {"always.txt": LIVER + " " + HEART})
    run_sync(seeds, index)
    for numbers in steps:
        for number in numbers:
            file = seeds / f"{number:03}.txt"
            if file.exists():
                file.unlink()
            else:
                shelf(seeds, [number])
        run_sync(seeds, index)
    run_sync(seeds, folder / "fresh")
    updated, fresh = view(index), view(folder / "fresh")
    # What is gone goes on counting for how rare a word is: the same is found, with nearly the same scores.
    for question, (near, *by_words) in updated.pop("searches").items():
        near_fresh, *by_words_fresh = fresh["searches"][question]
        assert near == near_fresh
        for hits, expected in zip(by_words, by_words_fresh, strict=True):
            assert {place for _, place in hits} == {place for _, place in expected}
    assert updated == {name: value for name, value in fresh.items() if name != "searches"}


# Cells


@pytest.fixture
def cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition, "LARGE", 600)
    monkeypatch.setattr(partition, "_AGAIN", 2)


@pytest.mark.usefixtures("cells")
def test_a_shelf_has_cells_when_it_has_grown_large_and_others_when_it_has_grown_again(tmp_path: Path) -> None:
    seeds, index = shelf(tmp_path / "seeds", range(10)), tmp_path / "index"
    run_sync(seeds, index)
    assert ask(index, "SELECT count(*) FROM partition") == (0,)
    shelf(seeds, range(10, 24))
    run_sync(seeds, index)
    sentences, size, probes, recall = ask(index, "SELECT sentences, length(centroids), probes, recall FROM partition")
    dimension = TinyEmbedder().identity.dimension
    assert (sentences, size) == (720, int(2 * 720**0.5) * dimension * 4)
    assert 1 <= int(str(probes)) < int(2 * 720**0.5)
    assert float(str(recall)) >= 0.995
    shelf(seeds, range(24, 30))
    run_sync(seeds, index)
    assert ask(index, "SELECT sentences FROM partition") == (720,)
    assert ask(index, "SELECT count(*), min(length(cells)) FROM cells") == (30, 60)
    shelf(seeds, range(30, 50))
    run_sync(seeds, index)
    assert ask(index, "SELECT sentences FROM partition") == (1500,)
    for count in (15, 9):  # it keeps them until it is half as large
        for number in range(count, 50):
            (seeds / f"{number:03}.txt").unlink(missing_ok=True)
        run_sync(seeds, index)
        found = ask(index, "SELECT (SELECT count(*) FROM cells), count(*) FROM partition")
        assert found == ((15, 1) if count == 15 else (0, 0))


@pytest.mark.usefixtures("cells")
def test_with_cells_nearly_all_the_nearest_are_found_with_the_same_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = shelf(tmp_path / "seeds", range(40))
    run_sync(seeds, tmp_path / "cells")
    monkeypatch.setattr(partition, "LARGE", 10**9)
    run_sync(seeds, tmp_path / "all")
    some, every = open_snapshot(tmp_path / "cells"), open_snapshot(tmp_path / "all")
    try:
        embedder = TinyEmbedder()
        right = 0
        for number in range(100):
            vector = embedder.embed_question(document(number).split(". ")[number % 20])
            expected = {hit.id: hit.score for hit in every.searcher.nearest_sentences(vector, 50)}
            got = {hit.id: hit.score for hit in some.searcher.nearest_sentences(vector, 50)}
            shared = expected.keys() & got.keys()
            assert {at: got[at] for at in shared} == pytest.approx({at: expected[at] for at in shared}, abs=1e-4)
            lowest = min(expected.values())
            right += sum(score >= lowest - 1e-6 for score in got.values())  # of equal ones any will do
        assert right >= 0.98 * 100 * 50
        # However many are asked for are there.
        assert len(some.searcher.nearest_sentences(vector, 1000)) == 1000
        assert len(some.searcher.nearest_sentences(vector, 5000)) == 1200
        # Among a few documents nothing is left out.
        among = some.sentence_ids([3, 9])
        near, expected_near = (one.searcher.nearest_sentences(vector, 40, among) for one in (some, every))
        assert [hit.score for hit in near] == pytest.approx([hit.score for hit in expected_near], abs=1e-5)
        assert {hit.id for hit in near} <= set(among.tolist())
    finally:
        some.close()
        every.close()


@pytest.mark.usefixtures("cells")
def test_cells_are_made_with_progress_and_the_same_each_time(tmp_path: Path) -> None:
    seeds = shelf(tmp_path / "seeds", range(25))
    told: list[tuple[str, int, int]] = []
    run_sync(seeds, tmp_path / "one", progress=lambda step: told.append((step.step, step.done, step.total)))
    sorting = [(done, total) for step, done, total in told if step == "Sorting vectors"]
    assert sorting[-1] == (750, 750)
    run_sync(seeds, tmp_path / "two")
    assert ask(tmp_path / "one", "SELECT * FROM partition") == ask(tmp_path / "two", "SELECT * FROM partition")
    assert view(tmp_path / "one") == view(tmp_path / "two")


@pytest.mark.usefixtures("cells")
def test_a_rebuild_makes_cells_anew_for_they_are_those_of_the_older_vectors(tmp_path: Path) -> None:
    seeds, index = shelf(tmp_path / "seeds", range(25)), tmp_path / "index"
    run_sync(seeds, index)
    db = sqlite3.connect(index / store.FILE)
    db.execute("UPDATE partition SET recall = 0.5, sentences = 749")  # as if made for another shelf
    db.commit()
    db.close()
    run_sync(seeds, index, rebuild=True)
    sentences, recall = ask(index, "SELECT sentences, recall FROM partition")
    assert sentences == 750
    assert float(str(recall)) > 0.9
    open_snapshot(index).close()


@pytest.mark.usefixtures("cells")
@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE partition SET centroids = zeroblob(length(centroids))",
        "UPDATE cells SET cells = zeroblob(length(cells)) WHERE content = 3",
        "UPDATE cells SET cells = substr(cells, 3) WHERE content = 3",
        "DELETE FROM cells WHERE content = 3",
    ],
)
def test_cells_that_were_changed_are_a_damaged_index(tmp_path: Path, harm: str) -> None:
    seeds, index = shelf(tmp_path / "seeds", range(25)), tmp_path / "index"
    run_sync(seeds, index)
    db = sqlite3.connect(index / store.FILE)
    db.execute(harm)
    db.commit()
    db.close()
    with pytest.raises(IndexDamagedError, match="damaged"):
        open_snapshot(index)
