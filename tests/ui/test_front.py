"""The page before anything is asked: the shelf's size, and examples that this very shelf answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding import SentenceTransformerEmbedder
from rag.assistant import Assistant
from ui.front import EXAMPLES, Shelf, examples


@pytest.fixture
def assistant(shelf: Path, tmp_path: Path, model: SentenceTransformerEmbedder) -> Assistant:
    made = Assistant(shelf, tmp_path / "index")
    made.embedder = model
    return made


def test_the_examples_are_questions_this_shelf_answers(assistant: Assistant) -> None:
    found = examples(assistant)
    assert len(set(found)) == EXAMPLES
    for question in found:
        assert question.endswith("?")
        assert not assistant.answer(question).abstained


def test_another_shelf_has_other_examples(assistant: Assistant, shelf: Path) -> None:
    for file in shelf.iterdir():
        file.unlink()
    (shelf / "bees.txt").write_text(
        "Honey bee colonies in winter\n\nHoney bee colonies lose weight in winter. A honey bee colony keeps warm by "
        "shivering. In spring the honey bee colonies grow again. Varroa mites weaken honey bee colonies.\n",
        encoding="utf-8",
    )
    found = examples(assistant)
    assert found
    assert any("honey bee colonies" in question.casefold() for question in found)
    assert not any("CAR" in question for question in found)


def test_the_shelf_is_counted_again_when_the_index_has_changed(assistant: Assistant, shelf: Path) -> None:
    front = Shelf(assistant)
    assert "2 reviews on the shelf" in front.header()
    assert front.example(0)["visible"]
    sorted(shelf.iterdir())[0].unlink()
    assistant.sync()
    front.refresh()
    assert "1 review on the shelf" in front.header()


def test_an_empty_shelf_says_what_to_do_and_offers_no_example(
    tmp_path: Path, model: SentenceTransformerEmbedder
) -> None:
    (tmp_path / "seeds").mkdir()
    assistant = Assistant(tmp_path / "seeds", tmp_path / "index")
    assistant.embedder = model
    front = Shelf(assistant)
    assert "The shelf is empty" in front.header()
    assert 'data-opens="library"' in front.header()  # a button that leads to where files are put on it
    assert not front.example(0)["visible"]


def test_an_index_that_cannot_be_opened_is_said_in_the_header(tmp_path: Path) -> None:
    assert "nowhere" in Shelf(Assistant(tmp_path / "nowhere", tmp_path / "index")).header()
