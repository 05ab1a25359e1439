"""How long does it take to index a shelf of full-text articles? `pincite index`, beside the LangChain tutorial.

Both are whole processes, from the same plain text files to an index on disk, with the same model and as many threads
as they take by themselves. Pincite's seconds are all that it does: reading, sentences, vectors, BM25, and the copy of
the model that embeds questions. The tutorial's pipeline is `langchain_tutorial.py build`. Neither finds anything made
before: every run has folders of its own, which are removed afterwards.

The articles are those of COVID-QA and Evidence Inference, a draw of them that is always the same.

    python benchmarks/indexing_speed.py --data FOLDER --work DIR [--articles 100] [--runs 1] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from processes import PINCITE, TUTORIAL, Finished, alternately, median_seconds, timed, times_as_long
from results import Row, report

from index.model_files import DEFAULT_MODEL, find_model

FOLDERS = ("covidqa/docs", "evidence_inference/docs_txt")
RATIO = "LangChain tutorial / pincite index"
TARGETS = {RATIO: 2.0}


def draw(data: Path, number: int) -> list[Path]:
    """So many articles of both sets; fewer if there are not as many."""
    found = [file for folder in FOLDERS for file in sorted((data / folder).glob("*.txt"))]
    random.Random(0).shuffle(found)
    return found[:number]


def measure(articles: Sequence[Path], runs: int, work: Path) -> list[Row]:
    """Seconds of both pipelines over the same articles, and what each made of them."""
    model = find_model(DEFAULT_MODEL)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        home = Path(folder)
        texts = home / "texts"
        texts.mkdir()
        for article in articles:
            shutil.copyfile(article, texts / article.name)
        done = alternately(
            {"pincite": lambda: _pincite(texts, home), "tutorial": lambda: _tutorial(texts, model, home)}, runs
        )
    made, cut = json.loads(done["pincite"][0].output), json.loads(done["tutorial"][0].output)
    if made["skipped"]:
        sys.exit(f"Pincite did not read all of them: {made['skipped']}")
    sentences = sum(file["sentences"] for file in made["read"])
    seconds = median_seconds(done["pincite"])
    return [
        Row("pincite index", seconds, "s", "lower"),
        Row("LangChain tutorial", median_seconds(done["tutorial"]), "s", "neither"),
        Row(RATIO, times_as_long(done["tutorial"], done["pincite"]), "times", "higher"),
        Row("sentences a second", sentences / seconds, "1/s", "higher"),
        Row("articles", len(articles), "", "neither"),
        Row("text", sum(article.stat().st_size for article in articles) / 1e6, "MB", "neither"),
        Row("sentences of Pincite", sentences, "", "neither"),
        Row("sentences embedded", made["embedded"], "", "neither"),
        Row("chunks of the tutorial", cut["chunks"], "", "neither"),
        Row("threads of torch", cut["threads"], "", "neither"),
        Row("runs of each", runs, "", "neither"),
    ]


def _pincite(texts: Path, home: Path) -> Finished:
    with tempfile.TemporaryDirectory(dir=home) as index:
        return timed([PINCITE, "index", "--json", "--seeds", texts, "--index", Path(index) / "index"], home)


def _tutorial(texts: Path, model: Path, home: Path) -> Finished:
    with tempfile.TemporaryDirectory(dir=home) as store:
        return timed([sys.executable, TUTORIAL, "build", texts, model, Path(store) / "store"], home)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="The folder of the public sets.")
    parser.add_argument("--work", type=Path, required=True, help="Indexes are made here, and removed.")
    parser.add_argument("--articles", type=int, default=100, help="How many.")
    parser.add_argument("--runs", type=int, default=1, help="Of each pipeline, in turns.")
    parser.add_argument("--json", type=Path, help="Write the figures here.")
    chosen = parser.parse_args()
    if chosen.runs < 1 or chosen.articles < 1:
        parser.error("--runs and --articles must be 1 or more")
    articles = draw(chosen.data, chosen.articles)
    if len(articles) < chosen.articles:
        parser.error(f"there are {len(articles)} articles in {' and '.join(FOLDERS)} of {chosen.data}")
    work = chosen.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    rows = measure(articles, chosen.runs, work)
    report(f"Indexing {len(articles)} full-text articles", rows, chosen.json, TARGETS)


if __name__ == "__main__":
    main()
