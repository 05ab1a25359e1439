"""The assistant as Python sees it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import rag
from index.errors import IndexMismatchError, UsageError
from rag import Assistant
from rag.langchain import PinciteRetriever

PROJECT = Path(__file__).parents[2]


def run(waiting: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: a browser under test keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, waiting).result()


def test_answer_uses_the_default_shelf_and_brings_it_up_to_date(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shelf.parent)
    first = rag.answer("What are chimeric antigen receptors?")
    assert not first.abstained
    (shelf / "new.txt").write_text(
        "A new review\n\nZebrafish models of vasculitis respond to anti-CD20 chimeric receptors within nine days.\n"
    )
    second = rag.answer("What do zebrafish models of vasculitis respond to?")
    assert second.citations[0].document == "new.txt"
    assert second.fingerprint.index_generation == first.fingerprint.index_generation + 1


def test_aanswer_is_answer(assistant: Assistant) -> None:
    question = "What are CARs?"
    assert run(assistant.aanswer(question)).citations == assistant.answer(question).citations


def test_search_returns_whole_passages_best_first(assistant: Assistant) -> None:
    found = assistant.search("lymphodepletion regimen", k=3)
    assert len(found) == 3
    assert "lymphodepletion" in found[0].quote
    assert [one.number for one in found] == [1, 2, 3]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_wrong_use_is_named(assistant: Assistant, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.txt"):
        assistant.answer("What are CARs?", documents=["nowhere.txt"])
    with pytest.raises(UsageError, match="at least"):
        assistant.search("CARs", k=0)
    with pytest.raises(UsageError, match=r"nowhere\.txt"):
        assistant.document("nowhere.txt")
    with pytest.raises(UsageError, match="no seeds folder"), Assistant(tmp_path / "no", tmp_path / "index") as mine:
        mine.answer("What are CARs?")


def test_other_settings_than_the_index_was_made_with_are_named_and_never_mixed(shelf: Path, tmp_path: Path) -> None:
    with Assistant(seeds=shelf, index=tmp_path / "index") as mine:
        mine.sync()
        other = mine.settings.model_copy(update={"passage_tokens": 64})
    with (
        Assistant(settings=other) as mine,
        pytest.raises(IndexMismatchError, match=r"passage_tokens \(256 in the index, 64 asked for\).*--rebuild"),
    ):
        mine.answer("What are CARs?")


def test_many_threads_may_ask_while_the_shelf_changes(shelf: Path, tmp_path: Path) -> None:
    questions = ["What are CARs?", "What is lymphodepletion?", "Which diseases were treated?", "Who wrote the reviews?"]
    with Assistant(seeds=shelf, index=tmp_path / "index") as mine:
        mine.sync()
        stop = threading.Event()

        def change() -> None:
            for number in range(8):
                (shelf / f"{number}.txt").write_text(
                    f"Review number {number}.\n\nPatient {number} was treated with CARs."
                )
                mine.sync()
            stop.set()

        def ask(question: str) -> int:
            asked = 0
            while not stop.is_set():
                with mine.snapshot() as snapshot:
                    generation = snapshot.generation
                answer = mine.answer(question)
                assert answer.fingerprint.index_generation >= generation
                for one in (*answer.citations, *answer.nearest):
                    assert mine.document(one.document).text[one.start : one.end] == one.quote
                asked += 1
            return asked

        with ThreadPoolExecutor(9) as pool:
            changing = pool.submit(change)
            counts = list(pool.map(ask, questions * 2))
            changing.result()
        assert min(counts) >= 1


def test_an_answer_under_way_keeps_its_generation(shelf: Path, tmp_path: Path) -> None:
    with Assistant(seeds=shelf, index=tmp_path / "index") as mine:
        mine.sync()
        with mine.snapshot() as held:
            for file in shelf.iterdir():
                file.unlink()
            mine.sync()
            assert len(held.names) == 2
            assert held.document(held.names[0]).text
            with mine.snapshot() as newest:
                assert newest.names == []


def test_langchain_can_retrieve(assistant: Assistant) -> None:
    retriever = PinciteRetriever(assistant=assistant, k=2)
    found = retriever.invoke("lymphodepletion")
    assert len(found) == 2
    for one in found:
        text = assistant.document(one.metadata["source"]).text
        assert text[one.metadata["start"] : one.metadata["end"]] == one.page_content
    assert run(retriever.ainvoke("lymphodepletion")) == found


@pytest.mark.parametrize("code", ["import rag", "import rag; rag.answer", "import ui.cli; ui.cli.app"])
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    heavy = [
        "torch",
        "sentence_transformers",
        "transformers",
        "faiss",
        "gradio",
        "langchain_core",
        "numpy",
        "tantivy",
        "sklearn",
    ]
    script = f"import sys; {code}; print(*[name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == ""
