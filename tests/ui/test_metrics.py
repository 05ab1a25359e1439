"""What is told to those who watch over the server: whether it lives, whether it can answer, and counts."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import string
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from index_helpers import KIDNEY, write
from page_used import asked_by_program, asked_in_page, compared_in_page
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families
from scripted_model import FIRST, WRONG, ScriptedModel, writing_assistant
from served import Served, awaited, served
from test_auth import routes
from tiny_embedder import TinyEmbedder

from index.embedding import Vectors
from rag import Assistant
from rag.settings import Settings
from ui import readiness
from ui.access import Access
from ui.keeping import Keeper
from ui.metrics import Metrics
from ui.observing import Observer, Question, Room
from ui.passwords import set_password

QUESTION = "Was lupus nephritis in remission?"
PASSWORD = "correct horse & staple"


class Held(TinyEmbedder):
    """Embeds no question before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.go.set()

    def embed_question(self, text: str) -> Vectors:
        assert self.go.wait(60)
        return super().embed_question(text)


@pytest.fixture(scope="module")
def held() -> Iterator[Held]:
    made = Held()
    yield made
    made.go.set()


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory, held: Held) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("shelf")
    write(folder / "seeds", {"kidney.txt": KIDNEY})
    settings = Settings(reader="none")
    with Assistant(folder / "seeds", folder / "index", embedder=held, settings=settings) as assistant:
        assistant.sync()
        yield assistant


@pytest.fixture(scope="module")
def site(shelved: Assistant) -> Iterator[Served]:
    with served(shelved, Access(metrics=True)) as one:
        yield one


Counts = dict[tuple[str, ...], float]


def counts(site: Served, **options: object) -> Counts:
    """Each sample by its name and the values of its labels, in the order of these values' names."""
    told = site.get("/metrics", **options).raise_for_status()
    assert told.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(told.text)
        for sample in family.samples
    }


def more(after: Counts, before: Counts) -> Counts:
    """What was counted between, of what only grows."""
    names = ("_total", "_count")
    return {key: value - before.get(key, 0) for key, value in after.items()
            if key[0].startswith("pincite") and key[0].endswith(names) and value != before.get(key, 0)}  # fmt: skip


# Counts


