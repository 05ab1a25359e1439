"""The tables and pictures of benchmarks/quality.py: Pincite beside the baselines, and what was aimed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from folds import held_out
from rich.console import Console
from rich.table import Table

from rag.evaluation.bootstrap import resamples
from rag.evaluation.measures import table
from rag.evaluation.plotting import bars, new_figure, reliability_diagram
from rag.evaluation.reporting import Estimate, Report, report
from ui.evaluating import interval, number

K = 10
GOLDEN, DISTRACTORS = "golden_seeds", "near_distractors"
RANKED = ("covidqa", "bioasq", "scifact", "evidence_inference", "squad_v2_dev")
"""The sets over which the lead on the best baseline is averaged."""
TAUGHT = (*RANKED, "pubmedqa")
"""The sets that the reader was trained on a part of."""
UNSEEN = " (held out)"
"""What is added to the name of such a set for its questions about articles that the reader has not seen."""
COMPARED = ("hit@1", "nDCG@10")
TARGETS = {
    ("covidqa", "hit@1"): "≥ .64",
    ("covidqa", "hit@5"): "≥ .84",
    ("covidqa", "nDCG@10"): "≥ .75",
    ("covidqa", "sentence hit@1"): "≥ .52",
    ("covidqa", "sentence hit@3"): "≥ .68",
    ("covidqa", "AUROC"): "≥ .90",
    ("squad_v2_dev", "AUROC"): "≥ .75",
    ("expertqa_health", "false answers"): "≤ .03",
}


_WIDTH = 150  # columns, wherever it is printed to


@dataclass
class Result:
    """What a set came to: Pincite's report, the baselines', Pincite's lead on the best of them, golden passes."""

    pincite: Report
    baselines: dict[str, Report] = field(default_factory=dict)
    lead: dict[str, Estimate] = field(default_factory=dict)
    golden: dict[str, bool] = field(default_factory=dict)

    def compare(self, baselines: Mapping[str, Report]) -> None:
        """Set the result beside those of the baselines on the same questions."""
        self.baselines = dict(baselines)
        if self.baselines and all("hit@1" in one.measures for one in self.baselines.values()):
            self.lead = {measure: lead(self, measure) for measure in COMPARED}

    def best(self, measure: str) -> float:
        return max(one.measures[measure].value for one in self.baselines.values())

    def to_dict(self) -> dict[str, Any]:
        baselines = {
            name: {key: asdict(one) for key, one in found.measures.items()} for name, found in self.baselines.items()
        }
        lead = {name: asdict(one) for name, one in self.lead.items()}
        return {"pincite": self.pincite.to_dict(), "baselines": baselines, "lead": lead, "golden": self.golden}


def unseen(name: str, result: Result) -> Result:
    """The result of a set on the questions about articles that the reader has not seen."""

    def kept(found: Report, called: str) -> Report:
        return report(called, [one for one in found.outcomes if held_out(name, one.asked.group)], K)

    narrowed = Result(kept(result.pincite, name + UNSEEN))
    narrowed.compare({called: kept(found, called) for called, found in result.baselines.items()})
    return narrowed


def lead(result: Result, measure: str) -> Estimate:
    """Pincite's lead on the best baseline, on the same resamples of the same questions."""
    name = max(result.baselines, key=lambda one: result.baselines[one].measures[measure].value)
    theirs = table(result.baselines[name].outcomes, K)
    outcomes = [one for one in result.pincite.outcomes if one.passages is not None]
    mine = table(outcomes, K)
    gains = {
        "hit@1": (mine["rank"] <= 1).astype(float) - (theirs["rank"] <= 1),
        "nDCG@10": mine["ndcg"] - theirs["ndcg"],
    }[measure]
    drawn = [float(gains[rows].mean()) for rows in resamples([one.asked.group for one in outcomes])]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(float(gains.mean()), float(low), float(high), len(gains))


def ahead(results: Mapping[str, Result], measure: str, part: str) -> float:
    """The mean over the ranked sets (or a part of each) of Pincite's lead on the best baseline, relative to it."""
    found = [results[name + part] for name in RANKED if name + part in results and results[name + part].lead]
    return float(np.mean([one.pincite.measures[measure].value / one.best(measure) - 1 for one in found]))


def show(name: str, result: Result, verbose: bool) -> None:
    """Print the table of a set."""
    out = Console(width=_WIDTH, highlight=False)
    questions = len(result.pincite.outcomes)
    answerable = sum(one.asked.answerable for one in result.pincite.outcomes)
    out.print(f"\n[bold]{name}[/]: {questions} questions, {answerable} of them answerable")
    printed = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("measure", "Pincite", "95% interval", *result.baselines, "target"):
        printed.add_column(title, header_style="dim", justify="left" if title in {"measure", "target"} else "right")
    for measure, one in result.pincite.measures.items():
        others = [
            number(found.measures[measure].value) if measure in found.measures else ""
            for found in result.baselines.values()
        ]
        printed.add_row(measure, number(one.value), interval(one), *others, target(name, measure, result))
    out.print(printed)
    for measure, one in result.lead.items():
        out.print(f"  {measure} above the best baseline: {one.value:+.3f} ({one.low:+.3f} to {one.high:+.3f})")
    if result.golden:
        out.print(f"  {sum(result.golden.values())} of {len(result.golden)} questions pass every measure of the set")
    for outcome in result.pincite.outcomes:
        if outcome.given is not None and result.golden and (verbose or not result.golden[outcome.asked.id]):
            mark = "pass" if result.golden[outcome.asked.id] else "FAIL"
            answer = outcome.given.answer
            line = f"  {mark} {outcome.asked.id} {outcome.asked.question}\n       {answer.confidence:.2f} {answer.text}"
            out.print(line, markup=False)


def target(name: str, measure: str, result: Result) -> str:
    """What was aimed at."""
    name = name.removesuffix(UNSEEN)
    stated = TARGETS.get((name, measure), "")
    if name in RANKED and measure in result.lead:
        best = f"≥ {number(result.best(measure))} (best baseline)"
        return f"{stated}; {best}" if stated else best
    return stated


def summary(results: Mapping[str, Result]) -> dict[str, Any]:
    """What the sets come to together."""
    found: dict[str, Any] = {}
    for part in ("", UNSEEN):
        if any(results[name + part].lead for name in RANKED if name + part in results):
            found[f"ahead of the best baseline, relative{part}"] = {
                measure: ahead(results, measure, part) for measure in COMPARED
            }
    company = f"{GOLDEN}+{DISTRACTORS}"
    if GOLDEN in results:
        alone = results[GOLDEN].golden
        found["golden passed"] = f"{sum(alone.values())} of {len(alone)} (target 28 of 30)"
        if company in results:  # the unanswerable ones as they are without it
            both = alone | results[company].golden
            found["golden passed among distractors"] = f"{sum(both.values())} of {len(both)} (target 26 of 30)"
    return found


def draw(results: Mapping[str, Result], file: Path) -> None:
    """A row a set: ranking beside the baselines, and the reliability diagram."""
    figure = new_figure(len(results), 2)
    for row, (name, result) in enumerate(results.items()):
        systems = {"Pincite": result.pincite} | result.baselines
        shown = [key for key in result.pincite.measures if not key.startswith("seconds")]
        if result.baselines:
            shown = [key for key in shown if key.startswith(("hit", "MRR", "nDCG"))]
        measures = {
            system: {key: found.measures[key] for key in shown if key in found.measures}
            for system, found in systems.items()
        }
        bars(figure.axes[2 * row], name, measures)
        reliability_diagram(figure.axes[2 * row + 1], result.pincite.reliability)
    figure.savefig(file)
