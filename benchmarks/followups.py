"""Follow-ups: how much of what a person adds to make a question stand alone `rag.understanding.conversation` adds.

Each pair has the questions of a conversation and the last of them as a person rewrote it. What the person added is
the content words of the rewrite that the last question does not have. Recall is the share of them that a rewriter
adds, over the pairs in which the person added something; "recall of said" counts only words that were said before,
for a person also paraphrases. Precision is the share of what a rewriter adds that is in the person's rewrite. Where
the person added nothing, it is counted how often the rewriter adds nothing.

    python benchmarks/followups.py --data FOLDER [--other FILE] [--json FILE] [--verbose]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import runpy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.understanding.conversation import standalone
from rag.understanding.question import analyse

_RESAMPLED = 1000
_SEED = 7


@dataclass(frozen=True, slots=True)
class Pair:
    """The questions of a conversation, and the last one rewritten by a person."""

    conversation: str
    asked: tuple[str, ...]
    rewrite: str

    @property
    def held_out(self) -> bool:
        return int(hashlib.sha256(self.conversation.encode()).hexdigest(), 16) % 2 == 1


Rewriter = Callable[[Sequence[str]], str]


def last_alone(asked: Sequence[str]) -> str:
    return asked[-1]


def all_joined(asked: Sequence[str]) -> str:
    return " ".join(asked)


def last_two(asked: Sequence[str]) -> str:
    return " ".join(asked[-2:])


def history(asked: Sequence[str]) -> list[dict[str, str]]:
    return [{"role": "user", "content": text} for text in asked[:-1]]


def pincite(asked: Sequence[str]) -> str:
    return standalone(asked[-1], history(asked))


REWRITERS: dict[str, Rewriter] = {
    "last question alone": last_alone,
    "last two questions": last_two,
    "all questions": all_joined,
    "pincite": pincite,
}


def read(file: Path) -> list[Pair]:
    pairs = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        asked = [turn.strip() for turn in row["all_user_turns"].split("|user|:") if turn.strip()]
        if len(asked) > 1:
            conversation = row["id"].split("<::>")[0]
            pairs.append(Pair(conversation, tuple(asked), row["human_rewrite"].removeprefix("|user|:").strip()))
    return pairs


@dataclass(frozen=True, slots=True)
class Score:
    """One pair, in words: how many the person added, of them said before; the rewriter added, and of both kinds."""

    wanted: int
    said: int
    added: int
    shared: int
    shared_said: int


def score(pair: Pair, rewriter: Rewriter) -> Score:
    last = set(analyse(pair.asked[-1]).terms)
    before = {term for text in pair.asked[:-1] for term in analyse(text).terms}
    rewrite = set(analyse(pair.rewrite).terms)
    wanted, added = rewrite - last, set(analyse(rewriter(pair.asked)).terms) - last
    return Score(len(wanted), len(wanted & before), len(added), len(added & wanted), len(added & wanted & before))


def summary(scores: Sequence[Score]) -> dict[str, float]:
    recall = mean([one.shared / one.wanted for one in scores if one.wanted])
    precision = mean([one.shared / one.added for one in scores if one.added])
    return {
        "recall": recall,
        "precision": precision,
        "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "recall of said": mean([one.shared_said / one.said for one in scores if one.said]),
        "adds nothing": mean([not one.added for one in scores if not one.wanted]),
    }


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def intervals(pairs: Sequence[Pair], scores: Sequence[Score]) -> dict[str, tuple[float, float]]:
    """95% intervals by resampling conversations, within which pairs depend on each other."""
    grouped: dict[str, list[Score]] = {}
    for pair, one in zip(pairs, scores, strict=True):
        grouped.setdefault(pair.conversation, []).append(one)
    groups = list(grouped.values())
    drawn = random.Random(_SEED)
    runs = [
        summary([one for group in drawn.choices(groups, k=len(groups)) for one in group]) for _ in range(_RESAMPLED)
    ]
    return {name: _middle(sorted(run[name] for run in runs)) for name in runs[0]}


def _middle(values: Sequence[float]) -> tuple[float, float]:
    return values[int(0.025 * len(values))], values[int(0.975 * len(values)) - 1]


def other(file: Path) -> Rewriter:
    """Another `standalone(question, history)`, from a Python file."""
    standalone_there = runpy.run_path(str(file))["standalone"]
    return lambda asked: str(standalone_there(asked[-1], history(asked)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds mtrag/")
    parser.add_argument("--other", type=Path, help="a Python file with another standalone() to compare")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--verbose", action="store_true", help="show the pairs that are not held out")
    chosen = parser.parse_args()
    rewriters = REWRITERS | ({chosen.other.name: other(chosen.other)} if chosen.other else {})
    pairs = read(chosen.data / "mtrag" / "rewrite_pairs.jsonl")
    results: dict[str, dict[str, dict[str, dict[str, object]]]] = {}
    for half, of in (
        ("all", pairs),
        ("developed on", [p for p in pairs if not p.held_out]),
        ("held out", [p for p in pairs if p.held_out]),
    ):
        print(f"{half}: {len(of)} pairs")
        results[half] = {}
        for name, rewriter in rewriters.items():
            scores = [score(pair, rewriter) for pair in of]
            means, around = summary(scores), intervals(of, scores)
            results[half][name] = {what: {"mean": means[what], "interval": around[what]} for what in means}
            told = "  ".join(
                f"{what} {means[what]:.3f} [{around[what][0]:.2f}, {around[what][1]:.2f}]" for what in means
            )
            print(f"  {name:20} {told}")
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=2), encoding="utf-8")
    if chosen.verbose:
        for pair in pairs:
            if not pair.held_out:
                one = score(pair, pincite)
                print(f"\n{' | '.join(pair.asked[-3:])[-250:]}\n  person:  {pair.rewrite}")
                print(f"  pincite: {pincite(pair.asked)}\n  {one}")


if __name__ == "__main__":
    main()
