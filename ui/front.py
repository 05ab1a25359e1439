"""What the page says before anything is asked: its header, and questions to begin with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from index.analysis import terms
from index.documents import Bibliography
from index.errors import IndexMissingError, PinciteError
from rag.answers import Answer
from rag.assistant import Assistant
from rag.composing.announcing import announces
from rag.understanding.question_words import FUNCTION_WORDS
from ui.keeping import StillReadingError
from ui.sources import escape, tidy

EXAMPLES = 4

_LINE = "Answers from your shelf of reviews, in the reviews’ own words."
_OPENING = (
    '<div class="pc-opening"><p>Ask the reviews a question.</p><p>{}</p></div>'
    '<div class="pc-opening pc-at-first"><p>The reviews are being read for the first time.</p>'
    "<p>Questions can be asked when that is done; the page fills by itself.</p></div>"
)
_ALL_QUOTED = "Every sentence of an answer is quoted, and shown where it stands."
_ALL_CHECKED = "Every sentence of an answer is checked against quotes, which are shown where they stand."
_WRITTEN_LINE = "Answers from your shelf of reviews, each sentence with the words it stands on."
_READING = "Reading the reviews for the first time"
_UNREAD = "The reviews have not been read yet"
_EMPTY = 'The shelf is empty. <button type="button" data-opens="library">Put reviews on it</button>'
_READ = 20  # reviews looked through for phrases
_ASPECTS = ("", "safety", "efficacy")
_WORD = re.compile(r"[^\W_][\w’'-]*")
_CLAUSE = re.compile(r"[.,;:?!()\[\]“”\"•\n]+")


class Shelf:
    """The shelf as the page presents it; read again when the index has changed.

    Args:
        assistant: Whose shelf it is.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._generation = -1
        self._line = ""
        self._first = False  # whether the first index is being made
        self._examples: list[str] = []
        self._choices: list[tuple[str, str]] = []
        self.refresh()

    def refresh(self) -> None:
        """Look at the shelf again, if there is a newer generation of its index."""
        try:
            with self._assistant.snapshot() as snapshot:
                generation, shelf = snapshot.generation, snapshot.bibliographies()
            self._first = False
            if generation == self._generation:
                return
            count = len(shelf)
            self._choices = sorted((_name(name, said), name) for name, said in shelf.items())
            self._examples = examples(self._assistant) if count else []
            self._line = f"{count} review{'' if count == 1 else 's'} on the shelf" if count else _EMPTY
            self._generation = generation
        except PinciteError as error:
            self._generation, self._examples, self._choices, self._line = -1, [], [], escape(str(error))
            self._first = isinstance(error, StillReadingError)
            if isinstance(error, IndexMissingError):  # a state of its own; what went wrong is said by the strip
                self._line = _READING if self._first else _UNREAD

    def header(self) -> str:
        """The page's header, as HTML."""
        kind = "pc-header pc-header-first" if self._first else "pc-header"  # the page's style goes by it
        line = _WRITTEN_LINE if self._assistant.writer else _LINE
        return f'<header class="{kind}"><h1>Pincite</h1><p>{line}</p><p class="pc-count">{self._line}</p></header>'

    def choices(self) -> list[tuple[str, str]]:
        """The reviews to choose from, by title, each with its document's name."""
        return self._choices

    def example(self, at: int) -> dict[str, Any]:
        """The value and visibility of an example's button."""
        there = at < len(self._examples)
        return {"value": self._examples[at] if there else "", "visible": there}


def opening(assistant: Assistant) -> str:
    """What stands in place of a conversation that has not begun, as HTML."""
    return _OPENING.format(_ALL_CHECKED if assistant.writer else _ALL_QUOTED)


def _name(name: str, said: Bibliography) -> str:
    """A review as it is listed: its title and year, else its file's name."""
    title = tidy(said.title)
    return f"{title} ({said.year})" if title and said.year else title or name


