"""Whoever asks the page for files of the machine is given none, however the path is written."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest
from attack_site import SECRET, Attacked, attacked, leaks, status
from harm import Fuzzing, Tally
from test_auth import routes

from ui.needed import needed


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(home / "uploads"))
        patch.chdir(home)
        with attacked(home) as one:
            yield one


def written(path: Path) -> list[str]:
    """The ways in which people have written a path to get at it."""
    plain, up = str(path), "../" * 12 + str(path)[1:]
    every = "".join(f"%{ord(letter):02x}" for letter in plain)
    return [
        plain,
        plain[1:],
        up,
        f"/{up}",
        quote(up, safe=""),
        quote(quote(up, safe=""), safe=""),
        every,
        every.replace("%", "%25"),
        up.replace("../", "..\\"),
        up.replace("../", "..%5c"),
        up.replace("../", "....//"),
        up.replace("../", "..;/"),
        up.replace("../", "%2e%2e/"),
        up.replace("../", ".%2e/"),
        up.replace("../", "%c0%ae%c0%ae/"),
        up.replace("../", "%ef%bc%8e%ef%bc%8e/"),
        f"{plain}%00",
        f"{plain}%00.png",
        f"%00{plain}",
        f"{plain}/.",
        f"{plain}//",
        f"//{plain}",
        f"/./{plain}",
        f"~/{path.name}",
        f"./{path.name}",
        path.name,
        f"file://{plain}",
        f"file:{plain}",
        f"FILE://localhost{plain}",
        f"C:{plain}",
        f"c:\\{plain}",
        f"C%3A%5C{plain}",
        f"\\\\?\\{plain}",
        f"//127.0.0.1/c$/{plain}",
        f"/proc/self/root{plain}",
        f"/proc/self/cwd/{path.name}",
        f"{plain}?x",
        f"{plain}#x",
        f"{plain}::$DATA",
        plain.upper(),
    ]


PREFIXES = [
    "/",
    "/file=",
    "/file/",
    "/gradio_api/file=",
    "/gradio_api/file/",
    "/gradio_api/file%3d",
    "/GRADIO_API/FILE=",
    "//gradio_api/file=",
    "/x/../gradio_api/file=",
    "/assets/../gradio_api/file=",
    "/assets/%2e%2e/gradio_api/file=",
    "/gradio_api/call/../file=",
    "/gradio_api/call/%2e%2e/file=",
    "/gradio_api/proxy=",
    "/gradio_api/proxy=http://127.0.0.1/",
    "/gradio_api/proxy=file://",
    "/gradio_api/stream/",
    "/gradio_api/stream/a/b/1/",
    "/static/",
    "/static",
    "/assets/",
    "/assets",
    "/svg/",
    "/svelte/",
    "/theme.css",
    "/theme.css/",
    "/gradio_api/theme.css/",
    "/gradio_api/custom_component/1/client/component/",
    "/pwa_icon/",
    "/monitoring/",
    "/favicon.ico/",
    "/document?name=",
    "/page?page=1&name=",
    "/gradio_api/info?page=",
    "/?__theme=",
    "/config?deep_link=",
    "/?deep_link=",
    "/gradio_api/heartbeat/../file=",
]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_way_of_writing_a_path_leads_to_a_file_of_the_machine(page: Attacked, prefix: str) -> None:
    every = [one for secret in (page.secrets[0], Path("/etc/passwd")) for one in written(secret)]
    few = [one for secret in page.secrets for one in written(secret)[:4]]
    for target in (f"{prefix}{one}" for one in (*every, *few)):
        found = page.get(target)
        assert not leaks(found), target
        assert status(found) < 500, (target, found[:300])


def test_every_route_there_is_gives_no_file(page: Attacked) -> None:
    found = {path for method, path in routes(page.site.application) if method in {"GET", "HEAD"} and "x" in path}
    assert {"/gradio_api/file=x", "/gradio_api/proxy=x", "/static/x", "/assets/x"} <= found
    for path in sorted(found):
        for secret in page.secrets:
            for one in written(secret)[:10]:
                target = path.replace("/x", f"/{one}").replace("=x", f"={one}")
                if "heartbeat" not in path:  # which has no end
                    assert not leaks(page.get(target)), target


def test_what_the_page_does_not_use_is_not_there(page: Attacked) -> None:
    unused = sorted({one for one in routes(page.site.application) if not needed(one[1])})
    assert {path for _, path in unused} >= {
        "/gradio_api/file=x",
        "/gradio_api/proxy=x",
        "/gradio_api/stream/x",
        "/gradio_api/component_server",
        "/gradio_api/custom_component/x/x/x/x",
        "/gradio_api/process_recording",
        "/gradio_api/deep_link",
        "/gradio_api/dev/reload",
        "/gradio_api/run/x",
        "/gradio_api/vibe-code",
        "/monitoring",
    }
    with page.site.http() as client:
        for method, path in unused:
            said = client.request(method, path)
            assert said.status_code == 404, path
            assert said.text in {"There is no such page.\n", ""}, path


@pytest.mark.parametrize("link", ["link.txt", "folder/secret.txt"])
def test_a_link_among_the_uploads_leads_nowhere(page: Attacked, link: str) -> None:
    assert SECRET in (page.uploads / link).read_text()
    for at in (page.uploads / link, page.uploads / "x" / ".." / link):
        assert not leaks(page.get(f"/gradio_api/file={at}"))


def test_a_file_beside_the_documents_is_no_document(page: Attacked) -> None:
    with page.site.http() as client:
        for name in ("notes.dat", "link", "../secret.txt", "./notes.dat", "/etc/passwd", "\x00", "..", ""):
            for address in ("/document", "/page"):
                said = client.get(address, params={"name": name, "page": "1"})
                assert said.status_code == 404, name
                assert not leaks(said.text)


def test_pages_are_given_by_numbers_alone(page: Attacked) -> None:
    name = next(path.name for path in (page.uploads.parent / "seeds").glob("*.txt"))
    with page.site.http() as client:
        for number in ("../1", "1/../../secret.txt", "٣", "-1", "1e3", "999999999999", "0x1", "", "1\x00"):
            assert client.get("/page", params={"name": name, "page": number}).status_code == 404
        for width in ("9" * 5000, "-1", "NaN", "../x"):
            said = client.get("/page", params={"name": name, "page": "1", "width": width, "content": "../x"})
            assert said.status_code == 404


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /etc/passwd",
        "GET /../../../../etc/passwd HTTP/1.1",
        "GET http://127.0.0.1/gradio_api/file=/etc/passwd HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "CONNECT 169.254.169.254:80 HTTP/1.1",
        "GET http://169.254.169.254/latest/meta-data/ HTTP/1.1",
        "TRACE / HTTP/1.1",
        "GET * HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "G\x00T / HTTP/1.1",
        "GET /\x01\x7f\xff HTTP/1.1",
        "PRI * HTTP/2.0",
    ],
)
def test_a_request_of_another_kind_is_no_way_in(page: Attacked, request_line: str) -> None:
    found = page.raw(f"{request_line}\r\nHost: 127.0.0.1:{page.site.port}\r\nConnection: close\r\n\r\n")
    assert not leaks(found)
    assert found == b"" or status(found) in {400, 404, 405}, found[:200]
    assert page.well()


def test_two_requests_in_one_are_not_taken_for_one(page: Attacked) -> None:
    behind = f"GET /gradio_api/file=/etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:{page.site.port}\r\n\r\n"
    head = f"POST /gradio_api/reset HTTP/1.1\r\nHost: 127.0.0.1:{page.site.port}\r\n"
    for smuggled in (
        f"{head}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{behind}",
        f"{head}Content-Length: 0\r\nContent-Length: 10\r\n\r\n{behind}",
        f"{head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{behind}",
        f"{head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{behind}",
        f"{head}Content-Length: +5\r\n\r\n{behind}",
        f"{head}X: y\r\n Content-Length: 5\r\n\r\n{behind}",
        f"{head}X: y\nContent-Length: 0\r\n\r\n{behind}",
    ):
        assert not leaks(page.raw(smuggled, seconds=1))
    assert page.well()


METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "TRACE", "PROPFIND")
STEPS = (
    "/",
    "//",
    "/./",
    "/../",
    "\\",
    "/..;/",
    "/%2e%2e/",
    "/.%2e/",
    "%2f",
    "%5c",
    "%252f",
    "%c0%af",
    ";/",
    "?",
    "#",
    "=",
)
HEADERS = ("Range: bytes=0-", "X-Original-URL: /etc/passwd", "X-Rewrite-URL: /etc/passwd", "X-Forwarded-Prefix: /..")
HEADERS += (
    "X-Forwarded-Host: evil.example",
    "Accept: text/html",
    "Origin: null",
    "Content-Length: 0",
    "Cookie: session=x",
)


def put_together(chance: random.Random, secrets: Sequence[Path]) -> str:
    """A request for a file, by an address of pieces that have led to one elsewhere."""
    wanted = chance.choice(written(chance.choice(secrets)))
    parts = [chance.choice(PREFIXES), *chance.choices(("gradio_api", "file=", "assets", "static", "..", ".", "~"), k=2)]
    target = chance.choice(parts[:1]) + "".join(
        f"{part}{chance.choice(STEPS)}" for part in parts[1 : chance.randrange(1, 4)]
    )
    target += wanted
    for _ in range(chance.choice((0, 0, 1, 3))):
        at = chance.randrange(1, len(target) + 1)
        letter = target[at - 1]
        other = (
            f"%{ord(letter) % 256:02X}",
            f"%25{ord(letter) % 256:02x}",
            letter.swapcase(),
            "",
            letter * 2,
            "\x01",
            "%00",
        )
        target = target[: at - 1] + chance.choice(other) + target[at:]
    lines = [f"{chance.choice(METHODS)} {target} HTTP/1.{chance.choice('110')}", "Host: 127.0.0.1"]
    return "\r\n".join([*lines, *chance.sample(HEADERS, chance.choice((0, 0, 1, 3))), "Connection: close", "", ""])


def test_no_address_put_together_from_such_pieces_leads_to_a_file(
    page: Attacked, fuzzing: Fuzzing, tally: Tally
) -> None:
    chance, asked = random.Random(43), 0
    for _ in fuzzing(1):
        request = put_together(chance, page.secrets)
        if "heartbeat" in request:  # which has no end
            continue
        found = page.raw(request.encode("utf-8", "ignore"))
        assert not leaks(found), request
        assert not found or status(found) < 500, (request, found[:300])
        asked += 1
    assert page.well()
    tally("requests for a file, put together from what has led to one elsewhere", asked, 0)
