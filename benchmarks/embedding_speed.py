"""How many sentences are embedded in a second? Pincite's own way, and sentence-transformers as it comes.

Three ways take turns, each in a process of its own, which has embedded a few sentences before: torch's threads, and how
many there are, are then nobody else's.

- sentence-transformers: `SentenceTransformer(folder).encode(texts)`, single precision, whatever its defaults are;
- Pincite: `SentenceTransformerEmbedder().embed(texts)`, in the precision that it picks on this machine;
- Pincite, single precision: the same with `half=False`.

The sentences are real ones, as Pincite cuts them: a draw, always the same, from the shelf of a public set. Of the
ratios the median over the rounds is given. The cosines say how near Pincite's vectors are to those of
sentence-transformers: the least over all sentences, and the mean.

    python benchmarks/embedding_speed.py --data FOLDER --work DIR [--set scifact] [--sentences 2000] [--rounds 3]
        [--json FILE]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from public_shelf import add_options, public_shelf
from results import Row, machine, report

from index.embedding import SentenceTransformerEmbedder, Vectors
from index.snapshot import Snapshot

WARM_UP = 64  # sentences
PAUSE = 0.3  # seconds; threads that wait for more work go on turning for some of it

PLAIN, OWN, SINGLE = "sentence-transformers", "Pincite", "Pincite, single precision"
RATIO, RATIO_SINGLE = f"{OWN} / {PLAIN}", f"{SINGLE} / {PLAIN}"
LEAST, LEAST_SINGLE = f"cosine, least, {OWN}", f"cosine, least, {SINGLE}"

Embed = Callable[[Sequence[str]], Vectors]


def ways() -> dict[str, Callable[[], Embed]]:
    """What loads each way of embedding."""
    return {
        PLAIN: _plain,
        OWN: lambda: SentenceTransformerEmbedder().embed,
        SINGLE: lambda: SentenceTransformerEmbedder(half=False).embed,
    }


def _plain() -> Embed:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(SentenceTransformerEmbedder().folder))
    return lambda texts: np.asarray(model.encode(list(texts), show_progress_bar=False))


class Process:
    """A way of embedding in a process of its own."""

    _embed: Embed  # set in that process alone

    def __init__(self, way: str, stack: ExitStack) -> None:
        spawn = get_context("spawn")  # of a fork torch's threads would be missing
        self._pool = stack.enter_context(ProcessPoolExecutor(1, spawn, Process._load, (way,)))

    def timed(self, texts: Sequence[str]) -> tuple[float, Vectors]:
        """The seconds it took to embed some texts, and their vectors."""
        return self._pool.submit(Process._run, texts).result()

    @staticmethod
    def _load(way: str) -> None:
        Process._embed = staticmethod(ways()[way]())

    @staticmethod
    def _run(texts: Sequence[str]) -> tuple[float, Vectors]:
        began = time.perf_counter()
        vectors = Process._embed(texts)
        return time.perf_counter() - began, vectors


def sentences_of(snapshot: Snapshot) -> Iterator[str]:
    """All sentences of a shelf, document by document."""
    for name in snapshot.names:
        text = snapshot.document(name).text
        yield from (span.of(text) for span in snapshot.sentences_of(name))


def in_turns(texts: Sequence[str], rounds: int) -> tuple[dict[str, list[float]], dict[str, Vectors]]:
    """The seconds that each way took in each round, and its vectors."""
    took: dict[str, list[float]] = {way: [] for way in ways()}
    vectors: dict[str, Vectors] = {}
    with ExitStack() as stack:
        processes = {way: Process(way, stack) for way in took}
        for process in processes.values():
            process.timed(texts[:WARM_UP])
        for _ in range(rounds):
            for way, process in processes.items():
                time.sleep(PAUSE)
                seconds, vectors[way] = process.timed(texts)
                took[way].append(seconds)
    return took, vectors


def cosines(vectors: Vectors, others: Vectors) -> Vectors:
    """The cosine of each vector to the one in the same place."""
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(others, axis=1)
    return np.asarray((vectors * others).sum(axis=1) / lengths, dtype=np.float32)


def measure(texts: Sequence[str], rounds: int) -> list[Row]:
    """Embed, and say how fast that was and what came of it."""
    took, vectors = in_turns(texts, rounds)
    tokens = SentenceTransformerEmbedder().count_tokens(texts)

    def ratio(way: str) -> float:
        return statistics.median(plain / own for plain, own in zip(took[PLAIN], took[way], strict=True))

    speeds: Mapping[str, float] = {way: len(texts) / statistics.median(seconds) for way, seconds in took.items()}
    near = {way: cosines(vectors[way], vectors[PLAIN]) for way in (OWN, SINGLE)}
    return [
        *(Row(way, speed, "1/s", "neither" if way == PLAIN else "higher") for way, speed in speeds.items()),
        Row(RATIO, ratio(OWN), "times", "higher"),
        Row(RATIO_SINGLE, ratio(SINGLE), "times", "higher"),
        Row(LEAST, float(near[OWN].min()), "", "higher"),
        Row(f"cosine, mean, {OWN}", float(near[OWN].mean()), "", "higher"),
        Row(LEAST_SINGLE, float(near[SINGLE].min()), "", "higher"),
        Row(f"cosine, mean, {SINGLE}", float(near[SINGLE].mean()), "", "higher"),
        Row("tokens a sentence", statistics.mean(tokens), "", "neither"),
        Row("sentences", len(texts), "", "neither"),
        Row("rounds", rounds, "", "neither"),
    ]


def targets() -> dict[str, float]:
    """What is aimed at, on this machine: with bfloat16 in hardware, more."""
    here = machine()
    ratio = 3.0 if here["avx512_bf16"] or here["amx_bf16"] else 1.3
    return {RATIO: ratio, RATIO_SINGLE: 1.3, LEAST: 0.999, LEAST_SINGLE: 0.999}


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--sentences", type=int, default=2000, help="How many, if there are as many.")
    parser.add_argument("--rounds", type=int, default=3, help="Of all three ways.")
    parser.add_argument("--json", type=Path, help="Write the figures here.")
    chosen = parser.parse_args()
    if chosen.sentences < 1 or chosen.rounds < 1:
        parser.error("--sentences and --rounds must be 1 or more")
    with public_shelf(parser, chosen) as public, public.assistant.snapshot() as snapshot:
        all_of_them = list(dict.fromkeys(sentences_of(snapshot)))
    texts = random.Random(0).sample(all_of_them, min(len(all_of_them), chosen.sentences))
    rows = measure(texts, chosen.rounds)
    report(f"Embedding {len(texts)} sentences of {chosen.set}", rows, chosen.json, targets())


if __name__ == "__main__":
    main()
