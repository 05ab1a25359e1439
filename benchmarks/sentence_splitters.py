"""Compare sentence splitters on biomedical prose, each alone and with the repair layer of `index.sentences`.

    PYTHONPATH=. python benchmarks/sentence_splitters.py --data DIR [--json FILE]

DIR holds `scifact/corpus.jsonl`, `covidqa/docs/*.txt` and `evidence_inference/docs_txt/*.txt`.

- SciFact: its abstracts are lists of sentences. Joined with one space, are the boundaries found
  again? Its own split is automatic ("1.4 +/-" ends a "sentence"), so the "clean" figures leave out
  every abstract with a sentence that opens in lower case or ends in no stop.
- Hard cases: written by hand; a case passes when every boundary is right.
- Prose: boundaries that look wrong (a lower-case word follows, or an abbreviation precedes), and
  boundaries that look missed (a plain word, a full stop and a common opener, inside one sentence),
  per 1,000 sentences. The repair layer joins before lower case by rule, so for the first of these
  two only the libraries alone are evidence.
- Exact: the share of paragraphs whose pieces are the text at their offsets and cover all of it.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import itertools
import json
import random
import re
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.sentences import repaired

# Offsets and wording of each piece, as the library gives them.
Piece = tuple[int, int, str]
Splitter = Callable[[str], list[Piece]]


def nupunkt() -> Splitter:
    """Unsupervised Punkt with a model trained on legal and general English; pure Python."""
    model = importlib.import_module("nupunkt").load("default")
    return lambda text: [(start, end, piece) for piece, start, end in model.iter_segments(text)]


def pysbd() -> Splitter:
    """A rule-based port of Ruby's Pragmatic Segmenter; pure Python."""
    segmenter = importlib.import_module("pysbd").Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [(span.start, span.end, span.sent) for span in segmenter.segment(text)]


def sentencex() -> Splitter:
    """Wikimedia's rules and abbreviation lists; a compiled Rust extension."""
    boundaries = importlib.import_module("sentencex").get_sentence_boundaries
    return lambda text: [(b["start_index"], b["end_index"], b["text"]) for b in boundaries("en", text)]


LIBRARIES: dict[str, Callable[[], Splitter]] = {"nupunkt": nupunkt, "pysbd": pysbd, "sentencex": sentencex}

# Each case is the list of its sentences, joined with one space.
HARD_CASES: list[list[str]] = [
    ["Smolen et al. showed a response in 12 patients.", "No relapse occurred."],
    ["This was reported by Smolen et al. (2013) and others."],
    ["Methylprednisolone 100 mg i.v. was given before each infusion."],
    ["Animals received 5 mg/kg i.p. daily for 3 wk."],
    ["The drug was given i.v.", "Patients were then observed for 24 h."],
    ["As shown in Fig. 2, the response was rapid."],
    ["The response was rapid (Fig. 2A).", "B cells returned by day 90."],
    ["See Figs. 3 and 4 and Suppl. Table S1 for details."],
    ["Some agents, e.g. Rituximab and Belimumab, act on B cells (i.e. CD20-positive cells)."],
    ["Remission was common (60% vs. 30%), but CAR-T vs. Rituximab was not compared."],
    ["Follow-up was approx. 12 months."],
    ["Guidelines by J. S. Smolen and D. van der Heijde were updated."],
    ["We thank Dr. A. B. Jones and Prof. Miller for advice."],
    ["The difference was significant (p < .001) at week 24."],
    ["The dose was 0.5 mg/kg.", "It was reduced to 0.25 mg/kg."],
    ["Growth of E. coli and S. aureus was inhibited."],
    ["The enterovirus group includes Staphylococcus spp. and others."],
    ["It was isolated from Candida sp. JH1 in 2004."],
    ["Patients were treated in St. Louis, Missouri (protocol No. 5 of 2019)."],
    ["The U.S. Food and Drug Administration approved it."],
    ["Incidence rose in the U.S. and Canada.", "It fell in the U.K.", "The cause is unknown."],
    ["Relapse was rare [1,2].", "Infections were common [3-5]."],
    ["Relapse was rare. [1,2]", "Infections were common. [3]"],
    ["Many countries reported influenza.1", "While deaths fell, cases rose.2,3", "The cause is unknown."],
    ["Relapse was rare in lupus.12–14", "Relapse was rare in myositis.[12]", "However, follow-up was short."],
    ["Values fell to 5.2 Units per litre and 0.11 MB were stored."],
    ["The agent depletes CD19+ T cells.", "It also affects IL-2.", "The effect was brief."],
    ["It was caused by hepatitis B.", "The vaccine prevents it."],
    ["This was a study of lung cancer.", "Factors were sought in earlier reports.", "Analysis was blinded."],
    ["Remission lasted 24 mo.", "Relapse was seen in the West.", "Conclusions are early."],
    ["They lacked vitamin D.", "Supplements were given."],
    ["“We saw no relapse.”", "The authors then stopped."],
    ["(The trial was stopped early.)", "No further analysis was done."],
    ["The result (see below; cf. Table 2) was robust.", "A second trial confirmed it."],
    ["Was remission lasting?", "In five patients it was."],
    ["Samples were spun at 300 g for 10 min.", "Cells were then washed."],
    ["Cells were kept at 37 °C.", "After 24 h, RNA was extracted."],
    ["Serum was drawn by Shalimar et al.", "The lack of difference was reported."],
    ["Groups were compared by t-test etc. before unblinding.", "The mean was 12.4 (S.D. 3.1) in controls."],
    ["Reagents came from Sigma-Aldrich Inc. (St. Louis, MO, U.S.A.) and Roche Ltd. in Basel."],
    ["mTOR was blocked.", "mRNA levels fell.", "p53 was not affected."],
    ["Tablets were taken b.i.d. with food."],
    ["Data were analysed in R (ver. 4.1.2; R Core Team).", "Scripts are at https://example.org/a.b/c.html for reuse."],
    ["The variant c.35G>A p.Gly12Asp was found in one patient."],
    ["The sequence was deposited (GenBank accession no. AY278741.1).", "It differs by two bases."],
    ["Smith, J. (2010) reported remission.", "We did not."],
    ["The first\nsentence wraps over\nLines of text.", "The second does not."],
]

