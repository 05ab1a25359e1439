"""The log of `pincite ui`: a line for each event, and in none of them anything that somebody wrote."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_helpers import KIDNEY, LIVER, write
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from page_used import asked_by_program, asked_in_page, compared_in_page, put_on_shelf
from prometheus_client.parser import text_string_to_metric_families
from served import awaited
from test_cli import pincite

from index.errors import IndexLockedError
from index.report import SyncReport
from ui.keeping import Job, _told
from ui.logs import JsonLines, TextLines, logging_to
from ui.logs import write as write_event
from ui.observing import Note, Observer, Question, Request
from ui.passwords import set_password
from ui.requests import request_id

ROOT = Path(__file__).parents[2]
PASSWORD = "markedpassword staple"
MARK = re.compile(r"(?i)marked\w+")
QUESTION = "Was the markedquestion of lupus nephritis in remission?"

# A quick embedder in place of the model; it fails where a question says so, as a bug of ours would.
_RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
import rag.assistant
from tiny_embedder import TinyEmbedder
from ui.cli import main

class Failing(TinyEmbedder):
    def embed_question(self, text):
        if "markedbug" in text:
            raise ValueError("could not take in: " + text)
        return super().embed_question(text)

rag.assistant.SentenceTransformerEmbedder = lambda model: Failing()
main()
"""


@dataclass
class Run:
    """A `pincite ui` that is running, and what it has written."""

    process: subprocess.Popen[str]
    folder: Path
    url: str

    def http(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, auth=("ada", PASSWORD), **options)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            assert self.process.wait(30) == 0

    def out(self, name: str = "err") -> str:
        return (self.folder / name).read_text()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out().splitlines()]


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Run]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _RUN, "ui", "--port", str(port), "--auth-file", "auth", *options]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    surroundings = {**os.environ, "PINCITE_READER": "none", "PYTHONPATH": paths}
    with (folder / "err").open("w") as err, (folder / "out").open("w") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, text=True, env=surroundings)
    run = Run(process, folder, f"http://127.0.0.1:{port}")
    try:
        end = time.monotonic() + 60
        while True:
            assert process.poll() is None, run.out()
            try:
                if httpx.get(f"{run.url}/ready").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            assert time.monotonic() < end
            time.sleep(0.05)
        yield run
    finally:
        run.end()


def shelf_in(folder: Path) -> Path:
    write(folder / "seeds", {"markedfile.txt": f"{KIDNEY} A markedword of lupus was seen.", "liver.txt": LIVER})
    set_password(folder / "auth", "ada", PASSWORD)
    return folder


