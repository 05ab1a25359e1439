"""What a sync tells: where it is, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a sync is: `step` in words, `done` of `total`, and the file at hand if there is one."""

    step: str
    done: int
    total: int
    name: str = ""


ProgressCallback = Callable[[Progress], None]


@dataclass(slots=True)
class SyncReport:
    """What a sync did: names by what became of them, sentences embedded, seconds taken."""

    generation: int = 0
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    embedded: int = 0
    seconds: float = 0.0
