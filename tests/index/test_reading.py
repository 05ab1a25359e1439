"""Files are read in processes of their own: a hang, a crash or a bomb costs that file alone, and says so."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from index import readers
from index.errors import PinciteError, UnreadableFileError
from index.limits import Limits
from index.reading import ReadingPool

TEXT = b"The kidney recovered in five patients of eight.\n\nNo relapse occurred in twelve months.\n"
MANY_LINES = b"some words of a line\n" * 400_000
SLOW = b"The kidney recovered in five patients of eight. " * 200_000
PROCESSES = Path("/proc")

linux = pytest.mark.skipif(not PROCESSES.is_dir(), reason="looks at processes where Linux shows them")


def test_a_document_comes_back_as_its_reader_made_it() -> None:
    with ReadingPool() as pool:
        read = pool.document("sub/kidney.txt", TEXT).result()
    assert read.value == readers.read("sub/kidney.txt", TEXT)
    assert read.seconds > 0


def test_a_file_that_no_reader_reads_says_why() -> None:
    with ReadingPool() as pool, pytest.raises(UnreadableFileError, match=r"^empty\.txt: the file is empty\.$"):
        pool.document("empty.txt", b"").result()


def test_names_and_texts_of_any_script_pass() -> None:
    with ReadingPool() as pool:
        read = pool.document("日本語 & (1).txt", "狼瘡の患者は寛解した。🙂 Größe".encode()).result()
    assert (read.value.name, read.value.text) == ("日本語 & (1).txt", "狼瘡の患者は寛解した。🙂 Größe")


def test_a_file_that_takes_too_long_costs_itself_alone() -> None:
    with ReadingPool(Limits(seconds=2, workers=1)) as pool:
        slow, next_one = pool.document("slow.txt", MANY_LINES), pool.document("kidney.txt", TEXT)
        with pytest.raises(UnreadableFileError) as refused:
            slow.result()
        assert refused.value.message == "slow.txt: reading it takes longer than 2 seconds (setting read_seconds)."
        assert next_one.result().value.text == TEXT.decode()


@linux
def test_a_file_that_needs_too_much_memory_costs_itself_alone() -> None:
    with ReadingPool(Limits(megabytes=96, workers=1)) as pool:
        big, next_one = pool.document("big.txt", b"a" * 120_000_000), pool.document("kidney.txt", TEXT)
        with pytest.raises(UnreadableFileError) as refused:
            big.result()
        assert refused.value.message == "big.txt: reading it needs more than 96 MB of memory (setting read_megabytes)."
        assert next_one.result().value.text == TEXT.decode()


@linux
def test_a_reader_that_crashes_again_costs_its_file_alone() -> None:
    with ReadingPool(Limits(workers=1)) as pool:
        crashing = pool.document("crash.txt", MANY_LINES)
        first = the_worker_other_than(0)
        os.kill(first, signal.SIGSEGV)
        os.kill(the_worker_other_than(first), signal.SIGSEGV)
        with pytest.raises(UnreadableFileError, match=r"^crash\.txt: its reader crashed \(SIGSEGV\)"):
            crashing.result()
        assert pool.document("kidney.txt", TEXT).result().value.text == TEXT.decode()


@linux
def test_a_process_that_the_system_ended_is_replaced_and_the_file_read() -> None:
    with ReadingPool(Limits(workers=1)) as pool:
        killed = pool.document("lines.txt", MANY_LINES[:1_000_000])
        os.kill(the_worker_other_than(0), signal.SIGKILL)
        assert killed.result().value.text == MANY_LINES[:1_000_000].decode()


@linux
def test_files_are_read_side_by_side_by_as_many_processes_as_asked_for() -> None:
    with ReadingPool(Limits(workers=3)) as pool:
        waiting = [pool.document(f"{n}.txt", SLOW[:2_000_000]) for n in range(6)]
        assert [one.result().value.name for one in waiting] == [f"{n}.txt" for n in range(6)]
        assert 1 < len(workers()) <= 3
    assert workers() == []


@linux
def test_leaving_ends_what_is_under_way_at_once() -> None:
    started, before = time.monotonic(), set(threading.enumerate())
    with ReadingPool(Limits(workers=2)) as pool:
        pool.document("slow.txt", SLOW * 8)
        while not workers():
            time.sleep(0.01)
    assert workers() == []
    assert time.monotonic() - started < 10
    assert set(threading.enumerate()) <= before


@linux
def test_a_worker_may_write_no_file_and_is_given_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with ReadingPool(Limits(workers=1)) as pool:
        pool.document("kidney.txt", TEXT).result()
        (worker,) = workers()
        limits = (PROCESSES / str(worker) / "limits").read_text()
        assert b"secret" not in (PROCESSES / str(worker) / "environ").read_bytes()
    (size,) = (line for line in limits.splitlines() if line.startswith("Max file size"))
    assert size.split()[3:5] == ["0", "0"]


def test_processes_that_do_not_start_are_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'no such interpreter' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with ReadingPool() as pool, pytest.raises(PinciteError, match="does not start: no such interpreter"):
        pool.document("kidney.txt", TEXT).result()


def the_worker_other_than(former: int) -> int:
    """The one process that reads files, once it is there."""
    while not (found := [one for one in workers() if one != former]):
        time.sleep(0.01)
    return found[0]


def workers() -> list[int]:
    """The processes that read files for this test."""
    return sorted(set(readers_of_this_process()) - set(OTHERS))


OTHERS: list[int] = []
"""Those that other tests share."""


@pytest.fixture(autouse=True)
def others() -> None:
    OTHERS[:] = readers_of_this_process() if PROCESSES.is_dir() else []


def readers_of_this_process() -> list[int]:
    found = []
    for folder in PROCESSES.iterdir():
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except (OSError, NotADirectoryError):
            continue
        if words[1] == str(os.getpid()) and words[0] != "Z" and b"index.worker" in command:
            found.append(int(folder.name))
    return found
