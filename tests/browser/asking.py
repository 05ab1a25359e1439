"""How a person asks on the page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request


_STREAMS: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """Know of the page's streams: what Gradio sends of answers under way."""
    under_way = _STREAMS.setdefault(page, set())
    page.on("request", lambda request: under_way.add(request) if "/queue/data" in request.url else None)
    for ended in ("requestfinished", "requestfailed"):
        # Playwright looks at a handler's parameters, which a method of a set does not tell.
        page.on(ended, lambda request: under_way.discard(request))  # type: ignore[call-overload]  # noqa: PLW0108


def reload(page: Page) -> None:
    """Load the page anew, once it is still: Gradio calls a stream that this cuts off an error."""
    still = 0
    until = time.monotonic() + 60
    while still < 10 and time.monotonic() < until:
        page.wait_for_timeout(50)
        still = 0 if _STREAMS[page] else still + 1
    page.reload()


def ask(page: Page, question: str) -> None:
    """Type a question, press Enter, wait for what is said to it."""
    box = page.get_by_label("Your question")
    said = page.locator(".pc-answer, .pc-abstention, .pc-problem")
    before = said.count()
    box.fill(question)
    box.press("Enter")
    said.nth(before).wait_for()
    page.wait_for_function("!document.querySelector('.pc-working, .pc-coming, #pc-ask textarea:disabled')")


def settled(page: Page) -> None:
    """Wait until the page has done all that it does after an answer: suggestions are there, view and focus moved."""
    page.locator("#pc-next button").first.wait_for()
    page.evaluate(f"new Promise(done => {'requestAnimationFrame(() => ' * 3}done(){')' * 3})")
