"""A real, poor model behind a real server of OpenAI's interface: its inventions are caught, its failures are told."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SEEDS
from local_model import served

from rag import Answer, Assistant
from rag.answers import Draft
from rag.settings import load_settings

QUESTIONS = (
    "What are chimeric antigen receptors?",
    "Which technologies will make CAR T cell products available?",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local") / "index"
    with Assistant(SEEDS, folder) as assistant:
        assistant.sync()
    return folder


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("OPENAI_"):
            monkeypatch.delenv(name)


def answering(index: Path, address: str, **settings: object) -> Assistant:
    own = {"llm_passages": 2, "llm_tokens": 60, "llm_seconds": 120.0, "llm_unsupported": "strike", **settings}
    return Assistant(
        settings=load_settings(seeds=SEEDS, index=index, llm="openai:smollm2", llm_base_url=address, **own)
    )


@pytest.mark.parametrize("question", QUESTIONS)
def test_whatever_it_writes_what_is_shown_as_fact_stands_on_exact_quotes(
    index: Path, address: str, question: str
) -> None:
    with answering(index, address) as assistant:
        answer = assistant.answer(question)
        for citation in answer.citations:
            assert assistant.document(citation.document).text[citation.start : citation.end] == citation.quote
    assert answer.sentences
    assert all(sentence.citations for sentence in answer.sentences)
    written = answer.written
    assert written is not None
    assert (written.tokens_read or 0) > 100
    assert 0 < (written.tokens_written or 0) <= 60
    assert written.supported + len(written.unsupported) + written.dropped > 0
    assert bool(written.fallback) == (written.supported == 0)


def test_its_words_come_while_they_are_written(index: Path, address: str) -> None:
    with answering(index, address) as assistant:
        *drafts, last = assistant.answering(QUESTIONS[0])
    assert isinstance(last, Answer)
    assert len({draft.checking for draft in drafts if isinstance(draft, Draft)}) > 3


def test_it_is_called_off_when_nobody_listens_any_more(index: Path, address: str) -> None:
    with answering(index, address, llm_tokens=2000) as assistant:
        words = assistant.answering(QUESTIONS[0])
        next(words)
        words.close()
        # The server has one place: a second question is answered only if the first has let go of it.
        started = time.monotonic()
        with answering(index, address) as other:
            assert other.answer(QUESTIONS[0]).written is not None
        assert time.monotonic() - started < 60


def test_too_slow_or_not_there_it_leaves_the_quoted_answer(index: Path, address: str) -> None:
    with answering(index, address, llm_seconds=1.0, llm_tokens=2000, llm_passages=6) as assistant:
        slow = assistant.answer(QUESTIONS[0])
    assert slow.sentences
    assert slow.written is not None
    assert slow.written.seconds < 20
    with answering(index, "http://127.0.0.1:9/v1") as assistant:
        absent = assistant.answer(QUESTIONS[0])
    assert absent.written is not None
    assert absent.written.fallback == "openai:smollm2 cannot be reached."
    assert "“" in absent.sentences[0].text
