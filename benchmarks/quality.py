"""How good are the answers? Pincite on every public set, beside plain ways of ranking and the LangChain tutorial.

Each set's documents make one shelf, and all its questions are asked of it. docs/evaluation.md says how questions are
made of each set and what is measured. All systems search the same documents with the same embedding model; BM25,
dense vectors and their reciprocal rank fusion rank the same passages that Pincite ranks. Intervals are of 95%, from
1,000 resamples of whole articles.

    python benchmarks/quality.py --data FOLDER [--work DIR] [--sets NAME ...] [--json FILE] [--plot FILE]

Pincite's reader was trained on a part of the articles of these sets. Each such set is therefore shown twice: all of
its questions, and those about articles that the reader has not seen ("held out"; see `benchmarks/folds.py`).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from baselines import Passages, tutorial
from golden_scorer import passed
from quality_report import DISTRACTORS, GOLDEN, TAUGHT, UNSEEN, K, Result, draw, show, summary, unseen

from index.embedding import SentenceTransformerEmbedder
from rag import Assistant
from rag.evaluation.places import passage_ranks
from rag.evaluation.plotting import check_plot
from rag.evaluation.questions import Asked
from rag.evaluation.reporting import Report, report
from rag.evaluation.running import Outcome, cited_names, run, sample
from rag.evaluation.sets import QuestionSet, read_set
from rag.evaluation.shelves import Shelf, shelf_for
from ui.console import progress_bar

SETS = (GOLDEN, *TAUGHT, "expertqa_health")


class Benchmark:
    """One run over the sets, with what all of them share."""

    def __init__(self, chosen: argparse.Namespace, work: Path) -> None:
        self.chosen, self.work = chosen, work
        self.embedder = SentenceTransformerEmbedder()

    def score(self, name: str) -> Result:
        """Score a set of the data folder; "golden_seeds+near_distractors" is the golden set in that company."""
        folder = self.chosen.data / name.partition("+")[0]
        found = read_set(folder)
        if "+" in name:
            found = in_company(found, name, self.chosen.data / DISTRACTORS / "docs")
        shelf = Shelf(self.chosen.seeds, self.work / "seeds" / "index")
        if found.documents is not None:
            shelf = shelf_for(name, found.documents, self.work)
        asked, outcomes = self._ask(name, shelf, found)
        result = Result(report(name, outcomes, K))
        if name in TAUGHT and not self.chosen.no_baselines:
            result.compare(self._baselines(shelf, [one for one in asked if one.gold]))
        if folder.name == GOLDEN:
            answers = {one.asked.id: one.given.answer for one in outcomes if one.given is not None}
            result.golden = passed(folder, answers)
        return result

    def _ask(self, name: str, shelf: Shelf, found: QuestionSet) -> tuple[list[Asked], list[Outcome]]:
        with self._assistant(shelf) as assistant, progress_bar() as progress:
            assistant.sync(progress=progress)
            asked = cited_names(assistant, sample(found.place(assistant), self.chosen.limit))
            return asked, run(assistant, asked, K, progress)

    def _assistant(self, shelf: Shelf) -> Assistant:
        return Assistant(shelf.seeds, shelf.index, embedder=self.embedder)

    def _baselines(self, shelf: Shelf, asked: Sequence[Asked]) -> dict[str, Report]:
        with self._assistant(shelf) as assistant, assistant.snapshot() as snapshot:
            passages = Passages(snapshot, self.embedder, self.work)
            systems = {
                "BM25": passages.bm25,
                "dense": passages.dense,
                "RRF": passages.rrf,
                "LangChain tutorial": tutorial(snapshot, self.embedder, self.work),
            }
            return {
                name: report(
                    name,
                    [Outcome(one, passage_ranks(search(one.question, K), one.gold)) for one in asked],
                    K,
                )
                for name, search in systems.items()
            }


def in_company(found: QuestionSet, name: str, others: Path) -> QuestionSet:
    """A set's answerable questions, with other documents on its shelf; those might answer the unanswerable ones."""
    assert isinstance(found.documents, Path)
    texts: dict[str, str] = {}
    for file in (*found.documents.iterdir(), *others.iterdir()):
        with file.open(encoding="utf-8", newline="") as stream:
            texts[file.name] = stream.read()
    return replace(
        found,
        name=name,
        documents=texts,
        place=lambda assistant: [one for one in found.place(assistant) if one.answerable],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--work", type=Path, help="keep indexes and vectors here, for a quicker second run")
    parser.add_argument("--sets", nargs="+", default=SETS, help=f"some of {', '.join(SETS)}")
    parser.add_argument("--seeds", type=Path, default=Path(__file__).resolve().parent.parent / "seeds")
    parser.add_argument("--limit", type=int, help="ask this many of each set, drawn with a fixed seed")
    parser.add_argument("--no-baselines", action="store_true", help="score Pincite alone")
    parser.add_argument("--json", type=Path, help="write the figures here, after each set")
    parser.add_argument("--plot", type=Path, help="draw them here")
    parser.add_argument("--verbose", action="store_true", help="show the golden answers that pass, too")
    chosen = parser.parse_args()
    if chosen.plot:
        check_plot(chosen.plot)
    names = list(chosen.sets)
    if GOLDEN in names and (chosen.data / DISTRACTORS).is_dir():
        names.insert(names.index(GOLDEN) + 1, f"{GOLDEN}+{DISTRACTORS}")
    results: dict[str, Result] = {}
    with tempfile.TemporaryDirectory() as temporary:
        work = chosen.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        benchmark = Benchmark(chosen, work)
        for name in names:
            found = {name: benchmark.score(name)}
            if name in TAUGHT:
                found[name + UNSEEN] = unseen(name, found[name])
            for key, result in found.items():
                show(key, result, chosen.verbose)
            results |= found
            if chosen.json:
                sets = {key: result.to_dict() for key, result in results.items()}
                content = {"summary": summary(results), "sets": sets}
                chosen.json.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print()
    for what, value in summary(results).items():
        said = value if isinstance(value, str) else ", ".join(f"{key} {one:+.1%}" for key, one in value.items())
        print(f"{what}: {said}")
    if chosen.plot:
        draw(results, chosen.plot)


if __name__ == "__main__":
    main()
