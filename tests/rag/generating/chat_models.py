"""Chat models for tests: one that says what it is told to, piece by piece, and fails when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

Reply = str | Exception | Callable[[list[BaseMessage]], str]


class Scripted(BaseChatModel):
    """Says its replies one after the other, the last one again and again; an exception is raised.

    `asked` are the messages it was sent; `pause` is called before each piece.
    """

    replies: Sequence[Any]
    asked: list[list[BaseMessage]]
    pause: Callable[[], None] = lambda: None
    size: int = 7

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        words = "".join(str(chunk.message.content) for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(words))])

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append(messages)
        if isinstance(reply, Exception):
            raise reply
        words = reply if isinstance(reply, str) else reply(messages)
        for at in range(0, len(words), self.size):
            self.pause()
            yield ChatGenerationChunk(message=AIMessageChunk(words[at : at + self.size]))
        used = {"input_tokens": 100, "output_tokens": len(words.split()), "total_tokens": 100 + len(words.split())}
        yield ChatGenerationChunk(message=AIMessageChunk("", usage_metadata=used))


def scripted(*replies: Reply, **options: Any) -> Scripted:
    return Scripted(replies=replies, asked=[], **options)


class ProviderError(Exception):
    """As integrations raise them, with a state and words that may hold a key."""

    def __init__(self, status_code: int) -> None:
        super().__init__(f"Error code: {status_code} - api_key=sk-secret")
        self.status_code = status_code
