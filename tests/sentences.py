"""Sentences as candidates for an answer, without a shelf."""

from __future__ import annotations

from index.documents import Document, Span
from rag.composing.choosing import choose
from rag.searching.candidates import Choice
from rag.understanding.question import analyse


def candidates(*sentences: str, name: str = "a.txt", first: float = 1.0, step: float = 0.01) -> list[Choice]:
    """Sentences of one document as candidates, each a little worse than the one before."""
    text = " ".join(sentences)
    document = Document(name=name, text=text, format="text")
    starts = [text.index(sentence) for sentence in sentences]
    return [
        Choice(document, Span(start, start + len(sentence)), first - step * at)
        for at, (start, sentence) in enumerate(zip(starts, sentences, strict=True))
    ]


def chosen(question: str, found: list[Choice], most: int = 4) -> list[str]:
    """The words that are chosen to answer a question, its concepts mattering alike."""
    asked = analyse(question)
    return [choice.words for choice in choose(asked, found, [1.0] * len(asked.concepts), most)]
