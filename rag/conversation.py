"""A follow-up -> a question that stands alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rag.question import analyse

Turn = Mapping[str, Any]
"""One turn of a conversation: {"role": "user" or "assistant", "content": text}."""

# "Where do they work?", "And the second one?", "What about children?"
_OPENS_AS_FOLLOW_UP = re.compile(
    r"^\W*(?:and|but|so|also|then|or|why|how so|which ones?|what about|how about|what else|anything else)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:its?|they|them|theirs?|he|him|his|she|hers?|those|these|this|that|there|the (?:latter|former|same))\b",
    re.IGNORECASE,
)
# "Thanks. Now something else: what are ...": the announcement ends a clause, and a question comes after it.
_NEW_SUBJECT = re.compile(
    r"""^[^?]{0,80}\b(?:something\ (?:else|different)|(?:another|a\ different|a\ new)\ (?:question|topic|subject)
    |chang\w*\ (?:of\ )?(?:the\ )?(?:subject|topic))\ ?[:,.;!–—-]\s*(?=\w)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_LONGEST = 2000  # characters of an earlier question
_TURNS_BACK = 5
"""How many questions back a chain of follow-ups is followed."""


def standalone(question: str, history: Sequence[Turn] = ()) -> str:
    """The question with what it leans on.

    A question that points back ("they", "those"), opens as a follow-up ("And ..."), or has no content of its own
    ("When?") is followed, in brackets, by the question it follows, which may lean on one before it in turn. A
    change of subject that is announced drags nothing along.
    """
    asked = [_text(turn)[:_LONGEST] for turn in history if turn.get("role") == "user"]
    found: list[str] = []
    for text in [question, *reversed([text for text in asked if text][-_TURNS_BACK:])]:
        fresh = _NEW_SUBJECT.sub("", text, count=1)
        found.append(fresh)
        if fresh != text or not _leans(fresh):
            break
    return " (".join(found) + ")" * (len(found) - 1)


def _text(turn: Turn) -> str:
    """What a turn says; content in parts, as chat models have it, is joined."""
    content = turn.get("content") or ""
    if isinstance(content, str):
        return content.strip()
    parts = (part if isinstance(part, str) else part.get("text", "") for part in content)
    return " ".join(part for part in parts if isinstance(part, str)).strip()


def _leans(question: str) -> bool:
    return bool(_OPENS_AS_FOLLOW_UP.search(question) or _POINTS_BACK.search(question)) or not analyse(question).terms
