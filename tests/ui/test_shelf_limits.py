"""A shelf that is too large is refused in words, and what it was stays."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from index_helpers import HEART, KIDNEY, LIVER, write
from served import served
from test_cli import pincite
from test_library import add, done, shelf_of, uploaded
from test_watch import until
from tiny_embedder import TinyEmbedder

from index.errors import UsageError
from rag import Assistant
from rag.settings import Settings
from ui import shelving
from ui.keeping import Keeper
from ui.library_acts import Library
from ui.shelf_report import strip
from ui.shelf_table import View

MOST = 3
SAID = "has more than 3 files (setting max_files); none was read."
QUESTION = "Did the kidney recover?"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """A shelf with room for one file more."""
    seeds = write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "old/liver.txt": LIVER})
    settings = Settings.model_validate({"reader": "none", "max_files": MOST, "lock_wait": 20.0})
    with Assistant(seeds, tmp_path / "index", embedder=TinyEmbedder(), settings=settings) as made:
        made.sync()
        yield made


def too_many(assistant: Assistant) -> None:
    write(assistant.settings.seeds, {f"more/{at}.txt": f"{HEART} {at}." for at in range(MOST)})


def test_of_a_folder_with_more_files_nothing_is_read_and_the_index_answers_as_before(assistant: Assistant) -> None:
    before = assistant.answer(QUESTION)
    too_many(assistant)
    with pytest.raises(UsageError) as refused:
        assistant.sync()
    assert str(refused.value) == (
        f"{assistant.settings.seeds} {SAID} To mend it: name a folder of reviews with --seeds DIR, or raise max_files"
    )
    after = assistant.answer(QUESTION)
    assert (after.text, after.fingerprint) == (before.text, before.fingerprint)
    shutil.rmtree(assistant.settings.seeds / "more")
    assert assistant.sync().generation == 1


def test_a_whole_disk_is_not_listed_to_its_end(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = []
    walk = os.walk

    def watched(top: Any, **options: Any) -> Iterator[Any]:
        for one in walk(top, **options):
            folders.append(one[0])
            yield one

    monkeypatch.setattr("index.shelf.os.walk", watched)
    write(assistant.settings.seeds, {f"{at}/{n}.txt": HEART for at in range(50) for n in range(2)})
    with pytest.raises(UsageError):
        assistant.sync()
    assert len(folders) <= 1 + MOST, folders


def test_commands_say_so_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_MAX_FILES", f"{MOST}")
    write(tmp_path / "seeds", {f"{at}.txt": f"{HEART} {at}." for at in range(MOST + 1)})
    for command in (["index"], ["ask", QUESTION], ["status"]):
        done = pincite(*command, cwd=tmp_path)
        assert done.returncode == 2
        assert " ".join(done.stderr.split()).count(SAID) == 1
    done = pincite("doctor", cwd=tmp_path)
    assert done.returncode == 1
    assert SAID in " ".join(done.stdout.split())


def test_a_watched_folder_is_taken_in_again_once_it_is_small_enough(assistant: Assistant) -> None:
    said: list[str] = []
    synced: list[int] = []
    with assistant.watch(lambda report: synced.append(report.generation), notice=said.append):
        too_many(assistant)
        until(lambda: any(SAID in line for line in said))
        shutil.rmtree(assistant.settings.seeds / "more")
        write(assistant.settings.seeds, {"heart.txt": HEART})
        until(lambda: synced)
    assert len(assistant.documents()) == MOST


def test_what_is_uploaded_beyond_it_is_refused(assistant: Assistant, tmp_path: Path) -> None:
    library = Library(Keeper(assistant))
    shown = add(library, **{f"{at}.txt": uploaded(tmp_path, f"{HEART} {at}.") for at in "ab"})
    assert "a.txt" in shown["table"]
    assert "the shelf has 3 files, and no more are taken (max_files)." in unescape(shown["report"])
    assert set(shelf_of(assistant)) == {"kidney.txt", "old/liver.txt", "a.txt"}
    too_many(assistant)
    assert "no more are taken" in add(library, **{"c.txt": uploaded(tmp_path, LIVER)})["report"]
    assert not any((tmp_path / "uploads").iterdir())


def test_the_page_says_so_until_the_folder_is_small_enough(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.keeping._FRESH", 0.0)
    monkeypatch.setattr("ui.keeping._SHARE", 1e9)
    library = Library(Keeper(assistant))
    assert strip(library.keeper) == ""
    too_many(assistant)
    assert SAID in unescape(strip(library.keeper))
    assert strip(library.keeper, editing=False) == ""
    assert SAID in unescape(done(library.act({"act": "update"}, View()))["strip"])
    shutil.rmtree(assistant.settings.seeds / "more")
    write(assistant.settings.seeds, {"heart.txt": HEART})
    done(library.act({"act": "update"}, View()))
    assert strip(library.keeper) == ""
    assert len(assistant.documents()) == MOST


def test_uploads_leave_room_on_the_disk(assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    usage = namedtuple("usage", "total used free")
    files = {"files": ("heart.txt", HEART.encode())}
    with served(assistant) as site:
        for total, free, room in ((100 << 30, 2 << 30, True), (100 << 30, 1 << 29, False), (1 << 30, 1 << 29, True)):
            monkeypatch.setattr(shelving.shutil, "disk_usage", lambda _, of=(total, total - free, free): usage(*of))
            sent = site.post("/gradio_api/upload", files=files)
            assert sent.status_code == (200 if room else 507)
            if not room:
                assert sent.text.startswith("The disk is nearly full")
                shown = add(Library(Keeper(assistant)), **{"heart.txt": uploaded(tmp_path, HEART)})
                assert f"heart.txt: the disk that holds {assistant.settings.seeds} is nearly full" in unescape(
                    shown["report"]
                )
    assert "heart.txt" not in shelf_of(assistant)
