"""Signing in and out: the page for it, and who is let in by a session or by HTTP Basic."""

from __future__ import annotations

import asyncio
import base64
import binascii
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qs, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from ui.passwords import Passwords
from ui.sessions import LASTS, Attempts, Sessions
from ui.sources import escape

COOKIE = "pincite_session"
LOGIN, LOGOUT = "/login", "/logout"

_REMEMBERED = 300.0  # seconds for which a program's password is not worked through again
_AT_ONCE = 2  # passwords worked through at the same time: each takes 64 MB
_FORM_BYTES = 8192


class TooManyAttemptsError(Exception):
    """Somebody has tried too often.

    Args:
        wait: Seconds until the next try.
    """

    def __init__(self, wait: float) -> None:
        super().__init__()
        self.wait = max(1, math.ceil(wait))


class Doorkeeper:
    """Knows who may come in.

    Args:
        passwords: Who there is.
        sessions: Who is signed in.
        attempts: Who has tried too often.
    """

    def __init__(
        self, passwords: Passwords, sessions: Sessions | None = None, attempts: Attempts | None = None
    ) -> None:
        self._passwords = passwords
        self._sessions = sessions or Sessions()
        self._attempts = attempts or Attempts()
        self._remembered = Sessions(_REMEMBERED)
        self._busy = asyncio.Semaphore(_AT_ONCE)

    async def admit(self, name: str, password: str, address: str) -> bool:
        """Whether a name and password are right.

        Raises:
            TooManyAttemptsError: Not before some seconds have passed.
        """
        async with self._busy:
            if wait := self._attempts.wait(name, address):
                raise TooManyAttemptsError(wait)
            right = await asyncio.to_thread(self._passwords.check, name, password)
            (self._attempts.succeeded if right else self._attempts.failed)(name, address)
            return right

    async def sign_in(self, name: str, password: str, address: str) -> str:
        """The token of a new session, "" if name or password is wrong.

        Raises:
            TooManyAttemptsError: Not before some seconds have passed.
        """
        if not await self.admit(name, password, address):
            return ""
        return self._sessions.begin(name, self._passwords.hashed(name))

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._sessions.end(token)

    async def who(self, cookies: Mapping[str, str], authorization: str, address: str) -> str:
        """Who asks: by the session in a cookie, else by HTTP Basic; "" if nobody is known.

        Raises:
            TooManyAttemptsError: Not before some seconds have passed.
        """
        if (token := cookies.get(COOKIE)) and (name := self._sessions.name(token, self._passwords.hashed)):
            return name
        if not (given := _basic(authorization)):
            return ""
        name, password = given
        if known := self._remembered.name(f"{name}:{password}", self._passwords.hashed):
            return known
        if not await self.admit(name, password, address):
            return ""
        self._remembered.begin(name, self._passwords.hashed(name), f"{name}:{password}")
        return name


def door(keeper: Doorkeeper) -> Starlette:
    """The page to sign in on, and the way out."""

    async def show(request: Request) -> Response:
        return _page(request, onward(request.query_params.get("next", "")))

    async def sign_in(request: Request) -> Response:
        form = await _form(request)
        next_ = onward(form.get("next", ""))
        try:
            token = await keeper.sign_in(form.get("name", ""), form.get("password", ""), _address(request))
        except TooManyAttemptsError as error:
            said = f"Too many attempts. Try again in {error.wait} second{'' if error.wait == 1 else 's'}."
            return _page(request, next_, said, 429, {"Retry-After": str(error.wait)})
        if not token:
            return _page(request, next_, "Name or password is wrong.", 403)
        response = RedirectResponse(_root(request) + next_, 303)
        response.set_cookie(
            COOKIE,
            token,
            int(LASTS),
            path=_root(request) or "/",
            secure=_secure(request),
            httponly=True,
            samesite="lax",
        )
        return response

    async def sign_out(request: Request) -> Response:
        keeper.sign_out(request.cookies.get(COOKIE, ""))
        response = RedirectResponse(_root(request) + LOGIN, 303)
        response.delete_cookie(COOKIE, path=_root(request) or "/")
        response.headers["Clear-Site-Data"] = '"storage"'  # the conversations that the page kept in the browser
        return response

    return Starlette(
        routes=[
            Route(LOGIN, show, methods=["GET"]),
            Route(LOGIN, sign_in, methods=["POST"]),
            Route(LOGOUT, sign_out, methods=["POST"]),
        ]
    )


def way_to_login(root: str, path: str, query: str) -> str:
    """Where someone is sent who is not signed in, and whence they come back."""
    wanted = onward(f"{path}?{query}" if query else path)
    return f"{root}{LOGIN}" + (f"?{urlencode({'next': wanted})}" if wanted != "/" else "")


def sign_out_form(root: str) -> str:
    """A button that signs out, as HTML for the page's header.

    Args:
        root: The path under which the page is served, "" for none.
    """
    return (
        f'<form class="pc-signout" method="post" action="{escape(root)}{LOGOUT}">'
        '<button type="submit">Sign out</button></form>'
    )


def onward(path: str) -> str:
    """A path on this page to go on to, "/" in place of anything that could lead elsewhere."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if fine and len(path) < 2000 and not path.startswith((LOGIN, LOGOUT)) else "/"


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, rest = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return (name, password) if colon else None


def _page(
    request: Request, next_: str, problem: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    said = f'<p class="problem" role="alert" id="problem">{escape(problem)}</p>' if problem else ""
    page = (
        _template()
        .replace("{problem}", said)
        .replace("{described}", 'aria-describedby="problem" aria-invalid="true"' if problem else "")
        .replace("{action}", escape(_root(request) + LOGIN))
        .replace("{next}", escape(next_))  # last: what it holds is looked at no more
    )
    return HTMLResponse(page, status, {"Cache-Control": "no-store", **(headers or {})})


@cache
def _template() -> str:
    return (files("ui.assets") / "login.html").read_text(encoding="utf-8")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small form; nothing of a large one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _FORM_BYTES:
            return {}
    try:
        fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=10)
    except ValueError:  # more fields than that
        return {}
    return {key: values[0] for key, values in fields.items()}


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")


def _secure(request: Request) -> bool:
    forwarded = request.headers.get("x-forwarded-proto", "").split(",")[0].strip()
    return (forwarded or request.url.scheme) == "https"
