"""Syncs in processes of their own, to be killed or starved, and what must hold of the index after."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index_helpers import run_sync, view
from tiny_embedder import TinyEmbedder

CHILD = Path(__file__).with_name("crash_child.py")


def child(**order: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, CHILD, json.dumps(order, default=str)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Victims:
    """Processes to be killed, one at a time, forked from one that has imported all they need."""

    def __init__(self) -> None:
        self.server = child(act="serve")
        self.said: list[str] = []
        """Lines of standard error; they are read as they come, for who writes them waits otherwise."""
        self._listener = threading.Thread(target=lambda: self.said.extend(self.server.stderr or ()), daemon=True)
        self._listener.start()

    def run(self, **order: Any) -> int:
        """Carry out an order; the exit status, negative if a signal ended the process."""
        assert self.server.stdin is not None
        self.server.stdin.write(json.dumps(order, default=str) + "\n")
        self.server.stdin.flush()
        while not (line := first_line(self.server)).startswith("ended "):
            assert line
        return int(line.removeprefix("ended "))

    def end(self) -> None:
        """Wait until all is said."""
        assert self.server.stdin is not None
        self.server.stdin.close()
        self.server.wait(timeout=60)
        self._listener.join(60)
        for stream in (self.server.stdout, self.server.stderr):
            assert stream is not None
            stream.close()

    def dies(self, **order: Any) -> None:
        """Carry out an order that ends in death."""
        assert self.run(**order) == -signal.SIGKILL


@contextmanager
def serving() -> Iterator[Victims]:
    """Victims for as long as they are needed."""
    made = Victims()
    yield made
    made.end()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def stored_sentences(index: Path) -> set[str]:
    """The sentences that SQLite holds, of whatever generation or none."""
    connection = sqlite3.connect(index / "index.sqlite")
    try:
        rows = connection.execute("SELECT c.text, s.start, s.end FROM sentences s JOIN contents c ON c.id = s.content")
        return {text[start:end] for text, start, end in rows}
    finally:
        connection.close()


def mends(seeds: Path, index: Path, fresh: Path) -> None:
    """The next sync does what was left undone, embeds nothing that was stored, and ends where a fresh one would."""
    stored, tiny = stored_sentences(index), TinyEmbedder()
    run_sync(seeds, index, tiny)
    assert not stored & set(tiny.embedded)
    if not fresh.exists():
        run_sync(seeds, fresh)
    assert view(index) == view(fresh)
    assert run_sync(seeds, index).embedded == 0
    assert {path.name.split("-")[0] for path in index.iterdir()} <= {
        "index.sqlite",
        "lexical",
        "writer.lock",
    }
    assert len(list(index.glob("lexical-*"))) == 1
