"""A page of another site, open in the same browser, can do nothing here with the rights of who is signed in.

The other site is on this machine too, at another port: to the browser it is the same *site*, so that it sends the
cookie along, and only the server can tell the two apart.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from served import SEEDS, Served, served, tiny_assistant
from test_login import PASSWORD, sign_in

from ui.access import Access
from ui.passwords import set_password

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

SENDS = ("gradio_api/queue/join", "gradio_api/call/answer", "gradio_api/call/v2/answer", "gradio_api/upload", "mcp")
SENDS += ("gradio_api/run/predict", "gradio_api/cancel", "gradio_api/reset", "login", "logout")
DOCUMENT = f"document?name={min(SEEDS.glob('*.txt')).name}"
READS = ("", "config", DOCUMENT, "gradio_api/info", "metrics", "health")

_SEND = """async ([url, body, type]) => {
    const files = new FormData();
    files.append("files", new File(["planted"], "planted.txt"));
    const sent = { method: "POST", mode: type === "cors" ? "cors" : "no-cors", credentials: "include" };
    sent.body = type === "files" ? files : body;
    if (type === "cors") {
        sent.headers = { "Content-Type": "application/json" };
    }
    try {
        return (await fetch(url, sent)).type;
    } catch {
        return "failed";
    }
}"""
_READ = """async url => {
    const read = [];
    for (const mode of ["cors", "no-cors"]) {
        try {
            read.push(await (await fetch(url, { mode, credentials: "include" })).text());
        } catch {}
    }
    for (const [tag, key] of [["img", "src"], ["script", "src"], ["link", "href"]]) {
        const element = document.createElement(tag);
        element.rel = "stylesheet";
        const loaded = new Promise(done => { element.onload = () => done(tag); element.onerror = () => done(""); });
        element[key] = url;
        document.head.append(element);
        read.push(await loaded);
    }
    return read.filter(Boolean);
}"""


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("locked")
    set_password(folder / "auth", "ada", PASSWORD)
    with tiny_assistant(folder) as assistant, served(assistant, Access(folder / "auth", mcp=True)) as site:
        yield site


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The other site."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>Another site</title><link rel=icon href=data:,>")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Empty) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, locked: Served) -> Iterator[BrowserContext]:
    """A browser in which a person has signed in, and at the end still is."""
    context = browser.new_context()
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(locked.url)
    sign_in(page, PASSWORD)
    page.get_by_label("Your question").wait_for()
    yield context
    page.reload()
    page.get_by_label("Your question").wait_for()
    context.close()


@pytest.fixture
def page(signed_in: BrowserContext, elsewhere: str) -> Iterator[Page]:
    """A page of the other site, in the same browser."""
    opened = signed_in.new_page()
    opened.goto(elsewhere)
    yield opened
    opened.close()


def test_it_can_send_nothing(page: Page, locked: Served) -> None:
    statuses: list[int] = []
    cookies: list[str] = []
    line = page.context.new_cdp_session(page)  # hears what is answered, also where the browser keeps it from the page
    line.send("Network.enable")
    line.on("Network.responseReceivedExtraInfo", lambda told: statuses.append(told["statusCode"]))
    line.on("Network.requestWillBeSentExtraInfo", lambda told: cookies.append(told["headers"].get("Cookie", "")))
    for path in SENDS:
        for kind in ("text", "files", "cors"):
            page.evaluate(_SEND, [f"{locked.url}/{path}", '{"data": ["Did the kidney recover?"]}', kind])
    page.wait_for_timeout(100)
    assert len(statuses) >= 2 * len(SENDS)
    assert set(statuses) == {403}
    assert any("session" in one for one in cookies)  # it came with her rights, and is refused all the same


def test_it_can_read_nothing(page: Page, locked: Served) -> None:
    for path in READS:
        assert page.evaluate(_READ, f"{locked.url}/{path}") == [], path


def test_it_can_show_it_in_no_frame(page: Page, locked: Served) -> None:
    for path in ("", DOCUMENT, "login"):
        page.evaluate(
            """url => new Promise(done => {
                const frame = document.createElement("iframe");
                frame.onload = done;
                frame.src = url;
                document.body.replaceChildren(frame);
            })""",
            f"{locked.url}/{path}",
        )
        assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"]
