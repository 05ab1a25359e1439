"""Nothing goes out, nothing that is kept is run: each process is watched while it indexes, answers and serves.

Every process of the command line loads `watched/sitecustomize.py`, by which Python itself tells of each connection,
name looked up, program started, object unpickled and file opened for writing.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import office_files
import pytest

ROOT = Path(__file__).parents[1]
QUESTION = "Which autoimmune diseases have first clinical results with CAR T cells?"
ELSEWHERE = "http://pincite-canary.example"
LURES = {
    "page.html": f"""<!DOCTYPE html SYSTEM "{ELSEWHERE}/page.dtd"><html><head><base href="{ELSEWHERE}/">
        <link rel="stylesheet" href="{ELSEWHERE}/a.css"><script src="{ELSEWHERE}/a.js"></script></head>
        <body><h1>A page</h1><img src="{ELSEWHERE}/a.png"><iframe src="{ELSEWHERE}/b"></iframe>
        <p>Crabs anticipate the tides of the shore by a clock of their own.</p></body></html>""",
    "article.nxml": f"""<?xml version="1.0"?><?xml-stylesheet href="{ELSEWHERE}/a.xsl"?>
        <!DOCTYPE article SYSTEM "{ELSEWHERE}/article.dtd" [<!ENTITY other SYSTEM "{ELSEWHERE}/other">]>
        <article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta><title-group><article-title>Crabs
        </article-title></title-group></article-meta></front><body><p>Crabs anticipate the tides.
        <ext-link xlink:href="{ELSEWHERE}/c">There</ext-link></p><graphic xlink:href="{ELSEWHERE}/d.png"/></body>
        </article>""",
    "notes.md": f"# Notes\n\n![a picture]({ELSEWHERE}/a.png)\n\nCrabs anticipate the tides.\n\n[a]: {ELSEWHERE}/b\n",
}


@dataclass
class Watched:
    """Processes that are watched, in a home of their own."""

    home: Path
    watching: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing that would keep a library from asking the network, but where the model is."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH") if name in os.environ}
        path = os.pathsep.join([str(self.watching), str(ROOT)])
        temporary = self.home / "tmp"
        temporary.mkdir(exist_ok=True)
        return kept | {
            "HOME": str(self.home),
            "PYTHONPATH": path,
            "TMPDIR": str(temporary),
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", "from ui.cli import main; main()", *words]

    def run(self, *words: str) -> str:
        """What a command prints."""
        command, kept = self.command(*words), {"cwd": self.home, "env": self.environment}
        done = subprocess.run(command, **kept, check=False, capture_output=True, text=True, timeout=240)  # type: ignore[call-overload]
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def noted(self) -> list[tuple[str, list[Any]]]:
        """What the processes did."""
        lines = (self.watching / "notes").read_text(encoding="utf-8").splitlines()
        return [(event, arguments) for event, arguments in map(json.loads, lines)]


def loopback(event: str, arguments: list[Any]) -> bool:
    """Whether a connection or a name is of this machine alone, or of a socket between its processes."""
    if event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        return arguments[0] in {"127.0.0.1", "localhost", "::1"}
    address = arguments[1]
    return isinstance(address, (list, tuple)) and address[0] in {"127.0.0.1", "::1"}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    home, watching = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("watching")
    shutil.copy(ROOT / "tests" / "watched" / "sitecustomize.py", watching)
    shutil.copytree(ROOT / "seeds", home / "seeds")
    for name, text in LURES.items():
        (home / "seeds" / name).write_text(text, encoding="utf-8")
    picture = office_files.field(f' INCLUDEPICTURE "{ELSEWHERE}/a.png" ', "Crabs anticipate the tides.")
    (home / "seeds" / "linked.docx").write_bytes(office_files.docx(office_files.p(picture)))
    linked = f'<text:p>Crabs <text:a xlink:href="{ELSEWHERE}/a">anticipate</text:a> the tides.</text:p>'
    (home / "seeds" / "linked.odt").write_bytes(office_files.odt(linked))
    return Watched(home, watching)


@pytest.fixture(scope="module")
def used(watched: Watched) -> Watched:
    """All that people do with it, done once."""
    watched.run("index")
    assert json.loads(watched.run("ask", QUESTION, "--json"))["citations"]
    watched.run("compare", QUESTION)
    watched.run("status")
    watched.run("doctor")
    watched.run("backup", "shelf.pincite")
    watched.run("restore", "shelf.pincite", "--force")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        watched.command("ui", "--port", f"{port}", "--mcp", "--metrics"),
        cwd=watched.home,
        env=watched.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            served(watched, server)
        finally:
            server.terminate()
            server.wait(30)
    return watched


def served(watched: Watched, server: subprocess.Popen[str]) -> None:
    """Use the page as browsers, programs and other assistants do."""
    assert server.stdout
    url = next(line.rsplit(" ", 1)[1].strip() for line in server.stdout if " is at http" in line)
    with httpx.Client(base_url=url, timeout=120) as client:
        for _ in range(600):
            if client.get("/ready").status_code == 200:
                break
            time.sleep(0.2)
        page = client.get("/")
        assert page.status_code == 200
        event = client.post("/gradio_api/call/v2/answer", json={"question": QUESTION}).json()["event_id"]
        assert "complete" in client.get(f"/gradio_api/call/answer/{event}").text
        sent = client.post("/gradio_api/upload", files={"files": ("crabs.md", LURES["notes.md"].encode())})
        assert sent.status_code == 200
        for path in ("/config", "/metrics", "/health", "/gradio_api/info", "/document?name=page.html"):
            assert client.get(path).status_code == 200, path


def test_whatever_does_what_it_must_not_is_noted(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "watched" / "sitecustomize.py", tmp_path)
    strayed = f"""
