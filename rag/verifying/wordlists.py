"""The lists of words that verification goes by (`words.toml`)."""

from __future__ import annotations

import tomllib
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
def frames() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """What limits a statement, by kind: single words, and phrases as regular expressions."""
    return {name: (frozenset(single.split()), tuple(phrases)) for name, (single, phrases) in _read()["frames"].items()}


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
