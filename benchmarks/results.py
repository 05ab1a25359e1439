"""What a speed script says: rows of figures, the machine they were measured on, a table, and a JSON file.

A figure that is there for comparison (another tool's seconds, how long the texts were) has no better: no target is
set for it, and `compare_results.py` fails nobody over it.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import numpy as np
from rich.console import Console
from rich.table import Table

_LOOP = 5_000_000
_LOOPS = 3
_CPU = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Row:
    """A figure: what was measured, its value and unit, and which direction of change is an improvement."""

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher", "neither"]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` percent of the values lie."""
    return float(np.percentile(values, share))


def figure(value: float) -> str:
    """A value with the digits that are worth reading."""
    if value == round(value):
        return f"{value:,.0f}"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}"


def machine() -> dict[str, Any]:
    """What the figures depend on; `pace` tells two runs on the same machine apart when something else ran beside one.

    That is the seconds of a loop in plain Python, which no library and no instruction set makes faster.
    """
    cpu, flags = _processor()
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "avx512_bf16": "avx512_bf16" in flags,
        "amx_bf16": "amx_bf16" in flags,
        "python": platform.python_version(),
        "torch": _version("torch"),
        "onnxruntime": _version("onnxruntime"),
        "pace": round(statistics.median(_pace() for _ in range(_LOOPS)), 3),
    }


def report(title: str, rows: Sequence[Row], json_file: Path | None, targets: Mapping[str, float] | None = None) -> None:
    """Print the figures, beside the targets of those that have one, and write them to a file if one is named.

    Args:
        title: What was measured.
        rows: The figures.
        json_file: Written anew, with its folders.
        targets: By name of a row: the most it may be, or the least, whichever of them its `better` makes of it.
    """
    here = machine()
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in ("name", "value", "unit", *(("target", "met") if targets is not None else ())):
        table.add_column(name, justify="right" if name in {"value", "target"} else "left")
    for row in rows:
        table.add_row(row.name, figure(row.value), row.unit, *(_target(row, targets) if targets is not None else ()))
    console = Console(highlight=False)
    console.print(table)
    console.print(", ".join(f"{name} {value}" for name, value in here.items()), style="dim")
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        said = {"title": title, "machine": here, "at": now, "rows": [asdict(row) for row in rows]}
        json_file.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def _target(row: Row, targets: Mapping[str, float]) -> tuple[str, str]:
    if row.name not in targets:
        return "", ""
    bound = targets[row.name]
    if row.better == "lower":
        return f"≤ {bound:g}", "yes" if row.value <= bound else "no"
    return f"≥ {bound:g}", "yes" if row.value >= bound else "no"


def _processor() -> tuple[str, frozenset[str]]:
    """The processor's name and what it can do, as far as the system says."""
    if not _CPU.is_file():
        return platform.processor() or platform.machine(), frozenset()
    said: dict[str, str] = {}
    for line in _CPU.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        said.setdefault(name.strip(), value.strip())
    return said.get("model name", platform.machine()), frozenset(said.get("flags", "").split())


def _version(package: str) -> str:
    """The version of a package that is installed; it is not imported, for that takes seconds."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _pace() -> float:
    began = time.perf_counter()
    total = 0
    for number in range(_LOOP):
        total += number
    return time.perf_counter() - began
