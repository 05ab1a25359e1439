"""A page that documents attack, watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asking import watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

ALIVE = r"""() => {
    const parts = "#pc-header, #pc-strip, #pc-tabs, #pc-tip, dialog, #head, #frame";
    const known = /^(#|\?|document\?|page\?|\.\/$|https:\/\/doi\.org\/10\.)/;
    const made = "script, iframe, img:not([src^='page?']), code, pre, .katex, #pc-chat strong, [srcdoc]";
    const bad = one => one.matches(made)
        || [...one.attributes].some(each => /^on/.test(each.name) || /^\s*javascript:/i.test(each.value))
        || one.matches("b") && one.textContent === "loud"
        || one.matches("a") && !known.test(one.getAttribute("href"));
    return [...document.querySelectorAll(`:is(${parts}) *`)].filter(bad).map(one => one.outerHTML.slice(0, 200));
}"""
"""Finds the elements and attributes that only an attack could have made."""


@dataclass
class Watched:
    """A page, and what happened in it that must not."""

    page: Page
    strayed: list[str]


def watched(browser: Browser, address: str, **options: Any) -> Watched:
    """The page, opened so that nothing that goes wrong in it, or out of it, goes unseen."""
    strayed: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
    context.set_default_timeout(60_000)
    context.expose_function("canary", lambda: strayed.append("the canary sang"))

    def asked(dialog: Dialog) -> None:
        strayed.append(dialog.message)
        dialog.dismiss()

    def ours(url: str) -> bool:
        return url.startswith((f"{address}/", "data:", f"blob:{address}")) and "gone" not in url and "evil" not in url

    context.on("request", lambda asked: None if ours(asked.url.partition("?")[0]) else strayed.append(asked.url))
    context.on("response", lambda said: strayed.append(said.url) if said.status >= 400 else None)
    context.on("console", lambda line: strayed.append(line.text) if line.type in {"error", "warning"} else None)
    context.on("weberror", lambda error: strayed.append(str(error.error)))
    context.on("dialog", asked)
    page = context.new_page()
    watch(page)
    page.goto(address)
    page.get_by_label("Your question").wait_for()
    return Watched(page, strayed)
