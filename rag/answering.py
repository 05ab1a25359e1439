"""From a question to an Answer: the steps in their order."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version

from index.documents import Span
from index.question_copy import rounds_questions
from index.snapshot import Snapshot
from rag.abstaining.abstention import confidence
from rag.abstaining.reasons import ALONE, SEVERAL, Asked, Reason, Why, reason
from rag.answers import Answer, Citation, Fingerprint, cite
from rag.composing.composing import Composed, compose
from rag.searching.candidates import Choice
from rag.searching.finding import Search, Tools, find, search
from rag.searching.question_vector import QuestionVector
from rag.searching.retrieval import RankedPassage
from rag.understanding import bibliographic, scope
from rag.understanding.conversation import standalone
from rag.understanding.hearing import Heard, hear
from rag.understanding.kinds import Kind, compares
from rag.understanding.question import Question, analyse
from rag.understanding.shelf_names import ShelfNames
from rag.understanding.turns import Turn
from rag.understanding.wording import reword

_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def answer_question(
    tools: Tools, text: str, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
) -> Answer:
    """Answer a question from one generation of an index; see `Assistant.answer`."""
    return _Answering(tools, _readable(text), history or (), documents).run()


def answer_with_passages(
    tools: Tools,
    text: str,
    history: Sequence[Turn] = (),
    documents: Sequence[str] | None = None,
    alone: str = "",
) -> tuple[Answer, list[RankedPassage]]:
    """The same, with the passages that were found; `alone` is the question as it stands alone, if that is known."""
    answering = _Answering(tools, _readable(text), history or (), documents, alone)
    return answering.run(), answering.ranked


def search_passages(tools: Tools, query: str, k: int, documents: Sequence[str] | None) -> list[Citation]:
    """The best passages for a query, whole; see `Assistant.search`."""
    found = _search(tools, query, documents, k)
    return _passages(tools.snapshot, found.passages[:k]) if found else []


def search_sentences(tools: Tools, query: str, k: int, documents: Sequence[str] | None) -> list[Citation]:
    """The best sentences for a query; see `Assistant.sentences`."""
    found = _search(tools, query, documents)
    return [
        cite(one.document, one.span, number, one.score, tools.snapshot.rectangles(one.document.name, one.span))
        for number, one in enumerate(found.sentences[:k] if found else [], 1)
    ]


def nearest_documents(tools: Tools, text: str, history: Sequence[Turn] = ()) -> list[str]:
    """The documents that a search for a question brings, the nearest first."""
    asked = _readable(text)[: tools.settings.max_question_characters]
    alone = standalone(hear(asked, tools.snapshot, tools.embedder, tools.settings).text, history or ())
    found = _search(replace(tools, reader=None), alone, None)  # a reader would look for the answer itself
    return list(dict.fromkeys(one.document for one in found.passages)) if found else []


@cache
def _version() -> str:
    return version("pincite")  # which looks for it on disk


def _names(snapshot: Snapshot) -> ShelfNames:
    return ShelfNames(snapshot.bibliographies())


def _readable(text: str) -> str:
    """What was typed without what cannot be seen or is no character: marks of direction, controls, half a pair."""
    return _NO_CHARACTER.sub(" ", _UNSEEN.sub("", text)).strip()


def _search(tools: Tools, query: str, documents: Sequence[str] | None, k: int = 0) -> Search | None:
    """What a query brings that is searched for as it is, and not answered; None if there is nothing to search."""
    if not _readable(query) or not tools.snapshot.contents:
        return None
    query = _readable(query)[: tools.settings.max_question_characters]
    heard = hear(query, tools.snapshot, tools.embedder, tools.settings)
    question = reword(heard.asked(analyse(heard.text)), tools.snapshot, documents).question
    return search(tools, question, documents, k)


def _passages(snapshot: Snapshot, ranked: Sequence[RankedPassage]) -> list[Citation]:
    found = []
    for number, one in enumerate(ranked, 1):
        document = snapshot.document(one.document)
        spans = snapshot.spans(one.sentences)
        whole = Span(spans[one.passage.first].start, spans[one.passage.last].end)
        found.append(cite(document, whole, number, one.score, snapshot.rectangles(one.document, whole)))
    return found


class _Answering:
    """One question on its way to its answer."""

    def __init__(
        self, tools: Tools, text: str, history: Sequence[Turn], documents: Sequence[str] | None, alone: str = ""
    ) -> None:
        self._tools = tools
        self._snapshot = tools.snapshot
        self._settings = tools.settings
        self._text = text
        self._standalone = text
        self._history = history
        self._alone = alone
        self._documents = documents
        self._started = time.perf_counter()
        self._seconds: dict[str, float] = {}
        self.ranked: list[RankedPassage] = []
        self._heard = Heard(text)
        self._vector = QuestionVector(tools.embedder, tools.beside)
        self._notes: tuple[str, ...] = ()
        self._asked = self._spoken_of(documents)

    def run(self) -> Answer:
        if refusal := self._refusal():
            return self._abstain(Reason(Why.NO_QUESTION, refusal))
        self._heard = hear(self._text, self._snapshot, self._tools.embedder, self._settings)
        if self._heard.refusal:
            self.ranked = self._nearest(analyse(self._text))
            return self._abstain(self._heard.refusal)
        self._standalone = self._alone or standalone(self._heard.text, self._history)
        self._vector.begin(self._standalone)
        shelf = self._snapshot.once(_names)
        if self._documents is not None:
            shelf = shelf.only(self._documents)
        question = analyse(self._standalone)
        named = scope.named_documents(self._standalone, shelf)
        if named:
            self._asked = self._spoken_of(named)
        about = named or scope.by_journal(self._standalone, shelf) or scope.closest_title(question, shelf)
        names = scope.terms_of(about, shelf)
        asked = bibliographic.fields_asked(self._heard.text, question, names, bool(named))
        if asked:
            return self._answer_from_statements(question, asked, about or self._likeliest(question, shelf.documents))
        if not question.terms:
            return self._abstain(
                Reason(Why.NO_QUESTION, "The question has no words to search for; name what it is about.")
            )
        documents: Sequence[str] | None = self._documents
        if named:
            documents = named
            question = analyse(scope.without_names(self._standalone, shelf, named))
        if len(named) > 1 and compares(self._standalone):
            question = replace(question, kind=Kind.COMPARISON)
        return self._answer_from_passages(self._heard.asked(question), documents)

    def _spoken_of(self, documents: Sequence[str] | None) -> Asked:
        asked = self._snapshot.contents if documents is None else set(documents)
        return ALONE if len(asked) == 1 else SEVERAL

    def _likeliest(self, question: Question, shelf: list[str]) -> list[str]:
        """The documents a question about a review may mean that names none: the nearest to its subject.

        A question without one ("Who are the authors?") means all of a few.
        """
        if not bibliographic.subject(question) and len(shelf) <= self._settings.max_sentences:
            return shelf
        return [one.document for one in self._nearest(question)[:1]]

    def _nearest(self, question: Question) -> list[RankedPassage]:
        """The passages nearest to a question that is not answered from them."""
        return search(self._tools, question, self._documents).passages

    def _refusal(self) -> str:
        text = self._text.strip()
        if not text:
            return "Nothing was asked."
        if len(text) > self._settings.max_question_characters:
            return (
                f"The question is {len(text):,} characters long; at most "
                f"{self._settings.max_question_characters:,} are taken. Ask it in fewer words."
            )
        if not self._snapshot.contents:
            return "The shelf is empty: put reviews into the seeds folder and run pincite index."
        if self._documents is not None and not self._documents:
            return "No document was chosen to ask."
        return ""

    def _answer_from_passages(self, question: Question, documents: Sequence[str] | None) -> Answer:
        question, self._notes = reword(question, self._snapshot, documents)
        found = find(self._tools, question, documents, self._vector)
        self.ranked = found.search.passages
        self._seconds |= found.search.seconds
        sure = confidence(found.evidence)
        if not found.chosen or sure < self._settings.min_confidence:
            why = reason(question, self._snapshot, self.ranked, found.number_missing, self._asked)
            return self._abstain(why, sure)
        return self._compose(question, found.chosen, sure, compared=documents or self._snapshot.contents)

    def _answer_from_statements(self, question: Question, asked: Sequence[str], about: Sequence[str]) -> Answer:
        found: list[Choice] = []
        for name in about:
            document = self._snapshot.document(name)
            sentences = self._snapshot.sentences_of(name)
            spans = {span: None for field in asked for span in bibliographic.stated(document, field, sentences)}
            found += [Choice(document, span, 1.0) for span in spans]
        if not found:
            self._asked = self._spoken_of(about)
            self.ranked = search(self._tools, question, about).passages
            shelf = self._snapshot.bibliographies()
            unstated = bibliographic.unstated(asked, {name: shelf[name] for name in about})
            return self._abstain(Reason(Why.UNSTATED, unstated))
        return self._compose(question, found[: self._settings.max_sentences], 1.0, "bibliographic")

    def _compose(
        self,
        question: Question,
        chosen: Sequence[Choice],
        sure: float,
        kind: str = "",
        compared: Collection[str] = (),
    ) -> Answer:
        side_by_side = question.kind is Kind.COMPARISON and len(compared) <= self._settings.max_sentences
        made = compose(self._snapshot, question, chosen, list(compared) if side_by_side else ())
        if not made.citations:
            damaged = "No quote could be verified; the index may be damaged. Run pincite doctor."
            return self._abstain(Reason(Why.UNSTATED, damaged))
        return self._answer(made, sure, kind=kind or question.kind)

    def _abstain(self, reason: Reason, sure: float = 0.0) -> Answer:
        nearest = _passages(self._snapshot, self.ranked[: self._settings.nearest])
        if self._heard.declined and reason.why is not Why.UNSTATED:
            reason = self._heard.declined
        said_whole = reason.why in {Why.LANGUAGE, Why.INSTRUCTION}
        text = reason.words if said_whole else f"{self._asked.verdict} {reason.words}"
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
        model = self._tools.embedder.identity
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
                settings_hash=self._settings.answer_hash(
                    self._snapshot.shape,
                    self._tools.reader.identity if self._tools.reader else "",
                    rounds_questions(self._tools.embedder),
                ),
                version=_version(),
            ),
            seconds={**self._seconds, "total": time.perf_counter() - self._started},
            kind=kind,
            why=reason.why if reason else "",
            notes=(*self._heard.notes, *self._notes, *made.notes),
        )
