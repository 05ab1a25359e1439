"""What becomes of the sentences of a poor language model: shown, dropped, and wrongly shown.

A real model, SmolLM2-135M behind llama.cpp's server, answers the golden questions through Pincite. It invents much. A
sentence that is shown and whose words stand in one sentence of its quotes, in their order and without a gap of more
than a few words, is right by its form; every other one that is shown is printed with its quotes, to be read by a
person, who writes what is wrong into `--wrong`: a file with such a sentence a line.

    python benchmarks/small_model.py --questions FILE --seeds seeds [--wrong FILE] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from local_model import served
from results import machine

from index.analysis import terms
from rag import Answer, Assistant
from rag.settings import load_settings

_GAP = 3  # words of a quote between two words of a sentence that is taken from it


def main() -> None:
    """Ask, count, print, write."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--questions", type=Path, required=True, help="golden questions, a JSON object a line")
    asked.add_argument("--seeds", type=Path, required=True, help="the folder of reviews")
    asked.add_argument("--wrong", type=Path, help="sentences that a person found wrongly shown, one a line")
    asked.add_argument("--passages", type=int, default=4, help="passages that the model is given")
    asked.add_argument("--json", type=Path, help="write the figures here")
    chosen = asked.parse_args()
    questions = [json.loads(line) for line in chosen.questions.read_text(encoding="utf-8").splitlines()]
    wrong = set(chosen.wrong.read_text(encoding="utf-8").splitlines()) if chosen.wrong else set()
    with tempfile.TemporaryDirectory() as folder, served() as address:
        settings = load_settings(
            seeds=chosen.seeds,
            index=Path(folder) / "index",
            llm="openai:smollm2",
            llm_base_url=address,
            llm_passages=chosen.passages,
            llm_tokens=250,
            llm_seconds=180.0,
            llm_unsupported="strike",
        )
        with Assistant(settings=settings) as assistant:
            assistant.sync()
            figures = _ask_all(assistant, questions, wrong)
    print(json.dumps(figures, indent=2))
    if chosen.json:
        chosen.json.write_text(json.dumps({"rows": figures, "machine": machine()}, indent=1) + "\n", encoding="utf-8")


def _ask_all(assistant: Assistant, questions: list[dict[str, Any]], wrong: set[str]) -> dict[str, Any]:
    counts = dict.fromkeys(("questions", "asked", "sentences", "shown", "verbatim", "wrongly_shown", "fallbacks"), 0)
    started = time.perf_counter()
    for number, one in enumerate(questions, 1):
        answer = assistant.answer(one["question"], one.get("history") or ())
        print(f"{number}/{len(questions)} {one['question']}", file=sys.stderr)
        counts["questions"] += 1
        if answer.written is None:
            continue
        counts["asked"] += 1
        counts["fallbacks"] += bool(answer.written.fallback)
        counts["sentences"] += answer.written.shown + answer.written.dropped
        if not answer.written.fallback:
            _count(answer, counts, wrong)
    return {**counts, "dropped": counts["sentences"] - counts["shown"], "seconds": time.perf_counter() - started}


def _count(answer: Answer, counts: dict[str, int], wrong: set[str]) -> None:
    for sentence in answer.sentences:
        quotes = [one.quote for one in answer.citations if one.number in sentence.citations]
        counts["shown"] += 1
        if any(_taken_from(sentence.text, quote) for quote in quotes):
            counts["verbatim"] += 1
            continue
        counts["wrongly_shown"] += sentence.text in wrong
        print(f"  {'WRONG' if sentence.text in wrong else 'to read'}: {sentence.text}")
        for quote in quotes:
            print(f"      {' '.join(quote.split())}")


def _taken_from(sentence: str, quote: str) -> bool:
    """Whether all words of a sentence stand in a quote in their order, close together."""
    wanted, known = terms(sentence), terms(quote)
    for start in (at for at, word in enumerate(known) if word == wanted[0]):
        at = start
        for word in wanted[1:]:
            found = next((then for then in range(at + 1, min(at + 2 + _GAP, len(known))) if known[then] == word), None)
            if found is None:
                break
            at = found
        else:
            return True
    return False


if __name__ == "__main__":
    main()
