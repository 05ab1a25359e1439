"""A report as a picture: bars with their intervals, and the reliability diagram. Needs the extra `plot`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from rag.evaluation.measures import Bin
from rag.evaluation.reporting import Estimate, Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PLAIN = "#4878a8"
_INCHES = 4.2  # height of a row of pictures


def check_plot(file: Path) -> None:
    """Make sure a picture can be drawn and its format is known, before anything long is begun.

    Raises:
        UsageError: The extra is not installed, or the file's ending names no format.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError(
            "A plot is drawn by matplotlib, which is not installed.", "pip install 'pincite[plot]'"
        ) from error
    formats = Figure().canvas.get_supported_filetypes()
    if file.suffix[1:].lower() not in formats:
        known = ", ".join(f".{name}" for name in ("png", "svg", "pdf") if name in formats)
        raise UsageError(f"{file}: a plot needs an ending that names its format: {known}.")


def plot(reports: Sequence[Report], file: Path) -> None:
    """Draw each report in a row: its measures, and its reliability diagram."""
    figure = new_figure(len(reports), 2)
    for row, one in enumerate(reports):
        shares = {name: found for name, found in one.measures.items() if not name.startswith("seconds")}
        left, right = figure.axes[2 * row], figure.axes[2 * row + 1]
        bars(left, f"{one.name}: {len(one.outcomes)} questions", {"": shares})
        reliability_diagram(right, one.reliability)
    figure.savefig(file)


def new_figure(rows: int, columns: int) -> Figure:
    """A figure of empty pictures."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.0 * columns, _INCHES * rows), layout="constrained", dpi=120)
    figure.subplots(rows, columns, squeeze=False)
    return figure


def bars(axes: Axes, title: str, systems: Mapping[str, Mapping[str, Estimate]]) -> None:
    """The measures of one or several systems as bars, with their intervals as whiskers."""
    names = list(dict.fromkeys(name for found in systems.values() for name in found))
    height = 0.8 / len(systems)
    for nth, (system, found) in enumerate(systems.items()):
        own = [(at + nth * height, found[name]) for at, name in enumerate(names) if name in found]
        values = [one.value for _, one in own]
        # An interval of resamples need not hold the value itself; a whisker has no negative length.
        below = [max(one.value - one.low, 0.0) for _, one in own]
        above = [max(one.high - one.value, 0.0) for _, one in own]
        colour = _PLAIN if len(systems) == 1 else f"C{nth}"
        axes.barh(
            [y for y, _ in own],
            values,
            height,
            xerr=[below, above],
            label=system,
            color=colour,
            error_kw={"elinewidth": 1, "capsize": 2},
        )
    axes.set_yticks([at + height * (len(systems) - 1) / 2 for at in range(len(names))], names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_title(title)
    if len(systems) > 1:
        axes.legend(fontsize="small", ncols=len(systems), loc="upper center", bbox_to_anchor=(0.5, -0.06))


def reliability_diagram(axes: Axes, bins: Sequence[Bin]) -> None:
    """Share of right answers against confidence; on the diagonal the two are one."""
    axes.plot([0, 1], [0, 1], linestyle="--", color="grey", linewidth=1)
    axes.plot([one.confidence for one in bins], [one.right for one in bins], marker="o", color=_PLAIN)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share of answers that are right")
    answers = sum(one.answers for one in bins)
    axes.set_title(f"reliability of {answers} answers" if answers else "no answer to judge")
