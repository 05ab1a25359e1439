"""How far a figure would move with other questions of the same kind: bootstrap intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.evaluation.measures import Table

RESAMPLES = 1000
_SEED = 20240901


def resamples(groups: Sequence[str], times: int = RESAMPLES) -> Iterator[NDArray[np.int64]]:
    """Rows drawn with replacement, `times` over: whole groups together; a row without a group ("") is its own.

    Always the same draws for the same groups.
    """
    members: dict[object, list[int]] = {}
    for at, group in enumerate(groups):
        members.setdefault(group or at, []).append(at)
    clusters = [np.asarray(rows, dtype=np.int64) for rows in members.values()]
    random = np.random.default_rng(_SEED)
    for _ in range(times):
        yield np.concatenate([clusters[at] for at in random.integers(len(clusters), size=len(clusters))])


def intervals(
    rows: Table, groups: Sequence[str], values: Sequence[Callable[[Table], float]], times: int = RESAMPLES
) -> list[tuple[float, float]]:
    """For each function of a table, the interval that holds 95% of its values over the resamples; else NaN."""
    if not len(rows):
        return [(math.nan, math.nan) for _ in values]
    drawn = np.array([[value(rows[sample]) for value in values] for sample in resamples(groups, times)])
    found = []
    for column in drawn.T:
        known = column[~np.isnan(column)]
        low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (math.nan, math.nan)
        found.append((float(low), float(high)))
    return found
