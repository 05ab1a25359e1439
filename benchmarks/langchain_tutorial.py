"""The LangChain tutorial's pipeline, as a program: what Pincite's seconds are measured against.

Texts are loaded from a folder, cut up by RecursiveCharacterTextSplitter(1000, 200), embedded by HuggingFaceEmbeddings
and kept in the FAISS vector store; a question brings the three nearest chunks. (`baselines.py` has the same pipeline
over documents already read, to compare rankings.)

    python benchmarks/langchain_tutorial.py build TEXTS MODEL STORE
    python benchmarks/langchain_tutorial.py ask STORE MODEL QUESTION

MODEL is the folder of a sentence-transformers model, so that no hub is asked. Each command imports only what it needs.
"""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.documents import Document

CHUNK, OVERLAP = 1000, 200  # characters, as in the tutorial
SHOWN = 3


def build(texts: Path, model: Path, store: Path) -> int:
    """Index the text files of a folder; returns how many chunks they make."""
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # langchain_community says of itself that it retires
        from langchain_community.document_loaders import DirectoryLoader, TextLoader
        from langchain_community.vectorstores import FAISS

    loader = DirectoryLoader(str(texts), glob="**/*.txt", loader_cls=TextLoader, loader_kwargs={"encoding": "utf-8"})
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    chunks = splitter.split_documents(loader.load())
    FAISS.from_documents(chunks, HuggingFaceEmbeddings(model_name=str(model))).save_local(str(store))
    return len(chunks)


def ask(store: Path, model: Path, question: str) -> list[Document]:
    """The chunks nearest to a question."""
    from langchain_huggingface import HuggingFaceEmbeddings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from langchain_community.vectorstores import FAISS

    embeddings = HuggingFaceEmbeddings(model_name=str(model))
    found = FAISS.load_local(str(store), embeddings, allow_dangerous_deserialization=True)
    return found.similarity_search(question, k=SHOWN)


def main() -> None:
    """Build an index, or ask one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="Index a folder of texts; prints chunks and threads as JSON.")
    building.add_argument("texts", type=Path)
    building.add_argument("model", type=Path)
    building.add_argument("store", type=Path)
    asking = commands.add_parser("ask", help="Print the chunks nearest to a question.")
    asking.add_argument("store", type=Path)
    asking.add_argument("model", type=Path)
    asking.add_argument("question")
    chosen = parser.parse_args()
    if chosen.command == "ask":
        for chunk in ask(chosen.store, chosen.model, chosen.question):
            print(f"{Path(chunk.metadata['source']).name}: {chunk.page_content}\n")
        return
    chunks = build(chosen.texts, chosen.model, chosen.store)
    import torch

    print(json.dumps({"chunks": chunks, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main()
