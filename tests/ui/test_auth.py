"""A page that asks for a password: nothing of it is reached without one."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from served import Served, awaited, served, tiny_assistant
from starlette.routing import Mount

from ui.access import Access
from ui.guarding import Guard
from ui.login import COOKIE, LOGIN, LOGOUT, Doorkeeper, door, onward
from ui.passwords import Passwords, set_password
from ui.readiness import HEALTH, READY
from ui.sessions import Attempts

NAME, PASSWORD = "ada", "correct horse & staple"
HTML = {"Accept": "text/html,*/*"}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("auth") / "auth"
    for name in (NAME, "bob", "eve"):
        set_password(found, name, PASSWORD)
    return found


@pytest.fixture(scope="module")
def keeper(file: Path) -> Doorkeeper:
    return Doorkeeper(Passwords(file))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, file: Path) -> Iterator[Served]:
    with (
        tiny_assistant(tmp_path_factory.mktemp("shelf")) as assistant,
        served(assistant, Access(file, mcp=True)) as one,
    ):
        yield one


@pytest.fixture
def browser(site: Served) -> Iterator[httpx.Client]:
    with site.http(headers=HTML) as client:
        yield client


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures do not add up, neither those of other tests nor these: many of them have the same name, none."""
    monkeypatch.setattr(Attempts, "wait", lambda *_: 0.0)
    monkeypatch.setattr(Attempts, "failed", lambda *_: None)


def signed_in(client: httpx.Client, name: str = NAME, password: str = PASSWORD, **fields: str) -> httpx.Response:
    return client.post(LOGIN, data={"name": name, "password": password, **fields})


def routes(application: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every method and path that an application answers, those mounted in it too."""
    while not hasattr(application, "routes"):
        application = application._application
    for route in application.routes:
        if router := getattr(route, "original_router", None):  # FastAPI's, included
            yield from routes(router, prefix)
            continue
        path = prefix + re.sub(r"{[^}]*}", "x", route.path)
        if isinstance(route, Mount):
            yield "GET", f"{path}/x"
            yield from routes(route.app, path) if getattr(route.app, "routes", None) else ()
        else:
            yield from ((method, path) for method in sorted(getattr(route, "methods", None) or {"GET", "POST"}))


def test_every_route_there_is_asks_for_a_password(site: Served) -> None:
    found = {one for one in routes(site.application) if one[1] not in {HEALTH, READY}}
    assert {("POST", "/gradio_api/queue/join"), ("GET", "/gradio_api/file=x"), ("POST", "/mcp")} <= found
    assert len(found) > 80
    with site.http() as client:
        answers = {(method, path): client.request(method, path).status_code for method, path in found}
    answers = {one: status for one, status in answers.items() if one[1] not in {LOGIN, LOGOUT}}
    assert set(answers.values()) == {401}, {one: status for one, status in answers.items() if status != 401}


class Recorder:
    """An application that must not be reached."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached.append(scope["path"])


PATHS = st.text(max_size=20).map(lambda rest: f"/{rest}")
PATHS |= st.sampled_from(["/login/", "//login", "/login/..", "/health/x", "/LOGIN", "/logout/", "/login;x", "/", ""])


@given(
    path=PATHS,
    kind=st.sampled_from(["http", "websocket", "something new"]),
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "BREW"]),
    headers=st.lists(st.tuples(st.sampled_from(["cookie", "authorization", "accept"]), st.text(max_size=30))),
    root=st.sampled_from(["", "/pincite"]),
)
def test_nothing_without_a_session_gets_behind_the_guard(
    keeper: Doorkeeper, path: str, kind: str, method: str, headers: list[tuple[str, str]], root: str
) -> None:
    behind, sent = Recorder(), []
    guard = Guard(behind, keeper, door(keeper), Recorder())

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    raw = [(key.encode(), value.encode()) for key, value in headers]
    raw += [(b"cookie", f"{COOKIE}={'x' * 43}".encode())]
    scope = {
        "type": kind,
        "path": root + path,
        "root_path": root,
        "method": method,
        "headers": raw,
        "query_string": b"",
    }
    awaited(guard(scope, receive, send))
    assert behind.reached == []
    assert path in {HEALTH, READY} or sent


