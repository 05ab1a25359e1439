"""A follow-up -> a question that stands alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

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
# "Thanks. Now something else: what are ..."
_NEW_SUBJECT = re.compile(
    r"""^.*?\b(?:something\ (?:else|different)|(?:another|a\ different|a\ new)\ (?:question|topic|subject)
    |chang\w*\ (?:of\ )?(?:the\ )?(?:subject|topic))\b\s*[:,.;!–—-]*\s*(?=\S)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def standalone(question: str, history: Sequence[Turn] = ()) -> str:
    """The question with what it leans on.

    A question that points back ("they", "those") or opens as a follow-up ("And ...") is followed, in brackets,
    by the question it follows, which may lean on one before it in turn. A change of subject that is announced
    drags nothing along.
    """
    fresh = _NEW_SUBJECT.sub("", question, count=1)
    if fresh != question:
        return fresh
    asked = [str(turn["content"]) for turn in history if turn.get("role") == "user" and turn.get("content")]
    if not asked or not _leans(question):
        return question
    before = standalone(asked[-1], [{"role": "user", "content": text} for text in asked[:-1]])
    return f"{question} ({before})"


def _leans(question: str) -> bool:
    return bool(_OPENS_AS_FOLLOW_UP.search(question) or _POINTS_BACK.search(question))
