"""How a person asks on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def ask(page: Page, question: str) -> None:
    """Type a question, press Enter, wait for what is said to it."""
    box = page.get_by_label("Your question")
    said = page.locator(".pc-answer, .pc-abstention, .pc-problem")
    before = said.count()
    box.fill(question)
    box.press("Enter")
    said.nth(before).wait_for()
    page.wait_for_function("!document.querySelector('#pc-ask textarea').disabled")
