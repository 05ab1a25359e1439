"""What fails while a backup is taken or put back is named, and costs nothing that was there."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from backup_helpers import back_up, members
from index_helpers import KIDNEY, LIVER, run_sync, write

from index import shelf, store
from index.errors import BackupError, IndexUnavailableError, PinciteError, UsageError
from index.report import Progress

SHELF = {"kidney.txt": KIDNEY, "sub/liver.txt": LIVER}


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
