"""A question, analysed -> what the shelf has to say to it: ranked passages, chosen sentences, how sure they are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.embedding import Embedder
from index.snapshot import Snapshot
from rag import abstention
from rag.candidates import Choice, candidates
from rag.choosing import choose
from rag.coverage import concept_weights
from rag.question import Question
from rag.retrieval import RankedPassage, retrieve
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: the candidate `sentences` and those `chosen`, best first, and the `evidence` for the best.

    `number_missing` says that sentences were found, but none states the number that was asked for.
    """

    ranked: list[RankedPassage]
    sentences: list[Choice]
    chosen: list[Choice]
    evidence: abstention.Evidence | None
    number_missing: bool = False
    seconds: dict[str, float] = field(default_factory=dict)


def find(
    snapshot: Snapshot,
    embedder: Embedder,
    settings: Settings,
    question: Question,
    documents: Sequence[str] | None = None,
) -> Findings:
    """Search the documents named (all if None) and choose the sentences that answer best."""
    started = time.perf_counter()
    vector = embedder.embed_question(question.text)
    embedded = time.perf_counter()
    ranked = retrieve(snapshot, vector, question.search_terms, candidates=settings.candidates, documents=documents)
    searched = time.perf_counter()
    found = candidates(snapshot, ranked)
    weights = concept_weights(question.concepts, snapshot.searcher)
    chosen = choose(question, found, weights, settings.max_sentences)
    evidence = None
    if chosen:
        best = chosen[0]
        context = _context(snapshot, ranked, best)
        evidence = abstention.weigh(question.concepts, weights, best.cosine, best.words, context)
    seconds = {"embed": embedded - started, "search": searched - embedded, "choose": time.perf_counter() - searched}
    return Findings(ranked, found, chosen, evidence, question.wants_quantity and bool(found) and not chosen, seconds)


def _context(snapshot: Snapshot, ranked: Sequence[RankedPassage], best: Choice) -> str:
    """The passage of a sentence, with the title of its document, under which every sentence of it is said."""
    passage = next(one.passage for one in ranked if one.passage.first <= best.id <= one.passage.last)
    spans = snapshot.spans(passage.first, passage.last).values()
    return " ".join([best.document.bibliography.title, *(span.of(best.document.text) for span in spans)])
