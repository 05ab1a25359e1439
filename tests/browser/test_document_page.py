"""A whole document as a person meets it, in a real browser: from an answer to the words it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from pdf_pages import Page as Sheet
from pdf_pages import pdf

from index.documents import Span
from index.embedding import SentenceTransformerEmbedder
from index.layout import rectangles
from index.readers.pdf import read
from rag.answers import cite
from rag.assistant import Assistant
from tests.browser.test_page import ANSWERED, ask, words
from ui.reading import document_link

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Site

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


@pytest.fixture(scope="module")
def insects(site: Site, model: SentenceTransformerEmbedder) -> Iterator[Assistant]:
    """Three more documents: a PDF, a long text, and one whose every word is an attack."""
    files = {
        "insects.pdf": sheets(),
        "long.txt": "\n\n".join(["Insects", *OTHERS * 40, SENTENCE, *OTHERS * 40]).encode(),
        "attack&<b>.txt": f"{ALARM}\n\nIntroduction\n\n{ALARM} {SENTENCE} {ALARM}\n".encode(),
    }
    for name, data in files.items():
        (site.seeds / name).write_bytes(data)
    assistant = Assistant(site.seeds, site.index, embedder=model)
    try:
        assistant.sync()
        yield assistant
    finally:
        for name in files:
            (site.seeds / name).unlink()
        assistant.sync()
        assistant.close()


@pytest.fixture
def read_at(site: Site, insects: Assistant, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens a document where its text says something, as a link on a card would."""

    def opened(name: str, quote: str = SENTENCE, **options: object) -> Page:
        page = open_page(**options)
        document = insects.document(name)
        start = document.text.index(quote)
        page.goto(f"{site.url}/{document_link(cite(document, Span(start, start + len(quote)), 1, 1.0))}")
        return page

    return opened


def in_view(found: Locator) -> bool:
    inside = (
        "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight && b.height > 0; }"
    )
    return bool(found.evaluate(inside))


def test_an_answer_leads_to_its_words_in_the_whole_document(page: Page, site: Site) -> None:
    ask(page, ANSWERED)
    card = page.locator(".pc-card").first
    with page.context.expect_page() as opening:
        card.get_by_role("link", name="Open in document").click()
    document = opening.value
    mark = document.locator("mark#cited")
    assert words("".join(document.locator("mark").all_text_contents())) == words(card.locator("mark").inner_text())
    assert in_view(mark)
    text = (site.seeds / card.locator(".pc-file").inner_text()).read_text(encoding="utf-8")
    assert words(document.locator("article").inner_text()).startswith(words(text)[:12]) or "not quoted from" in words(
        document.locator("article").inner_text()
    )
    document.close()


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_words_deep_in_a_long_document_are_in_view_at_once(read_at: Callable[..., Page], size: tuple[int, int]) -> None:
    page = read_at("long.txt", viewport={"width": size[0], "height": size[1]})
    assert page.locator("mark").text_content() == SENTENCE
    page.wait_for_timeout(300)
    assert in_view(page.locator("mark"))
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_the_page_of_a_pdf_has_a_box_over_the_words(read_at: Callable[..., Page], insects: Assistant) -> None:
    page = read_at("insects.pdf", viewport={"width": 1440, "height": 900})
    sheet, box = page.locator("#page-2 .sheet"), page.locator(".box")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.querySelector('#page-2 img').naturalWidth") >= 1000
    assert box.count() == 1 and in_view(box) and in_view(page.locator("mark"))

    document = insects.document("insects.pdf")
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
    page.wait_for_load_state("networkidle")
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
    page = read_at("attack&<b>.txt")  # `open_page` tells of dialogs, errors and requests that went astray
    assert ALARM in words(page.locator("article").inner_text())
    assert page.locator("article img, article svg, h1 img, h1 svg").count() == 0
    assert page.locator("mark").text_content() == SENTENCE


def test_several_places_are_walked_with_keys(site: Site, insects: Assistant, open_page: Callable[..., Page]) -> None:
    text = insects.document("long.txt").text
    at = [text.index(OTHERS[3]), text.index(SENTENCE)]
    page = open_page(reduced_motion="reduce")
    query = urlencode({"name": "long.txt", "start": at, "end": [one + 20 for one in at]}, doseq=True)
    page.goto(f"{site.url}/document?{query}#cited")
    for key, mark in (("n", "cited-2"), ("n", "cited"), ("p", "cited-2")):
        page.keyboard.press(key)
        page.wait_for_timeout(200)
        assert in_view(page.locator(f"#{mark}"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["insects.pdf", "attack&<b>.txt", "long.txt"])
def test_nothing_keeps_anybody_from_reading(read_at: Callable[..., Page], name: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = read_at(name, color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found.response["violations"]] == []


def test_without_scripts_the_words_are_found_as_well(read_at: Callable[..., Page], browser: object, site: Site) -> None:
    address = read_at("insects.pdf").url
    plain = browser.new_page(java_script_enabled=False, viewport={"width": 1440, "height": 900})  # type: ignore[attr-defined]
    plain.goto(address)
    box = plain.locator("mark").bounding_box()
    assert 0 < box["y"] < 900 and plain.locator(".box").count() == 1
    plain.close()
