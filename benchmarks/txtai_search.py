"""txtai as a process that answers one question a line: what `answer_speed.py` measures Pincite against.

It is run by a Python that has txtai, which need not be Pincite's, and so imports nothing of Pincite's. The passages of
a JSON lines file (`{"text": ...}`) become a hybrid index with content, as txtai's documentation recommends for search
over text; it is kept, and loaded where it is there already. Questions come as JSON strings, a line each; back goes
a line for each, the milliseconds that `search(question, 10)` took. The first line says that it is ready.

    PYTHON benchmarks/txtai_search.py PASSAGES MODEL INDEX
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from txtai import Embeddings

RESULTS = 10


def opened(passages: Path, model: Path, index: Path) -> Embeddings:
    """The index of some passages: loaded if it is there, else made and saved first, so that it is loaded always."""
    from txtai import Embeddings

    if not index.is_dir():
        with passages.open(encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
        print(f"txtai indexes {len(texts)} passages; this takes minutes for thousands.", file=sys.stderr)
        made = Embeddings(path=str(model), hybrid=True, content=True)
        made.index(texts)
        part = index.with_name(f"{index.name}.part")
        made.save(str(part))
        made.close()
        part.rename(index)  # whole or not at all, should this be interrupted
    found = Embeddings()
    found.load(str(index))
    return found


def main() -> None:
    """Answer until there are no more questions."""
    passages, model, index = (Path(part) for part in sys.argv[1:])
    # What a library prints goes to standard error, so that nothing stands between the times.
    with os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1) as times:
        os.dup2(2, 1)
        embeddings = opened(passages, model, index)
        times.write(json.dumps({"txtai": version("txtai"), "passages": embeddings.count()}) + "\n")
        for line in sys.stdin:
            question = json.loads(line)
            began = time.perf_counter()
            found = embeddings.search(question, RESULTS)
            took = time.perf_counter() - began
            if not found:
                sys.exit(f"txtai found nothing for {question!r}")
            times.write(f"{took * 1000}\n")


if __name__ == "__main__":
    main()
