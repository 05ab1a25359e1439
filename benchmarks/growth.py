"""How do time, memory and disk grow with the shelf? From a thousand sentences to a million.

The shelves are made of real sentences, recombined where these do not suffice (`growth_corpus.py`). A sentence's vector
costs the same on any shelf, and a million of them would take an hour or more; so they are put together from those of
the real ones, and the model embeds the questions alone. Where a full build is spoken of, its embedding is counted at
`--rate` sentences a second, by default as measured here on 500 sentences.

Of each size are given: the seconds of a build; those until an index is open, until a first question is answered, and of
warm answers to a hundred claims of SciFact, with their steps; the most memory that the answering process had until
then; the index on disk, and how many times the text that is; a sync with nothing changed, and one after a sentence was
added to a document; the recall, how many of the hundred sentences that the search says are nearest are so by all
cosines. Building and answering are processes of their own. Exponents are slopes of logarithms: 1 is growth in
proportion; that of the index on disk is without the copy of the model in it, which is the same in all, and so is its
picture.

    python benchmarks/growth.py --data FOLDER --work DIR [--sizes 1000 10000 100000 1000000] [--rate SENTENCES]
        [--sources 40000] [--json FILE] [--plot FILE.png]

Documents are kept in DIR and used again; an index is made anew each time, and kept until then.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from growth_corpus import ABSTRACTS, DOCUMENT, kept, name_of, real_sentences, text_of, texts_of
from growth_plot import draw, exponent
from growth_steps import NEAREST, WARM_UP, Home, Measured
from processes import ROOT, timed
from results import Row, figure, report

from index.errors import UsageError
from index.question_model import FILE as COPY
from rag.evaluation.plotting import check_plot

ASKED = 100  # claims that are counted
MB = 1e6

BUILD, FULL, P50, MEMORY, DISK = "build without embedding", "full build", "answer, p50", "memory", "index on disk"
RECALL, UNCHANGED, EDIT = "recall", "sync, nothing changed", "sync, one document edited"
TIMES_TEXT, TIMES_EDIT, COPIED = "index / text", "full build / edit", "copy of the model in it"

Better = Literal["lower", "higher", "neither"]
FIGURES: dict[str, tuple[str, Better]] = {
    BUILD: ("s", "lower"),
    FULL: ("s", "lower"),
    "build, memory": ("MB", "lower"),
    "open": ("s", "lower"),
    "first answer": ("s, opening counted", "lower"),
    P50: ("ms", "lower"),
    "answer, p95": ("ms", "lower"),
    "embed, p50": ("ms", "lower"),
    "search, p50": ("ms", "lower"),
    "rank, p50": ("ms", "lower"),
    "rest, p50": ("ms", "lower"),
    MEMORY: ("MB", "lower"),
    DISK: ("MB", "lower"),
    COPIED: ("MB", "neither"),
    TIMES_TEXT: ("times", "lower"),
    UNCHANGED: ("s", "lower"),
    EDIT: ("s", "lower"),
    TIMES_EDIT: ("times", "higher"),
    RECALL: (f"of 1, nearest {NEAREST}", "higher"),
    "not answered": ("of 1", "neither"),
    "text": ("MB", "neither"),
    "documents": ("", "neither"),
    "passages": ("", "neither"),
    "sentences": ("", "neither"),
    "sentences embedded": ("", "neither"),
    "embedded after the edit": ("", "neither"),
    "share of sentences not known": ("of 1", "neither"),
    "share of the build in the stand-in": ("of 1", "neither"),
}
"""What is given of each size, in this order: unit, and which direction is better."""
FITTED = (BUILD, P50, MEMORY, DISK)


def row_name(size: int, name: str) -> str:
    """What a figure of a size is called."""
    return f"{size:,}: {name}"


def ratio_name(size: int, smaller: int) -> str:
    """What the growth of the answer's time from one size to another is called."""
    return f"{P50}: {size:,} / {smaller:,}"


TARGETS = {
    ratio_name(1_000_000, 100_000): 2.0,
    row_name(1_000_000, MEMORY): 2500.0,
    row_name(1_000_000, TIMES_TEXT): 6.0,
    row_name(1_000_000, UNCHANGED): 0.5,
    row_name(1_000_000, TIMES_EDIT): 500.0,
}


