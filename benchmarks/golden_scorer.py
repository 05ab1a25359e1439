"""Golden questions passed or failed, by the set's own `score_golden.py`: every measure that applies must be met."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from rag.answers import Answer


def passed(folder: Path, answers: Mapping[str, Answer]) -> dict[str, bool]:
    """Which of the golden questions of a folder that were answered (by id) pass."""
    spec = importlib.util.spec_from_file_location("score_golden", folder / "score_golden.py")
    assert spec is not None and spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    found: dict[str, bool] = {}
    with tempfile.TemporaryDirectory() as temporary:
        asked, given = Path(temporary) / "question.jsonl", Path(temporary) / "answer.jsonl"
        for file in sorted(folder.glob("questions*.jsonl")):
            for line in file.read_text(encoding="utf-8").split("\n"):
                question = json.loads(line) if line.strip() else {}
                if question.get("id") not in answers:
                    continue
                asked.write_text(line, encoding="utf-8")
                given.write_text(json.dumps(_row(question["id"], answers[question["id"]])), encoding="utf-8")
                printed = io.StringIO()
                with redirect_stdout(printed):
                    scorer.main(str(asked), str(given))
                met = re.findall(r"=(\d+)/(\d+)", printed.getvalue().splitlines()[0])
                found[question["id"]] = all(got == of for got, of in met)
    return found


def _row(name: str, answer: Answer) -> dict[str, Any]:
    return {
        "id": name,
        "answer": answer.text,
        "abstained": answer.abstained,
        "confidence": answer.confidence,
        "citations": [{"doc": one.document, "text": one.quote} for one in answer.citations],
    }
