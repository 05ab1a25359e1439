"""The chat page as a person meets it, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from asking import ask, reload

from index.embedding import SentenceTransformerEmbedder
from rag.assistant import Assistant

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

ANSWERED = "Which autoimmune diseases have first clinical results with CAR T cells?"
SEVERAL = "What does each review say about B cells?"
SAFETY = "What is known about the safety of CAR T cells?"
NOT_ANSWERED = "What is the price of CAR T cells in Japan?"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> ${alert(3)} {{alert(4)}} [x](javascript:alert(5))"


def words(text: str) -> str:
    return " ".join(text.split())


def test_an_answer_has_numbers_and_beside_it_the_words_it_stands_on(page: Page, site: Site) -> None:
    ask(page, SEVERAL)
    numbers = page.locator(".pc-answer a.pc-cite").all_inner_texts()
    assert numbers == [f"[{at}]" for at in range(1, len(numbers) + 1)]
    assert "Blache et al. (2023)" in page.locator(".pc-answer").inner_text()
    marks = page.locator(".pc-card mark").all_inner_texts()
    files = page.locator(".pc-card .pc-file").all_inner_texts()
    assert len(marks) == len(files) == len(numbers) > 1
    for mark, file in zip(marks, files, strict=True):
        assert words(mark) in words((site.seeds / file).read_text(encoding="utf-8"))
        assert words(mark) in words(page.locator(".pc-answer").inner_text())
    assert "RMD Open" in page.locator(".pc-card").filter(has_text="Blache, U.").inner_text()
    assert "RMD Open" not in page.locator(".pc-card").filter(has_text="Andrea R Daamen").inner_text()


def test_a_number_brings_its_card_into_view_and_marks_it(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    ask(page, SEVERAL)
    last = page.locator(".pc-card").last
    assert not _in_view(page, last.get_attribute("id"))
    page.locator(".pc-answer a.pc-cite").last.click()
    assert page.locator(".pc-card.pc-marked").count() == 1
    assert "pc-marked" in str(last.get_attribute("class"))
    assert _in_view(page, last.get_attribute("id"))
    ask(page, SAFETY)
    assert page.locator(".pc-marked").count() == 0


def _in_view(page: Page, card: str | None) -> bool:
    top, bottom = page.evaluate(
        "id => { const box = document.getElementById(id).getBoundingClientRect(); return [box.top, box.bottom]; }", card
    )
    return bool(top >= 0 and bottom <= page.evaluate("innerHeight") + 1)


def test_an_abstention_looks_like_one_and_shows_what_came_nearest(page: Page) -> None:
    ask(page, NOT_ANSWERED)
    said = page.locator(".pc-abstention").inner_text()
    assert "The reviews do not answer this." in said
    assert "price" in said
    assert page.locator(".pc-answer").count() == 0
    assert page.locator(".pc-near").count() > 0
    assert page.locator("mark").count() == 0
    assert "Nearest passages" in page.locator("#pc-panel").text_content()  # type: ignore[operator]


def test_an_example_is_asked_at_a_click_and_a_follow_up_leans_on_it(page: Page) -> None:
    examples = page.locator("#pc-examples button")
    assert examples.count() == 4
    question = examples.first.inner_text()
    examples.first.click()
    page.locator(".pc-answer").wait_for()
    assert page.locator(".pc-question").inner_text() == question
    page.wait_for_function("!document.querySelector('#pc-ask textarea').disabled")
    assert not examples.first.is_visible()
    ask(page, "And in which diseases were they tried?")
    understood = page.locator(".pc-understood").inner_text()
    read_as, brought = understood.rstrip(")").split(" (", 1)
    assert read_as == "Read as: And in which diseases were they tried?"
    assert all(part in question for part in brought.split("; "))
    earlier = page.locator(".pc-answer").first.locator("a.pc-cite").first
    earlier.click()
    assert "source-1-1" in str(page.locator(".pc-marked").get_attribute("id"))


def test_a_new_conversation_starts_afresh_and_nothing_asked_is_nothing_done(page: Page) -> None:
    page.get_by_label("Your question").press("Enter")
    page.get_by_role("button", name="Ask", exact=True).click()
    ask(page, ANSWERED)
    assert page.locator(".pc-question").count() == 1
    page.get_by_role("button", name="New conversation").click()
    page.locator("#pc-examples button").first.wait_for()
    assert page.locator(".pc-question, .pc-card").count() == 0
    ask(page, "And the safety of CAR T cells?")
    assert page.locator(".pc-understood").count() == 0


def test_a_question_is_shown_and_not_obeyed(page: Page) -> None:
    ask(page, HOSTILE)
    assert page.locator(".pc-question").inner_text() == HOSTILE
    assert page.locator("#pc-chat img, #pc-panel img, #pc-chat script, #pc-panel script").count() == 0


def test_on_a_phone_nothing_is_wider_than_the_screen(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    ask(page, SEVERAL)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("a.pc-cite").nth(1).tap()
    assert "source-1-2" in str(page.locator(".pc-marked").get_attribute("id"))
    assert page.evaluate("document.querySelector('.pc-marked').getBoundingClientRect().top >= 0")


def test_the_page_follows_the_light_of_the_room(open_page: Callable[..., Page]) -> None:
    page = open_page(color_scheme="dark")
    paper = page.evaluate("getComputedStyle(document.querySelector('.gradio-container')).backgroundColor")
    assert sum(int(part) for part in paper[4:-1].split(",")[:3]) < 150


def test_of_gradio_nothing_is_offered_but_what_the_page_needs(page: Page) -> None:
    assert page.title() == "Pincite"
    for frill in ("Built with Gradio", "Use via API", "Settings"):
        assert page.get_by_text(frill).count() == 0
    told = page.request.get(f"{page.url}gradio_api/info").json()
    assert list(told["named_endpoints"]) == ["/answer", "/search", "/documents"]
    assert told["unnamed_endpoints"] == {}


def test_a_page_of_another_site_cannot_read_it(site: Site, page: Page) -> None:
    foreign = page.request.get(site.url, headers={"Host": "evil.example"})
    assert foreign.status == 400
    assert "default-src 'self'" in page.request.get(site.url).headers["content-security-policy"]


def test_a_port_that_is_taken_is_said_and_the_next_free_one_used(site: Site) -> None:
    first, last = site.announced
    port = int(site.url.rpartition(":")[2])
    assert site.asked_port < port <= site.asked_port + 50
    assert first == f"Port {site.asked_port} is taken; using {port}."
    assert last == f"Pincite is at http://127.0.0.1:{port}"


def test_a_new_review_is_answered_from_and_its_words_are_only_words(
    page: Page, site: Site, model: SentenceTransformerEmbedder
) -> None:
    assert "2 reviews" in page.locator(".pc-count").inner_text()
    sentence = "Bumblebee <img src=x onerror=alert(1)> colonies ${alert(2)} <script>alert(3)</script> sleep in winter."
    (site.seeds / "bees.txt").write_text(f"Bumblebee colonies\n\n{sentence} They wake in spring.\n", encoding="utf-8")
    try:
        assistant = Assistant(site.seeds, site.index)
        assistant.embedder = model
        assistant.sync()
        ask(page, "When do bumblebee colonies sleep?")
        assert words(page.locator(".pc-card mark").first.inner_text()) == sentence
        assert page.locator("#pc-chat img, #pc-panel img, #pc-chat script, #pc-panel script").count() == 0
        reload(page)
        page.get_by_text("3 reviews on the shelf").wait_for()
    finally:
        (site.seeds / "bees.txt").unlink()
        assistant.sync()