def examples(assistant: Assistant) -> list[str]:
    """Up to four questions that this shelf answers, made from its own titles and recurring phrases."""
    with assistant.snapshot() as snapshot:
        shelf = snapshot.bibliographies()
        texts = [
            " \n".join(span.of(snapshot.document(name).text) for span in snapshot.sentences_of(name))
            for name in list(shelf)[:_READ]
        ]
    found: list[str] = []
    for wordings in _candidates(shelf, texts):
        if len(found) == EXAMPLES:
            break
        found += [
            question for question, words in wordings if answers_well(assistant.answer(question, quoted=True), words)
        ][:1]
    return found


def answers_well(answer: Answer, words: str) -> bool:
    """Whether the quotes of an answer have the words that its question turns on, and do not only announce."""
    quotes = [citation.quote for citation in answer.citations]
    quoted = {term for quote in quotes for term in terms(quote)}
    return bool(quoted) and quoted.issuperset(terms(words)) and not any(announces(quote) for quote in quotes)


def _candidates(shelf: dict[str, Bibliography], texts: Sequence[str]) -> list[list[tuple[str, str]]]:
    """For each topic and title its questions, the better first, each with the words that it turns on."""
    topics = []
    for at, phrase in enumerate(phrases(shelf, texts)[:8]):
        plain = (f"What do the reviews say about {phrase}?", phrase)
        aspect = _ASPECTS[at % len(_ASPECTS)]
        pointed = (f"What is known about the {aspect} of {phrase}?", f"{aspect} {phrase}")
        topics.append([pointed, plain] if aspect else [plain])
    written = sorted((tidy(one.title) for one in shelf.values() if one.title and one.authors), key=len)
    titles = [[(f"Who wrote “{title}”?", "")] for title in written[:2]]
    return [*topics[:3], *titles[:1], *topics[3:], *titles[1:]]


def phrases(shelf: dict[str, Bibliography], texts: Sequence[str]) -> list[str]:
    """What the shelf speaks of: phrases that recur, those of titles and of many reviews first; none twice."""
    titles = " \n".join(one.title for one in shelf.values()).casefold()
    counts: Counter[str] = Counter()
    reviews: Counter[str] = Counter()
    wording: dict[str, str] = {}
    for text in texts:
        here = list(_runs(text))
        counts.update(phrase.casefold() for phrase in here)
        reviews.update({phrase.casefold() for phrase in here})
        for phrase in here:
            # "Autoimmune disorders" opens a sentence; "autoimmune disorders" is the phrase.
            wording[phrase.casefold()] = min(wording.get(phrase.casefold(), phrase), phrase, key=_capitals)
    common = {key for key in counts if counts[key] > 1}
    # "T cells" is mostly said within "CAR T cells".
    parts = {part for key in common for part in _parts(key) if counts[part] <= 2 * counts[key]}
    ranked = sorted(common - parts, key=lambda key: (key not in titles, -reviews[key], -counts[key], -len(key), key))
    chosen: list[str] = []
    used = {term for one in shelf.values() for name in one.authors for term in terms(name)}
    for key in ranked:
        if not used.intersection(terms(key)):
            chosen.append(wording[key])
            used.update(terms(key))
    return chosen


def _runs(text: str) -> Iterator[str]:
    """Every two to four words that stand together, with no mark and no function word between them."""
    for clause in _CLAUSE.split(text):
        words = _WORD.findall(clause)
        for size in range(2, 5):
            for at in range(len(words) - size + 1):
                run = words[at : at + size]
                if not any(word.casefold() in FUNCTION_WORDS or len(word) > 30 for word in run):
                    yield " ".join(run)


def _parts(phrase: str) -> Iterator[str]:
    words = phrase.split()
    for size in range(2, len(words)):
        for at in range(len(words) - size + 1):
            yield " ".join(words[at : at + size])


def _capitals(phrase: str) -> int:
    return sum(char.isupper() for char in phrase)
