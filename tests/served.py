"""The page served for real, in a thread of the test's own process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from starlette.types import ASGIApp
from tiny_embedder import TinyEmbedder

from rag import Assistant
from rag.settings import load_settings
from ui.access import Access
from ui.keeping import Keeper
from ui.patience import configured
from ui.serving import application, listen

_Told = TypeVar("_Told")
SEEDS = Path(__file__).parent.parent / "seeds"


@dataclass(frozen=True)
class Served:
    """Where the page is, and the application behind it."""

    url: str
    port: int
    application: ASGIApp

    def http(self, **options: Any) -> httpx.Client:
        """A client that waits where a busy machine takes its time."""
        return httpx.Client(base_url=self.url, timeout=60, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """One request."""
        with self.http() as client:
            return client.get(path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """One request."""
        with self.http() as client:
            return client.post(path, **options)


def awaited(story: Coroutine[Any, Any, _Told]) -> _Told:
    """What comes of a coroutine, in a thread of its own: a browser's test may have left a running loop in this one."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, story).result()


@contextmanager
def tiny_assistant(folder: Path) -> Iterator[Assistant]:
    """The two reviews, with an embedder that is quick."""
    settings = load_settings(seeds=SEEDS, index=folder / "index", reader="none")
    with Assistant(settings=settings, embedder=TinyEmbedder()) as assistant:
        assistant.sync()
        yield assistant


@contextmanager
def served(
    assistant: Assistant, access: Access | None = None, host: str = "127.0.0.1", keeper: Keeper | None = None
) -> Iterator[Served]:
    """The page on a free port of this machine; `host` is where it is told that it would listen."""

    async def made() -> ASGIApp:
        return application(assistant, host, access or Access(), keeper)

    behind = awaited(made())  # outside a running loop Gradio makes loops of its own, and leaves them open
    with closing(listen("127.0.0.1", 21000)) as listener:
        server = uvicorn.Server(configured(behind, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                thread.join(0.02)
                assert thread.is_alive()
            port = listener.getsockname()[1]
            yield Served(f"http://127.0.0.1:{port}", port, behind)
        finally:
            server.should_exit = True
            thread.join(20)
