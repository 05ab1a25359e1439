"""What goes wrong in Gradio itself, and is mended from outside."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from gradio.routes import App
from starlette.routing import Mount


class Streams(dict[str, Any]):
    """Handlers' streams by their events. To take out one that has just ended by itself is no error.

    Gradio 6 sees that a stream is there, waits for it to close, and takes it out. One that ends meanwhile has been
    taken out by then, and calling it off was answered with an error (500).
    """

    def __delitem__(self, event: str) -> None:
        self.pop(event, None)


def mend(served: FastAPI) -> None:
    """Mend the page that is mounted in an application."""
    for route in served.routes:
        if isinstance(route, Mount) and isinstance(route.app, App):
            route.app.iterators = Streams(route.app.iterators)
