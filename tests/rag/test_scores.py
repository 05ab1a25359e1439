"""Fusing scores, and the confidence made of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rag.abstention import Evidence, confidence
from rag.fusion import Weights, fuse, min_max

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
def test_confidence_is_a_chance(cosine: float, sentence: float, passage: float) -> None:
    assert 0 <= confidence(Evidence(cosine, sentence, passage)) <= 1


def test_better_evidence_is_surer() -> None:
    assert confidence(Evidence(0.8, 0.9, 1.0)) > 0.8
    assert confidence(Evidence(0.1, 0.0, 0.1)) < 0.1
