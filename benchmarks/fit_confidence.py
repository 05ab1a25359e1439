"""Fits rag/abstaining/confidence.json, the weights of an answer's confidence: the chance that what it quotes answers.

Questions are put to the shelves of public sets, some of which the shelf answers and some of which it does not: the
articles that answer taken off it (COVID-QA, BioASQ, Evidence Inference), near misses written to deceive (SQuAD 2.0),
and health questions put to the two reviews in seeds/ (ExpertQA). Only articles are used that the reader was not
trained on. An answer is right if it cites words that the set has as an answer; what a set has not is taken as wrong.
The weights are fitted on the first sentence of each answer; an answer is as sure as its surest, and a question to
which no sentence could be an answer has a confidence of 0.

Sets weigh the same in the fit, and within a set answerable questions weigh 60 to 40: people ask a shelf of their own
mostly what it covers; that is an assumption. Figures are of five-fold cross-validation grouped by article. The last
table shows what each threshold (the setting min_confidence) would answer.

    python benchmarks/fit_confidence.py --data FOLDER --work DIR [--write] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from folds import fold_of, held_out

from index.embedding import SentenceTransformerEmbedder
from rag import Assistant
from rag.evaluation.places import touches
from rag.evaluation.running import cited_names, sample
from rag.evaluation.sets import read_set
from rag.evaluation.shelves import Shelf, shelf_for
from rag.searching.finding import find
from rag.understanding.question import analyse
from rag.understanding.wording import reword

HERE = Path(__file__).resolve().parent.parent
WEIGHTS = HERE / "rag" / "abstaining" / "confidence.json"
SETS = ("covidqa", "bioasq", "evidence_inference", "squad_v2_dev", "expertqa_health")
COLUMNS = {
    "features alone": ("cosine", "sentence", "nearest"),
    "and the reader": ("cosine", "sentence", "nearest", "reader"),
}
"""The first are those of `rag.abstaining.abstention.Evidence`, and are used; the others are for comparison."""
ANSWERABLE = 0.6
"""The share of questions that a shelf answers, assumed."""
FOLDS = 5
SAMPLE = 400
"""Questions of a set at the most, drawn with a fixed seed."""
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)


@dataclass(frozen=True)
class Judged:
    """A question, the evidence for each sentence of its answer, and whether the answer would be right."""

    set: str
    group: str
    question: str
    answerable: bool
    right: bool
    evidence: list[dict[str, float]]


def judge(name: str, data: Path, work: Path, embedder: SentenceTransformerEmbedder) -> list[Judged]:
    """Ask the questions of a set; what came of them is kept in the work folder."""
    file = work / f"{name}-evidence.jsonl"
    if not file.exists():
        found = read_set(data / name)
        shelf = (
            shelf_for(name, found.documents, work)
            if found.documents is not None
            else Shelf(HERE / "seeds", work / "seeds")
        )
        rows = []
        with Assistant(shelf.seeds, shelf.index, embedder=embedder) as assistant:
            assistant.sync()
            asked = cited_names(assistant, found.place(assistant))
            with assistant.snapshot() as snapshot:
                unseen = [one for one in asked if found.documents is None or held_out(name, one.group)]
                for one in sample(unseen, SAMPLE):
                    rest = [other for other in snapshot.names if other not in one.without] if one.without else None
                    question = reword(analyse(one.question), snapshot, rest).question
                    got = find(assistant.tools(snapshot), question, rest)
                    places = [(choice.document.name, choice.span.start, choice.span.end) for choice in got.chosen]
                    right = any(touches(gold, place) for gold in one.sentences for place in places)
                    has = [
                        asdict(one) | {"reader": choice.chance or 0.0}
                        for one, choice in zip(got.evidence, got.chosen, strict=True)
                    ]
                    rows.append(Judged(name, one.group or one.id, one.question, one.answerable, right, has))
        file.write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows), encoding="utf-8")
        print(f"{name}: {len(rows)} questions asked", flush=True)
    return [Judged(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def fit(features: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=10.0, max_iter=1000).fit(features, labels, sample_weight=weights)


def balance(rows: list[Judged]) -> np.ndarray:
    """A weight for each question: sets weigh the same, and classes by `ANSWERABLE` in a set that has both."""
    cells = [(row.set, row.answerable) for row in rows]
    counts = Counter(cells)
    shares = [ANSWERABLE if answerable else 1 - ANSWERABLE for _, answerable in cells]
    return np.array([share / counts[cell] for share, cell in zip(shares, cells, strict=True)]) * len(rows)


def taught_by(rows: list[Judged], names: Sequence[str]) -> Any:
    """The model fitted on the questions to which a sentence was found."""
    answered = np.array([bool(row.evidence) for row in rows])
    first = np.array([[row.evidence[0][name] for name in names] for row in rows if row.evidence])
    right = np.array([row.right for row in rows if row.evidence])
    return fit(first, right, balance(rows)[answered])


def cross_validated(rows: list[Judged], names: Sequence[str]) -> np.ndarray:
    """The confidence of each answer, by a model that has not seen its article."""
    folds = np.array([fold_of("confidence", f"{row.set}/{row.group.replace('#', ' ')}", FOLDS) for row in rows])
    predicted = np.zeros(len(rows))
    for fold in range(FOLDS):
        model = taught_by([row for row, own in zip(rows, folds, strict=True) if own != fold], names)
        for at in np.flatnonzero(folds == fold):
            if rows[at].evidence:
                features = np.array([[one[name] for name in names] for one in rows[at].evidence])
                predicted[at] = model.predict_proba(features)[:, 1].max()
    return predicted


def show(title: str, rows: list[Judged], predicted: np.ndarray) -> dict[str, Any]:
    from sklearn.metrics import roc_auc_score

    print(f"\n{title}")
    answerable = np.array([row.answerable for row in rows])
    right = np.array([row.right for row in rows])
    figures: dict[str, Any] = {}
    for name in dict.fromkeys(row.set for row in rows):
        here = np.array([row.set == name for row in rows])
        one: dict[str, Any] = {"questions": int(here.sum())}
        if answerable[here].any() and not answerable[here].all():
            one["AUROC, answerable"] = float(roc_auc_score(answerable[here], predicted[here]))
            one["AUROC, right"] = float(roc_auc_score(right[here], predicted[here]))
        for threshold in THRESHOLDS:
            said = predicted[here] >= threshold
            no = ~answerable[here]
            yes = float(said[~no].mean()) if (~no).any() else float("nan")
            one[f"answered / wrongly, at {threshold}"] = [yes, float(said[no].mean())]
        figures[name] = one
        print(f"  {name}: {one['questions']}", *(f"{key} {one[key]:.3f}" for key in one if key.startswith("AUROC")))
        print(
            "    ",
            "  ".join(
                f"{t}: {one[f'answered / wrongly, at {t}'][0]:.2f}/{one[f'answered / wrongly, at {t}'][1]:.2f}"
                for t in THRESHOLDS
            ),
        )
    weights = balance(rows)
    print("  of answers at a confidence of ... so many are right (weighed):")
    for low in np.arange(0.0, 1.0, 0.1):
        within = (predicted >= low) & (predicted < low + 0.1)
        if within.any():
            print(
                f"    {low:.1f}: {np.average(right[within], weights=weights[within]):.2f} ({int(within.sum())})", end=""
            )
    print(flush=True)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="where indexes and what was found are kept")
    parser.add_argument("--write", action="store_true", help="write the weights to rag/abstaining/confidence.json")
    parser.add_argument("--json", type=Path, help="write the figures here")
    chosen = parser.parse_args()
    embedder = SentenceTransformerEmbedder()
    rows = [row for name in SETS for row in judge(name, chosen.data, chosen.work, embedder)]
    content: dict[str, Any] = {"fitted by": "benchmarks/fit_confidence.py"}
    report = {}
    for title, names in COLUMNS.items():
        report[title] = show(title, rows, cross_validated(rows, names))
        model = taught_by(rows, names)
        learned = dict(zip(names, map(float, model.coef_[0]), strict=True))
        weights = {"intercept": float(model.intercept_[0])} | learned
        print("  weights", {key: round(value, 4) for key, value in weights.items()})
        content.setdefault("weights", {key: round(value, 4) for key, value in weights.items()})
    if chosen.write:
        WEIGHTS.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
