"""How fast files are read, by two processes side by side: for `reading.py`."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from index import readers
from index.errors import UnreadableFileError

RUNS = 3
PROCESSES = 2

# Began, ended, seconds of processor time, pages, bytes.
_Share = tuple[float, float, float, int, int]


def speed(paths: list[Path]) -> dict[str, Any]:
    """Pages and megabytes a second, median of runs; `alone` is reckoned from processor time, whatever else runs."""
    paths = [path for path in paths if _is_read(path)]
    if not paths:
        return {"files": 0}
    shares: list[list[Path]] = [[] for _ in range(PROCESSES)]
    load = [0.0] * PROCESSES
    runs = []
    # The longest first, each to the process that has least to do.
    for took, path in sorted(((_took(path), path) for path in paths), reverse=True):
        least = load.index(min(load))
        shares[least].append(path)
        load[least] += took
    for _ in range(RUNS):
        runs.append(_run(shares))
    pages, size = runs[0][2], runs[0][3] / 1e6
    wall = statistics.median(run[0] for run in runs)
    alone = statistics.median(run[1] for run in runs)
    return {
        "files": len(paths),
        "pages": pages,
        "megabytes": round(size, 2),
        "seconds": round(wall, 3),
        "pages_a_second": round(pages / wall, 1),
        "megabytes_a_second": round(size / wall, 2),
        "pages_a_second_alone": round(pages / alone, 1),
        "megabytes_a_second_alone": round(size / alone, 2),
    }


def _is_read(path: Path) -> bool:
    try:
        _read(path)
    except UnreadableFileError:
        return False
    return True


def _took(path: Path) -> float:
    began = time.process_time()
    _read(path)
    return time.process_time() - began


def _read(path: Path) -> int:
    return len(readers.read(path.name, path.read_bytes()).pages)


def _run(shares: list[list[Path]]) -> tuple[float, float, int, int]:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(shares))
    answers = context.SimpleQueue()
    processes = [context.Process(target=_work, args=(paths, barrier, answers)) for paths in shares]
    for process in processes:
        process.start()
    done: list[_Share] = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    return (
        max(end for _, end, *_ in done) - min(start for start, *_ in done),
        max(used for _, _, used, *_ in done),
        sum(pages for *_, pages, _ in done),
        sum(size for *_, size in done),
    )


def _work(paths: list[Path], barrier: Barrier, answers: multiprocessing.SimpleQueue[_Share]) -> None:
    for path in paths[-1:]:  # what is loaded once is not measured
        _read(path)
    barrier.wait()
    began, used = time.monotonic(), time.process_time()
    pages = sum(_read(path) for path in paths)
    ended, used = time.monotonic(), time.process_time() - used
    answers.put((began, ended, used, pages, sum(path.stat().st_size for path in paths)))
