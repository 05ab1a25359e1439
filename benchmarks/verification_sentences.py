"""The true sentences that `verification.py` rewords and corrupts, and SciFact's claims with what they were made from.

Sentences are taken as they stand from abstracts, full texts and snippets of the public sets and from the reviews in
seeds/. A document belongs to one of two halves by a hash of its name: whoever writes rules may look at "dev", and
"held out" says how well the rules do on documents that nobody looked at.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from folds import fold_of

from index.sentences import sentence_spans

Half = Literal["dev", "held out"]
HALVES: tuple[Half, Half] = ("dev", "held out")
SEED = 29

_WORDS = range(8, 56)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# A whole sentence of prose: no heading, caption, address or remains of a table.
_SHAPE = re.compile(r"[A-Z0-9][^\n\t|•]+[^\W_)%\]][)\]]?\.\Z")
_FURNITURE = re.compile(
    r"(?i:https?:|www\.|doi|@|©|copyright|correspondence|et al|all rights|▪|\bfig(?:ure|s)?\b|\btable\b|"
    r"supplementary|\.\.|"
    r"__|competing interest|funding|patient consent|license|quick price|mendeley|manuscript|pdf file|"
    r"[a-z]\.methods|\bour\s+(?:web|site))|[A-Z]{2,}(?: [A-Z]{2,}){2}|"
    r"^(?:BACKGROUND|OBJECTIVES?|AIMS?|METHODS?|RESULTS?|CONCLUSIONS?|PURPOSE|DESIGN|SETTING|PATIENTS|INTERVENTIONS?"
    r"|MAIN OUTCOME\w*|CONTEXT|FINDINGS|INTRODUCTION|INTERPRETATION|RATIONALE)\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the set and document it is of, and the one that follows it there ("" if none)."""

    set: str
    document: str
    text: str
    following: str = ""

    @property
    def half(self) -> Half:
        return half_of(self.set, self.document)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim that a person wrote, and sentences of an abstract that it is held against."""

    row: str
    document: str
    claim: str
    quote: str

    @property
    def half(self) -> Half:
        return half_of("scifact", self.document)


def half_of(name: str, document: str) -> Half:
    """The half of a document of the set `name`."""
    return HALVES[fold_of(f"verification/{name}", document, len(HALVES))]


def sentences(data: Path, seeds: Path) -> list[Sentence]:
    """All sentences: those of the seeds, then one of each set in turn, within a set in a fixed random order."""
    shuffled = []
    for found in (_scifact(data), _evidence_inference(data), _covidqa(data), _bioasq(data)):
        own = list(found)
        random.Random(SEED).shuffle(own)
        shuffled.append(own)
    in_turn = [one for row in zip_longest(*shuffled) for one in row if one is not None]
    seen: set[str] = set()
    return [
        one
        for one in (*_seeds(seeds), *in_turn)
        if _usable(one.text) and not (one.text in seen or seen.add(one.text))  # type: ignore[func-returns-value]
    ]


def scifact_pairs(data: Path) -> list[Pair]:
    """Claims against their evidence, against the nearest sentences of an abstract without any, and against another's.

    "not enough information": the two sentences of the cited abstract that share the most words with the claim; people
    found no evidence in that abstract. "unrelated": the evidence of the claim after next, of another abstract.
    """
    corpus = {row["doc"]: [text.strip() for text in row["sentences"]] for row in _rows(data / "scifact/corpus.jsonl")}
    claims = list(_rows(data / "scifact/claims_dev.jsonl"))
    pairs = []
    for row in claims:
        for document, evidence in row["evidence"].items():
            at = sorted({number for one in evidence for number in one["sentences"]})
            quote = " ".join(corpus[document][number] for number in at)
            label = "supported" if row["label"] == "SUPPORT" else "refuted"
            pairs.append(Pair(f"SciFact {label}", document, row["claim"], quote))
        if not row["evidence"]:
            document = row["cited_docs"][0]
            quote = _nearest(row["claim"], corpus[document])
            pairs.append(Pair("SciFact not enough information", document, row["claim"], quote))
    with_evidence = [pair for pair in pairs if pair.row != "SciFact not enough information"]
    for pair, other in zip(with_evidence, with_evidence[3:] + with_evidence[:3], strict=True):
        if pair.document != other.document:
            pairs.append(Pair("SciFact unrelated", other.document, pair.claim, other.quote))
    return pairs


def _nearest(claim: str, texts: list[str]) -> str:
    words = _content(claim)
    shared = sorted(range(len(texts)), key=lambda at: (-len(words & _content(texts[at])), at))
    return " ".join(texts[at] for at in sorted(shared[:2]))


def _content(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text) if len(word) > 3}


def _usable(text: str) -> bool:
    """Whether this is one whole sentence of prose, with its brackets closed."""
    return (
        len(text.split()) in _WORDS
        and _SHAPE.match(text) is not None
        and re.match(r"\d+\s?[,.–-]", text) is None
        and _FURNITURE.search(text) is None
        and text.count("(") == text.count(")")
        and text.count("[") == text.count("]")
        and sum(word.islower() for word in text.split()) > 0.5 * len(text.split())
    )


def _cut(name: str, document: str, text: str) -> Iterator[Sentence]:
    found = [" ".join(text[span.start : span.end].split()) for span in sentence_spans(text)]
    for at, one in enumerate(found):
        yield Sentence(name, document, one, found[at + 1] if at + 1 < len(found) else "")


def _scifact(data: Path) -> Iterator[Sentence]:
    """The evidence sentences of the abstracts."""
    corpus = {row["doc"]: row["sentences"] for row in _rows(data / "scifact/corpus.jsonl")}
    for row in _rows(data / "scifact/claims_dev.jsonl"):
        for document, evidence in row["evidence"].items():
            texts = [" ".join(text.split()) for text in corpus[document]]
            for number in sorted({number for one in evidence for number in one["sentences"]}):
                following = texts[number + 1] if number + 1 < len(texts) else ""
                yield Sentence("scifact", document, texts[number], following)


def _evidence_inference(data: Path) -> Iterator[Sentence]:
    """The evidence spans, and the abstracts of the same trials."""
    folder = data / "evidence_inference"
    for row in _rows(folder / "qas_dev.jsonl"):
        for answer in row["answers"]:
            yield from _cut("evidence_inference", row["doc"], answer["text"])
    for row in _rows(folder / "docs.jsonl"):
        text = (folder / "docs_txt" / f"{row['doc']}.txt").read_text(encoding="utf-8")
        for part in re.findall(r"^ABSTRACT[^\n]*:\n(.+?)(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL):
            yield from _cut("evidence_inference", row["doc"], part)


def _covidqa(data: Path) -> Iterator[Sentence]:
    for file in sorted((data / "covidqa/docs").glob("*.txt")):
        yield from _cut("covidqa", file.stem, file.read_text(encoding="utf-8"))


def _bioasq(data: Path) -> Iterator[Sentence]:
    for row in _rows(data / "bioasq/passages.jsonl"):
        if row["section"] != "title":
            yield from _cut("bioasq", row["doc"], row["text"])


def _seeds(folder: Path) -> Iterator[Sentence]:
    for file in sorted(folder.glob("*.txt")):
        yield from _cut("seeds", file.name, file.read_text(encoding="utf-8"))


def _rows(file: Path) -> Iterable[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
