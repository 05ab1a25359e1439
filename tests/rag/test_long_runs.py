"""A question of one sign over and over is understood as soon as any other."""

from __future__ import annotations

import time

import pytest

from rag.understanding.instructions import is_instruction
from rag.understanding.kinds import defined_thing, kind_of


@pytest.mark.parametrize("signs", ["9", "?", ". ", "(", "() ", "one ", " ", "\n", '"', "Aa "])
@pytest.mark.parametrize("before", ["in ", "using ", "what is ", "answer in ", "kidney "])
@pytest.mark.parametrize("after", ["", "x", "!x"])
def test_it_is_understood_at_once(before: str, signs: str, after: str) -> None:
    question = f"{before}{(signs * 2000)[:1900]}{after}"
    began = time.thread_time()
    is_instruction(question)
    kind_of(question)
    defined_thing(question)
    assert time.thread_time() - began < 1.0
