"""Is the right passage found first? Pincite against the pipeline of the LangChain tutorial, on COVID-QA.

The tutorial pipeline is RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings with the same model
and the FAISS vector store, as langchain_community has it (install `.[benchmark]`). Both search the same
articles with the same questions; questions that only make sense beside their article ("in this study") are
left out. A hit is a passage of the right article that holds the whole answer span.

    python benchmarks/covidqa.py --data FOLDER [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

DEPTHS = (1, 5, 10)
Found = list[tuple[str, int, int]]
"""Passages in order: article, start, end."""


def questions(data: Path) -> list[dict[str, Any]]:
    lines = (data / "covidqa" / "qas_dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if "doc_dependent" not in row["flags"]]


def pincite(articles: Path, asked: list[str], model: str) -> list[Found]:
    from rag import Assistant

    with tempfile.TemporaryDirectory() as folder, Assistant(seeds=articles, index=folder, model=model) as assistant:
        started = time.perf_counter()
        report = assistant.sync()
        print(f"Pincite: {report.embedded} sentences embedded, {time.perf_counter() - started:.0f} s")
        return [
            [(found.document, found.start, found.end) for found in assistant.search(question, max(DEPTHS))]
            for question in asked
        ]


def tutorial(articles: Path, asked: list[str], model: str) -> list[Found]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # langchain_community says of itself that it retires
        from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from index.embedding import SentenceTransformerEmbedder

    # The same files of the same model, so that no hub is asked.
    embeddings = HuggingFaceEmbeddings(model_name=str(SentenceTransformerEmbedder(model).folder))
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    documents = [Document(_text(file), metadata={"source": file.name}) for file in sorted(articles.iterdir())]
    started = time.perf_counter()
    chunks = splitter.split_documents(documents)
    store = FAISS.from_documents(chunks, embeddings)
    print(f"Tutorial: {len(chunks)} chunks embedded, {time.perf_counter() - started:.0f} s")
    found = []
    for question in asked:
        hits = store.similarity_search(question, k=max(DEPTHS))
        places = [(hit.metadata["source"], hit.metadata["start_index"], hit) for hit in hits]
        found.append([(source, start, start + len(hit.page_content)) for source, start, hit in places])
    return found


def _text(file: Path) -> str:
    with file.open(encoding="utf-8", newline="") as stream:
        return stream.read()


def score(rows: list[dict[str, Any]], found: list[Found]) -> dict[str, float]:
    """The share of questions with a hit among the first k."""
    ranks = []
    for row, passages in zip(rows, found, strict=True):
        spans = [(answer["start"], answer["start"] + len(answer["text"].rstrip())) for answer in row["answers"]]
        hits = (
            rank
            for rank, (source, start, end) in enumerate(passages)
            if source == f"{row['doc']}.txt" and any(start <= low and high <= end for low, high in spans)
        )
        ranks.append(next(hits, None))
    return {f"hit@{depth}": sum(rank is not None and rank < depth for rank in ranks) / len(ranks) for depth in DEPTHS}


def main() -> None:
    from index.embedding import DEFAULT_MODEL

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds covidqa/")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--json", type=Path, help="write the figures here")
    chosen = parser.parse_args()
    rows = questions(chosen.data)
    asked = [row["question"] for row in rows]
    articles = chosen.data / "covidqa" / "docs"
    results = {
        "pincite": score(rows, pincite(articles, asked, chosen.model)),
        "langchain tutorial": score(rows, tutorial(articles, asked, chosen.model)),
    }
    print(f"\nCOVID-QA dev, {len(rows)} questions, {len(list(articles.iterdir()))} articles")
    for name, figures in results.items():
        print(f"{name:20s}", "  ".join(f"{key} {value:.3f}" for key, value in figures.items()))
    ratio = results["pincite"]["hit@1"] / results["langchain tutorial"]["hit@1"]
    print(f"hit@1 ratio: {ratio:.2f}")
    if chosen.json:
        report = {"questions": len(rows), "model": chosen.model, "results": results, "hit@1 ratio": ratio}
        chosen.json.write_text(json.dumps(report, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