def test_questions_are_counted_by_who_asks_and_what_came_of_them(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    before = counts(site)
    with site.http() as client:
        assert asked_by_program(client, QUESTION)[0] == "complete"
        assert asked_by_program(client, "Who won the 2018 world cup?")[0] == "complete"
        assert asked_by_program(client, " ")[0] == "error"
        asked_in_page(client, QUESTION)
        asked_in_page(client, "What is lupus nephritis?")
        compared_in_page(client, QUESTION)
        monkeypatch.setattr("rag.assistant.answer_question", lambda *_: 1 / 0)
        asked_in_page(client, QUESTION)
    questions = {
        key[1:]: count for key, count in more(counts(site), before).items() if key[0] == "pincite_questions_total"
    }
    page = {key: count for key, count in questions.items() if key[0] == "page"}
    assert questions["program", "yes-no", "answered", ""] == 1
    assert questions["program", "", "abstained", "not the subject"] == 1
    assert questions["program", "", "failed", ""] == 1
    assert questions["comparison", "comparison", "answered", ""] == 1
    assert (page["page", "yes-no", "answered", ""], page["page", "", "failed", ""], sum(page.values())) == (1, 1, 3)
    seconds = {key[1:]: value for key, value in counts(site).items() if key[0] == "pincite_question_seconds_bucket"}
    bounds = sorted(float(bound) for by, bound in seconds if by == "page")
    assert (bounds[0], bounds[-2:]) == (0.01, [60, float("inf")])
    assert seconds["page", "+Inf"] >= 3


def test_the_shelf_and_the_process_are_told_as_they_are(site: Served) -> None:
    found = counts(site)
    told = [found[f"pincite_{name}",] for name in ("ready", "generation", "documents", "passages", "sentences")]
    assert told == [1, 1, 1, 1, 2]
    assert found["process_resident_memory_bytes",] > 1e7
    assert found["process_open_fds",] > 3


def test_what_a_language_model_wrote_is_counted(tmp_path: Path) -> None:
    model = ScriptedModel()
    model.script(f"{FIRST} [1] {WRONG} [1]")
    with writing_assistant(tmp_path, model) as assistant, served(assistant, Access(metrics=True)) as site:
        with site.http() as client:
            assert asked_by_program(client, QUESTION)[0] == "complete"
        found = counts(site)
    sentences = {key[1]: value for key, value in found.items() if key[0] == "pincite_model_sentences_total"}
    assert sentences == {"supported": 1, "struck": 0, "dropped": 1}
    assert (found["pincite_model_tokens_total", "read"], found["pincite_model_tokens_total", "written"]) == (812, 96)


def test_whatever_is_asked_for_labels_stay_as_few(site: Served) -> None:
    written = {route for _, route in routes(site.application)}
    dice = random.Random(8)
    letters = string.ascii_letters + string.digits + "/._-%{}"

    def word(most: int) -> str:
        return "".join(dice.choices(letters, k=dice.randint(1, most)))

    with site.http() as client:
        client.get("/")
        before = {key for key in counts(site) if key[0] == "pincite_http_requests_total"}
        for _ in range(60):
            path = f"/{word(20)}".replace("%", "%25")
            client.request(
                dice.choice(["GET", "POST", "PUT", "".join(dice.choices(string.ascii_uppercase, k=5))]), path
            )
            client.get(f"/gradio_api/file={word(9)}".replace("%", "%25"))
            client.get(f"/static/{word(9)}?{word(9)}".replace("%", "%25"))
        after = {key for key in counts(site) if key[0] == "pincite_http_requests_total"}
    assert len(after - before) < 25
    told = {re.sub(r"{[^}]*}", "x", route) for _, route, _ in after}
    assert {"unmatched", "/metrics", "/gradio_api/file=x"} <= told
    assert told - written == {"unmatched"}


def test_words_that_nobody_foresaw_become_no_label() -> None:
    metrics = Metrics(Observer())
    for at in range(50):
        metrics(Question("", "page", "answered", 0.1, kind=f"kind {at}", why=f"why {at}"))
    families = {family.name: family for family in metrics.registry.collect()}
    (counted,) = [one for one in families["pincite_questions"].samples if one.name.endswith("_total")]
    assert (counted.labels["kind"], counted.labels["why"], counted.value) == ("other", "other", 50)


def test_the_registry_is_of_its_own_and_what_is_served_can_be_read_both_ways(site: Served) -> None:
    assert not [family.name for family in REGISTRY.collect() if family.name.startswith("pincite")]
    told = site.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    names = {family.name for family in open_metrics(told.text)}
    assert {"pincite_questions", "pincite_http_requests", "pincite_documents"} <= names
    assert "_created" not in site.get("/metrics").text


# Who may read them


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "10.1.2.3"}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=10.1.2.3"}]
)
def test_without_passwords_only_programs_on_this_machine_may(site: Served, headers: dict[str, str]) -> None:
    assert site.get("/metrics").status_code == 200
    refused = site.get("/metrics", headers=headers)
    assert (refused.status_code, "--auth-file" in refused.text, "pincite_" in refused.text) == (403, True, False)


def test_with_passwords_a_program_sends_one(shelved: Assistant, tmp_path: Path) -> None:
    set_password(tmp_path / "auth", "prometheus", PASSWORD)
    with served(shelved, Access(tmp_path / "auth", metrics=True)) as site:
        assert site.get("/metrics").status_code == 401
        assert site.get("/metrics", auth=("prometheus", "wrong")).status_code == 401
        for headers in ({}, {"X-Forwarded-For": "10.1.2.3"}):  # nor does it matter where from
            told = site.get("/metrics", auth=("prometheus", PASSWORD), headers=headers)
            assert "pincite_documents 1.0" in told.text
        assert {site.get(path).status_code for path in ("/health", "/ready")} == {200}
        assert set(site.get("/ready").json()) == {"status", "generation"}


def test_they_are_not_there_unless_asked_for(shelved: Assistant) -> None:
    with served(shelved) as site:
        assert site.get("/metrics").status_code == 404


# Alive, and ready


def test_it_tells_that_it_is_alive_and_ready_while_twenty_questions_wait(site: Served, held: Held) -> None:
    held.go.clear()
    try:
        with ThreadPoolExecutor(20) as pool, site.http() as client:
            asked = [pool.submit(lambda: asked_by_program(client, QUESTION)) for _ in range(20)]
            end = time.monotonic() + 30
            while (waiting := counts(site)["pincite_questions_waiting", "program"]) < 16:
                assert time.monotonic() < end, waiting
            for path in ("/health", "/ready", "/metrics"):
                started = time.monotonic()
                assert site.get(path).status_code == 200
                assert time.monotonic() - started < 1
            held.go.set()
            assert [one.result()[0] for one in asked] == ["complete"] * 20
    finally:
        held.go.set()
    assert counts(site)["pincite_questions_waiting", "program"] == 0


