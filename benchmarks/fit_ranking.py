"""Fits the weights by which sentences are ranked (rag/searching/ranking.json), and reports what they gain.

The candidates are those that Pincite's search finds for the questions of five public sets, which weigh the same in
the fit (`benchmarks/collecting.py`). It is a conditional logit with a ridge: of a question's candidates, the chance
that one answers is proportional to the exponential of its weighted features.

Two tables are printed: the features alone in five-fold cross-validation grouped by article; and, on the articles
that the reader was not trained on, the features alone beside features and reader, both fitted without them.

    python benchmarks/fit_ranking.py --data FOLDER --work DIR [--write] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from collecting import Collected, collect
from folds import fold_of, held_out

from index.embedding import SentenceTransformerEmbedder
from rag.searching.features import NAMES
from rag.searching.onnx_reader import OnnxReader
from rag.searching.ranking import READER, worth_reading

SETS = ("covidqa", "bioasq", "scifact", "evidence_inference", "squad_v2_dev")
WEIGHTS = Path(__file__).resolve().parent.parent / "rag" / "searching" / "ranking.json"
FIGURES = ("sentence@1", "sentence@3", "passage@1")
RIDGE = 1e-3
FOLDS = 5


@dataclass(frozen=True)
class Row:
    """A question: its candidates' features, which are right, and what passages they form."""

    asked: Collected
    features: np.ndarray
    right: np.ndarray


def rows(found: list[Collected]) -> list[Row]:
    return [Row(one, np.array(one.features, dtype=np.float64), np.array(one.right)) for one in found if one.answerable]


def fit(taught: list[Row]) -> np.ndarray:
    """The weights of the columns; questions of a set weigh together as much as those of any other."""
    from scipy.optimize import minimize

    able = [one for one in taught if one.right.any() and not one.right.all()]
    counts = {name: sum(one.asked.set == name for one in able) for name in {one.asked.set for one in able}}
    every = np.concatenate([one.features for one in able])
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-6
    longest = max(len(one.right) for one in able)
    stacked = np.zeros((len(able), longest, len(mean)))
    there, right = np.zeros((len(able), longest), dtype=bool), np.zeros((len(able), longest), dtype=bool)
    share = np.array([1 / counts[one.asked.set] / len(counts) for one in able])
    for at, one in enumerate(able):
        size = len(one.right)
        stacked[at, :size], there[at, :size], right[at, :size] = (one.features - mean) / spread, True, one.right

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = np.where(there, stacked @ weights, -np.inf)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        of_right = np.where(right, chances, 0.0)
        total = np.maximum(of_right.sum(axis=1, keepdims=True), 1e-12)
        slope = np.einsum("q,qs,qsf->f", share, chances - of_right / total, stacked)
        value = -(share * np.log(total[:, 0])).sum() + RIDGE * (weights**2).sum()
        return float(value), slope + 2 * RIDGE * weights

    # Every feature speaks for a sentence; a negative weight would only be the shadow of another feature.
    bounds = [(0.0, None)] * len(mean)
    found = minimize(loss, np.full(len(mean), 0.1), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x / spread)


def hits(one: Row, weights: np.ndarray) -> tuple[float, float, float]:
    """Whether the best sentence is right, one of the best three is, and the passage of the best is."""
    scores = one.features @ weights
    order = np.argsort(-scores, kind="stable")
    best = max(one.asked.passages, key=lambda passage: max(scores[at] for at in passage.sentences))
    return float(one.right[order[0]]), float(one.right[order[:3]].any()), float(best.right)


