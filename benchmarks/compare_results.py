"""Has anything become slower? Two JSON results of the speed scripts, or two folders of them, figure by figure.

    python benchmarks/compare_results.py OLD.json NEW.json [--tolerance 0.1]

Files of folders are matched by name. A figure is worse if it has changed for the worse by more than the tolerance
(0.1 is a tenth), whichever direction that is. A warning says where the two were measured on different machines, or on
one whose pace differed: then read the ratios with that in mind. The exit status is 1 if anything is worse, else 0.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from results import Row, figure
from rich.console import Console
from rich.table import Table

PACES = 1.3  # times as slow a machine may be before a word is said of it
_STYLES = {"faster": "green", "slower": "bold red"}

Verdict = Literal["faster", "slower", "same", "changed", "in another unit"]


@dataclass(frozen=True, slots=True)
class Result:
    """A JSON result, read."""

    title: str
    machine: dict[str, Any]
    rows: dict[str, Row]


def read(file: Path) -> Result | None:
    """The result in a file; None if the file holds something else."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return Result(said["title"], said["machine"], {row["name"]: Row(**row) for row in said["rows"]})
    except (KeyError, TypeError, ValueError):
        return None


def pairs(old: Path, new: Path) -> Iterator[tuple[str, Path, Path]]:
    """The files to compare, and what each pair is called; one of the two may not be there."""
    if not old.is_dir():
        yield new.name, old, new
        return
    for name in sorted({file.name for folder in (old, new) for file in folder.glob("*.json")}):
        yield name, old / name, new / name


def verdict(old: Row, new: Row, tolerance: float) -> Verdict:
    """What has become of a figure."""
    if (old.unit, old.better) != (new.unit, new.better):
        return "in another unit"
    # Above 1 it is worse, whichever direction is better.
    worse = _ratio(old.value, new.value) if new.better == "higher" else _ratio(new.value, old.value)
    if 1 / (1 + tolerance) <= worse <= 1 + tolerance:
        return "same"
    if new.better == "neither":
        return "changed"
    return "slower" if worse > 1 else "faster"


def warnings(old: Result, new: Result) -> list[str]:
    """Why the figures may differ that is not of the code."""
    said = [
        f"{name}: {old.machine.get(name)} then, {new.machine.get(name)} now"
        for name in ("cpu", "cores", "avx512_bf16", "amx_bf16", "python", "torch", "onnxruntime")
        if old.machine.get(name) != new.machine.get(name)
    ]
    pace = _ratio(new.machine.get("pace", math.nan), old.machine.get("pace", math.nan))
    if not 1 / PACES <= pace <= PACES:
        said.append(f"plain Python takes {pace:.2f} times as long now as then")
    return said


def compare(name: str, old: Result, new: Result, tolerance: float, console: Console) -> bool:
    """Print the table of a pair; whether nothing in it is worse."""
    table = Table(title=f"{name}: {new.title}", title_justify="left", title_style="bold")
    for column in ("name", "old", "new", "ratio", "verdict"):
        table.add_column(column, justify="right" if column in {"old", "new", "ratio"} else "left")
    well = True
    for row in {**old.rows, **new.rows}:
        before, now = old.rows.get(row), new.rows.get(row)
        if before is None or now is None:
            only = f"only in the {'new' if now else 'old'} one"
            table.add_row(row, _shown(before), _shown(now), "", only, style="yellow")
            continue
        found = verdict(before, now, tolerance)
        well = well and found != "slower"
        ratio = "" if found == "in another unit" else f"{_ratio(now.value, before.value):.2f}"
        table.add_row(row, _shown(before), _shown(now), ratio, found, style=_STYLES.get(found, ""))
    console.print(table)
    for warning in warnings(old, new):
        console.print(f"Note: {warning}.", style="yellow")
    return well


def _ratio(one: float, other: float) -> float:
    if other:
        return one / other
    return 1.0 if one == other else math.inf


def _shown(row: Row | None) -> str:
    return "" if row is None else f"{figure(row.value)} {row.unit}".strip()


def main() -> None:
    """Compare; the exit status says whether anything is worse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, help="A JSON file, or a folder of them.")
    parser.add_argument("new", type=Path, help="The same, measured later.")
    parser.add_argument("--tolerance", type=float, default=0.1, help="The share by which a figure may be worse.")
    chosen = parser.parse_args()
    for path in (chosen.old, chosen.new):
        if not path.exists():
            parser.error(f"there is no {path}")
    if chosen.old.is_dir() != chosen.new.is_dir():
        parser.error("two files or two folders, not one of each")
    console, compared, well = Console(highlight=False), 0, True
    for name, old_file, new_file in pairs(chosen.old, chosen.new):
        if not old_file.exists() or not new_file.exists():
            console.print(f"{name} is only in the {'new' if new_file.exists() else 'old'} folder.", style="yellow")
            continue
        old, new = read(old_file), read(new_file)
        if old is None or new is None:
            console.print(f"{name} is not a result of the speed scripts.", style="yellow")
            continue
        compared += 1
        well = compare(name, old, new, chosen.tolerance, console) and well
    if not compared:
        parser.error("nothing to compare")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
