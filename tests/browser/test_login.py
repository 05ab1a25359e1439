"""Signing in, asking and signing out, in a real browser, behind a proxy's path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from served import Served, served, tiny_assistant

from ui.access import Access
from ui.passwords import set_password

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("locked")
    set_password(folder / "auth", "ada", PASSWORD)
    access = Access(folder / "auth", root_path="/pincite")
    with tiny_assistant(folder) as assistant, served(assistant, access) as site:
        yield site


def sign_in(page: Page, password: str) -> None:
    """With the keyboard alone, once the page has put the cursor where one writes."""
    page.wait_for_function("document.activeElement === document.querySelector('input[autocomplete=username]')")
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_signs_in_asks_and_signs_out(browser: Browser, locked: Served, scheme: str, tmp_path: Path) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 740})  # type: ignore[arg-type]
    page.set_default_timeout(60_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{locked.url}/pincite/")
    assert page.url == f"{locked.url}/pincite/login"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.get_by_label("Name").evaluate("field => field === document.activeElement")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 248)"
    assert light == (scheme == "light")

    sign_in(page, "wrong")
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("alert").inner_text() == "Name or password is wrong."
    assert wrong == [f"{locked.url}/pincite/login"]
    wrong.clear()

    sign_in(page, PASSWORD)
    box = page.get_by_label("Your question")
    box.wait_for()
    assert page.url == f"{locked.url}/pincite/"
    box.fill("Who wrote about B cells?")
    box.press("Enter")
    page.locator(".pc-answer, .pc-abstention").wait_for()
    assert wrong == []

    kept = "JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage)])"
    page.wait_for_function("localStorage.length")
    page.evaluate("localStorage.setItem('another-page', 'stays')")
    assert "pincite:/pincite/" in page.evaluate(kept)
    # The page's own script is to clear what it kept, whatever the browser makes of the server's wish.
    page.route("**/logout", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_function("!Object.keys(localStorage).some(key => key.startsWith('pincite'))")
    assert page.evaluate(kept) == '[["another-page"],[]]'
    page.unroute("**/logout")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()
    page.goto(f"{locked.url}/pincite/")
    assert page.get_by_label("Password").is_visible()
    page.close()


def test_a_form_on_another_site_signs_nobody_out(browser: Browser, locked: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{locked.url}/pincite/")
    sign_in(page, PASSWORD)
    page.get_by_label("Your question").wait_for()
    other = context.new_page()
    other.route("http://evil.example/*", lambda route: route.fulfill(body="<p>A page", content_type="text/html"))
    other.goto("http://evil.example/")
    target = f"{locked.url}/pincite"
    with other.expect_navigation():
        other.evaluate(
            """target => {
                document.body.innerHTML = `<form method="post" action="${target}/logout"></form>`;
                document.forms[0].submit();
            }""",
            target,
        )
    assert "Sent by another site's page." in other.content()
    page.reload()
    page.get_by_label("Your question").wait_for()
    context.close()