def read(found: list[Row], weights: np.ndarray, reader: OnnxReader) -> list[Row]:
    """The same questions with only the candidates that the reader would read; what it gives them is the last column."""
    made = []
    counts, spent = [], []
    for one in found:
        best = worth_reading(one.features @ weights)
        started = time.perf_counter()
        chances = reader.read(one.asked.question, [one.asked.words[at] for at in best])
        spent.append(time.perf_counter() - started)
        counts.append(len(best))
        features = np.column_stack([one.features[best], chances])
        place = {int(at): position for position, at in enumerate(best)}
        passages = [
            type(passage)(passage.score, [place[at] for at in passage.sentences if at in place], passage.right)
            for passage in one.asked.passages
        ]
        asked = type(one.asked)(**(vars(one.asked) | {"passages": [p for p in passages if p.sentences]}))
        made.append(Row(asked, features, one.right[best]))
    many, took = ([float(np.percentile(of, share)) for share in (50, 95)] for of in (counts, spent))
    print(f"the reader read {many[0]:.0f} sentences a question (median; 95th percentile {many[1]:.0f})")
    print(f"and took {1000 * took[0]:.0f} ms ({1000 * took[1]:.0f})", flush=True)
    return made


def show(title: str, tested: dict[str, list[tuple[float, float, float]]]) -> dict[str, list[float]]:
    print(f"\n{title}")
    figures = {}
    for name, found in tested.items():
        if not found:
            continue
        values = [float(value) for value in np.mean(found, axis=0)]
        figures[name] = [len(found), *values]
        print(f"  {name:20s} {len(found):5d} questions {_said(values)}")
    means = np.mean([values[1:] for values in figures.values()], axis=0)
    figures["mean of the sets"] = [0, *map(float, means)]
    print(f"  {'mean of the sets':36s} {_said(means)}", flush=True)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="where indexes and candidates are kept")
    parser.add_argument("--reader", type=Path, help="another reader's folder than rag/searching/reader")
    parser.add_argument("--write", action="store_true", help="write the weights to rag/searching/ranking.json")
    parser.add_argument("--json", type=Path, help="write the figures here")
    chosen = parser.parse_args()
    embedder = SentenceTransformerEmbedder()
    found = {name: rows(collect(name, chosen.data, chosen.work, embedder)) for name in SETS}
    every = [one for of_set in found.values() for one in of_set]

    report = {}
    tested: dict[str, list[tuple[float, float, float]]] = {name: [] for name in SETS}
    for fold in range(FOLDS):
        weights = fit([one for one in every if fold_of(one.asked.set, one.asked.group, FOLDS) != fold])
        for one in every:
            if fold_of(one.asked.set, one.asked.group, FOLDS) == fold:
                tested[one.asked.set].append(hits(one, weights))
    report["features alone, cross-validated"] = show("features alone, cross-validated", tested)
    alone = fit(every)
    content = {"fitted by": "benchmarks/fit_ranking.py", "features alone": _named(alone, NAMES)}

    reader = OnnxReader(chosen.reader)
    unseen = [one for one in every if held_out(one.asked.set, one.asked.group)]
    # Both are fitted by cross-validation within the held-out articles: elsewhere the reader knows too much.
    for title, held, columns in (
        ("features alone", unseen, NAMES),
        ("with the reader", read(unseen, alone, reader), (*NAMES, READER)),
    ):
        tested = {name: [] for name in SETS}
        for fold in range(FOLDS):
            weights = fit([one for one in held if _inner(one) != fold])
            for one in held:
                if _inner(one) == fold:
                    tested[one.asked.set].append(hits(one, weights))
        unseen_title = f"{title}, articles that the reader has not seen"
        report[unseen_title] = show(unseen_title, tested)
        if READER in columns:
            content["with a reader"] = _named(fit(held), columns)
    for key in ("features alone", "with a reader"):
        print(f"\n{key}", content[key])
    if chosen.write:
        WEIGHTS.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _said(values: Sequence[float]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in zip(FIGURES, values, strict=True))


def _inner(one: Row) -> int:
    """Folds within the held-out articles; by question where a set has few articles."""
    return fold_of("inner", f"{one.asked.set}/{one.asked.group or one.asked.question}", FOLDS)


def _named(weights: np.ndarray, names: tuple[str, ...]) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
