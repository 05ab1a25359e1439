"""Programs and other assistants get written answers where a model is set, and quoted ones where they ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client
from scripted_model import FIRST, NAME, QUESTION, WRONG, ScriptedModel, writing_assistant
from served import Served, served
from test_mcp import asked

from rag import Assistant
from rag.answers import Answer
from ui.access import Access


@pytest.fixture
def model() -> ScriptedModel:
    made = ScriptedModel()
    made.script(f"{FIRST} [1] {WRONG} [1]")
    return made


@pytest.fixture
def assistant(tmp_path: Path, model: ScriptedModel) -> Iterator[Assistant]:
    with writing_assistant(tmp_path, model, llm_unsupported="strike") as one:
        yield one


@pytest.fixture
def site(assistant: Assistant) -> Iterator[Served]:
    with served(assistant, Access(mcp=True)) as one:
        yield one


def test_an_endpoint_answers_in_the_models_words_or_in_the_reviews(site: Served, model: ScriptedModel) -> None:
    client = Client(site.url, verbose=False, analytics_enabled=False)
    written = Answer.model_validate(client.predict(question=QUESTION, api_name="/answer"))
    quoted = Answer.model_validate(client.predict(question=QUESTION, quoted=True, api_name="/answer"))
    client.close()
    assert written.written
    assert (written.written.model, [one.text for one in written.written.unsupported]) == (NAME, [WRONG])
    assert [one.text for one in written.sentences] == [FIRST]
    assert quoted.written is None
    assert f"“{FIRST}”" in quoted.text
    assert len(model.asked) == 1


def test_a_tool_does_so_too_and_says_that_it_may_ask_others(site: Served, model: ScriptedModel) -> None:
    tools, written, quoted = asked(
        site, ("answer", {"question": QUESTION}), ("answer", {"question": QUESTION, "quoted": True})
    )
    hints = {one.name: one.annotations.open_world_hint for one in tools}
    assert hints == {"answer": True, "search": False, "documents": False}
    assert written.structured_content["written"]["model"] == NAME
    assert [one["quote"] for one in written.structured_content["citations"]] == [FIRST]
    assert quoted.structured_content["written"] is None
    assert len(model.asked) == 1
