"""Reads that fail, of the shelf and of the index: one line each, what is indexed stays, and it all comes back."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, aged, run_sync, view, write
from tiny_embedder import TinyEmbedder
from victims import Victims, serving

from index.errors import PinciteError
from index.opening import open_snapshot
from index.shelf import SeedFile, scan

SHELF = {f"{at}.txt": f"{text} Case {at} was mild." for at, text in enumerate((HEART, KIDNEY, LIVER) * 4)}
UNREADABLE = Path("/proc/self/mem")
"""A file as any other to look at, of which every read at its beginning is an I/O error."""

linux = pytest.mark.skipif(not UNREADABLE.exists(), reason="reads fail as Linux lets them")


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with serving() as made:
        yield made


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT])
@pytest.mark.parametrize("what", ["b.txt", "sub"])
def test_a_disk_that_fails_while_files_are_listed_costs_no_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, number: int
) -> None:
    texts = {"a.txt": HEART, "b.txt": KIDNEY, "sub/c.txt": LIVER, "subordinate.txt": f"{LIVER} It was mild."}
    seeds, index = write(tmp_path / "seeds", texts), tmp_path / "index"
    bib = "@article{a, title = {Hearts}, file = {a.txt}, year = 2019}"
    write(seeds, {"sub/a.bib": bib})
    run_sync(seeds, index)
    before = view(index)
    lstat, scandir = Path.lstat, os.scandir

    def looked_at(path: Path) -> os.stat_result:
        if path.name == what:
            raise OSError(number, os.strerror(number), os.fspath(path))
        return lstat(path)

    def listed(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == what:
            raise OSError(number, os.strerror(number), path)
        return scandir(path)

    with monkeypatch.context() as failing:
        failing.setattr(Path, "lstat", looked_at)
        failing.setattr(os, "scandir", listed)
        report = run_sync(seeds, index)
        assert any(what in reason and os.strerror(number) in reason for _, reason in report.skipped)
    meanwhile = view(index)
    assert {part: meanwhile[part] for part in ("corpus", "documents", "searches")} == {
        part: before[part] for part in ("corpus", "documents", "searches")
    }
    assert run_sync(seeds, index).skipped == []
    assert view(index) == before


def test_reads_that_fail_at_random_cost_no_document_that_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, often: Often, tally: Tally
) -> None:
    chance, failed = random.Random(53), 0
    seeds, index = write(tmp_path / "seeds", SHELF), tmp_path / "index"
    run_sync(seeds, index)
    read, texts = SeedFile.read, dict(SHELF)
    reasons = (errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EACCES)

    def failing(file: SeedFile, most: int) -> bytes:
        nonlocal failed
        if chance.random() < 0.4:
            failed += 1
            number = chance.choice(reasons)
            raise OSError(number, os.strerror(number))
        return read(file, most)

    for turn in range(often(12, 1000)):
        changed = set(chance.sample(list(texts), 2))
        for name in changed:
            texts[name] = f"{KIDNEY} It was turn {turn}."
        write(seeds, {name: texts[name] for name in changed})
        with monkeypatch.context() as patched:
            patched.setattr(SeedFile, "read", failing)
            report = run_sync(seeds, index)
        assert all("cannot be read (" in why for _, why in report.skipped)
        assert set(report.removed) <= {name for name, _ in report.skipped} & changed
        snapshot = open_snapshot(index)
        assert {name: snapshot.document(name).text for name in snapshot.names}.items() <= texts.items()
        snapshot.close()
        if turn % 3 == 0:
            tiny = TinyEmbedder()
            assert run_sync(seeds, index, tiny).skipped == []
            shutil.rmtree(tmp_path / "fresh", ignore_errors=True)
            run_sync(seeds, tmp_path / "fresh")
            assert view(index) == view(tmp_path / "fresh")
    assert failed
    tally("reads of the shelf that failed at random", failed, 0)


@linux
def test_a_file_whose_every_read_is_an_error_of_the_disk_is_named_and_the_others_are_taken_in(tmp_path: Path) -> None:
    seeds = write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "bad.txt": LIVER})
    bad = seeds / "bad.txt"
    made = subprocess.run(["mount", "--bind", UNREADABLE.resolve(), bad], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no file can be laid over another here; the test above lets reads fail instead")
    try:
        report = run_sync(seeds, tmp_path / "index")
    finally:
        subprocess.run(["umount", bad], check=True)
    assert report.added == ["kidney.txt"]
    assert report.skipped == [("bad.txt", "bad.txt: cannot be read (Input/output error).")]
    assert run_sync(seeds, tmp_path / "index").added == ["bad.txt"]


@linux
def test_files_of_the_index_that_cannot_be_read_are_written_again_or_named(tmp_path: Path, tally: Tally) -> None:
    seeds, index = write(tmp_path / "seeds", SHELF), tmp_path / "index"
    run_sync(seeds, index)
    sound = view(index)
    names = [file.relative_to(index) for file in index.rglob("*") if file.is_file() and file.stat().st_size]
    assert Path("index.sqlite") in names
    for name in names:
        damaged = tmp_path / "damaged"
        shutil.copytree(index, damaged)
        (damaged / name).unlink()
        (damaged / name).symlink_to(UNREADABLE)
        if name.name == "index.sqlite":
            for act in (open_snapshot, lambda folder: run_sync(seeds, folder)):
                with pytest.raises(PinciteError) as refused:
                    act(damaged)
                assert refused.value.mend
                assert "\n" not in str(refused.value)
            (damaged / name).unlink()
            shutil.copyfile(index / name, damaged / name)
        assert view(damaged) == sound
        shutil.rmtree(damaged)
    tally("files of the index of which every read is an I/O error", len(names), 0)


@linux
def test_what_may_not_be_read_or_looked_at_is_named_and_the_rest_is_taken_in(
    victims: Victims, tmp_path: Path, tally: Tally
) -> None:
    """Pipes, sockets and links to nothing are no files; a folder may be listed and its files not looked at."""
    seeds, index = tmp_path / "seeds", tmp_path / "index"
    write(seeds, {"kidney.txt": KIDNEY, "shut.txt": LIVER})
    write(seeds, {"closed/a.txt": HEART, "listed/b.txt": HEART, "listed/below/c.txt": HEART, "open/d.txt": HEART})
    os.mkfifo(seeds / "pipe.txt")
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(os.fspath(seeds / "socket.txt"))
    (seeds / "round.txt").symlink_to("round.txt")
    (seeds / "device.txt").symlink_to("/dev/zero")
    modes = {"shut.txt": 0o000, "closed": 0o000, "listed": 0o444}
    for one in seeds.rglob("*.txt"):
        if one.is_file():
            aged(one)
    for part, mode in modes.items():
        (seeds / part).chmod(mode)
    assert victims.run(act="sync", seeds=seeds, index=index, powerless=True) == 0
    snapshot = open_snapshot(index)
    names, skipped = snapshot.names, dict(snapshot.skipped())
    snapshot.close()
    assert names == ["kidney.txt", "open/d.txt"]
    assert skipped == {
        "closed/": "closed/: the folder cannot be listed (Permission denied).",
        "listed/b.txt": "listed/b.txt: cannot be looked at (Permission denied).",
        "listed/below/": "listed/below/: the folder cannot be listed (Permission denied).",
        "shut.txt": "shut.txt: cannot be read (Permission denied).",
    }
    for part in modes:
        (seeds / part).chmod(0o755)
    # Once they may be read they are taken in, although neither their sizes nor their times have changed.
    assert victims.run(act="sync", seeds=seeds, index=index, powerless=True) == 0
    snapshot = open_snapshot(index)
    assert snapshot.names == [file.name for file in scan(seeds)]
    snapshot.close()
    tally("files and folders that may not be read", len(skipped), 0)


if sys.platform == "win32":
    pytestmark = pytest.mark.skip(reason="permissions are others there")
