"""What `pincite ui` says in the terminal, and when: as a process that a person starts and ends with Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from index_helpers import HEART, KIDNEY, LIVER, write
from served import awaited
from test_cli import pincite
from tiny_embedder import TinyEmbedder

from index.embedding import Vectors
from rag import Assistant
from ui import serving
from ui.serving import serve

ROOT = Path(__file__).parents[2]
READING = "Reading the reviews; the page shows how far it is."

# A quick embedder in place of the model; "slowly" beside the shelf holds the sentences about the heart back. Each file
# is kept as it is read, as in a shelf of thousands every few are.
_RUN = """
import signal, time
from collections.abc import Callable
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # one that is run in the background may have been told else
import rag.assistant
from index.ingest import Ingest
from tiny_embedder import TinyEmbedder
from ui.cli import main

class Held(TinyEmbedder):
    def embed(self, texts, progress):
        while Path("slowly").exists() and any("heart" in text for text in texts):
            Path("reached").touch()
            time.sleep(0.02)
            progress(0)
        return super().embed(texts, progress)

Ingest.BATCH = 1
rag.assistant.SentenceTransformerEmbedder = lambda model: Held()
main()
"""


@contextmanager
def started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", _RUN, "ui", "--port", "18960"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={
            **os.environ,
            "COLUMNS": "200",
            "PINCITE_READER": "none",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        },
    )
    with process:
        yield process
        if process.poll() is None:
            process.kill()


def lines_until(process: subprocess.Popen[str], words: str) -> list[str]:
    assert process.stdout
    said: list[str] = []
    for line in process.stdout:
        said.append(line.strip())
        if words in line:
            return said
    raise AssertionError(said)


def ended(process: subprocess.Popen[str], by: signal.Signals = signal.SIGINT) -> list[str]:
    """What is said after Ctrl-C, or what a system sends in its place; neither is a failure."""
    assert process.stdout
    process.send_signal(by)
    rest = process.stdout.read().splitlines()
    assert process.wait(30) == 0
    return rest


def test_the_page_is_served_at_once_and_what_was_read_before_it_was_ended_is_kept(tmp_path: Path) -> None:
    write(tmp_path / "seeds", {"a.txt": KIDNEY, "b.txt": LIVER, "c.txt": HEART})
    (tmp_path / "slowly").touch()
    with started(tmp_path) as process:
        first, second = lines_until(process, "http://")
        assert first == READING
        assert second.startswith("Pincite is at http://127.0.0.1:")
        while not (tmp_path / "reached").exists():
            assert process.poll() is None
        assert ended(process, signal.SIGTERM) == ["Stopped. What was read is kept; the next start goes on from there."]
    (tmp_path / "slowly").unlink()
    with started(tmp_path) as process:
        report = lines_until(process, "Index up to date")
        assert report[0] == READING
        # The two before it were embedded by the first start.
        assert "(generation 1): 3 added; 2 sentences embedded" in report[-1]
        if not any("http://" in line for line in report):
            lines_until(process, "http://")
        assert ended(process) == []
    with started(tmp_path) as process:
        assert len(lines_until(process, "http://")) == 1  # nothing waits, and nothing is begun
        assert ended(process) == []


def test_what_goes_wrong_behind_the_page_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(TinyEmbedder):
        def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
            raise OSError(28, "No space left on device")

    said: list[str] = []

    def run(server: serving._Server, sockets: object) -> None:
        end = time.monotonic() + 30
        while len(said) < 2:
            assert time.monotonic() < end
            time.sleep(0.02)

    monkeypatch.setattr(serving._Server, "run", run)
    write(tmp_path / "seeds", {"a.txt": KIDNEY})

    async def story() -> None:
        with Assistant(tmp_path / "seeds", tmp_path / "index", embedder=Full()) as assistant:
            serve(assistant, host="127.0.0.1", port=18990, announce=said.append)

    awaited(story())  # outside a running loop Gradio makes loops of its own, and leaves them open
    assert said == [READING, "No space left on device."]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--seeds", "nowhere"], 2, "no seeds folder nowhere"),
        (["--index", "damaged"], 1, "pincite index --rebuild"),
        (["--index", "other"], 1, "made with other settings"),
        (["--index", "a file"], 1, "a file: File exists."),
    ],
)
def test_what_a_person_must_mend_is_one_line_and_no_page(
    tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    write(tmp_path, {"seeds/a.txt": KIDNEY, "damaged/index.sqlite": b"garbage" * 1000, "a file": b""})
    with Assistant(tmp_path / "seeds", tmp_path / "other", embedder=TinyEmbedder()) as assistant:
        assistant.sync()
    done = pincite("ui", *words, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
