"""The first indexing, behind a page that is served already: a state that everything which asks is told of."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from index_helpers import HEART, KIDNEY, LIVER, to_third_format, write
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from served import Served, awaited, served
from tiny_embedder import TinyEmbedder

from index.embedding import SentenceTransformerEmbedder, Vectors
from index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, ModelMissingError, UsageError
from index.lock import writer_lock
from rag import Assistant
from rag.settings import Settings
from ui import comparing, starting, turns
from ui.access import Access
from ui.front import Shelf
from ui.keeping import Keeper, StillReadingError
from ui.library_acts import Library
from ui.shelf_table import View
from ui.starting import something_waits

QUESTION = "Was lupus nephritis in remission?"
STILL = "The reviews are still being read; ask again when that is done."


class Gate(TinyEmbedder):
    """Embeds no sentence before it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.open = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        self.reached.set()
        while not self.open.wait(0.02):
            if progress is not None:
                progress(0)
        return super().embed(texts, progress)


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


def assistant_in(tmp_path: Path, embedder: TinyEmbedder) -> Assistant:
    seeds = write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER})
    return Assistant(seeds, tmp_path / "index", embedder=embedder, settings=Settings(reader="none", lock_wait=20.0))


@pytest.fixture
def keeper(tmp_path: Path, gate: Gate) -> Iterator[Keeper]:
    """Who keeps a shelf that was never read."""
    with assistant_in(tmp_path, gate) as assistant, closing(Keeper(assistant)) as made:
        yield made


def until_reached(keeper: Keeper, gate: Gate) -> None:
    keeper.begin()
    assert gate.reached.wait(30)


def finish(keeper: Keeper, gate: Gate) -> None:
    job = keeper.job
    gate.open.set()
    assert job is not None
    assert job.done.wait(30)


# What is told meanwhile, and after


def test_meanwhile_the_page_has_a_state_of_its_own_and_afterwards_its_shelf(keeper: Keeper, gate: Gate) -> None:
    until_reached(keeper, gate)
    front, library = Shelf(keeper.assistant), Library(keeper)
    assert "Reading the reviews for the first time" in front.header()
    assert "pc-header-first" in front.header()
    assert front.choices() == []
    shown = library.refresh(View())
    assert "Reading the reviews…" in shown["strip"]
    assert "Embedding" in shown["strip"]
    assert "are listed here when that is done" in shown["table"]
    assert "pc-report-problem" not in shown["table"]
    assert library.look(shown["strip"], shown["generation"], View()) == {}
    finish(keeper, gate)
    found = library.look(shown["strip"], shown["generation"], View())
    assert (found["strip"], found["generation"]) == ("", 1)
    assert "kidney.txt" in found["table"]
    front.refresh()
    assert "2 reviews on the shelf" in front.header()
    assert "pc-header-first" not in front.header()


def test_a_question_asked_meanwhile_is_told_kindly_and_answered_afterwards(keeper: Keeper, gate: Gate) -> None:
    until_reached(keeper, gate)
    turn = turns.ask(keeper.assistant, QUESTION, [])
    assert (turn.problem, turn.early) == (STILL, True)
    _, page = list(comparing._steps(keeper.assistant, QUESTION, [], 8))[-1]
    assert STILL in page
    assert "pc-early" in page
    finish(keeper, gate)
    turn = turns.ask(keeper.assistant, QUESTION, [])
    assert not turn.early
    assert turn.answer is not None
    assert turn.answer.citations[0].document == "kidney.txt"
    assert "pc-early" not in list(comparing._steps(keeper.assistant, QUESTION, [], 8))[-1][1]


def test_programs_are_told_in_one_sentence_and_nothing_waits(keeper: Keeper, gate: Gate) -> None:
    until_reached(keeper, gate)
    with served(keeper.assistant, Access(mcp=True), keeper=keeper) as site:
        calls = {"answer": {"question": QUESTION}, "search": {"query": "kidney"}, "documents": {}}
        assert {name: _called(site, name, asked) for name, asked in calls.items()} == dict.fromkeys(calls, STILL)
        assert {name: _used(site, name, asked) for name, asked in calls.items()} == dict.fromkeys(calls, STILL)
        health = site.get("/health")
        assert (health.status_code, health.json()["status"], health.json()["index"]) == (200, "ok", False)
        page = site.get("/document?name=kidney.txt")
        assert page.status_code == 503
        assert STILL in page.text
        finish(keeper, gate)
        assert site.get("/health").json()["index"] is True
        assert site.get("/document?name=kidney.txt").status_code == 200


def _called(site: Served, name: str, asked: dict[str, str]) -> str:
    """What Gradio's API says, where it has no answer."""
    event = site.post(f"/gradio_api/call/v2/{name}", json=asked).raise_for_status().json()["event_id"]
    kind, _, data = site.get(f"/gradio_api/call/{name}/{event}").text.partition("\n")
    assert kind == "event: error"
    return str(json.loads(data.removeprefix("data: "))["error"])


def _used(site: Served, name: str, asked: dict[str, str]) -> str:
    """What a tool says, where it has no answer."""

    async def story() -> str:
        async with Client(streamable_http_client(f"{site.url}/mcp")) as client:
            told = await client.call_tool(name, asked)
        assert told.is_error
        return str(told.content[0].text).removeprefix(f"Error executing tool {name}: ")  # type: ignore[union-attr]

    return awaited(story())


def test_nobody_else_begins_to_read(keeper: Keeper, gate: Gate, tmp_path: Path) -> None:
    until_reached(keeper, gate)
    for _ in range(3):
        with pytest.raises(StillReadingError):
            keeper.assistant.answer(QUESTION)
    finish(keeper, gate)
    assert keeper.assistant.answer(QUESTION).fingerprint.index_generation == 1
    assert len(gate.embedded) == len(set(gate.embedded))  # no sentence twice


