"""The same folder gives the same index and the same answers, whatever order it is listed in and whoever reads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS
from determined import QUESTIONS, timeless
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, write

from rag import Assistant

CHILD = Path(__file__).with_name("determined.py")

Built = dict[str, Any]
Build = Callable[..., Built]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Make an index of a folder in a process of its own, and tell what is seen of it."""
    made = 0

    def built(
        seeds: Path, real: bool, order: int = 0, workers: int = 1, cores: int = 1, hashes: int = 0, threads: int = 0
    ) -> Built:
        nonlocal made
        made += 1
        told = {
            "seeds": os.fspath(seeds),
            "index": os.fspath(tmp_path / f"index-{made}"),
            "order": order,
            "workers": workers,
            "real": real,
            "threads": threads,
        }
        many = {name: str(cores) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        done = subprocess.run(
            [sys.executable, "-W", "error", CHILD, json.dumps(told)],
            env=os.environ | many | {"PYTHONHASHSEED": str(hashes)},
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        found: Built = json.loads(done.stdout)
        return found

    return built


def test_neither_the_order_of_files_nor_how_many_read_them_nor_pythons_hashes_change_anything(
    build: Build, tmp_path: Path, often: Often, tally: Tally
) -> None:
    texts = {f"{at % 3}/{at}.txt": f"{text} It was case {at}." for at, text in enumerate((HEART, KIDNEY, LIVER) * 4)}
    seeds = write(tmp_path / "seeds", {**texts, "copy.txt": texts["0/0.txt"], "empty.txt": "", "same.txt": KIDNEY})
    write(seeds, {"more/same.txt": KIDNEY, "a.bib": "@article{a, title = {Hearts}, file = {0/3.txt}, year = 2019}"})
    first = build(seeds, real=False)
    assert any(answer["citations"] for answer in first["answers"])
    times = often(1, 40)
    for turn in range(1, times + 1):
        other = build(seeds, real=False, order=turn, workers=1 + turn % 4, cores=(1, 2, 4)[turn % 3], hashes=turn)
        assert other == first
    tally("an index made anew: order of files, readers, cores, hashes", times, 0)


def test_with_the_real_model_the_number_of_threads_changes_no_answer_and_no_fingerprint(
    build: Build, assistant: Assistant, often: Often, tally: Tally
) -> None:
    answers = [assistant.answer(question).model_dump(mode="json") for question in QUESTIONS]
    first = timeless({"answers": answers, "compared": assistant.compare(QUESTIONS[0]).model_dump(mode="json")})
    assert not first["answers"][1]["abstained"]
    others: list[dict[str, int]] = [{"cores": 2, "workers": 2, "order": 1, "hashes": 5}]
    if often(0, 1):
        others += [{"cores": 4}, {"cores": 2, "threads": 1}, {"cores": 1, "threads": 3}, {"cores": 4, "threads": 4}]
        others += [{"cores": 2, "hashes": 9, "order": 7, "workers": 4}]
    for other in others:
        found = build(SEEDS, real=True, **other)
        assert {part: found[part] for part in first} == first
    tally("an index made anew with the real model: cores and threads", len(others), 0)
