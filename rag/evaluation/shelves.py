"""The shelf of a set of questions: the folder of its documents and of their index."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where documents and index of a set are."""

    seeds: Path
    index: Path


def shelf_for(name: str, documents: Path | Mapping[str, str], work: Path) -> Shelf:
    """The shelf of a set, its index kept below the folder `work`.

    Documents that are given as texts are written there, one file each, in a folder named after their words: other
    words come into another folder, and nothing is ever overwritten.
    """
    if isinstance(documents, Path):
        return Shelf(documents, work / name / "index")
    digest = hashlib.sha256()
    for file, text in sorted(documents.items()):
        digest.update(f"{file}\0{text}\0".encode("utf-8", "surrogatepass"))
    home = work / f"{name}-{digest.hexdigest()[:8]}"
    seeds = home / "documents"
    if not seeds.is_dir():
        part = home / "documents.part"
        part.mkdir(parents=True, exist_ok=True)
        for file, text in documents.items():
            (part / file).write_text(text, encoding="utf-8", newline="")
        part.rename(seeds)  # whole or not at all, should this be interrupted
    return Shelf(seeds, home / "index")
