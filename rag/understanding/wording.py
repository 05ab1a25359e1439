"""A question in the words of the shelf: typing errors corrected, abbreviations in both their forms."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from index.abbreviations import Definition, built_in, long_key, same_letters, short_key
from index.analysis import terms
from index.snapshot import Snapshot
from rag.understanding.kinds import Kind
from rag.understanding.question import Concept, Question, analyse
from rag.understanding.question_words import FUNCTION_WORDS
from rag.understanding.spelling import correction, is_known

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 10  # words of a long form
_PARTS = 3  # of a short form: "CAR-NK", "IL 17 A"
_FORMS = 2  # other forms taken of one that has several
_COMPARABLE = 2  # a meaning that half as many documents have is taken as well
_RARE = 10  # times as many passages have the other form: only then is it searched for, for it dilutes what was asked
_OTHER_LANGUAGE = 3  # words that neither the shelf nor a dictionary has, where they are half of the question
_UNITS = frozenset("cm g hr hrs kg l m mg min ml mm ms ng nm pg pm s".split())  # noqa: SIM905 - a list of words


class Reworded(NamedTuple):
    """A question as it is searched, and `notes` on what was made of its words."""

    question: Question
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Run:
    """Some words of the question that are an abbreviation or are abbreviated, and their other forms."""

    start: int
    end: int
    others: tuple[str, ...]
    rare: bool
    note: str


def reword(question: Question, snapshot: Snapshot, documents: Sequence[str] | None = None) -> Reworded:
    """The question with misspelled words corrected, and what it abbreviates or spells out in the other form too.

    A word that stands on the shelf is never corrected. What an abbreviation means is what the documents asked (all if
    None) define it as; where they do not, what it commonly means.
    """
    question, notes = _corrected(question, snapshot)
    runs = _runs(question.text, snapshot, documents)
    concepts = question.concepts
    text = meant = question.text
    for run in reversed(runs):
        concepts = _with_forms(concepts, text[run.start : run.end], run.others, run.rare)
        other = f" ({', '.join(run.others)})"
        meant = meant[: run.end] + other + meant[run.end :]
        if run.rare and question.kind is not Kind.DEFINITION:
            # For the model, which knows some words in one form only.
            text = text[: run.end] + other + text[run.end :]
    notes += tuple(dict.fromkeys(run.note for run in runs if run.rare))
    return Reworded(replace(question, text=text, meant=meant if runs else "", concepts=concepts), notes)


def _corrected(question: Question, snapshot: Snapshot) -> tuple[Question, tuple[str, ...]]:
    if any(len(one.forms) > 1 for one in question.concepts):
        return question, ()  # from another language, and already in words of the shelf
    absent = [word for word in dict.fromkeys(question.words) if not _stands(terms(word), snapshot)]
    meant = {word: found for word in absent if (found := _meant(word, snapshot)) is not None}
    if not meant or _is_other_language(question, [word for word in absent if not is_known(word)], meant):
        return question, ()
    text = question.text
    for word, other in meant.items():
        text = re.sub(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", other, text)
    notes = tuple(f"Searched for “{other}” instead of “{word}”." for word, other in meant.items())
    return replace(analyse(text), kind=question.kind), notes


def _is_other_language(question: Question, strange: Sequence[str], meant: Collection[str]) -> bool:
    """Whether a question is in no English that is badly typed, for it has more strange words than signs of English.

    A sign is a word of English grammar; a strange word that is like one of the shelf is one as well, and not strange.
    """
    if len(strange) < max(_OTHER_LANGUAGE, len(question.words) / 2):
        return False
    errors = sum(word in meant for word in strange)
    english = sum(word.lower() in FUNCTION_WORDS for word in _WORD.findall(question.text))
    return errors + english < len(strange) - errors


def _meant(word: str, snapshot: Snapshot) -> str | None:
    """What a word that the shelf does not have is a misspelling of; None if it is none, or an abbreviation."""
    if short_key(word) in built_in().by_short or snapshot.definitions([short_key(word)], []):
        return None
    return correction(word, snapshot)


def _runs(text: str, snapshot: Snapshot, documents: Sequence[str] | None) -> list[_Run]:
    """The runs of words that have another form, in order; of those that share a word, the longest."""
    words = [(found.start(), found.end()) for found in _WORD.finditer(text)]
    pieces = {
        (first, last): text[words[first][0] : words[last - 1][1]]
        for first in range(len(words))
        for last in range(first + 1, min(first + _LONGEST, len(words)) + 1)
    }
    shorts = {at: short_key(piece) for at, piece in pieces.items() if at[1] - at[0] <= _PARTS}
    keys = [long_key(text[start:end]) for start, end in words]
    longs = {(first, last): " ".join(keys[first:last]) for first, last in pieces}
    said = _Said(snapshot, documents, set(shorts.values()), set(longs.values()))
    found: list[_Run] = []
    taken: set[int] = set()
    known = [at for at in pieces if said.knows(shorts.get(at, ""), longs[at])]
    for at in sorted(known, key=lambda at: (at[0] - at[1], at[0])):
        if taken.intersection(range(*at)):
            continue
        typed = pieces[at]
        longs_of = said.meanings(typed, shorts[at], shouted=text.isupper()) if at in shorts else ()
        others = longs_of or said.abbreviations(typed, longs[at])
        if others:
            taken.update(range(*at))
            note = f"{typed}: {' or '.join(others)}." if longs_of else f"{' or '.join(others)}: {typed}."
            rare = said.is_rare(typed, others)
            found.append(_Run(words[at[0]][0], words[at[1] - 1][1], others, rare, note))
    return sorted(found, key=lambda run: run.start)


class _Said:
    """What the shelf, and where it is silent the built-in list, says of some short and long forms."""

    def __init__(self, snapshot: Snapshot, documents: Sequence[str] | None, shorts: set[str], longs: set[str]) -> None:
        self._snapshot = snapshot
        self._list = built_in()
        shelf = snapshot.definitions(shorts, longs, documents)
        candidates = [*shelf, *(made for key in longs for made in self._list.by_long.get(key, ()))]
        # Of each short form all that the shelf says: one of its meanings may be the rarest.
        others = {short_key(made.short) for made in candidates} - shorts
        self._by_short: dict[str, list[Definition]] = {}
        for made in snapshot.definitions(shorts | others, [], documents) if others else shelf:
            self._by_short.setdefault(short_key(made.short), []).append(made)
        self._by_long: dict[str, list[Definition]] = {}
        for several in self._by_short.values():
            for made in _foremost(several):
                self._by_long.setdefault(long_key(made.long), []).append(made)

    def knows(self, short: str, long: str) -> bool:
        """Whether there may be another form of what has these keys."""
        listed = self._list
        return short in self._by_short or short in listed.by_short or long in self._by_long or long in listed.by_long

    def meanings(self, typed: str, key: str, shouted: bool) -> tuple[str, ...]:
        """The long forms of a short form that was typed."""
        known = self._by_short.get(key) or self._common_meanings(key)
        if not known:
            return ()
        # "PSA" is not "PsA", if both have a meaning.
        known = [made for made in known if same_letters(typed, made.short)] or known
        known = [made for made in known if _is_typed(typed, made.short, shouted)]
        return tuple(made.long for made in _foremost(known))

    def abbreviations(self, typed: str, key: str) -> tuple[str, ...]:
        """The short forms of a long form that was typed."""
        if key not in self._by_long and key not in self._list.by_long:
            return ()
        defined = [made for made in self._by_long.get(key, ()) if self._tells(made.short, typed)]
        common = [
            made
            for made in self._list.by_long.get(key, ())
            if short_key(made.short) not in self._by_short and self._tells(made.short, typed, 3)
        ]
        return tuple(made.short for made in _foremost(defined or common))

    def is_rare(self, typed: str, others: Sequence[str]) -> bool:
        """Whether what was typed is hardly on the shelf, beside its other forms."""
        return _RARE * self._frequency(typed) <= max(map(self._frequency, others))

    def _common_meanings(self, key: str) -> list[Definition]:
        """The meanings on the built-in list that the shelf may speak of, by how much it does."""
        found = [
            replace(made, documents=self._frequency(made.long))
            for made in self._list.by_short.get(key, ())
            if _stands(terms(made.long), self._snapshot)
        ]
        return sorted(found, key=lambda made: -made.documents)

    def _tells(self, short: str, typed: str, shortest: int = 2) -> bool:
        """Whether a short form on the shelf can be taken for what was typed: case is not told apart there."""
        form = short.lower()
        if not _stands(terms(short), self._snapshot) or form in FUNCTION_WORDS:
            return False
        return (len(form) >= shortest and form not in _UNITS) or not _stands(terms(typed), self._snapshot)

    def _frequency(self, form: str) -> int:
        return min((self._snapshot.searcher.document_frequency(term) for term in terms(form)), default=0)


def _is_typed(typed: str, short: str, shouted: bool) -> bool:
    """Whether a short form is meant: written as such, or in any case if it can be nothing else."""
    if same_letters(typed, short):
        return not (shouted and is_known(typed))
    return len(short_key(short)) > 2 and not is_known(typed)


def _foremost(known: Sequence[Definition]) -> list[Definition]:
    """Of several meanings, what most documents say; with the next if nearly as many say that."""
    chosen = [made for made in known[:_FORMS] if _COMPARABLE * made.documents >= known[0].documents]
    found: dict[tuple[str, frozenset[str]], Definition] = {}
    for made in chosen:  # "regulatory T cell" and "T regulatory cell" are one
        found.setdefault((short_key(made.short), frozenset(terms(made.long))), made)
    return list(found.values())


def _stands(form: Sequence[str], snapshot: Snapshot) -> bool:
    """Whether all index terms of a form stand on the shelf, be it in different places."""
    return all(snapshot.searcher.document_frequency(term) for term in form)


def _with_forms(
    concepts: tuple[Concept, ...], typed: str, others: tuple[str, ...], searched: bool
) -> tuple[Concept, ...]:
    """The concepts with those of the words typed made one, which may take other forms, searched for or not."""
    asked = set(terms(typed))
    merged = [one for one in concepts if len(one.forms) == 1 and asked.issuperset(one.forms[0])]
    if not merged:
        if any(asked.intersection(one.forms[0]) for one in concepts):
            return concepts  # it has its forms already
        # "OR" is no content word, but what it stands for is.
        return (*concepts, Concept(tuple(tuple(terms(other)) for other in others))) if searched else concepts
    first = tuple(term for one in merged for term in one.forms[0])
    rest = tuple(form for form in dict.fromkeys(tuple(terms(other)) for other in others) if form != first)
    made = Concept((first, *rest), sought=None if searched else 1)
    return tuple(made if one is merged[0] else one for one in concepts if one is merged[0] or one not in merged)
