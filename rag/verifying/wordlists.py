"""The lists of words that verification goes by (`words.toml`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("words.toml")


@cache
def wordlist(name: str) -> frozenset[str]:
    """A list of single words, in small letters."""
    return frozenset(_read()["lists"][name].split())


@cache
def opposites() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Pairs of sides that exclude each other, by the name of what they are sides of."""
    return {
        name: (frozenset(sides[0].split()), frozenset(sides[1].split())) for name, sides in _read()["opposites"].items()
    }


@cache
def same_words() -> tuple[tuple[str, ...], ...]:
    """Groups of words that say the same."""
    return tuple(tuple(group.split()) for group in _read()["same"]["words"])


@cache
def same_phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Ways of writing one thing, and what stands for them."""
    return tuple((re.compile(pattern, re.IGNORECASE), to) for pattern, to in _read()["same"]["phrases"])


@dataclass(frozen=True, slots=True)
class Frame:
    """What limits a statement: by which words, and how far they reach: "all" of the sentence; see `words.toml`."""

    words: frozenset[str]
    phrases: re.Pattern[str] | None
    reach: str


@cache
def frames() -> dict[str, Frame]:
    """What limits a statement, by kind."""
    return {
        name: Frame(
            frozenset(single.split()),
            re.compile("|".join(rf"(?:\b{one}\b)" for one in phrases)) if phrases else None,
            reach,
        )
        for name, (single, phrases, reach) in _read()["frames"].items()
    }


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
