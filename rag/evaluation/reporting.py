"""What a run of questions came to: every measure with its interval, and the same as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rag.evaluation.bootstrap import intervals
from rag.evaluation.measures import Bin, measures, reliability, table
from rag.evaluation.running import Outcome


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure's value, the 95% interval around it, and the number of questions it is taken over."""

    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True, slots=True)
class Report:
    """A set's name, its questions and what came of each, the measures that apply to it, and its reliability diagram."""

    name: str
    outcomes: tuple[Outcome, ...]
    measures: dict[str, Estimate]
    reliability: tuple[Bin, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report in plain values."""
        first = next((one.given.answer.fingerprint for one in self.outcomes if one.given is not None), None)
        return {
            "set": self.name,
            "questions": len(self.outcomes),
            "measures": {name: asdict(one) for name, one in self.measures.items()},
            "reliability": [asdict(one) for one in self.reliability],
            "fingerprint": None if first is None else first.model_dump(mode="json"),
            "outcomes": [_plain(one) for one in self.outcomes],
        }


def report(name: str, outcomes: Sequence[Outcome], k: int) -> Report:
    """Score what came of the questions; measures that nothing is known for are left out."""
    rows = table(outcomes, k)
    applying = [
        (one, value, of) for one in measures(k) if (of := one.of(rows)) and not math.isnan(value := one.value(rows))
    ]
    bounds = intervals(rows, [one.asked.group for one in outcomes], [one.value for one, _, _ in applying])
    estimates = {
        one.name: Estimate(value, low, high, of) for (one, value, of), (low, high) in zip(applying, bounds, strict=True)
    }
    return Report(name, tuple(outcomes), estimates, tuple(reliability(rows)))


def _plain(one: Outcome) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": one.asked.id,
        "question": one.asked.question,
        "answerable": one.asked.answerable,
        "passages": one.passages,
        "sentences": one.sentences,
    }
    if one.given is not None:
        answer = one.given.answer
        plain |= {
            "abstained": answer.abstained,
            "why": answer.why,
            "confidence": answer.confidence,
            "right": one.given.right,
            "right_any": one.given.right_any,
            "seconds": round(one.given.seconds, 4),
            "text": answer.text,
            "citations": [[cited.document, cited.start, cited.end] for cited in answer.citations],
        }
    return plain
