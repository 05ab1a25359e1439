"""No room left on the disk: the sync says so in one line, the index stays as it was, the next sync completes."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, run_sync, view, write
from victims import Victims, mends, serving

OLD = {"kidney.txt": KIDNEY, "liver.txt": LIVER}
NEW = {f"{at}.txt": f"{text} Case {at} was mild." for at, text in enumerate((HEART, LIVER) * 8)}
REFUSED = 4  # crash_child.py: one of our errors


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with serving() as made:
        yield made


def test_a_file_that_cannot_grow_ends_a_sync_in_one_line_and_costs_nothing(
    victims: Victims, tmp_path: Path, often: Often, tally: Tally
) -> None:
    chance, times, ended = random.Random(11), often(12, 400), 0
    seeds, index, fresh = write(tmp_path / "seeds", OLD), tmp_path / "index", tmp_path / "fresh"
    run_sync(seeds, index)
    before = view(index)
    kept = tmp_path / "kept"
    shutil.copytree(index, kept)
    write(seeds, NEW)
    run_sync(seeds, fresh)
    wanted = view(fresh)
    for _ in range(times):
        shutil.rmtree(index)
        shutil.copytree(kept, index)
        status = victims.run(act="sync", seeds=seeds, index=index, room=int(2 ** chance.uniform(7, 17)))
        assert status in {0, REFUSED}
        assert view(index) == (before if status else wanted)
        ended += status == REFUSED
        mends(seeds, index, fresh)
    assert 0.3 * times < ended
    tally("no file may grow any more, at a random size", ended, 0)


def test_a_disk_that_is_full_costs_nothing_and_once_there_is_room_the_sync_completes(
    victims: Victims, tmp_path: Path, often: Often, tally: Tally
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("a small disk cannot be mounted here; the test above fills files instead")
    try:
        seeds, fresh = write(tmp_path / "seeds", OLD), tmp_path / "fresh"
        index, ballast = disk / "index", disk / "ballast"
        ended, times = 0, often(8, 60)
        run_sync(seeds, index)
        write(seeds, NEW)
        run_sync(seeds, fresh)
        before, wanted = view(index), view(fresh)
        kept = tmp_path / "kept"
        shutil.copytree(index, kept)
        for left in range(0, times * 40, 40):  # kilobytes that are free
            shutil.rmtree(index)
            shutil.copytree(kept, index)
            ballast.write_bytes(b"")
            fill(ballast, shutil.disk_usage(disk).free - left * 1024)
            status = victims.run(act="sync", seeds=seeds, index=index)
            assert status in {0, REFUSED}
            ballast.unlink()
            assert view(index) == (before if status else wanted)
            ended += status == REFUSED
            mends(seeds, index, fresh)
        assert ended > 1
        tally("a full disk, with 0 KB, 40 KB, 80 KB, … left", ended, 0)
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(file: Path, size: int) -> None:
    if size > 0:
        file.write_bytes(b"x" * size)
