"""How often does verification pass a true sentence, and how often does it catch a false one?

`rag.verifying` holds each sentence of a written answer against the quote that it cites. Here quotes are real sentences
of public sets and of the reviews in seeds/, and each claim is made from its quote by rule, so that it is known to be
true or false of it:

- False: a number, a name, a negation or a direction is changed. Rows without a target, for what is harder or a matter
  of degree: doubt taken away, "some" made "all", an association made a cause, two names or who does what exchanged,
  other people or another country, a clause invented, another sentence altogether.
- True: the sentence itself, and the sentence in slightly other words.
- SciFact: claims that people wrote, against the sentences that support or refute them, against the nearest sentences
  of an abstract that does neither, and against another abstract. No targets.

Documents are in two halves by a hash of their name. Rules may be written with "dev" in sight; "held out" counts. Within
a half, each variant of a kind has as many pairs as the sentences allow, up to an equal share of the sample.

    python benchmarks/verification.py --data FOLDER [--limit N] [--json FILE] [--show KIND N] [--sample KIND N]

`--show` prints pairs of "dev" that verification judged wrongly, and `--sample` pairs as they were made, without judging
any: a claim that its quote bears out after all is a mistake of this benchmark.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from results import machine
from rich.console import Console
from rich.table import Table
from verification_directions import with_other_direction
from verification_names import with_names_exchanged, with_other_names, with_other_people
from verification_negations import with_negation, without_negation
from verification_numbers import with_other_numbers
from verification_reaches import of_all, of_cause, other_way_round, surer, with_invented_clause
from verification_rewordings import reworded
from verification_sentences import HALVES, SEED, Half, Sentence, scifact_pairs, sentences
from verification_words import Made

from index.embedding import SentenceTransformerEmbedder

LIMIT = 400
"""Pairs of a kind in each half at the most."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to make claims of a sentence: whether they are true, how, and the share to be judged rightly."""

    name: str
    true: bool
    make: Callable[[str, random.Random], Made]
    target: float | None = None


def _itself(sentence: str, _: random.Random) -> Made:
    return {"": sentence}


KINDS = (
    Kind("verbatim", True, _itself, 0.9),
    Kind("reworded", True, reworded, 0.9),
    Kind("number", False, with_other_numbers, 0.97),
    Kind("name", False, with_other_names, 0.97),
    Kind("negation added", False, with_negation, 0.9),
    Kind("negation removed", False, without_negation, 0.9),
    Kind("direction", False, with_other_direction, 0.9),
    Kind("names exchanged", False, with_names_exchanged),
    Kind("people or place", False, with_other_people),
    Kind("certainty raised", False, surer),
    Kind("some made all", False, of_all),
    Kind("association made cause", False, of_cause),
    Kind("who does what exchanged", False, other_way_round),
    Kind("invented clause", False, with_invented_clause),
)
UNRELATED = ("unrelated, same document", "unrelated, another document")
TRUE_ROWS = frozenset({"verbatim", "reworded", "SciFact supported"})


@dataclass(frozen=True, slots=True)
class Case:
    """A claim and a quote, and what became of them."""

    kind: str
    variant: str
    set: str
    half: Half
    claim: str
    quote: str

    @property
    def true(self) -> bool:
        return self.kind in TRUE_ROWS


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, whether verification let the claim stand, and why not."""

    case: Case
    supported: bool
    why: str

    @property
    def right(self) -> bool:
        return self.supported == self.case.true


def cases(data: Path, seeds: Path, limit: int) -> list[Case]:
    """All pairs, the same in every run."""
    found = sentences(data, seeds)
    made = [case for kind in KINDS for case in _of_kind(kind, found, limit)]
    made += _unrelated(found, limit)
    for pair in scifact_pairs(data):
        made.append(Case(pair.row, "", "scifact", pair.half, pair.claim, pair.quote))
    return made


def _of_kind(kind: Kind, found: list[Sentence], limit: int) -> Iterable[Case]:
    """Up to `limit` pairs in each half; of the claims that a sentence gives, the one whose variant is rarest so far."""
    for half in HALVES:
        made = [(one, _made(kind, one.text)) for one in found if one.half == half]
        variants = {variant for _, claims in made for variant in claims}
        counts: Counter[str] = Counter()
        picked: dict[int, str] = {}
        # An equal share for each variant first; what the rare ones leave goes to the others.
        for share_of_each in (limit // max(1, len(variants)), limit):
            for at, (_, claims) in enumerate(made):
                left = [variant for variant in claims if counts[variant] < share_of_each]
                if left and at not in picked and len(picked) < limit:
                    picked[at] = min(left, key=lambda name: (counts[name], name))
                    counts[picked[at]] += 1
        for at, variant in sorted(picked.items()):
            one, claims = made[at]
            yield Case(kind.name, variant, one.set, half, claims[variant], one.text)


def _made(kind: Kind, text: str) -> Made:
    made = kind.make(text, random.Random(f"{SEED} {kind.name} {text}"))
    return {variant: claim for variant, claim in made.items() if claim != text or kind.make is _itself}


def _unrelated(found: list[Sentence], limit: int) -> Iterable[Case]:
    """Sentences against another's text: the one that follows in the document, and one of another document."""
    same, another = UNRELATED
    for half in HALVES:
        own = [one for one in found if one.half == half]
        followed = [one for one in own if len(one.following.split()) > 7 and one.following.endswith(".")]
        for one in followed[:limit]:
            yield Case(same, "", one.set, half, one.following, one.text)
        for one, other in list(zip(own, own[7:], strict=False))[:limit]:
            if one.document != other.document:
                yield Case(another, "", one.set, half, other.text, one.text)


