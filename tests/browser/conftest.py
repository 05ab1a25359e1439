"""A real server over a copy of the shelf, and a real Chromium that reports whatever it should not do."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from asking import watch

SEEDS = Path(__file__).parent.parent.parent / "seeds"
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]

_SERVER = """
import sys, time
from rag import Assistant
from ui.serving import serve

class Patient(Assistant):
    # One that can be asked slowly, so that there is time to stop it.
    def answering(self, question, *args, **options):
        time.sleep(4 * question.startswith("Slowly:"))
        yield from super().answering(question, *args, **options)

    def comparing(self, question, *args, **options):
        for one in super().comparing(question, *args, **options):
            yield one
            time.sleep(4 * question.startswith("Slowly:"))

assistant = Patient(sys.argv[1], sys.argv[2])
assistant.sync()
serve(assistant, host="127.0.0.1", port=int(sys.argv[3]), announce=lambda line: print(line, flush=True))
"""


@dataclass(frozen=True)
class Site:
    """A page being served: its address, its shelf, and what was announced."""

    url: str
    seeds: Path
    index: Path
    asked_port: int
    announced: list[str]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page, asked for on a port that is taken."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(SEEDS, folder / "seeds")
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-c", _SERVER, str(folder / "seeds"), str(folder / "index"), str(port)]
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
        )
        assert server.stdout
        with server, server.stdout:
            announced = [server.stdout.readline().strip()]
            while announced[-1] and "http://" not in announced[-1]:
                announced.append(server.stdout.readline().strip())
            yield Site(announced[-1].rpartition(" ")[2], folder / "seeds", folder / "index", port, announced)
            server.send_signal(signal.SIGINT)
            assert server.wait(20) == 0


if CHROMIUM:
    from playwright.sync_api import Browser, Page, sync_playwright

    @pytest.fixture(scope="session")
    def browser() -> Iterator[Browser]:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            yield chromium
            chromium.close()

    @pytest.fixture
    def open_page(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
        """Opens the page; at the end nothing may have gone wrong in it or gone out of it."""
        strayed: list[str] = []
        pages: list[Page] = []

        def opened(**options: object) -> Page:
            page = browser.new_page(**{"viewport": {"width": 1280, "height": 800}, **options})  # type: ignore[arg-type]
            page.on("request", lambda request: _note_stray(strayed, request.url))
            page.on("console", lambda line: strayed.append(line.text) if line.type in {"error", "warning"} else None)
            page.on("pageerror", lambda error: strayed.append(str(error)))
            page.on("dialog", lambda dialog: strayed.append(dialog.message))
            page.on("response", lambda answer: strayed.append(answer.url) if answer.status >= 400 else None)
            page.set_default_timeout(60_000)
            watch(page)
            page.goto(site.url)
            page.get_by_label("Your question").wait_for()
            pages.append(page)
            return page

        yield opened
        for page in pages:
            page.close()
        assert strayed == []

    def _note_stray(strayed: list[str], url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:")):
            strayed.append(url)

    @pytest.fixture
    def page(open_page: Callable[..., Page]) -> Page:
        return open_page()

else:

    @pytest.fixture(scope="session", autouse=True)
    def browser() -> None:
        pytest.skip("There is no Chromium here")
