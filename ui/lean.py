"""A page whose handlers pay only for what they name.

For each output that a step of a handler does not name, Gradio makes a new component all the same, and describes it
anew. With a dozen outputs that takes longer than all else between an answer and the page.
"""

from __future__ import annotations

import sys
from copy import copy
from typing import Any, Self

import gradio as gr

from ui.queueing import BoundedQueue

SESSIONS = 1000
"""Pages whose conversations are kept in memory; that of which nobody was heard for longest is forgotten first."""


class LeanBlocks(gr.Blocks):
    """A page of Gradio in which what is not named is not touched, and no records are kept of who asked when.

    What comes from a browser may name no file.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.state_session_capacity = SESSIONS

    def queue(self, *args: Any, **options: Any) -> Self:
        """The queue that every handler goes through; see Gradio's own."""
        super().queue(*args, **{"api_open": False, **options})  # nobody gets past it
        made = self._queue
        self._queue = BoundedQueue(
            made.live_updates,
            made.max_thread_count,
            made.update_intervals,
            made.max_size,
            self,
            made.default_concurrency_limit,
        )
        # Else, after each event, a summary of the last ten thousand is made, for a page that is not served.
        self._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
        return self

    def waiting(self, line: str) -> int:
        """How many events wait their turn in a line (a `concurrency_id`)."""
        found = self._queue.event_queue_per_concurrency_id.get(line)
        return len(found.queue) if found else 0

    async def preprocess_data(self, block_fn: Any, inputs: list[Any], *args: Any, **options: Any) -> Any:
        """What a handler is given; see Gradio's own, which fetches what is named as a file, from the web too."""
        if _names_a_file(inputs):
            raise gr.Error("No files are taken here.", print_exception=False)
        return await super().preprocess_data(block_fn, inputs, *args, **options)

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """What the browser is told after a step of a handler: for each of its outputs a value, or what changes."""
        outputs = list(block_fn.outputs)
        if not isinstance(predictions, dict) or not predictions or not set(predictions) <= set(outputs):
            return await super().postprocess_data(block_fn, predictions, state)
        named = [one for one in outputs if one in predictions and predictions[one] != gr.skip()]
        told: dict[Any, Any] = {}
        if named:
            part = copy(block_fn)
            part.outputs = named
            values = [predictions[one] for one in named]
            given = values if len(values) > 1 else values[0]  # what one output alone is given, Gradio puts in a list
            told = dict(zip(named, await super().postprocess_data(part, given, state), strict=True))
        return [told.get(one, gr.skip()) for one in outputs]


def _names_a_file(inputs: list[Any]) -> bool:
    """Whether anything in what was sent is what Gradio takes for a file."""
    rest = list(inputs)
    while rest:
        one = rest.pop()
        if isinstance(one, dict):
            if "path" in one and "meta" in one:
                return True
            rest.extend(one.values())
        elif isinstance(one, list):
            rest.extend(one)
    return False
