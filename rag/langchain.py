"""Pincite's retrieval as a LangChain retriever."""

from __future__ import annotations

import asyncio

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from rag.answers import Citation
from rag.assistant import Assistant


class PinciteRetriever(BaseRetriever):
    """The best passages of a shelf, for any LangChain chain or agent.

    Each passage's metadata holds what a citation has: `source` (the document's name), `start` and `end` (where
    `page_content` stands in it, exactly), title, authors, year, journal, doi, page, section and score.

        retriever = PinciteRetriever(assistant=Assistant(), k=5)
        retriever.invoke("lymphodepletion before CAR-T cells")
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = Field(default=5, ge=1)
    documents: list[str] | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager  # LangChain passes it; a local search has nothing to report
        return [_document(found) for found in self.assistant.search(query, self.k, self.documents)]

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        found = await asyncio.to_thread(self.assistant.search, query, self.k, self.documents)
        return [_document(one) for one in found]


def _document(found: Citation) -> Document:
    metadata = found.model_dump(exclude={"quote", "number", "document"})
    return Document(page_content=found.quote, metadata={"source": found.document, **metadata})