_ABBREVIATION = re.compile(
    r"(?:\bal|\be\.g|\bi\.e|\bvs|\bcf|\bFigs?|\bapprox|\bca|\bDrs?|\bProf|\bEqs?|\bRefs?|\bNo|\bi\.[vpm]|\bs\.c"
    r"|\bspp?|\bSt|\bsubsp|\bvar|\bviz|\b[A-Z]\.\s?[A-Z]|\(\w{1,3})\.$"
)
_LOWER = re.compile(r"[a-z]{2,}[ ,]")
_MISSED = re.compile(
    r"[a-z]{4}[)\]]?[.?!]\s(?:The|We|In|This|These|However|A|It|Our|To|For|Although|There|They|When|Furthermore)\s"
)
_SENTENCE_SHAPE = re.compile(r"[^a-z].*[.?!][\"')\]”]*$", re.DOTALL)


@dataclass
class Result:
    """What was measured of one splitter."""

    name: str
    version: str
    seconds_to_load: float
    scifact: dict[str, float] = field(default_factory=dict)
    scifact_clean: dict[str, float] = field(default_factory=dict)
    hard_failed: list[str] = field(default_factory=list)
    looks_wrong: float = 0.0
    looks_missed: float = 0.0
    sentences: int = 0
    sentences_per_second: float = 0.0
    exact: float = 0.0


def starts(pieces: list[Piece]) -> set[int]:
    """Where each sentence but the first begins."""
    return {start + len(piece) - len(piece.lstrip()) for start, _, piece in pieces if start and piece.strip()}


def scores(abstracts: list[list[str]], split: Callable[[str], set[int]]) -> dict[str, float]:
    """Boundary precision, recall and F1 against the given sentences."""
    right = found = wanted = 0
    for sentences in abstracts:
        gold, got = boundaries(sentences), split(" ".join(sentences))
        right, found, wanted = right + len(gold & got), found + len(got), wanted + len(gold)
    return {"precision": right / found, "recall": right / wanted, "f1": 2 * right / (found + wanted)}


def boundaries(sentences: list[str]) -> set[int]:
    """Where each sentence but the first begins, once joined with one space."""
    return set(itertools.accumulate(len(sentence) + 1 for sentence in sentences[:-1]))


def is_exact(text: str, pieces: list[Piece]) -> bool:
    """Whether the pieces are the text at their offsets, in order, with only white space between."""
    position = 0
    for start, end, piece in pieces:
        if start < position or text[position:start].strip() or text[start:end] != piece:
            return False
        position = end
    return not text[position:].strip()


