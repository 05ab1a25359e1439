"""A whole document as a person meets it, in a real browser: from an answer to the words it stands on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import uvicorn
from index_helpers import write
from pdf_pages import Page as Sheet
from pdf_pages import pdf
from starlette.applications import Starlette
from tiny_embedder import TinyEmbedder

from index.layout import rectangles
from index.readers.pdf import read
from rag.assistant import Assistant
from rag.settings import load_settings
from tests.browser.test_page import ANSWERED, ask, words
from ui.page_images import PageImages
from ui.reading import routes
from ui.serving import listen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

SENTENCE = "Dragonflies catch their prey in flight and rarely miss it."
ALARM = "<img src=x onerror=alert(1)><svg onload=alert(2)>"
OTHERS = [
    f"Paragraph {at} of many tells of other insects, of where they live and of what they feed on in summer."
    for at in range(60)
]


def sheets() -> bytes:
    first = Sheet().words(60, 80, "Insects in flight", 18)
    first.column(60, 120, " ".join(OTHERS[:6]), 480, 10, 13)
    second = Sheet()
    second.words(60, second.column(60, 100, " ".join(OTHERS[6:10]), 480, 10, 13) + 20, SENTENCE)
    return pdf(first, second, *(Sheet().words(60, 100, other) for other in OTHERS[10:20]))


@dataclass(frozen=True)
class Reading:
    """Documents being served by themselves: their address, and whose they are."""

    url: str
    assistant: Assistant


@pytest.fixture(scope="module")
def insects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """A PDF, a long text, and a document that attacks; without the chat, which they do not need."""
    folder = tmp_path_factory.mktemp("insects")
    files = {
        "insects.pdf": sheets(),
        "long.txt": "\n\n".join(["Insects", *OTHERS * 40, SENTENCE, *OTHERS * 40]).encode(),
        "attack&<b>.txt": f"Flight\n\n{' '.join(OTHERS[:9])}\n\nMethods\n\n{SENTENCE} {ALARM}\n".encode(),
    }
    seeds = write(folder / "seeds", files)
    settings = load_settings(reader="none")
    with Assistant(seeds, folder / "index", embedder=TinyEmbedder(), settings=settings) as assistant:
        assistant.sync()
        images = PageImages(assistant)
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes(assistant, images)), log_level="warning"))
        with closing(listen("127.0.0.1", 7900)) as listener:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            yield Reading(f"http://127.0.0.1:{listener.getsockname()[1]}", assistant)
            server.should_exit = True
            thread.join()
        images.close()


@pytest.fixture
def read_at(insects: Reading, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a document where its text says something, as a link on a card would; nothing may go wrong in it."""
    strayed: list[str] = []
    pages: list[Page] = []

    def opened(name: str, *quotes: str, **options: Any) -> Page:
        page = browser.new_page(**{"viewport": {"width": 1440, "height": 900}, **options})
        pages.append(page)
        page.on("request", lambda asked: None if asked.url.startswith((insects.url, "data:")) else stray(asked.url))
        page.on("console", lambda line: stray(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: stray(str(error)))
        page.on("dialog", lambda dialog: stray(dialog.message))
        page.on("response", lambda answer: stray(answer.url) if answer.status >= 400 else None)
        document = insects.assistant.document(name)
        starts = [document.text.index(quote) for quote in quotes or (SENTENCE,)]
        ends = [start + len(quote) for start, quote in zip(starts, quotes or (SENTENCE,), strict=True)]
        query = urlencode({"name": name, "start": starts, "end": ends}, doseq=True)
        page.goto(f"{insects.url}/document?{query}#cited", wait_until="networkidle")
        return page

    def stray(what: str) -> None:
        strayed.append(what)

    yield opened
    for page in pages:
        page.close()
    assert strayed == []


def in_view(found: Locator) -> bool:
    inside = (
        "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight && b.height > 0; }"
    )
    return bool(found.evaluate(inside))


def test_an_answer_leads_to_its_words_in_the_whole_document(page: Page) -> None:
    ask(page, ANSWERED)
    card = page.locator(".pc-card").first
    with page.context.expect_page() as opening:
        card.get_by_role("link", name="Open in document").click()
    document = opening.value
    mark = document.locator("mark#cited")
    assert words("".join(document.locator("mark").all_text_contents())) == words(card.locator("mark").inner_text())
    assert in_view(mark)
    assert card.locator(".pc-file").inner_text() in document.locator("#head").inner_text()
    document.close()


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_words_deep_in_a_long_document_are_in_view_at_once(read_at: Callable[..., Page], size: tuple[int, int]) -> None:
    page = read_at("long.txt", viewport={"width": size[0], "height": size[1]})
    assert page.locator("mark").text_content() == SENTENCE
    page.wait_for_timeout(300)
    assert in_view(page.locator("mark"))
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_the_page_of_a_pdf_has_a_box_over_the_words(read_at: Callable[..., Page], insects: Reading) -> None:
    page = read_at("insects.pdf", viewport={"width": 1440, "height": 900})
    sheet, box = page.locator("#page-2 .sheet"), page.locator(".box")
    assert page.evaluate("document.querySelector('#page-2 img').naturalWidth") > 0  # it was drawn
    assert box.count() == 1 and in_view(box) and in_view(page.locator("mark"))

    document = insects.assistant.document("insects.pdf")
    start = document.text.index(SENTENCE)
    (told,) = rectangles(read("insects.pdf", sheets()).layout, start, start + len(SENTENCE))
    outer, inner = sheet.bounding_box(), box.bounding_box()
    assert outer and inner
    scale = (outer["width"] - 2) / 612
    assert (inner["x"] - outer["x"] - 1, inner["y"] - outer["y"] - 1) == pytest.approx(
        (told.left * scale, told.top * scale), abs=1.5
    )
    assert (inner["width"], inner["height"]) == pytest.approx(
        ((told.right - told.left) * scale, (told.bottom - told.top) * scale), abs=1.5
    )


def test_only_pages_near_the_words_are_loaded(read_at: Callable[..., Page]) -> None:
    page = read_at("insects.pdf", viewport={"width": 1440, "height": 900})
    loaded = page.evaluate("[...document.images].filter(one => one.complete && one.naturalWidth).map(one => one.alt)")
    assert "Page 2, the cited words boxed" in loaded and "Page 12" not in loaded


def test_on_a_phone_one_chooses_between_text_and_pages(read_at: Callable[..., Page]) -> None:
    page = read_at("insects.pdf", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert in_view(page.locator("mark")) and not page.locator("#pages").is_visible()
    page.get_by_text("Pages", exact=True).tap()
    assert not page.locator("mark").is_visible()
    page.wait_for_timeout(300)
    assert in_view(page.locator(".box"))
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_hostile_document_is_read_and_not_run(read_at: Callable[..., Page]) -> None:
    page = read_at("attack&<b>.txt")  # `read_at` tells of dialogs, errors and requests that went astray
    assert ALARM in words(page.locator("article").inner_text())
    assert page.locator("article img, article svg, h1 img, h1 svg").count() == 0
    assert page.locator("mark").text_content() == SENTENCE


def test_several_places_are_walked_with_keys(read_at: Callable[..., Page]) -> None:
    page = read_at("long.txt", OTHERS[3], SENTENCE, reduced_motion="reduce")
    for key, mark in (("n", "cited-2"), ("n", "cited"), ("p", "cited-2")):
        page.keyboard.press(key)
        page.wait_for_timeout(200)
        assert in_view(page.locator(f"#{mark}"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["insects.pdf", "attack&<b>.txt"])
def test_nothing_keeps_anybody_from_reading(read_at: Callable[..., Page], name: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = read_at(name, color_scheme=scheme)
    found = Axe().run(page)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found.response["violations"]] == []


def test_without_scripts_the_words_are_found_as_well(read_at: Callable[..., Page]) -> None:
    page = read_at("insects.pdf", java_script_enabled=False)
    box = page.locator("mark").bounding_box()
    assert box and 0 < box["y"] < 900 and page.locator(".box").count() == 1
