"""Memory or open files run out, in a reader or in the sync itself: one line, and nothing of the index is lost."""

from __future__ import annotations

import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, SETTINGS, run_sync, view, write
from test_every_format import FORMATS
from tiny_embedder import TinyEmbedder
from victims import Victims, mends, serving

from index.limits import Limits
from index.sync import sync

OLD = {"kidney.txt": KIDNEY, "liver.txt": LIVER}
NEW = {f"{at}.txt": f"{text} Case {at} was mild." for at, text in enumerate((HEART, LIVER) * 8)}
REFUSED = 4  # crash_child.py: one of our errors
LOADER = 127  # the C library ends a process so where it has no memory for what a native library keeps of a thread

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what a process may take is limited as Linux does")


@pytest.fixture
def victims() -> Iterator[Victims]:
    with serving() as made:
        yield made


def test_a_file_for_which_its_reader_has_not_the_memory_costs_itself_alone(
    tmp_path: Path, often: Often, tally: Tally
) -> None:
    chance, refused, times = random.Random(37), 0, often(2, 60)
    for turn in range(times):
        name = "a.txt" if turn < 2 else chance.choice(list(FORMATS))
        megabytes = chance.choice((80, 96, 128))
        size = 60_000_000 if name in {"a.txt", "a.md"} else int(10 ** chance.uniform(6, 7))
        article = [[HEART, KIDNEY, LIVER]] * (size // 300) if name != "a.txt" else []
        big = FORMATS[name](article) if article and name != "a.pdf" else b"a" * size
        seeds = write(tmp_path / f"{turn}", {name: big, "kidney.txt": KIDNEY, "liver.txt": LIVER})
        limits = Limits(megabytes=megabytes, workers=1, seconds=60)
        report = sync(seeds, tmp_path / f"index {turn}", TinyEmbedder(), SETTINGS, limits=limits)
        assert set(report.added) >= set(OLD)
        for skipped, why in report.skipped:
            assert skipped == name
            assert "\n" not in why
            if "memory" in why:
                assert why == f"{name}: reading it needs more than {megabytes} MB of memory (setting read_megabytes)."
                refused += 1
        shutil.rmtree(seeds)
        shutil.rmtree(tmp_path / f"index {turn}")
    assert refused >= min(2, times)
    tally("a reader out of memory", refused, 0)


@pytest.mark.parametrize("scarce", ["memory", "files"])
def test_a_sync_that_has_not_enough_ends_in_one_line_and_costs_nothing(
    victims: Victims, tmp_path: Path, often: Often, tally: Tally, scarce: str
) -> None:
    chance, times, ended = random.Random(41), often(15, 400), Counter[int]()
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
        left = int(2 ** chance.uniform(18, 28)) if scarce == "memory" else chance.randrange(25)
        status = victims.run(act="sync", seeds=seeds, index=index, **{scarce: left, "seconds to live": 10})
        # Where tantivy's memory runs out it ends the process, as the C library does; where that of a thread does as it
        # starts, Python waits for the thread for ever. None of them has a say in what is committed.
        odd = {-signal.SIGABRT, -signal.SIGALRM, LOADER} if scarce == "memory" else set()
        assert status in {0, REFUSED} | odd
        now = view(index)
        assert now == wanted or (status and now == before)  # what is tidied after the commit may come short too
        ended[status] += 1
        mends(seeds, index, fresh)
    victims.end()
    assert not [line for line in victims.said if "Traceback" in line]
    assert ended[LOADER] <= sum("cannot allocate memory" in line.lower() for line in victims.said)
    assert ended[REFUSED] > 0.1 * times
    assert ended[-signal.SIGALRM] <= 1 + 0.1 * times
    tally(f"a sync without enough {'memory' if scarce == 'memory' else 'files that it may open'}", times - ended[0], 0)
