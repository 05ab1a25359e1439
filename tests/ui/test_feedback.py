"""What people say of answers is kept beside the index, a line each."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from rag.assistant import Assistant
from ui.copying import as_text
from ui.feedback import LONGEST_NOTE, record

QUESTION = "Which autoimmune diseases have first clinical results with CAR T cells?"


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_line_holds_what_was_rated_and_from_what_it_was_made(assistant: Assistant, tmp_path: Path) -> None:
    answer = assistant.answer(QUESTION)
    file = record(tmp_path / "index", answer, "not helpful", " too long\n", "a-1")
    (line,) = lines(file)
    assert line["id"] == "a-1"
    assert line["rating"] == "not helpful"
    assert line["note"] == "too long"
    assert line["question"] == QUESTION
    assert line["fingerprint"] == answer.fingerprint.model_dump(mode="json")
    for found, citation in zip(line["citations"], answer.citations, strict=True):  # type: ignore[call-overload]
        text = assistant.document(citation.document).text
        assert text[found["start"] : found["end"]] == found["quote"] == citation.quote


def test_lines_of_many_writers_do_not_mix(assistant: Assistant, tmp_path: Path) -> None:
    answer = assistant.answer(QUESTION)
    writers = [
        threading.Thread(target=record, args=(tmp_path, answer, "helpful", f"{at:02} " + "é\n" * 1900))
        for at in range(40)
    ]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    found = lines(tmp_path / "feedback.jsonl")
    assert sorted(int(str(line["note"])[:2]) for line in found) == list(range(40))


def test_after_a_line_cut_short_the_next_stands_alone(assistant: Assistant, tmp_path: Path) -> None:
    answer = assistant.answer(QUESTION)
    file = record(tmp_path, answer, "helpful")
    file.write_bytes(file.read_bytes()[:-20])
    record(tmp_path, answer, "helpful", "whole")
    assert json.loads(file.read_text(encoding="utf-8").splitlines()[-1])["note"] == "whole"


def test_a_note_has_a_length(assistant: Assistant, tmp_path: Path) -> None:
    (line,) = lines(record(tmp_path, assistant.answer(QUESTION), "helpful", "x" * (LONGEST_NOTE + 1)))
    assert len(str(line["note"])) == LONGEST_NOTE


def test_a_folder_that_is_none_is_an_error(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        record(tmp_path / "file", assistant.answer(QUESTION), "helpful")


def test_an_answer_is_copied_with_its_references(assistant: Assistant) -> None:
    answer = assistant.answer("What does each review say about B cells?")
    text = as_text(answer)
    said, _, references = text.partition("\n\n[1] ")
    assert said.startswith("What does each review say about B cells?\n\n")
    for citation in answer.citations:
        assert " ".join(citation.quote.split()) in said
        assert f"[{citation.number}]" in text
    assert "Blache, U.; Tretbar, S.; Koehl, U.; Mougiakakos, D.; Fricke, S. CAR T cells" in references
    assert "RMD Open. 2023." in references


def test_an_abstention_is_copied_with_its_reason(assistant: Assistant) -> None:
    answer = assistant.answer("What is the price of CAR T cells in Japan?")
    assert as_text(answer) == f"{answer.question}\n\n{answer.text}"
