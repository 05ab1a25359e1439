"""A language model that writes what a test tells it to, and waits where the test says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field
from tiny_embedder import TinyEmbedder

from rag import Assistant
from rag.settings import load_settings

NAME = "scripted"
QUESTION = "Was lupus nephritis in remission?"
KIDNEY = (
    "# Lupus nephritis\n\nLupus nephritis was in remission after the infusion. "
    "Relapses of lupus nephritis were seen in two of the patients.\n"
)
FIRST = "Lupus nephritis was in remission after the infusion."
SECOND = "Relapses of lupus nephritis were seen in two of the patients."
WRONG = "Relapses of lupus nephritis were seen in ninety of the patients."
WHY = "a number, or what it counts, is not in the quote"

Step = str | threading.Event | Exception


class ScriptedModel(BaseChatModel):
    """Writes the steps of its script: words, after an event once it is set, or fails.

    A question to be rewritten it leaves as the rules have it. `begun` is set when it is asked to
    write, `closed` when it is called off.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    model_name: str = NAME
    steps: list[Any] = Field(default_factory=list)
    asked: list[str] = Field(default_factory=list)
    begun: Any = Field(default_factory=threading.Event)
    closed: Any = Field(default_factory=threading.Event)

    @property
    def _llm_type(self) -> str:
        return NAME

    def script(self, *steps: Step) -> None:
        """What it writes from now on."""
        self.steps[:] = steps
        self.asked.clear()
        self.begun.clear()
        self.closed.clear()

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        if "You answer a question" not in messages[0].text:
            yield ChatGenerationChunk(message=AIMessageChunk(content=""))
            return
        self.asked.append(messages[-1].text)
        self.begun.set()
        done = False
        try:
            for step in list(self.steps):
                if isinstance(step, threading.Event):
                    while not step.wait(0.02):
                        yield ChatGenerationChunk(message=AIMessageChunk(content=""))
                elif isinstance(step, Exception):
                    raise step
                else:
                    yield ChatGenerationChunk(message=AIMessageChunk(content=step))
            done = True
            usage = UsageMetadata(input_tokens=812, output_tokens=96, total_tokens=908)
            yield ChatGenerationChunk(message=AIMessageChunk(content="", usage_metadata=usage))
        finally:
            if not done:
                self.closed.set()

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        words = "".join(chunk.text for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=words))])


@contextmanager
def writing_assistant(folder: Path, model: ScriptedModel, **settings: Any) -> Iterator[Assistant]:
    """One review of two sentences, with an embedder that is quick, and the model to write about it."""
    (folder / "seeds").mkdir()
    (folder / "seeds" / "kidney.md").write_text(KIDNEY, encoding="utf-8")
    chosen = load_settings(seeds=folder / "seeds", index=folder / "index", reader="none", **settings)
    with Assistant(settings=chosen, embedder=TinyEmbedder(), llm=model) as assistant:
        assistant.sync()
        yield assistant
