"""A model is asked within a time limit, called off at once, and asked again where it is only busy."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from chat_models import ProviderError, scripted
from langchain_core.messages import HumanMessage

from rag.generating.calling import Caller, LlmFailedError, Usage

ASKED = [HumanMessage("Say something.")]


def test_words_come_as_they_are_said_and_tokens_are_counted() -> None:
    usage = Usage()
    words = list(Caller(scripted("CAR T cells are engineered."), "a:b", 0).stream(ASKED, 5, usage))
    assert "".join(words) == "CAR T cells are engineered."
    assert len(words) > 1
    assert (usage.read, usage.written) == (100, 5)


def test_one_that_hangs_is_waited_for_no_longer_than_said() -> None:
    hanging = threading.Event()
    caller = Caller(scripted("Never said.", pause=lambda: void(hanging.wait(30))), "a:b", 0)
    started = time.monotonic()
    with pytest.raises(LlmFailedError, match=r"a:b was not done after 0\.3 seconds"):
        list(caller.stream(ASKED, 0.3, Usage()))
    assert time.monotonic() - started < 5
    hanging.set()


def test_closing_the_words_calls_the_model_off() -> None:
    said, may_go_on = [], threading.Semaphore(3)

    def pause() -> None:
        said.append(1)
        may_go_on.acquire(timeout=30)

    words = Caller(scripted("x" * 700, pause=pause), "a:b", 0).stream(ASKED, 30, Usage())
    next(words)
    words.close()
    may_go_on.release(200)
    reader = [thread for thread in threading.enumerate() if thread.name == "llm"]
    for thread in reader:
        thread.join(10)
    assert len(said) < 100  # of the hundred pieces that it would have said


def test_a_busy_provider_is_asked_again_and_another_failure_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)
    busy = scripted(ProviderError(429), ProviderError(503), "There it is.")
    assert all_of(Caller(busy, "a:b", 2), 30) == "There it is."
    refused = scripted(ProviderError(401), "There it is.")
    with pytest.raises(LlmFailedError, match="refused the key"):
        all_of(Caller(refused, "a:b", 2), 30)
    assert len(refused.asked) == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ProviderError(401), "refused the key it was given (401)"),
        (ProviderError(404), "is not known to its provider (404): ollama pull llama"),
        (ProviderError(429), "is busy, or what you may use of it is used up (429)"),
        (ProviderError(500), "had a failure of its own (500)"),
        (ProviderError(418), "refused the request (418)"),
        (ConnectionRefusedError("api_key=sk-secret"), "cannot be reached: ollama serve"),
        (TimeoutError("api_key=sk-secret"), "did not answer in time"),
        (RuntimeError("api_key=sk-secret"), "failed (RuntimeError)"),
    ],
)
def test_a_failure_is_told_in_words_and_without_those_of_the_provider(error: Exception, said: str) -> None:
    with pytest.raises(LlmFailedError) as told:
        all_of(Caller(scripted(error), "ollama:llama", 0), 5)
    assert said in str(told.value)
    assert "sk-secret" not in str(told.value)


def all_of(caller: Caller, seconds: float) -> str:
    return "".join(caller.stream(ASKED, seconds, Usage()))


def void(_: object) -> None:
    """Makes a pause of a wait."""


_ASKING = """
import sys, warnings
from langchain_core.messages import HumanMessage
from langsmith.run_trees import get_cached_client
from chat_models import scripted
from rag.generating.calling import Caller, Usage
asked, model = [HumanMessage("Say something.")], scripted("CAR T cells are engineered.")
if sys.argv[1] == "by Pincite":
    assert "".join(Caller(model, "a:b", 0).stream(asked, 5, Usage()))
else:
    assert model.invoke(asked).text
get_cached_client().flush()
"""


@pytest.mark.parametrize("who", ["by Pincite", "by LangChain"])
def test_what_is_asked_is_told_to_nobody_else_whatever_the_environment_says(who: str) -> None:
    told: list[str] = []

    class LangSmith(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # whether it is there
            self.send_response(404)
            self.end_headers()

        def do_POST(self) -> None:
            told.append(self.path)
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), LangSmith) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        tests = Path(__file__).parents[2]
        path = os.pathsep.join(map(str, (tests.parent, tests, Path(__file__).parent)))
        tracing = {"LANGSMITH_TRACING": "true", "LANGSMITH_API_KEY": "x", "PYTHONPATH": path}
        tracing |= {"LANGSMITH_ENDPOINT": f"http://127.0.0.1:{server.server_address[1]}"}
        try:
            subprocess.run([sys.executable, "-c", _ASKING, who], env=os.environ | tracing, check=True, timeout=120)
        finally:
            server.shutdown()
            thread.join()
    assert bool(told) is (who == "by LangChain")
