"""The vector of a question, begun beside while the question is still being understood."""

from __future__ import annotations

import threading
from collections.abc import Callable

from index.beside import Beside
from index.embedding import Embedder, Vectors
from index.question_copy import has_copy

_A_MOMENT = 0.001  # seconds, in which a thread that is free has begun


class QuestionVector:
    """The vector of one question. Where it was not begun, it is made when it is asked for.

    Only what the copy for questions embeds is begun early: it takes two milliseconds. Another model may take a network
    or a fee, and the question may turn out to need none.

    Args:
        embedder: Makes it.
        beside: Where it is begun.
    """

    def __init__(self, embedder: Embedder, beside: Beside) -> None:
        self._embedder = embedder
        self._beside = beside
        self._coming: tuple[str, Callable[[], Vectors]] | None = None

    def begin(self, text: str) -> None:
        """Begin to make it of what the question will likely be asked as."""
        if not has_copy(self._embedder):
            return
        begun = threading.Event()

        def make() -> Vectors:
            begun.set()
            return self._embedder.embed_question(text)

        self._coming = text, self._beside.begin(make)
        # The other thread needs the interpreter for a moment, and then no more. Whoever did not wait for it here would
        # keep it busy, and the vector would begin milliseconds later.
        begun.wait(_A_MOMENT)

    def is_begun(self, text: str) -> bool:
        """Whether it was begun of this text."""
        return self._coming is not None and self._coming[0] == text

    def of(self, text: str) -> Vectors:
        """The vector of what is asked, shape (dimension,), of length 1."""
        if self._coming is not None and self._coming[0] == text:
            return self._coming[1]()
        return self._embedder.embed_question(text)
