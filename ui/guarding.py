"""What stands in front of the page: whose requests are let through, and what the browser may do."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.login import LOGIN, LOGOUT, Doorkeeper, TooManyAttemptsError, way_to_login
from ui.readiness import HEALTH, READY

# What the browser may do is said here, so that no document and no library can make it call out.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class PolicyHeaders:
    """Adds the page's policy to every response, and takes away any leave for other sites to read it."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", _POLICY)  # a page may allow itself less
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Referrer-Policy"] = "same-origin"  # with none at all, a form's Origin would be "null"
                headers["X-Content-Type-Options"] = "nosniff"
                for name in [key for key in headers if key.startswith("access-control-")]:
                    del headers[name]
            await send(message)

        await self._application(scope, receive, with_policy)


class RootPath:
    """Makes requests look alike, whatever a reverse proxy in front does to them.

    Args:
        application: What stands behind.
        url: The path under which the page is served, whether the proxy takes it off or not; or the whole URL, which
            then outranks what the proxy says of it.
    """

    def __init__(self, application: ASGIApp, url: str) -> None:
        self._application = application
        parts = urlsplit(url)
        self._root = parts.path.rstrip("/")
        named = {"x-forwarded-host": parts.netloc, "x-forwarded-proto": parts.scheme} if parts.netloc else {}
        self._headers = {key.encode(): value.casefold().encode() for key, value in named.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] in {"http", "websocket"}:
            path, root = scope["path"], self._root
            full = path if path == root or path.startswith(f"{root}/") else root + path
            kept = [header for header in scope["headers"] if header[0] not in self._headers]
            headers = [*kept, *self._headers.items()]
            scope = {**scope, "root_path": root, "path": full, "raw_path": full.encode(), "headers": headers}
        await self._application(scope, receive, send)


class KnownHosts:
    """Refuses requests to a name that is not this page's: a name on the internet that leads here is another site's.

    Args:
        application: What stands behind.
        known: Whether a host, without its port, is this page's.
    """

    def __init__(self, application: ASGIApp, known: Callable[[str], bool]) -> None:
        self._application = application
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] in {"http", "websocket"} and not self._known(_host_name(Headers(scope=scope).get("host", ""))):
            said = "This page is not served under this name. If it should be, start it with --root-path and its URL.\n"
            await refuse(PlainTextResponse(said, 400), scope, receive, send)
            return
        await self._application(scope, receive, send)


class SameOrigin:
    """Refuses what another site's page sends, whatever its method."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] in {"http", "websocket"} and self._foreign(scope):
            await refuse(PlainTextResponse("Sent by another site's page.\n", 403), scope, receive, send)
            return
        await self._application(scope, receive, send)

    def _foreign(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if (origin := headers.get("origin")) is not None:
            return not self._ours(origin, headers)
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            return False  # a link may lead here from anywhere
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return True
        referrer = headers.get("referer")
        return referrer is not None and not self._ours(referrer, headers)

    def _ours(self, address: str, headers: Headers) -> bool:
        # A proxy says what name it was called by; a page of another site cannot set that header.
        named = {headers.get("host", ""), headers.get("x-forwarded-host", "").split(",")[0].strip()}
        try:
            host = urlsplit(address).netloc
        except ValueError:
            return False
        return bool(host) and host in named


class Guard:
    """Lets nobody through who is not signed in; what stands behind it needs no guard of its own.

    Args:
        application: What stands behind.
        keeper: Knows who may come in.
        door: Answers at LOGIN and LOGOUT.
        health: Answers at HEALTH and READY, for anyone.
    """

    def __init__(self, application: ASGIApp, keeper: Doorkeeper, door: ASGIApp, health: ASGIApp) -> None:
        self._application = application
        self._keeper = keeper
        self._open: dict[str, ASGIApp] = {LOGIN: door, LOGOUT: door, HEALTH: health, READY: health}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        if scope["type"] == "http" and (own := self._open.get(_path(scope))):
            await own(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = cookie_parser(headers.get("cookie", ""))
        address = scope["client"][0] if scope.get("client") else ""
        try:
            name = await self._keeper.who(cookies, headers.get("authorization", ""), address)
        except TooManyAttemptsError as error:
            waiting = PlainTextResponse("Too many attempts.\n", 429, {"Retry-After": str(error.wait)})
            await refuse(waiting, scope, receive, send)
            return
        if not name:
            await refuse(_unknown(scope, headers), scope, receive, send)
            return
        await self._application(scope, receive, send)


async def refuse(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or close a websocket before it is open."""
    if scope["type"] == "websocket":
        await receive()  # the attempt to connect
        await send({"type": "websocket.close", "code": 1008})
    else:
        await response(scope, receive, send)


def numbered(host: str) -> bool:
    """Whether a host is an address or this machine's own name: no other site can be under it."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.casefold() in {"localhost", socket.gethostname().casefold()}
    return True


def _unknown(scope: Scope, headers: Headers) -> Response:
    browser = "sec-fetch-site" in headers
    if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and "text/html" in headers.get("accept", ""):
        query = scope.get("query_string", b"").decode("latin-1")
        root = scope.get("root_path", "").rstrip("/")
        return RedirectResponse(way_to_login(root, _path(scope), query), 303, {"Cache-Control": "no-store"})
    # A browser would ask for the password in a window of its own, over the page.
    challenge = {} if browser else {"WWW-Authenticate": 'Basic realm="Pincite", charset="UTF-8"'}
    return PlainTextResponse("Sign in first.\n", 401, {"Cache-Control": "no-store", **challenge})


def _path(scope: Scope) -> str:
    return str(scope["path"]).removeprefix(scope.get("root_path", "").rstrip("/")) or "/"


def _host_name(host: str) -> str:
    """A host without its port: "[::1]:80" -> "::1"."""
    try:
        return (urlsplit(f"//{host}").hostname or "").casefold()
    except ValueError:
        return ""
