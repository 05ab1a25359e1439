"""Questions to cited answers.

    from rag import answer, Assistant

    answer("Which antigens do the CAR T cells target?").text

Nothing heavy is loaded until the first question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.answers import Answer, Citation, Fingerprint, Sentence
    from rag.assistant import Assistant
    from rag.comparing import Compared, Comparison
    from rag.settings import Settings

__all__ = ["Answer", "Assistant", "Citation", "Compared", "Comparison", "Fingerprint", "Sentence", "Settings", "answer"]

_HOMES = {
    "Answer": "rag.answers",
    "Assistant": "rag.assistant",
    "Citation": "rag.answers",
    "Compared": "rag.comparing",
    "Comparison": "rag.comparing",
    "Fingerprint": "rag.answers",
    "Sentence": "rag.answers",
    "Settings": "rag.settings",
}


def answer(question: str, history: Sequence[Mapping[str, Any]] = (), documents: Sequence[str] | None = None) -> Answer:
    """Answer a question from the default shelf, bringing the index up to date if the seeds changed.

    While another process is writing the index, or where it may not be written, the answer is from the index as
    it is, and the logger "pincite" says so.

    The default shelf is the one that `pincite.toml`, PINCITE_SEEDS and PINCITE_INDEX name, else `seeds/` in the
    working folder. For another shelf, or to sync only when you say so, make an `Assistant`.

    Args:
        question: In plain words.
        history: The turns before, oldest first: {"role": "user" or "assistant", "content": text}.
        documents: Names of the documents to ask; all of them if None.

    Raises:
        index.errors.PinciteError: With what happened and the command that mends it.
    """
    import logging

    from rag.default import default_assistant, sync_or_keep

    assistant = default_assistant()
    sync_or_keep(assistant, logging.getLogger("pincite").warning)
    return assistant.answer(question, history, documents)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
