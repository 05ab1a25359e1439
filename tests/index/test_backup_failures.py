"""What fails while a backup is taken or put back is named, and costs nothing that was there."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from backup_helpers import back_up, members, put_back
from index_helpers import HEART, KIDNEY, LIVER, run_sync, view, write
from victims import serving

from index import shelf, store
from index.errors import BackupError, IndexUnavailableError, PinciteError, UsageError
from index.report import Progress

SHELF = {"kidney.txt": KIDNEY, "sub/liver.txt": LIVER}
LOG = f"{store.FILE}-journal"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A shelf with its index."""
    home = tmp_path / "home"
    run_sync(write(home / "seeds", SHELF), home / "index")
    return home


def failing(call: Callable[..., object], number: int, name: str) -> Callable[..., object]:
    """A call to the system that fails for one name."""

    def fails(path: object, *rest: object, **more: object) -> object:
        if str(path).endswith(name):
            raise OSError(number, os.strerror(number), str(path))
        return call(path, *rest, **more)

    return fails


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EMFILE, IndexUnavailableError),
        (errno.ENFILE, IndexUnavailableError),
        (errno.ENOMEM, IndexUnavailableError),
        (errno.EIO, BackupError),
        (errno.ESTALE, BackupError),
    ],
)
def test_a_file_that_cannot_be_opened_for_now_ends_the_backup_and_the_older_one_stays(
    home: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[PinciteError]
) -> None:
    old = back_up(home).file.read_bytes()
    monkeypatch.setattr(shelf.os, "open", failing(os.open, number, "liver.txt"))
    with pytest.raises(kind, match=r"liver\.txt.*cannot be read.*To mend it: ") as failed:
        back_up(home, force=True)
    assert type(failed.value) is kind
    assert (home / "backup").read_bytes() == old
    assert sorted(path.name for path in home.iterdir()) == ["backup", "index", "seeds"]


def test_a_folder_that_cannot_be_listed_for_now_ends_the_backup(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "scandir", failing(os.scandir, errno.EIO, "sub"))
    with pytest.raises(BackupError, match=r"sub cannot be read: Input/output error; no backup was written\."):
        back_up(home)
    assert not (home / "backup").exists()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EINVAL])
def test_a_file_that_may_not_be_read_or_is_gone_is_left_out_and_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    said: list[str] = []
    monkeypatch.setattr(shelf.os, "open", failing(os.open, number, "liver.txt"))
    assert back_up(home, notice=said.append).left_out == ("sub/liver.txt",)
    assert said == ["Not in the backup, for they cannot be read: sub/liver.txt."]
    assert "seeds/kidney.txt" in members(home / "backup")


def test_what_people_wrote_is_named_if_it_cannot_be_read(home: Path) -> None:
    (home / "index" / "feedback.jsonl").mkdir()
    with pytest.raises(BackupError, match=r"feedback\.jsonl cannot be read: .*; no backup was written\."):
        back_up(home)
    assert not (home / "backup").exists()


def test_sqlite_may_empty_its_log_while_a_backup_is_packed(home: Path) -> None:
    emptied: list[bool] = []

    def write_and_empty(told: Progress) -> None:
        if told.step == "Writing the backup, MB" and not emptied:
            connection = sqlite3.connect(home / "index" / store.FILE, isolation_level=None)
            connection.execute("CREATE TABLE more (x)")
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.close()
            emptied.append(not busy)

    back_up(home, progress=write_and_empty)
    assert emptied == [True]


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK])
def test_without_hard_links_a_file_that_came_meanwhile_is_not_replaced(
    home: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(os, "link", failing(os.link, number, "backup"))
    back_up(home)

    def comes(told: Progress) -> None:
        if told.step == "Checking the backup, MB":
            (home / "second backup").unlink(missing_ok=True)
            (home / "second backup").symlink_to("nothing")

    with pytest.raises(UsageError, match="second backup exists already"):
        back_up(home, "second backup", progress=comes)
    assert (home / "second backup").readlink() == Path("nothing")


def test_a_name_that_cannot_be_given_for_another_reason_is_not_taken_by_force(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", failing(os.link, errno.EIO, "backup"))
    with pytest.raises(BackupError, match="backup cannot be written: Input/output error"):
        back_up(home)
    assert not (home / "backup").exists()


# Putting it back


@pytest.fixture
def damaged(home: Path, tmp_path: Path) -> Path:
    """Another place, whose index is damaged and has a log; the first has a backup."""
    back_up(home)
    there = tmp_path / "there"
    run_sync(write(there / "seeds", {"heart.txt": HEART}), there / "index")
    (there / "index" / store.FILE).write_bytes(b"no database at all" * 1000)
    (there / "index" / LOG).write_bytes(b"\0a log that SQLite leaves alone" * 1000)
    return there


def database(index: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in index.iterdir() if store.FILE in path.name}


@pytest.mark.parametrize(
    ("call", "name"), [("replace", ".pincite-restoring.part"), ("rename", "lexical-1"), ("rename", f"/{LOG}")]
)
def test_a_damaged_index_is_as_it_was_when_a_restore_fails(
    home: Path, damaged: Path, monkeypatch: pytest.MonkeyPatch, call: str, name: str
) -> None:
    before = database(damaged / "index")
    with monkeypatch.context() as patched:
        patched.setattr(os, call, failing(getattr(os, call), errno.ENOSPC, name))
        with pytest.raises(BackupError, match=r"No space left.*the index is as it was, and files that were put on the"):
            put_back(home / "backup", damaged, force=True)
    assert database(damaged / "index") == before
    put_back(home / "backup", damaged, force=True)
    assert view(damaged / "index") == view(home / "index")
    assert set(database(damaged / "index")) <= {store.FILE, f"{store.FILE}-wal", f"{store.FILE}-shm"}


@pytest.mark.parametrize("event", [0, 1, 3])
def test_a_damaged_index_outlives_a_restore_that_is_killed(home: Path, damaged: Path, event: int) -> None:
    before = database(damaged / "index")
    order = {"file": home / "backup", "index": damaged / "index", "seeds": damaged / "seeds"}
    with serving() as victims:
        victims.dies(act="restore", kill=["Putting the index back, MB", event + 1], **order)
    assert set(before.values()) <= set(database(damaged / "index").values())
    with pytest.raises(UsageError, match="There is an index in"):
        put_back(home / "backup", damaged)
    assert database(damaged / "index") == before
    put_back(home / "backup", damaged, force=True)
    assert view(damaged / "index") == view(home / "index")


def test_what_fails_after_the_commit_does_not_say_that_the_index_is_as_it_was(
    home: Path, damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "unlink", failing(os.unlink, errno.EIO, f".damaged-{store.FILE}"))
    with pytest.raises(BackupError, match=r"was put back, but .*; the index is the restored one already"):
        put_back(home / "backup", damaged, force=True)
    assert view(damaged / "index") == view(home / "index")


def test_a_damaged_index_that_cannot_be_moved_back_is_named_and_put_back_by_the_next_try(
    home: Path, damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = database(damaged / "index")
    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", failing(os.rename, errno.EIO, LOG))
        with pytest.raises(BackupError, match=r"the damaged index is in .*\.damaged-index\.sqlite and the next try"):
            put_back(home / "backup", damaged, force=True)
    with pytest.raises(UsageError, match="There is an index in"):
        put_back(home / "backup", damaged)
    assert database(damaged / "index") == before
