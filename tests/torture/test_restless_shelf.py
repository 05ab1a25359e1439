"""Files that change, vanish, grow or are half written while they are read: once they rest, the index is as they are.

Meanwhile every quote is exact, and nothing is waited for that never comes.
"""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, QUESTIONS, aged, run_sync, view, write
from test_every_format import as_docx, as_html, as_pdf
from tiny_embedder import TinyEmbedder

from index.changes import look
from index.shelf import SeedFile
from rag import Answer, Assistant
from rag.settings import Settings

SHELF: dict[str, str | bytes] = {
    **{f"{at}.txt": f"{text} It was case {at}." for at, text in enumerate((HEART, KIDNEY, LIVER) * 2)},
    "page.html": as_html([[HEART, LIVER]]),
    "word.docx": as_docx([[KIDNEY, LIVER]]),
    "print.pdf": as_pdf([[HEART, KIDNEY]]),
}
UNFINISHED = (
    "{}.txt.crdownload",
    "{}.pdf.part",
    "~${}.docx",
    ".~lock.{}.docx#",
    "Paper {}.crdownload",
    ".{}.swp",
)


class Hand:
    """A person who does things to files without end, each of them a moment's work."""

    def __init__(self, seeds: Path, chance: random.Random) -> None:
        self.seeds, self.chance = seeds, chance
        self.acts = 0
        self._whole = {name: text if isinstance(text, bytes) else text.encode() for name, text in SHELF.items()}

    def act(self) -> None:
        name = self.chance.choice(list(self._whole))
        file, data = self.seeds / name, self._whole[name]
        kinds = (
            self._halves,
            self._replaced,
            self._vanishes,
            self._grows,
            self._same_size,
            self._downloaded,
            self._odd,
        )
        self.acts += 1
        self.chance.choice(kinds)(file, data)

    def rest(self) -> None:
        """Put down what is in the hand: files of the shelf stand there, some of them changed for good."""
        for name, data in self._whole.items():
            self._away(self.seeds / name)
            (self.seeds / name).write_bytes(data if self.chance.random() < 0.5 else self._other(data))

    def _other(self, data: bytes) -> bytes:
        """Other words of the same length."""
        return data.replace(b"recovered", self.chance.choice((b"recouped!", b"undefined", b"recovered")))

    def _halves(self, file: Path, data: bytes) -> None:
        self._away(file)
        with file.open("wb") as stream:
            cut = self.chance.randrange(len(data))
            stream.write(data[:cut])
            stream.flush()
            time.sleep(self.chance.uniform(0, 0.01))
            stream.write(data[cut:])

    def _replaced(self, file: Path, data: bytes) -> None:
        self._away(file)
        part = file.with_name(f".{file.name}.new")
        part.write_bytes(self._other(data))
        part.replace(file)

    def _vanishes(self, file: Path, _: bytes) -> None:
        self._away(file)

    def _grows(self, file: Path, data: bytes) -> None:
        if file.is_file():
            with file.open("ab") as stream:
                stream.write(data)

    def _same_size(self, file: Path, data: bytes) -> None:
        if file.is_file():
            with file.open("r+b") as stream:
                stream.write(self._other(data))

    def _downloaded(self, file: Path, data: bytes) -> None:
        part = self.seeds / self.chance.choice(UNFINISHED).format(file.stem)
        part.write_bytes(data[: len(data) // 2])
        if self.chance.random() < 0.5:
            self._away(file)
            part.write_bytes(data)
            part.replace(file)

    def _odd(self, file: Path, _: bytes) -> None:
        """No file any more, but a pipe, a folder, or a link to a device or to itself."""
        self._away(file)
        kind = self.chance.randrange(4)
        if kind == 0:
            os.mkfifo(file)
        elif kind == 1:
            file.mkdir()
        else:
            file.symlink_to("/dev/zero" if kind == 2 else file.name)

    def _away(self, file: Path) -> None:
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        else:
            file.unlink(missing_ok=True)


@pytest.mark.skipif(os.name != "posix", reason="pipes and links are made as POSIX does")
def test_once_a_restless_shelf_rests_the_index_is_that_of_the_folder(
    tmp_path: Path, often: Often, tally: Tally
) -> None:
    seeds = write(tmp_path / "seeds", SHELF)
    hand, done = Hand(seeds, random.Random(31)), threading.Event()
    settings = Settings.model_validate({"reader": "none", "passage_tokens": 32, "model": "tiny"})
    texts: dict[int, dict[str, str]] = {}
    answers: list[Answer] = []
    syncs = rests = 0

    def fidget() -> None:
        while not done.is_set():
            hand.act()
            time.sleep(hand.chance.uniform(0, 0.02))

    with Assistant(seeds, tmp_path / "index", embedder=TinyEmbedder(), settings=settings) as assistant:

        def sync() -> None:
            generation = assistant.sync().generation
            names = [one.name for one in assistant.documents()]
            assert not [name for name in names if "crdownload" in name or name.startswith(("~", "."))]
            texts[generation] = {name: assistant.document(name).text for name in names}

        def ask() -> None:
            while not done.is_set():
                answers.extend(assistant.answer(question) for question in QUESTIONS)

        sync()
        for _ in range(often(2, 60)):
            done.clear()
            with ThreadPoolExecutor(2) as people:
                tasks = [people.submit(fidget), people.submit(ask)]
                try:
                    end = time.monotonic() + 2
                    while time.monotonic() < end:
                        sync()
                        syncs += 1
                finally:
                    done.set()
                for task in tasks:
                    task.result()
            hand.rest()
            sync()
            rests += 1
            shutil.rmtree(tmp_path / "fresh", ignore_errors=True)
            run_sync(seeds, tmp_path / "fresh")
            assert view(tmp_path / "index") == view(tmp_path / "fresh")
            assert set(SHELF) <= set(texts[max(texts)])
    quotes = 0
    for answer in answers:
        then = texts[answer.fingerprint.index_generation]
        for citation in (*answer.citations, *answer.nearest):
            assert then[citation.document][citation.start : citation.end] == citation.quote
            quotes += 1
    assert quotes
    assert len(texts) > rests
    tally(f"files changed, half written, replaced or gone during {syncs} syncs", hand.acts, 0)
    tally("quotes of answers while files changed under the syncs", quotes, 0)


def _grown(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.truncate(3 << 30)


HARMS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (lambda file: (file.unlink(), os.mkfifo(file)), "cannot be read (a pipe, a device or a folder"),
    "a folder": (lambda file: (file.unlink(), file.mkdir()), "cannot be read (a pipe, a device or a folder"),
    "a link to an endless device": (lambda file: (file.unlink(), file.symlink_to("/dev/zero")), "cannot be read ("),
    "a link to itself": (lambda file: (file.unlink(), file.symlink_to(file.name)), "cannot be read ("),
    "a file of three gigabytes": (_grown, "larger than 200 MB"),
    "nothing": (lambda file: file.unlink(), ""),
}


@pytest.mark.skipif(os.name != "posix", reason="pipes and links are made as POSIX does")
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.timeout(60)
def test_what_takes_a_files_place_between_listing_and_reading_costs_that_file_alone(
    harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds, index = write(tmp_path / "seeds", {"a.txt": HEART, "b.txt": KIDNEY}), tmp_path / "index"
    happens, why = HARMS[harm]
    read = SeedFile.read

    def disturbed(file: SeedFile, most: int) -> bytes:
        if file.name == "a.txt":
            happens(file.path)
        return read(file, most)

    with monkeypatch.context() as patched:
        patched.setattr(SeedFile, "read", disturbed)
        report = run_sync(seeds, index)
    assert report.added == ["b.txt"]
    assert [reason.startswith(f"a.txt: {why}") for _, reason in report.skipped] == ([True] if why else [])
    if harm == "a folder":
        (seeds / "a.txt").rmdir()
    else:
        (seeds / "a.txt").unlink(missing_ok=True)
    write(seeds, {"a.txt": LIVER})
    assert run_sync(seeds, index).added == ["a.txt"]
    run_sync(seeds, tmp_path / "fresh")
    assert view(index) == view(tmp_path / "fresh")


def test_an_edit_that_keeps_a_files_size_is_told_of_as_a_change_although_the_file_was_read_just_after_it_was_written(
    tmp_path: Path,
) -> None:
    seeds, index = write(tmp_path / "seeds", {"a.txt": HEART, "b.txt": KIDNEY}), tmp_path / "index"
    run_sync(seeds, index)
    assert not look(seeds, index)
    write(seeds, {"b.txt": KIDNEY.replace("five", "four")})
    assert look(seeds, index).changed == ("b.txt",)
    run_sync(seeds, index)
    assert not look(seeds, index)
    for file in seeds.iterdir():
        aged(file)
    assert look(seeds, index).changed == ("a.txt", "b.txt")
