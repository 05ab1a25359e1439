"""The turns of a conversation -> its questions, each with its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rag.abstaining.reasons import ABSTAINED
from rag.understanding.instructions import without_instructions

Turn = Mapping[str, Any]
"""One turn of a conversation: {"role": "user" or "assistant", "content": text}."""

_LONGEST = 2000  # characters read of an earlier turn
_TURNS_BACK = 8  # questions before this one that are read
_FIRST_TURNS = 2  # and questions at the start, in which the subject of a conversation is named


def exchanges(history: Sequence[Turn]) -> list[tuple[str, str]]:
    """The questions that are read of a conversation, each with its answer."""
    found: list[tuple[str, str]] = []
    turns = [turn for turn in history if isinstance(turn, Mapping)]
    for turn in turns:
        role = turn.get("role")
        if role == "user":
            found.append((_text(turn), ""))
        elif role == "assistant" and found:
            found[-1] = (found[-1][0], _text(turn))
    found = [exchange for exchange in found if exchange[0]]
    if len(found) > _FIRST_TURNS + _TURNS_BACK:
        found = [*found[:_FIRST_TURNS], *found[-_TURNS_BACK:]]
    return [
        (without_instructions(asked) or asked, "" if answer.startswith(ABSTAINED) else answer)
        for asked, answer in found
    ]


def _text(turn: Turn) -> str:
    """What a turn says; content in parts, as chat models have it, is joined."""
    content = turn.get("content") or ""
    if isinstance(content, Mapping):
        content = [content]
    if not isinstance(content, str):
        parts = content if isinstance(content, Iterable) else ()
        texts = (part.get("text", "") if isinstance(part, Mapping) else part for part in parts)
        content = " ".join(text for text in texts if isinstance(text, str))
    return content[:_LONGEST].encode("utf-8", "replace").decode().strip()