def test_where_nothing_keeps_the_index_the_first_use_still_makes_it(tmp_path: Path) -> None:
    with assistant_in(tmp_path, TinyEmbedder()) as assistant:
        keeper = Keeper(assistant)
        with pytest.raises(IndexMissingError, match="There is no index in"):
            assistant.answer(QUESTION)
        keeper.close()
        assert assistant.answer(QUESTION).citations[0].document == "kidney.txt"


def test_what_fails_is_said_and_another_try_goes_well(keeper: Keeper, gate: Gate) -> None:
    gate.open.set()
    seeds = keeper.assistant.settings.seeds
    seeds.rename(seeds.with_name("away"))
    told: list[str] = []
    assert keeper.begin(then=lambda job: told.append(job.problem)).done.wait(30)
    front, library = Shelf(keeper.assistant), Library(keeper)
    assert "The reviews have not been read yet" in front.header()
    assert "pc-header-first" not in front.header()
    assert "There is no seeds folder" in library.refresh(View())["strip"]
    turn = turns.ask(keeper.assistant, QUESTION, [])
    assert turn.problem.startswith("The reviews could not be read. There is no seeds folder")
    assert not turn.early
    seeds.with_name("away").rename(seeds)
    *_, last = library.act({"act": "update"}, View())
    assert last["generation"] == 1
    assert "There is no seeds folder" in told[0]


def test_while_files_wait_to_be_taken_in_the_older_generation_answers(keeper: Keeper, gate: Gate) -> None:
    gate.open.set()
    assert keeper.begin().done.wait(30)
    gate.open.clear()
    gate.reached.clear()
    write(keeper.assistant.settings.seeds, {"heart.txt": HEART})
    until_reached(keeper, gate)
    assert "Updating the index…" in Library(keeper).refresh(View())["strip"]
    assert keeper.assistant.answer(QUESTION).fingerprint.index_generation == 1
    assert "2 reviews on the shelf" in Shelf(keeper.assistant).header()
    finish(keeper, gate)
    assert "3 reviews on the shelf" in Shelf(keeper.assistant).header()


# Whether there is anything to do


def test_where_nothing_waits_nothing_is_begun(keeper: Keeper, gate: Gate) -> None:
    gate.open.set()
    assert something_waits(keeper)
    assert something_waits(keeper)  # looking at it made none
    assert keeper.begin().done.wait(30)
    assert not something_waits(keeper)
    assert keeper.assistant.is_open
    seeds = keeper.assistant.settings.seeds
    for change in (
        lambda: write(seeds, {"heart.txt": HEART}),
        lambda: write(seeds, {"heart.txt": HEART + LIVER}),
        (seeds / "heart.txt").unlink,
    ):
        change()
        assert something_waits(keeper)
        assert keeper.begin().done.wait(30)
        assert not something_waits(keeper)


def test_an_index_of_an_older_format_is_taken_up(keeper: Keeper, gate: Gate) -> None:
    gate.open.set()
    assert keeper.begin().done.wait(30)
    keeper.assistant.close()
    to_third_format(keeper.assistant.settings.index)
    with closing(sqlite3.connect(keeper.assistant.settings.index / "index.sqlite")) as database:
        database.executescript("DROP TABLE words; DROP TABLE learned; PRAGMA user_version = 2;")
    told: list[str] = []
    assert something_waits(keeper, told.append)
    assert [line for line in told if "brought up to the format of this one" in line] == told != []
    assert keeper.assistant.answer(QUESTION).citations  # and answers meanwhile
    job = keeper.begin()
    assert job.done.wait(30)
    assert job.problem == ""
    assert not something_waits(keeper)


def test_a_model_without_its_copy_for_questions_waits_for_one(
    keeper: Keeper, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.open.set()
    assert keeper.begin().done.wait(30)
    monkeypatch.setattr(starting, "lacks_copy", lambda *_: True)
    assert something_waits(keeper)
    keeper.assistant.settings = keeper.assistant.settings.model_copy(update={"question_model": "none"})
    assert not something_waits(keeper)


def test_where_another_process_reads_for_the_first_time_its_end_is_waited_for(keeper: Keeper, gate: Gate) -> None:
    gate.open.set()
    index = keeper.assistant.settings.index
    index.mkdir()
    with writer_lock(index, 1):
        assert something_waits(keeper)
        job = keeper.begin()
        while not job.waiting:
            assert not job.done.wait(0.05)
        assert "which is writing the index" in Library(keeper).refresh(View())["strip"]
    assert job.done.wait(30)
    assert keeper.assistant.is_open


def test_what_a_person_must_mend_is_said_before_anything_is_served(keeper: Keeper, gate: Gate, tmp_path: Path) -> None:
    gate.open.set()
    seeds, index = keeper.assistant.settings.seeds, keeper.assistant.settings.index
    assert keeper.begin().done.wait(30)

    def refused(embedder: TinyEmbedder | SentenceTransformerEmbedder) -> None:
        with Assistant(seeds, index, embedder=embedder, settings=Settings(reader="none")) as assistant:
            something_waits(Keeper(assistant))

    with pytest.raises(IndexMismatchError, match="made with other settings"):
        refused(TinyEmbedder("other"))
    with pytest.raises(ModelMissingError):
        refused(SentenceTransformerEmbedder(str(tmp_path / "no model")))
    keeper.assistant.close()
    for file in index.glob("index.sqlite*"):
        file.write_bytes(b"garbage" * 1000)
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        refused(TinyEmbedder())
    seeds.rename(tmp_path / "away")
    with pytest.raises(UsageError, match="no seeds folder"):
        refused(TinyEmbedder())
