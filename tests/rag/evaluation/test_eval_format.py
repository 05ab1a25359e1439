"""Questions of one's own: what the format takes, and how it says what is wrong."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_embedder import TinyEmbedder

from index.errors import UsageError
from rag import Assistant
from rag.evaluation.places import Place
from rag.evaluation.questions import objects, placed, read_questions

CATS = "The cat sat on the mat.\n\nIt purred there,\nand then it slept for an hour.\n"
DOGS = "The dog barked at the door. The cat sat on the mat, they say."


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("shelf")
    seeds = folder / "seeds"
    (seeds / "pets").mkdir(parents=True)
    (seeds / "pets" / "cats.txt").write_text(CATS, encoding="utf-8", newline="")
    (seeds / "dogs.txt").write_text(DOGS, encoding="utf-8", newline="")
    with Assistant(seeds, folder / "index", embedder=TinyEmbedder()) as assistant:
        assistant.sync()
        yield assistant


def written(tmp_path: Path, *lines: dict[str, Any] | str) -> Path:
    file = tmp_path / "questions.jsonl"
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_quote_is_found_whatever_its_white_space(shelf: Assistant, tmp_path: Path) -> None:
    file = written(tmp_path, {"question": "Where?", "document": "cats.txt", "quotes": ["purred there, and  then"]})
    (asked,) = placed(file, read_questions(file), shelf)
    (place,) = asked.gold
    assert place.document == "pets/cats.txt"
    assert CATS[place.start : place.end] == "purred there,\nand then"
    assert asked.sentences == asked.gold
    assert asked.answerable
    assert asked.id == "1"


def test_a_quote_without_a_document_is_sought_on_the_whole_shelf(shelf: Assistant, tmp_path: Path) -> None:
    file = written(tmp_path, {"question": "Where?", "quotes": ["The cat sat on the mat"]})
    (asked,) = placed(file, read_questions(file), shelf)
    assert {place.document for place in asked.gold} == {"pets/cats.txt", "dogs.txt"}


def test_a_document_alone_stands_for_all_of_it(shelf: Assistant, tmp_path: Path) -> None:
    file = written(tmp_path, {"question": "Where?", "documents": ["dogs.txt"]})
    (asked,) = placed(file, read_questions(file), shelf)
    assert asked.gold == (Place("dogs.txt"),)
    assert asked.sentences == ()


def test_everything_else_that_can_be_said(shelf: Assistant, tmp_path: Path) -> None:
    turn = {"role": "user", "content": "Who sat?"}
    line = {
        "id": "q",
        "question": "And where?",
        "history": [turn],
        "spans": [{"document": "dogs.txt", "start": 4, "end": 7}],
        "without": ["cats.txt"],
        "group": "g",
    }
    file = written(tmp_path, "", line, "")
    (asked,) = placed(file, read_questions(file), shelf)
    assert (asked.id, asked.group, asked.without, asked.history) == ("q", "g", ("pets/cats.txt",), (turn,))
    assert asked.gold == (Place("dogs.txt", 4, 7),)


def test_an_unanswerable_question_has_no_gold(shelf: Assistant, tmp_path: Path) -> None:
    file = written(tmp_path, {"question": "Why?", "answerable": False})
    (asked,) = placed(file, read_questions(file), shelf)
    assert not asked.answerable
    assert asked.gold == ()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ("[" * 100_000, "line 2"),
        ({"quotes": ["a"]}, "'question' is missing"),
        ({"question": " ", "quotes": ["a"]}, "'question': it is empty"),
        ({"question": 3, "quotes": ["a"]}, "'question'"),
        ({"question": "Why?"}, "nothing says what would answer it"),
        ({"question": "Why?", "answerable": False, "quotes": ["a"]}, "drop one"),
        ({"question": "Why?", "quote": ["a"]}, "perhaps 'quotes' is meant."),
        ({"question": "Why?", "quotes": [" "]}, "a quote is empty"),
        ({"question": "Why?", "spans": [{"document": "dogs.txt", "start": 5, "end": 5}]}, "must end after it starts"),
        ({"question": "Why?", "answerable": True, "history": [{"role": "cat", "content": ""}]}, "history.0.role"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_file_and_line(tmp_path: Path, line: Any, says: str) -> None:
    file = written(tmp_path, {"question": "Why?", "answerable": False}, line)
    with pytest.raises(UsageError) as error:
        read_questions(file)
    assert f"{file}, line 2: " in str(error.value)
    assert says in str(error.value)
    assert not re.search(r"[.?!;,]\.$", str(error.value))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"question": "Why?", "document": "cats.txt", "quotes": ["The dog"]}, "is not in pets/cats.txt"),
        ({"question": "Why?", "quotes": ["The horse"]}, "is in no document on the shelf"),
        ({"question": "Why?", "document": "horses.txt"}, "Not on the shelf: horses.txt"),
        ({"question": "Why?", "answerable": False, "without": ["horses.txt"]}, "Not on the shelf: horses.txt"),
        ({"question": "Why?", "spans": [{"document": "dogs.txt", "start": 5, "end": 900}]}, "not within dogs.txt"),
    ],
)
def test_what_the_shelf_does_not_have_is_said_with_file_and_line(
    shelf: Assistant, tmp_path: Path, line: Any, says: str
) -> None:
    file = written(tmp_path, "", line)
    with pytest.raises(UsageError) as error:
        placed(file, read_questions(file), shelf)
    assert f"{file}, line 2: " in str(error.value)
    assert says in str(error.value)
    assert not re.search(r"[.?!;,]\.$", str(error.value))


def test_a_file_without_questions_or_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no question"):
        read_questions(written(tmp_path, "", " "))
    file = tmp_path / "latin.jsonl"
    file.write_bytes('{"question": "Größe?", "answerable": false}'.encode("latin-1"))
    with pytest.raises(UsageError, match="not UTF-8"):
        read_questions(file)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LINES = st.fixed_dictionaries(
    {"question": TEXTS.filter(str.strip), "answerable": st.just(False)}, optional={"id": TEXTS, "group": TEXTS}
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(LINES, min_size=1), st.booleans())
def test_what_is_written_is_read(tmp_path: Path, lines: list[dict[str, Any]], ascii_only: bool) -> None:
    # U+2028 and the like end a line for Python, but not in JSON lines.
    file = tmp_path / "questions.jsonl"
    text = "\r\n".join(json.dumps(line, ensure_ascii=ascii_only) for line in lines)
    file.write_text(text, encoding="utf-8", newline="")
    found = read_questions(file)
    assert [number for number, _ in found] == list(range(1, len(lines) + 1))
    assert [one.model_dump(exclude_unset=True) for _, one in found] == lines


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(string.printable, max_size=60).map(str.encode)))
def test_any_file_is_read_or_refused_in_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_bytes(content)
    try:
        assert read_questions(file)
    except UsageError as error:
        assert str(file) in str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.recursive(st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner, max_size=3)), TEXTS
)
def test_any_value_under_any_key_is_read_or_refused_in_words(tmp_path: Path, value: Any, key: str) -> None:
    for name in (key, "question", "quotes", "spans", "history", "answerable", "documents"):
        file = written(tmp_path, {"question": "Why?", "answerable": False} | {name: value})
        try:
            assert len(read_questions(file)) == 1
        except UsageError as error:
            assert f"{file}, line 1: " in str(error)


def test_objects_keep_the_numbers_of_their_lines(tmp_path: Path) -> None:
    assert [number for number, _ in objects(written(tmp_path, "", "{}", "", "{}"))] == [2, 4]
