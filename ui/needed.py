"""The addresses that the page, the API and the tools use. Whatever else Gradio serves is not there.

Gradio fetches addresses of the web for whoever asks (`file=https://...`, `proxy=...`), hands out files, converts
recordings, runs functions of components and edits programs. Pincite needs nothing of it, and what is not there can
neither be attacked nor open a hole with another version.
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.guarding import refuse
from ui.readiness import HEALTH, READY

_API = "/gradio_api/"
_METRICS = "/metrics"  # ui.metrics, which is only imported where it is wanted
_TOOLS = "/mcp"  # ui.tools, the same
_OWN = (HEALTH, READY, _METRICS, "/document", "/page", _TOOLS)
_GRADIOS = ("/config", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json")
_GRADIO_APIS = ("app_id", "info", "openapi.json", "startup-events", "theme.css", "upload", "upload_progress")
_QUEUE = ("queue/join", "queue/data", "queue/status", "run/predict", "cancel", "reset")
_ADDRESSES = frozenset(["/", *_OWN, *_GRADIOS, *(f"{_API}{name}" for name in (*_GRADIO_APIS, *_QUEUE))])
_FOLDERS = ("/assets/", "/static/", "/svelte/", f"{_API}call/", f"{_API}heartbeat/")


class Needed:
    """Answers that there is no such page, but where the page needs one."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and needed(_path(scope))):
            await self._application(scope, receive, send)
        else:
            await refuse(PlainTextResponse("There is no such page.\n", 404), scope, receive, send)


def needed(path: str) -> bool:
    """Whether the page, the API or the tools use a path."""
    return (path.rstrip("/") or "/") in _ADDRESSES or path.startswith(_FOLDERS)


def _path(scope: Scope) -> str:
    return str(scope["path"]).removeprefix(scope.get("root_path", "").rstrip("/"))
