"""Which articles a learned part has not seen, so that nothing is scored on what it was trained on."""

from __future__ import annotations

import hashlib

FOLDS = 3
HELD_OUT = 0
"""The fold whose articles the reader that comes with Pincite was not trained on."""


def fold_of(name: str, group: str, folds: int = FOLDS) -> int:
    """The fold of a question of the set `name`, by the document or article it is about.

    Parts of one article ("Article#3") are in one fold with it.
    """
    article = group.partition("#")[0]
    return int(hashlib.sha256(f"{name}/{article}".encode()).hexdigest(), 16) % folds


def held_out(name: str, group: str) -> bool:
    """Whether the reader has seen nothing of an article."""
    return fold_of(name, group) == HELD_OUT
