"""A clock that goes back, jumps or stands: what changes is noticed, and nothing that is kept is lost."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, run_sync, view, write
from tiny_embedder import TinyEmbedder

from index.changes import look
from index.lock import writer_lock
from index.opening import open_snapshot
from rag import Assistant
from rag.settings import Settings
from ui.feedback import record

SECOND = 10**9
DAY = 86_400 * SECOND
WORDS = ("five", "four", "nine", "zero", "many")  # of one length: an edit is told by its time alone


def clock(monkeypatch: pytest.MonkeyPatch, now: int) -> None:
    """Let the system's clock stand at so many nanoseconds since 1970."""
    monkeypatch.setattr(time, "time_ns", lambda: now)
    monkeypatch.setattr(time, "time", lambda: now / SECOND)


def texts(index: Path) -> dict[str, str]:
    snapshot = open_snapshot(index)
    try:
        return {name: snapshot.document(name).text for name in snapshot.names}
    finally:
        snapshot.close()


@pytest.mark.parametrize("grain", [1, 2 * SECOND], ids=["to the nanosecond", "to two seconds, as on a memory stick"])
def test_edits_of_the_same_size_are_noticed_whatever_the_clock_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, often: Often, tally: Tally, grain: int
) -> None:
    """Where times are coarse the clock goes forward here: two edits at one time are told apart by no file system."""
    chance, turns, edits, noticed = random.Random(43), often(40, 3000), 0, 0
    seeds, index = write(tmp_path / "seeds", {f"{at}.txt": f"{KIDNEY} {at}" for at in range(6)}), tmp_path / "index"
    now = time.time_ns()
    for _ in range(turns):
        back = () if grain > 1 else (-DAY, -3600 * SECOND, -SECOND, -1000 * DAY, 30 * DAY)
        now = max(0, now + chance.choice((*back, 0, SECOND // 3, SECOND, 3 * SECOND, 3600 * SECOND)))
        now += chance.randrange(SECOND // 2)
        with monkeypatch.context() as patched:
            clock(patched, now)
            for file in chance.sample(sorted(seeds.iterdir()), chance.randrange(3)):
                before = file.read_text(encoding="utf-8")
                text = before.replace(before.split()[-5], chance.choice(WORDS))
                file.write_text(text, encoding="utf-8")
                os.utime(file, ns=(now // grain * grain,) * 2)
                edits += 1
                noticed += before != text and file.name in look(seeds, index).changed
            run_sync(seeds, index)
        assert texts(index) == {file.name: file.read_text(encoding="utf-8") for file in seeds.iterdir()}
    run_sync(seeds, tmp_path / "fresh")
    assert view(index) == view(tmp_path / "fresh")
    assert edits > turns / 2
    assert noticed > edits / 4  # a watched folder and the page are told too, before any file is read
    tally(f"edits under a clock that {'goes on in steps of two seconds' if grain > 1 else 'goes back'}", edits, 0)


@pytest.mark.parametrize("years", [-60, -1, 50], ids=["before 1970", "last year", "in fifty years"])
def test_files_of_another_time_are_taken_in_and_their_edits_noticed(tmp_path: Path, years: int) -> None:
    seeds, index = write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER}), tmp_path / "index"
    then = time.time_ns() + years * 365 * DAY
    for turn, word in enumerate(WORDS):
        write(seeds, {"kidney.txt": KIDNEY.replace("five", word)})
        os.utime(seeds / "kidney.txt", ns=(then - turn, then - turn))
        run_sync(seeds, index)
        assert word in texts(index)["kidney.txt"]
        assert not look(seeds, index)


def test_a_clock_that_goes_back_a_year_stops_no_sync_no_lock_and_no_feedback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds, index = write(tmp_path / "seeds", {"kidney.txt": KIDNEY}), tmp_path / "index"
    settings = Settings.model_validate({"reader": "none"})
    with Assistant(seeds, index, embedder=TinyEmbedder(), settings=settings) as assistant:
        assert assistant.sync().generation == 1
        answer = assistant.answer("Did the kidney recover?")
        record(index, answer, "helpful")
        clock(monkeypatch, time.time_ns() - 365 * DAY)
        with writer_lock(index, 0):
            pass
        write(seeds, {"heart.txt": HEART})
        assert assistant.sync(wait=0).added == ["heart.txt"]
        assert assistant.sync(wait=0).generation == 2
        record(index, assistant.answer("Did the kidney recover?"), "not helpful")
    lines = (index / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["fingerprint"]["index_generation"] for line in lines] == [1, 2]
