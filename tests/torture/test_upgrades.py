"""Indexes that older versions of Pincite really wrote: they are taken up, whole, and nothing is embedded again.

`tests/index/older_formats/N.tar.xz` is the index of a small made-up shelf as the code of format N wrote it.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import sqlite3
import tarfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, LONG_AGO, run_sync, view, write
from tiny_embedder import TinyEmbedder
from victims import Victims, serving

from index import store
from index.errors import IndexMismatchError
from index.opening import open_snapshot
from index.sentences import splitter_name
from index.shelf import SeedFile
from rag import Assistant
from rag.settings import Settings
from ui.health import examine

KEPT = Path(__file__).parents[1] / "index" / "older_formats"
FORMATS = [1, 2, 3, 4]
REVIEW = f"""Hearts and kidneys after the infusion: a made-up review

Ada Example, Ben Sample

Abstract

{HEART} {KIDNEY}

Results

{LIVER} Größe und Länge were as before: μ ≤ 3 µm in 5 of 8.

References

1. Sample B. A made-up title. J Examples. 2010;3:4-5.
"""
SHELF = {"kidney.txt": KIDNEY, "liver.txt": LIVER, "sub/copy.txt": KIDNEY, "review.txt": REVIEW, "empty.txt": ""}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = write(tmp_path / "seeds", SHELF)
    for name in SHELF:
        os.utime(folder / name, ns=(LONG_AGO, LONG_AGO))
    return folder


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with serving() as made:
        yield made


def unpacked(version: int, folder: Path) -> Path:
    """The index of a format, in a folder of its own; as if it had been made with the splitter of sentences of today."""
    with tarfile.open(KEPT / f"{version}.tar.xz") as packed:
        for member in packed:
            if data := packed.extractfile(member):
                (folder / member.name).parent.mkdir(parents=True, exist_ok=True)
                (folder / member.name).write_bytes(data.read())
    index = folder / "index"
    with sqlite3.connect(index / store.FILE) as db:
        ((found,),) = db.execute("PRAGMA user_version")
        assert found == version
        db.execute(
            "UPDATE meta SET value = json_set(value, '$.\"sentence splitter\"', ?) WHERE key = 'shape'",
            (splitter_name(),),
        )
    db.close()
    return index


@pytest.mark.parametrize("version", FORMATS)
def test_an_index_of_an_older_format_is_taken_up_and_nothing_is_embedded(
    version: int, seeds: Path, tmp_path: Path, tally: Tally
) -> None:
    index, tiny = unpacked(version, tmp_path), TinyEmbedder()
    with pytest.raises(IndexMismatchError) as refused:
        open_snapshot(index)
    assert refused.value.mend == "pincite index"
    report = run_sync(seeds, index, tiny)
    assert sorted([*report.reread, *report.unchanged]) == sorted(set(SHELF) - {"empty.txt"})
    assert (report.added, report.changed, report.removed, tiny.embedded) == ([], [], [], [])
    run_sync(seeds, tmp_path / "fresh")
    assert view(index) == view(tmp_path / "fresh")
    settings = Settings.model_validate({"reader": "none", "passage_tokens": 32, "model": "tiny"})
    with Assistant(seeds, index, embedder=TinyEmbedder(), settings=settings) as assistant:
        assert [check.mend for check in examine(assistant) if not check.ok and "index" in check.mend] == []
    tally(f"an index that format {version} wrote, taken up", 1, 0)


@pytest.mark.parametrize("version", FORMATS)
def test_it_is_taken_up_from_its_own_text_where_the_files_cannot_be_read(
    version: int, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: SeedFile, most: int) -> bytes:
        raise OSError(errno.EIO, f"{os.strerror(errno.EIO)} at {most}", os.fspath(file.path))

    index, tiny = unpacked(version, tmp_path), TinyEmbedder()
    with monkeypatch.context() as patched:
        patched.setattr(SeedFile, "read", fail)
        report = run_sync(seeds, index, tiny)
    assert (report.removed, tiny.embedded) == ([], [])
    run_sync(seeds, tmp_path / "fresh")
    taken, fresh = view(index), view(tmp_path / "fresh")
    assert {name: one.text for name, one in taken["documents"].items()} == {
        name: one.text for name, one in fresh["documents"].items()
    }
    assert taken["sentences"] == fresh["sentences"]
    assert taken["searches"] == fresh["searches"]
    run_sync(seeds, index)
    assert view(index) == fresh


def test_killed_while_it_is_taken_up_it_is_of_the_one_format_or_the_other(
    victims: Victims, seeds: Path, tmp_path: Path, often: Often, tally: Tally
) -> None:
    chance, turns, killed, formats = random.Random(47), often(8, 300), 0, set[int]()
    run_sync(seeds, tmp_path / "fresh")
    wanted = view(tmp_path / "fresh")
    for turn in count():
        if turn >= turns and (store.SCHEMA_VERSION in formats or turn >= 10 * turns):
            break  # on a slow machine it takes more of them until one lives long enough
        version = FORMATS[turn % len(FORMATS)]
        index = unpacked(version, tmp_path / "kept")
        # Most of the time it is in the first hundredths of a second that the format is changed.
        living = 10 ** chance.uniform(-3, -0.5)
        killed += victims.run(act="sync", seeds=seeds, index=index, **{"seconds to live": living}) == -signal.SIGALRM
        db = sqlite3.connect(index / store.FILE)
        ((found,),) = db.execute("PRAGMA user_version")
        db.close()
        assert found in {version, store.SCHEMA_VERSION}
        formats.add(found)
        tiny = TinyEmbedder()
        run_sync(seeds, index, tiny)
        assert tiny.embedded == []
        assert view(index) == wanted
        shutil.rmtree(tmp_path / "kept")
    assert killed > turns / 3
    assert store.SCHEMA_VERSION in formats
    tally("SIGKILL while an index of an older format is taken up", killed, 0)
