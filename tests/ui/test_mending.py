"""What goes wrong in Gradio itself, and is mended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import gradio as gr
import httpx
from fastapi import FastAPI
from gradio.routes import App
from served import awaited
from starlette.routing import Mount

from ui.mending import mend


def test_what_ends_by_itself_while_it_is_called_off_is_no_error(tmp_path: Path) -> None:
    async def story() -> httpx.Response:
        with gr.Blocks(analytics_enabled=False) as page:
            gr.Button("go")
        served = FastAPI()
        gr.mount_gradio_app(served, page, path="/", ssr_mode=False)
        mend(served)
        (inner,) = (one.app for one in served.routes if isinstance(one, Mount) and isinstance(one.app, App))

        class Ending:
            def __aiter__(self) -> AsyncIterator[None]:
                raise AssertionError

            async def aclose(self) -> None:
                await asyncio.sleep(0)
                inner.iterators.pop("an event")  # as the queue does when a handler has come to its end

        inner.iterators["an event"] = Ending()  # type: ignore[assignment]
        asked = {"session_hash": "a session", "fn_index": 0, "event_id": "an event"}
        transport = httpx.ASGITransport(served, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post("/gradio_api/cancel", json=asked)

    answer = awaited(story())
    assert answer.status_code == 200
    assert answer.json() == {"success": True}
