"""What is sent to the page has a size: nothing of it is larger than a kept conversation, but a file for the shelf."""

from __future__ import annotations

from pathlib import Path

from gradio.utils import get_upload_folder
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.shelving import is_nearly_full

LARGEST = 8 * 2**20
"""Bytes: more than a browser keeps of conversations."""

_UPLOAD = "/gradio_api/upload"  # Gradio sees to its size, a file at a time


class Bodies:
    """Refuses what is too large, while it is being sent.

    Args:
        application: What stands behind.
        files: Whether files may be sent.
    """

    def __init__(self, application: ASGIApp, *, files: bool) -> None:
        self._application = application
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        path = str(scope["path"]).removeprefix(scope.get("root_path", "").rstrip("/"))
        if not self._files and path.rstrip("/") == _UPLOAD:
            await PlainTextResponse("This shelf is read only.\n", 403)(scope, receive, send)
        elif self._files and path == _UPLOAD and is_nearly_full(Path(get_upload_folder())):
            said = "The disk is nearly full, and takes no files. Whoever keeps this page can free some space.\n"
            await PlainTextResponse(said, 507, {"Connection": "close"})(scope, receive, send)
        elif self._files and path == _UPLOAD:
            await self._application(scope, receive, send)
        else:
            await self._whole(scope, receive, send)

    async def _whole(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when all of it is there: of one that breaks off nobody need hear."""
        stated = Headers(scope=scope).get("content-length", "0")
        body, more = bytearray(), stated.isdecimal() and len(stated) < 20 and int(stated) <= LARGEST
        large = not more
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            large = len(body) > LARGEST
            more = message.get("more_body", False) and not large
        if large:
            said = f"Too large: {LARGEST:,} bytes are taken.\n"
            await PlainTextResponse(said, 413, {"Connection": "close"})(scope, receive, send)
            return
        came = [bytes(body)]
        body.clear()

        async def passed_on() -> Message:
            return {"type": "http.request", "body": came.pop(), "more_body": False} if came else await receive()

        await self._application(scope, passed_on, send)
