"""A restore that is killed, at whatever moment, leaves the index as it was, or the restored one."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from backup_helpers import back_up, put_back, tree
from index_helpers import HEART, KIDNEY, LIVER, run_sync, view, write
from victims import Victims, serving

from index.changes import look
from index.errors import IndexMissingError
from index.opening import open_snapshot

SHELF = {"kidney.txt": KIDNEY, "sub/liver.txt": LIVER}

STEPS = [
    ("Checking the backup, MB", 2, False),
    ("Unpacking the index", 1, False),
    ("Checking the index", 1, False),
    ("Writing search files", 1, False),
    ("Putting the files back", 2, False),
    ("Putting the search files back", 1, False),
    ("Putting the index back, MB", 1, False),
    ("Putting the index back, MB", 9, False),
    ("Committed", 1, True),
]


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with serving() as made:
        yield made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A shelf with a backup of it."""
    home = tmp_path / "home"
    run_sync(write(home / "seeds", SHELF), home / "index")
    back_up(home)
    return home


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """Another index of the same generation, and its shelf."""
    there = tmp_path / "there"
    run_sync(write(there / "seeds", {"heart.txt": HEART}), there / "index")
    return there


def completes(home: Path, there: Path) -> None:
    """The next restore ends as one that was never killed; nothing of the others is left."""
    put_back(home / "backup", there, force=True)
    assert view(there / "index") == view(home / "index")
    assert set(tree(home / "seeds").items()) <= set(tree(there / "seeds").items())
    assert len(list((there / "index").glob("lexical-*"))) == 1
    assert not list(there.rglob(".restoring"))


@pytest.mark.parametrize(("step", "event", "committed"), STEPS)
def test_a_restore_killed_at_a_step_leaves_the_old_index_or_the_new(
    victims: Victims, home: Path, there: Path, step: str, event: int, committed: bool
) -> None:
    old = view(there / "index")
    order = {"file": home / "backup", "index": there / "index", "seeds": there / "seeds"}
    victims.dies(act="restore", kill=[step, event], **order)
    assert view(there / "index") == (view(home / "index") if committed else old)
    completes(home, there)


@pytest.mark.parametrize(("step", "event", "committed"), STEPS)
def test_a_first_restore_that_is_killed_leaves_no_index_or_the_new(
    victims: Victims, home: Path, tmp_path: Path, step: str, event: int, committed: bool
) -> None:
    new = tmp_path / "new"
    order = {"file": home / "backup", "index": new / "index", "seeds": new / "seeds"}
    victims.dies(act="restore", kill=[step, event], **order)
    if committed:
        assert view(new / "index") == view(home / "index")
        assert not look(new / "seeds", new / "index")
    else:
        with pytest.raises(IndexMissingError):
            open_snapshot(new / "index")
        done = put_back(home / "backup", new)  # which is no index yet to go over
        assert set(done.kept) | set(done.placed) == set(SHELF)
    completes(home, new)


def test_a_sync_after_a_restore_that_was_killed_leaves_nothing_of_it(victims: Victims, home: Path, there: Path) -> None:
    old = view(there / "index")
    order = {"file": home / "backup", "index": there / "index", "seeds": there / "seeds"}
    victims.dies(act="restore", kill=["Putting the index back, MB", 3], **order)
    assert len(list((there / "index").glob("lexical-*"))) == 2
    for name in SHELF:
        (there / "seeds" / name).unlink()
    assert run_sync(there / "seeds", there / "index").embedded == 0
    assert view(there / "index") == old
    assert len(list((there / "index").glob("lexical-*"))) == 1
    assert not (there / "index" / ".restoring").exists()


def test_a_restore_killed_at_any_moment(victims: Victims, home: Path, there: Path, tmp_path: Path) -> None:
    """Kills at 25 random moments, one after another over the same folder."""
    chance = random.Random(3)
    started = time.perf_counter()
    put_back(home / "backup", tmp_path / "timed")
    usual = time.perf_counter() - started
    shutil.rmtree(tmp_path / "timed")
    shutil.copytree(there, tmp_path / "first")
    old, new = view(there / "index"), view(home / "index")
    killed = kept = 0
    for _ in range(25):
        order = {"file": home / "backup", "index": there / "index", "seeds": there / "seeds"}
        ended = victims.run(act="restore", **order, **{"seconds to live": chance.uniform(0.001, 1.3 * usual)})
        killed += ended == -signal.SIGALRM
        now = view(there / "index")
        assert now in (old, new)
        kept += now == old
        if now == new:
            shutil.rmtree(there)
            shutil.copytree(tmp_path / "first", there)
    completes(home, there)
    assert killed > 5
    assert kept > 5
