"""A sync that is killed, at whatever moment, costs no more than it had not yet stored."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, SETTINGS, run_sync, view, write
from tiny_embedder import TinyEmbedder
from victims import Victims, child, first_line, mends, serving, stored_sentences

from index.errors import IndexLockedError, IndexMissingError
from index.lock import owner, writer_lock
from index.opening import open_snapshot
from index.sync import sync

OLD = {"kidney.txt": KIDNEY, "liver.txt": LIVER}
NEW = {
    "kidney.txt": KIDNEY.replace("five", "six"),
    "heart.txt": HEART,
    **{
        f"sub/{number}.txt": f"Case {number} was mild. Case {number} recovered in {number} days." for number in range(4)
    },
}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write(tmp_path / "seeds", OLD)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with serving() as made:
        yield made


def renew(seeds: Path) -> None:
    """The shelf as it is to be after the sync that is killed."""
    write(seeds, NEW)
    (seeds / "liver.txt").unlink()


@pytest.mark.parametrize(
    ("step", "event", "committed"),
    [
        ("Reading", 1, False),
        ("Reading", 4, False),
        ("Embedding", 1, False),
        ("Embedding", 4, False),
        ("Stored", 1, False),
        ("Stored", 3, False),
        ("Writing search files", 1, False),
        ("Committing", 1, False),
        ("Committed", 1, True),
    ],
)
def test_a_sync_killed_at_a_step_leaves_the_old_generation_or_the_new(
    victims: Victims, seeds: Path, index: Path, tmp_path: Path, step: str, event: int, committed: bool
) -> None:
    run_sync(seeds, index)
    before, had = view(index), stored_sentences(index)
    renew(seeds)
    victims.dies(act="sync", seeds=seeds, index=index, kill=[step, event])
    run_sync(seeds, tmp_path / "fresh")
    assert view(index) == (view(tmp_path / "fresh") if committed else before)
    gained = stored_sentences(index) - had
    assert bool(gained) == (step in {"Stored", "Writing search files", "Committing", "Committed"} or event > 3)
    mends(seeds, index, tmp_path / "fresh")


@pytest.mark.parametrize("step", ["Embedding", "Stored", "Committing", "Committed"])
def test_a_first_sync_that_is_killed_is_taken_up_again(
    victims: Victims, seeds: Path, index: Path, tmp_path: Path, step: str
) -> None:
    victims.dies(act="sync", seeds=seeds, index=index, kill=[step, 1])
    if step == "Committed":
        assert set(view(index)["documents"]) == set(OLD)
    else:
        with pytest.raises(IndexMissingError):
            open_snapshot(index)
    assert bool(stored_sentences(index)) == (step != "Embedding")
    mends(seeds, index, tmp_path / "fresh")


def test_a_rebuild_that_is_killed_leaves_the_old_index_and_is_taken_up_again(
    victims: Victims, seeds: Path, index: Path, tmp_path: Path
) -> None:
    run_sync(seeds, index)
    before = view(index)
    victims.dies(act="sync", seeds=seeds, index=index, kill=["Stored", 1], rebuild=True)
    assert view(index) == before
    tiny = TinyEmbedder()
    assert run_sync(seeds, index, tiny, rebuild=True).generation == 2
    assert sorted(tiny.embedded) == sorted(LIVER.replace(". ", ".|").split("|"))  # the kidney's were stored
    assert view(index) == before


def test_a_rebuild_that_is_killed_and_given_up_leaves_nothing_behind(
    victims: Victims, seeds: Path, index: Path, tmp_path: Path
) -> None:
    run_sync(seeds, index)
    victims.dies(act="sync", seeds=seeds, index=index, kill=["Stored", 1], rebuild=True)
    renew(seeds)
    run_sync(seeds, index)
    run_sync(seeds, tmp_path / "fresh")
    assert view(index) == view(tmp_path / "fresh")
    assert stored_sentences(index) == stored_sentences(tmp_path / "fresh")


def test_killed_at_any_moment(victims: Victims, tmp_path: Path, often: Often, tally: Tally) -> None:
    """Kills at random moments between the first and the last thing a sync does, one after another."""
    turns = often(15, 500)
    chance = random.Random(7)
    seeds, index = write(tmp_path / "seeds", OLD), tmp_path / "index"
    run_sync(seeds, index)
    fresh = tmp_path / "fresh"
    shelves = [OLD, NEW]
    started = time.perf_counter()
    run_sync(write(tmp_path / "timed", NEW), tmp_path / "timed index")
    usual = time.perf_counter() - started
    killed, now = 0, view(index)
    for turn in range(turns):
        before = now
        for file in list(seeds.rglob("*.txt")):
            file.unlink()
        write(seeds, {**shelves[turn % 2], "turn.txt": f"This is turn {turn}. The turn was taken."})
        seconds = chance.uniform(0.001, 1.2 * usual)
        killed += victims.run(act="sync", seeds=seeds, index=index, **{"seconds to live": seconds}) == -signal.SIGALRM
        run_sync(seeds, fresh)
        wanted, now = view(fresh), view(index)
        assert now in (before, wanted)
        if turn % 4 == 0:  # else the next sync finds the leavings of several that were killed
            mends(seeds, index, fresh)
            now = wanted
    mends(seeds, index, fresh)
    assert killed > turns / 3
    tally("SIGKILL at a random moment of a sync", killed, 0)


# The lock


@pytest.fixture
def holder(index: Path) -> Iterator[subprocess.Popen[str]]:
    index.mkdir()
    process = child(act="hold", index=index)
    assert first_line(process) == "held"
    yield process
    process.kill()
    process.communicate()


def test_without_waiting_a_second_writer_is_told_who_the_first_is(
    seeds: Path, index: Path, holder: subprocess.Popen[str]
) -> None:
    assert owner(index).startswith(f"process {holder.pid} on ")
    with pytest.raises(IndexLockedError, match=rf"is being written by process {holder.pid} on .*; try again"):
        sync(seeds, index, TinyEmbedder(), SETTINGS, wait=0)
    second = child(act="sync", seeds=seeds, index=index, wait=0)
    output, _ = second.communicate(timeout=60)
    assert second.returncode == 3
    assert f"being written by process {holder.pid} on " in output


def test_a_second_writer_says_so_and_waits_its_turn(seeds: Path, index: Path, holder: subprocess.Popen[str]) -> None:
    second = child(act="sync", seeds=seeds, index=index)
    assert first_line(second) == "ready"
    assert first_line(second).startswith(f"Waiting for process {holder.pid} on ")
    assert second.poll() is None
    assert not (index / "index.sqlite").exists()
    holder.communicate("done\n", timeout=60)
    output, _ = second.communicate(timeout=60)
    assert json.loads(output) == {"generation": 1, "embedded": 4}


def test_a_killed_holder_frees_the_lock(seeds: Path, index: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate(timeout=60)
    assert sync(seeds, index, TinyEmbedder(), SETTINGS, wait=0).generation == 1


def test_a_sync_that_fails_frees_the_lock(seeds: Path, index: Path) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sync(seeds, index, TinyEmbedder(), SETTINGS, progress=fail)
    with writer_lock(index, 0):
        assert owner(index).startswith("process ")
    assert owner(index) == "another process"


def test_two_syncs_at_once_do_the_work_once(seeds: Path, index: Path) -> None:
    both = [child(act="sync", seeds=seeds, index=index) for _ in range(2)]
    results = [json.loads(process.communicate(timeout=60)[0].splitlines()[-1]) for process in both]
    assert sorted(result["embedded"] for result in results) == [0, 4]
    assert [result["generation"] for result in results] == [1, 1]
