"""The figures of `growth.py` as a picture: four of them against the number of sentences, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rag.evaluation.plotting import new_figure

_COLOUR = "#4878a8"


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The slope of a line through the logarithms: 1 is as the shelf grows, 0 not at all."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def draw(sizes: Sequence[float], figures: Mapping[str, Sequence[float]], file: Path) -> None:
    """Draw each of four figures in a picture of its own.

    Args:
        sizes: How many sentences.
        figures: By what is written above each, its values in the order of `sizes`.
        file: Its ending names the format.
    """
    picture = new_figure(2, 2)
    for axes, (title, values) in zip(picture.axes, figures.items(), strict=True):
        axes.plot(sizes, values, marker="o", color=_COLOUR)
        # As steep as the shelf itself, to see growth against.
        axes.plot(
            sizes,
            [values[-1] * size / sizes[-1] for size in sizes],
            linestyle="--",
            color="grey",
            linewidth=1,
            label="in proportion",
        )
        axes.set(xscale="log", yscale="log", xlabel="sentences", title=title)
        axes.set_ylim(min(values) / 2, max(values) * 2)
        axes.grid(True, alpha=0.3)
        axes.legend(fontsize="small")
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.savefig(file)
