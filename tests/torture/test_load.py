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

import pytest
from harm import Often, Tally

from rag import Answer, Assistant
from rag.settings import Settings

QUESTIONS = (
    "What is a chimeric antigen receptor?",
    "Which autoimmune diseases have first clinical results?",
    "What has always been administered before CAR-T constructs?",
    "How much does it cost per patient?",
    "Which number has the visit?",
)
PEOPLE = 50


def test_fifty_ask_while_syncs_run_back_to_back(shelf: Path, tmp_path: Path, often: Often, tally: Tally) -> None:
    seconds = often(6, 240)
    texts: dict[int, dict[str, str]] = {}
    answers: list[Answer] = []
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
            texts[generation] = {one.name: assistant.document(one.name).text for one in assistant.documents()}
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
                with noted:
                    answers.append(answer)

        sync(0)
        assistant.answer(QUESTIONS[0])
        gc.collect()
        before = resources()
        with ThreadPoolExecutor(PEOPLE + 1) as people:
            tasks = [people.submit(write), *(people.submit(ask, person) for person in range(PEOPLE))]
            time.sleep(seconds / 2)
            gc.collect()
            middle = resources()
            time.sleep(seconds / 2)
            done.set()
            for task in tasks:
                task.result()
        gc.collect()
        after = resources()

    assert problems == []
    assert len(texts) > 2
    generations = Counter(answer.fingerprint.index_generation for answer in answers)
    assert len(generations) > 1
    for answer in answers:
        shelf_then = texts[answer.fingerprint.index_generation]
        for citation in (*answer.citations, *answer.nearest):
            assert shelf_then[citation.document][citation.start : citation.end] == citation.quote
    # Fifty at once keep some memory; it does not grow with the questions asked.
    assert after["bytes"] < max(middle["bytes"], before["bytes"]) * 1.15 + 60e6
    assert after["files"] <= before["files"] + 8
    tally(f"questions by {PEOPLE} threads over {len(texts)} generations", len(answers), 0)


def resources() -> dict[str, float]:
    """The memory and the open files of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return {"bytes": pages * os.sysconf("SC_PAGE_SIZE"), "files": sum(1 for _ in Path("/proc/self/fd").iterdir())}


pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
