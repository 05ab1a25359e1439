"""How long does a new process take to its answer? `pincite ask`, beside a LangChain script that does the same.

Both are whole processes over the two reviews in `seeds/`, whose indexes have been made before, with the same model:
`pincite ask` answers a question, the script (`langchain_tutorial.py ask`) prints the three nearest chunks. So are
`pincite --help` and a Python that only imports `rag`. They take turns, so that the ratio holds on a machine that is
not quiet; medians are given, and of the ratio the median over the rounds. A first round, not counted, brings the
files into memory: what is cold is the process and not the disk.

    python benchmarks/cold_start.py --work DIR [--runs N] [--json FILE]

`--data FOLDER` is taken as by the other speed scripts, and not needed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from processes import PINCITE, ROOT, TUTORIAL, alternately, median_seconds, timed, times_as_long
from results import Row, report

from index.model_files import DEFAULT_MODEL, find_model

QUESTION = "Which antigens are targeted by CAR-T cells in autoimmune disease?"
# The import is timed within the process as well: the start of Python itself is not Pincite's.
_IMPORT = "import time; began = time.perf_counter(); import rag; print(time.perf_counter() - began)"

ASK, HELP, IMPORT, RATIO = "pincite ask", "pincite --help", "import rag", "LangChain script / pincite ask"
TARGETS = {ASK: 1.2, RATIO: 5.0, IMPORT: 0.15, HELP: 0.3}


def prepare(work: Path, model: Path) -> tuple[Path, Path]:
    """The folders of both indexes, made or brought up to date."""
    index, store = work / "index", work / "langchain"
    timed([PINCITE, "index", "--seeds", ROOT / "seeds", "--index", index], work)
    timed([sys.executable, TUTORIAL, "build", ROOT / "seeds", model, store], work)
    return index, store


def measure(work: Path, runs: int) -> list[Row]:
    """Seconds of each kind of process, and of the import within one."""
    model = find_model(DEFAULT_MODEL)
    index, store = prepare(work, model)
    ask: list[str | Path] = [PINCITE, "ask", QUESTION, "--seeds", ROOT / "seeds", "--index", index]
    done = alternately(
        {
            "ask": partial(timed, ask, work),
            "script": partial(timed, [sys.executable, TUTORIAL, "ask", store, model, QUESTION], work),
            "import": partial(timed, [sys.executable, "-c", _IMPORT], work),
            "help": partial(timed, [PINCITE, "--help"], work),
        },
        runs,
        warm_up=True,
    )
    return [
        Row(ASK, median_seconds(done["ask"]), "s", "lower"),
        Row("LangChain script", median_seconds(done["script"]), "s", "neither"),
        Row(RATIO, times_as_long(done["script"], done["ask"]), "times", "higher"),
        Row(IMPORT, statistics.median(float(one.output) for one in done["import"]), "s", "lower"),
        Row("import rag, whole process", median_seconds(done["import"]), "s", "lower"),
        Row(HELP, median_seconds(done["help"]), "s", "lower"),
        Row("rounds", runs, "", "neither"),
    ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="Not needed.")
    parser.add_argument("--work", type=Path, required=True, help="Indexes are kept here.")
    parser.add_argument("--runs", type=int, default=7, help="Rounds that are counted.")
    parser.add_argument("--json", type=Path, help="Write the figures here.")
    chosen = parser.parse_args()
    if chosen.runs < 1:
        parser.error("--runs must be 1 or more")
    # A folder of its own, also to stand in: no pincite.toml is read there.
    work = chosen.work.resolve() / "cold-start"
    work.mkdir(parents=True, exist_ok=True)
    report("From the start of a process to its end", measure(work, chosen.runs), chosen.json, TARGETS)


if __name__ == "__main__":
    main()
