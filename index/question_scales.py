"""How both factors of a product are scaled before they are rounded to 8 bits.

The quickest product in 8 bits has one scale for all numbers that come to it, and one for each column of its weights.
But a few channels of a language model carry numbers twenty times as large as the others do, and would leave little of
those. So what comes is divided by a factor for each channel, and the weights are multiplied by it (SmoothQuant, Xiao
et al. 2023). Where that is not enough, each `ROW` numbers in a row have a scale of their own; that takes twice as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

ROW = 64
"""Numbers in a row that have one scale, where few scales are too rough."""

LARGEST = 127
"""Of 8 bits with a sign."""

_STEPS = 255  # of 8 bits without
_STRENGTH = 0.6  # how much of what channels differ by is left to the weights
_LEAST = 1e-5  # a channel counts as so large at least


class Spread(NamedTuple):
    """How to scale the factors of a product with few scales.

    Args:
        factors: What the channels that come to it are divided by, and the rows of its weights multiplied by, shape
            (inner,).
        rougher: How many times as much is lost as with a scale for each row.
    """

    factors: Matrix
    rougher: float


def spread(given: Sequence[Matrix], weight: Matrix) -> Spread:
    """The factors with which least is lost.

    Args:
        given: What came to a product with some texts, each of shape (tokens, inner).
        weight: Of shape (inner, outer).
    """
    exact = [one @ weight for one in given]
    by_rows = _lost(exact, [rounded_by_rows(one) @ rounded_by_rows(weight.T).T for one in given])
    found = [np.ones(len(weight), dtype=np.float32), _factors(given, weight)]
    lost = [
        _lost(exact, [_rounded(one / factors) @ _rounded_by_columns(weight * factors[:, None]) for one in given])
        for factors in found
    ]
    best = int(np.argmin(lost))
    return Spread(found[best], lost[best] / max(by_rows, _LEAST))


def scales_of(numbers: Matrix, axis: int) -> Matrix:
    """The step between two numbers of 8 bits with a sign that reach to the largest of each line along an axis."""
    largest = np.abs(numbers).max(axis=axis, initial=0.0)
    return np.asarray(np.where(largest > 0, largest, 1.0) / LARGEST, dtype=np.float32)


def in_rows(numbers: Matrix) -> Matrix:
    """A matrix with each line cut into rows, shape (lines, rows, ROW); what is lacking of the last is 0."""
    lines, length = numbers.shape
    every = np.zeros((lines, -(-length // ROW) * ROW), dtype=np.float32)
    every[:, :length] = numbers
    return every.reshape(lines, -1, ROW)


def rounded_by_rows(numbers: Matrix) -> Matrix:
    """What is left of a matrix with a scale for each row of a line."""
    rows = in_rows(numbers)
    scales = scales_of(rows, 2)[:, :, None]
    return np.asarray((np.rint(rows / scales) * scales).reshape(len(numbers), -1)[:, : numbers.shape[1]])


def _rounded_by_columns(weight: Matrix) -> Matrix:
    scales = scales_of(weight, 0)
    return np.asarray(np.rint(weight / scales) * scales)


def _rounded(numbers: Matrix) -> Matrix:
    """What is left of a matrix with one scale for all, whose steps reach from the lowest number to the highest."""
    lowest, highest = min(float(numbers.min()), 0.0), max(float(numbers.max()), 0.0)
    scale = (highest - lowest) / _STEPS or 1.0
    zero = np.rint(-lowest / scale)
    return np.asarray((np.clip(np.rint(numbers / scale) + zero, 0, _STEPS) - zero) * scale, dtype=np.float32)


def _factors(given: Sequence[Matrix], weight: Matrix) -> Matrix:
    reach = np.maximum(np.max([np.abs(one).max(axis=0) for one in given], axis=0), _LEAST)
    heaviest = np.maximum(np.abs(weight).max(axis=1), _LEAST)
    factors = reach**_STRENGTH / heaviest ** (1 - _STRENGTH)
    return np.asarray(factors / np.exp(np.log(factors).mean()), dtype=np.float32)


def _lost(exact: Sequence[Matrix], made: Sequence[Matrix]) -> float:
    """How far what is made of a token is from the exact, as a share of its length: the mean over tokens and texts."""
    shares = [
        np.linalg.norm(one - other, axis=1) / np.maximum(np.linalg.norm(one, axis=1), _LEAST)
        for one, other in zip(exact, made, strict=True)
    ]
    return float(np.mean([one.mean() for one in shares]))
