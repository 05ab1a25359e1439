"""What is to be done if something is not finished in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from index.deadlines import Deadlines


@pytest.fixture
def deadlines() -> Iterator[Deadlines]:
    made = Deadlines()
    yield made
    made.close()


def test_what_is_late_is_told_in_the_order_of_the_deadlines(deadlines: Deadlines) -> None:
    told: list[str] = []
    done = threading.Event()
    deadlines.set("c", 0.3, done.set)
    deadlines.set("b", 0.2, lambda: told.append("b"))
    deadlines.set("a", 0.1, lambda: told.append("a"))
    assert done.wait(10)
    assert told == ["a", "b"]


def test_what_is_finished_or_put_off_is_not_late(deadlines: Deadlines) -> None:
    told: list[str] = []
    for at in range(20):
        deadlines.set(at, 0.2, lambda: told.append("finished"))
    for _ in range(6):
        deadlines.set("put off", 0.2, lambda: told.append("put off"))
        time.sleep(0.05)
        for at in range(20):
            deadlines.clear(at)
    assert told == []
    deadlines.clear("put off")
    deadlines.clear("unknown")
    time.sleep(0.3)
    assert told == []


def test_once_closed_nothing_is_told_and_no_thread_is_left() -> None:
    before = threading.active_count()
    made, told = Deadlines(), []
    made.set("a", 0.1, lambda: told.append("a"))
    made.close()
    assert threading.active_count() == before
    time.sleep(0.2)
    assert told == []
