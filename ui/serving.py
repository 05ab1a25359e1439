"""The server of the page: its port, what it lets through, and what the browser may do.

The server is bound to a socket of our own: Gradio's `launch` asks itself over HTTP whether it is up, which
fails where a proxy is set that does not know this machine.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from index.errors import UsageError
from index.report import SyncReport
from rag.assistant import Assistant
from ui import tools
from ui.access import Access, local, refuse_open_house
from ui.app import build
from ui.bodies import Bodies
from ui.guarding import Guard, KnownHosts, PolicyHeaders, RootPath, SameOrigin, numbered
from ui.keeping import Job, Keeper
from ui.login import LOGIN, LOGOUT, Doorkeeper, door, sign_out_form
from ui.logs import Logs, write
from ui.mending import mend
from ui.needed import Needed
from ui.observing import Note, Observer
from ui.passwords import Passwords
from ui.patience import configured
from ui.readiness import Readiness, watched_over
from ui.reading import routes
from ui.requests import Observed
from ui.starting import something_waits
from ui.theme import css, head, theme

if TYPE_CHECKING:
    from ui.metrics import Metrics

PORTS = 50
"""How many ports are tried, from the one asked for on."""


def serve(
    assistant: Assistant,
    *,
    host: str,
    port: int,
    announce: Callable[[str], None],
    access: Access | None = None,
    watch: bool = False,
    synced: Callable[[SyncReport], None] | None = None,
    logs: Logs | None = None,
) -> None:
    """Serve the page until interrupted; if the port is taken, on the next free one.

    Where the index does not agree with the seeds folder, it is brought up to date behind the page.

    Args:
        assistant: Who answers.
        host: The address to listen on.
        port: The first port tried.
        announce: Told where the page is, and of what goes wrong behind it.
        access: Who may use the page; only this machine if None.
        watch: Whether the index follows the seeds folder by itself.
        synced: Told what was done to bring the index up to date, if anything was.
        logs: How what happens is logged, by the handlers that Python's logging has; not at all if None.

    Raises:
        PinciteError: What is wrong with the seeds folder, the model or the index, and no sync could mend.
        UsageError: The address is not one of this machine, all ports tried are taken, the page would be open to
            everyone without that being asked for, or the file of passwords cannot be read.
    """
    access = access or Access()
    observer = Observer(*([write] if logs else []), questions=bool(logs and logs.questions))
    if access.metrics:
        _metrics(observer)

    def tell(job: Job) -> None:
        if job.report is None:
            announce(
                "Stopped. What was read is kept; the next start goes on from there." if keeper.stopped else job.problem
            )
        elif synced is not None:
            synced(job.report)

    with closing(Keeper(assistant, announce, observer)) as keeper, closing(listen(host, port)) as listener:
        if access.auth_file:
            Passwords(access.auth_file)  # one that cannot be read is told of before anything is begun
        if something_waits(keeper, announce):
            announce("Reading the reviews; the page shows how far it is.")
            keeper.begin(then=tell)
        behind = application(assistant, host, access, keeper)
        actual = listener.getsockname()[1]
        if actual != port:
            announce(f"Port {port} is taken; using {actual}.")
        name = f"[{host}]" if ":" in host else host
        # Where there is a log, uvicorn writes into it, and the requests are ours to tell.
        ours: dict[str, Any] = {"log_config": None, "log_level": logs.level} if logs else {"log_level": "warning"}
        config = configured(behind, **ours)
        logging.getLogger("uvicorn.error").addFilter(_is_news)

        def up() -> None:
            announce(f"Pincite is at http://{name}:{actual}")
            observer.tell(Note("serving", logging.INFO, {"host": host, "port": actual}))

        server = _Server(config, up, keeper.stop)
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


def application(assistant: Assistant, host: str, access: Access, keeper: Keeper | None = None) -> ASGIApp:
    """The page as a web application, with all that stands in front of it.

    Args:
        assistant: Answers.
        host: The address that it will be reached at.
        access: Who may.
        keeper: Who keeps the index in step with the seeds folder, if it is known already.

    Raises:
        UsageError: The page would be open to everyone without that being asked for, or the file of passwords cannot
            be read.
    """
    refuse_open_house(host, access)
    porter = Doorkeeper(Passwords(access.auth_file)) if access.auth_file else None
    keeper = keeper or Keeper(assistant)
    readiness = Readiness(assistant)
    health = watched_over(assistant, readiness)
    ours = [*health, *routes(assistant)]
    if access.metrics:
        ours.append(_metrics(keeper.observer).route(readiness, guarded=porter is not None))
    account = sign_out_form(urlsplit(access.root_path).path.rstrip("/")) if porter else ""
    page = build(assistant, keeper, account, editing=not access.read_only)
    behind: ASGIApp = Needed(_page(assistant, page, ours, access, keeper.observer))
    behind = Bodies(behind, files=not access.read_only)
    guarded: ASGIApp = Guard(behind, porter, door(porter), Starlette(routes=health)) if porter else behind
    guarded = SameOrigin(guarded)
    if not porter:
        near = local if local(host) else numbered
        own = (urlsplit(access.root_path).hostname or "").casefold()
        guarded = KnownHosts(guarded, lambda name: near(name) or (bool(own) and name == own))
    addresses = {LOGIN, LOGOUT, tools.PATH, *(route.path for route in ours)}
    return PolicyHeaders(RootPath(Observed(guarded, keeper.observer, addresses), access.root_path))


def _page(
    assistant: Assistant, page: gr.Blocks, ours: Sequence[BaseRoute], access: Access, observer: Observer
) -> FastAPI:
    """Gradio's page without its own documentation, footer and records; routes of ours go first."""
    served = FastAPI(openapi_url=None, routes=[*ours])
    if access.mcp:
        tools.mount(served, assistant, observer)
    gr.mount_gradio_app(
        served,
        page,
        path="/",
        root_path=urlsplit(access.root_path).path.rstrip("/") or None,
        max_file_size=assistant.settings.max_file_megabytes * 2**20,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        theme=theme(),
        css=css(),
        head=head(),
    )
    mend(served)
    return served


def _metrics(observer: Observer) -> Metrics:
    from ui.metrics import metrics_of  # what counts is imported only where it is asked for

    return metrics_of(observer)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of the server's log is worth a person's time: pages still open when it was told to end are not."""
    ended = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not ended and "timeout graceful shutdown exceeded" not in record.getMessage()


class _Server(uvicorn.Server):
    """Says when it is up, and when it was told to end."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None], ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._ending()
        super().handle_exit(sig, frame)
