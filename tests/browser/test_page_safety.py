"""Documents that attack the page: whatever their titles, authors, words and names hold is shown, and never obeyed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asking import ask, reload
from attacked_page import ALIVE, watched
from attacks import BREAKOUT, MARKUP, NAME, TAGS, TEMPLATES, TURNED, attacked
from index_helpers import write
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ANSWERED = "What does each review say about bumblebee colonies in winter?"
NOT_ANSWERED = "What do bumblebee colonies cost in Japan?"


# The page over the shelf in a folder.
_SERVER = """
import sys
from pathlib import Path
from tiny_embedder import TinyEmbedder
from rag import Assistant
from rag.settings import Settings
from ui.serving import serve

home = Path(sys.argv[1])
assistant = Assistant(home / "seeds", home / "index", embedder=TinyEmbedder(), settings=Settings(reader="none"))
assistant.sync()
serve(assistant, host="127.0.0.1", port=18860, announce=lambda line: print(line, flush=True))
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the attacked page is."""
    home = tmp_path_factory.mktemp("attacked")
    write(home / "seeds", {name: text.encode() for name, text in attacked().items()})
    root = Path(__file__).parents[2]
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=home,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, (root, root / "tests"))),
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "1",
        },
    )
    with server:
        assert server.stdout
        yield next(line for line in server.stdout if "http://" in line).split()[-1]
        server.kill()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The attacked page; at the end nothing may have been obeyed."""
    found = watched(browser, address)
    yield found.page
    for one in found.page.context.pages:
        one.mouse.move(400, 300)
        one.wait_for_timeout(200)
        assert one.evaluate(ALIVE) == []
    found.page.context.close()
    assert found.strayed == []


# Whether the first letter of an element is seen to the left of its last one, or above it.
_FORWARD = """found => {
    const text = found.firstChild, range = document.createRange();
    const [first, last] = [0, text.length - 1].map(at => {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect();
    });
    return first.left < last.left || first.bottom <= last.top;
}"""


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_canary_sings_where_an_attack_gets_through(browser: Browser, address: str) -> None:
    found = watched(browser, address)
    found.page.evaluate("html => { document.querySelector('#pc-header').innerHTML = html; }", TAGS + BREAKOUT)
    for _ in range(50):
        found.page.wait_for_timeout(200)
        if {"the canary sang", f"{address}/gone"} <= set(found.strayed):
            break
    assert "the canary sang" in found.strayed
    assert any(url.endswith("/gone") for url in found.strayed)
    assert len(found.page.evaluate(ALIVE)) > 3
    found.page.context.close()


def test_answers_their_sources_and_the_quote_over_a_citation_are_only_words(page: Page) -> None:
    ask(page, ANSWERED)
    said = words(page.locator(".pc-answer").inner_text())
    assert TAGS in said and BREAKOUT in said and MARKUP in said and TEMPLATES in said
    cards = words(page.locator("#pc-panel").inner_text())
    assert f"Of bees {TAGS}" in cards and NAME in cards and BREAKOUT in cards
    for link in page.locator("a.pc-cite").all():
        link.focus()
        assert TAGS in words(page.get_by_role("tooltip").inner_text())
        link.click()
    for more in page.locator("#pc-panel summary").all():
        more.click()
    assert page.locator("#pc-panel a[href*='javascript:']:not(.pc-open)").count() == 0


def test_a_text_that_turns_the_line_round_turns_nothing_but_itself(page: Page) -> None:
    ask(page, ANSWERED)
    assert TURNED in page.locator(".pc-card h3").first.inner_text()
    names = page.locator("a.pc-cite, .pc-card .pc-open, .pc-card .pc-file")
    assert names.count() >= 6
    assert [one.inner_text() for one in names.all() if not one.evaluate(_FORWARD)] == []


def test_the_nearest_passages_are_only_words(page: Page) -> None:
    ask(page, f"{NOT_ANSWERED} {TAGS}")
    page.locator(".pc-abstention").wait_for()
    for more in page.locator("#pc-panel summary").all():
        more.click()
    assert TAGS in words(page.locator(".pc-near").first.inner_text())
    assert TAGS in page.locator(".pc-question").inner_text()


