"""How often "Yes." or "No." leads an answer, and how often rightly.

Questions of PubMedQA with the sentences of the conclusion as quotes, and yes/no questions of BioASQ with the
sentences of the gold snippets. A question has a lead if at least one quote settles it and none says otherwise.

    python benchmarks/polarity.py --data FOLDER [--json FILE] [--verbose]
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.composing.polarity import verdict
from rag.understanding.kinds import Kind
from rag.understanding.question import analyse

_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")

Case = tuple[str, str, list[str]]
"""A question, its answer ("yes", "no", "maybe"), and the quotes."""


def pubmedqa(folder: Path) -> Iterator[Case]:
    for row in _rows(folder / "pubmedqa" / "questions_dev.jsonl"):
        yield row["question"], row["final_decision"], _SENTENCES.split(row["long_answer"])


def bioasq(folder: Path) -> Iterator[Case]:
    texts = {row["passage"]: row["text"] for row in _rows(folder / "bioasq" / "passages.jsonl")}
    for row in _rows(folder / "bioasq" / "questions_dev.jsonl"):
        if row["type"] == "yesno":
            quotes = [quote for name in row["gold_passages"] for quote in _SENTENCES.split(texts[name])]
            yield row["question"], row["exact_answer"], quotes


def measure(cases: Iterator[Case], verbose: bool) -> dict[str, Any]:
    counts = {
        "questions": 0,
        "led": 0,
        "right": 0,
        "yes": 0,
        "yes right": 0,
        "no": 0,
        "no right": 0,
        "quotes": 0,
        "quotes right": 0,
    }
    for text, truth, quotes in cases:
        question = analyse(text)
        if question.kind is not Kind.YES_NO:
            continue
        counts["questions"] += 1
        said = [(verdict(question, quote), quote) for quote in quotes]
        settled = {lead for lead, _ in said if lead is not None}
        for lead, _ in said:
            if lead is not None:
                counts["quotes"] += 1
                counts["quotes right"] += truth == ("yes" if lead else "no")
        if len(settled) != 1:
            continue
        lead = "yes" if settled.pop() else "no"
        right = lead == truth
        counts["led"] += 1
        counts["right"] += right
        counts[lead] += 1
        counts[f"{lead} right"] += right
        if verbose and not right:
            quote = next(quote for one, quote in said if one is not None)
            print(f"said {lead}, is {truth}: {text}\n    {quote}")
    return counts


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds pubmedqa/ and bioasq/")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--verbose", action="store_true", help="show each wrong lead")
    chosen = parser.parse_args()
    figures = {
        "pubmedqa": measure(pubmedqa(chosen.data), chosen.verbose),
        "bioasq": measure(bioasq(chosen.data), chosen.verbose),
    }
    print(f"{'set':10} {'questions':>9} {'led':>11} {'right':>12} {'yes':>9} {'no':>9} {'quotes':>11}")
    for name, one in figures.items():
        led = f"{one['led']} ({one['led'] / max(one['questions'], 1):.0%})"
        right = f"{one['right']} ({one['right'] / max(one['led'], 1):.1%})"
        parts = [f"{one[f'{lead} right']}/{one[lead]}" for lead in ("yes", "no", "quotes")]
        print(f"{name:10} {one['questions']:>9} {led:>11} {right:>12} {parts[0]:>9} {parts[1]:>9} {parts[2]:>11}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
