"""The noun phrases of a short text, by its function words and its punctuation: no tagger is needed for questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.analysis import terms
from rag.understanding.follow_up_words import (
    AUXILIARIES,
    DEMONSTRATIVES,
    MANNER,
    OPENS_PHRASE,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
    RELATIONAL,
)
from rag.understanding.question_words import FUNCTION_WORDS

WORD = re.compile(r"[^\W_]+(?:[-–.'’/][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{3,200})[”\"»]")
_NAME = r"[A-Z][\w'’-]+"
_AUTHORS = re.compile(rf"\b{_NAME}(?: et al\b\.?| (?:and|&) (?:{_NAME}|colleagues|co-?workers))")
AN_AUTHOR = re.compile(rf"{_NAME}(?: et al\.?| (?:and|&) (?:{_NAME}|colleagues|co-?workers))?")
"""How an answer or a question names the authors of a review: "Blache et al.", "Daamen and Lipsky"."""
_LONGEST = 7  # words


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text and where it stands."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word in lower case, with a plain apostrophe."""
        return self.text.lower().replace("’", "'")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: its words as typed, and its index terms."""

    text: str
    terms: tuple[str, ...]

    @property
    def is_title(self) -> bool:
        """Whether it is a quoted title."""
        return self.text.startswith("“")

    @property
    def is_specific(self) -> bool:
        """Whether it names a subject, as "lupus" does and "risks" does not."""
        return not all(is_generic(word) for word in words_of(self.text))

    def up_to(self, head: str) -> Phrase | None:
        """The phrase as far as the word with the term `head`, if something that tells more stands before it."""
        words = self.text.split()
        for end, word in enumerate(words[1:], 2):
            if head in terms(word):
                return phrase(" ".join(words[:end]))
        return None


def phrase(text: str) -> Phrase:
    """A text as one phrase."""
    return Phrase(text, tuple(terms(text)))


def words_of(text: str) -> list[Word]:
    """The words of a text; what hyphens, slashes and apostrophes hold together is one."""
    return [Word(match[0], match.start(), match.end()) for match in WORD.finditer(text)]


def is_content(word: Word) -> bool:
    """Whether a word stands for something, rather than for grammar or the manner of it."""
    return word.lower not in FUNCTION_WORDS and word.lower not in AUXILIARIES and word.lower not in QUESTION_WORDS


def noun_phrases(text: str) -> list[Phrase]:
    """The noun phrases of a text in their order, without repeats; a quoted title is one, in its quotation marks."""
    found: dict[tuple[str, ...], Phrase] = {}
    rest = text
    for match in _QUOTED.finditer(text):
        title = phrase(f"“{match[1].strip()}”")
        found.setdefault(title.terms, title)
        rest = f"{rest[: match.start()]}{',' * len(match[0])}{rest[match.end() :]}"
    for run in _runs(rest):
        if kept := _nouns(run):
            one = phrase(" ".join(_POSSESSIVE.sub("", word.text) for word in kept[-_LONGEST:]))
            if one.terms and not all(word.lower in MANNER for word in kept):
                found.setdefault(one.terms, one)
    return list(found.values())


def is_plural(word: Word) -> bool:
    """Whether a common noun looks like more than one."""
    return word.text.islower() and word.text.endswith("s") and not word.text.endswith(("ss", "us", "is"))


def is_generic(word: Word) -> bool:
    """Whether a word needs something else to say what it is about: "risks", "patients", "usual", "help"."""
    return word.lower in RELATIONAL or word.lower in MANNER


@dataclass(frozen=True, slots=True)
class _Run:
    before: tuple[str, ...]  # the words before it in its clause, lower case
    words: tuple[Word, ...]
    after: str  # the word after it in its clause, lower case


def _runs(text: str) -> Iterator[_Run]:
    """The runs of content words within a clause."""
    before: list[str] = []
    run: list[Word] = []
    end = 0
    for word in words_of(text):
        if text[end : word.start].strip(" \n\t'’"):  # punctuation
            yield _Run(tuple(before), tuple(run), "")
            before, run = [], []
        if is_content(word):
            run.append(word)
        else:
            yield _Run(tuple(before), tuple(run), word.lower)
            before += [*(one.lower for one in run), word.lower]
            run = []
        end = word.end
    yield _Run(tuple(before), tuple(run), "")


def inner(one: Phrase) -> list[Phrase]:
    """A quoted title as its noun phrases; any other phrase as itself."""
    return noun_phrases(one.text.strip("“”")) if one.is_title else [one]


def _nouns(run: _Run) -> list[Word]:
    """A run without what is no noun: the verb that an auxiliary leaves at its end, a gerund, words of manner."""
    words = list(run.words)
    last_before = run.before[-1] if run.before else ""
    if len(words) == 1 and (last_before in PRONOUNS or (last_before in AUXILIARIES and _is_participle(words[0]))):
        return []
    if (
        len(words) == 1
        and not run.after
        and last_before in DEMONSTRATIVES
        and AUXILIARIES.get(run.before[-2:][0]) == "do"
    ):
        return []  # "Which antigens do those recognise?"
    if last_before == "who":  # "Who won the cup?"
        words = words[1:]
    while len(words) > 1 and words[0].text in MANNER:
        words = words[1:]
    if len(words) > 1 and last_before in PREPOSITIONS and words[0].lower.endswith("ing"):
        words = words[1:]
    auxiliary = AUXILIARIES.get(next((word for word in reversed(run.before) if word in AUXILIARIES), ""), "")
    ends = not run.after or run.after in PREPOSITIONS or run.after in OPENS_PHRASE
    if len(words) > 1 and auxiliary and last_before not in PREPOSITIONS and ends:
        bare_verb = auxiliary == "do" and not words[-1].lower.endswith("s") and words[-1].text.islower()
        if bare_verb or _is_participle(words[-1]):
            words = words[:-1]
    while len(words) > 1 and words[-1].text in MANNER:
        words = words[:-1]
    return words


def _is_participle(word: Word) -> bool:
    return word.text.islower() and word.text.endswith(("ed", "ing"))


def put_in_place(new: str, question: str) -> str:
    """A question with a new part in the place of its counterpart; empty if it has none for certain.

    "in children" takes the place of "in adults", "type 2 diabetes" that of "type 1 diabetes", an author that of
    another.
    """
    words = words_of(new)
    names = list(_AUTHORS.finditer(question))
    if len(names) == 1 and AN_AUTHOR.fullmatch(new):
        return f"{question[: names[0].start()]}{new}{question[names[0].end() :]}"
    first = words[0].lower if words else ""
    spans = []
    if first in PREPOSITIONS and len(words) > 1:
        runs = [run for run in _runs(question) if run.words and run.before and run.before[-1] == first]
        shape = words[1].text[0].isupper()
        spans = [
            (question.lower().rindex(first, 0, run.words[0].start), run.words[-1].end)
            for run in runs
            if run.words[0].text[0].isupper() == shape and not all(word.lower in MANNER for word in run.words)
        ]
    elif words and len(words) > 1:
        head = terms(words[-1].text)
        for run in _runs(question):
            last = next((at for at in range(len(run.words) - 1, 0, -1) if terms(run.words[at].text) == head), 0)
            if last:
                spans.append((run.words[max(0, last + 1 - len(words))].start, run.words[last].end))
    if len(spans) != 1:
        return ""
    start, end = spans[0]
    return f"{question[:start]}{new}{question[end:]}"
