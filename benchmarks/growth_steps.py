"""The steps of `growth.py`, each in a process of its own, which prints what it measured as JSON.

    python benchmarks/growth_steps.py prepare HOME RATE
    python benchmarks/growth_steps.py build HOME SHELF
    python benchmarks/growth_steps.py ask HOME SHELF

HOME holds what all sizes share, SHELF the documents and the index of one.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from answer_speed import steps
from growth_corpus import Recombined, joined, name_of
from results import percentile

from index.embedding import Embedder, SentenceTransformerEmbedder, Vectors
from index.searcher import Ids
from index.snapshot import Snapshot
from rag import Assistant

WARM_UP = 5
NEAREST = 100
SYNCS = 3
RATED = 500  # sentences on which the model's pace is measured

_BATCH = 65536  # sentences whose cosines are computed at once
_STATUS = Path("/proc/self/status")

Measured = dict[str, float]
"""Figures by name, as `growth.py` calls them."""


@dataclass(frozen=True, slots=True)
class Home:
    """What all sizes share: sources and their vectors, claims, the copy of the model that embeds questions."""

    folder: Path

    @property
    def sources(self) -> Path:
        """A list of texts."""
        return self.folder / "sentences.json"

    @property
    def vectors(self) -> Path:
        """Theirs, in the same order."""
        return self.folder / "vectors.npy"

    @property
    def claims(self) -> Path:
        """What is asked; the first only warm up."""
        return self.folder / "claims.json"

    @property
    def model(self) -> Path:
        """A folder, with the copy."""
        return self.folder / "model"


def prepare(home: Home, rate: float) -> Measured:
    """Embed the sources and copy the model, where that is not done; the pace of the model, measured unless given."""
    sources: list[str] = json.loads(home.sources.read_text(encoding="utf-8"))
    embedder = SentenceTransformerEmbedder()
    home.model.mkdir(exist_ok=True)
    if reason := embedder.keep_copy(home.model):
        sys.exit(f"The model cannot be copied: {reason}.")
    if not home.vectors.exists():
        part = home.vectors.with_name("part.npy")
        np.save(part, embedder.embed(sources))
        part.replace(home.vectors)
    if not rate:
        texts = random.Random(0).sample(sources, min(RATED, len(sources)))
        embedder.embed(texts[:64])
        rate = len(texts) / _seconds(lambda: embedder.embed(texts))
    return {"rate": rate}


def build(home: Home, shelf: Path) -> Measured:
    """The index of a shelf, from nothing; its vectors cost next to nothing, and what they cost is told."""
    embedder = _embedder(home, shelf)
    with Assistant(shelf / "documents", shelf / "index", embedder=embedder) as assistant:
        began = time.perf_counter()
        report = assistant.sync()
        seconds = time.perf_counter() - began
        memory = peak_memory()
        if report.skipped:
            sys.exit(f"Not read: {report.skipped[:3]}")
        with assistant.snapshot() as snapshot:
            counts = snapshot.counts()
    return {
        "build without embedding": seconds - embedder.seconds,
        "share of the build in the stand-in": embedder.seconds / seconds,
        "build, memory": memory,
        "sentences embedded": report.embedded,
        "share of sentences not known": embedder.unknown / max(1, embedder.asked),
        **counts,
    }


def ask(home: Home, shelf: Path) -> Measured:
    """Open, ask, sync, edit."""
    embedder = _embedder(home, shelf)
    claims: list[str] = json.loads(home.claims.read_text(encoding="utf-8"))
    began = time.perf_counter()
    with (
        Assistant(shelf / "documents", shelf / "index", embedder=embedder) as assistant,
        assistant.snapshot() as opened,
    ):
        took: Measured = {"open": time.perf_counter() - began}
        assistant.answer(claims[0])
        took["first answer"] = time.perf_counter() - began
        for claim in claims[1:WARM_UP]:
            assistant.answer(claim)
        times, answers = [], []
        for claim in claims[WARM_UP:]:
            began = time.perf_counter()
            answers.append(assistant.answer(claim))
            times.append((time.perf_counter() - began) * 1000)
        took["memory"] = peak_memory()
        took |= {"answer, p50": percentile(times, 50), "answer, p95": percentile(times, 95)}
        took |= {row.name: row.value for row in steps(answers)}
        took["not answered"] = sum(one.abstained for one in answers) / len(answers)
        vectors = [embedder.embed_question(claim) for claim in claims[WARM_UP:]]
        took["recall"] = statistics.mean(recall(opened, vectors))
    return took | _syncs(home, shelf, embedder)


def recall(snapshot: Snapshot, vectors: Sequence[Vectors]) -> list[float]:
    """Of the sentences that a search says are nearest, the share that are, by the cosines of all sentences."""
    ids = snapshot.sentence_ids(sorted(set(snapshot.contents.values())))
    k = min(NEAREST, len(ids))
    shares = []
    for vector in vectors:
        exact = _all_cosines(snapshot, vector, ids)
        least = np.partition(exact, -k)[-k] - 1e-6  # of equal ones, any may be found
        found = sorted({hit.id for hit in snapshot.searcher.nearest_sentences(vector, k)})
        shares.append(float((exact[np.searchsorted(ids, found)] >= least).sum() / k))
    return shares


def _all_cosines(snapshot: Snapshot, vector: Vectors, ids: Ids) -> Vectors:
    parts = [snapshot.searcher.cosines(vector, ids[at : at + _BATCH]) for at in range(0, len(ids), _BATCH)]
    return np.concatenate(parts)


def _syncs(home: Home, shelf: Path, embedder: Embedder) -> Measured:
    """Seconds of a sync with nothing changed, and of one after a sentence was added; the file is put back."""
    seeds, index = shelf / "documents", shelf / "index"
    sources: list[str] = json.loads(home.sources.read_text(encoding="utf-8"))
    file = seeds / name_of(0)
    before = file.read_bytes()
    unchanged = []
    for _ in range(1 + SYNCS):
        with Assistant(seeds, index, embedder=embedder) as assistant:
            unchanged.append(_seconds(assistant.sync))
    try:
        file.write_bytes(before.rstrip() + f" {joined((0, len(sources) - 1), sources)}\n".encode())
        with Assistant(seeds, index, embedder=embedder) as assistant:
            began = time.perf_counter()
            report = assistant.sync()
            edited = time.perf_counter() - began
    finally:
        file.write_bytes(before)
    if report.changed != [file.name]:
        sys.exit(f"One document was edited; changed are {report.changed}")
    return {
        "sync, nothing changed": statistics.median(unchanged[1:]),
        "sync, one document edited": edited,
        "embedded after the edit": report.embedded,
    }


def peak_memory() -> float:
    """The most memory that this process has had, in MB; on Linux without what it inherits of its parent's peak."""
    if _STATUS.exists():
        lines = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def _embedder(home: Home, shelf: Path) -> Recombined:
    embedder = Recombined(home.vectors, shelf / "pairs.npz")
    embedder.find_copy(home.model)  # linked into an index that has none: making it is not what is measured
    return embedder


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """One step."""
    step, home, last = sys.argv[1], Home(Path(sys.argv[2])), sys.argv[3]
    if step == "prepare":
        print(json.dumps(prepare(home, float(last))))
    else:
        print(json.dumps({"build": build, "ask": ask}[step](home, Path(last))))


if __name__ == "__main__":
    main()
