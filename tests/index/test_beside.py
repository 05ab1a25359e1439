"""What is begun early is made once, by whoever is free first, and what goes wrong is told to whoever asks."""

from __future__ import annotations

import threading

import pytest

from index.beside import Beside

PATIENCE = 30.0  # seconds


def test_it_is_made_while_others_work() -> None:
    made = threading.Event()
    result = Beside(1).begin(lambda: made.set() or "made")
    assert made.wait(PATIENCE)
    assert result() == "made"


def test_where_no_thread_is_free_whoever_asks_makes_it() -> None:
    beside, busy, over = Beside(1), threading.Event(), threading.Event()
    first = beside.begin(lambda: (busy.set(), over.wait(PATIENCE))[1])
    assert busy.wait(PATIENCE)
    by: list[threading.Thread] = []
    assert beside.begin(lambda: by.append(threading.current_thread()))() is None
    assert by == [threading.current_thread()]
    over.set()
    assert first()
    assert len(by) == 1  # and it is not made again by the thread that is free now
    assert beside.begin(lambda: len(by))() == 1


def test_what_goes_wrong_is_told_to_whoever_asks() -> None:
    def wrong() -> None:
        raise ValueError("wrong")

    result = Beside(1).begin(wrong)
    for _ in range(2):
        with pytest.raises(ValueError, match="wrong"):
            result()
