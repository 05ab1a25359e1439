"""Answers end to end: the hand-written golden questions on the two seeds.

Every question is answered, the answers are scored by the set's own `score_golden.py`, and a question passes if
every measure that applies to it is met.

    python benchmarks/golden.py --data FOLDER [--answers FILE] [--json FILE] [--verbose]
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import re
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any


def answers(questions: list[dict[str, Any]], seeds: Path) -> list[dict[str, Any]]:
    from rag import Assistant

    rows = []
    with tempfile.TemporaryDirectory() as folder, Assistant(seeds=seeds, index=folder) as assistant:
        assistant.sync()
        for question in questions:
            found = assistant.answer(question["question"], history=question["history"])
            rows.append(
                {
                    "id": question["id"],
                    "answer": found.text,
                    "abstained": found.abstained,
                    "confidence": found.confidence,
                    "citations": [{"doc": one.document, "text": one.quote} for one in found.citations],
                }
            )
    return rows


def passed(scorer: ModuleType, question: dict[str, Any], row: dict[str, Any], folder: Path) -> bool:
    """Whether one question meets every measure, by the scorer itself."""
    asked, given = folder / "question.jsonl", folder / "answer.jsonl"
    asked.write_text(json.dumps(question), encoding="utf-8")
    given.write_text(json.dumps(row), encoding="utf-8")
    printed = io.StringIO()
    with redirect_stdout(printed):
        scorer.main(str(asked), str(given))
    return all(got == of for got, of in re.findall(r"=(\d+)/(\d+)", printed.getvalue().splitlines()[0]))


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_golden", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds golden_seeds/")
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--answers", type=Path, help="write the answers here")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--verbose", action="store_true", help="show each answer")
    chosen = parser.parse_args()
    golden = chosen.data / "golden_seeds"
    questions = [json.loads(line) for line in (golden / "questions_dev.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = answers(questions, chosen.seeds)
    scorer = load(golden / "score_golden.py")
    with tempfile.TemporaryDirectory() as folder:
        results = {
            question["id"]: passed(scorer, question, row, Path(folder))
            for question, row in zip(questions, rows, strict=True)
        }
        given = chosen.answers or Path(folder) / "answers.jsonl"
        given.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        scorer.main(str(golden / "questions_dev.jsonl"), str(given))
    for question, row in zip(questions, rows, strict=True):
        if chosen.verbose or not results[question["id"]]:
            mark = "pass" if results[question["id"]] else "FAIL"
            print(f"\n{mark} {question['id']} ({question['type']}) {question['question']}")
            print(f"  confidence {row['confidence']}  {row['answer']}")
    print(f"\n{sum(results.values())} of {len(results)} questions pass every measure")
    if chosen.json:
        chosen.json.write_text(
            json.dumps({"passed": sum(results.values()), "of": len(results), "questions": results}, indent=2)
        )


if __name__ == "__main__":
    main()
