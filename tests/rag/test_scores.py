"""Fusing scores, ranking by learned weights, and the confidence made of it all."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rag.abstaining.abstention import Evidence, confidence
from rag.searching.features import NAMES
from rag.searching.fusion import Weights, fuse, min_max
from rag.searching.ranking import final_scores, first_scores, nearness, worth_reading

scores = arrays(np.float32, st.tuples(st.integers(1, 20), st.just(3)), elements=st.floats(-100, 100, width=32))
share = st.floats(0, 1)


@given(scores)
def test_fused_scores_lie_between_0_and_1(features: np.ndarray) -> None:
    fused = fuse(features, Weights())
    assert fused.shape == (len(features),)
    assert (fused >= -1e-6).all()
    assert (fused <= 1 + 1e-6).all()


@given(scores)
def test_a_candidate_best_in_everything_comes_first(features: np.ndarray) -> None:
    best = np.vstack([features, features.max(axis=0) + 1])
    assert fuse(best, Weights()).argmax() == len(features)


def test_equal_scores_say_nothing() -> None:
    assert (min_max(np.full((4, 3), 7.0, dtype=np.float32)) == 0).all()


@given(share, share, share)
def test_confidence_is_a_chance(cosine: float, sentence: float, nearest: float) -> None:
    assert 0 <= confidence([Evidence(cosine, sentence, nearest)]) <= 1


def test_better_evidence_is_surer() -> None:
    assert confidence([Evidence(0.95, 1.0, 1.0)]) > 0.8
    assert confidence([Evidence(0.8, 0.9, 1.0)]) > 0.7
    assert confidence([Evidence(0.1, 0.0, 0.1)]) < 0.1


def test_an_answer_is_as_sure_as_its_surest_sentence() -> None:
    weak, strong = Evidence(0.2, 0.1, 0.5), Evidence(0.8, 0.9, 1.0)
    assert confidence([weak, strong]) == confidence([strong]) > confidence([weak])
    assert confidence([]) == 0


@given(arrays(np.float32, st.integers(0, 40), elements=st.floats(-20, 20, width=32)))
def test_the_best_is_read_and_those_not_far_behind_it_the_best_first(first: np.ndarray) -> None:
    read = worth_reading(first).tolist()
    near = [at for at in range(len(first)) if first[at] >= first.max() - 3]
    assert set(read) <= set(near)
    assert len(read) == min(8, len(near))
    assert [first[at] for at in read] == sorted((first[at] for at in near), reverse=True)[:8]


features = arrays(np.float32, st.tuples(st.integers(2, 20), st.just(len(NAMES))), elements=st.floats(0, 1, width=32))


@given(features, st.data())
def test_sentences_that_were_read_go_before_all_others(found: np.ndarray, data: st.DataObject) -> None:
    first = first_scores(found)
    read = data.draw(st.lists(st.integers(0, len(found) - 1), min_size=1, max_size=len(found), unique=True))
    chances = data.draw(arrays(np.float32, len(read), elements=st.floats(0, 1, width=32)))
    final = final_scores(found, first, read, chances)
    others = [at for at in range(len(found)) if at not in read]
    assert all(final[at] <= final[read].min() + 1e-3 for at in others)
    for one in others:  # and these stay in the order they had
        assert all(final[one] > final[other] for other in others if first[one] > first[other] + 1e-3)


@given(features)
def test_a_better_feature_never_lowers_a_score(found: np.ndarray) -> None:
    higher = found.copy()
    higher[0] += 0.5
    assert first_scores(higher)[0] >= first_scores(found)[0]


@given(arrays(np.float32, st.integers(1, 20), elements=st.floats(-50, 50, width=32)))
def test_the_best_is_nearest_to_itself(scores: np.ndarray) -> None:
    near = nearness(scores)
    assert near.max() == 1
    assert ((near >= 0) & (near <= 1)).all()
    assert near[scores.argmax()] == 1
