"""A process of its own: makes an index of a folder and asks it, in surroundings it is told of; prints what it sees.

python determined.py '{"seeds": ..., "index": ..., "order": 3, "workers": 2, "real": false}'
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

# Before tests/ is on the path, which has folders of these names.
import index  # noqa: F401
import rag  # noqa: F401

sys.path += [os.fspath(Path(__file__).parents[1] / "index"), os.fspath(Path(__file__).parents[1])]

from index_helpers import view
from tiny_embedder import TinyEmbedder

from rag import Assistant
from rag.settings import Settings

QUESTIONS = (
    "Did the kidney recover?",
    "What is a chimeric antigen receptor?",
    "Which autoimmune diseases have first clinical results?",
    "Compare the heart and the liver.",
    "How many patients were treated?",
)


def shuffle_listings(seed: int) -> None:
    """Let the system list folders in another order."""
    chance, scandir = random.Random(seed), os.scandir

    @contextmanager
    def shuffled(path: Any = ".") -> Iterator[Iterator[os.DirEntry[str]]]:
        with scandir(path) as entries:
            found = list(entries)
        chance.shuffle(found)
        yield iter(found)

    class Listing:
        """What os.scandir gives: an iterator that can be used in a with statement."""

        def __init__(self, path: Any = ".") -> None:
            with shuffled(path) as self._entries:
                pass

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            return self._entries

        def __next__(self) -> os.DirEntry[str]:
            return next(self._entries)

        def __enter__(self) -> Listing:
            return self

        def __exit__(self, *_: object) -> None:
            return

        def close(self) -> None:
            return

    os.scandir = Listing  # type: ignore[assignment,misc]


def timeless(found: Any) -> Any:
    """What was found, without the seconds that it took."""
    if isinstance(found, dict):
        return {key: timeless(value) for key, value in found.items() if key != "seconds"}
    return [timeless(one) for one in found] if isinstance(found, list) else found


def main(order: dict[str, Any]) -> None:
    if order["order"]:
        shuffle_listings(order["order"])
    settings = {"read_workers": order["workers"]}
    if not order["real"]:
        settings |= {"reader": "none", "passage_tokens": 32, "model": "tiny", "min_confidence": 0.0}
    elif threads := order.get("threads"):
        import torch

        torch.set_num_threads(threads)
    embedder = None if order["real"] else TinyEmbedder()
    with Assistant(
        Path(order["seeds"]), Path(order["index"]), embedder=embedder, settings=Settings.model_validate(settings)
    ) as assistant:
        report = assistant.sync()
        answers = [assistant.answer(question).model_dump(mode="json") for question in QUESTIONS]
        compared = assistant.compare(QUESTIONS[0]).model_dump(mode="json")
    seen = "" if order["real"] else sha256(repr(view(Path(order["index"]))).encode()).hexdigest()
    lists = {kind: getattr(report, kind) for kind in ("added", "skipped", "embedded", "generation")}
    sys.stdout.write(json.dumps(timeless({"answers": answers, "compared": compared, "view": seen, "report": lists})))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
