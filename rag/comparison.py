"""What each review has to say: the best sentence of each, if it says something on what was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from index.analysis import terms
from rag.candidates import Choice
from rag.coverage import coverage
from rag.question import Question
from rag.retrieval import RankedPassage

# How much of what the best sentence has another review's must have to say something on the question.
_COVERS = 0.6
_SCORE = 0.4


def side_by_side(question: Question, able: Sequence[Choice], weights: Sequence[float], most: int) -> list[Choice]:
    """The best sentence of each review, the best review first; none for a review that is silent on the question.

    Args:
        question: What was asked.
        able: The sentences that could answer, best first.
        weights: How much each of the question's concepts matters.
        most: The most sentences to choose.
    """
    found: dict[str, tuple[float, Choice]] = {}
    for choice in able:
        covered = coverage(question.concepts, weights, set(terms(choice.words)))
        before = found.get(choice.document.name)
        # Within a review a sentence that speaks of clearly more of what was asked goes before a slightly better one.
        if before is None or covered * choice.score > before[0] * before[1].score:
            found[choice.document.name] = (covered, choice)
    enough = _COVERS * max((covered for covered, _ in found.values()), default=0.0)
    best = max((choice.score for _, choice in found.values()), default=0.0)
    speaking = [
        choice for covered, choice in found.values() if covered >= enough and choice.score >= _SCORE * best and covered
    ]
    return sorted(speaking, key=lambda choice: -choice.score)[:most]


def in_turns(ranked: Sequence[RankedPassage]) -> list[RankedPassage]:
    """Ranked passages with each document's best first, then each one's second: so that every review has its say."""
    seen: dict[str, int] = defaultdict(int)
    turns = []
    for passage in ranked:
        turns.append(seen[passage.document])
        seen[passage.document] += 1
    return [ranked[at] for at in sorted(range(len(ranked)), key=turns.__getitem__)]
