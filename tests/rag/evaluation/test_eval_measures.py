"""The measures, against values worked out by hand and against scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, ndcg_score, precision_score, recall_score, roc_auc_score

from rag.answers import Answer, Fingerprint
from rag.evaluation.bootstrap import intervals, resamples
from rag.evaluation.measures import auroc, calibration_error, measures, ndcg, reliability, table
from rag.evaluation.places import Place
from rag.evaluation.questions import Asked
from rag.evaluation.reporting import report
from rag.evaluation.running import Given, Outcome

FINGERPRINT = Fingerprint(index_generation=1, corpus_hash="", model="", model_hash="", settings_hash="", version="0")


def answer(confidence: float, abstained: bool) -> Answer:
    return Answer(
        question="?",
        standalone_question="?",
        text="",
        abstained=abstained,
        reason="",
        confidence=confidence,
        sentences=(),
        citations=(),
        nearest=(),
        fingerprint=FINGERPRINT,
        seconds={},
    )


def ranked(passages: tuple[int, ...] | None, sentences: tuple[int, ...] | None = None, documents: int = 1) -> Outcome:
    gold = tuple(Place(f"d{at}") for at in range(documents))
    return Outcome(Asked("q", "?", True, gold), passages, sentences)


def given_answer(
    answerable: bool, confidence: float, right: bool | None, seconds: float = 1.0, group: str = ""
) -> Outcome:
    given_ = Given(answer(confidence, right is None), right, right, seconds)
    return Outcome(Asked("q", "?", answerable, group=group), None, None, given_)


def values(outcomes: list[Outcome], k: int = 10) -> dict[str, float]:
    return {name: one.value for name, one in report("set", outcomes, k).measures.items()}


def test_ranking_by_hand() -> None:
    found = values([ranked((1,), (2,)), ranked((4,), ()), ranked((), (4,)), ranked((2,)), ranked(None)])
    assert found == pytest.approx(
        {
            "hit@1": 1 / 4,
            "hit@3": 2 / 4,
            "hit@5": 3 / 4,
            "hit@10": 3 / 4,
            "MRR@10": (1 + 1 / 4 + 0 + 1 / 2) / 4,
            "nDCG@10": (1 + 1 / math.log2(5) + 0 + 1 / math.log2(3)) / 4,
            "sentence hit@1": 0,
            "sentence hit@3": 1 / 3,
        }
    )


def test_fewer_passages_have_fewer_depths() -> None:
    assert [one.name for one in measures(4)][:5] == ["hit@1", "hit@3", "hit@4", "MRR@4", "nDCG@4"]
    assert values([ranked((4,))], 4)["MRR@4"] == 1 / 4


@given(st.sets(st.integers(1, 12), max_size=5), st.integers(0, 12))
def test_ndcg_is_that_of_scikit_learn(ranks: set[int], missed: int) -> None:
    # Twelve passages are found, each of a document of its own; what was missed comes after them all.
    relevant = [float(rank in ranks) for rank in range(1, 13)] + [1.0] * missed
    scores = [-float(rank) for rank in range(len(relevant))]
    found = ndcg(tuple(ranks), len(ranks) + missed, 10)
    if any(relevant):
        assert found == pytest.approx(ndcg_score([relevant], [scores], k=10))
    else:
        assert math.isnan(found)


ANSWERS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 20).map(lambda n: n / 20), st.sampled_from([None, True, False])), min_size=1
)


@given(ANSWERS)
def test_abstention_and_confidence_are_those_of_scikit_learn(rows: list[tuple[bool, float, bool | None]]) -> None:
    outcomes = [given_answer(*row) for row in rows]
    scored = table(outcomes, 10)
    found = {one.name: one.value(scored) for one in measures(10)}
    unanswerable = [not answerable for answerable, _, _ in rows]
    abstained = [right is None for _, _, right in rows]
    if any(unanswerable):
        assert found["abstention recall"] == pytest.approx(recall_score(unanswerable, abstained))
        assert found["false answers"] == pytest.approx(1 - recall_score(unanswerable, abstained))
        if any(abstained):
            assert found["abstention precision"] == pytest.approx(precision_score(unanswerable, abstained))
    if len(set(unanswerable)) == 2:
        expected = roc_auc_score([row[0] for row in rows], [row[1] for row in rows])
        assert found["AUROC"] == pytest.approx(expected)
    judged = [(right, confidence) for _, confidence, right in rows if right is not None]
    if judged:
        expected = brier_score_loss([one[0] for one in judged], [one[1] for one in judged], labels=[False, True])
        assert found["Brier score"] == pytest.approx(expected)
        assert 0 <= found["calibration error"] <= 1
        bins = reliability(scored)
        assert sum(one.answers for one in bins) == len(judged)
        assert max(one.answers for one in bins) - min(one.answers for one in bins) <= 1


def test_calibration_by_hand() -> None:
    # Ten bins of two: in each the confidence is .6 on average and one of the two is right.
    pairs = [given_answer(True, 0.6, right) for _ in range(10) for right in (True, False)]
    assert calibration_error(table(pairs, 10)) == pytest.approx(0.1)
    sure = [given_answer(True, 1.0, True)] * 7
    assert calibration_error(table(sure, 10)) == 0
    assert len(reliability(table(sure, 10))) == 7
    assert math.isnan(calibration_error(table([given_answer(True, 0.1, None)], 10)))


def test_seconds_are_percentiles() -> None:
    outcomes = [given_answer(True, 0.9, True, seconds=float(at)) for at in range(101)]
    found = values(outcomes)
    assert (found["seconds p50"], found["seconds p95"]) == (50, 95)


def test_what_nothing_is_known_of_is_left_out() -> None:
    found = values([given_answer(True, 0.9, True)])
    assert "AUROC" not in found
    assert "hit@1" not in found
    assert "abstention precision" not in found
    assert found["answered"] == 1
    assert values([]) == {}


def test_auroc_counts_pairs_in_the_right_order() -> None:
    rows = [(True, 0.9), (True, 0.4), (False, 0.5), (False, 0.1)]
    assert auroc(table([given_answer(yes, sure, None) for yes, sure in rows], 10)) == 3 / 4


def test_an_interval_is_about_as_wide_as_theory_has_it() -> None:
    outcomes = [ranked((1,) if at % 2 else ()) for at in range(400)]
    one = report("set", outcomes, 10).measures["hit@1"]
    assert one.value == 0.5
    assert one.high - one.low == pytest.approx(2 * 1.96 * math.sqrt(0.25 / 400), rel=0.15)
    assert one == report("set", outcomes, 10).measures["hit@1"]


def test_questions_of_a_group_are_drawn_together() -> None:
    groups = ["a", "a", "b", "", ""]
    for sample in resamples(groups, 50):
        drawn = np.bincount(sample, minlength=5)
        assert drawn[0] == drawn[1]
        assert drawn[[0, 2, 3, 4]].sum() == 4  # as many groups as there are; one without a name is its own


def test_grouped_questions_make_wider_intervals() -> None:
    def spread(groups: list[str]) -> float:
        outcomes = [given_answer(True, 0.5, at % 20 < 10, group=group) for at, group in enumerate(groups)]
        one = report("set", outcomes, 10).measures["right"]
        return one.high - one.low

    assert spread([str(at % 20) for at in range(200)]) > 1.5 * spread([""] * 200)


@given(st.lists(st.sampled_from(["", "a", "b"]), min_size=1, max_size=8), st.data())
def test_intervals_lie_within_what_was_seen(groups: list[str], data: Any) -> None:
    seen = data.draw(st.lists(st.floats(0, 1), min_size=len(groups), max_size=len(groups)))
    rows = table([given_answer(True, one, True) for one in seen], 10)
    ((low, high),) = intervals(rows, groups, [lambda rows: float(rows["confidence"].mean())], times=20)
    assert min(seen) - 1e-9 <= low <= high <= max(seen) + 1e-9
