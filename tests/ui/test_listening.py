"""The page's port: the one asked for, else the next free one."""

from __future__ import annotations

from contextlib import closing

import pytest

from index.errors import UsageError
from ui.serving import PORTS, listen


def test_the_next_free_port_is_used_where_one_is_taken() -> None:
    with closing(listen("127.0.0.1", 18200)) as first:
        taken = first.getsockname()[1]
        with closing(listen("127.0.0.1", taken)) as second:
            assert taken < second.getsockname()[1] <= taken + PORTS


def test_only_this_machine_is_listened_on() -> None:
    with closing(listen("127.0.0.1", 18300)) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_ports_that_are_all_taken_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.serving.PORTS", 1)
    with closing(listen("127.0.0.1", 18400)) as first, pytest.raises(UsageError, match="taken"):
        listen("127.0.0.1", first.getsockname()[1])


def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 18500)
