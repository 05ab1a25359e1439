"""`pincite index --watch` and `pincite ui --watch`, as processes that a person ends with Ctrl-C, or a system."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from index_helpers import HEART, KIDNEY, write

from index.changes import look

# A test that is run in the background may have been told to ignore Ctrl-C.
_RUN = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from ui.cli import main; main()"


@pytest.mark.parametrize(
    ("words", "ready", "taken_in", "end"),
    [
        (
            ["index", "--watch"],
            "Watching seeds; Ctrl-C ends it.",
            "generation 2): 1 added, 1 unchanged",
            signal.SIGINT,
        ),
        (["ui", "--watch", "--port", "17960"], "Pincite is at", "", signal.SIGTERM),
    ],
)
def test_a_file_put_into_the_folder_is_taken_in_until_it_is_ended(
    tmp_path: Path, words: list[str], ready: str, taken_in: str, end: signal.Signals
) -> None:
    write(tmp_path / "seeds", {"kidney.txt": KIDNEY})
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", _RUN, *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    with process:
        assert process.stdout
        assert any(ready in line for line in process.stdout)
        write(tmp_path / "seeds", {"heart.txt": HEART})
        if taken_in:
            assert any(taken_in in line for line in process.stdout)
        else:
            _until_known(tmp_path, "heart.txt")
        process.send_signal(end)
        assert process.wait(30) == 0
        assert "Traceback" not in process.stdout.read()


def _until_known(home: Path, name: str) -> None:
    end = time.monotonic() + 60
    while look(home / "seeds", home / ".pincite"):
        assert time.monotonic() < end, f"{name} was not taken in"
        time.sleep(0.2)
