"""What Pincite's ranking of passages is measured against, on the same documents and with the same model.

BM25, dense vectors and their reciprocal rank fusion rank Pincite's own passages; the LangChain tutorial's pipeline
cuts its own: RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings, and the FAISS vector store, as
langchain_community has it (install `.[benchmark]`). Vectors are kept in the work folder.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.embedding import Embedder, SentenceTransformerEmbedder, Vectors
from index.snapshot import Snapshot, StoredPassage
from rag.evaluation.places import Found
from rag.understanding.question import analyse

FUSED = 100  # passages of each ranking that reciprocal rank fusion sees
RRF = 60


class Passages:
    """The passages of an index, ranked for questions in three plain ways."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, work: Path) -> None:
        self._snapshot, self._embedder = snapshot, embedder
        names = snapshot.names_within(None)
        self._at: dict[int, Found] = {}
        texts: list[str] = []
        for content, name in names.items():
            document = snapshot.document(name)
            for passage in self._of(content):
                spans = snapshot.spans(passage.sentences)
                start, end = spans[passage.first].start, spans[passage.last].end
                self._at[passage.id] = (name, start, end)
                texts.append(document.text[start:end])
        self._ids = np.array(list(self._at))
        self._vectors = cached(texts, embedder, work)

    def bm25(self, question: str, k: int) -> list[Found]:
        return [self._at[one] for one in self._bm25(question, k)]

    def dense(self, question: str, k: int) -> list[Found]:
        return [self._at[one] for one in self._dense(question, k)]

    def rrf(self, question: str, k: int) -> list[Found]:
        scores: dict[int, float] = {}
        for ranking in (self._bm25(question, FUSED), self._dense(question, FUSED)):
            for rank, one in enumerate(ranking, 1):
                scores[one] = scores.get(one, 0.0) + 1 / (RRF + rank)
        return [self._at[one] for one in sorted(scores, key=lambda one: (-scores[one], one))[:k]]

    def _bm25(self, question: str, k: int) -> list[int]:
        terms = analyse(question).terms
        return [hit.id for hit in self._snapshot.searcher.matching_passages(terms, k)] if terms else []

    def _dense(self, question: str, k: int) -> list[int]:
        cosines = self._vectors @ self._embedder.embed_question(question)
        return [int(one) for one in self._ids[np.argsort(-cosines, kind="stable")[:k]]]

    def _of(self, content: int) -> list[StoredPassage]:
        return self._snapshot.passages_holding(self._snapshot.sentence_ids([content]).tolist())


def tutorial(
    snapshot: Snapshot, embedder: SentenceTransformerEmbedder, work: Path
) -> Callable[[str, int], list[Found]]:
    """The pipeline of the LangChain tutorial over the documents of an index."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # langchain_community says of itself that it retires
        from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    # The same files of the same model, so that no hub is asked.
    embeddings = HuggingFaceEmbeddings(model_name=str(embedder.folder))
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    names = sorted(snapshot.names_within(None).values())
    chunks = splitter.split_documents(
        [Document(snapshot.document(name).text, metadata={"source": name}) for name in names]
    )
    texts = [chunk.page_content for chunk in chunks]
    # Embedded as FAISS.from_documents embeds them; from here only so that a second run finds the vectors.
    vectors = cached(texts, embedder, work)
    store = FAISS.from_embeddings(
        zip(texts, vectors.tolist(), strict=True), embeddings, [chunk.metadata for chunk in chunks]
    )

    def search(question: str, k: int) -> list[Found]:
        hits = store.similarity_search(question, k=k)
        places = [(hit.metadata["source"], hit.metadata["start_index"], hit) for hit in hits]
        return [(source, start, start + len(hit.page_content)) for source, start, hit in places]

    return search


def cached(texts: Sequence[str], embedder: Embedder, work: Path) -> Vectors:
    """The vectors of some texts, kept in the work folder under a digest of texts and model."""
    digest = hashlib.sha256(embedder.identity.digest.encode())
    for text in texts:
        digest.update(f"\0{text}".encode("utf-8", "surrogatepass"))
    file = work / f"vectors-{digest.hexdigest()[:16]}.npy"
    if not file.exists():
        np.save(file, embedder.embed(texts))
    found: Vectors = np.load(file)
    return found
