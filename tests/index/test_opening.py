"""What opens, what is mended on the way, and what a reader sees while others write."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from index_helpers import HEART, KIDNEY, LIVER, SETTINGS, found, run_sync, view, view_of, write
from tiny_embedder import TinyEmbedder

from index import embedded, opening, store
from index.errors import IndexDamagedError, IndexLockedError, IndexMismatchError, IndexMissingError, PinciteError
from index.lock import writer_lock
from index.opening import open_snapshot
from index.snapshot import Snapshot
from index.sync import sync

CHILD = Path(__file__).with_name("crash_child.py")
TEXTS = {"kidney.txt": KIDNEY, "liver.txt": f"{LIVER}\n\n{HEART}"}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write(tmp_path / "seeds", TEXTS)


@pytest.fixture
def index(seeds: Path, tmp_path: Path) -> Path:
    run_sync(seeds, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def snapshot(index: Path) -> Iterator[Snapshot]:
    opened = open_snapshot(index)
    yield opened
    opened.close()


def derived(index: Path) -> list[Path]:
    """The search files of an index of one generation."""
    kept = (index / "lexical-1").rglob("*")
    return sorted(file for file in kept if file.is_file() and not file.name.startswith("."))


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x10
    file.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "missing": lambda file: file.unlink(),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "empty": lambda file: file.write_bytes(b""),
    "one bit flipped": flip,
}


# Search files


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_search_file_that_is_damaged_is_written_again_with_a_notice_and_nothing_embedded(
    seeds: Path, index: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = view(index)
    names = [file.relative_to(index) for file in derived(index)]
    assert len(names) > 6
    for name in names:
        if (index / name).exists():  # a part of a file's name may be new each time
            DAMAGE[damage](index / name)
            notices: list[str] = []
            opened = open_snapshot(index, notices.append)
            try:
                assert view_of(opened) == before
                assert opened.generation == 1
            finally:
                opened.close()
            (notice,) = notices
            assert "missing" in notice if damage == "missing" else "damaged" in notice
            assert notice.endswith("written again from index.sqlite, nothing was embedded.")
            open_snapshot(index, pytest.fail).close()
    tiny = TinyEmbedder()
    assert run_sync(seeds, index, tiny).generation == 1
    assert tiny.embedded == []


@pytest.mark.parametrize("kept", ["index.sqlite", "lexical-1"])
def test_search_files_that_are_gone_are_written_again(index: Path, kept: str) -> None:
    before = view(index)
    for path in index.iterdir():
        if path.name not in {kept, "index.sqlite", "index.sqlite-wal", "index.sqlite-shm"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert view(index) == before


def test_search_files_of_another_format_are_written_again(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = view(index)
    monkeypatch.setattr(embedded, "FORMAT", "999.1")
    notices: list[str] = []
    open_snapshot(index, notices.append).close()
    assert len(notices) == 1
    assert "another format" in notices[0]
    assert view(index) == before


def test_files_that_nobody_asked_for_change_nothing(index: Path) -> None:
    before = view(index)
    write(
        index,
        {"notes.txt": "mine", "lexical-1/passages/stray": "junk", "lexical-9/a/b": "junk"},
    )
    open_snapshot(index, pytest.fail).close()
    assert view(index) == before


def test_search_files_that_cannot_be_kept_whole_are_a_damaged_index(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always(*_: object) -> None:
        raise embedded.DerivedFilesError("lexical-1/some is damaged")

    monkeypatch.setattr(embedded, "open_searcher", always)
    with pytest.raises(IndexDamagedError, match=r"lexical-1/some is damaged\. .*pincite index --rebuild"):
        open_snapshot(index)


def test_mending_waits_for_a_writer_and_then_says_who_it_is(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(index / "lexical-1")
    monkeypatch.setattr(opening, "_WAIT", 0.1)
    with writer_lock(index, 0), pytest.raises(IndexLockedError, match=r"being written by process \d+"):
        open_snapshot(index)
    open_snapshot(index).close()


def test_a_reader_that_a_sync_overtakes_opens_the_newer_generation_though_the_next_sync_is_at_work(
    seeds: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = embedded.open_searcher
    locks: list[Any] = []

    def overtaken(*given: Any) -> embedded.EmbeddedSearcher:
        if not locks:  # a generation is committed now, its elder's files go, and another writer begins
            write(seeds, {"new.txt": "Something new."})
            run_sync(seeds, index)
            locks.append(writer_lock(index, 0))
            locks[0].__enter__()
        return genuine(*given)

    monkeypatch.setattr(embedded, "open_searcher", overtaken)
    monkeypatch.setattr(opening, "_WAIT", 0.2)
    try:
        opened = open_snapshot(index)
        assert opened.generation == 2
        opened.close()
    finally:
        locks[0].__exit__(None, None, None)


# SQLite


def _garbage(file: Path) -> None:
    file.write_bytes(b"This is no database. " * 999)


def _cut(share: float) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        data = file.read_bytes()
        file.write_bytes(data[: int(len(data) * share)])

    return damage


def _zeros(file: Path) -> None:
    """The first page stays, and what follows it is lost."""
    data = file.read_bytes()
    file.write_bytes(data[:4096] + bytes(len(data) - 4096))


SQLITE_DAMAGE = {
    "no bytes": _cut(0),
    "a piece of the header": lambda file: file.write_bytes(file.read_bytes()[:50]),
    "one page": lambda file: file.write_bytes(file.read_bytes()[:4096]),
    "half": _cut(0.5),
    "all but the end": _cut(0.9),
    "garbage": _garbage,
    "zeros": _zeros,
}


@pytest.mark.parametrize("damage", SQLITE_DAMAGE)
def test_a_damaged_database_is_named_with_the_command_that_mends_it_and_the_command_does(
    seeds: Path, index: Path, damage: str
) -> None:
    before = view(index)
    for ending in ("-wal", "-shm"):
        (index / f"index.sqlite{ending}").unlink(missing_ok=True)
    SQLITE_DAMAGE[damage](index / "index.sqlite")
    with pytest.raises(IndexDamagedError, match=r"index\.sqlite .*pincite index --rebuild"):
        view(index)
    tiny = TinyEmbedder()
    assert sorted(run_sync(seeds, index, tiny, rebuild=True).added) == sorted(TEXTS)
    assert len(tiny.embedded) == 6
    assert view(index) == before


@pytest.mark.parametrize("damage", sorted(set(SQLITE_DAMAGE) - {"no bytes"}))  # that is an index not yet begun
def test_a_damaged_database_is_never_written_to_without_being_asked(seeds: Path, index: Path, damage: str) -> None:
    for ending in ("-wal", "-shm"):
        (index / f"index.sqlite{ending}").unlink(missing_ok=True)
    SQLITE_DAMAGE[damage](index / "index.sqlite")
    write(seeds, {"new.txt": HEART})
    with pytest.raises(IndexDamagedError, match=r"index\.sqlite .*pincite index --rebuild"):
        run_sync(seeds, index)


def test_text_that_is_damaged_within_the_database_is_named(seeds: Path, index: Path) -> None:
    file = index / "index.sqlite"
    data = file.read_bytes()
    assert data.count(KIDNEY.encode()) == 1
    at = data.index(KIDNEY.encode())
    file.write_bytes(data[:at] + b"\xff" + data[at + 1 :])
    opened = open_snapshot(index)
    try:
        with pytest.raises(IndexDamagedError, match="pincite index --rebuild"):
            opened.document("kidney.txt")
    finally:
        opened.close()
    run_sync(seeds, index, rebuild=True)
    assert view(index)["documents"]["kidney.txt"].text == KIDNEY


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "index", {})
    other = sqlite3.connect(folder / "index.sqlite")
    other.execute("CREATE TABLE songs (name)")
    other.commit()
    other.close()
    with pytest.raises(IndexDamagedError, match="is not a Pincite index"):
        open_snapshot(folder)


@pytest.mark.parametrize("rebuild", [False, True])
def test_an_index_of_a_newer_version_is_left_alone(seeds: Path, index: Path, rebuild: bool) -> None:
    connection = sqlite3.connect(index / "index.sqlite")
    connection.execute(f"PRAGMA user_version = {store.SCHEMA_VERSION + 1}")
    connection.close()
    for attempt in (lambda: open_snapshot(index), lambda: run_sync(seeds, index, rebuild=rebuild)):
        with pytest.raises(IndexMismatchError, match="A newer Pincite wrote") as mismatch:
            attempt()
        assert mismatch.value.mend == "pip install --upgrade pincite"


@pytest.mark.parametrize("make", [False, True], ids=["no folder", "empty folder"])
def test_where_there_is_no_index_the_error_says_how_to_make_one(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "index"
    if make:
        folder.mkdir()
    with pytest.raises(IndexMissingError, match=r"no index in .*index.* pincite index$"):
        open_snapshot(folder)
    assert folder.exists() == make


def test_an_index_begun_and_never_committed_is_missing(tmp_path: Path) -> None:
    folder = write(tmp_path / "index", {})
    store.connect(folder, create=True).close()
    with pytest.raises(IndexMissingError, match="pincite index"):
        open_snapshot(folder)


# Readers and writers


def test_a_reader_keeps_its_generation_whatever_is_committed(seeds: Path, index: Path, snapshot: Snapshot) -> None:
    before = view_of(snapshot)
    assert snapshot.is_newest()
    write(seeds, {"kidney.txt": HEART, "new.txt": "Entirely new words."})
    (seeds / "liver.txt").unlink()
    assert run_sync(seeds, index).generation == 2
    assert view_of(snapshot) == before
    assert snapshot.document("liver.txt").text == TEXTS["liver.txt"]
    assert not snapshot.is_newest()
    write(seeds, {"kidney.txt": LIVER})
    assert run_sync(seeds, index).generation == 3
    assert view_of(snapshot) == before
    assert found(index, "kidney") == set()


def test_a_sync_that_changes_nothing_leaves_a_reader_newest(seeds: Path, index: Path, snapshot: Snapshot) -> None:
    run_sync(seeds, index)
    assert snapshot.is_newest()


def test_a_reader_of_an_index_that_was_replaced_is_not_newest(seeds: Path, index: Path, tmp_path: Path) -> None:
    opened = open_snapshot(index)
    try:
        shutil.rmtree(index)
        assert not opened.is_newest()
        run_sync(seeds, index)
        assert not opened.is_newest()
        assert opened.document("kidney.txt").text == KIDNEY
    finally:
        opened.close()


def test_a_reader_is_safe_to_use_from_eight_threads(snapshot: Snapshot) -> None:
    expected = view_of(snapshot)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: view_of(snapshot), range(24))) == [expected] * 24


def test_passages_that_hold_a_sentence_are_all_found(tmp_path: Path) -> None:
    text = " ".join(f"Sentence {number} has a few words." for number in range(10, 30))
    seeds = write(tmp_path / "seeds", {"a.txt": text, "b.txt": LIVER})
    for overlap in (0, 1, 3, 5):
        settings = type(SETTINGS)("tiny", passage_tokens=40, overlap_sentences=overlap)
        sync(seeds, tmp_path / f"{overlap}", TinyEmbedder(), settings)
        opened = open_snapshot(tmp_path / f"{overlap}")
        try:
            sentences = [int(at) for at in opened.sentence_ids([opened.contents["a.txt"]])]
            every = opened.passages_holding(sentences)
            assert len(every) > 2
            assert opened.passages(passage.id for passage in reversed(every)) == every[::-1]
            for at in sentences:
                holding = opened.passages_holding([at])
                assert holding == [passage for passage in every if passage.first <= at <= passage.last]
                assert 1 <= len(holding) <= overlap + 1
        finally:
            opened.close()


def test_several_processes_read_while_one_writes(seeds: Path, index: Path) -> None:
    """Each reader opens again and again, and sees one generation or the other, never a mixture."""
    readers = [_reader(index) for _ in range(3)]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        versions = [KIDNEY.replace("five", word) for word in ("two", "three", "four", "six", "seven")]
        for version in versions:
            write(seeds, {"kidney.txt": version})
            run_sync(seeds, index)
    finally:
        outputs = [_stopped(reader) for reader in readers]
    for output, errors in outputs:
        assert errors == ""
        seen = [json.loads(line) for line in output.splitlines()]
        assert seen
        generations = [at["generation"] for at in seen]
        assert generations == sorted(generations)
        assert max(generations) > 1
        for at in seen:
            assert at["text"] == [KIDNEY, *versions][at["generation"] - 1]
            assert at["found"] is True


def _reader(index: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, CHILD, json.dumps({"act": "read", "index": str(index)})],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _stopped(reader: subprocess.Popen[str]) -> tuple[str, str]:
    """What a reader printed after "ready" and what it complained of; it is ended."""
    assert reader.stdin is not None
    assert reader.stdout is not None
    assert reader.stderr is not None
    with reader:
        reader.stdin.write("stop\n")
        reader.stdin.close()
        # Not by communicate(), which does not see what was buffered along with the first line.
        return reader.stdout.read(), reader.stderr.read()


def test_every_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PinciteError) as missing:
        open_snapshot(tmp_path)
    assert missing.value.message == f"There is no index in {tmp_path} yet."
    assert missing.value.mend == "pincite index"
    assert str(missing.value).startswith(missing.value.message)
    assert str(missing.value).endswith(missing.value.mend)
