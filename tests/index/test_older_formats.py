"""An index of an older Pincite is taken up, and nothing in it is embedded again."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from index_helpers import KIDNEY, LIVER, run_sync, to_third_format, view, write
from tiny_embedder import TinyEmbedder

from index import store
from index.errors import IndexMismatchError
from index.opening import open_snapshot


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER})


@pytest.fixture
def third(seeds: Path, tmp_path: Path) -> Path:
    """An index as the third format had it: each sentence has its vector, in half precision."""
    index = tmp_path / "index"
    run_sync(seeds, index)
    to_third_format(index)
    return index


@pytest.fixture
def older(third: Path) -> Path:
    """An index as the first format had it."""
    index = third
    db = sqlite3.connect(index / store.FILE, isolation_level=None)
    db.executescript(
        """
        ALTER TABLE contents DROP COLUMN layout;
        ALTER TABLE contents DROP COLUMN pages;
        ALTER TABLE documents DROP COLUMN bibliography;
        DROP TABLE catalogues;
        UPDATE contents SET digest = substr(digest, 1, instr(digest, '@') - 1);
        UPDATE contents SET parts = '{"sections": [], "pages": [], "furniture": []}';
        UPDATE contents SET bibliography = '{"title": "", "authors": [], "year": null, "journal": "", "doi": "",'
            || ' "stated": {}}';
        PRAGMA user_version = 1;
        """
    )
    ((stored,),) = db.execute("SELECT value FROM meta WHERE key = 'shape'")
    versions = {"chunking version": 1, "cleaning version": 1, "readers version": 1}
    db.execute("UPDATE meta SET value = ? WHERE key = 'shape'", (json.dumps(json.loads(stored) | versions),))
    db.close()
    return index


def test_vectors_of_the_third_format_are_kept_in_half_the_room(seeds: Path, third: Path, tmp_path: Path) -> None:
    tiny = TinyEmbedder()
    report = run_sync(seeds, third, tiny)
    assert (report.unchanged, report.generation, tiny.embedded) == (["kidney.txt", "liver.txt"], 1, [])
    assert not list(third.glob("*.faiss"))
    run_sync(seeds, tmp_path / "fresh")
    assert view(third) == view(tmp_path / "fresh")
    columns = sqlite3.connect(third / store.FILE).execute("SELECT name FROM pragma_table_info('sentences')")
    assert "vector" not in {name for (name,) in columns}


def test_the_next_sync_takes_it_up_and_embeds_nothing(seeds: Path, older: Path, tmp_path: Path) -> None:
    tiny = TinyEmbedder()
    report = run_sync(seeds, older, tiny)
    assert (report.reread, report.embedded, tiny.embedded) == (["kidney.txt", "liver.txt"], 0, [])
    run_sync(seeds, tmp_path / "fresh")
    assert view(older) == view(tmp_path / "fresh")
    assert run_sync(seeds, older).generation == report.generation


def test_that_it_is_taken_up_is_said_once(seeds: Path, older: Path) -> None:
    for said in (1, 0):
        told: list[str] = []
        run_sync(seeds, older, notice=told.append)
        assert [line for line in told if "brought up to the format of this one" in line] == told
        assert len(told) == said


def test_until_then_it_is_refused_with_the_command_that_mends_it(older: Path) -> None:
    with pytest.raises(IndexMismatchError) as refused:
        open_snapshot(older)
    assert "older Pincite" in refused.value.message
    assert refused.value.mend == "pincite index"
