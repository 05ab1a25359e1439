"""From a question to an Answer: the steps in their order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib.metadata import version

from index.documents import Span
from index.embedding import Embedder
from index.snapshot import Snapshot
from rag import bibliographic, scope
from rag.abstention import confidence
from rag.answers import Answer, Citation, Fingerprint, cite
from rag.candidates import Choice
from rag.composing import Composed, compose
from rag.conversation import Turn, standalone
from rag.finding import find
from rag.question import Question, analyse
from rag.reasons import Reason, Why, reason
from rag.retrieval import RankedPassage, retrieve
from rag.settings import Settings


def answer_question(
    snapshot: Snapshot,
    embedder: Embedder,
    settings: Settings,
    text: str,
    history: Sequence[Turn] = (),
    documents: Sequence[str] | None = None,
) -> Answer:
    """Answer a question from one generation of an index; see `Assistant.answer`."""
    clean = text.encode("utf-8", "replace").decode().strip()  # half a surrogate pair is no character
    return _Answering(snapshot, embedder, settings, clean, history or (), documents).run()


def search_passages(
    snapshot: Snapshot, embedder: Embedder, settings: Settings, query: str, k: int, documents: Sequence[str] | None
) -> list[Citation]:
    """The best passages for a query, whole; see `Assistant.search`."""
    if not query.strip() or not snapshot.names:
        return []
    query = query.encode("utf-8", "replace").decode()[: settings.max_question_characters]
    vector = embedder.embed_question(query)
    candidates = max(settings.candidates, k)
    ranked = retrieve(snapshot, vector, analyse(query).search_terms, candidates=candidates, documents=documents)
    return _passages(snapshot, ranked[:k])


def search_sentences(
    snapshot: Snapshot, embedder: Embedder, settings: Settings, query: str, k: int, documents: Sequence[str] | None
) -> list[Citation]:
    """The best sentences for a query; see `Assistant.sentences`."""
    if not query.strip() or not snapshot.names:
        return []
    query = query.encode("utf-8", "replace").decode()[: settings.max_question_characters]
    found = find(snapshot, embedder, settings, analyse(query), documents).sentences[:k]
    return [
        cite(one.document, one.span, number, one.score, snapshot.rectangles(one.document.name, one.span))
        for number, one in enumerate(found, 1)
    ]


def _passages(snapshot: Snapshot, ranked: Sequence[RankedPassage]) -> list[Citation]:
    found = []
    for number, one in enumerate(ranked, 1):
        document = snapshot.document(one.document)
        spans = snapshot.spans(one.passage.first, one.passage.last)
        whole = Span(spans[one.passage.first].start, spans[one.passage.last].end)
        found.append(cite(document, whole, number, one.score, snapshot.rectangles(one.document, whole)))
    return found


class _Answering:
    """One question on its way to its answer."""

    def __init__(
        self,
        snapshot: Snapshot,
        embedder: Embedder,
        settings: Settings,
        text: str,
        history: Sequence[Turn],
        documents: Sequence[str] | None,
    ) -> None:
        self._snapshot = snapshot
        self._embedder = embedder
        self._settings = settings
        self._text = text
        self._standalone = text
        self._history = history
        self._documents = documents
        self._started = time.perf_counter()
        self._seconds: dict[str, float] = {}
        self._ranked: list[RankedPassage] = []

    def run(self) -> Answer:
        if refusal := self._refusal():
            return self._abstain(Reason(Why.NO_QUESTION, refusal))
        self._standalone = standalone(self._text, self._history)
        shelf = self._snapshot.bibliographies()
        if self._documents is not None:
            shelf = {name: shelf[name] for name in self._documents}
        question = analyse(self._standalone)
        named = scope.named_documents(self._standalone, shelf)
        about = named or scope.by_journal(self._standalone, shelf) or scope.closest_title(question, shelf)
        names = scope.terms_of(about, shelf)
        asked = bibliographic.fields_asked(self._text, question, names, bool(named))
        if asked:
            return self._answer_from_statements(question, asked, about or self._likeliest(question, list(shelf)))
        if not question.terms:
            return self._abstain(
                Reason(Why.NO_QUESTION, "The question has no words to search for; name what it is about.")
            )
        documents: Sequence[str] | None = self._documents
        if named:
            documents = named
            question = analyse(scope.without_names(self._standalone, shelf, named))
        return self._answer_from_passages(question, documents)

    def _likeliest(self, question: Question, shelf: list[str]) -> list[str]:
        """The documents a question about a review may mean that names none: the nearest to its subject.

        A question without one ("Who are the authors?") means all of a few.
        """
        if not bibliographic.subject(question) and len(shelf) <= self._settings.max_sentences:
            return shelf
        ranked = find(self._snapshot, self._embedder, self._settings, question, self._documents).ranked
        return [one.document for one in ranked[:1]]

    def _refusal(self) -> str:
        text = self._text.strip()
        if not text:
            return "Nothing was asked."
        if len(text) > self._settings.max_question_characters:
            return (
                f"The question is {len(text):,} characters long; at most "
                f"{self._settings.max_question_characters:,} are taken. Ask it in fewer words."
            )
        if not self._snapshot.names:
            return "The shelf is empty: put reviews into the seeds folder and run pincite index."
        if self._documents is not None and not self._documents:
            return "No document was chosen to ask."
        return ""

    def _answer_from_passages(self, question: Question, documents: Sequence[str] | None) -> Answer:
        found = find(self._snapshot, self._embedder, self._settings, question, documents)
        self._ranked = found.ranked
        self._seconds |= found.seconds
        sure = confidence(found.evidence) if found.evidence else 0.0
        if not found.chosen or sure < self._settings.min_confidence:
            return self._abstain(reason(question, self._snapshot.searcher, found.number_missing), sure)
        return self._compose(question, found.chosen, sure)

    def _answer_from_statements(self, question: Question, asked: Sequence[str], about: Sequence[str]) -> Answer:
        found: list[Choice] = []
        for name in about:
            document = self._snapshot.document(name)
            sentences = self._snapshot.sentences_of(name)
            spans = {span: None for field in asked for span in bibliographic.stated(document, field, sentences)}
            found += [Choice(document, span, 1.0) for span in spans]
        if not found:
            self._ranked = find(self._snapshot, self._embedder, self._settings, question, about).ranked
            shelf = self._snapshot.bibliographies()
            unstated = bibliographic.unstated(asked, {name: shelf[name] for name in about})
            return self._abstain(Reason(Why.UNSTATED, unstated))
        return self._compose(question, found[: self._settings.max_sentences], 1.0, "bibliographic")

    def _compose(self, question: Question, chosen: Sequence[Choice], sure: float, kind: str = "") -> Answer:
        made = compose(self._snapshot, question, chosen)
        if not made.citations:
            damaged = "No quote could be verified; the index may be damaged. Run pincite doctor."
            return self._abstain(Reason(Why.UNSTATED, damaged))
        return self._answer(made, sure, kind=kind or question.kind)

    def _abstain(self, reason: Reason, sure: float = 0.0) -> Answer:
        nearest = _passages(self._snapshot, self._ranked[: self._settings.nearest])
        text = f"The reviews do not answer this. {reason.words}"
        return self._answer(Composed(text, (), ()), sure, nearest=nearest, reason=reason)

    def _answer(
        self,
        made: Composed,
        sure: float,
        *,
        kind: str = "",
        nearest: Sequence[Citation] = (),
        reason: Reason | None = None,
    ) -> Answer:
        model = self._embedder.identity
        return Answer(
            question=self._text,
            standalone_question=self._standalone,
            text=made.text,
            abstained=not made.sentences,
            reason=reason.words if reason else "",
            confidence=round(sure, 4),
            sentences=made.sentences,
            citations=made.citations,
            nearest=tuple(nearest),
            fingerprint=Fingerprint(
                index_generation=self._snapshot.generation,
                corpus_hash=self._snapshot.corpus_hash,
                model=model.name,
                model_hash=model.digest,
                settings_hash=self._settings.answer_hash(self._snapshot.shape),
                version=version("pincite"),
            ),
            seconds={**self._seconds, "total": time.perf_counter() - self._started},
            kind=kind,
            why=reason.why if reason else "",
        )
