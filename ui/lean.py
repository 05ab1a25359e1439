"""A page whose handlers pay only for what they name.

For each output that a step of a handler does not name, Gradio makes a new component all the same, and describes it
anew. With a dozen outputs that takes longer than all else between an answer and the page.
"""

from __future__ import annotations

import sys
from copy import copy
from typing import Any, Self

import gradio as gr


class LeanBlocks(gr.Blocks):
    """A page of Gradio in which what is not named is not touched, and no records are kept of who asked when."""

    def queue(self, *args: Any, **options: Any) -> Self:
        """The queue that every handler goes through; see Gradio's own."""
        super().queue(*args, **options)
        # Else, after each event, a summary of the last ten thousand is made, for a page that is not served.
        self._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
        return self

    def waiting(self, line: str) -> int:
        """How many events wait their turn in a line (a `concurrency_id`)."""
        found = self._queue.event_queue_per_concurrency_id.get(line)
        return len(found.queue) if found else 0

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
