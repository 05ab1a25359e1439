"""The candidates that Pincite's search finds for the questions of a set: what its learned parts are fitted on.

Kept as JSON lines below the work folder, so that the readers and the weights are fitted on the same candidates.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.beside import Beside
from index.embedding import SentenceTransformerEmbedder
from index.snapshot import Snapshot
from rag import Assistant
from rag.evaluation.places import holds, touches
from rag.evaluation.questions import Asked
from rag.evaluation.running import cited_names
from rag.evaluation.sets import read_set
from rag.evaluation.shelves import shelf_for
from rag.searching import features
from rag.searching.candidates import PASSAGES_READ
from rag.searching.coverage import concept_weights
from rag.searching.retrieval import retrieve
from rag.understanding.question import analyse
from rag.understanding.wording import reword

SETS = ("covidqa", "bioasq", "scifact", "evidence_inference", "squad_v2_dev", "pubmedqa")


@dataclass(frozen=True)
class Passage:
    """A passage looked at: its score before its sentences were weighed, its sentences, whether it is right."""

    score: float
    sentences: list[int]
    right: bool


@dataclass(frozen=True)
class Collected:
    """A question with its candidate sentences: their words, features, and whether they are right."""

    set: str
    group: str
    question: str
    answerable: bool
    words: list[str]
    features: list[list[float]]
    right: list[bool]
    passages: list[Passage]


def collect(name: str, data: Path, work: Path, embedder: SentenceTransformerEmbedder) -> list[Collected]:
    """The candidates for every question of a set; read from the work folder if they were collected before."""
    file = work / f"{name}-candidates.jsonl"
    if not file.exists():
        found = read_set(data / name)
        assert found.documents is not None
        shelf = shelf_for(name, found.documents, work)
        part = file.with_suffix(".part")
        with Assistant(shelf.seeds, shelf.index, embedder=embedder) as assistant, part.open("w") as stream:
            assistant.sync()
            asked = [one for one in cited_names(assistant, found.place(assistant)) if not one.without]
            with assistant.snapshot() as snapshot:
                for one in _collected(name, snapshot, assistant, asked):
                    stream.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
        part.rename(file)
        print(f"{name}: candidates of {len(asked)} questions collected", flush=True)
    with file.open(encoding="utf-8") as stream:
        return [_read(json.loads(line)) for line in stream]


def _collected(name: str, snapshot: Snapshot, assistant: Assistant, asked: Sequence[Asked]) -> Iterator[Collected]:
    beside = Beside()
    for one in asked:
        question = reword(analyse(one.question), snapshot).question
        embed = partial(assistant.embedder.embed_question, question.text)
        candidates = assistant.settings.candidates
        ranked = retrieve(snapshot, embed, question.search_terms, beside, candidates=candidates)[:PASSAGES_READ]
        seen = features.look(snapshot, ranked)
        if not seen:
            continue
        measured = features.measure(question, concept_weights(question.concepts, snapshot.searcher), seen)
        at = {sentence.id: position for position, sentence in enumerate(seen)}
        passages = []
        for passage in ranked:
            inside = [at[sentence] for sentence in passage.sentences]
            place = (passage.document, seen[inside[0]].span.start, seen[inside[-1]].span.end)
            right = any(holds(gold, place) for gold in one.gold)
            passages.append(Passage(round(passage.score, 6), inside, right))
        yield Collected(
            name,
            one.group,
            question.text,
            one.answerable,
            [sentence.words for sentence in seen],
            [[round(float(value), 5) for value in row] for row in measured],
            [
                any(
                    touches(gold, (sentence.document.name, sentence.span.start, sentence.span.end))
                    for gold in one.sentences
                )
                for sentence in seen
            ],
            passages,
        )


def _read(row: dict[str, Any]) -> Collected:
    return Collected(**(row | {"passages": [Passage(**passage) for passage in row["passages"]]}))
