"""The seeds folder is watched: real files, real events of the system."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from index_helpers import HEART, KIDNEY, LIVER, write
from tiny_embedder import TinyEmbedder

from index.changes import Changes, look
from index.errors import PinciteError
from index.lock import writer_lock
from index.report import Progress, SyncReport
from index.watch import StoppedError, Watcher
from rag import Assistant
from rag.settings import Settings

SOON = 20.0
QUIET = 0.3


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write(tmp_path / "seeds", {"kidney.txt": KIDNEY})


class Calls:
    """What a watcher calls: it notes the files that stand in the folder each time."""

    def __init__(self, seeds: Path) -> None:
        self.seeds = seeds
        self.seen: list[dict[str, int]] = []
        self.said: list[str] = []
        self.fail = ""

    def changed(self) -> None:
        if self.fail:
            raise PinciteError(self.fail)
        files = (path for path in self.seeds.rglob("*") if path.is_file())
        self.seen.append({path.relative_to(self.seeds).as_posix(): path.stat().st_size for path in files})

    def watcher(self) -> Watcher:
        return Watcher(self.seeds, self.changed, notice=self.said.append, quiet=QUIET)

    def saw(self, *names: str) -> Callable[[], bool]:
        return lambda: bool(self.seen) and set(names) <= set(self.seen[-1])


def until(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_files_new_changed_and_gone_are_told_also_in_new_folders(seeds: Path) -> None:
    calls = Calls(seeds)
    with calls.watcher():
        until(lambda: calls.seen)  # what happened before
        write(seeds, {"liver.txt": LIVER})
        until(calls.saw("kidney.txt", "liver.txt"))
        write(seeds, {"new/deeper/heart.txt": HEART})
        until(calls.saw("new/deeper/heart.txt"))
        write(seeds, {"new/deeper/heart.txt": HEART + KIDNEY})
        until(lambda: calls.seen[-1].get("new/deeper/heart.txt") == len(HEART + KIDNEY))
        (seeds / "kidney.txt").rename(seeds / "new" / "moved.txt")
        until(calls.saw("new/moved.txt"))
        shutil.rmtree(seeds / "new")
        until(lambda: set(calls.seen[-1]) == {"liver.txt"})
    assert calls.said == []


def test_a_file_being_copied_is_told_only_once_it_stands_still(seeds: Path) -> None:
    calls = Calls(seeds)
    whole = 15 * len(KIDNEY)
    stood: dict[int, float] = {}  # by size, the longest that the file can have been so large, also on busy cores
    with calls.watcher():
        until(lambda: calls.seen)
        before, size = time.monotonic(), 0
        with (seeds / "long.txt").open("w") as file:
            while size < whole:
                began = time.monotonic()
                file.write(KIDNEY)
                file.flush()
                stood[size] = time.monotonic() - before
                before, size = began, size + len(KIDNEY)
                time.sleep(QUIET / 3)
        until(lambda: calls.seen[-1].get("long.txt") == whole)
    told = {seen["long.txt"] for seen in calls.seen if "long.txt" in seen}
    assert told - {size for size, seconds in stood.items() if seconds >= QUIET} == {whole}


def test_unfinished_downloads_and_hidden_files_are_no_change_and_hold_up_none(seeds: Path) -> None:
    calls = Calls(seeds)
    done = threading.Event()

    def download() -> None:
        while not done.wait(0.02):
            for name in ("big.pdf.crdownload", "big.pdf.part", ".hidden.txt", "~$open.docx"):
                with (seeds / name).open("a") as file:
                    file.write("more")

    with calls.watcher():
        until(lambda: calls.seen)
        thread = threading.Thread(target=download)
        thread.start()
        try:
            time.sleep(4 * QUIET)
            assert len(calls.seen) == 1
            write(seeds, {"liver.txt": LIVER})
            until(calls.saw("liver.txt"))
        finally:
            done.set()
            thread.join()


def test_a_folder_that_vanishes_is_told_once_and_watched_again_when_it_is_back(seeds: Path) -> None:
    calls = Calls(seeds)
    with calls.watcher():
        until(lambda: calls.seen)
        shutil.rmtree(seeds)
        until(lambda: calls.said)
        time.sleep(3 * QUIET)
        assert calls.said == [f"The seeds folder {seeds} is gone; waiting for it to come back."]
        write(seeds, {"liver.txt": LIVER})
        until(calls.saw("liver.txt"))
        write(seeds, {"heart.txt": HEART})
        until(calls.saw("heart.txt"))


def test_another_folder_put_in_its_place_is_watched(seeds: Path, tmp_path: Path) -> None:
    calls = Calls(seeds)
    other = write(tmp_path / "other", {"heart.txt": HEART})
    with calls.watcher():
        until(lambda: calls.seen)
        seeds.rename(tmp_path / "away")
        other.rename(seeds)
        until(lambda: set(calls.seen[-1]) == {"heart.txt"})
        write(seeds, {"liver.txt": LIVER})
        until(calls.saw("heart.txt", "liver.txt"))


def test_a_failure_is_told_once_and_tried_again(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.watch._AGAIN", 0.1)
    calls = Calls(seeds)
    calls.fail = "The disk is full."
    with calls.watcher():
        until(lambda: calls.said)
        time.sleep(4 * QUIET)
        assert calls.said == ["The disk is full."]
        calls.fail = ""
        until(calls.saw("kidney.txt"))
        calls.fail = "The disk is full."
        write(seeds, {"liver.txt": LIVER})
        until(lambda: len(calls.said) == 2)


def test_a_system_that_cannot_watch_is_told_and_the_folder_looked_at(
    seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "OS file watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuse)
    monkeypatch.setattr("index.watch._POLL", 0.2)
    calls = Calls(seeds)
    with calls.watcher():
        until(lambda: calls.seen)
        write(seeds, {"liver.txt": LIVER})
        until(calls.saw("liver.txt"))
    assert len(calls.said) == 1
    assert "OS file watch limit reached" in calls.said[0]


def test_at_its_end_a_change_being_taken_in_is_broken_off_and_no_thread_is_left(seeds: Path) -> None:
    under_way, broken_off = threading.Event(), threading.Event()

    def changed() -> None:
        tell = watcher.interruptible()
        under_way.set()
        try:
            while True:
                tell(Progress("Reading", 0, 1))
                time.sleep(0.01)
        except StoppedError:
            broken_off.set()
            raise

    said: list[str] = []
    watcher = Watcher(seeds, changed, notice=said.append, quiet=QUIET)
    with watcher:
        assert under_way.wait(SOON)
    assert broken_off.is_set()
    assert said == []
    assert not any(thread.name == "watching" for thread in threading.enumerate())


# An assistant that watches


def watched(seeds: Path, tmp_path: Path, **settings: object) -> Assistant:
    return Assistant(
        seeds,
        tmp_path / "index",
        embedder=TinyEmbedder(),
        settings=Settings.model_validate({"reader": "none"} | settings),
    )


def test_an_assistant_takes_in_what_is_put_on_the_shelf_and_says_what_it_did(seeds: Path, tmp_path: Path) -> None:
    reports: list[SyncReport] = []
    with watched(seeds, tmp_path) as assistant:
        assistant.sync()
        with assistant.watch(reports.append):
            write(seeds, {"liver.txt": LIVER})
            until(lambda: reports)
            assert [report.added for report in reports] == [["liver.txt"]]
            assert {one.name for one in assistant.documents()} == {"kidney.txt", "liver.txt"}
            (seeds / "kidney.txt").unlink()
            until(lambda: len(reports) == 2)
            assert reports[1].removed == ["kidney.txt"]
    assert look(seeds, tmp_path / "index") == Changes()


def test_an_edit_that_keeps_the_size_of_a_file_written_a_moment_before_is_taken_in(seeds: Path, tmp_path: Path) -> None:
    reports: list[SyncReport] = []
    with watched(seeds, tmp_path) as assistant:
        assistant.sync()
        with assistant.watch(reports.append):
            for turn, word in enumerate(("four", "nine"), 1):
                write(seeds, {"kidney.txt": KIDNEY.replace("five", word)})
                until(lambda turn=turn: len(reports) == turn)  # type: ignore[misc]
                assert reports[-1].changed == ["kidney.txt"]
                assert word in assistant.document("kidney.txt").text


def test_another_writer_is_told_of_once_and_then_waited_for(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.watch._AGAIN", 0.1)
    said: list[str] = []
    with watched(seeds, tmp_path, lock_wait=0.1) as assistant:
        assistant.sync()
        with assistant.watch(notice=said.append):
            with writer_lock(tmp_path / "index", 1):
                write(seeds, {"liver.txt": LIVER})
                until(lambda: said)
                time.sleep(1)
                assert len(said) == 1
                assert "is being written by process" in said[0]
            until(lambda: "liver.txt" in {one.name for one in assistant.documents()})


def test_changes_are_told_by_kind_and_in_words(seeds: Path, tmp_path: Path) -> None:
    write(seeds, {"liver.txt": LIVER, "picture.png": b"\x89PNG\r\n", "records.bib": "@article{a, title = {B}}"})
    index = tmp_path / "index"
    assert look(seeds, index).new == ("kidney.txt", "liver.txt", "picture.png", "records.bib")
    with watched(seeds, tmp_path) as assistant:
        assistant.sync()
    assert not look(seeds, index)
    write(seeds, {"heart.txt": HEART, "kidney.txt": KIDNEY + KIDNEY})
    for name in ("liver.txt", "records.bib"):
        (seeds / name).unlink()
    found = look(seeds, index)
    assert found == Changes(("heart.txt",), ("kidney.txt",), ("liver.txt", "records.bib"))
    assert str(found) == "1 new, 1 changed, 2 gone"
