"""The chat page, and the server it is served by.

The server is bound to a socket of our own: Gradio's `launch` asks itself over HTTP whether it is up, which
fails where a proxy is set that does not know this machine.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import UsageError
from rag.assistant import Assistant
from ui import chat
from ui.front import EXAMPLES, Shelf
from ui.theme import css, head, theme

PORTS = 50
"""How many ports are tried, from the one asked for on."""

_LOOPBACK = ("127.0.0.1", "localhost")

_OPENING = (
    '<div class="pc-opening"><p>Ask the reviews a question.</p>'
    "<p>Every sentence of an answer is quoted, and shown where it stands.</p></div>"
)
# What the browser may do is said here, so that no document and no library can make it call out.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_ANSWERED, _RESTARTED = "() => pincite.answered()", "() => pincite.focus()"


def build(assistant: Assistant) -> gr.Blocks:
    """The page for an assistant. Opens whatever state the index is in, and says what is wrong with it."""
    shelf = Shelf(assistant)
    page: gr.Blocks = gr.Blocks(title="Pincite", analytics_enabled=False, fill_width=True)
    with page:
        turns = gr.State([])
        header = gr.HTML(shelf.header(), elem_id="pc-header")
        with gr.Row(elem_id="pc-columns"):
            with gr.Column(scale=6, elem_id="pc-talk"):
                talk = gr.Chatbot(
                    label="Conversation",
                    show_label=False,
                    container=False,
                    elem_id="pc-chat",
                    height=None,
                    autoscroll=False,
                    layout="panel",
                    placeholder=_OPENING,
                    buttons=[],
                    latex_delimiters=[],
                    allow_tags=False,
                    sanitize_html=True,
                )
                with gr.Column(elem_id="pc-examples") as choices:
                    buttons = [gr.Button(**shelf.example(at), size="sm") for at in range(EXAMPLES)]
                with gr.Row(elem_id="pc-form"):
                    box = gr.Textbox(
                        label="Your question",
                        show_label=False,
                        container=False,
                        placeholder="Ask a question",
                        lines=1,
                        max_lines=4,
                        autofocus=True,
                        scale=1,
                        elem_id="pc-ask",
                    )
                    send = gr.Button("Ask", variant="primary", scale=0, min_width=80, elem_id="pc-send")
                fresh = gr.Button("New conversation", size="sm", variant="secondary", elem_id="pc-fresh")
            with gr.Column(scale=5, elem_id="pc-side"):
                side = gr.HTML(chat.panel([]), elem_id="pc-panel")

        def respond(question: str, before: list[chat.Turn]) -> Iterator[dict[Any, Any]]:
            question = (question or "").strip()
            if not question:
                yield {box: gr.skip()}
                return
            yield {
                talk: chat.messages(before, waiting=question),
                box: gr.update(value="", interactive=False),
                send: gr.update(interactive=False),
                fresh: gr.update(interactive=False),
                choices: gr.update(visible=False),
            }
            after = [*before, chat.ask(assistant, question, before)]
            yield {
                turns: after,
                talk: chat.messages(after),
                side: chat.panel(after),
                box: gr.update(interactive=True),
                send: gr.update(interactive=True),
                fresh: gr.update(interactive=True),
            }

        def restart() -> dict[Any, Any]:
            return {turns: [], talk: [], side: chat.panel([]), box: "", choices: gr.update(visible=True)}

        def refresh() -> list[Any]:
            shelf.refresh()
            return [shelf.header(), *(gr.update(**shelf.example(at)) for at in range(EXAMPLES))]

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        outputs = [turns, talk, side, box, send, fresh, choices]
        for trigger, source in [(box.submit, box), (send.click, box), *((one.click, one) for one in buttons)]:
            # A question sent while the empty box is still being looked at is not lost; an example is asked once.
            mode: Any = "always_last" if source is box else "once"
            asked = trigger(respond, [source, turns], outputs, concurrency_limit=4, trigger_mode=mode, **quiet)
            asked.then(None, js=_ANSWERED)
        fresh.click(restart, None, [turns, talk, side, box, choices], queue=False, **quiet).then(None, js=_RESTARTED)
        page.load(refresh, None, [header, *buttons], **quiet)
    return page


def serve(assistant: Assistant, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve the page until interrupted; if the port is taken, on the next free one.

    Raises:
        UsageError: The address is not one of this machine, or all ports tried are taken.
    """
    with closing(listen(host, port)) as listener:
        actual = listener.getsockname()[1]
        if actual != port:
            announce(f"Port {port} is taken; using {actual}.")
        name = f"[{host}]" if ":" in host else host
        application = _application(build(assistant), host)
        config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=2)
        server = _Server(config, lambda: announce(f"Pincite is at http://{name}:{actual}"))
        with suppress(KeyboardInterrupt):
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


def _application(page: gr.Blocks, host: str) -> ASGIApp:
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
