"""How quick is an answer once everything is loaded? `Assistant.answer()`, and beside it txtai's hybrid search.

The shelf is that of a public set (by default SciFact: some 5,000 abstracts, 10,000 passages), and the questions are
its claims; no question is counted twice. Given are the milliseconds of the whole answer, and of its steps as the
answer itself reports them: how long it waited for the question's vector, which is made while it is understood; the
search, the ranking of sentences (the reader included), and the rest (understanding, choosing, composing).

With `--txtai PYTHON`, the Python of an environment that has txtai, a process of that indexes the same passages with the
same model and finds the ten best for the same questions (`txtai_search.py`). The two take turns, a block of questions
each, so that both see the same pace of the machine; every block begins with a question that is not counted, after a
pause in which the other's threads fall asleep. Note what is compared: a search there, a search and an answer here.

    python benchmarks/answer_speed.py --data FOLDER --work DIR [--set scifact] [--questions 200]
        [--txtai PYTHON] [--json FILE]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from processes import ROOT, environment
from public_shelf import add_options, public_shelf
from results import Row, percentile, report

from index.model_files import DEFAULT_MODEL, find_model
from index.snapshot import Snapshot
from rag import Answer, Assistant

WARM_UP = 10
BLOCK = 20
PAUSE = 0.3  # seconds; threads that wait for more work go on turning for some of it
STEPS = ("embed", "search", "rank")

P50, P95, RATIO = "answer, p50", "answer, p95", "txtai / Pincite, p50"
TARGETS = {P50: 15.0, P95: 30.0, RATIO: 1.0}

Ask = Callable[[str], float]
"""Asks a question; returns the milliseconds it took."""


def passages_of(snapshot: Snapshot) -> list[str]:
    """The texts of all passages of a shelf."""
    texts = []
    for content, name in snapshot.names_within(None).items():
        text = snapshot.document(name).text
        for passage in snapshot.passages_holding(snapshot.sentence_ids([content]).tolist()):
            spans = snapshot.spans(passage.sentences)
            texts.append(text[spans[passage.first].start : spans[passage.last].end])
    return texts


def pincite(assistant: Assistant, answers: dict[str, Answer]) -> Ask:
    """Pincite, asked: every answer is noted beside its question."""

    def ask(question: str) -> float:
        began = time.perf_counter()
        answer = assistant.answer(question)
        took = time.perf_counter() - began
        answers[question] = answer
        return took * 1000

    return ask


@contextmanager
def txtai(python: Path, passages: Sequence[str], work: Path) -> Iterator[Ask]:
    """txtai in a process of its own, over the same passages and with the same model."""
    model = find_model(DEFAULT_MODEL)
    lines = "".join(json.dumps({"text": text}) + "\n" for text in passages)
    digest = hashlib.sha256(f"{model}\0{lines}".encode()).hexdigest()[:8]
    file = work / f"passages-{digest}.jsonl"
    file.write_text(lines, encoding="utf-8")
    command = [python, ROOT / "benchmarks" / "txtai_search.py", file, model, work / f"txtai-{digest}"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment()) as server:
        assert server.stdin and server.stdout
        said, asked = server.stdout, server.stdin

        def line() -> str:
            return said.readline() or sys.exit("txtai ended.")

        def ask(question: str) -> float:
            asked.write(json.dumps(question) + "\n")
            asked.flush()
            return float(line())

        print(line().strip(), file=sys.stderr)
        yield ask
        asked.close()


def in_turns(askers: Sequence[Ask], questions: Sequence[str]) -> list[list[float]]:
    """The milliseconds that each asker took for each question, in blocks; the first questions only warm up."""
    warm, counted = questions[:WARM_UP], questions[WARM_UP:]
    times: list[list[float]] = [[] for _ in askers]
    for ask in askers:
        for question in warm:
            ask(question)
    for first in range(0, len(counted), BLOCK):
        for ask, took in zip(askers, times, strict=True):
            if len(askers) > 1:
                time.sleep(PAUSE)
            ask(warm[-1])
            took.extend(ask(question) for question in counted[first : first + BLOCK])
    return times


def steps(answers: Sequence[Answer]) -> list[Row]:
    """The medians of the steps, over the answers that took all of them."""
    searched = [one.seconds for one in answers if set(STEPS) <= set(one.seconds)]
    if not searched:
        return []
    spent = {step: [one[step] for one in searched] for step in STEPS}
    spent["rest"] = [one["total"] - sum(one[step] for step in STEPS) for one in searched]
    return [Row(f"{step}, p50", percentile(of, 50) * 1000, "ms", "lower") for step, of in spent.items()]


def measure(assistant: Assistant, questions: Sequence[str], python: Path | None, work: Path) -> list[Row]:
    """Ask, and say how long it took."""
    with assistant.snapshot() as snapshot:
        counts = snapshot.counts()
        passages = passages_of(snapshot) if python else []
    answers: dict[str, Answer] = {}
    ask = pincite(assistant, answers)
    other: list[float] = []
    if python is None:
        (own,) = in_turns([ask], questions)
    else:
        with txtai(python, passages, work) as beside:
            own, other = in_turns([ask, beside], questions)
    counted = [answers[question] for question in questions[WARM_UP:]]
    rows = [Row(P50, percentile(own, 50), "ms", "lower"), Row(P95, percentile(own, 95), "ms", "lower"), *steps(counted)]
    if other:
        rows += [
            Row("txtai, p50", percentile(other, 50), "ms", "neither"),
            Row("txtai, p95", percentile(other, 95), "ms", "neither"),
            Row(RATIO, percentile(other, 50) / percentile(own, 50), "times", "higher"),
        ]
    declined = sum(one.abstained for one in counted) / len(counted)
    return [
        *rows,
        Row("questions counted", len(counted), "", "neither"),
        Row("not answered", declined, "of 1", "neither"),
        *(Row(name, count, "", "neither") for name, count in counts.items()),
    ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--questions", type=int, default=200, help="How many are counted, if there are as many.")
    parser.add_argument("--txtai", type=Path, metavar="PYTHON", help="A Python that has txtai.")
    parser.add_argument("--json", type=Path, help="Write the figures here.")
    chosen = parser.parse_args()
    if chosen.questions < 1:
        parser.error("--questions must be 1 or more")
    with public_shelf(parser, chosen) as public:
        asked = public.questions()
        questions = random.Random(0).sample(asked, min(len(asked), WARM_UP + chosen.questions))
        if len(questions) <= WARM_UP:
            parser.error(f"{chosen.set} has {len(questions)} questions; {WARM_UP} of them only warm up")
        rows = measure(public.assistant, questions, chosen.txtai, public.shelf.index.parent)
    report(f"Warm answers on the shelf of {chosen.set}", rows, chosen.json, TARGETS)


if __name__ == "__main__":
    main()
