"""Where the page is served: who may reach it, under which name, and what other sites' pages may do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from served import Served, served, tiny_assistant

from index.errors import UsageError
from rag import Assistant
from rag.settings import load_settings
from ui.access import Access, refuse_open_house
from ui.cli import main
from ui.passwords import set_password

EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with tiny_assistant(tmp_path_factory.mktemp("shelf")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def local_site(shelved: Assistant) -> Iterator[Served]:
    with served(shelved, Access(mcp=True)) as site:
        yield site


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost", "LOCALHOST"])
def test_this_machine_alone_needs_no_password(host: str) -> None:
    refuse_open_house(host, Access())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "reviews.example.org", "localhost.example.org", ""])
def test_a_public_host_needs_a_password_or_leave(host: str) -> None:
    with pytest.raises(UsageError, match=r"--auth-file FILE.*--no-auth"):
        refuse_open_house(host, Access())
    refuse_open_house(host, Access(no_auth=True))
    refuse_open_house(host, Access(auth_file=Path("auth")))


def test_password_and_no_password_at_once_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="give one"):
        refuse_open_house("127.0.0.1", Access(auth_file=Path("auth"), no_auth=True))


@pytest.mark.parametrize("environment", [{}, {"PINCITE_HOST": "0.0.0.0"}])
def test_the_command_refuses_before_it_does_anything(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    shelf: Path,
    environment: dict[str, str],
) -> None:
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setattr(sys, "argv", ["pincite", "ui", *([] if environment else ["--host", "0.0.0.0"])])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "--no-auth" in capsys.readouterr().err
    assert not (tmp_path / ".pincite").exists()


def test_a_password_file_that_is_not_there_is_said(shelved: Assistant, tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="pincite password NAME"),
        served(shelved, Access(auth_file=tmp_path / "none"), host="0.0.0.0"),
    ):
        pass


@pytest.mark.parametrize("root", ["", "/", "/pincite", "/a/b/", "https://a.example", "https://a.example:8443/pincite"])
def test_a_root_path_is_a_path_or_an_address(root: str) -> None:
    assert load_settings(root_path=root).root_path == root


@pytest.mark.parametrize("root", ["pincite", "//evil", "/a?b", "ftp://a", "/a b", "https://", "/a#b", 'https://a"b'])
def test_what_is_no_root_path_is_refused(root: str) -> None:
    with pytest.raises(UsageError, match="root_path"):
        load_settings(root_path=root)


def test_a_page_of_another_site_may_send_nothing_to_it(local_site: Served) -> None:
    asked = {"question": "Who wrote about B cells?"}
    with local_site.http() as client:
        for headers in (
            {"Origin": EVIL},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:1"},
            {"Origin": ""},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Referer": f"{EVIL}/page"},
        ):
            for path in (
                "/gradio_api/call/v2/answer",
                "/gradio_api/queue/join",
                "/gradio_api/upload",
                "/mcp",
                "/login",
            ):
                assert client.post(path, json=asked, headers=headers).status_code == 403, (path, headers)
        for headers in ({}, {"Origin": local_site.url}, {"Sec-Fetch-Site": "same-origin"}, {"Referer": local_site.url}):
            assert client.post("/gradio_api/call/v2/answer", json=asked, headers=headers).status_code == 200


def test_a_page_of_another_site_may_read_nothing_of_it(local_site: Served) -> None:
    with local_site.http() as client:
        assert client.get("/config", headers={"Origin": EVIL}).status_code == 403
        preflight = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
        assert client.options("/gradio_api/queue/join", headers=preflight).status_code == 403
        own = client.get("/config", headers={"Origin": local_site.url})
        assert own.status_code == 200
        assert not [name for name in own.headers if name.startswith("access-control")]
        assert own.headers["cross-origin-resource-policy"] == "same-origin"
        assert client.get("/", headers={"Sec-Fetch-Site": "cross-site", "Referer": EVIL}).status_code == 200  # a link


@pytest.mark.parametrize("path", ["/", "/config", "/mcp", "/health"])
def test_another_name_that_leads_here_is_another_site(local_site: Served, path: str) -> None:
    for host in ("evil.example", f"evil.example:{local_site.port}", "127.0.0.1.evil.example", "localhost@evil.example"):
        assert local_site.get(path, headers={"Host": host}).status_code == 400
        assert local_site.post(path, headers={"Host": host}).status_code == 400


def test_with_no_password_a_public_page_knows_its_addresses_and_the_name_it_was_given(shelved: Assistant) -> None:
    access = Access(no_auth=True, root_path="https://reviews.example.org/pincite")
    with served(shelved, access, host="0.0.0.0") as site:
        for host, status in [("192.168.1.2:7860", 200), ("reviews.example.org", 200), ("evil.example", 400)]:
            assert site.get("/config", headers={"Host": host}).status_code == status
        sent = {"Host": "127.0.0.1", "Origin": "https://reviews.example.org"}
        assert site.post("/gradio_api/reset", json={"event_id": "x"}, headers=sent).status_code == 200
        config = site.get("/config").json()
        assert config["root"] == "https://reviews.example.org/pincite"


@pytest.mark.parametrize("stripped", [True, False])
def test_behind_a_reverse_proxy_everything_is_under_its_path(
    shelved: Assistant, tmp_path: Path, stripped: bool
) -> None:
    set_password(tmp_path / "auth", "ada", "correct horse")
    at = "" if stripped else "/pincite"
    proxied = {"X-Forwarded-Host": "reviews.example.org", "X-Forwarded-Proto": "https"}
    with (
        served(shelved, Access(tmp_path / "auth", root_path="/pincite")) as site,
        httpx.Client(base_url=f"{site.url}{at}", timeout=60, headers=proxied | {"Accept": "text/html"}) as client,
    ):
        assert client.get("/x").headers["location"] == "/pincite/login?next=%2Fx"
        page = client.get("/login").text
        assert 'action="/pincite/login"' in page
        form = {"name": "ada", "password": "correct horse", "next": "/x"}
        back = client.post("/login", data=form, headers={"Origin": "https://reviews.example.org"})
        assert back.headers["location"] == "/pincite/x"
        assert "Path=/pincite;" in back.headers["set-cookie"]
        assert "secure" in back.headers["set-cookie"].lower()
        session = {"Cookie": back.headers["set-cookie"].partition(";")[0]}
        config = client.get("/config", headers=session).json()
        assert config["root"] == "https://reviews.example.org/pincite"
        home = client.get("/", headers=session).text
        asset = home.partition('src="./assets/')[2].partition('"')[0]
        assert asset
        assert client.get(f"/assets/{asset}", headers=session).status_code == 200
        assert client.get(f"/assets/{asset}").status_code == 303


def test_nothing_but_a_file_for_the_shelf_may_be_large(local_site: Served) -> None:
    small, large = [b"x" * 2**20] * 7, [b"x" * 2**20] * 20
    for path in ("/gradio_api/queue/join", "/gradio_api/call/v2/answer"):
        assert local_site.post(path, content=iter(large)).status_code == 413, path
        if path != "/mcp":  # which takes less by itself
            assert local_site.post(path, content=iter(small)).status_code != 413, path
        stated = local_site.post(path, content=b"".join(large))
        assert (stated.status_code, stated.text) == (413, "Too large: 8,388,608 bytes are taken.\n")
    assert local_site.post("/gradio_api/upload", files={"files": ("a.txt", b"".join(large))}).status_code == 200


def test_a_shelf_that_is_read_only_takes_no_files(shelved: Assistant) -> None:
    with served(shelved, Access(no_auth=True, read_only=True, root_path="/pincite"), host="0.0.0.0") as site:
        for path in ("/gradio_api/upload", "/gradio_api/upload/", "/pincite/gradio_api/upload"):
            sent = site.post(path, files={"files": ("a.txt", b"words")})
            assert (sent.status_code, sent.text) == (403, "This shelf is read only.\n")
        page = site.get("/config").text
        assert 'type=\\"file\\"' not in page
        assert "data-remove" not in page
        assert str(shelved.settings.index) not in page
    with served(shelved) as site:
        assert 'type=\\"file\\"' in site.get("/config").text


def test_an_upload_larger_than_a_file_may_be_is_refused(tmp_path: Path) -> None:
    with tiny_assistant(tmp_path) as assistant:
        assistant.settings = assistant.settings.model_copy(update={"max_file_megabytes": 1})
        with served(assistant) as site:
            for size, status in [(2**20 - 100, 200), (2**20 + 1, 413)]:
                sent = site.post("/gradio_api/upload", files={"files": ("a.txt", b"x" * size)})
                assert sent.status_code == status


_CALLS_OUT = """
import socket, sys
from pathlib import Path

