"""`pincite backup` and `pincite restore`, as a person runs them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from test_cli import CLINICAL, fresh, home, pincite
from tiny_embedder import TinyEmbedder

from rag import Assistant
from ui import console

__all__ = ["home"]


def told(folder: Path, question: str = CLINICAL) -> dict[str, Any]:
    answer = json.loads(pincite("ask", question, "--json", cwd=folder).stdout)
    return {key: value for key, value in answer.items() if key != "seconds"}


def test_after_a_restore_doctor_is_content_and_answers_are_the_same(home: Path, tmp_path: Path) -> None:
    done = pincite("backup", str(tmp_path / "shelf.pincite"), cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Wrote {tmp_path}/shelf.pincite: generation 1, 2 documents, 2 files of the seeds ")
    new = tmp_path / "new"
    new.mkdir()
    done = pincite("restore", "../shelf.pincite", cwd=new)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Restored generation 1, 2 documents: 2 files put into seeds, 0 were there.\n"
    checks = json.loads(pincite("doctor", "--json", cwd=new).stdout)
    assert [one for one in checks if not one["ok"]] == []
    for question in (CLINICAL, "What is always given before CAR-T constructs?", "What is the capital of Australia?"):
        assert told(new, question) == told(home, question)
    assert json.loads(pincite("index", "--json", cwd=new).stdout)["embedded"] == 0


def test_both_speak_json(home: Path, tmp_path: Path) -> None:
    taken = json.loads(pincite("backup", str(tmp_path / "shelf"), "--no-seeds", "--json", cwd=home).stdout)
    assert taken["bytes"] == (tmp_path / "shelf").stat().st_size
    assert {key: taken[key] for key in ("generation", "documents", "files", "left_out")} == {
        "generation": 1,
        "documents": 2,
        "files": 0,
        "left_out": [],
    }
    done = pincite("restore", str(tmp_path / "shelf"), "--force", "--json", cwd=fresh(home, tmp_path))
    assert json.loads(done.stdout) == {
        "file": str(tmp_path / "shelf"),
        "generation": 2,  # the next one of the index that was there
        "documents": 2,
        "placed": [],
        "kept": [],
    }


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["backup", "seeds/b"], 2, "seeds/b is in the seeds folder seeds. To mend it: name a file elsewhere"),
        (["backup", ".pincite/b"], 2, ".pincite/b is in the index folder .pincite. To mend it: name a file elsewhere"),
        (["backup", "nowhere/b"], 2, "There is no folder nowhere to write b into."),
        (["backup", "b", "--index", "none"], 1, "There is no index in none yet. To mend it: pincite index"),
        (["backup", "b", "--seeds", "none"], 2, "There is no seeds folder none."),
        (["backup"], 2, "Missing argument 'FILE'"),
        (["restore", "none"], 2, "There is no backup none."),
        (["restore", "seeds"], 2, "There is no backup seeds."),
        (["restore", "other"], 2, "There is an index in .pincite already (generation 1), and nothing was changed."),
        (["restore", "text", "--index", "new"], 1, "text is damaged: it is cut short, or no backup at all"),
        (["backup", "other"], 2, "other exists already. To mend it: name another file, or replace it with --force"),
    ],
)
def test_what_goes_wrong_is_one_line_and_an_exit_code(
    home: Path, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    folder = fresh(home, tmp_path)
    assert pincite("backup", "other", cwd=folder).returncode == 0
    (folder / "text").write_text("no backup")
    before = sorted(folder.rglob("*"))
    done = pincite(*words, cwd=folder)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_one_that_is_broken_off_says_what_is_left(
    home: Path, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fresh(home, tmp_path)
    pincite("backup", "one", cwd=folder)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("index.backups.taking.pack", interrupt)
    monkeypatch.setattr("index.backups.restoring.open_snapshot", interrupt)
    before = sorted(folder.rglob("*"))
    words = ["backup", "two"] if command == "backup" else ["restore", "one", "--force"]
    done = pincite(*words, cwd=folder)
    assert done.returncode == 1
    assert done.stderr.startswith("pincite: Stopped")
    assert sorted(folder.rglob("*")) == before


def test_a_terminal_sees_how_far_it_is(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(console, "err", Console(file=shown, force_terminal=True, width=100))
    assert pincite("backup", str(tmp_path / "shelf"), cwd=home).returncode == 0
    assert "Done" in shown.getvalue()


def test_an_assistant_backs_up_and_restores_while_it_answers(shelf: Path, tmp_path: Path) -> None:
    with Assistant(shelf, tmp_path / "index", embedder=TinyEmbedder()) as assistant:
        assistant.sync()
        before = assistant.answer(CLINICAL)
        assert assistant.backup(tmp_path / "shelf.pincite").documents == 2
        gone = sorted(shelf.iterdir())[0]
        bytes_before = gone.read_bytes()
        gone.unlink()
        assistant.sync()
        assert len(assistant.documents()) == 1
        report = assistant.restore(tmp_path / "shelf.pincite", force=True)
        assert report.placed == (gone.name,)
        assert gone.read_bytes() == bytes_before
        after = assistant.answer(CLINICAL)
    assert report.generation == 3
    assert after.model_dump(exclude={"seconds", "fingerprint"}) == before.model_dump(exclude={"seconds", "fingerprint"})
    assert after.fingerprint.corpus_hash == before.fingerprint.corpus_hash


def test_without_the_model_a_restore_says_what_is_missing_and_is_done(home: Path, tmp_path: Path) -> None:
    pincite("backup", str(tmp_path / "shelf"), cwd=home)
    new = tmp_path / "new"
    new.mkdir()
    (new / "pincite.toml").write_text('model = "./nowhere"\n')
    done = pincite("restore", str(tmp_path / "shelf"), cwd=new)
    assert done.returncode == 0
    assert "./nowhere" in done.stderr
    assert (new / ".pincite" / "index.sqlite").is_file()
