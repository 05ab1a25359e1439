"""What a person typed -> the question in it: in English words where the model knows no others, without instructions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.embedding import Embedder
from index.snapshot import Snapshot
from rag.abstaining.reasons import Reason, Why
from rag.settings import Settings
from rag.understanding import languages
from rag.understanding.glossing import Gloss, gloss, own_words
from rag.understanding.instructions import is_instruction, sentences_of, without_instructions
from rag.understanding.question import Question

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Heard:
    """The question in what was typed.

    `text` is what to look into; `notes` say what was made of it; `refusal` why it is no question that can be
    searched; `declined` what is said in its language if nothing is found.
    """

    text: str
    notes: tuple[str, ...] = ()
    refusal: Reason | None = None
    declined: Reason | None = None
    _typed: str = ""
    _gloss: Gloss | None = None

    def asked(self, question: Question) -> Question:
        """The question, analysed from `text`, as it is searched where the model knows its language."""
        if self._gloss is None:
            return question
        return replace(question, text=self._typed, concepts=own_words(self._gloss))


def hear(text: str, snapshot: Snapshot, embedder: Embedder, settings: Settings) -> Heard:
    """Find the question in what was typed."""
    asked = without_instructions(text)
    if not asked:
        return Heard(
            text,
            refusal=Reason(
                Why.INSTRUCTION,
                "That is an instruction, not a question: Pincite quotes what the reviews say, and does nothing else. "
                "Ask what you would like to know.",
            ),
        )
    notes = (_left_out(text),) if asked != text else ()
    language = languages.language_of(asked)
    if language == languages.ENGLISH:
        return Heard(asked, notes)
    made = gloss(asked, language, snapshot)
    told = settings.model_languages
    if told == "many" or (told == "auto" and not languages.english_only(embedder)):
        return Heard(made.text if made else asked, notes, _typed=asked, _gloss=made)
    declined = languages.declined(language, embedder.identity.name)
    if made is None:
        return Heard(asked, notes, refusal=Reason(Why.LANGUAGE, declined))
    searched = languages.searched(language, made.text)
    return Heard(made.text, (*notes, searched), declined=Reason(Why.LANGUAGE, declined))


def _left_out(text: str) -> str:
    order = " ".join(next(one for one in sentences_of(text) if is_instruction(one)).split())
    shown = order if len(order) <= _LONGEST_SHOWN else f"{order[:_LONGEST_SHOWN].rsplit(' ', 1)[0]} …"
    return f"Instructions in a question are not followed: “{shown}”"
