"""What a shelf teaches about words stays in step with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_helpers import KIDNEY, LIVER, run_sync, to_third_format, write
from tiny_embedder import TinyEmbedder

from index import store
from index.opening import open_snapshot
from index.snapshot import Snapshot

LUPUS = "Systemic lupus erythematosus (SLE) was in remission. Chimeric antigen receptors (CARs) were tried."
LIVE = "Small lymphocyte expansion (SLE) was seen in the liver. Nobody relapsed in the course of twelve months."
TEXTS = {"kidney": KIDNEY, "liver": LIVER, "lupus": LUPUS, "live": LIVE}


@contextmanager
def opened(index: Path) -> Iterator[Snapshot]:
    snapshot = open_snapshot(index)
    try:
        yield snapshot
    finally:
        snapshot.close()


def learned(index: Path) -> tuple[list[tuple[str, int]], list[tuple[str, str, int]]]:
    with opened(index) as snapshot:
        known = snapshot.definitions(["sle", "car"], [])
        return sorted(snapshot.words("", 5, 30)), [(made.short, made.long, made.documents) for made in known]


def test_words_are_counted_by_the_documents_that_have_them(tmp_path: Path) -> None:
    run_sync(write(tmp_path / "seeds", {"a.txt": KIDNEY, "b.txt": LIVER}), tmp_path / "index")
    words = dict(learned(tmp_path / "index")[0])
    assert words["patients"] == 2
    assert words["nephritis"] == 1
    assert "the" not in words


def test_definitions_are_what_most_documents_say_first(tmp_path: Path) -> None:
    run_sync(write(tmp_path / "seeds", {"a.txt": LUPUS, "b.txt": LUPUS + " ", "c.txt": LIVE}), tmp_path / "index")
    assert learned(tmp_path / "index")[1] == [
        ("CAR", "Chimeric antigen receptors", 2),
        ("SLE", "Systemic lupus erythematosus", 2),
        ("SLE", "Small lymphocyte expansion", 1),
    ]
    with opened(tmp_path / "index") as snapshot:
        (only,) = snapshot.definitions(["sle"], [], ["c.txt"])
    assert only.long == "Small lymphocyte expansion"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(sorted(TEXTS))), min_size=2, max_size=4))
def test_after_any_changes_it_is_what_a_new_index_would_have(
    tmp_path_factory: pytest.TempPathFactory, shelves: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("shelf")
    seeds = folder / "seeds"
    seeds.mkdir()
    for shelf in shelves:
        for old in seeds.iterdir():
            old.unlink()
        write(seeds, {f"{name}.txt": TEXTS[text] for name, text in shelf.items()})
        run_sync(seeds, folder / "index")
    run_sync(seeds, folder / "fresh")
    assert learned(folder / "index") == learned(folder / "fresh")


def test_an_index_of_an_older_format_learns_without_embedding(tmp_path: Path) -> None:
    seeds = write(tmp_path / "seeds", {"a.txt": LUPUS})
    run_sync(seeds, tmp_path / "index")
    wanted = learned(tmp_path / "index")
    to_third_format(tmp_path / "index")
    db = sqlite3.connect(tmp_path / "index" / store.FILE, isolation_level=None)
    db.executescript(
        "DROP TABLE words; DROP TABLE definitions; DROP TABLE learned;"
        "DELETE FROM meta WHERE key = 'terminology'; PRAGMA user_version = 2;"
    )
    db.close()
    tiny = TinyEmbedder()
    report = run_sync(seeds, tmp_path / "index", tiny)
    assert (report.read, tiny.embedded) == ([], [])
    assert learned(tmp_path / "index") == wanted
