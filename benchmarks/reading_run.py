"""Reads one file as a sync does, in a process of its own whose memory can be told: for `reading.py`.

    python benchmarks/reading_run.py NAME PATH OUT

writes what came of it to OUT, pickled; `read` starts that and says what happened.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.documents import Document
from index.errors import UnreadableFileError
from index.limits import Limits
from index.reading import ReadingPool

SECONDS = 150.0
"""More than a file is given by default, so that Pincite's own limit is what ends it."""

Kind = Literal["document", "message", "crash", "time"]


@dataclass(frozen=True)
class Outcome:
    """What came of reading a file: a document, one line, or neither.

    `peak_mb` is the most memory that any one process held, Pincite's own or the worker it reads in; the system
    counts in what the process that starts them held, so it may be too much and is never too little.
    """

    name: str
    kind: Kind
    document: Document | None = None
    message: str = ""
    seconds: float = 0.0
    peak_mb: float = 0.0
    format: str = ""


def read(name: str, path: Path, limit: float = SECONDS) -> Outcome:
    """Read `path`, called `name`, in a process that is given `limit` seconds."""
    with tempfile.TemporaryDirectory() as folder:
        out, said = Path(folder) / "outcome", Path(folder) / "said"
        began = time.monotonic()
        with said.open("wb") as stream:
            child = subprocess.Popen([sys.executable, __file__, name, path, out], stdout=stream, stderr=stream)
        done, late = 0, False
        while not done:
            time.sleep(0.01)
            done, status, usage = os.wait4(child.pid, os.WNOHANG)
            if not done and not late and time.monotonic() - began > limit:
                late = True
                child.kill()
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds, peak = time.monotonic() - began, usage.ru_maxrss / 1000
        if late:
            return Outcome(name, "time", None, f"not ended after {limit:.0f} s", seconds, peak)
        if child.returncode or not out.exists():
            last = (said.read_text(errors="replace").strip().splitlines() or [""])[-1]
            return Outcome(name, "crash", None, f"exit status {child.returncode}: {last}", seconds, peak)
        kind, document, message = pickle.loads(out.read_bytes())
    return Outcome(name, kind, document, message, seconds, peak, document.format if document else "")


def _child(name: str, path: Path, out: Path) -> None:
    result: tuple[Kind, Document | None, str]
    with ReadingPool(Limits(workers=1)) as pool:
        try:
            result = "document", pool.document(name, path.read_bytes()).result().value, ""
        except UnreadableFileError as error:
            result = "message", None, error.message
    out.write_bytes(pickle.dumps(result))


if __name__ == "__main__":
    _child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
