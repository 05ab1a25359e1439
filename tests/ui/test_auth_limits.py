"""How long a session lasts, and how long one waits after failures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui import sessions
from ui.sessions import LASTS, Attempts, Sessions


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_session_ends_when_its_time_is_up_or_it_is_ended() -> None:
    clock = Clock()
    kept = Sessions(now=clock)
    token, other = kept.begin("ada", "hash"), kept.begin("ada", "hash")
    assert kept.name(token, lambda _: "hash") == "ada"
    kept.end(token)
    assert kept.name(token, lambda _: "hash") == ""
    clock.at += LASTS - 1
    assert kept.name(other, lambda _: "hash") == "ada"
    clock.at += 2
    assert kept.name(other, lambda _: "hash") == ""


def test_a_session_ends_with_the_password_it_was_begun_with() -> None:
    kept = Sessions()
    for now in ("another hash", ""):
        token = kept.begin("ada", "hash")
        assert kept.name(token, lambda _, now=now: now) == ""
        assert kept.name(token, lambda _: "hash") == ""


@given(st.text())
def test_no_token_but_one_given_is_a_session(token: str) -> None:
    kept = Sessions()
    kept.begin("ada", "hash")
    assert kept.name(token, lambda _: "hash") == ""


def test_a_name_that_nobody_has_begins_no_session() -> None:
    kept = Sessions()
    assert kept.name(kept.begin("ada", ""), lambda _: "") == ""


def test_the_wait_doubles_and_ends() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    waits = []
    for _ in range(12):
        attempts.failed("ada", "10.0.0.1")
        waits.append(attempts.wait("ada", "10.0.0.1"))
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    clock.at += 60
    assert attempts.wait("ada", "10.0.0.1") == 0
    clock.at += 3601
    attempts.failed("ada", "10.0.0.1")
    assert attempts.wait("ada", "10.0.0.1") == 0


def test_failures_count_by_name_and_by_address() -> None:
    attempts = Attempts(Clock())
    for at in range(9):
        attempts.failed("ada", f"10.0.0.{at}")
        attempts.failed(f"name {at}", "10.9.9.9")
    assert attempts.wait("ada", "10.1.1.1") > 0
    assert attempts.wait("another", "10.9.9.9") > 0
    assert attempts.wait("another", "10.1.1.1") == 0


def test_nobody_can_be_shut_out_by_a_stranger_where_they_signed_in_before() -> None:
    attempts = Attempts(Clock())
    attempts.succeeded("ada", "10.0.0.1")
    for _ in range(9):
        attempts.failed("ada", "10.6.6.6")
    assert attempts.wait("ada", "10.0.0.1") == 0
    assert attempts.wait("ada", "10.0.0.2") > 0


def test_nobody_is_shut_out_by_who_shares_their_proxy_and_guessing_there_is_slowed_down_all_the_same() -> None:
    attempts = Attempts(Clock())
    attempts.succeeded("ada", "10.0.0.1")
    for at in range(9):
        attempts.failed(f"name {at}", "10.0.0.1")
    assert attempts.wait("bob", "10.0.0.1") > 0
    assert attempts.wait("ada", "10.0.0.1") == 0
    for _ in range(9):
        attempts.failed("ada", "10.0.0.1")
    assert attempts.wait("ada", "10.0.0.1") > 0
    attempts.succeeded("ada", "10.0.0.1")
    attempts.failed("ada", "10.0.0.1")
    assert attempts.wait("ada", "10.0.0.1") == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.booleans(), st.floats(0, 100))))
def test_a_wait_is_never_longer_than_a_minute(tries: list[tuple[str, str, bool, float]]) -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for name, address, right, later in tries:
        clock.at += later
        (attempts.succeeded if right else attempts.failed)(name, address)
        assert 0 <= attempts.wait(name, address) <= 60


def test_memory_is_bounded(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(sessions, "_MOST", 10)
    attempts, kept = Attempts(), Sessions()
    tokens = []
    for at in range(50):
        attempts.failed(f"name {at}", f"address {at}")
        attempts.succeeded(f"name {at}", f"address {at}")
        tokens.append(kept.begin("ada", "hash"))
    assert max(len(attempts._failures), len(attempts._familiar), len(kept._sessions)) == 10
    assert [kept.name(token, lambda _: "hash") for token in (tokens[0], tokens[-1])] == ["", "ada"]
