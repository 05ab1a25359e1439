"""Answers and comparisons as JSON, with all they hold: offsets, scores, fingerprints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rag.answers import Answer

if TYPE_CHECKING:
    from rag.comparing import Comparison

VERSION = 1
"""Raised when what these files hold is no longer what it was; fields may be added without."""


def answers_json(answers: Sequence[Answer]) -> str:
    """{"format": "pincite-answers", "version": 1, "answers": [as `Answer.to_dict` gives them]}."""
    return _json({"format": "pincite-answers", "version": VERSION, "answers": [one.to_dict() for one in answers]})


def comparison_json(comparison: Comparison) -> str:
    """{"format": "pincite-comparison", "version": 1, "comparison": as `Comparison.to_dict` gives it}."""
    return _json({"format": "pincite-comparison", "version": VERSION, "comparison": comparison.to_dict()})


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