def claims_of(data: Path) -> list[str]:
    """Claims to ask, drawn; those that warm up come first."""
    lines = [
        line
        for file in sorted((data / ABSTRACTS).glob("claims*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    found = list(dict.fromkeys(row["claim"] for row in map(json.loads, lines) if row["gold_docs"]))
    return random.Random(0).sample(found, WARM_UP + ASKED)


def step(name: str, home: Home, last: Path | float) -> Measured:
    """What a step measured, done in a process of its own."""
    command: list[str | Path] = [sys.executable, ROOT / "benchmarks" / "growth_steps.py", name, home.folder, str(last)]
    measured: Measured = json.loads(timed(command, home.folder).output.splitlines()[-1])
    return measured


def measure(size: int, home: Home, sources: Sequence[str], rate: float) -> Measured:
    """Everything about a shelf of so many sentences."""
    shelf = home.folder / str(size)
    texts = texts_of(shelf, size, sources)
    # Should a run have ended while one document was edited.
    (texts.seeds / name_of(0)).write_text(text_of(0, sources), encoding="utf-8", newline="")
    index = shelf / "index"
    shutil.rmtree(index, ignore_errors=True)
    measured = step("build", home, shelf)
    measured["text"] = _megabytes(texts.seeds)
    measured[DISK] = _megabytes(index)
    measured[COPIED] = (index / COPY).stat().st_size / MB
    measured[TIMES_TEXT] = measured[DISK] / measured["text"]
    measured[FULL] = measured[BUILD] + measured["sentences embedded"] / rate
    measured |= step("ask", home, shelf)
    measured[TIMES_EDIT] = measured[FULL] / (measured[EDIT] + measured["embedded after the edit"] / rate)
    shown = ", ".join(f"{name} {figure(measured[name])} {FIGURES[name][0]}" for name in FITTED)
    print(f"{size:,}: {shown}", file=sys.stderr)
    return measured


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MB


def growing(found: Mapping[int, Measured], name: str) -> list[float]:
    """A figure, size by size; of the index on disk without the copy of the model, which is the same in all."""
    return [one[name] - (one[COPIED] if name == DISK else 0) for one in found.values()]


def rows_of(found: Mapping[int, Measured], rate: float) -> list[Row]:
    """What was measured, size by size, and how it grows."""
    rows = [
        Row(row_name(size, name), one[name], *FIGURES[name])
        for size, one in found.items()
        for name in FIGURES
        if name in one
    ]
    sizes = list(found)
    for smaller, size in pairwise(sizes):
        rows.append(Row(ratio_name(size, smaller), found[size][P50] / found[smaller][P50], "times", "lower"))
    if len(sizes) > 1:
        counts = growing(found, "sentences")
        rows += [Row(f"exponent of {name}", exponent(counts, growing(found, name)), "", "lower") for name in FITTED]
    return [*rows, Row("sentences embedded a second", rate, "1/s", "neither")]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="The folder of the public sets.")
    parser.add_argument("--work", type=Path, required=True, help="Documents and indexes are kept here.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000], help="Sentences.")
    parser.add_argument("--rate", type=float, default=0.0, help="Sentences that the model embeds in a second.")
    parser.add_argument("--sources", type=int, default=40_000, help="Real sentences that are embedded, once.")
    parser.add_argument("--json", type=Path, help="Write the figures here.")
    parser.add_argument("--plot", type=Path, help="Draw a picture here.")
    chosen = parser.parse_args()
    if any(size < DOCUMENT or size % DOCUMENT for size in (*chosen.sizes, chosen.sources)):
        parser.error(f"--sizes and --sources are counted in documents of {DOCUMENT} sentences")
    if chosen.rate < 0:
        parser.error("--rate must be above 0")
    if chosen.plot is not None:
        try:
            check_plot(chosen.plot)
        except UsageError as error:
            parser.error(str(error))
    home = Home((chosen.work / f"growth-{chosen.sources}").resolve())
    home.folder.mkdir(parents=True, exist_ok=True)
    sources = kept(home.sources, lambda: real_sentences(chosen.data, chosen.sources))
    kept(home.claims, lambda: claims_of(chosen.data))
    print(f"{len(sources):,} real sentences; those that are new are embedded", file=sys.stderr)
    rate = step("prepare", home, chosen.rate)["rate"]
    found = {size: measure(size, home, sources, rate) for size in sorted(set(chosen.sizes))}
    targets = TARGETS | {row_name(size, RECALL): 0.98 for size in found}
    report("Growth with the shelf", rows_of(found, rate), chosen.json, targets)
    if chosen.plot is not None:
        titles = {name: f"{name}, {FIGURES[name][0]}" for name in FITTED}
        titles[DISK] += ", without the copy of the model"
        draw(growing(found, "sentences"), {titles[name]: growing(found, name) for name in FITTED}, chosen.plot)


if __name__ == "__main__":
    main()
