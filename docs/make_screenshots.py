"""Takes the pictures of the page that the README and the docs show, with the reviews in `seeds/` and one PDF.

    python docs/make_screenshots.py

It needs Chromium, and what the tests in a browser need. The pictures in `docs/screenshots/` are written anew.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
PICTURES = HERE / "screenshots"
ARTICLE = PICTURES / "article.html"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESK: Any = {"width": 1440, "height": 900}
PHONE: Any = {"width": 390, "height": 844}
COLOURS = 200

SEVERAL = "What does each review say about B cells?"
DISEASES = "Which autoimmune diseases have first clinical results with CAR T cells?"
NOT_ANSWERED = "How much does CAR T cell therapy cost per patient?"
COMPARED = "What is said about autoimmune diseases?"
IN_THE_PDF = "What is a lymphodepletion regimen made of?"


def main() -> None:
    """Take every picture."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        seeds = Path(folder) / "seeds"
        shutil.copytree(HERE.parent / "seeds", seeds)
        _print(browser, seeds / "lindqvist-2024-making-car-t-cells.pdf")
        with _served(Path(folder)) as address:
            _take_all(browser, address)
        browser.close()


def _print(browser: Browser, file: Path) -> None:
    """The article as a PDF, as a person would print it."""
    page = browser.new_page()
    page.set_content(ARTICLE.read_text(encoding="utf-8"))
    page.pdf(path=file, prefer_css_page_size=True)
    page.close()


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The page served over the shelf in a folder: its address."""
    options = ["ui", "--seeds", str(folder / "seeds"), "--index", str(folder / "index")]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, "-c", "from ui.cli import main; main()", *options]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout  # noqa: S101  it was asked for
        try:
            yield next(line for line in server.stdout if " is at http://" in line).split()[-1]
        finally:
            server.send_signal(signal.SIGINT)


def _take_all(browser: Browser, address: str) -> None:
    page = _open(browser, address)
    _ask(page, SEVERAL)
    page.locator(".pc-answer a.pc-cite").first.click()
    _take(page, "chat")
    page.get_by_role("button", name="New conversation").click()
    _ask(page, NOT_ANSWERED)
    _take(page, "abstention")

    page.get_by_role("tab", name="Compare").click()
    box = page.get_by_label("Question to every review")
    box.fill(COMPARED)
    box.press("Enter")
    page.locator(".pc-review").first.wait_for()
    _take(page, "compare")
    page.get_by_role("tab", name="Library").click()
    page.locator(".pc-table").wait_for()
    _take(page, "library")

    page.get_by_role("tab", name="Ask", exact=True).click()
    for name, question in (("document", DISEASES), ("pdf-page", IN_THE_PDF)):
        page.get_by_role("button", name="New conversation").click()
        _ask(page, question)
        with page.context.expect_page() as opening:
            page.get_by_role("link", name="Open in document").first.click()
        opening.value.set_viewport_size(DESK)
        _take(opening.value, name)
    page.close()

    for name, options in (
        ("dark", {"viewport": DESK, "color_scheme": "dark"}),
        ("phone", {"viewport": PHONE, "has_touch": True, "is_mobile": True}),
    ):
        page = _open(browser, address, **options)
        _ask(page, DISEASES)
        _take(page, name)
        page.close()


def _open(browser: Browser, address: str, **options: Any) -> Page:
    page = browser.new_page(**{"viewport": DESK, **options})
    page.goto(address)
    page.get_by_label("Your question").wait_for()
    return page


def _ask(page: Page, question: str) -> None:
    """Ask, and wait until nothing is under way: the suggestions come last."""
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    page.locator(".pc-question", has_text=question).wait_for()
    page.locator(".pc-acts").last.wait_for()
    page.wait_for_timeout(2500)


def _take(page: Page, name: str) -> None:
    """A picture of what is in view, in few colours: they are small, and no eye misses the others."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(1500)  # pictures of pages are drawn; the network of the page itself is never idle
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
