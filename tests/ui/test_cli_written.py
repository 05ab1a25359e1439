"""Answers that a language model writes, on the command line."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from scripted_model import FIRST, KIDNEY, QUESTION, SECOND, WHY, WRONG, ScriptedModel
from test_cli import pincite

from rag.answers import Answer
from ui import watching

MODEL = "ollama:llama3.1"
ASK = ("ask", QUESTION, "--llm", MODEL)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working folder with one review; no reader and no copy of the model, which would take time."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "kidney.md").write_text(KIDNEY, encoding="utf-8")
    (tmp_path / "pincite.toml").write_text('reader = "none"\nquestion_model = "none"\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    """What every name of a model opens."""
    made = ScriptedModel()
    made.script(f"{FIRST} [1] {WRONG} [1] {SECOND} [1]")
    monkeypatch.setattr("rag.generating.writer.open_model", lambda settings: made)
    return made


def settings(home: Path, *lines: str) -> None:
    with (home / "pincite.toml").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def one_space(text: str) -> str:
    return " ".join(text.split())


def test_a_written_answer_has_its_sentences_then_its_quotes_then_what_it_took(home: Path, model: ScriptedModel) -> None:
    done = pincite(*ASK, cwd=home)
    said = one_space(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert said.startswith(f"Written by {MODEL}, not quoted; each sentence is checked against the quotes")
    assert f"{FIRST} [1] {SECOND} [2] [1] Lupus nephritis." in said
    assert f"“{FIRST}” [2] Lupus nephritis." in said
    assert f"Written by {MODEL}: 3 sentences written, 2 supported, 2 shown, 1 dropped; 812 + 96 tokens, " in said
    assert WRONG not in said


def test_what_no_quote_carries_is_marked_where_it_is_shown(home: Path, model: ScriptedModel) -> None:
    settings(home, 'llm_unsupported = "strike"')
    said = one_space(pincite(*ASK, cwd=home).stdout)
    assert f"{FIRST} [1] Not supported by the reviews ({WHY}): ~~{WRONG}~~ {SECOND} [2]" in said


def test_where_no_sentence_stands_the_answer_is_quoted_and_says_why(home: Path, model: ScriptedModel) -> None:
    model.script(f"{WRONG} [1]")
    said = one_space(pincite(*ASK, cwd=home).stdout)
    assert said.startswith(f"The sentence that {MODEL} wrote is not carried by the quotes.")
    assert f"“{FIRST}”" in said
    assert "Written by" not in said


def test_json_and_files_hold_how_it_was_written(home: Path, model: ScriptedModel, tmp_path: Path) -> None:
    answer = Answer.model_validate_json(pincite(*ASK, "--json", cwd=home).stdout)
    assert answer.written
    assert (answer.written.model, answer.written.supported, answer.written.dropped) == (MODEL, 2, 1)
    assert pincite(*ASK, "-o", str(tmp_path / "out.md"), cwd=home).returncode == 0
    text = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert f"> {FIRST}" in text
    assert "1 sentence that no quote supports is left out." in text


def test_the_settings_name_the_model_and_none_switches_it_off(home: Path, model: ScriptedModel) -> None:
    settings(home, f'llm = "{MODEL}"')
    assert json.loads(pincite("ask", QUESTION, "--json", cwd=home).stdout)["written"]["model"] == MODEL
    assert json.loads(pincite("ask", QUESTION, "--llm", "none", "--json", cwd=home).stdout)["written"] is None
    assert len(model.asked) == 1


def test_commands_that_write_nothing_need_no_model(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home, f'llm = "{MODEL}"')
    monkeypatch.setitem(sys.modules, "rag.generating.writer", None)
    for words in (["compare", QUESTION], ["search", "remission"], ["documents"], ["document", "kidney.md"]):
        assert pincite(*words, cwd=home).returncode == 0, words


@pytest.mark.parametrize("command", [["ask", QUESTION], ["ui"]])
@pytest.mark.parametrize(
    ("llm", "code", "said"),
    [
        ("llama", 2, "is not named as provider:model"),
        ("nobody:nothing", 2, "nobody"),
        ("", 2, "llm"),
        ("anthropic:claude", 1, "pip install"),
        ("openai:gpt", 1, "OPENAI_API_KEY"),
    ],
)
def test_a_model_that_cannot_be_set_up_is_one_line_with_what_mends_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], llm: str, code: int, said: str
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)
    if llm.startswith("openai"):
        pytest.importorskip("langchain_openai")
    done = pincite(*command, "--llm", llm, cwd=home)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (home / ".pincite").exists()


def test_doctor_and_status_name_the_model_and_ask_it_nothing(home: Path, model: ScriptedModel) -> None:
    assert pincite("index", cwd=home).returncode == 0
    assert "language_model" not in json.loads(pincite("status", "--json", cwd=home).stdout)
    assert "Language model" not in pincite("doctor", cwd=home).stdout
    settings(home, f'llm = "{MODEL}"')
    assert json.loads(pincite("status", "--json", cwd=home).stdout)["language_model"] == MODEL
    done = pincite("doctor", cwd=home)
    assert done.returncode == 0
    assert f"Language model: {MODEL}, set up; it has not been asked anything" in one_space(done.stdout)
    assert model.asked == []


def test_doctor_says_what_mends_a_model(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pincite("index", cwd=home).returncode == 0
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)
    settings(home, 'llm = "anthropic:claude"')
    checks = json.loads(pincite("doctor", "--json", cwd=home).stdout)
    (found,) = [one for one in checks if one["check"] == "Language model"]
    assert not found["ok"]
    assert found["mend"] == "pip install langchain-anthropic"


def test_a_terminal_shows_what_stands_and_what_is_being_checked(
    home: Path, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.script(f"{FIRST} [1] Relapses [bold]of ", "lupus nephritis", f" in none. [1] {SECOND} [1]")
    screen = io.StringIO()
    monkeypatch.setattr(watching, "err", Console(file=screen, force_terminal=True, width=200))
    done = pincite(*ASK, cwd=home)
    drawn = screen.getvalue()
    assert f"{MODEL} writes" in drawn
    assert "Checking: Relapses [bold]of" in drawn
    assert FIRST in drawn
    assert "Checking" not in done.stdout
    assert one_space(done.stdout).count(SECOND) == 2  # written, and quoted


_HANGING = """
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # one that is run in the background may have been told else
sys.path.insert(0, sys.argv.pop(1))
import rag.generating.writer
from scripted_model import FIRST, ScriptedModel
from ui.cli import main

class Telling(threading.Event):
    def wait(self, seconds=None):
        if not self.told:
            print("It waits.", flush=True)
        self.told = True
        return super().wait(seconds)
    told = False

model = ScriptedModel()
model.script(FIRST + " [1] Relapses of ", Telling())
rag.generating.writer.open_model = lambda settings: model
main()
"""


def test_ctrl_c_ends_it_at_once(home: Path) -> None:
    root = Path(__file__).parents[2]
    assert pincite("index", cwd=home).returncode == 0
    command = [sys.executable, "-c", _HANGING, str(root / "tests"), *ASK]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "PYTHONPATH": str(root)}) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == "It waits.\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 1
        assert process.stderr.read().startswith("pincite: Stopped.")