called = []
connect, look_up = socket.socket.connect, socket.getaddrinfo

def watched_connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
        called.append(address)
    return connect(self, address)

def watched_look_up(host, *rest, **more):
    if host not in ("127.0.0.1", "::1", "localhost", None):
        called.append(host)
    return look_up(host, *rest, **more)

socket.socket.connect, socket.getaddrinfo = watched_connect, watched_look_up
from served import served, tiny_assistant
from ui.access import Access

with tiny_assistant(Path(sys.argv[1])) as assistant, served(assistant, Access(mcp=True)) as site:
    assert site.get("/").status_code == 200
    assert site.get("/config").json()["analytics_enabled"] is False
    assert site.post("/gradio_api/call/v2/answer", json={"question": "Who wrote about B cells?"}).status_code == 200
print(called)
"""


def test_the_server_calls_nobody(tmp_path: Path) -> None:
    folders = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
    done = subprocess.run(
        [sys.executable, "-c", _CALLS_OUT, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
    )
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr


def test_an_upload_that_nobody_puts_on_the_shelf_is_gone_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    monkeypatch.setattr("ui.app._UPLOADS", (1, 1))
    with tiny_assistant(tmp_path) as assistant, served(assistant) as site:
        (path,) = site.post("/gradio_api/upload", files={"files": ("secret.txt", b"a secret")}).json()
        assert Path(path).read_text() == "a secret"
        end = time.monotonic() + 30
        while Path(path).exists():
            assert time.monotonic() < end, "it is still there"
            time.sleep(0.1)
