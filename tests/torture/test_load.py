"""Many ask at once while the shelf changes under them: every answer is exact, none fails, nothing piles up."""

from __future__ import annotations

import gc
import itertools
import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from harm import Often, Tally

from rag import Assistant
from rag.settings import Settings

QUESTIONS = (
    "What is a chimeric antigen receptor?",
    "Which autoimmune diseases have first clinical results?",
    "What has always been administered before CAR-T constructs?",
    "How much does it cost per patient?",
    "Which number has the visit?",
)
PEOPLE = 50


def test_fifty_ask_while_syncs_run_back_to_back(
    shelf: Path, tmp_path: Path, often: Often, tally: Tally, beside_tally: Path | None
) -> None:
    seconds = often(6, 240)
    taken: list[Taken] = []
    texts: dict[int, dict[str, str]] = {}
    known: dict[str, str] = {}  # each text once
    quoted: dict[int, set[Quoted]] = {}
    asked = Counter[int]()
    problems: list[str] = []
    done, noted = threading.Event(), threading.Lock()

    with Assistant(shelf, tmp_path / "index", settings=Settings(lock_wait=60.0)) as assistant:

        def change(turn: int) -> None:
            # Words before those that are quoted move them, and one file comes and goes.
            first = sorted(shelf.glob("*.txt"))[0]
            first.write_text(f"Visit {turn}.\n\n" + first.read_text(encoding="utf-8").partition("\n\n")[2])
            extra = shelf / "visit.txt"
            if turn % 3:
                extra.write_text(f"The visit of the patient has number {turn}. It took {turn} hours.")
            else:
                extra.unlink(missing_ok=True)

        def sync(turn: int) -> None:
            generation = assistant.sync().generation
            shelf_now = {one.name: assistant.document(one.name).text for one in assistant.documents()}
            texts[generation] = {name: known.setdefault(text, text) for name, text in shelf_now.items()}
            assert turn >= 0

        def write() -> None:
            for turn in itertools.count(1):
                if done.is_set():
                    return
                change(turn)
                sync(turn)

        def ask(person: int) -> None:
            for at in itertools.count(person):
                if done.is_set():
                    return
                try:
                    answer = assistant.answer(QUESTIONS[at % len(QUESTIONS)])
                except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                    problems.append(f"{type(error).__name__}: {error}")
                    return
                generation = answer.fingerprint.index_generation
                # Not the answers themselves: what is kept here would hide what Pincite keeps.
                every = {Quoted(of.document, of.start, of.end, of.quote) for of in (*answer.citations, *answer.nearest)}
                with noted:
                    asked[generation] += 1
                    quoted.setdefault(generation, set()).update(every)

        sync(0)
        assistant.answer(QUESTIONS[0])
        gc.collect()
        started = time.monotonic()

        def look_on(until: float) -> Taken:
            """What is taken meanwhile, noted some times a second; what is taken in the end."""
            while time.monotonic() - started < until:
                taken.append(resources(started))
                time.sleep(seconds / 400 + 0.1)
            gc.collect()
            return resources(started)

        before = look_on(0)
        with ThreadPoolExecutor(PEOPLE + 1) as people:
            tasks = [people.submit(write), *(people.submit(ask, person) for person in range(PEOPLE))]
            try:
                middle = look_on(seconds / 2)
                look_on(seconds)
                while (len(texts) < 3 or len(asked) < 2) and time.monotonic() - started < 120:
                    time.sleep(0.1)  # a machine that has much else to do
            finally:
                done.set()
            for task in tasks:
                task.result()
        after = look_on(0)

    assert problems == []
    assert len(texts) > 2
    assert len(asked) > 1
    assert all(quoted.values())
    for generation, every in quoted.items():
        for document, start, end, quote in every:
            assert texts[generation][document][start:end] == quote
    # Fifty at once keep some memory; it does not grow with the questions asked.
    assert after.bytes < max(middle.bytes, before.bytes) * 1.15 + 60e6
    assert after.files <= before.files + 8
    if beside_tally:
        drawn(taken, beside_tally / "load.png")
    tally(f"questions by {PEOPLE} threads over {len(texts)} generations", asked.total(), 0)


class Quoted(NamedTuple):
    """Words of an answer, and where it says that they stand."""

    document: str
    start: int
    end: int
    quote: str


class Taken(NamedTuple):
    """What this process takes at a time: seconds since it began, bytes of memory, open files."""

    seconds: float
    bytes: int
    files: int


def resources(started: float) -> Taken:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    return Taken(time.monotonic() - started, pages * os.sysconf("SC_PAGE_SIZE"), files)


def drawn(taken: list[Taken], file: Path) -> None:
    """Draw memory and open files over time."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    memory, files = figure.subplots(2, 1, sharex=True)
    seconds = [at.seconds for at in taken]
    megabytes, handles = [at.bytes / 1e6 for at in taken], [at.files for at in taken]
    memory.plot(seconds, megabytes)
    memory.set(ylabel="memory, MB", ylim=(0, 1.2 * max(megabytes)))
    memory.set_title(f"{PEOPLE} threads ask while syncs run back to back")
    files.plot(seconds, handles)
    files.set(ylabel="open files", ylim=(0, 1.2 * max(handles)), xlabel="seconds")
    figure.savefig(file, dpi=100)


pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
