"""Questions to go on with: made from the words near what was quoted, and tried before they are shown."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from index.analysis import terms
from rag.answers import Answer
from rag.assistant import Assistant
from ui.front import answers_well, phrases

MOST = 3
"""Suggestions shown."""

_AROUND = 12  # sentences looked through on each side of a quote
_SECONDS = 1.5  # spent on trying them
# A question about a topic, and the word of it that the answer must have beside the topic's own.
_WORDINGS = (
    ("What do the reviews say about {}?", ""),
    ("What is known about the safety of {}?", "safety"),
    ("What are the limitations of {}?", "limitations"),
)


def suggestions(assistant: Assistant, asked: Sequence[Answer], documents: Sequence[str] | None = None) -> list[str]:
    """Up to three questions that this shelf answers, about what stands beside the last answer's quotes.

    Args:
        assistant: Whose shelf it is.
        asked: The conversation so far: nothing in it is suggested again.
        documents: The documents that are being asked; all of them if None.
    """
    found: list[str] = []
    if not asked:
        return found
    quoted = {citation.quote for answer in asked for citation in answer.citations}
    until = time.monotonic() + _SECONDS
    for question, words in _candidates(assistant, asked):
        if len(found) == MOST or time.monotonic() > until:
            break
        answer = assistant.answer(question, documents=documents, quoted=True)
        new = any(citation.quote not in quoted for citation in answer.citations)
        if new and answers_well(answer, words):
            found.append(question)
            quoted.update(citation.quote for citation in answer.citations)
    return found


def _candidates(assistant: Assistant, asked: Sequence[Answer]) -> Iterator[tuple[str, str]]:
    """Questions, each with the words that it turns on."""
    said = {term for answer in asked for term in terms(f"{answer.question} {answer.standalone_question}")}
    topics = [
        phrase for phrase in phrases({}, _surroundings(assistant, asked[-1])) if not said.issuperset(terms(phrase))
    ]
    # All that can be asked of the first topic, then the plain question of the others.
    for at, topic in enumerate(topics[: 3 * MOST]):
        for wording, aspect in _WORDINGS if at == 0 else _WORDINGS[:1]:
            yield wording.format(topic), f"{aspect} {topic}"


def _surroundings(assistant: Assistant, answer: Answer) -> list[str]:
    """For each document quoted, or near, the sentences around what was quoted."""
    texts = []
    with assistant.snapshot() as snapshot:
        for citation in answer.citations or answer.nearest:
            if citation.document not in snapshot.contents:
                continue
            document = snapshot.document(citation.document)
            spans = snapshot.sentences_of(citation.document)
            at = next((n for n, span in enumerate(spans) if span.end > citation.start), len(spans))
            near = spans[max(0, at - _AROUND) : at + _AROUND + 1]
            texts.append(" \n".join(span.of(document.text) for span in near))
    return texts
