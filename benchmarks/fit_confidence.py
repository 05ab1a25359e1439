"""Fits the weights of an answer's confidence (rag/confidence.json) and reports how well it tells what is answerable.

Each set is a shelf with questions, some of which the shelf answers and some of which it does not:

- covidqa: every question twice, with its article on the shelf and with it taken out;
- bioasq: the same, with the snippets of a question's own articles taken out;
- squad: the answerable and the unanswerable (written to look answerable) questions of SQuAD 2.0;
- expertqa: health questions put to the two reviews in seeds/, which answer none of them.

Sets weigh the same in the fit. Within a set, answerable questions weigh 60 to 40: people ask a shelf of their own
mostly what it covers; that is an assumption, and what makes a confidence of .5 the place to say no. The AUROC and
rates are of five-fold cross-validation grouped by article, with folds over all sets at once.

    python benchmarks/fit_confidence.py --data FOLDER [--cache FOLDER] [--write] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.abstention import Evidence

WEIGHTS = Path(__file__).parent.parent / "rag" / "confidence.json"
NAMES = Evidence.__slots__
ANSWERABLE = 0.6
"""The share of questions that a shelf answers, assumed."""
SAMPLE = 800
"""Questions of one set at the most, drawn with a fixed seed."""


@dataclass(frozen=True)
class Asked:
    """A question; the article it belongs to; whether that article stays on the shelf; whether it is then answered."""

    set: str
    group: str
    question: str
    without: tuple[str, ...]
    answerable: bool


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def sample(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return random.Random(0).sample(questions, min(SAMPLE, len(questions)))


def covidqa(data: Path, shelf: Path) -> Iterator[Asked]:
    for file in sorted((data / "covidqa" / "docs").iterdir()):
        (shelf / file.name).write_bytes(file.read_bytes())
    for row in sample([row for row in rows(data / "covidqa" / "qas_dev.jsonl") if "doc_dependent" not in row["flags"]]):
        name = f"{row['doc']}.txt"
        yield Asked("covidqa", name, row["question"], (), True)
        yield Asked("covidqa", name, row["question"], (name,), False)


def bioasq(data: Path, shelf: Path) -> Iterator[Asked]:
    articles: dict[str, list[str]] = {}
    for row in rows(data / "bioasq" / "passages.jsonl"):
        articles.setdefault(f"{row['doc']}.txt", []).append(row["text"])
    for name, texts in articles.items():
        (shelf / name).write_text("\n\n".join(texts), encoding="utf-8", newline="")
    for row in sample(rows(data / "bioasq" / "questions_dev.jsonl")):
        own = tuple(sorted(f"{doc}.txt" for doc in row["gold_docs"] if f"{doc}.txt" in articles))
        if own:
            yield Asked("bioasq", own[0], row["question"], (), True)
            yield Asked("bioasq", own[0], row["question"], own, False)


def squad(data: Path, shelf: Path) -> Iterator[Asked]:
    for row in rows(data / "squad_v2_dev" / "paragraphs.jsonl"):
        (shelf / f"{row['doc']}.txt").write_text(row["text"], encoding="utf-8", newline="")
    for row in sample(rows(data / "squad_v2_dev" / "questions_dev.jsonl")):
        yield Asked("squad", row["doc"], row["question"], (), bool(row["answerable"]))


def expertqa(data: Path, shelf: Path) -> Iterator[Asked]:
    for file in sorted((Path(__file__).parent.parent / "seeds").iterdir()):
        (shelf / file.name).write_bytes(file.read_bytes())
    for row in sample(rows(data / "expertqa_health" / "questions.jsonl")):
        yield Asked("expertqa", row["question"], row["question"], (), False)


def evidence(asked: list[Asked], shelf: Path, index: Path) -> list[tuple[Asked, Evidence | None]]:
    """The evidence the pipeline finds for each question."""
    from rag import Assistant
    from rag.finding import find
    from rag.question import analyse

    found = []
    with Assistant(seeds=shelf, index=index) as assistant:
        assistant.sync()
        with assistant.snapshot() as snapshot:
            for one in asked:
                rest = [name for name in snapshot.names if name not in one.without] if one.without else None
                question = analyse(one.question)
                found.append((one, find(snapshot, assistant.embedder, assistant.settings, question, rest).evidence))
    return found


def fit(features: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=10.0, max_iter=1000).fit(features, labels, sample_weight=weights)


def balance(asked: list[Asked]) -> np.ndarray:
    """A weight for each question: sets weigh the same, and classes by `ANSWERABLE` in a set that has both."""
    cells = [(one.set, one.answerable) for one in asked]
    counts = Counter(cells)
    shares = [ANSWERABLE if answerable else 1 - ANSWERABLE for _, answerable in cells]
    return np.array([share / counts[cell] for share, cell in zip(shares, cells, strict=True)]) * len(asked)


def main() -> None:
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="keep the indexes here, for a quicker second run")
    parser.add_argument("--write", action="store_true", help="write the weights to rag/confidence.json")
    parser.add_argument("--json", type=Path, help="write the figures here")
    chosen = parser.parse_args()

    found: list[tuple[Asked, Evidence]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for make in (covidqa, bioasq, squad, expertqa):
            shelf = Path(temporary) / make.__name__
            shelf.mkdir()
            asked = list(make(chosen.data, shelf))
            index = (chosen.cache or Path(temporary)) / f"{make.__name__}-index"
            rows_found = evidence(asked, shelf, index)
            found += [(one, has) for one, has in rows_found if has is not None]
            empty = sum(has is None for _, has in rows_found)
            print(f"{make.__name__}: {len(asked)} questions, {empty} without any sentence", flush=True)
    asked = [one for one, _ in found]
    features = np.array([astuple(has) for _, has in found])
    labels = np.array([one.answerable for one in asked], dtype=int)
    weights = balance(asked)
    predicted = np.zeros(len(asked))
    for train, test in GroupKFold(5).split(features, labels, groups=[f"{one.set}/{one.group}" for one in asked]):
        predicted[test] = fit(features[train], labels[train], weights[train]).predict_proba(features[test])[:, 1]

    report: dict[str, Any] = {}
    for name in dict.fromkeys(one.set for one in asked):
        here = np.array([one.set == name for one in asked])
        yes, no = here & (labels == 1), here & (labels == 0)
        figures = {"questions": int(here.sum()), "wrongly answered": float((predicted[no] >= 0.5).mean())}
        if yes.any():
            figures["answered"] = float((predicted[yes] >= 0.5).mean())
            figures["AUROC"] = float(roc_auc_score(labels[here], predicted[here]))
        report[name] = figures
        print(
            f"{name:10s}",
            "  ".join(
                f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items()
            ),
        )
    model = fit(features, labels, weights)
    learned = {"intercept": float(model.intercept_[0])} | dict(zip(NAMES, map(float, model.coef_[0]), strict=True))
    print("weights", {key: round(value, 3) for key, value in learned.items()})
    if chosen.write:
        content = {"fitted by": "benchmarks/fit_confidence.py", "weights": {k: round(v, 4) for k, v in learned.items()}}
        WEIGHTS.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    if chosen.json:
        chosen.json.write_text(json.dumps({"sets": report, "weights": learned}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