def test_a_websocket_is_not_opened(site: Served) -> None:
    with socket.create_connection(("127.0.0.1", site.port)) as line:
        line.sendall(
            f"GET /gradio_api/x HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        assert line.recv(100).startswith(b"HTTP/1.1 401")


def test_a_person_is_sent_to_sign_in_and_comes_back_where_they_were(browser: httpx.Client) -> None:
    sent = browser.get("/some/place?a=1&b=2")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/login?next=%2Fsome%2Fplace%3Fa%3D1%26b%3D2"
    page = browser.get(sent.headers["location"])
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert 'name="next" value="/some/place?a=1&amp;b=2"' in page.text
    back = signed_in(browser, next="/some/place?a=1&b=2")
    assert (back.status_code, back.headers["location"]) == (303, "/some/place?a=1&b=2")
    flags = back.headers["set-cookie"].lower()
    assert all(flag in flags for flag in ("httponly", "samesite=lax", "path=/", "max-age=43200"))
    assert "secure" not in flags
    assert browser.get("/").status_code == 200
    assert browser.get("/config").json()["title"] == "Pincite"


def test_a_cookie_is_only_sent_over_https_where_the_page_is(browser: httpx.Client) -> None:
    given = browser.post(LOGIN, data={"name": NAME, "password": PASSWORD}, headers={"X-Forwarded-Proto": "https"})
    assert "secure" in given.headers["set-cookie"].lower()


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(site: Served, browser: httpx.Client) -> None:
    signed_in(browser)
    kept = browser.cookies[COOKIE]
    out = browser.post(LOGOUT)
    assert (out.status_code, out.headers["location"], COOKIE in browser.cookies) == (303, LOGIN, False)
    assert out.headers["clear-site-data"] == '"storage"'
    assert site.get("/config", headers={"Cookie": f"{COOKIE}={kept}"}).status_code == 401


def test_signing_out_takes_a_form_and_not_a_link(browser: httpx.Client) -> None:
    signed_in(browser)
    assert browser.get(LOGOUT).status_code == 405
    assert browser.get("/config").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\x",
        "/login",
        "javascript:x",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(elsewhere: str) -> None:
    assert onward(elsewhere) == "/"


@given(st.text())
def test_whatever_is_asked_for_the_way_on_stays_on_this_page(asked: str) -> None:
    joined = httpx.URL("http://here.example/login").join(onward(asked))
    assert (joined.scheme, joined.host) == ("http", "here.example")


def test_what_is_shown_on_the_page_to_sign_in_is_escaped(browser: httpx.Client) -> None:
    page = browser.get(LOGIN, params={"next": '/"><script>alert(1)</script>{problem}'}).text
    assert "<script" not in page
    assert "&quot;&gt;&lt;script&gt;" in page


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(browser: httpx.Client) -> None:
    wrong, unknown = signed_in(browser, NAME, "wrong"), signed_in(browser, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text == unknown.text
    assert 'role="alert"' in wrong.text
    assert COOKIE not in browser.cookies
    assert signed_in(browser).status_code == 303


@pytest.mark.parametrize(
    "body", [b"", b"name=ada", b"x" * 20_000, b"\xff=\xff", b"name=ada&password=" + b"x" * 5000, b"a=1&" * 11]
)
@pytest.mark.usefixtures("patience")
def test_a_form_that_is_none_lets_nobody_in(browser: httpx.Client, body: bytes) -> None:
    assert browser.post(LOGIN, content=body).status_code == 403


def test_a_program_is_asked_for_a_password_and_a_browser_is_not(browser: httpx.Client) -> None:
    assert "Basic" in browser.get("/config", headers={"Accept": "*/*"}).headers["www-authenticate"]
    fetched = browser.get("/config", headers={"Accept": "*/*", "Sec-Fetch-Site": "same-origin"})
    assert (fetched.status_code, "www-authenticate" in fetched.headers) == (401, False)


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic YWRh", "Bearer x", "Basic //////", "Basic OmE="])
@pytest.mark.usefixtures("patience")
def test_credentials_that_are_none_let_nobody_in(browser: httpx.Client, header: str) -> None:
    assert browser.get("/config", headers={"Authorization": header, "Accept": "*/*"}).status_code == 401


def test_a_program_signs_each_request_and_the_password_is_worked_through_once(
    site: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    check = Passwords.check

    def watched(self: Passwords, name: str, password: str) -> bool:
        checked.append(name)
        return check(self, name, password)

    monkeypatch.setattr(Passwords, "check", watched)
    with site.http(auth=("eve", PASSWORD)) as program:
        assert [program.get("/config").status_code for _ in range(5)] == [200] * 5
        assert checked == ["eve"]
        assert program.get("/config", auth=("eve", "wrong")).status_code == 401


def test_guessing_is_slowed_down_for_any_name(site: Served) -> None:
    with site.http() as client:
        assert signed_in(client, "bob").status_code == 303
        client.cookies.clear()
        codes = [signed_in(client, "mallory", f"guess {at}").status_code for at in range(8)]
        assert codes[0] == 403
        assert codes[-1] == 429
        waiting = signed_in(client, "mallory", "guess")
        assert int(waiting.headers["retry-after"]) >= 1
        assert "Try again in" in waiting.text
        assert client.get("/config", auth=("mallory", "guess")).status_code == 429
        assert signed_in(client, "bob").status_code == 303  # who is known here; nor do later tests wait


def test_a_new_password_ends_the_sessions_of_the_old_one(tmp_path: Path) -> None:
    set_password(tmp_path / "auth", NAME, PASSWORD)
    keeper = Doorkeeper(Passwords(tmp_path / "auth"))

    async def story() -> list[str]:
        cookies = {COOKIE: await keeper.sign_in(NAME, PASSWORD, "here")}
        before = await keeper.who(cookies, "", "here")
        set_password(tmp_path / "auth", NAME, "another horse")
        return [before, await keeper.who(cookies, "", "here")]

    assert awaited(story()) == [NAME, ""]


def test_anyone_may_ask_whether_it_is_well_and_learns_nothing_else(site: Served) -> None:
    told = site.get(f"{HEALTH}").json()
    assert (told.pop("status"), told.pop("index"), list(told)) == ("ok", True, ["version"])


def test_the_password_file_and_the_machine_cannot_be_fetched(site: Served, file: Path) -> None:
    with site.http(auth=(NAME, PASSWORD)) as client:
        for path in (file, Path("/etc/passwd"), Path(__file__), Path("README.md"), Path.cwd() / "pincite.toml"):
            assert client.get(f"/gradio_api/file={path}").status_code in {403, 404}
        assert client.get("/gradio_api/file=https://evil.example/x").status_code in {403, 404}
        assert client.get("/gradio_api/proxy=https://evil.example/x").status_code >= 400