def test_columns_and_the_list_of_reviews_are_only_words(page: Page) -> None:
    page.get_by_role("tab", name="Compare").click()
    box = page.get_by_label("Question to each review")
    box.fill(ANSWERED)
    box.press("Enter")
    page.locator(".pc-review").nth(2).wait_for()
    said = words(page.locator("#pc-compared").inner_text())
    assert f"Of bees {TAGS}" in said and f"Of hives {TAGS}" in said and MARKUP in said
    page.get_by_role("tab", name="Ask", exact=True).click()
    page.get_by_text("Which reviews to ask").click()
    page.get_by_label("Only these (all of them").click()
    options = page.get_by_role("option")
    assert any(TAGS in option for option in options.all_inner_texts())
    for option in options.all():
        option.hover()
    options.first.click()
    page.keyboard.press("Escape")
    ask(page, ANSWERED)
    assert set(page.locator(".pc-card .pc-file").all_inner_texts()) != set()


def test_the_table_of_the_shelf_is_only_words(page: Page) -> None:
    page.get_by_role("tab", name="Library").click()
    page.locator(".pc-table").wait_for()
    said = words(page.locator(".pc-table").inner_text())
    assert f"Of bees {TAGS}" in said and f"Ada {TAGS}" in said and f"{NAME}.txt" in said
    page.get_by_label("Search the shelf").fill("<img src=gone")
    page.get_by_text("of 3 documents").wait_for()
    page.get_by_role("button", name="Remove").first.click()
    assert NAME in page.locator("dialog").inner_text()
    page.keyboard.press("Escape")


def test_whole_documents_are_only_words(page: Page) -> None:
    page.get_by_role("tab", name="Library").click()
    for name in attacked():
        row = page.locator(".pc-table tbody tr").filter(has=page.get_by_text(name, exact=True))
        with page.context.expect_page() as opening:
            row.get_by_role("link").click()
        document = opening.value
        document.wait_for_load_state()
        assert (NAME if name.endswith(".txt") else TAGS) in words(document.locator("h1").inner_text())
        assert TAGS in words(document.locator("article").inner_text())
        assert "onerror=canary()" in document.title()


def test_a_kept_conversation_is_only_words(page: Page) -> None:
    question = f"{ANSWERED} {TAGS} {BREAKOUT} {MARKUP} {TEMPLATES}"
    ask(page, question)
    reload(page)
    page.locator(".pc-question").wait_for()
    assert words(page.locator(".pc-question").inner_text()) == question
    page.get_by_role("button", name="New conversation").click()
    page.locator(".pc-question").wait_for(state="detached")
    page.locator("#pc-history summary").click()
    kept = page.locator(".pc-kept-open")
    assert question in words(kept.inner_text())
    assert page.locator(".pc-kept button").last.get_attribute("aria-label") == f"Forget: {question}"
    kept.click()
    page.locator(".pc-question").wait_for()


def test_a_file_saved_has_a_name_of_ours_and_what_renders_it_finds_only_words(page: Page) -> None:
    ask(page, ANSWERED)
    saved = {}
    for form in ("Markdown", "BibTeX", "RIS"):
        page.locator("#pc-export summary").click()
        with page.expect_download() as download:
            page.locator("#pc-export").get_by_role("button", name=form).click()
        saved[download.value.suggested_filename] = download.value.path().read_text(encoding="utf-8")
    assert list(saved) == [f"pincite-conversation.{ending}" for ending in ("md", "bib", "ris")]
    assert all("Of bees" in text and "Of hives" in text for text in saved.values())
    rendered = MarkdownIt().render(saved["pincite-conversation.md"])
    assert "canary()" in rendered
    alive = re.findall(r"<(?:img|svg|script|iframe|b) [^>]*|<a [^>]*(?:javascript|evil)[^>]*", rendered)
    assert alive == []
