"""Harm done on purpose: how often, short in `make test` and long in `make torture`, and what was lost."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Often = Callable[[int, int], int]
Fuzzing = Callable[[float], Iterator[None]]
Tally = Callable[[str, int, int], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make torture` adds."""
    parser.addoption("--torture", action="store_true", help="the long form of the tests in tests/torture")
    parser.addoption("--fuzz", type=float, default=600.0, help="seconds for each fuzzing test of the long form")
    parser.addoption("--tally", help="write what they injected and what was lost to this file, as JSON")


@pytest.fixture
def often(request: pytest.FixtureRequest) -> Often:
    """How often harm is done: the first number in the short form, the second in the long one."""
    long = bool(request.config.getoption("--torture"))
    return lambda short, many: many if long else short


@pytest.fixture
def fuzzing(request: pytest.FixtureRequest) -> Fuzzing:
    """Again and again for so many seconds in the short form, or for those of `--fuzz` in the long one."""

    def again(short: float) -> Iterator[None]:
        long = bool(request.config.getoption("--torture"))
        end = time.monotonic() + (float(request.config.getoption("--fuzz")) if long else short)
        while time.monotonic() < end:
            yield

    return again


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Note what was injected, how often, and how much was lost; told at the end of the run."""

    def note(what: str, injected: int, lost: int) -> None:
        request.node.user_properties.append(("tally", [what, injected, lost]))

    return note


@pytest.fixture
def beside_tally(request: pytest.FixtureRequest) -> Path | None:
    """The folder for what the long form leaves to be looked at, which is that of `--tally`; None in the short form."""
    config = request.config
    if not config.getoption("--torture"):
        return None
    return (config.invocation_params.dir / (config.getoption("--tally") or "tally")).parent


def tallied(reports: list[pytest.TestReport]) -> list[list[object]]:
    """The rows that the tests of a run noted."""
    return sorted(list(value) for report in reports for name, value in report.user_properties if name == "tally")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table, and write it where `--tally` says."""
    rows = tallied(terminalreporter.getreports("passed"))
    if not rows:
        return
    terminalreporter.section("what was injected, how often, what was lost")
    for what, injected, lost in rows:
        terminalreporter.write_line(f"{injected:>8,}  lost {lost:,}  {what}")
    if file := config.getoption("--tally"):
        Path(file).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
