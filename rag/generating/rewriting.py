"""A follow-up made to stand alone, and a comparison taken apart, by a language model; trusted only word by word."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeVar

from langchain_core.messages import BaseMessage

from index.analysis import distinct_terms
from rag.generating import prompts
from rag.generating.calling import Caller, LlmFailedError, Usage
from rag.generating.plain import plain
from rag.understanding.instructions import is_instruction
from rag.understanding.question import analyse
from rag.understanding.turns import Turn, exchanges

_T = TypeVar("_T")
Waiting = Generator[None, None, _T]
"""What comes in the end; until then it says again and again that it is waiting, so that it can be called off."""

_LONGEST = 400  # characters of a rewritten question
_TURNS = 4  # exchanges that the model is shown
_SHOWN = 600  # characters of an answer that it is shown
_PARTS = 4  # questions that a comparison is taken apart into


def standing_alone(
    caller: Caller, question: str, history: Sequence[Turn], seconds: float, usage: Usage
) -> Waiting[str]:
    """The question as the model makes it stand alone; "" if what it writes cannot be trusted.

    It must be one question, in words of the conversation: a word that nobody said would be searched for.
    """
    before = [(asked, answer[:_SHOWN]) for asked, answer in exchanges(history)[-_TURNS:]]
    if not before:
        return ""
    said = yield from _lines(caller, prompts.standing_alone(question, before), seconds, usage)
    spoken = distinct_terms(" ".join([question, *(text for exchange in before for text in exchange)]))
    return said[0] if len(said) == 1 and _is_question_of(said[0], spoken) else ""


def taken_apart(caller: Caller, question: str, seconds: float, usage: Usage) -> Waiting[list[str]]:
    """The questions that a comparison is made of, at most four; none where what the model writes cannot be trusted."""
    said = yield from _lines(caller, prompts.taken_apart(question, _PARTS), seconds, usage)
    spoken = distinct_terms(question)
    return [one for one in dict.fromkeys(said) if _is_question_of(one, spoken) and one != question][:_PARTS]


def _lines(caller: Caller, messages: list[BaseMessage], seconds: float, usage: Usage) -> Waiting[list[str]]:
    said = ""
    try:
        for words in caller.stream(messages, seconds, usage):
            said += words
            yield
    except LlmFailedError:
        return []  # the rules rewrite it then; if the model cannot write the answer either, that is told
    return [line for line in (plain(line.lstrip("-*0123456789.) ")) for line in said.splitlines()) if line]


def _is_question_of(said: str, spoken: frozenset[str]) -> bool:
    question = analyse(said)
    new = {term for concept in question.concepts for term in concept.forms[0]} - spoken
    return bool(question.terms) and len(said) <= _LONGEST and not new and not is_instruction(said)