def used_by_tool(run: Run, question: str) -> str:
    """A question of another assistant; the last text that it is told."""

    async def story() -> str:
        basic = {"Authorization": httpx.BasicAuth("ada", PASSWORD)._auth_header}
        async with (
            httpx2.AsyncClient(headers=basic, timeout=60) as line,
            Client(streamable_http_client(f"{run.url}/mcp", http_client=line)) as client,
        ):
            told = await client.call_tool("answer", {"question": question})
        return str(told.content[0].text)  # type: ignore[union-attr]

    return awaited(story())


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A page that was used in every way, with a marked word in all that can be sent to it, and has ended."""
    folder = shelf_in(tmp_path_factory.mktemp("logged"))
    with running(folder, "--log-format", "json", "--log-level", "debug", "--metrics", "--mcp") as run:
        headers = {
            "Cookie": "pincite_session=markedcookie; other=markedother",
            "User-Agent": "markedagent",
            "X-Forwarded-For": "markedforwarded",
            "Referer": f"{run.url}/markedreferer",
        }
        with run.http(headers=headers) as client:
            assert "Lupus nephritis was in remission" in asked_in_page(client, QUESTION)
            assert "A markedword of lupus was seen." in asked_in_page(client, "What markedword of lupus was seen?")
            assert "Lupus nephritis was in remission" in compared_in_page(client, QUESTION)
            assert asked_by_program(client, QUESTION, **{"X-Request-ID": "program-1"})[0] == "complete"
            assert asked_by_program(client, "markedbug")[0] == "error"
            assert "markedupload.txt" in put_on_shelf(client, "markedupload.txt", f"{LIVER} The markedbody was new.")
            for path in ("/markedpath?markedquery=markedvalue", "/document?name=markedfile.txt&quote=markedquote"):
                client.get(path)
            client.request("MARKEDMETHOD", "/")
            client.post("/login", data={"name": "markedname", "password": "markedguess"})
            client.get("/", auth=("markeduser", "markedsecret"), headers={"Cookie": ""})
            client.get("/", headers={"X-Request-ID": 'markedid "}\t{'})
        with socket.create_connection(("127.0.0.1", httpx.URL(run.url).port or 0)) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: a\nmarkedinjection: {}\r\n\rmarked\r\n\r\n")
            line.recv(100)
        assert "Lupus nephritis was in remission" in used_by_tool(run, QUESTION)
        with run.http() as client:
            (folder / "metrics").write_text(client.get("/metrics").raise_for_status().text)
        run.end()
        yield run


def of(run: Run, event: str) -> list[dict[str, Any]]:
    return [line for line in run.lines() if line["event"] == event]


def test_each_line_is_one_json_object_with_time_level_and_event(used: Run) -> None:
    lines = used.lines()
    assert len(lines) > 20
    for line in lines:
        assert list(line)[:3] == ["time", "level", "event"]
        assert line["time"].endswith("Z")
        assert abs((datetime.now(UTC) - datetime.fromisoformat(line["time"])).total_seconds()) < 600
        assert line["level"] in {"debug", "info", "warning", "error"}
    assert of(used, "printed") == []
    assert used.out("out") == ""


@pytest.mark.parametrize("where", ["err", "out", "metrics"])
def test_nothing_that_anybody_wrote_is_in_any_output(used: Run, where: str) -> None:
    assert MARK.findall(used.out(where)) == []
    assert not re.search("(?<![0-9a-f])ada(?![0-9a-f])", used.out(where))  # the numbers of requests may have it
    assert "lupus" not in used.out(where)


def test_each_request_has_an_id_a_route_and_figures(used: Run) -> None:
    lines = of(used, "request")
    assert all({"request", "method", "route", "status", "ms", "bytes"} <= set(line) for line in lines)
    routes = {(line["method"], line["route"], line["status"]) for line in lines}
    assert {
        ("POST", "/gradio_api/queue/join", 200),
        ("POST", "/gradio_api/call/v2/{api_name}", 200),
        ("GET", "/document", 200),
        ("POST", "/login", 403),
        ("POST", "/mcp", 200),
        ("GET", "unmatched", 404),
        ("GET", "unmatched", 401),
        ("GET", "/metrics", 200),
    } <= routes
    assert {method for method, _, _ in routes} <= {"GET", "POST", "DELETE", "OTHER"}
    assert {line["level"] for line in lines if line["route"] in {"/ready", "/metrics"}} == {"debug"}


def test_each_question_is_told_by_its_figures_under_the_id_of_its_request(used: Run) -> None:
    lines = of(used, "question")
    assert [line["by"] for line in lines] == ["page", "page", "comparison", "program", "program", "assistant"]
    asked = {line["request"] for line in of(used, "request") if line["method"] == "POST"}
    assert {line["request"] for line in lines} <= asked
    program, failed = lines[3], lines[4]
    assert (program["request"], program["outcome"], program["generation"]) == ("program-1", "answered", 1)
    assert (program["kind"], program["abstained"], program["citations"]) == ("yes-no", False, 1)
    assert 0 < program["confidence"] <= 1
    assert 0 < program["steps"]["total"] <= program["seconds"] < 60
    assert (failed["level"], failed["outcome"], failed["error"]) == ("warning", "failed", "ValueError")


def test_a_bug_is_told_with_where_it_happened_and_without_what_it_says(used: Run) -> None:
    (line,) = [line for line in of(used, "message") if line.get("error") == "ValueError"]
    assert (line["level"], line["message"], line["logger"]) == ("error", "A program could not be answered", "ui.api")
    assert any("embed_question" in place for place in line["at"])


def test_uvicorn_writes_into_the_same_log(used: Run) -> None:
    said = {line["message"]: line["level"] for line in of(used, "message") if line["logger"] == "uvicorn.error"}
    assert said["Application startup complete."] == "info"
    assert said["Invalid HTTP request received."] == "warning"


def test_syncs_and_uploads_are_told_in_counts(used: Run) -> None:
    first, second = of(used, "sync")
    assert (first["outcome"], first["generation"], first["added"], first["skipped"]) == ("done", 1, 2, 0)
    assert (second["generation"], second["added"], second["unchanged"]) == (2, 1, 2)
    assert [line["outcome"] for line in of(used, "upload")] == ["added"]


def test_the_same_is_counted(used: Run) -> None:
    families = text_string_to_metric_families(used.out("metrics"))
    found = {(one.name, *sorted(one.labels.values())): one.value for family in families for one in family.samples}
    assert found["pincite_uploads_total", "added"] == 1
    assert found["pincite_syncs_total", "done"] == 2
    assert found["pincite_sync_files_total", "added"] == 3
    assert (found["pincite_documents",], found["pincite_generation",]) == (3, 2)
    assert sum(value for key, value in found.items() if key[0] == "pincite_questions_total") == 6
    assert found["pincite_questions_total", "", "", "failed", "program"] == 1


def test_questions_are_logged_where_that_is_asked_for_and_nothing_else_is(tmp_path: Path) -> None:
    with running(shelf_in(tmp_path), "--log-level", "info", "--log-questions") as run:
        with run.http() as client:
            asked_by_program(client, QUESTION)
            assert client.get("/metrics").status_code == 404
        run.end()
    written = run.out()
    assert f"question={json.dumps(QUESTION)}" in written
    assert MARK.findall(written) == ["markedquestion"]
    for line in written.splitlines():  # text, where a level is given and no format
        assert re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z (INFO|WARNING|ERROR) +\w+( \w+=|$)", line), line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--log-format", "xml"], "log_format"),
        (["--log-format", "json", "--log-level", "loud"], "log_level"),
        (["--log-questions"], "--log-questions needs a log"),
    ],
)
def test_a_log_that_cannot_be_is_refused_in_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    done = pincite("ui", *words, cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert said in done.stderr


# The lines themselves


@given(st.text(), st.dictionaries(st.text(), st.text() | st.floats() | st.lists(st.text())))
def test_a_field_may_hold_anything_and_the_line_is_one(words: str, fields: dict[str, Any]) -> None:
    for form in ("json", "text"):
        told = io.StringIO()
        with logging_to(told, form, "debug"):
            write_event(Note("note", logging.INFO, {"n": fields, "words": words}))
        (line, rest) = told.getvalue().split("\n")
        assert (rest, line.splitlines()) == ("", [line])
        if form == "json":
            assert json.loads(line)["words"] == words


@pytest.mark.parametrize("formatter", [JsonLines(), TextLines()])
@pytest.mark.parametrize(
    ("logger", "message", "args", "said"),
    [
        ("ui.turns", "Passed over: %s", ("markedword",), "Passed over: …"),
        ("uvicorn.error", 'From %s "%s" %d', ("markedpeer", "markedpath", 200), "200"),
        ("ui.turns", "Two %s", (), "Two %s"),
        ("asyncio", "Task failed: markedword", (), "asyncio"),
        ("httpx", "HTTP Request: GET %s", ("http://markedhost/markedpath",), "httpx"),
    ],
)
def test_what_is_filled_into_a_message_and_what_others_say_is_withheld(
    formatter: logging.Formatter, logger: str, message: str, args: tuple[Any, ...], said: str
) -> None:
    try:
        raise ValueError("markederror")
    except ValueError:
        record = logging.LogRecord(logger, logging.ERROR, "file", 1, message, args, sys.exc_info())
    line = formatter.format(record)
    assert MARK.findall(line) == []
    assert "ValueError" in line
    assert said in line.replace("\\u2026", "…")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_what_a_library_prints_is_a_line_without_its_words(stream: str) -> None:
    told = io.StringIO()
    with logging_to(told, "json", "info"):
        getattr(sys, stream).write("markedword\nTraceback\n")
    assert {**json.loads(told.getvalue()), "time": ""} == {
        "time": "",
        "level": "warning",
        "event": "printed",
        "lines": 2,
    }


def test_afterwards_logging_is_as_it_was() -> None:
    root, ours, error = logging.getLogger(), logging.getLogger("ui"), sys.stderr
    before = (root.handlers[:], root.level, ours.level)
    with logging_to(io.StringIO(), "json", "debug"):
        assert (root.handlers[:], root.level, ours.level) != before
    assert (root.handlers[:], root.level, ours.level) == before
    assert sys.stderr is error


def test_a_sync_that_failed_is_told_without_the_names_that_its_problem_has() -> None:
    told = _told(Job(), IndexLockedError("markedfile.txt is locked"), 1.0)
    assert (told.outcome, told.error, told.problem) == (
        "failed",
        "IndexLockedError",
        "Another process is writing the index.",
    )
    full = _told(Job(), OSError(28, "No space left on device", "markedfile.txt"), 1.0)
    assert (full.error, full.problem) == ("OSError", "No space left on device")
    done = Job(report=SyncReport(generation=3, added=["markedfile.txt"], seconds=2.0))
    assert (_told(done, None, 2.0).files["added"], MARK.findall(repr(_told(done, None, 2.0)))) == (1, [])


# Questions


def outcomes(raised: BaseException | None) -> Question:
    told: list[Any] = []
    try:
        with Observer(told.append).asked("page", "markedquestion"):
            if raised:
                raise raised
    except (ValueError, GeneratorExit) as error:
        assert error is raised
    (one,) = told
    assert isinstance(one, Question)
    assert one.question == ""
    return one


def test_a_question_that_nobody_waits_for_any_more_has_not_failed() -> None:
    assert outcomes(GeneratorExit()).outcome == "stopped"
    assert (outcomes(ValueError("markedword")).outcome, outcomes(ValueError()).error) == ("failed", "ValueError")
    assert outcomes(None).outcome == "failed"


# Ids


@pytest.mark.parametrize("given_", ["abc", "4bf92f3577b34da6-00f067aa0ba902b7", "Root=1-67891233-abcdef", "a" * 128])
def test_a_plain_word_is_taken_as_the_id_of_a_request(given_: str) -> None:
    assert request_id(given_) == given_


@given(st.text(max_size=200))
def test_any_id_is_short_and_one_plain_word(given_: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._:+/=-]{1,128}", request_id(given_))


def test_no_two_requests_without_an_id_share_one() -> None:
    assert len({request_id("") for _ in range(100)}) == 100


def test_a_request_that_fails_is_an_error() -> None:
    told = io.StringIO()
    with logging_to(told, "json", "error"):
        write_event(Request("a", "GET", "/", 200, 0.1, 5))
        write_event(Request("b", "GET", "/", 500, 0.1, 5))
    assert json.loads(told.getvalue())["request"] == "b"
