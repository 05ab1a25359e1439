"""A run over a shelf: what is asked, and how what comes back is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tiny_embedder import TinyEmbedder

from index.report import Progress
from rag import Assistant
from rag.evaluation.places import Place
from rag.evaluation.questions import Asked
from rag.evaluation.reporting import report
from rag.evaluation.running import run, sample

CATS = "Tabby cats purr loudly when somebody strokes their ears. Siamese cats meow all night long."
DOGS = "Terriers bark at every postman who comes near. Poodles are clipped twice a year by barbers."


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "seeds").mkdir()
    for name, text in (("cats.txt", CATS), ("cats-again.txt", CATS), ("dogs.txt", DOGS)):
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    with Assistant(folder / "seeds", folder / "index", embedder=TinyEmbedder()) as assistant:
        assistant.sync()
        yield assistant


def purring(name: str = "cats.txt") -> Asked:
    place = Place(name, 0, CATS.index("."))
    return Asked("q", "When do tabby cats purr loudly?", True, (place,), (place,))


@pytest.mark.parametrize("name", ["cats.txt", "cats-again.txt"])
def test_gold_in_either_of_two_equal_files_is_found(shelf: Assistant, name: str) -> None:
    (one,) = run(shelf, [purring(name)], 10)
    assert one.passages == (1,)
    assert one.sentences is not None
    assert one.sentences[0] == 1
    assert one.given is not None
    assert not one.given.answer.abstained
    assert (one.given.right, one.given.right_any) == (True, True)
    assert one.given.seconds > 0


def test_a_document_is_off_the_shelf_only_with_its_equals(shelf: Assistant) -> None:
    asked = Asked("q", purring().question, False, without=("cats.txt",))
    (one,) = run(shelf, [asked], 10)
    assert one.given is not None
    assert {cited.document for cited in one.given.answer.citations + one.given.answer.nearest} <= {"dogs.txt"}
    assert (one.passages, one.sentences) == (None, None)


def test_an_answer_elsewhere_is_wrong_and_one_to_the_unanswerable_too(shelf: Assistant) -> None:
    elsewhere = replace(purring(), gold=(Place("dogs.txt"),), sentences=())
    unanswerable = Asked("q", purring().question, False)
    unknown = Asked("q", purring().question, True)
    found = [one.given for one in run(shelf, [elsewhere, unanswerable, unknown], 10)]
    assert [one and one.right for one in found] == [False, False, None]


def test_a_follow_up_is_ranked_as_it_was_understood(shelf: Assistant) -> None:
    history = ({"role": "user", "content": purring().question},)
    (one,) = run(shelf, [replace(purring(), question="And when do they?", history=history)], 1)
    assert one.given is not None
    assert one.passages == (1,)


def test_a_run_tells_where_it_is_and_its_report_is_json(shelf: Assistant) -> None:
    seen: list[Progress] = []
    outcomes = run(shelf, [purring(), purring()], 10, seen.append)
    assert [(one.done, one.total) for one in seen] == [(0, 2), (1, 2)]
    plain = report("pets", outcomes, 10).to_dict()
    assert plain["measures"]["hit@1"] == {"value": 1.0, "low": 1.0, "high": 1.0, "of": 2}
    assert plain["outcomes"][0]["citations"][0][0] == "cats-again.txt"
    assert plain["fingerprint"]["model"] == "tiny"


def test_a_sample_is_always_the_same_and_in_order() -> None:
    asked = [Asked(str(at), "?", True) for at in range(50)]
    few = sample(asked, 10)
    assert few == sample(asked, 10)
    assert len(few) == 10
    assert [int(one.id) for one in few] == sorted(int(one.id) for one in few)
    assert sample(asked, None) == sample(asked, 50) == asked