def paragraphs(data: Path) -> Iterator[str]:
    """The prose paragraphs of the full texts."""
    for file in sorted(data.glob("covidqa/docs/*.txt")) + sorted(data.glob("evidence_inference/docs_txt/*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if len(line.split()) > 8:
                yield line.strip()


def measure(name: str, split: Callable[[str], set[int]], result: Result, corpus: dict[str, Any]) -> Result:
    """Every measure but exactness and time to load."""
    result.scifact = scores(corpus["abstracts"], split)
    result.scifact_clean = scores(corpus["clean"], split)
    result.hard_failed = [" | ".join(case) for case in HARD_CASES if split(" ".join(case)) != boundaries(case)]
    began = time.perf_counter()
    cuts = [split(text) for text in corpus["paragraphs"]]
    result.sentences = sum(map(len, cuts)) + len(cuts)
    result.sentences_per_second = result.sentences / (time.perf_counter() - began)
    wrong = missed = 0
    for text, found in zip(corpus["paragraphs"], cuts, strict=True):
        wrong += sum(bool(_LOWER.match(text, cut) or _ABBREVIATION.search(text[:cut].rstrip())) for cut in found)
        missed += sum(not any(m.start() < cut <= m.end() for cut in found) for m in _MISSED.finditer(text))
    result.looks_wrong = 1000 * wrong / result.sentences
    result.looks_missed = 1000 * missed / result.sentences
    return result


def table(results: list[Result]) -> str:
    """The results as aligned text."""
    head = f"{'splitter':<28}{'P':>7}{'R':>7}{'F1':>7}{'clean F1':>10}{'hard':>9}{'wrong/k':>9}{'missed/k':>9}"
    lines = [head + f"{'sent/s':>10}{'load s':>8}{'exact':>9}"]
    for r in results:
        hard = f"{len(HARD_CASES) - len(r.hard_failed)}/{len(HARD_CASES)}"
        lines.append(
            f"{r.name + ' ' + r.version:<28}{r.scifact['precision']:>7.4f}{r.scifact['recall']:>7.4f}"
            f"{r.scifact['f1']:>7.4f}{r.scifact_clean['f1']:>10.4f}{hard:>9}{r.looks_wrong:>9.2f}"
            f"{r.looks_missed:>9.2f}{r.sentences_per_second:>10.0f}{r.seconds_to_load:>8.3f}{r.exact:>9.4f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure every library alone and repaired, print the table, write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the data sets")
    parser.add_argument("--json", type=Path, help="write the results here too")
    parser.add_argument("--only", nargs="+", choices=LIBRARIES, default=list(LIBRARIES), help="measure only these")
    parser.add_argument("--failures", action="store_true", help="print the hard cases each splitter fails")
    args = parser.parse_args()
    with (args.data / "scifact/corpus.jsonl").open(encoding="utf-8") as lines:
        corpus_sentences = [[s.strip() for s in json.loads(line)["sentences"] if s.strip()] for line in lines]
    abstracts = random.Random(13).sample(corpus_sentences, 1500)
    corpus: dict[str, Any] = {
        "abstracts": abstracts,
        "clean": [a for a in abstracts if all(map(_SENTENCE_SHAPE.match, a))],
        "paragraphs": list(paragraphs(args.data)),
    }
    print({key: len(value) for key, value in corpus.items()})
    results = []
    for name in args.only:
        began = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # pysbd's unescaped patterns, on Python 3.12 and later
            library = LIBRARIES[name]()
        library("A first call. It loads what is lazy.")
        seconds = time.perf_counter() - began
        version = importlib.metadata.version(name)
        alone = Result(name, version, seconds)
        measure(name, lambda text, f=library: starts(f(text)), alone, corpus)  # type: ignore[misc]
        alone.exact = sum(is_exact(text, library(text)) for text in corpus["paragraphs"]) / len(corpus["paragraphs"])
        mended = Result(name + " + repair", version, seconds, exact=1.0)
        measure(name, lambda text, f=library: set(repaired(text, starts(f(text)))) - {0}, mended, corpus)  # type: ignore[misc]
        results += [alone, mended]
    print(table(results))
    for r in results if args.failures else []:
        print(f"\n{r.name}", *r.hard_failed, sep="\n  ")
    if args.json:
        args.json.write_text(json.dumps([asdict(r) for r in results], indent=2, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
