"""Nothing on the page moves under a reader's eyes or fingers while an answer comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from asking import ask

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

GOOD = 0.1  # what Cumulative Layout Shift, https://web.dev/articles/cls, calls good
QUESTIONS = (
    "What is given before CAR-T cells?",
    "How do CAR T cells find their target?",
    "What does the treatment cost in Norway?",
)
FORM = "Math.round(document.querySelector('#pc-form').getBoundingClientRect().bottom)"

# In each frame: how far down the form ends, and where on the page each question and each thing said stands.
_WATCH = """
window.shifted = 0;
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
        window.shifted += entry.hadRecentInput ? 0 : entry.value;
    }
}).observe({ type: "layout-shift", buffered: true });
window.seen = {};
(function look() {
    const note = (name, at) => (window.seen[name] ??= new Set()).add(Math.round(at));
    note("form", document.querySelector("#pc-form").getBoundingClientRect().bottom);
    for (const words of document.querySelectorAll("#pc-chat :is(.pc-question, .pc-said, .pc-reason)")) {
        note(words.textContent, words.getBoundingClientRect().top + scrollY);
    }
    requestAnimationFrame(look);
})();
"""


def test_on_a_phone_nothing_moves_while_answers_come(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    assert page.evaluate("scrollY") == 0
    assert page.evaluate(FORM) == 740
    page.evaluate(f"() => {{{_WATCH}}}")
    for question in QUESTIONS:
        page.evaluate("window.seen = {}")
        ask(page, question)
        page.locator("#pc-next button").first.wait_for()
        page.wait_for_timeout(200)
        seen = page.evaluate("Object.fromEntries(Object.entries(seen).map(([name, at]) => [name, [...at]]))")
        assert question in seen
        assert {name: at for name, at in seen.items() if len(at) > 1} == {}
        assert seen["form"] == [740]
        assert page.evaluate("shifted") < GOOD


def test_on_a_desk_nothing_moves_while_answers_come(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    form = page.evaluate(FORM)
    page.evaluate(f"() => {{{_WATCH}}}")
    for question in QUESTIONS:
        ask(page, question)
        page.locator("#pc-next button").first.wait_for()
        page.wait_for_timeout(200)
        assert page.evaluate("[...seen.form]") == [form]
        assert page.evaluate("shifted") < GOOD


def test_on_a_phone_the_sources_are_below_the_form_and_not_under_it(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    ask(page, QUESTIONS[0])
    page.locator("#pc-chat a.pc-cite").first.tap()
    page.locator("#pc-panel .pc-marked").wait_for()
    card = page.locator("#pc-panel .pc-marked").bounding_box()
    assert card
    assert page.evaluate(FORM) <= card["y"]
