"""Whole processes, timed from outside: from the start of one to its end, as a person at a terminal waits for it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = ROOT / "benchmarks" / "langchain_tutorial.py"
PINCITE = Path(sys.executable).parent / "pincite"
"""The command as it was installed beside this Python."""

_SHOWN = 2000  # characters of what a process said that failed


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that has ended well: how long it took, and what it printed."""

    seconds: float
    output: str


def environment() -> dict[str, str]:
    """What is set for a process: no settings of Pincite's, and no hub is asked about files that are here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PINCITE_")}
    return {**kept, "HF_HUB_OFFLINE": "1"}


def timed(command: Sequence[str | Path], folder: Path) -> Finished:
    """Run a command in a folder to its end; leaves the script if it fails."""
    line = [str(part) for part in command]
    began = time.perf_counter()
    done = subprocess.run(line, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{' '.join(line)}\nended with {done.returncode}:\n{(done.stdout + done.stderr)[-_SHOWN:]}")
    return Finished(seconds, done.stdout)


def alternately(
    jobs: Mapping[str, Callable[[], Finished]], runs: int, *, warm_up: bool = False
) -> dict[str, list[Finished]]:
    """Do each job once, then each again, and so on: what slows the machine for a while slows all of them.

    With `warm_up`, one round comes first that is not counted: the files are then in memory for every job.
    """
    for job in jobs.values() if warm_up else ():
        job()
    done: dict[str, list[Finished]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            done[name].append(job())
    return done


def median_seconds(done: Sequence[Finished]) -> float:
    """The median of what some runs took."""
    return statistics.median(one.seconds for one in done)


def times_as_long(slower: Sequence[Finished], faster: Sequence[Finished]) -> float:
    """How many times as long one job took as the other: the median over the rounds, in which they ran side by side."""
    return statistics.median(one.seconds / other.seconds for one, other in zip(slower, faster, strict=True))
