"""Too much, too slow, too many: it is refused in words, and others are answered meanwhile."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import gradio
import httpx
import pytest
from attack_site import Attacked, answer, attacked, status
from harm import Often, Tally

from rag import Assistant
from ui import patience, queueing

HEAD = "Host: 127.0.0.1\r\n"
PLACES, WAITING, EACH, UNFETCHED = 100, 8, 4, 5
SECONDS = 1.0  # of patience, for each of what a client may take its time with
SOON = 8.0  # seconds in which anybody is answered, also where other tests run beside this one
POOLS = ("AnyIO worker", "asyncio_")  # threads that are kept; of each sort there are so many and no more


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(home / "uploads"))
        for name in ("HEAD_SECONDS", "BODY_SECONDS", "UNREAD_SECONDS"):
            patch.setattr(patience, name, SECONDS)
        patch.setattr(patience, "LOOKS", 0.1)
        patch.setattr(patience, "CONNECTIONS", PLACES)
        for name, most in {"WAITING": WAITING, "EACH": EACH, "UNFETCHED": UNFETCHED}.items():
            patch.setattr(queueing, name, most)
        patch.setattr("ui.tools.WAITING", WAITING)
        patch.chdir(home)
        with attacked(home) as one:
            assert found(one, lined_up(one))
            yield one


@pytest.fixture(autouse=True)
def well_afterwards(page: Attacked, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever was done to it, others are answered, all connections and threads are given back, nothing went wrong."""
    files, threads = open_files(), set(threading.enumerate())
    yield
    end = time.monotonic() + 20
    while open_files() > files:
        assert time.monotonic() < end, [one.readlink() for one in Path("/dev/fd").iterdir() if one.is_symlink()]
        time.sleep(0.05)
    more = [one.name for one in set(threading.enumerate()) - threads]
    assert not [name for name in more if not name.startswith(POOLS)]
    ordinary(page)
    assert [one.getMessage() for one in caplog.get_records("call") if one.exc_info] == []


def open_files() -> int:
    """Files and connections that are open."""
    return sum(1 for _ in Path("/dev/fd").iterdir())


def lined_up(page: Attacked, **more: Any) -> httpx.Response:
    """A search that a program asks for, as the server takes it."""
    return page.site.post("/gradio_api/call/search", json={"data": ["B cells", 3, None], **more})


def found(page: Attacked, said: httpx.Response) -> bool:
    """Whether what was asked for is answered."""
    with page.site.http() as client, client.stream("GET", f"/gradio_api/call/search/{event(said)}") as told:
        return "event: complete" in told.read().decode()


def event(said: httpx.Response) -> str:
    return str(said.json()["event_id"])


def ordinary(page: Attacked) -> None:
    """A person opens the page, and a question is answered, all of it soon; if the server is full, at the second try."""
    began = time.monotonic()
    assert page.well()
    assert "Pincite" in page.site.get("/").text
    assert found(page, lined_up(page))
    assert time.monotonic() - began < SOON


def line(page: Attacked, sent: bytes | str, small: bool = False) -> socket.socket:
    """A connection on which something was sent."""
    made = socket.socket()
    if small:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    made.settimeout(20)
    made.connect(("127.0.0.1", page.site.port))
    made.sendall(sent.encode() if isinstance(sent, str) else sent)
    return made


