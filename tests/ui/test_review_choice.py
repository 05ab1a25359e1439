"""Which reviews are asked: those named, those of certain years; nothing chosen is all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_embedder import TinyEmbedder

from index.errors import UsageError
from rag.assistant import Assistant
from ui.choosing import Choice, choice


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, year in (("old.md", 2019), ("new.md", 2023), ("undated.md", None)):
        dated = f"date: {year}-05-01\n" if year else ""
        (seeds / name).write_text(
            f"---\ntitle: A review of {name}\nauthor: Ann Example\n{dated}---\n\nBees sleep in winter.\n",
            encoding="utf-8",
        )
    made = Assistant(seeds, tmp_path / "index", embedder=TinyEmbedder())
    made.sync()
    return made


def test_nothing_chosen_is_the_whole_shelf(assistant: Assistant) -> None:
    assert choice([], None, None).documents(assistant) is None
    assert choice(None, None, None).in_words() == ""


def test_years_choose_the_reviews_known_to_be_of_them(assistant: Assistant) -> None:
    assert choice([], "2020", "").documents(assistant) == ["new.md"]
    assert choice([], None, " 2020 ").documents(assistant) == ["old.md"]
    assert choice([], "2019", "2023").documents(assistant) == ["new.md", "old.md"]
    assert choice([], "2023", "2019").documents(assistant) == ["new.md", "old.md"]


def test_names_and_years_narrow_each_other(assistant: Assistant) -> None:
    assert choice(["old.md", "undated.md"], None, None).documents(assistant) == ["old.md", "undated.md"]
    assert choice(["old.md", "undated.md"], "2000", None).documents(assistant) == ["old.md"]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (Choice(first_year=2030), "No review on the shelf is known to be of 2030 or later"),
        (Choice(("undated.md",), 2000, 2010), "No review of those chosen is known to be of 2000 to 2010"),
        (Choice(("gone.md",)), "No longer on the shelf: gone.md"),
    ],
)
def test_a_choice_of_nothing_is_said(assistant: Assistant, chosen: Choice, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        chosen.documents(assistant)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (Choice(("a",)), "1 review"),
        (Choice(("a", "b"), 2020), "2 reviews of 2020 or later"),
        (Choice(last_year=2020), "reviews of 2020 or earlier"),
        (Choice(first_year=2020, last_year=2020), "reviews of 2020"),
    ],
)
def test_what_was_chosen_is_said_in_words(chosen: Choice, words: str) -> None:
    assert chosen.in_words() == words


@pytest.mark.parametrize("typed", ["19", "last", "20.5", "<b>x", "²019"])
def test_what_is_no_year_is_said(typed: str) -> None:
    with pytest.raises(UsageError, match=f"“{typed}” is no year"):
        choice([], typed, None)
