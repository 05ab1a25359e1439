"""What is measured: functions of a table with a row for each question. docs/evaluation.md defines them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rag.evaluation.running import Outcome

Table = NDArray[np.void]
"""A row for each question; NaN where a column does not apply to it."""

DEPTHS = (1, 3, 5, 10)
SENTENCE_DEPTHS = (1, 3)
BINS = 10

_COLUMNS = (
    ("rank", "f8"),  # of the first right passage; infinite if there is none
    ("ndcg", "f8"),
    ("sentence", "f8"),  # rank of the first right sentence
    ("answerable", "f8"),
    ("abstained", "f8"),
    ("confidence", "f8"),
    ("right", "f8"),  # of answers that can be judged
    ("right_any", "f8"),
    ("seconds", "f8"),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its name, its value for a table (NaN where it has none), and how many rows it is taken over."""

    name: str
    value: Callable[[Table], float]
    of: Callable[[Table], int]


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: how many, how sure on average, and the share that was right."""

    answers: int
    confidence: float
    right: float


def table(outcomes: Sequence[Outcome], k: int) -> Table:
    """The table of what came of the questions, of whose passages the first `k` were looked at."""
    rows = np.full(len(outcomes), np.nan, dtype=list(_COLUMNS))
    for at, one in enumerate(outcomes):
        row = rows[at]
        row["answerable"] = one.asked.answerable
        if one.passages is not None:
            row["rank"] = min(one.passages, default=math.inf)
            row["ndcg"] = ndcg(one.passages, len({place.document for place in one.asked.gold}), k)
        if one.sentences is not None:
            row["sentence"] = min(one.sentences, default=math.inf)
        if one.given is not None:
            row["abstained"] = one.given.answer.abstained
            row["confidence"] = one.given.answer.confidence
            row["seconds"] = one.given.seconds
            if one.given.right is not None:
                row["right"], row["right_any"] = one.given.right, one.given.right_any
    return rows


def ndcg(ranks: Sequence[int], gold: int, k: int) -> float:
    """nDCG at `k` of right documents at some ranks, out of `gold` that there are."""
    ideal = sum(1 / math.log2(1 + rank) for rank in range(1, min(gold, k) + 1))
    return sum(1 / math.log2(1 + rank) for rank in ranks if rank <= k) / ideal if ideal else math.nan


def measures(k: int) -> list[Measure]:
    """All measures, where `k` passages were looked at."""
    depths = [depth for depth in DEPTHS if depth < k] + [k]
    return [
        *(Measure(f"hit@{depth}", partial(_hit, column="rank", depth=depth), _known("rank")) for depth in depths),
        Measure(f"MRR@{k}", partial(_reciprocal, k=k), _known("rank")),
        Measure(f"nDCG@{k}", lambda rows: _mean(rows["ndcg"]), _known("ndcg")),
        *(
            Measure(f"sentence hit@{depth}", partial(_hit, column="sentence", depth=depth), _known("sentence"))
            for depth in SENTENCE_DEPTHS
        ),
        Measure("answered", lambda rows: 1 - _mean(_asked(rows, True)["abstained"]), _count(True)),
        Measure("false answers", lambda rows: 1 - _mean(_asked(rows, False)["abstained"]), _count(False)),
        Measure("abstention precision", _precision, lambda rows: int((_asked(rows, None)["abstained"] == 1).sum())),
        Measure("abstention recall", lambda rows: _mean(_asked(rows, False)["abstained"]), _count(False)),
        Measure("AUROC", auroc, _known("confidence")),
        Measure("right", lambda rows: _mean(rows["right"]), _known("right")),
        Measure("right, any citation", lambda rows: _mean(rows["right_any"]), _known("right")),
        Measure("calibration error", partial(calibration_error, column="right"), _known("right")),
        Measure("calibration error, any", partial(calibration_error, column="right_any"), _known("right")),
        Measure("Brier score", partial(_brier, column="right"), _known("right")),
        Measure("Brier score, any", partial(_brier, column="right_any"), _known("right")),
        Measure("seconds p50", partial(_percentile, at=50), _known("seconds")),
        Measure("seconds p95", partial(_percentile, at=95), _known("seconds")),
    ]


def auroc(rows: Table) -> float:
    """How often an answerable question is given a higher confidence than one that is not; NaN without both."""
    from sklearn.metrics import roc_auc_score

    rows = _asked(rows, None)
    if len(np.unique(rows["answerable"])) < 2:
        return math.nan
    return float(roc_auc_score(rows["answerable"], rows["confidence"]))


def reliability(rows: Table, column: str = "right") -> list[Bin]:
    """The answers given, by confidence, in ten bins of equal numbers; fewer where answers are fewer."""
    judged = rows[~np.isnan(rows[column])]
    judged = judged[np.argsort(judged["confidence"], kind="stable")]
    parts = np.array_split(judged, min(BINS, len(judged))) if len(judged) else []
    return [Bin(len(part), float(part["confidence"].mean()), float(part[column].mean())) for part in parts]


def calibration_error(rows: Table, column: str = "right") -> float:
    """How far confidence and share of right answers are apart on average over the bins; NaN without answers."""
    bins = reliability(rows, column)
    answers = sum(one.answers for one in bins)
    return sum(one.answers * abs(one.confidence - one.right) for one in bins) / answers if bins else math.nan


def _brier(rows: Table, column: str) -> float:
    return _mean((rows["confidence"] - rows[column]) ** 2)


def _hit(rows: Table, column: str, depth: int) -> float:
    ranks = rows[column][~np.isnan(rows[column])]
    return _mean((ranks <= depth).astype(float))


def _reciprocal(rows: Table, k: int) -> float:
    ranks = rows["rank"][~np.isnan(rows["rank"])]
    return _mean(np.where(ranks <= k, 1 / ranks, 0.0))


def _precision(rows: Table) -> float:
    rows = _asked(rows, None)
    if not (rows["answerable"] == 0).any():
        return math.nan  # there is nothing to be right about
    return 1 - _mean(rows["answerable"][rows["abstained"] == 1])


def _percentile(rows: Table, at: float) -> float:
    seconds = rows["seconds"][~np.isnan(rows["seconds"])]
    return float(np.percentile(seconds, at)) if len(seconds) else math.nan


def _asked(rows: Table, answerable: bool | None) -> Table:
    asked = ~np.isnan(rows["abstained"])
    if answerable is not None:
        asked &= rows["answerable"] == answerable
    found: Table = rows[asked]
    return found


def _mean(values: NDArray[np.float64]) -> float:
    values = values[~np.isnan(values)]
    return float(values.mean()) if len(values) else math.nan


def _known(column: str) -> Callable[[Table], int]:
    return lambda rows: int((~np.isnan(rows[column])).sum())


def _count(answerable: bool) -> Callable[[Table], int]:
    return lambda rows: len(_asked(rows, answerable))
