"""Passages in memory: found by id and by sentence as SQLite has them, each row checked when it is used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import seals
from index.errors import IndexDamagedError
from index.passages import Passages
from index.rows import StoredPassage


@contextmanager
def database(passages: list[StoredPassage]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE passages (id INTEGER PRIMARY KEY, content, first, last, seal)")
        for one in passages:
            row = (one.id, one.content, one.first, one.last)
            db.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", (*row, seals.seal(*row)))
        yield db


def overlapping(lengths: list[tuple[int, int]], first_id: int) -> list[StoredPassage]:
    """Passages of so many sentences, each of which shares so many with the one before, at most all but one."""
    found: list[StoredPassage] = []
    start = 1
    for number, (length, shared) in enumerate(lengths):
        found.append(StoredPassage(first_id + 3 * number, number // 4, start, start + length - 1))
        start += length - min(shared, length - 1)
    return found


_lengths = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3)), min_size=1, max_size=30)


@given(lengths=_lengths, first_id=st.integers(1, 50), data=st.data())
def test_passages_are_found_by_id_and_by_sentence(
    lengths: list[tuple[int, int]], first_id: int, data: st.DataObject
) -> None:
    every = overlapping(lengths, first_id)
    with database(every) as db:
        passages = Passages(db, reach=len(every))
        named = data.draw(st.lists(st.sampled_from(every)))
        assert passages.named(one.id for one in named) == named
        asked = data.draw(st.lists(st.sampled_from(sorted({at for one in every for at in one.sentences}))))
        assert passages.holding(asked) == [one for one in every if set(asked) & set(one.sentences)]


@given(lengths=_lengths, id_=st.integers(-5, 300))
def test_a_passage_that_is_gone_is_named(lengths: list[tuple[int, int]], id_: int) -> None:
    every = overlapping(lengths, 1)
    with database(every) as db:
        passages = Passages(db, reach=4)
        if any(one.id == id_ for one in every):
            assert passages.named([id_])[0].id == id_
        else:
            with pytest.raises(IndexDamagedError, match=f"passages {id_} "):
                passages.named([every[0].id, id_])


@pytest.mark.parametrize("asked", [[0], [9], [3, 9]])
def test_a_sentence_of_no_passage_is_told(asked: list[int]) -> None:
    with database([StoredPassage(1, 1, 1, 4), StoredPassage(2, 1, 4, 8)]) as db, pytest.raises(IndexDamagedError):
        Passages(db, reach=2).holding(asked)


def test_an_index_without_passages_has_none() -> None:
    with database([]) as db:
        passages = Passages(db, reach=2)
        assert passages.named([]) == passages.holding([]) == []
        for look in (passages.named, passages.holding):
            with pytest.raises(IndexDamagedError):
                look([1])


@pytest.mark.parametrize(
    ("column", "value"),
    [("id", "7"), *product(["content", "first", "last", "seal"], ["7", "'seven'", "NULL", "2.5", "9e99", "x'07'"])],
)
def test_a_row_that_is_not_what_was_stored_is_refused_when_it_is_used(column: str, value: str) -> None:
    every = [StoredPassage(1, 1, 1, 4), StoredPassage(2, 1, 4, 8)]
    with database(every) as db:
        db.execute(f"UPDATE passages SET {column} = {value} WHERE id = 2")
        with pytest.raises(IndexDamagedError):
            passages = Passages(db, reach=2)
            passages.named([2])
        if value == "7":
            assert passages.named([1]) == every[:1]
