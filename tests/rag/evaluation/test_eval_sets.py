"""Folders of questions: which format each is in, and that its gold points at the right words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tiny_embedder import TinyEmbedder

from index.errors import UsageError
from rag import Assistant
from rag.evaluation.places import Place
from rag.evaluation.questions import Asked
from rag.evaluation.sets import read_set
from rag.evaluation.shelves import shelf_for


def folder(home: Path, files: Mapping[str, str | list[dict[str, Any]]]) -> Path:
    for name, content in files.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else "\n".join(map(json.dumps, content))
        file.write_text(text, encoding="utf-8", newline="")
    return home


def asked(path: Path, work: Path) -> tuple[list[Asked], Mapping[str, str]]:
    """The questions of a folder, and its documents as the assistant has them."""
    found = read_set(path)
    assert found.documents is not None
    shelf = shelf_for(found.name, found.documents, work)
    with Assistant(shelf.seeds, shelf.index, embedder=TinyEmbedder()) as assistant:
        assistant.sync()
        return found.place(assistant), {one.name: assistant.document(one.name).text for one in assistant.documents()}


def words(places: tuple[Place, ...], texts: Mapping[str, str]) -> list[str]:
    return [texts[one.document][one.start : one.end] for one in places]


def test_answers_in_articles_are_asked_with_and_without_the_article(tmp_path: Path) -> None:
    text = "Title\r\n\r\nMasks cost one dollar each. \nThey are worn.\n"
    rows = [
        {"id": "1", "question": "Cost?", "doc": "a1", "answers": [{"text": "one dollar ", "start": 20}], "flags": []},
        {"id": "2", "question": "Here?", "doc": "a1", "answers": [], "flags": ["doc_dependent"]},
        {
            "id": "3",
            "question": "Worn?",
            "doc": "a1",
            "answers": [{"text": "They are worn.", "start": 38}],
            "flags": ["question_in_several_articles"],
        },
    ]
    files = {"docs/a1.txt": text, "docs/b2.txt": "Another article. It says nothing of them.", "qas_dev.jsonl": rows}
    found, texts = asked(folder(tmp_path / "set", files), tmp_path / "work")
    assert [(one.id, one.answerable, one.without) for one in found] == [
        ("1", True, ()),
        ("1 without", False, ("a1.txt",)),
        ("3", True, ()),
    ]
    assert words(found[0].gold, texts) == ["one dollar"]
    assert words(found[2].sentences, texts) == ["They are worn."]
    assert {one.group for one in found} == {"a1"}


def test_snippets_of_an_abstract_are_one_document(tmp_path: Path) -> None:
    passages = [
        {"passage": "P1#0", "doc": "P1", "text": "Gene X is on chromosome 2."},
        {"passage": "P2#1", "doc": "P2", "text": "Gene Y is not."},
        {"passage": "P1#2", "doc": "P1", "text": "It codes for a protein. "},
    ]
    question = {"id": "q", "question": "Codes?", "gold_docs": ["P1"], "gold_passages": ["P1#2", "P9#9"]}
    gone = {"id": "r", "question": "Gone?", "gold_docs": ["P9"], "gold_passages": ["P9#9"]}
    files = {"passages.jsonl": passages, "questions_dev.jsonl": [question, gone]}
    found, texts = asked(folder(tmp_path / "set", files), tmp_path / "work")
    assert set(texts) == {"P1.txt", "P2.txt"}
    assert [(one.answerable, one.without) for one in found] == [(True, ()), (False, ("P1.txt",))]
    assert words(found[0].gold, texts) == ["It codes for a protein."]


def test_claims_have_their_evidence_as_sentences(tmp_path: Path) -> None:
    corpus = [
        {"doc": "7", "title": "A title.", "sentences": ["First it was so.", "Then it was not.", "It is unclear."]},
        {"doc": "8", "title": "Another.", "sentences": ["Nothing."]},
    ]
    rows = [
        {"id": "c", "claim": "It was not.", "gold_docs": ["7"], "evidence": {"7": [{"sentences": [1]}]}},
        {"id": "n", "claim": "Who knows?", "gold_docs": [], "evidence": {}},
    ]
    path = folder(tmp_path / "set", {"corpus.jsonl": corpus, "claims_dev.jsonl": rows})
    (one,), texts = asked(path, tmp_path / "work")
    assert one.gold == (Place("7.txt"),)
    assert words(one.sentences, texts) == ["Then it was not."]


def test_abstracts_are_answered_by_their_conclusions(tmp_path: Path) -> None:
    corpus = [{"doc": "A1", "text": "We gave it to ten people.", "conclusion": "It works well."}]
    path = folder(
        tmp_path / "set",
        {"corpus.jsonl": corpus, "questions_dev.jsonl": [{"id": "q", "question": "Works?", "gold_docs": ["A1"]}]},
    )
    (one,), texts = asked(path, tmp_path / "work")
    assert one.gold == (Place("A1.txt"),)
    assert words(one.sentences, texts) == ["It works well."]


def test_near_misses_are_not_answerable(tmp_path: Path) -> None:
    rows = [
        {"id": "y", "question": "Who?", "doc": "W/x#0", "answerable": True, "answers": [{"text": "Watt", "start": 0}]},
        {"id": "n", "question": "When?", "doc": "W/x#0", "answerable": False, "answers": []},
    ]
    paragraphs = [{"doc": "W/x#0", "text": "Watt built an engine in a shed."}]
    path = folder(tmp_path / "set", {"paragraphs.jsonl": paragraphs, "questions_dev.jsonl": rows})
    (yes, no), texts = asked(path, tmp_path / "work")
    assert words(yes.sentences, texts) == ["Watt"]
    assert words(yes.gold, texts) == ["Watt built an engine in a shed."]
    assert (no.answerable, no.gold) == (False, ())


def test_golden_questions_may_follow_others(tmp_path: Path) -> None:
    turn = {"role": "user", "content": "Who?"}
    row = {
        "id": "g",
        "question": "And where?",
        "answerable": True,
        "history": [turn],
        "gold_quotes": ["at home"],
        "gold_spans": [{"doc": "a.txt", "start": 8, "end": 15}],
    }
    path = folder(tmp_path / "set", {"seeds/a.txt": "It was  at home.", "questions_dev.jsonl": [row]})
    (one,), texts = asked(path, tmp_path / "work")
    assert words(one.gold, texts) == ["at home"]
    assert one.history == (turn,)


def test_questions_without_documents_are_to_be_declined(tmp_path: Path) -> None:
    row = {"id": "e", "question": "Is it?", "field": "Biology", "question_type": "Directed"}
    found = read_set(folder(tmp_path, {"questions.jsonl": [row]}))
    assert found.documents is None


@pytest.mark.parametrize("shelf", ["documents", "docs", "seeds"])
def test_a_folder_of_ones_own(tmp_path: Path, shelf: str) -> None:
    row = {"question": "Where?", "quotes": ["at home"]}
    path = folder(tmp_path / "mine", {f"{shelf}/a.txt": "It was at home.", "questions.jsonl": [row]})
    assert read_set(path).name == "mine"
    (one,), texts = asked(path, tmp_path / "work")
    assert words(one.gold, texts) == ["at home"]


def test_what_is_no_set_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file or folder"):
        read_set(tmp_path / "none")
    with pytest.raises(UsageError, match=r"holds questions\.jsonl"):
        read_set(tmp_path)


@pytest.mark.parametrize(
    ("files", "at"),
    [
        ({"docs/a.txt": "A.", "qas_dev.jsonl": [{"id": "1"}]}, "qas_dev.jsonl, line 1: .*'flags' is missing"),
        (
            {"paragraphs.jsonl": [{"doc": "a"}], "questions_dev.jsonl": [{"id": "1"}]},
            "paragraphs.jsonl, line 1: .*'text' is missing",
        ),
        (
            {"docs/a.txt": "A.", "qas_dev.jsonl": [{"flags": [], "doc": "a", "answers": 3}]},
            "qas_dev.jsonl, line 1: not as the format",
        ),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, files: dict[str, Any], at: str) -> None:
    with pytest.raises(UsageError, match=at):
        read_set(folder(tmp_path, files))


def test_texts_are_written_once_and_never_over_others(tmp_path: Path) -> None:
    first = shelf_for("set", {"a.txt": "One\r\n"}, tmp_path)
    written = (first.seeds / "a.txt").stat().st_mtime_ns
    assert (first.seeds / "a.txt").read_bytes() == b"One\r\n"
    assert shelf_for("set", {"a.txt": "One\r\n"}, tmp_path) == first
    assert (first.seeds / "a.txt").stat().st_mtime_ns == written
    assert shelf_for("set", {"a.txt": "Two"}, tmp_path) != first
    assert (first.seeds / "a.txt").read_bytes() == b"One\r\n"
