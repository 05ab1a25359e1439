"""What is sent to the page has a size: nothing of it is larger than a kept conversation, but a file for the shelf."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 8 * 2**20
"""Bytes: more than a browser keeps of conversations."""

_UPLOAD = "/gradio_api/upload"  # Gradio sees to its size, a file at a time
_FILES = (_UPLOAD, "/gradio_api/process_recording")


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
        if not self._files and path.rstrip("/") in _FILES:
            await PlainTextResponse("This shelf is read only.\n", 403)(scope, receive, send)
        elif self._files and path == _UPLOAD:
            await self._application(scope, receive, send)
        else:
            await _Counted(self._application).answer(scope, receive, send)


class _Counted:
    """One request whose body is counted as it comes."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._size = 0
        self._answered = False

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted() -> Message:
            if self._size > LARGEST:
                return {"type": "http.disconnect"}
            message = await receive()
            self._size += len(message.get("body", b""))
            # To the application it looks as if the sender had gone; whatever it makes of that is not sent.
            return {"type": "http.disconnect"} if self._size > LARGEST else message

        async def heeded(message: Message) -> None:
            if self._answered or self._size <= LARGEST:
                self._answered = True
                await send(message)

        stated = Headers(scope=scope).get("content-length", "")
        if (stated.isdecimal() and len(stated) < 20 and int(stated) <= LARGEST) or not stated:
            try:
                await self._application(scope, counted, heeded)
            except Exception:
                if self._size <= LARGEST:
                    raise
        else:
            self._size = LARGEST + 1
        if self._size > LARGEST and not self._answered:
            said = f"Too large: {LARGEST:,} bytes are taken.\n"
            await PlainTextResponse(said, 413, {"Connection": "close"})(scope, receive, send)
