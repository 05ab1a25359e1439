"""Word lists written as plain text in the source."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of `text`, which stand between white space."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """The phrases of `text`, which stand between upright bars."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split("|"))
