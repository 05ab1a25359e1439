"""Vectors in eight bits: near to what they were, of length one, and checked when they are read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from index_helpers import HEART, KIDNEY, LIVER, run_sync, view, write
from tiny_embedder import TinyEmbedder

from index import store, vector_blocks
from index.embedding import Vectors
from index.errors import IndexDamagedError
from index.opening import open_snapshot

_vectors = arrays.arrays(
    np.float32, st.tuples(st.integers(1, 6), st.just(24)), elements=st.floats(-1, 1, width=32)
).map(lambda rows: rows + np.float32(0.01))


def unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@given(rows=_vectors)
def test_a_vector_comes_back_of_length_one_and_in_its_direction(rows: Vectors) -> None:
    given_vectors = unit(rows)
    block = vector_blocks.pack(given_vectors)
    assert len(block) == len(rows) * (24 + 4)
    back = vector_blocks.unpack(block, 24)
    present = np.linalg.norm(given_vectors, axis=1) > 0
    assert np.linalg.norm(back[present], axis=1) == pytest.approx(np.ones(present.sum()), abs=1e-5)
    assert ((back * given_vectors).sum(axis=1)[present] > 0.9998).all()
    # Packed one by one they are the same bytes: a sentence met again is taken over as it is stored.
    assert b"".join(vector_blocks.pack(row[None, :]) for row in given_vectors) == block


def test_a_vector_of_nothing_stays_one() -> None:
    assert not vector_blocks.unpack(vector_blocks.pack(np.zeros((2, 8), dtype=np.float32)), 8).any()


def test_cosines_of_long_vectors_change_by_some_four_ten_thousandths() -> None:
    rows = unit(np.random.default_rng(1).normal(size=(400, 384)).astype(np.float32))
    back = vector_blocks.unpack(vector_blocks.pack(rows), 384)
    change = back @ rows[:50].T - rows @ rows[:50].T
    assert change.std() < 4.5e-4
    assert abs(change.mean()) < 1e-5


@pytest.mark.parametrize("harm", ["block = substr(block, 1, length(block) - 3)", "block = zeroblob(length(block))"])
def test_vectors_that_were_changed_are_a_damaged_index(tmp_path: Path, harm: str) -> None:
    seeds = write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER, "heart.txt": HEART})
    run_sync(seeds, tmp_path / "index")
    db = sqlite3.connect(tmp_path / "index" / store.FILE, isolation_level=None)
    db.execute(f"UPDATE vectors SET {harm} WHERE content = 2")
    db.close()
    with pytest.raises(IndexDamagedError, match="vectors of content 2 are damaged") as damaged:
        open_snapshot(tmp_path / "index")
    assert damaged.value.mend == "pincite index --rebuild"
    run_sync(seeds, tmp_path / "index", rebuild=True)
    open_snapshot(tmp_path / "index").close()


def test_sentences_without_vectors_are_a_damaged_index(tmp_path: Path) -> None:
    seeds = write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER})
    run_sync(seeds, tmp_path / "index")
    with closing(sqlite3.connect(tmp_path / "index" / store.FILE, isolation_level=None)) as db:
        db.execute("DELETE FROM vectors WHERE content = 1")
    with pytest.raises(IndexDamagedError, match="have no vectors"):
        open_snapshot(tmp_path / "index")


def test_damaged_vectors_are_not_taken_over_for_the_same_sentences_elsewhere(tmp_path: Path) -> None:
    seeds, index = write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER}), tmp_path / "index"
    run_sync(seeds, index)
    write(seeds, {"kidney.txt": KIDNEY + " Nothing else was seen."})
    run_sync(write(tmp_path / "other", {"kidney.txt": KIDNEY, "liver.txt": LIVER}), tmp_path / "fresh")
    tiny = TinyEmbedder()
    run_sync(seeds, index, tiny)
    assert tiny.embedded == ["Nothing else was seen."]
    with closing(sqlite3.connect(index / store.FILE, isolation_level=None)) as db:
        (content,) = db.execute("SELECT content FROM documents WHERE name = 'kidney.txt'").fetchone()
        db.execute("UPDATE vectors SET block = zeroblob(length(block)) WHERE content = ?", (content,))
    write(seeds, {"kidney.txt": KIDNEY})
    tiny = TinyEmbedder()
    run_sync(seeds, index, tiny)
    assert sorted(tiny.embedded) == [f"{part}." for part in sorted(KIDNEY.removesuffix(".").split(". "))]
    assert view(index) == view(tmp_path / "fresh")
