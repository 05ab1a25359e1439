"""The assistant: a shelf, its index, and answers from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.beside import Beside
from index.documents import Document
from index.embedding import Embedder, SentenceTransformerEmbedder
from index.errors import IndexMissingError, UsageError
from index.opening import open_snapshot
from index.question_copy import keep_copy
from index.report import ProgressCallback, SyncReport
from index.snapshot import Listed, Snapshot
from rag.answering import answer_question, search_passages, search_sentences
from rag.answers import Answer, Citation, Draft
from rag.backups import Backups
from rag.comparing import LIMIT, Comparison, compare_documents
from rag.documents_named import document_meant, documents_known
from rag.opened import Opened, fitting
from rag.searching.finding import Tools
from rag.searching.reading import Reader, open_reader
from rag.settings import NO_LLM, Settings, load_settings
from rag.understanding.turns import Turn

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

    from rag.generating.writer import Writer


class Assistant(Backups):
    """Answers questions about the reviews in a folder. Safe to use from many threads.

    Args:
        seeds: The folder of reviews; else as the settings say.
        index: The folder of the index; else as the settings say.
        model: A sentence-transformers id or folder; else as the settings say.
        embeddings: A LangChain `Embeddings` to use in place of the model.
        embedder: An embedder to use as it is: one already loaded, shared by several assistants.
        reader: A reader to use as it is; else as the settings say.
        llm: What words the answers: a LangChain chat model, or `provider:model`; else as the settings say.
        settings: All settings at once; `seeds`, `index` and `model` outrank them.
        notice: Told, in words, of what a person should know: that damaged files were mended, say.

    Raises:
        UsageError: A setting is unknown or out of bounds.
    """

    def __init__(
        self,
        seeds: Path | str | None = None,
        index: Path | str | None = None,
        *,
        model: str | None = None,
        embeddings: Embeddings | None = None,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
        llm: BaseChatModel | str | None = None,
        settings: Settings | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        chosen = {"seeds": seeds, "index": index, "model": model, "llm": llm if isinstance(llm, str) else None}
        given = {key: value for key, value in chosen.items() if value is not None}
        self.settings = load_settings(**((settings.model_dump() if settings else {}) | given))
        self.embedder: Embedder = embedder or _embedder(self.settings.model, embeddings)
        self.reader: Reader | None = reader or open_reader(self.settings.reader)
        self.writer = _writer(self.settings, self.embedder, llm)
        self.first_sync: Callable[[], object] | None = None  # done in place of `sync` where there is no index yet
        self._notice = notice
        self._opened, self._beside = Opened(self._open), Beside()

    def sync(
        self,
        *,
        rebuild: bool = False,
        progress: ProgressCallback | None = None,
        wait: float | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> SyncReport:
        """Make the index agree with the seeds folder; see `index.sync.sync` for what is raised.

        Args:
            rebuild: Start over.
            progress: Told of every step.
            wait: Seconds to wait for another writer; as the settings say if None.
            notice: Told, in words, of what a person should know; as for the assistant if None.
        """
        from index.sync import sync  # its readers take time to import, and an answer needs none of them

        report = sync(
            self.settings.seeds,
            self.settings.index,
            self.embedder,
            self.settings.index_settings(),
            rebuild=rebuild,
            progress=progress,
            limits=self.settings.limits(),
            wait=self.settings.lock_wait if wait is None else wait,
            notice=notice or self._notice,
        )
        if self.settings.question_model == "copy":
            keep_copy(self.embedder, self.settings.index, progress, notice or self._notice)
        return report

    @contextmanager
    def watch(
        self,
        synced: Callable[[SyncReport], None] | None = None,
        *,
        progress: ProgressCallback | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Sync by itself, in a thread of its own, whenever the seeds folder has changed; for as long as it is open.

        Answers go on from the index as it was. A sync under way at the end is broken off; the next goes on from there.

        Args:
            synced: Told of each sync.
            progress: Told of every step.
            notice: Told, in words, of what goes wrong; as for the assistant if None.
        """
        from rag.watching import watched

        with watched(self, synced, progress, notice or self._notice):
            yield

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
        *,
        quoted: bool = False,
    ) -> Answer:
        """Answer a question from the shelf as it was last synced; the first use of a new index syncs it.

        Args:
            question: In plain words.
            history: The turns before, oldest first: {"role": "user" or "assistant", "content": text}.
            documents: Names of the documents to ask; all of them if None.
            quoted: In the reviews' own words, also where a language model is set.

        Raises:
            UsageError: A document named is not on the shelf, or there is no seeds folder.
            PinciteError: The index cannot be opened; says which command mends it.
        """
        *_, last = self.answering(question, history, documents, quoted=quoted)
        assert isinstance(last, Answer)  # noqa: S101  the last always is
        return last

    def answering(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
        *,
        quoted: bool = False,
    ) -> Generator[Draft | Answer, None, None]:
        """As `answer`, as it is written: a Draft for each sentence and whenever words come, the Answer last.

        Closing the iterator ends the writing.
        """
        with self.snapshot() as snapshot:
            asked, tools = documents_known(snapshot, documents), self.tools(snapshot)
            if self.writer is None or quoted:
                yield answer_question(tools, question, history, asked)
            else:
                yield from self.writer.answering(tools, question, history, asked)

    async def aanswer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
        *,
        quoted: bool = False,
    ) -> Answer:
        """The same without blocking the event loop."""
        return await asyncio.to_thread(self.answer, question, history, documents, quoted=quoted)

    def compare(
        self, question: str, documents: Sequence[str] | None = None, history: Sequence[Turn] = (), limit: int = LIMIT
    ) -> Comparison:
        """Put a question to each document; it answers as `answer(question, documents=[name], quoted=True)` does.

        Args:
            question: In plain words.
            documents: Names of the documents to ask; if None those that a search brings, of a small shelf all.
            history: The turns before, as `answer` takes them.
            limit: The most documents asked where none are named.

        Raises:
            UsageError: A document named is not on the shelf, or `limit` is below 1.
        """
        *_, last = self.comparing(question, documents, history, limit)
        return last

    def comparing(
        self, question: str, documents: Sequence[str] | None = None, history: Sequence[Turn] = (), limit: int = LIMIT
    ) -> Iterator[Comparison]:
        """As `compare`, document by document: the comparison so far after each, the whole one last."""
        if limit < 1:
            raise UsageError(f"A comparison needs to ask 1 document at least; the limit given is {limit}.")
        with self.snapshot() as snapshot:
            asked = documents_known(snapshot, documents)
            yield from compare_documents(self.tools(snapshot), question, history, asked, limit)

    def search(self, query: str, k: int = 10, documents: Sequence[str] | None = None) -> list[Citation]:
        """The `k` best passages for a query, as citations of the whole passage, best first.

        Raises:
            UsageError: `k` is below 1, or a document named is not on the shelf.
        """
        if k < 1:
            raise UsageError(f"A search needs to return 1 passage at least; {k} were asked for.")
        with self.snapshot() as snapshot:
            return search_passages(self.tools(snapshot), query, k, documents_known(snapshot, documents))

    def sentences(self, query: str, k: int = 10, documents: Sequence[str] | None = None) -> list[Citation]:
        """The `k` sentences that answer a query best, whether or not they answer it, best first.

        Raises:
            UsageError: `k` is below 1, or a document named is not on the shelf.
        """
        if k < 1:
            raise UsageError(f"A search needs to return 1 sentence at least; {k} were asked for.")
        with self.snapshot() as snapshot:
            return search_sentences(self.tools(snapshot), query, k, documents_known(snapshot, documents))

    def documents(self) -> list[Listed]:
        """The documents on the shelf, by name: what is known of each, its format, pages, passages, sentences."""
        with self.snapshot() as snapshot:
            return snapshot.listing()

    def document(self, name: str) -> Document:
        """A document of the shelf, with the text that citations point into.

        Args:
            name: Its path in the seeds folder, or the end of it ("review.pdf") where only one document has that.

        Raises:
            UsageError: There is no such document, or more than one.
        """
        with self.snapshot() as snapshot:
            return snapshot.document(document_meant(snapshot, name))

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The newest generation, kept open for as long as it is used, whatever is synced meanwhile."""
        return self._opened.snapshot()

    @property
    def is_open(self) -> bool:
        """Whether an index is open, to answer from."""
        return self._opened.is_open

    def close(self) -> None:
        """Let go of the index. Answers under way are finished first."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def tools(self, snapshot: Snapshot) -> Tools:
        """What a question is searched with in a generation."""
        return Tools(snapshot, self.embedder, self.reader, self.settings, self._beside)

    def _open(self) -> Snapshot:
        try:
            snapshot = open_snapshot(self.settings.index, self._notice)
        except IndexMissingError:
            (self.first_sync or self.sync)()
            snapshot = open_snapshot(self.settings.index, self._notice)
        return fitting(snapshot, self.settings, self.embedder)


def _embedder(model: str, embeddings: Embeddings | None) -> Embedder:
    if embeddings is None:
        return SentenceTransformerEmbedder(model)
    from index.langchain import LangChainEmbedder

    return LangChainEmbedder(embeddings)


def _writer(settings: Settings, embedder: Embedder, llm: BaseChatModel | str | None) -> Writer | None:
    given = None if isinstance(llm, str) else llm
    if given is None and settings.llm == NO_LLM:
        return None
    from rag.generating.writer import Writer

    return Writer(settings, embedder, given)
