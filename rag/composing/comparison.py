"""What each review has to say: the best sentence of each, if it says something on what was asked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from index.analysis import distinct_terms
from rag.searching.candidates import Choice
from rag.searching.coverage import coverage
from rag.searching.features import is_sentence
from rag.searching.retrieval import RankedPassage
from rag.understanding.question import Question

# How much of what the best sentence has another review's must have to say something on the question.
_COVERS = 0.6
_SCORE = 0.4
_NO_PROSE = 0.4  # so much a row of a table, a caption or a heading counts beside a sentence
_FLAGS = re.IGNORECASE | re.VERBOSE

_CAPTION = re.compile(
    r"^\W*(?:supplement\w*\ )?(?:tables?|figs?\.?|figures?|box|scheme|panel)\W*(?:\d|[IVX]+\b)", _FLAGS
)
_REVIEWS = r"(?:reviews?|articles?|papers?|authors?|documents?|publications?|texts?|sources?)"
# What only says that reviews are set side by side: "How do the two reviews differ on".
_FRAME = re.compile(
    rf"""^(?:(?:please|could\ you|can\ you)\ )*(?:
      (?:how|where|in\ what\ way|on\ what|what|do|does|did)\b[^?]{{0,40}}?\b{_REVIEWS}\ (?:[\w-]+\ )??
        (?:differ\w*|disagree\w*|agree\w*|contrast\w*|contradict\w*|compare\w*|describe\w*|discuss\w*|view\w*|treat|address\w*|mention\w*|cover\w*|say|says
        |explain\w*|report\w*|present\w*)
    | (?:compare|contrast)\ [^?]{{0,30}}?\b{_REVIEWS}(?:['’]s?)?(?:\ (?:views?|opinions?|statements?|positions?))?
    )\b(?:\ (?:each\ other|one\ another))?,?\ (?:on|about|of|in|regarding|concerning|over|as\ to|that|in\ terms\ of
      |with\ (?:respect|regard)\ to|when\ it\ comes\ to)?\b\s*(?P<subject>[^?]+?)[\s?.!]*$""",
    _FLAGS,
)


def subject_of(text: str) -> str:
    """What a comparison sets side by side ("safety", of "How do the reviews differ on safety?"); the text if unsure."""
    match = _FRAME.match(" ".join(text.split()))
    return match["subject"] if match else text


def side_by_side(question: Question, able: Sequence[Choice], weights: Sequence[float], most: int) -> list[Choice]:
    """The best sentence of each review, the best review first; none for a review that is silent on the question.

    Args:
        question: What was asked.
        able: The sentences that could answer, best first.
        weights: How much each of the question's concepts matters.
        most: The most sentences to choose.
    """
    found: dict[str, tuple[float, Choice]] = {}
    worth: dict[str, float] = {}
    for choice in able:
        covered = coverage(question.concepts, weights, distinct_terms(choice.words))
        name = choice.document.name
        # Within a review a sentence that speaks of clearly more of what was asked goes before a slightly better one.
        worth_of_it = covered * choice.score * (1.0 if _is_prose(choice.words) else _NO_PROSE)
        if name not in found or worth_of_it > worth[name]:
            found[name], worth[name] = (covered, choice), worth_of_it
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


def _is_prose(words: str) -> bool:
    return is_sentence(words) and " | " not in words and not _CAPTION.match(words)
