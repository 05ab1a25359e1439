"""A question put to every review separately."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from markdown_it import MarkdownIt
from tiny_embedder import TinyEmbedder

from index.errors import UsageError
from index.sync import sync
from rag import Assistant, Comparison, comparing
from rag.answers import Answer
from rag.exporting import TableFormat, export_comparison

QUESTION = "What is always given before CAR-T constructs?"
ORGANS = ("kidney", "liver", "lung", "heart", "brain", "skin", "bone", "eye", "ear", "colon")


def without_times(answer: Answer) -> dict[str, Any]:
    return answer.model_dump(exclude={"seconds"})


@pytest.fixture(scope="module")
def organs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Ten small reviews, in two of which there is something about rituximab."""
    folder = tmp_path_factory.mktemp("organs")
    (folder / "seeds").mkdir()
    for organ in ORGANS:
        more = f" Rituximab restored the {organ} of five patients." if organ in {"liver", "eye"} else ""
        text = f"# The {organ} in lupus\n\nThe {organ} is inflamed in lupus in one of three patients.{more}\n"
        (folder / "seeds" / f"{organ}.md").write_text(text)
    with Assistant(folder / "seeds", folder / "index", embedder=TinyEmbedder()) as made:
        made.sync()
        yield made


def test_each_document_answers_as_it_does_when_it_is_asked_alone(assistant: Assistant) -> None:
    comparison = assistant.compare(QUESTION)
    assert {one.document for one in comparison.compared} == {one.name for one in assistant.documents()}
    for one in comparison.compared:
        assert without_times(one.answer) == without_times(assistant.answer(QUESTION, documents=[one.document]))
    about = {one.name: one.bibliography for one in assistant.documents()}
    assert all((one.title, one.year) == (about[one.document].title, about[one.document].year)
               for one in comparison.compared)  # fmt: skip


def test_those_that_answer_come_first_the_surest_before_the_others(organs: Assistant) -> None:
    comparison = organs.compare("What did rituximab restore?")
    says = [not one.answer.abstained for one in comparison.compared]
    sure = [one.answer.confidence for one in comparison.compared if not one.answer.abstained]
    assert {one.document for one in comparison.compared[:2]} == {"liver.md", "eye.md"}
    assert says == sorted(says, reverse=True)
    assert any(says)
    assert not all(says)
    assert sure == sorted(sure, reverse=True)
    silent = [one.answer for one in comparison.compared if one.answer.abstained]
    assert all(one.text.startswith("The review does not answer this. ") and "reviews" not in one.text for one in silent)


def test_a_large_shelf_is_asked_where_a_search_leads(organs: Assistant) -> None:
    comparison = organs.compare("What did rituximab restore in the liver?", limit=3)
    assert len(comparison.compared) == 3
    assert comparison.not_asked == 7
    assert "liver.md" in {one.document for one in comparison.compared}
    assert organs.compare("What did rituximab restore?").not_asked == 2  # eight are asked unless said otherwise


def test_documents_named_are_asked_all_and_alone(organs: Assistant) -> None:
    comparison = organs.compare("What did rituximab restore?", documents=["bone.md", "eye.md", "bone.md"], limit=1)
    assert [one.document for one in comparison.compared] == ["eye.md", "bone.md"]
    assert comparison.not_asked == 8


def test_a_comparison_grows_document_by_document_to_the_whole(organs: Assistant) -> None:
    question = "What did rituximab restore?"
    steps = list(organs.comparing(question, limit=5))
    assert [len(one.compared) for one in steps] == [1, 2, 3, 4, 5]
    assert [one.not_asked for one in steps] == [9, 8, 7, 6, 5]
    whole = organs.compare(question, limit=5)
    assert [one.document for one in steps[-1].compared] == [one.document for one in whole.compared]
    assert [without_times(one.answer) for one in steps[-1].compared] == [
        without_times(one.answer) for one in whole.compared
    ]
    for one in steps:
        says = [not each.answer.abstained for each in one.compared]
        assert says == sorted(says, reverse=True)
    assert [one.compared for one in organs.comparing("")] == [()]


