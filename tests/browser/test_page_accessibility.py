"""That nobody is kept out of the page: screen readers, weak eyes, keyboards, and screens of any width."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from asking import ask

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SEVERAL = "What does each review say about B cells?"
NOT_ANSWERED = "What is the price of CAR T cells in Japan?"
CAR = "What is a CAR?"

_FOCUSED = """() => {
    const found = document.activeElement;
    const framed = one => one && getComputedStyle(one).outlineStyle !== "none"
        && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
    const name = found.getAttribute("aria-label") || found.labels?.[0]?.innerText || found.innerText;
    return {
        name: name.split("\\n")[0].trim(),
        seen: framed(found) || framed(found.closest("label")) || framed(found.closest(".wrap-inner")),
        inside: found !== document.body,
    };
}"""

# What a person could not see without moving the page sideways.
_BEYOND = """() => [...document.querySelectorAll("#pc-header *, #pc-tabs *")]
    .filter(one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter(one => !one.closest(".pc-unseen, caption, svg, .options"))
    .filter(one => { const box = one.getBoundingClientRect(); return box.width && box.right > innerWidth + 1; })
    .map(one => one.outerHTML.slice(0, 120))"""

_SETTLED = """() => document.getAnimations()
    .every(one => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""


def barriers(page: Page) -> list[str]:
    """What axe-core calls serious or critical in the page as it is, once what fades in (0.2 s) has done so."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_function(_SETTLED)
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def compare(page: Page) -> None:
    page.get_by_role("tab", name="Compare").click()
    box = page.get_by_label("Question to each review")
    box.fill(CAR)
    box.press("Enter")
    page.get_by_role("button", name="Save as CSV").wait_for()


def library(page: Page) -> None:
    page.get_by_role("tab", name="Library").click()
    page.locator(".pc-table").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_asking(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    found = {"before a question": barriers(page)}
    ask(page, SEVERAL)
    page.locator("a.pc-cite").first.focus()
    found["an answer, and the quote over its citation"] = barriers(page)
    page.locator(".pc-acts").get_by_role("button", name="Not helpful").click()
    page.get_by_label("A note on this answer").wait_for()
    found["a rating"] = barriers(page)
    page.get_by_role("button", name="New conversation").click()
    page.locator("#pc-examples button").first.wait_for()
    ask(page, NOT_ANSWERED)
    found["an abstention"] = barriers(page)
    page.locator("#pc-history summary").click()
    page.locator(".pc-kept-open").wait_for()
    found["the earlier conversations"] = barriers(page)
    page.keyboard.press("Escape")
    page.get_by_text("Which reviews to ask").click()
    page.get_by_label("Only these (all of them").click()
    page.get_by_role("option").first.click()
    found["the choice of reviews"] = barriers(page)
    assert {state: those for state, those in found.items() if those} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_comparing_or_from_the_shelf(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    page.get_by_role("tab", name="Compare").click()
    page.get_by_text("Put one question to several reviews.").wait_for()
    found = {"before a question": barriers(page)}
    compare(page)
    found["columns"] = barriers(page)
    library(page)
    found["the shelf"] = barriers(page)
    page.get_by_role("button", name="Remove").first.click()
    page.locator("dialog").wait_for()
    found["the question before a file is removed"] = barriers(page)
    assert {state: those for state, those in found.items() if those} == {}


def test_a_column_of_buttons_has_a_name_that_is_read_aloud(page: Page) -> None:
    library(page)
    assert page.get_by_role("columnheader", name="Remove").count() == 1
    assert page.get_by_role("searchbox", name="Search the shelf").count() == 1


@pytest.mark.parametrize("width", [360, 768, 1440, 3840])
def test_nothing_is_wider_than_the_window(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800})

    def too_wide() -> list[str]:
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        return list(page.evaluate(_BEYOND))

    assert too_wide() == []
    ask(page, SEVERAL)
    page.get_by_text("Which reviews to ask").click()
    assert too_wide() == []
    compare(page)
    assert too_wide() == []
    library(page)
    assert too_wide() == []


def tab_through(page: Page) -> list[str]:
    """The names of all that Tab leads to, from the page's beginning; each must show that it has the focus."""
    page.locator("#pc-header h1").click()
    names: list[str] = []
    while len(names) < 80:
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if not focused["inside"]:
            return names
        assert focused["seen"], focused["name"]
        names.append(focused["name"])
    raise AssertionError(names)


def test_tab_leads_through_the_page_in_the_order_of_reading(page: Page) -> None:
    ask(page, SEVERAL)
    page.locator("#pc-next button").first.wait_for()
    suggested = page.locator("#pc-next button").all_inner_texts()
    cards = page.locator(".pc-card").count()
    assert tab_through(page) == [
        *("Ask", "Compare", "Library"),
        *(f"Source {at}" for at in range(1, cards + 1)),
        *("Copy", "Export", "Edit", "Ask again", "Helpful", "Not helpful"),
        *suggested,
        *("Your question", "Ask", "Which reviews to ask", "New conversation", "Export"),
        *["Open in document"] * cards,
    ]
    compare(page)
    quotes = page.locator(".pc-review blockquote").count()
    assert tab_through(page) == [
        *("Ask", "Compare", "Library", "Question to each review", "Compare"),
        "Only these (the nearest to the question if none is chosen; 24 at most)",
        "How many, if none is chosen",
        *["Open in document"] * quotes,
        *("Save as CSV (spreadsheets)", "Save as Markdown", "Save as JSON, with offsets"),
    ]
    library(page)
    names = tab_through(page)
    assert names[3:7] == ["Drop files here, or choose them", "Search the shelf", "Update", "Rebuild"]
    assert names[-1].startswith("Remove ")


def test_everything_is_done_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.type(SEVERAL)  # the box has the focus when the page opens
    page.keyboard.press("Enter")
    page.locator(".pc-answer").wait_for()
    page.wait_for_function("!document.querySelector('#pc-ask textarea').disabled")
    page.locator("a.pc-cite").first.focus()
    assert page.get_by_role("tooltip").is_visible()
    page.keyboard.press("Enter")
    assert page.locator(".pc-marked").get_attribute("id") == "source-1-1"
    page.get_by_role("tab", name="Ask", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_label("Question to each review").wait_for()
    page.get_by_label("Question to each review").focus()
    page.keyboard.type(CAR)
    page.keyboard.press("Enter")
    page.locator(".pc-review").first.wait_for()
