"""The files of the manifest, and those of them that tell what others should say: for `reading.py`."""

from __future__ import annotations

from pathlib import Path

from reading_run import Outcome, read
from reading_truth import Twin, records, twin

from index.documents import Document


class Shelf:
    """The files of the manifest, each read once."""

    def __init__(self, docs: Path) -> None:
        self.docs = docs
        self.records = {str(record["file"]): record for record in records(docs / "manifest.jsonl")}
        self.outcomes: dict[str, Outcome] = {file: read(file, docs / file) for file in self.records}
        self.twins: dict[str, tuple[str, Twin]] = {}
        for file in self.records:
            if Path(file).suffix in (".xml", ".nxml") and (found := twin((docs / file).read_bytes())):
                self.twins[Path(file).stem] = file, found

    @property
    def documents(self) -> dict[str, Document]:
        """Those that were read."""
        return {file: outcome.document for file, outcome in self.outcomes.items() if outcome.document}
