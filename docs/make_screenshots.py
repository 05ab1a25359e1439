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
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESK: Any = {"width": 1440, "height": 900}
PHONE: Any = {"width": 390, "height": 844}
COLOURS = 200

SEVERAL = "What does each review say about B cells?"
DISEASES = "Which autoimmune diseases have first clinical results with CAR T cells?"
NOT_ANSWERED = "How much does CAR T cell therapy cost per patient?"
COMPARED = "What is said about autoimmune diseases?"
IN_THE_PDF = "What is a lymphodepletion regimen made of?"

# What the PDF on the shelf says: true in general, and written for these pictures.
ARTICLE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>How CAR T cells are made, from the blood to the infusion</title>
<style>
@page { size: A4; margin: 20mm 18mm; }
body { margin: 0; font: 10pt/1.42 "P052", "Palatino Linotype", Palatino, Georgia, serif; color: #111; }
h1 { margin: 0 0 8pt; font-size: 19pt; line-height: 1.2; }
.by { margin: 0 0 3pt; font-size: 11pt; }
.about { margin: 0 0 14pt; font-size: 9pt; color: #333; }
.abstract { margin: 0 0 14pt; padding: 8pt 0; border: solid #999; border-width: .6pt 0; }
.columns { column-count: 2; column-gap: 8mm; text-align: justify; hyphens: none; }
h2 { margin: 0 0 4pt; font-size: 11.5pt; }
p { margin: 0 0 7pt; }
</style>
</head>
<body>
<h1>How CAR T cells are made, from the blood to the infusion</h1>
<p class="by">Maria Lindqvist, Tomás Ferreira</p>
<p class="about">Published 12 March 2024. Written for the pictures of Pincite’s documentation; no journal has it.</p>
<div class="abstract">
<h2>Abstract</h2>
<p style="margin:0">Chimeric antigen receptor (CAR) T cells are a medicine that is made for each patient anew. This
short review follows one dose from the collection of blood cells to the infusion, and names what can go wrong on the
way.</p>
</div>
<div class="columns">
<h2>Collection</h2>
<p>The patient’s own white blood cells are collected by leukapheresis, which takes three to five hours. Medicines that
suppress T cells are paused before the collection where the disease allows it. The cells are shipped to the place of
manufacture fresh or frozen.</p>
<p>T cells are then enriched with magnetic beads. A low count of lymphocytes at collection is the most common reason for
a product that cannot be made.</p>
<h2>Gene transfer</h2>
<p>T cells are activated with antibodies against CD3 and CD28, because resting cells take up a vector poorly. Most
approved products carry the receptor into the cell with a lentiviral or a gammaretroviral vector. The receptor joins an
antibody fragment outside the cell to the signalling domains of the T cell receptor inside it.</p>
<p>A second domain, from CD28 or from 4-1BB, decides how fast the cells expand and how long they stay. Electroporation
of messenger RNA gives a receptor that is lost after some days, which limits both the effect and the harm.</p>
<h2>Expansion and release</h2>
<p>The cells are expanded for seven to ten days in closed bioreactors. Before release each batch is tested for identity,
viability, sterility, and for virus that can replicate. Shorter processes of two to three days keep more of the cells
young, and are being tried.</p>
<h2>Before the infusion</h2>
<p>A lymphodepletion regimen of fludarabine and cyclophosphamide is given on three days before the infusion. It makes
room for the new cells and raises the cytokines that they live on. The dose of both medicines is lowered where the
kidneys work poorly.</p>
<h2>The infusion and after</h2>
<p>The cells are thawed at the bedside and infused within half an hour. Cytokine release syndrome is the most frequent
early harm, and begins with fever. It is treated with tocilizumab, and with corticosteroids where that is not
enough.</p>
<p>B cells are lost for months when the receptor is directed against CD19, and immunoglobulins may have to be replaced.
Patients stay near the hospital for four weeks. They are followed for fifteen years, since the vector stays in
the genome.</p>
</div>
</body>
</html>"""


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
    page.set_content(ARTICLE)
    page.pdf(path=file, prefer_css_page_size=True)
    page.close()


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The page served over the shelf in a folder: its address."""
    shelf = ["--seeds", str(folder / "seeds"), "--index", str(folder / "index")]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    pincite = [sys.executable, "-c", "from ui.cli import main; main()"]
    subprocess.run([*pincite, "index", *shelf], cwd=folder, env=environment, check=True)
    command = [*pincite, "ui", *shelf]
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
    _restart(page)
    _ask(page, NOT_ANSWERED)
    _take(page, "abstention")

    page.get_by_role("tab", name="Compare").click()
    box = page.get_by_label("Question to each review")
    box.fill(COMPARED)
    box.press("Enter")
    page.get_by_role("button", name="Save as CSV").wait_for()
    _take(page, "compare")
    page.get_by_role("tab", name="Library").click()
    page.locator(".pc-table").wait_for()
    _take(page, "library")

    page.get_by_role("tab", name="Ask", exact=True).click()
    for name, question in (("document", DISEASES), ("pdf-page", IN_THE_PDF)):
        _restart(page)
        _ask(page, question)
        with page.context.expect_page() as opening:
            page.get_by_role("link", name="Open in document").first.click()
        opening.value.set_viewport_size(DESK)
        _take(opening.value, name)
    page.close()

    for name, question, options in (
        ("dark", DISEASES, {"viewport": DESK, "color_scheme": "dark"}),
        ("phone", SEVERAL, {"viewport": PHONE, "has_touch": True, "is_mobile": True}),
    ):
        page = _open(browser, address, **options)
        _ask(page, question)
        _take(page, name)
        page.close()


def _open(browser: Browser, address: str, **options: Any) -> Page:
    page = browser.new_page(**{"viewport": DESK, **options})
    page.goto(address)
    page.get_by_label("Your question").wait_for()
    return page


def _restart(page: Page) -> None:
    page.get_by_role("button", name="New conversation").click()
    page.locator("#pc-examples button").first.wait_for()


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
