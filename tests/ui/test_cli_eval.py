"""`pincite eval`, run as a person runs it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from test_cli import pincite

from ui import evaluating

LYMPHODEPLETION = "What has always been given to patients before CAR-T constructs are administered?"
LINES = [
    {"question": LYMPHODEPLETION, "quotes": ["have always been administered following a lymphodepletion regimen"]},
    {"question": "What is the capital of Australia?", "answerable": False},
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the two reviews, an index, and questions about them."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(Path(__file__).parents[2] / "seeds", folder / "seeds")
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    assert pincite("index", cwd=folder).returncode == 0
    return folder


def test_a_file_is_asked_of_the_shelf_and_scored(home: Path) -> None:
    done = pincite("eval", "questions.jsonl", "--json", "figures.json", "--plot", "figures.svg", cwd=home)
    assert done.returncode == 0, done.stderr
    assert "2 questions, 1 of them answerable" in done.stdout
    for measure in ("hit@1", "nDCG@10", "sentence hit@3", "AUROC", "calibration error", "seconds p95"):
        assert measure in done.stdout
    figures = json.loads((home / "figures.json").read_text(encoding="utf-8"))
    assert figures["measures"]["hit@10"]["value"] == 1
    assert figures["measures"]["false answers"]["value"] == 0
    assert [one["abstained"] for one in figures["outcomes"]] == [False, True]
    assert (home / "figures.svg").read_bytes().startswith(b"<?xml")


def test_a_folder_brings_its_documents_and_its_index_is_kept_in_work(home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    shutil.copy(home / "questions.jsonl", tmp_path / "mine")
    shutil.copytree(home / "seeds", tmp_path / "mine" / "documents")
    done = pincite("eval", "mine", "--work", "kept", "--limit", "1", "-k", "3", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "mine: 1 questions" in done.stdout
    assert (tmp_path / "kept" / "mine" / "index" / "index.sqlite").exists()
    assert not (tmp_path / ".pincite").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["none.jsonl"], "There is no file or folder none.jsonl"),
        (["broken.jsonl"], "broken.jsonl, line 2: 'question' is missing"),
        (["elsewhere.jsonl"], "elsewhere.jsonl, line 1: the quote"),
        (["questions.jsonl", "--json", "no/figures.json"], "no/figures.json cannot be written"),
        (["questions.jsonl", "--plot", "figures.txt"], "figures.txt: a plot needs an ending"),
        (["seeds"], "is no set of questions"),
    ],
)
def test_what_cannot_be_scored_is_one_line_and_exit_code_2(home: Path, words: list[str], says: str) -> None:
    (home / "broken.jsonl").write_text('{"question": "Why?", "answerable": false}\n{"answerable": false}')
    (home / "elsewhere.jsonl").write_text('{"question": "Why?", "quotes": ["nobody ever wrote this"]}')
    done = pincite("eval", *words, cwd=home)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_plot_without_matplotlib_names_the_extra(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    done = pincite("eval", "questions.jsonl", "--plot", "figures.png", cwd=home)
    assert done.returncode == 2
    assert "pip install 'pincite[plot]'" in done.stderr


def test_ctrl_c_ends_cleanly(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluating, "run", interrupted)
    done = pincite("eval", "questions.jsonl", "--json", "never.json", cwd=home)
    assert done.returncode == 1
    assert done.stderr == "pincite: Stopped before all questions were asked; nothing was scored.\n"
    assert not (home / "never.json").exists()
