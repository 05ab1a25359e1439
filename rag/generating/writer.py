"""An answer written by a language model from what was found, each sentence verified before it is shown."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import cached_property
from typing import TypeVar

from langchain_core.language_models import BaseChatModel

from index.embedding import Embedder
from index.snapshot import Snapshot
from rag.answering import answer_with_passages
from rag.answers import Answer, Draft, Written
from rag.generating import prompts, rewriting
from rag.generating.calling import Caller, LlmFailedError, Usage
from rag.generating.models import open_model
from rag.generating.written import Writing
from rag.searching.finding import Tools
from rag.searching.retrieval import RankedPassage
from rag.settings import Settings
from rag.understanding.instructions import without_instructions
from rag.understanding.kinds import Kind
from rag.understanding.turns import Turn
from rag.verifying.standing import Passage, passage
from rag.verifying.verification import Verifier, open_judge

_T = TypeVar("_T")
_SENTENCES = 6  # that a model is asked for at most
_REWRITING = 0.25  # share of the time that rewriting a question may take
_COMPARES = re.compile(
    r"\b(?:compar\w+|differ(?:s|ed|ences?|ent|ently)?|versus|vs|contrast\w*|unlike)\b", re.IGNORECASE
)
_BIBLIOGRAPHIC = "bibliographic"


class Writer:
    """Writes answers with a language model. Safe to use from many threads.

    Args:
        settings: Name the model, how long it may take, what becomes of sentences that no quote carries.
        embedder: Tells how alike a sentence and a quote are.
        model: A model of LangChain's to use as it is; else the one that the settings name.
    """

    def __init__(self, settings: Settings, embedder: Embedder, model: BaseChatModel | None = None) -> None:
        self._settings = settings
        self._embedder = embedder
        self._given = model

    @property
    def name(self) -> str:
        """What the model is called."""
        if self._given is None:
            return self._settings.llm
        named = getattr(self._given, "model_name", None) or getattr(self._given, "model", None)
        return str(named) if isinstance(named, str) and named else type(self._given).__name__

    def open(self) -> None:
        """Set the model up now.

        Raises:
            UsageError, LlmUnavailableError: See `rag.generating.models.open_model`.
            ModelMissingError: The verifier named is not on this machine.
        """
        _ = self._caller
        self._verifier.load()

    def answering(
        self, tools: Tools, question: str, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Generator[Draft | Answer, None, None]:
        """Drafts as the answer is written, and the answer last; see `Assistant.answering`.

        The model is asked for no answer where the reviews give none, nor for what they state of themselves.
        """
        started = time.perf_counter()
        usage = Usage()
        self.open()  # what is missing is told before anything is asked
        caller, deadline = self._caller, started + self._settings.llm_seconds
        alone = ""
        if history and without_instructions(question).strip():
            seconds = self._settings.llm_seconds * _REWRITING
            alone = yield from _drafts(rewriting.standing_alone(caller, question, history, seconds, usage))
        quoted, found = answer_with_passages(tools, question, history, documents, alone)
        if quoted.abstained or quoted.kind == _BIBLIOGRAPHIC:
            asked = bool(history) and usage != Usage()
            yield quoted.model_copy(update={"written": self._rewriting(usage, started)}) if asked else quoted
            return
        if quoted.kind == Kind.COMPARISON or _COMPARES.search(quoted.standalone_question):
            found = yield from self._found_apart(tools, quoted, found, documents, usage)
        writing = Writing(tools.snapshot, self._passages(tools.snapshot, found), self._verifier, self._settings)
        messages = prompts.writing(quoted.standalone_question, writing.shown(), _SENTENCES)
        problem = ""
        try:
            with closing(caller.stream(messages, max(deadline - time.perf_counter(), 0.1), usage)) as coming:
                for words in coming:
                    for written in writing.sentences.add(words):
                        writing.take(written)
                    yield writing.draft()
                    if writing.full:
                        break
            for written in writing.sentences.rest():
                writing.take(written)
        except LlmFailedError as error:
            problem = str(error)
        yield self._answer(quoted, writing, problem, usage, started)

    @cached_property
    def _caller(self) -> Caller:
        return Caller(self._given or open_model(self._settings), self.name, self._settings.llm_retries)

    @cached_property
    def _verifier(self) -> Verifier:
        return Verifier(self._embedder, open_judge(self._settings.verifier))

    def _found_apart(
        self,
        tools: Tools,
        quoted: Answer,
        found: list[RankedPassage],
        documents: Sequence[str] | None,
        usage: Usage,
    ) -> Generator[Draft, None, list[RankedPassage]]:
        """The passages found for a comparison, and for each of the questions it is made of, in turns."""
        seconds = self._settings.llm_seconds * _REWRITING
        parts = yield from _drafts(rewriting.taken_apart(self._caller, quoted.standalone_question, seconds, usage))
        apart = [answer_with_passages(tools, part, (), documents)[1] for part in parts]
        longest = max((len(one) for one in (found, *apart)), default=0)
        in_turns = [one[at] for at in range(longest) for one in (found, *apart) if at < len(one)]
        return list({one.passage.id: one for one in in_turns}.values())

    def _passages(self, snapshot: Snapshot, found: Sequence[RankedPassage]) -> list[Passage]:
        given: list[Passage] = []
        for one in found:
            sentences = snapshot.sentences_of(one.document)
            own = list(snapshot.spans(one.sentences).values())
            first = sentences.index(own[0])
            cut = passage(snapshot.document(one.document), sentences, first, first + len(own) - 1)
            given += [cut] if cut.quotable else []
            if len(given) == self._settings.llm_passages:
                break
        return given

    def _rewriting(self, usage: Usage, started: float) -> Written:
        """What it took to make a question stand alone which nothing was written for."""
        return Written(
            model=self.name,
            supported=0,
            shown=0,
            dropped=0,
            tokens_read=usage.read,
            tokens_written=usage.written,
            seconds=round(time.perf_counter() - started, 3),
            fallback=f"{self.name} only made the question stand alone.",
        )

    def _answer(self, quoted: Answer, writing: Writing, problem: str, usage: Usage, started: float) -> Answer:
        """The answer: what was written and stands, or the quoted answer with the reason for it."""
        seconds = time.perf_counter() - started
        strike = self._settings.llm_unsupported == "strike"
        fallback = "" if writing.made else problem or _nothing_stands(self.name, writing)
        struck = writing.unsupported if strike and not fallback else []
        shown = len(writing.made) + len(struck)
        how = Written(
            model=self.name,
            supported=len(writing.made),
            shown=shown,
            dropped=writing.written - shown,
            unsupported=tuple(struck),
            tokens_read=usage.read,
            tokens_written=usage.written,
            seconds=round(seconds, 3),
            fallback=fallback,
        )
        changed = {
            "written": how,
            "seconds": {**quoted.seconds, "write": seconds - quoted.seconds["total"], "total": seconds},
            "fingerprint": quoted.fingerprint.model_copy(
                update={"settings_hash": self._hash(quoted.fingerprint.settings_hash)}
            ),
        }
        if fallback:
            note = f"{fallback} The answer is in the reviews' own words."
            return quoted.model_copy(update={**changed, "notes": (*quoted.notes, note)})
        if problem:  # what was finished before stands
            changed["notes"] = (*quoted.notes, f"{problem} What was written until then is shown.")
        sentences, citations = tuple(writing.made), tuple(writing.citations)
        text = " ".join(f"{one.text} {''.join(f'[{n}]' for n in one.citations)}" for one in sentences)
        return quoted.model_copy(update={**changed, "text": text, "sentences": sentences, "citations": citations})

    def _hash(self, settings: str) -> str:
        """The digest of the settings with those that writing depends on. Models may answer otherwise each time."""
        own = self._settings
        named = (self.name, own.llm_base_url, own.llm_passages, own.llm_tokens, own.llm_unsupported, own.verifier)
        return hashlib.sha256(repr((settings, *named)).encode()).hexdigest()


def _drafts(waiting: rewriting.Waiting[_T]) -> Generator[Draft, None, _T]:
    """What comes in the end, and drafts of nothing while it is waited for."""
    with closing(waiting):
        while True:
            try:
                next(waiting)
            except StopIteration as end:
                found: _T = end.value
                return found
            yield Draft()


def _nothing_stands(name: str, writing: Writing) -> str:
    if writing.declined:
        return f"{name} found no answer in the passages that it was given."
    if not writing.written:
        return f"{name} wrote nothing that could be checked."
    if writing.written == 1:
        return f"The sentence that {name} wrote is not carried by the quotes."
    return f"None of the {writing.written} sentences that {name} wrote is carried by the quotes."
