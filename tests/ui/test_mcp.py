"""The tools for other assistants, used by a real client of the protocol."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from served import Served, awaited, served, tiny_assistant

from index.errors import UsageError
from rag import Assistant
from ui.access import Access
from ui.passwords import set_password

PASSWORD = "correct horse"
QUESTION = "What is known about the safety of CAR T cells?"


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with tiny_assistant(tmp_path_factory.mktemp("shelf")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def site(shelved: Assistant) -> Iterator[Served]:
    with served(shelved, Access(mcp=True)) as one:
        yield one


@pytest.fixture(scope="module")
def locked(shelved: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    file = tmp_path_factory.mktemp("auth") / "auth"
    set_password(file, "ada", PASSWORD)
    with served(shelved, Access(file, mcp=True)) as one:
        yield one


def asked(site: Served, *calls: tuple[str, dict[str, Any]], headers: dict[str, str] | None = None) -> list[Any]:
    """What a client gets: the list of tools, then the result of each call."""

    async def story() -> list[Any]:
        async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
            transport = streamable_http_client(f"{site.url}/mcp", http_client=http)
            async with Client(transport) as client:
                tools = (await client.list_tools()).tools
                return [tools, *[await client.call_tool(name, arguments) for name, arguments in calls]]

    return awaited(story())


def test_the_tools_say_what_they_do_take_and_return(site: Served) -> None:
    tools = {one.name: one for one in asked(site)[0]}
    assert list(tools) == ["answer", "search", "documents"]
    for tool in tools.values():
        assert tool.title
        assert tool.description
        assert "\n  " not in tool.description
        assert tool.annotations.read_only_hint
        assert all("description" in one for one in tool.input_schema["properties"].values())
    assert tools["answer"].input_schema["required"] == ["question"]
    assert set(tools["answer"].input_schema["properties"]) == {"question", "history", "documents", "quoted"}
    assert set(tools["search"].input_schema["properties"]) == {"query", "k", "documents"}
    assert "abstained" in tools["answer"].output_schema["properties"]


def test_an_assistant_gets_the_answer_that_python_gives(site: Served, shelved: Assistant) -> None:
    _, answer, found, shelf = asked(
        site, ("answer", {"question": QUESTION}), ("search", {"query": "B cells", "k": 2}), ("documents", {})
    )
    expected = shelved.answer(QUESTION).to_dict()
    assert not answer.is_error
    assert {**answer.structured_content, "seconds": 0} == {**expected, "seconds": 0}
    assert json.loads(answer.content[0].text)["text"] == expected["text"]
    quotes = [one["quote"] for one in found.structured_content["result"]]
    assert quotes == [one.quote for one in shelved.search("B cells", 2)]
    assert [one["document"] for one in shelf.structured_content["result"]] == [one.name for one in shelved.documents()]


def test_a_follow_up_brings_its_conversation(site: Served) -> None:
    history = [{"role": "user", "content": "What is known about lupus?"}, {"role": "assistant", "content": "A lot."}]
    _, answer = asked(site, ("answer", {"question": "And its treatment?", "history": history}))
    assert "lupus" in answer.structured_content["standalone_question"]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("answer", {"question": "x" * 2001}, "2,001 characters; up to 2,000"),
        ("answer", {"question": ""}, "Nothing was asked"),
        ("answer", {"question": "What?", "documents": ["none.txt"]}, "Not on the shelf: none.txt"),
        ("search", {"query": "B cells", "k": 101}, "less than or equal to 100"),
    ],
)
def test_what_cannot_be_asked_is_said_to_the_assistant(
    site: Served, tool: str, arguments: dict[str, Any], said: str
) -> None:
    _, result = asked(site, (tool, arguments))
    assert result.is_error
    assert said in result.content[0].text


def test_a_password_is_asked_for_and_taken_as_documented(locked: Served) -> None:
    documented = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    header = re.search(r'"Authorization": "(Basic \S+)"', documented)
    assert header
    assert httpx.BasicAuth("ada", "her password")._auth_header == header.group(1)
    right = {"Authorization": httpx.BasicAuth("ada", PASSWORD)._auth_header}
    tools, answer = asked(locked, ("answer", {"question": QUESTION}), headers=right)
    assert len(tools) == 3
    assert not answer.is_error
    for headers in (None, {"Authorization": header.group(1)}):
        with pytest.raises(BaseExceptionGroup):
            asked(locked, headers=headers)


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_a_page_of_another_site_cannot_use_the_tools(site: Served, headers: dict[str, str]) -> None:
    with pytest.raises(BaseExceptionGroup):
        asked(site, headers=headers)


def test_without_the_option_there_are_no_tools(shelved: Assistant) -> None:
    with served(shelved) as plain:
        assert plain.post("/mcp", json={}).status_code in {404, 405}


def test_a_missing_package_is_named_with_what_installs_it(shelved: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(UsageError, match=r"pip install 'pincite\[mcp\]'"), served(shelved, Access(mcp=True)):
        pass
