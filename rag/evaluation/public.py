"""The formats of public sets: what a line of each says of documents and of questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.evaluation.places import Place, trimmed
from rag.evaluation.questions import Asked

Row = Mapping[str, Any]

DECLINED = {"id", "question", "field", "question_type"}
"""The keys by which a list of questions that no document answers is known."""

_ODD = re.compile(r"[^\w.#-]")
_BETWEEN = "\n\n"  # snippets of a document, or its title and text


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a set: texts by name, and the places of the snippets or sentences that its gold names."""

    texts: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Place] = field(default_factory=dict)


def file_name(document: str) -> str:
    """The name under which a document of a set stands on its shelf."""
    return f"{_ODD.sub('_', document)}.txt"


def _paragraph(row: Row, corpus: Corpus) -> None:
    corpus.texts[file_name(row["doc"])] = row["text"]


def _snippet(row: Row, corpus: Corpus) -> None:
    name = file_name(row["doc"])
    before = corpus.texts.get(name, "")
    before += _BETWEEN if before else ""
    start, end = trimmed(row["text"], len(before))
    corpus.texts[name] = before + row["text"]
    corpus.parts[row["passage"]] = Place(name, start, end, whole=False)


def _abstract(row: Row, corpus: Corpus) -> None:
    name = file_name(row["doc"])
    text = f"{row['title']}{_BETWEEN}" if row.get("title") else ""
    if "sentences" not in row:
        text += row["text"]
        if conclusion := row.get("conclusion"):
            start, end = trimmed(conclusion, len(text) + 1)
            corpus.parts[row["doc"]] = Place(name, start, end)
            text += f"\n{conclusion}"
        corpus.texts[name] = text
        return
    for number, sentence in enumerate(row["sentences"]):
        start, end = trimmed(sentence, len(text))
        corpus.parts[f"{row['doc']}/{number}"] = Place(name, start, end)
        text += f"{sentence} "
    corpus.texts[name] = text.rstrip()


DOCUMENTS: dict[str, Callable[[Row, Corpus], None]] = {
    "paragraphs.jsonl": _paragraph,
    "passages.jsonl": _snippet,
    "corpus.jsonl": _abstract,
}
"""What puts a line of each file of documents among the texts."""


def articles(row: Row, corpus: Corpus) -> Iterator[Asked]:
    """COVID-QA, Evidence Inference: answers in full articles, each asked again with its article off the shelf."""
    if "doc_dependent" in row["flags"]:
        return  # "in this study": only to be understood beside the article
    name = f"{row['doc']}.txt"
    spans = [trimmed(answer["text"], answer["start"]) for answer in row["answers"]]
    gold = tuple(Place(name, start, end) for start, end in spans)
    asked = Asked(row["id"], row["question"], True, gold, gold, group=row["doc"])
    yield from [asked] if "question_in_several_articles" in row["flags"] else _twins(asked, (name,))


def snippets(row: Row, corpus: Corpus) -> Iterator[Asked]:
    """BioASQ: a document is the snippets of one abstract. Asked again without the documents that answer."""
    gold = tuple(corpus.parts[name] for name in row["gold_passages"] if name in corpus.parts)
    if gold:
        names = tuple(sorted({place.document for place in gold}))
        yield from _twins(Asked(row["id"], row["question"], True, gold, gold, group=min(row["gold_docs"])), names)


def _twins(asked: Asked, without: tuple[str, ...]) -> Iterator[Asked]:
    yield asked
    yield Asked(f"{asked.id} without", asked.question, False, without=without, group=asked.group)


def claims(row: Row, corpus: Corpus) -> Iterator[Asked]:
    """SciFact: claims, their abstracts, and the sentences that are evidence.

    A claim of which only is known that one abstract says too little is left out: others may say enough.
    """
    if not row["gold_docs"]:
        return
    gold = tuple(Place(file_name(name)) for name in row["gold_docs"])
    evidence = tuple(
        corpus.parts[f"{name}/{number}"]
        for name, found in row["evidence"].items()
        for one in found
        for number in one["sentences"]
    )
    yield Asked(row["id"], row["claim"], True, gold, evidence, group=min(row["gold_docs"]))


def abstracts(row: Row, corpus: Corpus) -> Iterator[Asked]:
    """PubMedQA: questions, the abstracts that answer them, and their conclusions, which say it."""
    gold = tuple(Place(file_name(name)) for name in row["gold_docs"])
    conclusions = tuple(corpus.parts[name] for name in row["gold_docs"] if name in corpus.parts)
    yield Asked(row["id"], row["question"], True, gold, conclusions, group=min(row["gold_docs"]))


def near_misses(row: Row, corpus: Corpus) -> Iterator[Asked]:
    """SQuAD 2.0: paragraphs, questions they answer, and questions written to look as if they did."""
    name, answerable = file_name(row["doc"]), bool(row["answerable"])
    spans = [trimmed(answer["text"], answer["start"]) for answer in row["answers"]]
    yield Asked(
        row["id"],
        row["question"],
        answerable,
        (Place(name),) if answerable else (),
        tuple(Place(name, start, end) for start, end in spans) if answerable else (),
        group=row["doc"],
    )


def golden(row: Row, corpus: Corpus) -> Iterator[Asked]:
    """Questions on a shelf with gold spans, some of them parts of a conversation."""
    spans = ((span["doc"], int(span["start"]), int(span["end"])) for span in row["gold_spans"])
    gold = tuple(Place(*span) for span in spans)
    history = tuple({"role": str(turn["role"]), "content": str(turn["content"])} for turn in row["history"])
    yield Asked(row["id"], row["question"], bool(row["answerable"]), gold, gold, history)


def declined(row: Row, corpus: Corpus) -> Iterator[Asked]:
    """ExpertQA: questions that the shelf, whichever it is, is taken not to answer."""
    yield Asked(row["id"], row["question"], False)
