"""What is sent to the page may name no file of the machine and no address; what is uploaded stays where uploads are."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from attack_site import SECRET, Attacked, attacked, leaks, status

NAMES = [
    "../../escaped.txt",
    "..\\..\\escaped.txt",
    "/tmp/escaped-absolutely.txt",
    "C:\\Windows\\escaped.txt",
    "....//....//escaped.txt",
    "%2e%2e%2fescaped.txt",
    "..%c0%afescaped.txt",
    "．．／escaped.txt",
    "..∕escaped.txt",
    "a" * 300 + ".txt",
    "治" * 300 + ".txt",
    "a\x01\x1b[2Jb.txt",
    "gpj.\u202etxt.exe",
    "e\u0301\u0301\u0301\ufeff\u200b.txt",
    "con.txt",
    "NUL",
    "aux.pdf",
    ".",
    "..",
    " ",
    ".htaccess",
    "state.json",
    "-rf",
    "$(touch escaped).txt",
    "`touch escaped`.txt",
    ";touch escaped;.txt",
    "'; DROP TABLE documents; --.txt",
    "<img src=x onerror=alert(1)>.txt",
    "~/escaped.txt",
    "file.txt::$DATA",
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(home / "uploads"))
        patch.chdir(home)
        with attacked(home) as one:
            yield one


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """An address of this machine that another service has, and what was asked of it."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        do_HEAD = do_POST = do_GET  # noqa: N815 - so http.server wants them

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of other machines that anything here wants to reach; none is reached."""
    found: list[str] = []

    def nowhere(host: Any, *_: Any, **__: Any) -> Any:
        if host not in {"127.0.0.1", "::1", "localhost", None}:
            found.append(str(host))
            raise OSError("no network in this test")
        return look_up(host, *_, **__)

    import socket

    look_up = socket.getaddrinfo
    monkeypatch.setattr("socket.getaddrinfo", nowhere)
    return found


def inputs(page: Attacked) -> list[dict[str, Any]]:
    """Every handler of the page: its number, and how many values it is given."""
    found: list[dict[str, Any]] = page.site.get("/config").json()["dependencies"]
    assert len(found) > 20
    return found


def files(path: str) -> list[Any]:
    """A file as components of Gradio take it, in the shapes in which they have."""
    one = {"path": path, "url": path, "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}
    return [
        one,
        [one],
        {"value": one},
        {"files": [one], "text": "x"},
        [{"role": "user", "content": one}],
        {"path": path},
        path,
        {"__type__": "update", "value": one},
    ]


def asked(page: Attacked, path: str, body: dict[str, Any]) -> bytes:
    """All that comes of a request: its answer, and what was answered to its waiting."""
    with page.site.http() as client:
        said = client.post(path, json=body)
        found = said.content
        if said.status_code == 200 and "event_id" in said.text and (waited := body.get("session_hash")):
            with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": waited}) as stream:
                found += stream.read()
        elif said.status_code == 200 and "/call/" in path:
            event = said.json()["event_id"]
            with client.stream("GET", f"{path.replace('/v2', '')}/{event}") as stream:
                found += stream.read()
    return found


def wanted(page: Attacked, canary: str) -> list[str]:
    """What is asked for: files of the machine, its shelf's parent, services of it and of its cloud."""
    home = page.uploads.parent
    return [
        *map(str, page.secrets),
        f"{home}/seeds/../secret.txt",
        str(page.uploads / "folder" / "secret.txt"),
        "~/.ssh/id_ed25519",
        f"file://{page.secrets[0]}",
        f"{canary}/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://evil.example/x",
    ]


def test_a_question_that_names_a_file_or_an_address_is_refused(
    page: Attacked, canary: tuple[str, list[str]], looked_up: list[str]
) -> None:
    for path in wanted(page, canary[0])[::2]:
        for one in files(path)[:5:2]:
            found = asked(page, "/gradio_api/call/v2/answer", {"question": one, "history": None, "documents": one})
            assert b"No files are taken here" in found, found
            assert not leaks(found), found
    for path in wanted(page, canary[0]):
        found = asked(page, "/gradio_api/call/search", {"data": [path, 3, None]})
        assert b"event: complete" in found, found
        assert not leaks(found), found
    assert (canary[1], looked_up) == ([], [])


def test_no_handler_of_the_page_takes_a_file_or_fetches_one(
    page: Attacked, canary: tuple[str, list[str]], looked_up: list[str]
) -> None:
    paths = wanted(page, canary[0])
    for at, handler in enumerate(inputs(page)):
        path = paths[at % len(paths)]
        one = files(path)[at % 4]
        body = {"data": [one for _ in handler["inputs"]], "fn_index": handler["id"], "session_hash": f"attack {at}"}
        assert not leaks(asked(page, "/gradio_api/queue/join", {**body, "event_data": one})), (handler, one)
    assert (canary[1], looked_up) == ([], [])
    assert page.well()


