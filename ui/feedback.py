"""What people say of answers: kept beside the index as JSON lines, and sent nowhere."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock

from rag.answers import Answer
from rag.exporting.written import writing

FILE = "feedback.jsonl"
LONGEST_NOTE = 4000  # characters

_LOCK = "feedback.lock"
_PATIENCE = 10.0  # seconds that another writer has for its line

Rating = Literal["helpful", "not helpful"]


def record(folder: Path, answer: Answer, rating: Rating, note: str = "", name: str = "") -> Path:
    """Append a line about an answer; returns the file.

    A line has: id, when (UTC), rating, note, question, standalone_question, abstained, confidence, the text, each
    citation's document, start, end and quote, the fingerprint of what the answer was made from, and, if a language
    model wrote the text, its name as written_by.

    Of several lines with the same id the last one counts: a note follows the rating that it explains.

    Args:
        folder: The index's folder.
        answer: What was rated.
        rating: How.
        note: What the person wrote beside it.
        name: What tells this answer from any other: the id of the lines about it.

    Raises:
        OSError: The file cannot be written, or another process does not let go of it.
    """
    line = {
        "id": name,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "rating": rating,
        "note": note.strip()[:LONGEST_NOTE],
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "abstained": answer.abstained,
        "confidence": answer.confidence,
        "text": answer.text,
        "citations": [
            {"document": one.document, "start": one.start, "end": one.end, "quote": one.quote}
            for one in answer.citations
        ],
        "fingerprint": answer.fingerprint.model_dump(mode="json"),
    }
    if by := writing(answer):
        line["written_by"] = by.model
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    data = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "replace")
    # One writer at a time: else one could find the line that another is writing cut short.
    with FileLock(folder / _LOCK, timeout=_PATIENCE):
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if _unfinished(file):  # a full disk cut the last line short
                data = b"\n" + data
            written = os.write(handle, data)
            if written < len(data):
                raise OSError(28, os.strerror(28), str(file))
        finally:
            os.close(handle)
    return file


def _unfinished(file: Path) -> bool:
    with file.open("rb") as lines:
        if not lines.seek(0, os.SEEK_END):
            return False
        lines.seek(-1, os.SEEK_END)
        return lines.read(1) != b"\n"
