"""The seeds folder as it is on disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from index.errors import UsageError

_UNFINISHED = {".crdownload", ".part", ".partial", ".download", ".tmp", ".swp"}


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file in the seeds folder: its name relative to it, size in bytes, time of change in nanoseconds."""

    name: str
    path: Path
    size: int
    modified: int


def scan(seeds: Path) -> list[SeedFile]:
    """Every file below `seeds`, sorted by name. Hidden files and unfinished downloads are no documents.

    Raises:
        UsageError: `seeds` is not a folder that can be listed.
    """
    if not seeds.is_dir():
        raise UsageError(
            f"There is no seeds folder {seeds}.", "name one with --seeds DIR or PINCITE_SEEDS, or create it"
        )
    found: list[SeedFile] = []

    def refuse(error: OSError) -> None:
        raise UsageError(f"The seeds folder cannot be listed: {error.filename}: {error.strerror}.")

    for folder, folders, files in os.walk(seeds, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in files:
            path = Path(folder) / file
            if file.startswith((".", "~$")) or path.suffix.lower() in _UNFINISHED:
                continue
            try:
                state = path.stat()
            except OSError:  # gone since it was listed, or a link to nothing
                continue
            if path.is_file():
                found.append(SeedFile(path.relative_to(seeds).as_posix(), path, state.st_size, state.st_mtime_ns))
    return sorted(found, key=lambda seed: seed.name)
