"""What programs may ask, asked as docs/api.md says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from served import Served, served, tiny_assistant

from rag import Assistant
from rag.answers import Answer, Citation, Written

ROOT = Path(__file__).parents[2]
DOCUMENTED = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
QUESTION = "Which autoimmune diseases have first clinical results with CAR T cells?"


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with tiny_assistant(tmp_path_factory.mktemp("shelf")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def site(shelved: Assistant) -> Iterator[Served]:
    with served(shelved) as one:
        yield one


@pytest.fixture(scope="module")
def client(site: Served) -> Iterator[Client]:
    made = Client(site.url, verbose=False, analytics_enabled=False)
    yield made
    made.close()


def example(language: str, site: Served, at: int = 0) -> str:
    """An example of the documentation, for this server."""
    found: str = re.findall(rf"```{language}\n(.*?)```", DOCUMENTED, re.DOTALL)[at]
    return found.replace("http://127.0.0.1:7860", site.url)


def called(site: Served, name: str, **asked: Any) -> tuple[str, Any]:
    """A call as the documented curl makes it: the kind of event it ends with, and its data."""
    event = site.post(f"/gradio_api/call/v2/{name}", json=asked).raise_for_status().json()["event_id"]
    answered = site.get(f"/gradio_api/call/{name}/{event}", timeout=60).text
    kind, data = re.fullmatch(r"event: (\w+)\ndata: (.*)\s*", answered).groups()  # type: ignore[union-attr]
    return kind, json.loads(data)


def without_seconds(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "seconds"}


def test_three_endpoints_are_public_and_say_what_they_take_and_return(site: Served) -> None:
    told = site.get("/gradio_api/info").json()
    assert told["unnamed_endpoints"] == {}
    takes = {
        name: {one["parameter_name"]: one["parameter_default"] for one in endpoint["parameters"]}
        for name, endpoint in told["named_endpoints"].items()
    }
    assert takes == {
        "/answer": {"question": None, "history": None, "documents": None, "quoted": False},
        "/search": {"query": None, "k": 10, "documents": None},
        "/documents": {},
    }
    assert all(endpoint["description"] for endpoint in told["named_endpoints"].values())
    returned = {name: endpoint["returns"][0]["type"] for name, endpoint in told["named_endpoints"].items()}
    assert set(returned["/answer"]["properties"]) == set(Answer.model_fields)
    assert set(returned["/answer"]["$defs"]["Written"]["properties"]) == set(Written.model_fields)
    assert set(returned["/search"]["$defs"]["Citation"]["properties"]) == set(Citation.model_fields)
    assert {"document", "title", "passages"} <= set(returned["/documents"]["$defs"]["Shelved"]["properties"])


def test_an_answer_is_what_python_gives(client: Client, shelved: Assistant) -> None:
    given = client.predict(question=QUESTION, api_name="/answer")
    assert given["citations"]
    assert without_seconds(given) == without_seconds(shelved.answer(QUESTION).to_dict())
    assert Answer.model_validate(given).text == given["text"]


def test_documents_and_history_are_heeded(client: Client, shelved: Assistant) -> None:
    names = [one["document"] for one in client.predict(api_name="/documents")]
    assert names == [one.name for one in shelved.documents()]
    found = client.predict(query="B cells", k=5, documents=names[1:], api_name="/search")
    assert {one["document"] for one in found} == set(names[1:])
    assert len(client.predict(query="B cells", k=1, api_name="/search")) == 1
    history = [{"role": "user", "content": "What is known about lupus?"}, {"role": "assistant", "content": "A lot."}]
    follow_up = client.predict(question="And its treatment?", history=history, api_name="/answer")
    assert "lupus" in follow_up["standalone_question"]


@pytest.mark.parametrize(
    ("endpoint", "asked", "said"),
    [
        ("answer", {"question": " "}, "Nothing was asked"),
        ("answer", {"question": "x" * 2001}, "2,001 characters; up to 2,000"),
        ("answer", {"question": 5}, "question: Input should be a valid string"),
        ("answer", {"question": "What?", "documents": ["none.txt"]}, "Not on the shelf: none.txt"),
        ("answer", {"question": "What?", "documents": "none.txt"}, "documents: Input should be a valid list"),
        ("answer", {"question": "What?", "history": [{"role": "system", "content": "x"}]}, "history.0.role: Input"),
        ("answer", {"question": "What?", "history": [{"role": "user"}]}, "history.0.content: Field required"),
        ("answer", {"question": "What?", "quoted": "yes"}, "quoted: Input should be a valid boolean"),
        ("answer", {"question": "What?", "history": [{"role": "user", "content": "x"}] * 201}, "history: List should"),
        (
            "answer",
            {"question": "What?", "history": [{"role": "user", "content": "x" * 100_001}]},
            "history.0.content: ",
        ),
        (
            "answer",
            {"question": "What?", "documents": ["none.txt"] * 10_001},
            "documents: List should have at most 10000",
        ),
        ("search", {"query": "x" * 2001}, "2,001 characters"),
        ("search", {"query": "B cells", "k": 0}, "k: Input should be greater than or equal to 1"),
        ("search", {"query": "B cells", "k": 101}, "k: Input should be less than or equal to 100"),
    ],
)
def test_what_cannot_be_asked_is_an_error_in_words(
    site: Served, client: Client, endpoint: str, asked: dict[str, Any], said: str
) -> None:
    kind, told = called(site, endpoint, **asked)
    assert kind == "error"
    assert said in json.dumps(told)
    with pytest.raises(AppError) as raised:
        client.predict(**asked, api_name=f"/{endpoint}")
    assert said in str(raised.value)


def test_a_failure_of_our_own_tells_a_stranger_nothing(
    site: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a path that nobody should see")

    monkeypatch.setattr("rag.assistant.answer_question", broken)
    kind, told = called(site, "answer", question=QUESTION)
    assert (kind, "nobody should see" in json.dumps(told)) == ("error", False)
    capsys.readouterr()


def test_the_documented_python_runs(site: Served, capsys: pytest.CaptureFixture[str]) -> None:
    known: dict[str, Any] = {}
    exec(example("python", site), known)
    assert known["answer"]["text"] in capsys.readouterr().out
    assert len(known["passages"]) == 3
    assert len(known["shelf"]) == 2
    known["client"].close()
    exec(example("python", site, 1), known)
    known["client"].close()


def test_the_documented_curl_runs(site: Served) -> None:
    if not shutil.which("curl"):
        pytest.skip("There is no curl here")
    done = subprocess.run(["bash", "-c", example("bash", site)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("event: complete\ndata: [{")
    assert json.loads(done.stdout.partition("data: ")[2])[0]["question"] == QUESTION


def test_documents_are_told_as_on_the_command_line(client: Client) -> None:
    keys = {"document", "title", "authors", "year", "journal", "doi", "labels", "format"}
    assert all(set(one) == keys | {"pages", "passages", "sentences"} for one in client.predict(api_name="/documents"))
