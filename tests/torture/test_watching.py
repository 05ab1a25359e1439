"""The folder is watched while it changes in every way: in the end the index is that of the folder, made anew."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

from harm import Often, Tally
from index_helpers import run_sync, view, write
from tiny_embedder import TinyEmbedder

from index.changes import look
from index.report import SyncReport
from rag import Assistant
from rag.settings import Settings


def test_after_changes_of_every_kind_the_index_is_that_of_the_folder(
    tmp_path: Path, often: Often, tally: Tally
) -> None:
    chance, changes = random.Random(13), often(60, 4000)
    seeds = write(tmp_path / "seeds", {"first.txt": "The first patient recovered. No relapse was seen."})
    reports: list[SyncReport] = []
    said: list[str] = []
    settings = Settings.model_validate({"reader": "none", "passage_tokens": 32})
    with Assistant(seeds, tmp_path / "index", embedder=TinyEmbedder(), settings=settings) as assistant:
        assistant.sync()
        with assistant.watch(reports.append, notice=said.append):
            for turn in range(changes):
                change(seeds, tmp_path, turn, chance)
                time.sleep(chance.choice((0, 0, 0, 0.01, 0.2 if turn % 20 == 0 else 0)))
            end = time.monotonic() + 60
            # A sync is told of a moment after what it did can be seen.
            while look(seeds, tmp_path / "index") or not reports:
                assert time.monotonic() < end, (look(seeds, tmp_path / "index"), reports)
                time.sleep(0.1)
        assert said == []
    assert reports
    run_sync(seeds, tmp_path / "fresh")
    assert view(tmp_path / "index") == view(tmp_path / "fresh")
    tally("changes of a watched folder", changes, 0)


def change(seeds: Path, aside: Path, turn: int, chance: random.Random) -> None:
    """One small change: a file made, edited, replaced, renamed, deleted; a folder moved in or out."""
    text = f"Patient {turn} recovered in {turn} days. The kidney of patient {turn} was normal."
    files = sorted(path for path in seeds.rglob("*.txt") if path.is_file())
    kind = chance.choice(("make", "make", "edit", "replace", "rename", "over", "delete", "folder", "away"))
    if kind == "make" or len(files) < 4:
        (seeds / f"{turn}.txt").write_text(text)
    elif kind == "edit":
        with chance.choice(files).open("a") as file:
            file.write(f" {text}")
    elif kind == "replace":
        temporary = seeds / f".{turn}.part"
        temporary.write_text(text)
        temporary.replace(chance.choice(files))
    elif kind == "rename":
        chance.choice(files).rename(seeds / f"renamed-{turn}.txt")
    elif kind == "over":
        one, other = chance.sample(files, 2)
        one.replace(other)
    elif kind == "delete":
        chance.choice(files).unlink()
    elif kind == "folder":
        folder = write(aside / f"folder-{turn}", {f"{at}.txt": f"{text} It was visit {at}." for at in range(3)})
        folder.rename(seeds / folder.name)
    else:
        folders = sorted(path for path in seeds.iterdir() if path.is_dir())
        if folders:
            shutil.rmtree(folders[0])
