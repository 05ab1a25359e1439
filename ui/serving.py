"""The server of the page: its port, what it lets through, and what the browser may do.

The server is bound to a socket of our own: Gradio's `launch` asks itself over HTTP whether it is up, which
fails where a proxy is set that does not know this machine.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import UsageError
from rag.assistant import Assistant
from ui.app import build
from ui.keeping import Keeper
from ui.theme import css, head, theme

PORTS = 50
"""How many ports are tried, from the one asked for on."""

_LOOPBACK = ("127.0.0.1", "localhost")

# What the browser may do is said here, so that no document and no library can make it call out.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def serve(assistant: Assistant, *, host: str, port: int, announce: Callable[[str], None], watch: bool = False) -> None:
    """Serve the page until interrupted; if the port is taken, on the next free one.

    Args:
        assistant: Who answers.
        host: The address to listen on.
        port: The first port tried.
        announce: Told where the page is, and of what goes wrong while the seeds folder is watched.
        watch: Whether the index follows the seeds folder by itself.

    Raises:
        UsageError: The address is not one of this machine, or all ports tried are taken.
    """
    with closing(listen(host, port)) as listener, closing(Keeper(assistant)) as keeper:
        actual = listener.getsockname()[1]
        if actual != port:
            announce(f"Port {port} is taken; using {actual}.")
        name = f"[{host}]" if ":" in host else host
        application = _application(build(assistant, keeper), host, assistant.settings.max_file_megabytes)
        config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=2)
        server = _Server(config, lambda: announce(f"Pincite is at http://{name}:{actual}"))
        with suppress(KeyboardInterrupt), keeper.watch(announce) if watch else nullcontext():
            server.run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the first free port from `port` on.

    Raises:
        UsageError: The address is not one of this machine, or all ports tried are taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last = min(port + PORTS, 65536)
    for at in range(port, last):
        listener = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":  # so that a restart need not wait; on Windows it would share a port in use
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, at))
            listener.listen(128)
            return listener
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise UsageError(f"The page cannot listen on {host}:{at} ({error.strerror}).") from error
    raise UsageError(f"Ports {port} to {last - 1} are all taken.", "pincite ui --port with another number")


def _application(page: gr.Blocks, host: str, megabytes: int) -> ASGIApp:
    """The page as a web application, without Gradio's own documentation, footer and records."""
    application = FastAPI(openapi_url=None)
    gr.mount_gradio_app(
        application,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        max_file_size=megabytes << 20,
        theme=theme(),
        css=css(),
        head=head(),
    )
    if host in _LOOPBACK:  # a name on the internet that leads here is another site's page
        return TrustedHostMiddleware(_Headers(application), allowed_hosts=list(_LOOPBACK))
    return _Headers(application)


class _Headers:
    """Adds the page's policy to every response."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self._application(scope, receive, with_policy)


class _Server(uvicorn.Server):
    """Says when it is up."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()
