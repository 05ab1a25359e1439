"""What goes wrong in Gradio itself, and is mended from outside."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from gradio import route_utils
from gradio.routes import App
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

_log = logging.getLogger(__name__)
FIELD = 2**20
"""Bytes of a field that is sent with files."""


class Streams(dict[str, Any]):
    """Handlers' streams by their events. To take out one that has just ended by itself is no error.

    Gradio 6 sees that a stream is there, waits for it to close, and takes it out. One that ends meanwhile has been
    taken out by then, and calling it off was answered with an error (500).
    """

    def __delitem__(self, event: str) -> None:
        self.pop(event, None)


class Parts(route_utils.GradioMultiPartParser):
    """Files as they are sent.

    Gradio 6 keeps open, and on the disk, what was sent by who then went away, or under another name than "files"; and
    what is no file it takes into memory, however much it is.
    """

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take some of a part."""
        super().on_part_data(data, start, end)
        if self._current_part.file is None and len(self._current_part.data) > FIELD:
            raise MultiPartException(f"A field exceeded the maximum allowed size of {FIELD:,} bytes.")

    async def parse(self) -> FormData:
        """All that was sent."""
        kept: set[str] = set()
        try:
            form = await super().parse()
            kept = {str(one.file.name) for one in form.getlist("files") if not isinstance(one, str)}
        except ClientDisconnect as error:
            raise MultiPartException("What was sent broke off.") from error
        finally:
            for file in self._files_to_close_on_error:
                if file.name not in kept:
                    file.close()
                    with suppress(FileNotFoundError):
                        Path(file.name).unlink()
        return form


class Told:
    """A stream of which Gradio has told the client that it is over, and raises that it is not there all the same.

    Whoever asked for what was fetched already could fill the terminal with it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._application = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        try:
            await self._application(scope, receive, send)
        except RuntimeError as error:  # as Starlette raises it when an answer has begun
            if not isinstance(error.__cause__, HTTPException):
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})


_NO_REQUEST = (RequestValidationError, TypeError, ValueError, LookupError)
"""What is raised where a request is taken in; what goes wrong in a handler is told elsewhere."""


async def unreadable(_: Request, error: Exception) -> JSONResponse:
    """What is answered to what is no request, which is no failure of ours (500).

    FastAPI would say it back, and fail at what no JSON can say.
    """
    _log.debug("A request was not understood", exc_info=error)
    return JSONResponse({"detail": "This is not a request that is understood here; see docs/api.md."}, 422)


def mend(served: FastAPI) -> None:
    """Mend the page that is mounted in an application."""
    route_utils.GradioMultiPartParser = Parts  # type: ignore[misc]
    served.add_middleware(Told)
    for route in served.routes:
        if isinstance(route, Mount) and isinstance(route.app, App):
            for error in _NO_REQUEST:
                route.app.add_exception_handler(error, unreadable)
            route.app.iterators = Streams(route.app.iterators)