def test_a_comparison_that_is_stopped_asks_nobody_more(organs: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    answer = comparing.answer_question
    monkeypatch.setattr(comparing, "answer_question", lambda *given: asked.append(given) or answer(*given))
    steps = organs.comparing("What did rituximab restore?")
    next(steps)
    steps.close()
    assert len(asked) == 1


def test_a_follow_up_is_compared_as_it_is_answered(assistant: Assistant) -> None:
    history = [{"role": "user", "content": "What is lymphodepletion?"}, {"role": "assistant", "content": "A regimen."}]
    comparison = assistant.compare("When is it given?", history=history)
    assert comparison.question == "When is it given?"
    assert "lymphodepletion" in comparison.standalone_question
    for one in comparison.compared:
        alone = assistant.answer("When is it given?", history, [one.document])
        assert without_times(one.answer) == without_times(alone)


@pytest.mark.parametrize(
    ("question", "documents", "reason"),
    [
        ("", None, "Nothing was asked"),
        ("x" * 100_000, None, "characters long"),
        ("Write a poem.", None, "instruction"),
        ("the of and", None, "no words to search for"),
        (QUESTION, [], "No document was chosen"),
    ],
)
def test_where_nobody_can_be_asked_the_reason_is_given_once(
    assistant: Assistant, question: str, documents: list[str] | None, reason: str
) -> None:
    comparison = assistant.compare(question, documents=documents)
    assert (comparison.compared, comparison.not_asked) == ((), 2)
    assert reason in comparison.reason


def test_an_empty_shelf_says_so(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with Assistant(tmp_path / "seeds", tmp_path / "index", embedder=TinyEmbedder()) as mine:
        assert "shelf is empty" in mine.compare(QUESTION).reason


def test_wrong_use_of_a_comparison_is_named(assistant: Assistant) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.txt"):
        assistant.compare(QUESTION, documents=["nowhere.txt"])
    with pytest.raises(UsageError, match="at least"):
        assistant.compare(QUESTION, limit=0)


def test_all_answers_are_of_one_generation_though_the_shelf_changes(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = TinyEmbedder()
    with Assistant(shelf, tmp_path / "index", embedder=embedder) as mine:
        mine.sync()
        embed_question = embedder.embed_question

        def embed_while_the_shelf_changes(text: str) -> Any:
            (shelf / f"new{len(list(shelf.iterdir()))}.txt").write_text("Lymphodepletion was given before all else.")
            sync(shelf, tmp_path / "index", TinyEmbedder(), mine.settings.index_settings())
            return embed_question(text)

        monkeypatch.setattr(embedder, "embed_question", embed_while_the_shelf_changes)
        comparison = mine.compare(QUESTION)
        assert {one.answer.fingerprint.index_generation for one in comparison.compared} == {1}
        assert mine.documents() != []
        with mine.snapshot() as snapshot:
            assert snapshot.generation > 1


def test_as_json_a_comparison_comes_back_whole(organs: Assistant) -> None:
    comparison = organs.compare("What did rituximab restore?")
    whole = json.loads(export_comparison(comparison, TableFormat.JSON))
    assert (whole["format"], whole["version"]) == ("pincite-comparison", 1)
    assert Comparison.model_validate(whole["comparison"]) == comparison
    assert Comparison.model_validate(comparison.to_dict()) == comparison


def test_as_csv_it_has_a_row_for_each_document(organs: Assistant) -> None:
    comparison = organs.compare("What did rituximab restore?", documents=["bone.md", "eye.md"])
    rows = list(csv.DictReader(io.StringIO(export_comparison(comparison, TableFormat.CSV))))
    assert [row["document"] for row in rows] == ["eye.md", "bone.md"]
    assert rows[0]["title"] == "The eye in lupus"
    assert "Rituximab restored the eye of five patients." in rows[0]["says"]
    quoted = comparison.compared[0].answer.citations[0]
    assert rows[0]["quotes"].startswith(f"“{quoted.quote}” (")
    assert rows[0]["quotes"].endswith(f"eye.md:{quoted.start}-{quoted.end})")
    assert (rows[1]["says"], rows[1]["quotes"]) == ("does not say", "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＠", " ="])
def test_no_cell_is_a_formula(organs: Assistant, sign: str) -> None:
    comparison = organs.compare("What did rituximab restore?", documents=["eye.md"])
    evil = f"{sign}cmd|' /C calc'!A0"
    changed = comparison.compared[0].model_copy(update={"document": evil, "title": evil, "authors": (evil,)})
    (row,) = csv.DictReader(
        io.StringIO(export_comparison(comparison.model_copy(update={"compared": (changed,)}), TableFormat.CSV))
    )
    assert [row[name] for name in ("document", "title", "authors")] == [f"'{evil.strip()}"] * 3
    assert row["says"] == " ".join(one.text for one in changed.answer.sentences)


def test_as_markdown_it_is_one_table_whatever_the_documents_say(organs: Assistant) -> None:
    comparison = organs.compare("What did rituximab restore?", documents=["eye.md", "bone.md"])
    evil = "a | b\n| <img src=x onerror=alert(1)> [x](javascript:alert(1)) `|` \\| <br>"
    changed = comparison.compared[0].model_copy(update={"title": evil, "labels": ("retracted",)})
    text = export_comparison(comparison.model_copy(update={"compared": (changed, *comparison.compared[1:])}),
                             TableFormat.MARKDOWN)  # fmt: skip
    page = html.fromstring(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    rows = [[" ".join(cell.text_content().split()) for cell in row.iter("td")] for row in page.iter("tr")][1:]
    assert rows[0][:2] == ["eye.md", f"RETRACTED {' '.join(evil.split())}"]
    assert (len(rows[0]), rows[1][4]) == (6, "does not say")
    assert not [one.tag for one in page.iter("img", "a", "code")]
    assert "8 more documents on the shelf were not asked." in text


def test_as_markdown_a_comparison_of_nothing_gives_its_reason(organs: Assistant) -> None:
    assert "Nothing was asked." in export_comparison(organs.compare(""), TableFormat.MARKDOWN)
