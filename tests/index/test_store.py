"""What the system refuses is told from what is damaged, and an index can be read where nothing can be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from index_helpers import KIDNEY, LIVER, found, run_sync, view, write

from index import lock, shrinking, store
from index.errors import IndexDamagedError, IndexMissingError, IndexUnavailableError, PinciteError
from index.opening import open_snapshot
from index.shrinking import give_back_room


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER})


@pytest.fixture
def index(seeds: Path, tmp_path: Path) -> Path:
    run_sync(seeds, tmp_path / "index")
    return tmp_path / "index"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SQLITE_BUSY", IndexUnavailableError),
        ("SQLITE_BUSY_RECOVERY", IndexUnavailableError),
        ("SQLITE_READONLY_DIRECTORY", IndexUnavailableError),
        ("SQLITE_CANTOPEN_ISDIR", IndexUnavailableError),
        ("SQLITE_IOERR_WRITE", IndexUnavailableError),
        ("SQLITE_FULL", IndexUnavailableError),
        ("SQLITE_ERROR", IndexDamagedError),
        ("", IndexDamagedError),
    ],
)
def test_what_the_system_refuses_is_no_damage(name: str, kind: type[PinciteError]) -> None:
    error = sqlite3.OperationalError("so it was")
    if name:
        error.sqlite_errorname = name
    refusal = pytest.raises(PinciteError, match=r"index\.sqlite cannot be read.*so it was")
    with refusal as named, store.damage_named(Path("index.sqlite")):
        raise error
    assert type(named.value) is kind
    assert ("--rebuild" in named.value.mend) == (kind is IndexDamagedError)


def test_a_rebuild_deletes_nothing_when_the_system_refuses(seeds: Path, index: Path) -> None:
    before = (index / store.FILE).read_bytes()
    other = sqlite3.connect(index / store.FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    connect = sqlite3.connect
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sqlite3, "connect", lambda *args, **rest: connect(*args, **(rest | {"timeout": 0})))
            with pytest.raises(IndexUnavailableError, match="locked"):
                run_sync(seeds, index, rebuild=True)
    finally:
        other.close()
    assert (index / store.FILE).read_bytes() == before


# Folders that cannot be written to


@pytest.fixture
def read_only() -> Iterator[Path]:
    """An index in a folder that the one who reads it cannot write to, not even where that is root."""
    home = Path(tempfile.mkdtemp())  # pytest's own folders are shut to other users
    seeds = write(home / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER})
    run_sync(seeds, home / "index")
    for ending in ("-wal", "-shm"):
        (home / "index" / f"{store.FILE}{ending}").unlink(missing_ok=True)
    everything = [home, *home.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield home / "index"
    finally:
        if root:
            os.seteuid(0)
        for path in everything:
            if path.exists():
                path.chmod(0o755)
        shutil.rmtree(home)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of another kind")
def test_a_read_only_index_is_read(read_only: Path) -> None:
    before = sorted(path.name for path in read_only.rglob("*"))
    assert found(read_only, "kidney") == {"kidney.txt"}
    assert set(view(read_only)["documents"]) == {"kidney.txt", "liver.txt"}
    snapshot = open_snapshot(read_only)
    try:
        assert snapshot.is_newest()
    finally:
        snapshot.close()
    assert sorted(path.name for path in read_only.rglob("*")) == before


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of another kind")
def test_a_read_only_index_is_not_synced_and_the_error_says_why(read_only: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="cannot be written: Permission denied"):
        run_sync(read_only.parent / "seeds", read_only, rebuild=True)


def test_a_reader_writes_nothing(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    connection = store.connect(index)
    connection.close()
    connect = sqlite3.connect

    def traced(*args: object, **rest: object) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*args, **rest)  # type: ignore[call-overload]
        made.set_trace_callback(said.append)
        return made

    monkeypatch.setattr(sqlite3, "connect", traced)
    store.connect(index).close()
    assert said
    assert not [line for line in said if "journal_mode" in line]


def test_a_lock_that_cannot_say_whose_it_is_still_locks_and_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "_OWNER", "nowhere/writer.json")
    for _ in range(2):
        with lock.writer_lock(tmp_path, 0):
            pass


# Files that are no index, or none yet


def test_an_empty_file_is_an_index_not_made_yet(seeds: Path, tmp_path: Path) -> None:
    """As a first sync leaves it that was killed at once."""
    index = write(tmp_path / "index", {store.FILE: b""})
    with pytest.raises(IndexMissingError, match="pincite index"):
        open_snapshot(index)
    assert run_sync(seeds, index).added == ["kidney.txt", "liver.txt"]
    assert set(view(index)["documents"]) == {"kidney.txt", "liver.txt"}


def test_an_empty_file_among_search_files_is_damage(seeds: Path, index: Path) -> None:
    for ending in ("-wal", "-shm"):
        (index / f"{store.FILE}{ending}").unlink(missing_ok=True)
    (index / store.FILE).write_bytes(b"")
    for use in (lambda: open_snapshot(index), lambda: run_sync(seeds, index)):
        with pytest.raises(IndexDamagedError, match="pincite index --rebuild"):
            use()
    run_sync(seeds, index, rebuild=True)
    assert set(view(index)["documents"]) == {"kidney.txt", "liver.txt"}


def test_the_database_of_something_else_is_not_written_to(seeds: Path, tmp_path: Path) -> None:
    index = write(tmp_path / "index", {})
    other = sqlite3.connect(index / store.FILE)
    other.execute("CREATE TABLE songs (name)")
    other.commit()
    other.close()
    before = (index / store.FILE).read_bytes()
    with pytest.raises(IndexDamagedError, match="is not a Pincite index"):
        run_sync(seeds, index)
    assert (index / store.FILE).read_bytes() == before


def test_a_file_that_is_mostly_empty_is_made_smaller_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shrinking, "_FEW_PAGES", 10)
    seeds, index = write(tmp_path / "seeds", {f"{at}.txt": f"{KIDNEY} {at}. " * 40 for at in range(40)}), tmp_path / "i"
    run_sync(seeds, index)
    with closing(sqlite3.connect(index / store.FILE)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before, size = view(index), (index / store.FILE).stat().st_size
    reader = open_snapshot(index)
    run_sync(seeds, index, rebuild=True)
    assert reader.document("3.txt").text == (seeds / "3.txt").read_text()
    reader.close()
    assert view(index) == before
    with closing(sqlite3.connect(index / store.FILE)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert db.execute("PRAGMA freelist_count").fetchone()[0] < 10
    assert (index / store.FILE).stat().st_size < 1.2 * size


def test_a_file_that_is_mostly_empty_is_left_where_there_is_no_room_for_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shrinking, "_FEW_PAGES", 10)
    seeds, index = write(tmp_path / "seeds", {f"{at}.txt": f"{KIDNEY} {at}. " * 40 for at in range(40)}), tmp_path / "i"
    run_sync(seeds, index)
    with store.transaction(db := store.connect(index)):
        db.execute("CREATE TABLE large AS SELECT randomblob(400000) AS bytes")
    db.execute("DROP TABLE large")
    room = shutil.disk_usage(index)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room._replace(free=1000))
    assert not give_back_room(db)
    assert db.execute("PRAGMA freelist_count").fetchone()[0] > 10
    monkeypatch.undo()
    monkeypatch.setattr(shrinking, "_FEW_PAGES", 10)
    assert give_back_room(db)
    assert db.execute("PRAGMA freelist_count").fetchone()[0] < 10
    db.close()
