"""A page that is opened while the reviews are read for the first time, in a real browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asking import ask
from test_page_accessibility import barriers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

KIDNEY = (
    "# Lupus nephritis\n\nLupus nephritis was in remission after the infusion. "
    "Relapses of lupus nephritis were seen in two of the patients.\n"
)
LIVER = "# Of livers\n\nThe liver was normal in all patients. No relapse of hepatitis occurred in twelve months.\n"
QUESTION = "Was lupus nephritis in remission?"
STILL = "The reviews are still being read; ask again when that is done."

# Embedding waits while a file called "slowly" lies beside the shelf.
_SERVER = """
import sys, time
from pathlib import Path
from tiny_embedder import TinyEmbedder
from rag import Assistant
from rag.settings import Settings
from ui.serving import serve

home = Path(sys.argv[1])

class Slow(TinyEmbedder):
    def embed(self, texts, progress=None):
        while (home / "slowly").exists():
            time.sleep(0.05)
        return super().embed(texts, progress)

assistant = Assistant(home / "seeds", home / "index", embedder=Slow(), settings=Settings(reader="none"))
serve(assistant, host="127.0.0.1", port=19860, announce=lambda line: print(line, flush=True))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    for name, text in {"kidney.md": KIDNEY, "liver.md": LIVER}.items():
        (tmp_path / "seeds" / name).write_text(text, encoding="utf-8")
    (tmp_path / "slowly").touch()
    return tmp_path


@pytest.fixture
def pages(browser: Browser, home: Path) -> Iterator[tuple[Page, Page]]:
    """Two pages, opened as soon as the server says where it is; at the end nothing may have gone wrong in them."""
    root = Path(__file__).parents[2]
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=home,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (root, root / "tests")))},
    )
    strayed: list[str] = []

    def opened(url: str, **options: object) -> Page:
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 800}, **options})  # type: ignore[arg-type]
        page.on("console", lambda line: strayed.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: strayed.append(str(error)))
        page.on("response", lambda answer: strayed.append(answer.url) if answer.status >= 400 else None)
        page.set_default_timeout(60_000)
        page.goto(url)
        page.get_by_label("Your question").wait_for()
        return page

    with server:
        assert server.stdout
        url = next(line for line in server.stdout if "http://" in line).split()[-1]
        found = opened(url), opened(url, viewport={"width": 390, "height": 800}, color_scheme="dark")
        yield found
        for page in found:
            page.close()
        server.kill()
    assert strayed == []


def test_a_page_opened_meanwhile_says_so_and_fills_by_itself(pages: tuple[Page, Page], home: Path) -> None:
    page, other = pages
    for one in pages:
        one.locator(".pc-header-first").wait_for()
        assert "Reading the reviews for the first time" in one.locator(".pc-count").inner_text()
        one.get_by_text("Reading the reviews…").wait_for()
        assert one.get_by_text("The reviews are being read for the first time.").first.is_visible()
        assert not one.get_by_text("Ask the reviews a question.").is_visible()
        assert one.locator("#pc-examples button:visible").count() == 0
        assert one.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert barriers(one) == []
    page.locator(".pc-strip-step", has_text="Embedding").wait_for()

    ask(page, QUESTION)
    assert page.locator("#pc-chat .pc-early").inner_text() == STILL
    page.get_by_role("tab", name="Compare").click()
    assert page.locator("#pc-compared").get_by_text("The reviews are being read for the first time.").is_visible()
    page.get_by_label("Question to each review").fill(QUESTION)
    page.locator("#pc-compare-send").click()
    assert page.locator("#pc-compared .pc-early").inner_text() == STILL
    page.get_by_role("tab", name="Library").click()
    page.get_by_text("are listed here when that is done").wait_for()
    assert page.locator("[role=alert]:visible").count() == 0

    (home / "slowly").unlink()
    for one in pages:
        one.get_by_text("2 reviews on the shelf").wait_for()
        one.locator(".pc-strip").wait_for(state="detached")
    assert page.locator(".pc-table tbody .pc-of-name").all_inner_texts() == ["kidney.md", "liver.md"]
    assert other.get_by_text("Ask the reviews a question.").is_visible()
    assert not other.get_by_text("The reviews are being read for the first time.").first.is_visible()
    other.locator("#pc-examples button:visible").first.wait_for()

    page.get_by_role("tab", name="Ask", exact=True).click()
    page.get_by_role("button", name="Ask again").click()
    page.locator(".pc-answer", has_text="Lupus nephritis was in remission after the infusion.").wait_for()
    assert page.locator("#pc-chat .pc-early").count() == 0
    page.get_by_role("tab", name="Compare").click()
    page.locator("#pc-compare-send").click()
    page.locator(".pc-review blockquote", has_text="Lupus nephritis was in remission").wait_for()
