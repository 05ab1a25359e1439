"""Nothing on the page moves under a reader's eyes or fingers while an answer comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from asking import ask

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

GOOD = 0.1  # a page of which all shifts come to less is called stable (web.dev, Cumulative Layout Shift)
QUESTIONS = (
    "What is given before CAR-T cells?",
    "How do CAR T cells find their target?",
    "What does the treatment cost in Norway?",
)

_WATCH = """
window.shifts = [];
new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => entry.value)))
    .observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 800)])
def test_while_answers_come_nothing_jumps(open_page: Callable[..., Page], width: int, height: int) -> None:
    page = open_page(viewport={"width": width, "height": height})
    assert page.evaluate("scrollY") == 0
    page.evaluate(f"() => {{{_WATCH}}}")
    for question in QUESTIONS:
        page.get_by_label("Your question").fill(question)
        page.wait_for_timeout(200)
        page.evaluate("shifts.length = 0")
        ask(page, question)
        page.locator("#pc-next button").first.wait_for()
        page.wait_for_timeout(200)
        assert sum(page.evaluate("shifts")) < GOOD


def test_on_a_phone_the_form_stays_at_the_foot_of_the_screen(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    form = "Math.round(document.querySelector('#pc-form').getBoundingClientRect().bottom)"
    assert page.evaluate(form) == 740
    ask(page, QUESTIONS[0])
    page.evaluate("scrollTo(0, 0)")
    assert page.evaluate(form) == 740
    # Its sources are below it, and not under it.
    page.locator("#pc-chat a.pc-cite").first.tap()
    page.locator("#pc-panel .pc-marked").wait_for()
    card = page.locator("#pc-panel .pc-marked").bounding_box()
    assert card
    assert page.evaluate(form) <= card["y"]
