"""A question, analysed -> what the shelf has to say to it: ranked passages, chosen sentences, how sure they are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.beside import Beside
from index.embedding import Embedder, Vectors
from index.snapshot import Snapshot
from rag.abstaining import abstention
from rag.composing.choosing import choose
from rag.composing.comparison import in_turns, subject_of
from rag.searching.candidates import Choice, by_best_sentence, candidates, read_as
from rag.searching.coverage import concept_weights
from rag.searching.question_vector import QuestionVector
from rag.searching.reading import Reader
from rag.searching.retrieval import RankedPassage, retrieve
from rag.settings import Settings
from rag.understanding.kinds import Kind
from rag.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Tools:
    """What a question is searched with: the open index, the models, the settings, threads to work beside."""

    snapshot: Snapshot
    embedder: Embedder
    reader: Reader | None
    settings: Settings
    beside: Beside


@dataclass(frozen=True, slots=True)
class Search:
    """What a search brought: passages and sentences, best first; `weights` of the question's concepts."""

    passages: list[RankedPassage]
    sentences: list[Choice]
    weights: tuple[float, ...]
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: the sentences `chosen` of a search, best first, and the `evidence` for them.

    `number_missing` says that sentences were found, but none states the number that was asked for.
    """

    search: Search
    chosen: list[Choice]
    evidence: list[abstention.Evidence]
    number_missing: bool = False


def search(
    tools: Tools,
    question: Question,
    documents: Sequence[str] | None = None,
    k: int = 0,
    vector: QuestionVector | None = None,
) -> Search:
    """Rank the passages and sentences of the documents named (all if None); at least `k` passages if there are.

    `vector` is the question's, if that may have been begun.
    """
    snapshot, candidate_count = tools.snapshot, max(tools.settings.candidates, k)
    started = time.perf_counter()
    asked = question
    if question.kind is Kind.COMPARISON:
        # What is asked of each review is the subject: no sentence of a review tells how reviews differ.
        asked = replace(question, text=subject_of(question.text), meant=subject_of(question.meant))
    seconds: dict[str, float] = {}
    coming = vector or QuestionVector(tools.embedder, tools.beside)
    begun = coming.is_begun(asked.text)

    def ask_reader() -> None:
        if tools.reader is not None:
            tools.reader.ask(read_as(asked))

    def embed() -> Vectors:
        began = time.perf_counter()
        made = coming.of(asked.text)
        seconds["embed"] = time.perf_counter() - began
        if begun:
            ask_reader()
        return made

    if not begun:  # or three threads would be at work, where there may be two cores
        ask_reader()
    ranked = retrieve(
        snapshot,
        embed,
        question.search_terms,
        tools.beside,
        candidates=candidate_count,
        documents=documents,
        embedding=begun,
    )
    searched = time.perf_counter()
    seconds["search"] = searched - started - seconds["embed"]
    weights = concept_weights(question.concepts, snapshot.searcher)
    in_order = in_turns(ranked) if question.kind is Kind.COMPARISON else ranked
    found = candidates(snapshot, asked, weights, in_order, tools.reader)
    seconds["rank"] = time.perf_counter() - searched
    return Search(by_best_sentence(ranked, found), found, weights, seconds)


def find(
    tools: Tools, question: Question, documents: Sequence[str] | None = None, vector: QuestionVector | None = None
) -> Findings:
    """Search, and choose the sentences that answer best; see `search`."""
    found = search(tools, question, documents, vector=vector)
    chosen = choose(question, found.sentences, found.weights, tools.settings.max_sentences)
    evidence = abstention.weigh(tools.snapshot, question, found.weights, found.passages, chosen)
    return Findings(found, chosen, evidence, question.wants_quantity and bool(found.sentences) and not chosen)