def test_the_page_fetches_no_address_for_anybody(
    page: Attacked, canary: tuple[str, list[str]], looked_up: list[str]
) -> None:
    for address in (*wanted(page, canary[0])[-4:], "https://example.org/", "http://localhost:1/", "//evil.example/x"):
        for way in ("file=", "proxy=", "file/", "stream/", "file%3D", "proxy%3D"):
            found = page.get(f"/gradio_api/{way}{address}")
            assert (status(found), leaks(found)) == (404, False)
    hosts = "X-Forwarded-Host: 169.254.169.254\r\nX-Forwarded-Proto: http\r\nForwarded: host=169.254.169.254\r\n"
    for target in ("/", "/config", "/gradio_api/info"):
        assert status(page.get(target, f"{hosts}X-Gradio-Server: {canary[0]}\r\nReferer: {canary[0]}\r\n")) == 200
    assert (canary[1], looked_up) == ([], [])


def test_whatever_an_upload_is_called_it_lies_among_the_uploads(page: Attacked) -> None:
    home = page.uploads.parent
    before = {path for path in home.rglob("*") if page.uploads not in path.parents}
    for name in NAMES:
        boundary = "----x"
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            f"Content-Type: text/plain\r\n\r\nwords\r\n--{boundary}--\r\n"
        ).encode()
        head = (
            f"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1:{page.site.port}\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        found = page.raw(head + body)
        assert status(found) in {200, 400, 422}, (name, found[:300])
        if status(found) == 200:
            for path in json.loads(found.partition(b"\r\n\r\n")[2]):
                real = Path(path).resolve()
                assert page.uploads.resolve() in real.parents, (name, path)
                assert real.read_bytes() == b"words"
                assert len(real.name.encode()) <= 255
                assert not any(ord(letter) < 32 for letter in real.name)
    assert {path for path in home.rglob("*") if page.uploads not in path.parents} == before
    assert not Path("/tmp/escaped-absolutely.txt").exists()
    assert page.well()


def acted(page: Attacked, wish: dict[str, Any], session: str) -> bytes:
    """What comes of a wish sent to the Library, as its page would send it."""
    for handler in inputs(page):
        if any(event == "submit" for _, event in handler["targets"]) and len(handler["outputs"]) == 4:
            body = {"data": [None], "event_data": wish, "fn_index": handler["id"], "session_hash": session}
            return asked(page, "/gradio_api/queue/join", body)
    raise AssertionError("the Library has no handler")


def on_the_shelf(page: Attacked) -> list[str]:
    return sorted(path.name for path in (page.uploads.parent / "seeds").iterdir())


def test_nothing_but_what_was_uploaded_can_be_put_on_the_shelf(page: Attacked) -> None:
    before = on_the_shelf(page)
    (mine,) = page.site.post("/gradio_api/upload", files={"files": ("mine.txt", b"Some words of mine.")}).json()
    others = [*page.secrets, page.uploads / "link.txt", Path(mine).parent / ".." / "folder" / "secret.txt"]
    for secret in others:
        found = acted(page, {"act": "add", "files": [{"path": str(secret), "name": "mine.txt"}]}, "adding others")
        assert b"it did not arrive" in found or b'"success":false' in found, found
        assert not leaks(found)
    assert on_the_shelf(page) == before
    acted(page, {"act": "add", "files": [{"path": mine, "name": "../../mine.txt"}]}, "adding mine")
    assert on_the_shelf(page) == sorted([*before, "mine.txt"])
    assert all(secret.exists() for secret in page.secrets)


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "..", "", "\x00", "../index/index.sqlite"])
def test_nothing_but_a_document_can_be_taken_off_the_shelf(page: Attacked, name: str) -> None:
    lying = [secret.read_bytes() for secret in page.secrets]
    found = acted(page, {"act": "remove", "name": name}, "removing")
    assert b"Not on the shelf" in found, found
    assert not leaks(found)
    assert [secret.read_bytes() for secret in page.secrets] == lying


@pytest.mark.parametrize(
    "wish", [{"act": "add", "files": 7}, {"act": ["x"]}, {"act": "add", "files": [[], 1, {"path": {}}]}, {"act": None}]
)
def test_a_wish_that_is_none_harms_nobody(page: Attacked, wish: dict[str, Any]) -> None:
    before = on_the_shelf(page)
    acted(page, wish, "nonsense")
    assert on_the_shelf(page) == before
    assert page.well()
