"""What a question asks about, as a person would name it: "vitamin D", "CAR-T cells"; never "role" or "difference"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rag.understanding.follow_up_words import ABSTRACT, MANNER, RELATIONAL, VERBS
from rag.understanding.question import Question

_JOINS = frozenset({" ", "-", "‐", "–"})


@dataclass(frozen=True, slots=True)
class Named:
    """A phrase of a question, and those of its words that carry its subject."""

    text: str
    words: tuple[str, ...]

    def parted(self, lacking: Collection[str]) -> tuple[str, str]:
        """What of it is spoken of and what is not, where some words are lacking: ("CAR-T cell therapy", "cost")."""
        lost = [word for word in self.words if word in lacking]
        if not lost:
            return self.text, ""
        if lost == [self.words[-1]] and len(self.words) > 1 and lost[0].lower() in RELATIONAL:
            return self.text[: self.text.rindex(lost[0])].rstrip(" -‐–"), lost[0]
        return "", self.text


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
