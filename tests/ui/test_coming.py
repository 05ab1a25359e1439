"""An answer on its way is waited for without holding up the page, and called off when nobody waits any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import pytest
from served import awaited

from rag.answers import Draft
from ui.coming import Coming
from ui.turns import Turn

LAST = Turn(1, "?", problem="none")


def drafts(*words: str) -> list[Draft]:
    return [Draft(checking=one) for one in words]


@pytest.mark.parametrize("pooled", [True, False])
def test_the_newest_is_told_and_nothing_twice(pooled: bool) -> None:
    more = threading.Event()
    one, two, three = drafts("a", "b", "c")

    def steps() -> Generator[Draft | Turn, None, None]:
        yield one
        assert more.wait(10)
        yield two
        yield three
        yield LAST

    async def story() -> list[object]:
        with ThreadPoolExecutor(1) as pool, Coming(steps(), pool if pooled else None) as coming:
            told: list[object] = [await coming.newest(10), await coming.newest(0.01)]
            more.set()
            while told[-1] is not LAST:
                told.append(await coming.newest(10))
            return told

    told = awaited(story())
    assert told[:2] == [one, None]
    assert told[-1] is LAST
    assert [step for step in told[2:-1] if step not in (two, three)] == []


def test_whoever_leaves_calls_it_off() -> None:
    closed, go = threading.Event(), threading.Event()

    def steps() -> Generator[Draft | Turn, None, None]:
        try:
            for draft in drafts(*"abc"):
                yield draft
                assert go.wait(10)
        finally:
            closed.set()

    async def story() -> None:
        with Coming(steps()) as coming:
            await coming.newest(10)
        go.set()

    awaited(story())
    assert closed.wait(10)


def test_one_who_is_called_off_while_waiting_stops_waiting_at_once() -> None:
    closed, begun, go = threading.Event(), threading.Event(), threading.Event()

    def steps() -> Generator[Draft | Turn, None, None]:
        begun.set()
        try:
            assert go.wait(10)
            yield LAST
        finally:
            closed.set()

    async def wait_for_it() -> None:
        with Coming(steps()) as coming:
            await coming.newest(60)

    async def story() -> bool:
        waiting = asyncio.create_task(wait_for_it())
        await asyncio.to_thread(begun.wait, 10)
        waiting.cancel()
        await asyncio.wait([waiting], timeout=5)
        go.set()
        return waiting.cancelled()

    assert awaited(story())
    assert closed.wait(10)


def test_that_the_server_has_ended_meanwhile_is_no_error() -> None:
    closed, go = threading.Event(), threading.Event()

    def steps() -> Generator[Draft | Turn, None, None]:
        try:
            assert go.wait(10)
            yield LAST
        finally:
            closed.set()

    async def story() -> None:
        Coming(steps())

    awaited(story())
    go.set()
    assert closed.wait(10)
