"""Each request has an id, answered in a header, and is told when it is answered."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.observing import REQUEST, Observer, Request

HEADER = "x-request-id"
UNKNOWN = "unmatched"
"""The route of what leads nowhere, and of what the guard did not let through."""

_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+/=-]{0,127}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_GONE = 499  # as other servers say that nobody waited for the answer
_FAILED = 500


def request_id(given: str) -> str:
    """What a proxy or program calls its request, if that is a plain word; else one of our own."""
    return given if _SANE.fullmatch(given) else secrets.token_hex(8)


class Observed:
    """Tells of each request: nothing that whoever asks has written but its id, and that only where it is a plain word.

    What stands behind finds the id in the request's header.

    Args:
        application: What stands behind.
        observer: Is told.
        addresses: Paths that are told as they are, beside the routes that the application names.
    """

    def __init__(self, application: ASGIApp, observer: Observer, addresses: Collection[str]) -> None:
        self._application = application
        self._observer = observer
        self._addresses = frozenset(addresses)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell of it."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        started, status, size = time.perf_counter(), _GONE, 0
        name = request_id(Headers(scope=scope).get(HEADER, ""))
        kept = [one for one in scope["headers"] if one[0] != HEADER.encode()]
        scope = {**scope, "headers": [*kept, (HEADER.encode(), name.encode())]}

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            size += len(message.get("body", b""))
            await send(message)

        token = REQUEST.set(name)
        try:
            await self._application(scope, receive, noted)
        except Exception:
            status = _FAILED
            raise
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            seconds = time.perf_counter() - started
            self._observer.tell(Request(name, method, self._route(scope), status, seconds, size))
            REQUEST.reset(token)

    def _route(self, scope: Scope) -> str:
        """The route as the program names it ("/file/{path}"): as many as there are routes, whatever is asked for."""
        path = str(scope["path"]).removeprefix(scope.get("root_path", "").rstrip("/"))
        return path if path in self._addresses else getattr(scope.get("route"), "path", "") or UNKNOWN
