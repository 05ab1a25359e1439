"""An answer as far as it is written: what stands with its citations, and what no quote carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.abbreviations import short_key
from index.bibliography import short_attribution
from index.snapshot import Snapshot
from rag.answers import Citation, Draft, QuoteMismatchError, Sentence, Unsupported, cite
from rag.generating import prompts
from rag.generating.plain import Sentences, WrittenSentence
from rag.settings import Settings
from rag.verifying.carrying import Why
from rag.verifying.standing import Passage, Standing, where_it_stands
from rag.verifying.stating import is_order
from rag.verifying.verification import Verifier
from rag.verifying.words import words_of

_MOST = 20  # sentences of what a model writes that are looked at


@dataclass(slots=True)
class Writing:
    """An answer as far as it is written."""

    snapshot: Snapshot
    passages: list[Passage]
    verifier: Verifier
    settings: Settings
    sentences: Sentences = field(default_factory=Sentences)
    made: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    unsupported: list[Unsupported] = field(default_factory=list)
    written: int = 0
    declined: bool = False

    def shown(self) -> list[str]:
        """The passages as the model reads them: which review, then the words that may be quoted."""
        texts = []
        for one in self.passages:
            about = short_attribution(one.document.bibliography, one.document.name)
            if is_order(about):  # a title may be planted as well
                about = one.document.name
            words = " ".join(span.of(one.document.text) for span in one.quotable)
            texts.append(f"({' '.join(about.split())}) {' '.join(words.split())}")
        return texts

    def take(self, written: WrittenSentence) -> None:
        """Verify a finished sentence: it stands with its citations, or is unsupported."""
        if self.full or any(one.text == written.text for one in self.made):
            return
        if prompts.NOTHING.casefold() == written.text.strip(" .").casefold():
            self.declined = True
            return
        self.written += 1
        numbers = written.numbers or tuple(range(1, len(self.passages) + 1))  # cites nothing: any may carry it
        if any(not 0 < number <= len(self.passages) for number in numbers):
            self._refuse(written, Why.NO_CITATION)
            return
        cited = [self.passages[number - 1] for number in numbers]
        judged = where_it_stands(written.text, cited, self.verifier, self._longs(written.text, cited))
        standing = judged.standing if written.numbers else judged.standing[:1]
        placed = [number for one in standing if (number := self._cited(one))]
        if placed:
            self.made.append(Sentence(text=written.text, citations=tuple(dict.fromkeys(placed))))
        else:
            self._refuse(written, judged.why)

    @property
    def full(self) -> bool:
        """Whether nothing more of what is written is looked at."""
        return self.written >= _MOST

    def draft(self) -> Draft:
        """What stands so far."""
        return Draft(
            sentences=tuple(self.made),
            citations=tuple(self.citations),
            unsupported=tuple(self.unsupported) if self.settings.llm_unsupported == "strike" else (),
            checking=self.sentences.unfinished,
        )

    def _refuse(self, written: WrittenSentence, why: str) -> None:
        self.unsupported.append(Unsupported(text=written.text, why=str(why), after=len(self.made)))

    def _cited(self, standing: Standing) -> int:
        """The number of the citation of a slice; 0 for one that is not exact, which is never shown."""
        document, span = standing.passage.document, standing.span
        for citation in self.citations:
            if (citation.document, citation.start, citation.end) == (document.name, span.start, span.end):
                return citation.number
        number = len(self.citations) + 1
        try:
            where = self.snapshot.rectangles(document.name, span)
            self.citations.append(cite(document, span, number, standing.likeness, where))
        except QuoteMismatchError:
            return 0
        return number

    def _longs(self, claim: str, cited: Sequence[Passage]) -> dict[str, list[str]]:
        """What abbreviations of a sentence and of the passages stand for, as the shelf defines them."""
        texts = [claim, *(span.of(one.document.text) for one in cited for span in one.sentences)]
        shorts = {
            short_key(word.text)
            for text in texts
            for word in words_of(text)
            if any(letter.isupper() for letter in word.text[1:])
        }
        found: dict[str, list[str]] = {}
        for definition in self.snapshot.definitions(sorted(shorts), [], sorted({one.document.name for one in cited})):
            found.setdefault(short_key(definition.short), []).append(definition.long)
        return found
