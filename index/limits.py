"""What a shelf may hold, and reading a file may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a shelf may hold, and one file may take.

    Args:
        seconds: To be read; for a scan, each page of it.
        megabytes: Of memory, while it is read.
        file_megabytes: On disk; a larger file is not opened.
        workers: Files read side by side; 0 for one a core.
        files: On the shelf; of a folder with more nothing is read.
    """

    seconds: float = 120.0
    megabytes: int = 1024
    file_megabytes: int = 200
    workers: int = 0
    files: int = 100_000