def ended(lines: list[socket.socket], seconds: float, drip: bytes = b"") -> list[bytes]:
    """What was said on each connection until the server closed it; while they last, a letter is sent now and then.

    Raises:
        AssertionError: One is still open after so many seconds.
    """
    said, still = dict.fromkeys(lines, b""), set(lines)
    end = time.monotonic() + seconds
    while still:
        assert time.monotonic() < end, f"{len(still)} of {len(lines)} are still open"
        for one in select.select(list(still), [], [], 0.2)[0]:
            try:
                more = one.recv(65536)
            except ConnectionError:
                more = b""
            said[one] += more
            if not more:
                still.remove(one)
        for one in still if drip else ():
            with suppress(ConnectionError):
                one.sendall(drip)
    return [said[one] for one in lines]


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Searches do not end before this does."""
    free, search = threading.Event(), Assistant.search

    def slow(self: Assistant, *asked: Any) -> Any:
        assert free.wait(60)
        return search(self, *asked)

    with monkeypatch.context() as patch:
        patch.setattr(Assistant, "search", slow)
        try:
            yield
        finally:
            free.set()


# Too large


def test_a_question_that_is_too_long_is_refused_in_words(page: Attacked) -> None:
    said = page.site.post("/gradio_api/call/v2/answer", json={"question": "why " * 200_000})
    with page.site.http() as client, client.stream("GET", f"/gradio_api/call/answer/{event(said)}") as told:
        assert "800,000 characters; up to 2,000 are taken" in told.read().decode()


@pytest.mark.parametrize("path", ["/gradio_api/call/v2/answer", "/gradio_api/queue/join", "/gradio_api/cancel", "/mcp"])
def test_what_is_no_request_is_no_harm(page: Attacked, path: str) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    with page.site.http() as client:
        for body in (
            b"[" * 100_000,
            b'{"question":' * 50_000,
            b'{"question":"x","history":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
            b'{"question":' + b"9" * 1_000_000 + b"}",
            b'{"question":1e999999999}',
            b'{"question":"\\ud800"}',
            b'{"question":"' + b"\xff" * 1000 + b'"}',
            b'{"question":NaN}',
            b"{" + b",".join(b'"k%d":1' % at for at in range(100_000)) + b"}",
            b"\x1f\x8b" + b"\x00" * 1000,
            b"",
            b"null",
        ):
            began = time.monotonic()
            assert client.post(path, content=body, headers=headers).status_code in {200, 400, 404, 413, 422, 500}
            assert time.monotonic() - began < SOON


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (f"GET / HTTP/1.1\r\n{HEAD}", f"X: {'y' * 1000}\r\n"),
        (f"GET / HTTP/1.1\r\n{HEAD}X: ", "y" * 1000),
        ("GET /", "y" * 1000),
    ],
    ids=["lines", "a line", "an address"],
)
def test_a_head_without_an_end_is_refused(page: Attacked, begun: str, more: str) -> None:
    with line(page, begun) as one, pytest.raises(ConnectionError):
        for _ in range(20_000):
            one.sendall(more.encode())


def test_a_body_whose_size_is_a_lie_is_refused(page: Attacked) -> None:
    for size in ("99999999999999999999999", "9" * 5000, "8388609"):
        said = page.raw(f"POST /gradio_api/cancel HTTP/1.1\r\n{HEAD}Content-Length: {size}\r\n\r\n")
        assert said == b"" or status(said) in {400, 413}


def uploaded(page: Attacked) -> int:
    """Bytes that lie among the uploads."""
    return sum(path.stat().st_size for path in page.uploads.rglob("*") if path.is_file() and not path.is_symlink())


def test_a_file_that_is_too_large_is_refused_while_it_comes(page: Attacked) -> None:
    before = uploaded(page)
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    with page.site.http() as client:
        try:
            code = client.post(
                "/gradio_api/upload", content=iter([part, *[b"x" * 2**16] * 200]), headers=form
            ).status_code
        except httpx.TransportError:  # the connection was closed before all of it was sent
            code = 413
    assert code == 413
    assert uploaded(page) - before < 2**21


def test_an_upload_of_too_many_parts_is_refused(page: Attacked) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nx\r\n'
    field = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n'
    wide = b'--x\r\nContent-Disposition: form-data; name="f"\r\nX: ' + b"y" * 2_000_000 + b"\r\n\r\nx\r\n"
    long = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n' + b"y" * 20_000_000 + b"\r\n"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for one in (part * 3000, field * 3000, wide, long):
        said = page.site.post("/gradio_api/upload", content=one + b"--x--\r\n", headers=form)
        assert said.status_code in {400, 413, 422}, said.text[:300]


# Too slow

UPLOAD = (
    f"POST /gradio_api/upload HTTP/1.1\r\n{HEAD}Content-Type: multipart/form-data; boundary=x\r\n"
    'Content-Length: 100000\r\n\r\n--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nw'
)
BEGUN = (  # requests that do not go on
    "G",
    f"GET / HTTP/1.1\r\n{HEAD}",
    f"GET /health HTTP/1.1\r\n{HEAD}\r\nGET / HTTP/1.1\r\n",
    f"POST /gradio_api/cancel HTTP/1.1\r\n{HEAD}Content-Length: 100000\r\n\r\n{{",
    f"POST /gradio_api/cancel HTTP/1.1\r\n{HEAD}Content-Length: 100000\r\nExpect: 100-continue\r\n\r\n",
    f"POST /gradio_api/cancel HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\nfffff\r\n",
    UPLOAD,
    f"POST /mcp HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
    "Content-Length: 100000\r\n\r\n{",
    f"POST /nothing/here HTTP/1.1\r\n{HEAD}Content-Length: 100000\r\n\r\n",
)


@pytest.mark.parametrize("drip", [b"", b"x"], ids=["silent", "a letter at a time"])
def test_a_request_that_does_not_end_is_ended_in_words(page: Attacked, drip: bytes) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(line(page, begun)) for begun in BEGUN]
        said = ended(lines, SOON, drip)
    assert [b" 408 " in one for one in said] == [True] * len(BEGUN), said


def test_a_connection_on_which_nothing_is_said_is_closed_without_a_word(page: Attacked) -> None:
    with line(page, "") as one:
        assert ended([one], SOON) == [b""]


def test_hundreds_who_send_a_letter_at_a_time_do_not_stop_others(page: Attacked, often: Often, tally: Tally) -> None:
    many, rounds = 3 * PLACES, often(3, 100)
    stop, sent_away = threading.Event(), [0]
    starts = ["", *BEGUN]

    def attack() -> None:
        lines: list[socket.socket] = []
        made = 0
        while not stop.is_set():
            for _ in range(min(many - len(lines), many if not made else 10)):
                try:
                    lines.append(line(page, starts[made % len(starts)]))
                except OSError:
                    sent_away[0] += 1
                made += 1
            for one in list(lines):
                try:
                    one.sendall(b"x")
                except OSError:
                    lines.remove(one)
                    one.close()
                    sent_away[0] += 1
            stop.wait(0.1)
        for one in lines:
            one.close()

    attacker = threading.Thread(target=attack)
    attacker.start()
    asked = lost = 0
    end = time.monotonic() + 60
    try:
        while asked < rounds or sent_away[0] <= PLACES:  # and so until it was full for a while
            assert asked < rounds or time.monotonic() < end, f"only {sent_away[0]} were sent away"
            asked += 1
            try:
                ordinary(page)
            except (httpx.TransportError, AssertionError):
                lost += 1
    finally:
        stop.set()
        attacker.join()
    assert lost == 0
    tally("questions while 300 connections sent a letter at a time", asked, lost)


def asset() -> Path:
    """The largest file that belongs to the page."""
    folder = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
    return max(folder.iterdir(), key=lambda one: one.stat().st_size)


def test_answers_that_nobody_reads_are_given_up(page: Attacked, often: Often, tally: Tally) -> None:
    wanted, many, asked = f"GET /assets/{asset().name} HTTP/1.1\r\n{HEAD}\r\n", often(20, 80), 10
    with ExitStack() as stack:
        lines = [stack.enter_context(line(page, wanted * asked, small=True)) for _ in range(many)]
        ordinary(page)
        time.sleep(3 * SECONDS)
        ordinary(page)
        said = [answer(one) for one in lines]  # which ends, for the server has closed it
    assert max(map(len, said)) < asked * asset().stat().st_size
    tally("connections that never read what they asked for", many, 0)


def test_connections_that_are_closing_have_a_place_too(page: Attacked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "UNREAD_SECONDS", 30)
    begin = patience.PatientProtocol.connection_made

    def narrow(connection: patience.PatientProtocol, transport: Any) -> None:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        begin(connection, transport)

    monkeypatch.setattr(patience.PatientProtocol, "connection_made", narrow)
    assert len(page.get("/config")) > 100_000
    wanted = f"GET /config HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n"  # answered in one piece
    files = open_files()
    with ExitStack() as stack:
        for _ in range(PLACES + 40):
            assert stack.enter_context(line(page, wanted, small=True)).recv(1)
        end = time.monotonic() + 10
        while open_files() - files > PLACES + 40 + PLACES + 5:  # the clients' ends and the server's
            assert time.monotonic() < end
            time.sleep(0.1)
        ordinary(page)


def test_who_reads_slowly_gets_all_of_it(page: Attacked) -> None:
    began, read = time.monotonic(), bytearray()
    with line(page, f"GET /assets/{asset().name} HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n") as one:
        while more := one.recv(2**18):
            read += more
            time.sleep(0.1)
    assert time.monotonic() - began > 1.5 * SECONDS
    assert read.endswith(asset().read_bytes())


def test_a_body_that_comes_slowly_but_steadily_is_taken(page: Attacked) -> None:
    body = json.dumps({"data": ["B cells " * 100, 3, None]}).encode()
    began = time.monotonic()
    with line(page, f"POST /gradio_api/call/search HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\n"
                    f"Content-Length: {len(body) + 20_000}\r\nConnection: close\r\n\r\n") as one:  # fmt: skip
        for piece in (*[b" " * 800] * 25, body):
            one.sendall(piece)
            time.sleep(0.1)
        assert status(answer(one)) == 200
    assert time.monotonic() - began > 2 * SECONDS


def test_a_stream_in_which_nothing_happens_is_not_cut(page: Attacked, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        beat = stack.enter_context(line(page, f"GET /gradio_api/heartbeat/x HTTP/1.1\r\n{HEAD}\r\n"))
        with held(monkeypatch):
            asked = event(lined_up(page))
            wanted = f"GET /gradio_api/call/search/{asked} HTTP/1.1\r\n{HEAD}\r\n"
            waiting = stack.enter_context(line(page, wanted))
            time.sleep(3 * SECONDS)
            assert b"ALIVE" in beat.recv(65536)
            assert b"200 OK" in waiting.recv(65536)
            assert select.select([beat, waiting], [], [], 0)[0] == []
        said = b""
        while b"event: complete" not in said:
            more = waiting.recv(65536)
            assert more, said
            said += more


def test_who_goes_away_in_the_middle_is_not_waited_for(page: Attacked) -> None:
    for sent in (
        UPLOAD,
        f"POST /gradio_api/queue/join HTTP/1.1\r\n{HEAD}Content-Length: 1000\r\n\r\n{{",
        f"GET /gradio_api/heartbeat/x HTTP/1.1\r\n{HEAD}\r\n",
        f"GET /gradio_api/queue/data?session_hash=x HTTP/1.1\r\n{HEAD}\r\n",
    ):
        line(page, sent).close()
    assert lined_up(page, session_hash="gone").status_code == 200


# Too many


def test_so_many_programs_may_wait_and_whoever_comes_then_is_told_so(
    page: Attacked, monkeypatch: pytest.MonkeyPatch, often: Often, tally: Tally
) -> None:
    refused = often(3, 300)
    with held(monkeypatch):
        begun = [lined_up(page) for _ in range(4)]  # are worked on
        while page.site.get("/gradio_api/queue/status").json()["queue_size"]:
            time.sleep(0.02)
        waiting = [lined_up(page) for _ in range(WAITING)]
        for _ in range(refused):
            said = lined_up(page)
            assert (said.status_code, said.json()) == (503, {"detail": queueing.BUSY})
        assert page.well()
        for late in (said_by_page(page, "one"), said_by_page(page, "two")):
            assert late.status_code == 200, "pages do not wait behind programs"
    assert [found(page, one) for one in (*begun, *waiting)] == [True] * (4 + WAITING)
    tally("questions of programs refused because too many waited", refused, 0)


def said_by_page(page: Attacked, session: str) -> httpx.Response:
    """What a page is told that was opened just now."""
    config = page.site.get("/config").json()
    load = next(one["id"] for one in config["dependencies"] if any(kind == "load" for _, kind in one["targets"]))
    inputs = next(one["inputs"] for one in config["dependencies"] if one["id"] == load)
    body = {"data": [None] * len(inputs), "fn_index": load, "session_hash": session}
    return page.site.post("/gradio_api/queue/join", json=body)


def test_nobody_gets_past_the_queue(page: Attacked) -> None:
    search = next(one["id"] for one in page.site.get("/config").json()["dependencies"] if one["api_name"] == "search")
    asked = {"data": ["B cells", 3, None], "fn_index": search, "session_hash": "x"}
    assert page.site.post("/gradio_api/run/predict", json=asked).status_code == 404


def test_one_session_alone_does_not_take_all_places(page: Attacked, monkeypatch: pytest.MonkeyPatch) -> None:
    with held(monkeypatch):
        begun = [lined_up(page) for _ in range(4)]
        while page.site.get("/gradio_api/queue/status").json()["queue_size"]:
            time.sleep(0.02)
        greedy = [lined_up(page, session_hash="greedy").status_code for _ in range(WAITING)]
        other = lined_up(page, session_hash="other")
    assert greedy == [200] * EACH + [503] * (WAITING - EACH)
    assert [found(page, one) for one in (*begun, other)] == [True] * 5


def test_so_many_assistants_may_wait_and_whoever_comes_then_is_told_so(
    page: Attacked, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = {"name": "search", "arguments": {"query": "B cells"}}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}
    headers = {"Accept": "application/json, text/event-stream"}

    def ask() -> dict[str, Any]:
        told: dict[str, Any] = page.site.post("/mcp", json=call, headers=headers).json()["result"]
        return told

    with ThreadPoolExecutor(4 + WAITING + 1) as askers:
        with held(monkeypatch):
            asked = [askers.submit(ask) for _ in range(4 + WAITING + 1)]
            end = time.monotonic() + SOON
            while not any(one.done() for one in asked):
                assert time.monotonic() < end
                time.sleep(0.02)
            refused = next(one.result() for one in asked if one.done())
        told = [one.result() for one in asked]
    assert refused["isError"] and queueing.BUSY in refused["content"][0]["text"]
    assert sum(bool(one.get("isError")) for one in told) == 1


def test_answers_that_nobody_fetches_are_dropped_the_oldest_first(page: Attacked) -> None:
    asked = []
    for _ in range(UNFETCHED + 3):
        asked.append(lined_up(page))
        while page.site.get("/gradio_api/queue/status").json()["queue_size"]:
            time.sleep(0.02)
        time.sleep(0.1)
    assert [found(page, one) for one in (asked[0], asked[-1])] == [False, True]


def test_so_many_may_be_connected_and_whoever_comes_then_is_told_so(page: Attacked) -> None:
    with ExitStack() as stack:
        streams = [
            stack.enter_context(line(page, f"GET /gradio_api/heartbeat/{at} HTTP/1.1\r\n{HEAD}\r\n"))
            for at in range(PLACES)
        ]
        assert all(b"200 OK" in one.recv(1000) for one in streams)
        said = ended([stack.enter_context(line(page, ""))], SOON)[0]
        assert (status(said), said.partition(b"\r\n\r\n")[2]) == (
            503,
            b"Busy: too many are connected. Try again in a while.\n",
        )
        for one in streams[:3]:
            one.close()
        time.sleep(0.5)
        assert page.well()