def test_a_server_whose_index_is_damaged_or_gone_lives_and_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "_HOLDS", 0.0)
    monkeypatch.setattr(readiness, "_SHARE", 1e9)
    write(tmp_path / "seeds", {"kidney.txt": KIDNEY})
    index = tmp_path / "index"
    with Assistant(tmp_path / "seeds", index, embedder=TinyEmbedder(), settings=Settings(reader="none")) as assistant:
        assistant.sync()
        shutil.copytree(index, tmp_path / "kept")
        with served(assistant) as site:

            def states() -> list[int]:
                return [site.get(path).status_code for path in ("/health", "/ready")]

            assert (states(), site.get("/ready").json()) == ([200, 200], {"status": "ready", "generation": 1})
            index.rename(tmp_path / "away")
            assert states() == [200, 503]
            told = site.get("/ready")
            assert told.json() == {"status": "unavailable", "generation": None}
            write(index, {"index.sqlite": b"garbage" * 1000})
            assert states() == [200, 503]
            shutil.rmtree(index)
            (tmp_path / "kept").rename(index)
            assert states() == [200, 200]


def test_while_the_reviews_are_read_for_the_first_time_it_is_alive_and_says_what_it_does(tmp_path: Path) -> None:
    go = threading.Event()

    class Slow(TinyEmbedder):
        def embed(self, texts, progress=None):  # type: ignore[no-untyped-def]
            assert go.wait(30)
            return super().embed(texts, progress)

    write(tmp_path / "seeds", {"kidney.txt": KIDNEY})
    settings = Settings(reader="none")
    with (
        Assistant(tmp_path / "seeds", tmp_path / "index", embedder=Slow(), settings=settings) as assistant,
        closing(Keeper(assistant)) as keeper,
    ):
        job = keeper.begin()
        with served(assistant, Access(metrics=True), keeper=keeper) as site:
            told = site.get("/ready")
            assert (told.status_code, told.json()) == (503, {"status": "reading", "generation": None})
            assert site.get("/health").status_code == 200
            assert counts(site)["pincite_ready",] == 0
            go.set()
            assert job.done.wait(30)
            end = time.monotonic() + 10
            while site.get("/ready").status_code != 200:
                assert time.monotonic() < end
                time.sleep(0.1)
            assert counts(site)["pincite_syncs_total", "done"] == 1


def test_however_many_ask_there_is_one_look_at_a_time(shelved: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    seen = readiness.Readiness._seen

    def slowly(self: readiness.Readiness) -> readiness.State:
        looked.append(1)
        time.sleep(0.2)
        return seen(self)

    monkeypatch.setattr(readiness.Readiness, "_seen", slowly)
    monkeypatch.setattr(shelved, "first_sync", lambda: None)

    async def story() -> list[readiness.State]:
        ready = readiness.Readiness(shelved)
        return await asyncio.gather(*(ready.state() for _ in range(50)))

    states = awaited(story())
    assert (len(looked), {state.status for state in states}, states[0].sentences) == (1, {"ready"}, 2)


def test_a_room_knows_how_many_wait_before_it() -> None:
    async def story() -> list[int]:
        room, go, told = Room(2), asyncio.Event(), []

        async def visit() -> None:
            async with room:
                await go.wait()

        visits = [asyncio.create_task(visit()) for _ in range(5)]
        await asyncio.sleep(0.01)
        told.append(room.waiting)
        visits[-1].cancel()
        await asyncio.sleep(0.01)
        told.append(room.waiting)
        go.set()
        await asyncio.gather(*visits, return_exceptions=True)
        return [*told, room.waiting]

    assert awaited(story()) == [3, 2, 0]


# Ids


def test_each_request_is_answered_with_its_id(site: Served) -> None:
    with site.http() as client:
        assert client.get("/health", headers={"X-Request-ID": "trace-7"}).headers["x-request-id"] == "trace-7"
        made = [client.get("/nowhere", headers={"X-Request-ID": "no {id}"}).headers["x-request-id"] for _ in range(2)]
    assert len(set(made)) == 2
    assert all(one.isalnum() for one in made)
    assert httpx.get(site.url, headers={"Host": "evil.example"}).headers["x-request-id"]
