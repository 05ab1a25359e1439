"""A backup or restore that is killed or starved, at whatever moment, leaves what was there, or all that was to be."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from backup_helpers import back_up, put_back, tree
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, run_sync, view, write
from victims import Victims, serving

from index.changes import look
from index.errors import IndexMissingError
from index.opening import open_snapshot

SHELF = {"kidney.txt": KIDNEY, "sub/liver.txt": LIVER}

REFUSED = 4  # crash_child.py: one of our errors

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


def placed(home: Path, there: Path) -> dict[str, Path]:
    """The backup of one place, and the folders of another."""
    return {"file": home / "backup", "index": there / "index", "seeds": there / "seeds"}


def seconds_of(victims: Victims, **order: Any) -> float:
    """How long an order takes that nothing disturbs."""
    took = []
    for _ in range(3):
        started = time.perf_counter()
        assert victims.run(**order) == 0
        took.append(time.perf_counter() - started)
    return min(took)


def size(chance: random.Random) -> int:
    """Bytes that a file may have: too few, or enough."""
    return int(2 ** chance.uniform(8, 20))


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
    victims.dies(act="restore", kill=[step, event], **placed(home, there))
    assert view(there / "index") == (view(home / "index") if committed else old)
    completes(home, there)


@pytest.mark.parametrize(("step", "event", "committed"), STEPS)
def test_a_first_restore_that_is_killed_leaves_no_index_or_the_new(
    victims: Victims, home: Path, tmp_path: Path, step: str, event: int, committed: bool
) -> None:
    new = tmp_path / "new"
    victims.dies(act="restore", kill=[step, event], **placed(home, new))
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
    victims.dies(act="restore", kill=["Putting the index back, MB", 3], **placed(home, there))
    assert len(list((there / "index").glob("lexical-*"))) == 2
    for name in SHELF:
        (there / "seeds" / name).unlink()
    assert run_sync(there / "seeds", there / "index").embedded == 0
    assert view(there / "index") == old
    assert len(list((there / "index").glob("lexical-*"))) == 1
    assert not (there / "index" / ".restoring").exists()


def test_a_restore_killed_at_any_moment(
    victims: Victims, home: Path, there: Path, tmp_path: Path, often: Often, tally: Tally
) -> None:
    """Kills at random moments, one after another over the same folder."""
    chance, times = random.Random(3), often(30, 500)
    shutil.copytree(there, tmp_path / "first")
    usual = seconds_of(victims, act="restore", **placed(home, tmp_path / "timed"))
    old, new = view(there / "index"), view(home / "index")
    killed = kept = 0
    for _ in range(times):
        living = {"seconds to live": chance.uniform(0.001, 1.5 * usual)}
        killed += victims.run(act="restore", **placed(home, there), **living) == -signal.SIGALRM
        now = view(there / "index")
        assert now in (old, new)
        kept += now == old
        if now == new:
            shutil.rmtree(there)
            shutil.copytree(tmp_path / "first", there)
    completes(home, there)
    assert killed > times / 5
    assert kept > times / 5
    tally("SIGKILL at a random moment of a restore", killed, 0)


def test_a_restore_whose_files_cannot_grow_ends_in_one_line_and_costs_nothing(
    victims: Victims, home: Path, there: Path, tmp_path: Path, often: Often, tally: Tally
) -> None:
    chance, times, ended = random.Random(5), often(20, 400), 0
    shutil.copytree(there, tmp_path / "first")
    old, new = view(there / "index"), view(home / "index")
    for _ in range(times):
        status = victims.run(act="restore", **placed(home, there), room=size(chance))
        assert status in {0, REFUSED}
        assert view(there / "index") == (old if status else new)
        ended += status == REFUSED
        completes(home, there)
        shutil.rmtree(there)
        shutil.copytree(tmp_path / "first", there)
    assert times / 4 < ended < times
    tally("no file may grow any more, during a restore", ended, 0)


# Taking one


@pytest.mark.parametrize(
    ("step", "event", "named"),
    [
        ("Copying the index, MB", 3, False),
        ("Checking the copy", 1, False),
        ("Writing the backup, MB", 3, False),
        ("Checking the backup, MB", 2, False),
        ("Done", 1, True),
    ],
)
@pytest.mark.parametrize("over", [False, True])
def test_a_backup_killed_at_a_step_is_not_there_or_whole(
    victims: Victims, there: Path, tmp_path: Path, step: str, event: int, named: bool, over: bool
) -> None:
    file = tmp_path / "backup"
    if over:
        file.write_text("an older one")
    victims.dies(act="backup", kill=[step, event], **placed(tmp_path, there))
    if named:
        put_back(file, tmp_path / "new")
    else:
        assert file.exists() == over
        assert not over or file.read_text() == "an older one"
        put_back(back_up(there).file, tmp_path / "new")
    assert view(tmp_path / "new" / "index") == view(there / "index")


def test_a_backup_killed_at_any_moment_or_out_of_room_is_the_old_one_or_the_new(
    victims: Victims, there: Path, tmp_path: Path, often: Often, tally: Tally
) -> None:
    """At random moments and sizes, each over the backup before, while the shelf grows."""
    chance, times = random.Random(9), often(30, 500)
    file = back_up(there).file
    usual = seconds_of(victims, act="backup", file=tmp_path / "timed", index=there / "index", seeds=there / "seeds")
    killed = refused = 0
    for turn in range(times):
        run_sync(write(there / "seeds", {"turn.txt": f"This is turn {turn}. The turn was taken."}), there / "index")
        old = file.read_bytes()
        how = {"seconds to live": chance.uniform(0.001, 1.5 * usual)} if turn % 2 else {"room": size(chance)}
        status = victims.run(act="backup", file=file, index=there / "index", seeds=there / "seeds", **how)
        assert status in {0, REFUSED, -signal.SIGALRM}
        killed += status == -signal.SIGALRM
        refused += status == REFUSED
        put_back(file, tmp_path / "new")
        same = view(tmp_path / "new" / "index") == view(there / "index")
        assert same == (file.read_bytes() != old)
        assert same or status
        shutil.rmtree(tmp_path / "new")
    assert killed > times / 8
    assert refused > times / 8
    tally("SIGKILL at a random moment of a backup", killed, 0)
    tally("no file may grow any more, during a backup", refused, 0)
