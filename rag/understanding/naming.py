"""What a question asks about, as a person would name it: "vitamin D", "CAR-T cells"; never "role" or "difference"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from rag.understanding.follow_up_words import ABSTRACT, MANNER, RELATIONAL, VERBS
from rag.understanding.question import Question

_APART = 2  # words of a phrase that are spoken of, for the rest to be named alone
_JOINS = frozenset({" ", "-", "‐", "–"})


@dataclass(frozen=True, slots=True)
class Named:
    """A phrase of a question, and those of its words that carry its subject."""

    text: str
    words: tuple[str, ...]

    def parted(self, lacking: Collection[str]) -> tuple[list[str], list[str]]:
        """What of it is spoken of and what is not, where some words are lacking: ("CAR-T cell therapy", "cost").

        A phrase is taken apart where two words or more of it are spoken of; "multiple sclerosis" stays whole.
        """
        lost = [word in lacking for word in self.words]
        if not any(lost):
            return [self.text], []
        only_what_of_it = lost[-1] and sum(lost) == 1 < len(lost) and self.words[-1].lower() in RELATIONAL
        if len(lost) - sum(lost) < _APART and not only_what_of_it:
            return [], [self.text]
        told: list[str] = []
        missed: list[str] = []
        for is_lost, run in groupby(zip(lost, self._places(), strict=True), key=itemgetter(0)):
            places = [place for _, place in run]
            (missed if is_lost else told).append(self.text[places[0][0] : places[-1][1]])
        return told, missed

    def _places(self) -> list[tuple[int, int]]:
        """Where in the text each of its words stands."""
        places, end = [], 0
        for word in self.words:
            start = self.text.index(word, end)
            end = start + len(word)
            places.append((start, end))
        return places


def subjects(question: Question) -> list[Named]:
    """The phrases of a question that name a subject, in their order, without repeats.

    Words that stand side by side are one phrase, unless a verb parts them. A word that is about nothing by itself is
    left out where it opens or ends a phrase ("main advantage", "usual drugs"), and is none alone.
    """
    text = question.text
    runs: list[list[tuple[int, int]]] = []
    end, parted = 0, True
    for word in question.words:
        at = text.find(word, end)
        if at < 0:  # asked in other words than are searched
            return _distinct(Named(one, (one,)) for one in question.words if _tells(one))
        place = (at, at + len(word))
        if word.lower() in VERBS:
            parted = True
        elif parted or text[end:at] not in _JOINS:
            runs.append([place])
            parted = False
        else:
            runs[-1].append(place)
        end = place[1]
    return _distinct(named for run in runs if (named := _named(text, run)))


def _named(text: str, run: list[tuple[int, int]]) -> Named | None:
    words = [text[start:end] for start, end in run]
    telling = [at for at, word in enumerate(words) if _tells(word)]
    if len(telling) > 1 and telling[-1] == len(words) - 1 and words[-1].islower() and words[-1].endswith("ed"):
        telling.pop()  # "the literature searched"
    if not telling:
        return None
    last = max(at for at, word in enumerate(words) if at == telling[-1] or (at > telling[-1] and word in ABSTRACT))
    return Named(text[run[telling[0]][0] : run[last][1]], tuple(words[at] for at in telling))


def _tells(word: str) -> bool:
    return word.lower() not in ABSTRACT and word.lower() not in MANNER


def _distinct(found: Iterable[Named]) -> list[Named]:
    return list({one.text.lower(): one for one in found}.values())