import os, pickle, socket, subprocess
from contextlib import suppress
pickle.loads(pickle.dumps(os.getcwd))
subprocess.run(["true"])
with suppress(OSError):
    socket.getaddrinfo("pincite-canary.example", 80)
with suppress(OSError):
    socket.create_connection(("192.0.2.1", 9), timeout=0.01)
open({str(tmp_path / "written")!r}, "w").close()
"""
    subprocess.run([sys.executable, "-c", strayed], env={**os.environ, "PYTHONPATH": str(tmp_path)}, check=True)
    noted = Watched(tmp_path, tmp_path).noted()
    assert {event for event, arguments in noted if event.startswith("socket") and not loopback(event, arguments)} == {
        "socket.getaddrinfo",
        "socket.connect",
    }
    assert {"pickle.find_class", "subprocess.Popen"} <= {event for event, _ in noted}
    assert [arguments for event, arguments in noted if event == "open"] == [[str(tmp_path / "written")]]


def test_nothing_goes_out_nothing_is_run_and_nothing_is_written_elsewhere(used: Watched) -> None:
    noted = used.noted()
    assert {"socket.bind", "subprocess.Popen", "open"} <= {event for event, _ in noted}, "it did nothing"

    net = [one for one in noted if one[0].startswith(("socket.", "urllib", "http", "ftp"))]
    assert [one for one in net if not loopback(*one)] == []
    assert "pincite-canary" not in (used.watching / "notes").read_text(encoding="utf-8")

    started = [arguments for event, arguments in noted if event in {"subprocess.Popen", "os.posix_spawn"}]
    assert {tuple(one[1][:5]) for one in started} == {(sys.executable, "-P", "-B", "-m", "index.worker")}
    assert not [one for one in noted if one[0] in {"os.system", "os.exec", "os.fork", "os.forkpty", "pty.spawn"}]

    assert [arguments for event, arguments in noted if event == "pickle.find_class"] == []

    written = {Path(arguments[0]) for event, arguments in noted if event == "open"}
    allowed = [used.home / ".pincite", used.home / "seeds", used.home / "tmp", *used.home.glob("*.pincite")]
    strayed = {path for path in written if not any(path.is_relative_to(one) for one in allowed)}
    unfinished = {path for path in strayed if path.is_relative_to(used.home) and ".shelf.pincite." in str(path)}
    assert unfinished, "no backup was written"
    assert sorted(strayed - unfinished) == []
    assert not [path for path in unfinished if path.exists()]