def share(judged: list[Judged]) -> float:
    return sum(one.right for one in judged) / len(judged) if judged else float("nan")


def rows(judged: list[Judged]) -> list[dict[str, Any]]:
    """A row for each kind in each half, and below it one for each variant and each set."""
    targets = {kind.name: kind.target for kind in KINDS}
    names = list(dict.fromkeys(one.case.kind for one in judged))
    out: list[dict[str, Any]] = []
    for name in names:
        of_kind = [one for one in judged if one.case.kind == name]
        for half in HALVES:
            here = [one for one in of_kind if one.case.half == half]
            target = targets.get(name)
            wrong_or_caught = Counter(one.why for one in here if one.why)
            out.append(
                {"kind": name, "true": name in TRUE_ROWS, "half": half, "n": len(here), "share": share(here)}
                | {"target": target, "met": None if target is None else share(here) >= target}
                | {"why": dict(wrong_or_caught.most_common(5))}
                | {"variants": _parts(here, "variant"), "sets": _parts(here, "set")}
            )
    return out


def _parts(judged: list[Judged], by: str) -> dict[str, dict[str, float]]:
    names = sorted({getattr(one.case, by) for one in judged} - {""})
    parts = {name: [one for one in judged if getattr(one.case, by) == name] for name in names}
    return {name: {"n": len(part), "share": share(part)} for name, part in parts.items()}


def show(found: list[dict[str, Any]], details: bool) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    table = Table(title="passed of the true, caught of the false", title_justify="left", title_style="bold")
    for name in ("kind", "half", "n", "right", "target", "met", "why, mostly"):
        table.add_column(name, justify="right" if name in {"n", "right", "target"} else "left")
    for row in found:
        target, met = row["target"], row["met"]
        why = ", ".join(f"{name} {count}" for name, count in list(row["why"].items())[:2])
        kind = f"{row['kind']} ({'passed' if row['true'] else 'caught'})"
        bound = ("" if target is None else f"≥ {target:.2f}", "" if met is None else "yes" if met else "no")
        table.add_row(kind, row["half"], str(row["n"]), f"{row['share']:.3f}", *bound, why)
        for by in ("variants", "sets") if details else ():
            for name, part in row[by].items():
                table.add_row(f"    {name}", "", str(part["n"]), f"{part['share']:.3f}", "", "", "", style="dim")
    console.print(table)


def sampled(made: list[Case], kind: str, count: int) -> list[Case]:
    """Some pairs of "dev", of a kind, or of a variant of it as "kind/variant"."""
    name, _, variant = kind.partition("/")
    own = [one for one in made if one.half == "dev" and one.kind == name and variant in {"", one.variant}]
    return random.Random(SEED).sample(own, min(count, len(own)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--seeds", type=Path, default=Path(__file__).resolve().parent.parent / "seeds")
    parser.add_argument("--limit", type=int, default=LIMIT, help="pairs of a kind in each half at the most")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--details", action="store_true", help="show each variant and each set, too")
    parser.add_argument(
        "--show", nargs=2, metavar=("KIND", "N"), action="append", default=[], help="pairs judged wrongly"
    )
    parser.add_argument("--sample", nargs=2, metavar=("KIND", "N"), help="print pairs as they were made, and stop")
    chosen = parser.parse_args()
    made = cases(chosen.data, chosen.seeds, chosen.limit)
    if chosen.sample:
        for one in sampled(made, chosen.sample[0], int(chosen.sample[1])):
            print(f"{one.kind}/{one.variant} ({one.set})\n  claim: {one.claim}\n  quote: {one.quote}")
        return

    from rag.verifying.verification import Verifier  # after --sample, which needs no model

    verifier = Verifier(SentenceTransformerEmbedder())
    verifier.judge(made[0].claim, made[0].quote)  # what is loaded late is no part of the speed
    began = time.perf_counter()
    judged = []
    for case in made:
        verdict = verifier.judge(case.claim, case.quote)
        judged.append(Judged(case, verdict.supported, verdict.why))
    seconds = time.perf_counter() - began
    found = rows(judged)
    show(found, chosen.details)
    print(f"{len(made)} pairs in {seconds:.1f} s, {len(made) / seconds:.0f} pairs a second")
    for kind, count in chosen.show:
        wrong = {one.case: one for one in judged if not one.right}
        for case in sampled(list(wrong), kind, int(count)):
            print(f"{case.kind}/{case.variant} ({case.set}) why: {wrong[case].why or '-'}")
            print(f"  claim: {case.claim}\n  quote: {case.quote}")
    if chosen.json:
        content = {"rows": found, "pairs": len(made), "pairs a second": len(made) / seconds, "machine": machine()}
        chosen.json.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
