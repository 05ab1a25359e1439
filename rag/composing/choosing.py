"""Candidate sentences -> those that make the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from index.analysis import distinct_terms, terms
from rag.composing.able import able_to_answer
from rag.composing.announcing import stating
from rag.composing.comparison import side_by_side
from rag.composing.definitions import Tells, in_brackets, spells_out, tells
from rag.composing.members import naming
from rag.composing.polarity import verdict
from rag.composing.qualifiers import of_what_is_asked
from rag.searching.candidates import Choice
from rag.searching.coverage import coverage, spoken_of
from rag.understanding.kinds import Kind, wants_long_form
from rag.understanding.question import Concept, Question
from rag.understanding.question_words import FUNCTION_WORDS

_ALIKE = 0.7  # share of words from which two sentences say the same
_FAR = 0.45  # how good a sentence must be beside the best to be looked at, unless those that are leave room for others
_FROM_AFAR = {Kind.COMPARISON, Kind.DEFINITION}  # may be answered by a sentence that fits the question badly
# How close to the best sentence's score a further one must come:
_EQUAL = 0.97  # if it speaks of nothing more that was asked for
_ADDS = 0.75  # if it does, and that is worth a sentence:
_WORTH_ADDING = 0.15  # the share of what was asked for
_ONE_OF_SEVERAL = 0.85  # if several things are asked for, of which it may be one
_READ_AS_ONE = 0.7  # likewise, where a reader holds it for an answer
_AS_MUCH = 0.9  # and it speaks of about as much of what was asked for as the best
_HEADING = 3  # words, up to which what is no sentence adds nothing to one
_TO_THE_POINT = 0.6  # how much of that one which adds something must speak of
_SETTLES = 0.75  # how good a quote that says yes or no must be beside the best that does not
# How good a sentence that tells this much of a thing is as its definition.
_DEFINES = {Tells.DEFINITION: 1.0, Tells.IN_PASSING: 0.6}
_DEFINES_A_PART = 0.4
_OF_WHAT_IS_NEW = 0.5  # of what a follow-up names itself, how much must be said
_GOOD = 0.6  # how good a sentence that says it must be beside one that stands where it is said
_AROUND = 1000  # characters around a sentence under which it is said


def choose(question: Question, found: Sequence[Choice], weights: Sequence[float], most: int) -> list[Choice]:
    """The sentences that make the answer, at most `most`, best first; none if none could answer.

    A comparison takes the best sentence of each review, a definition the one that defines, yes or no the one that
    settles it. Otherwise the best sentence stands alone, unless another is as good, or speaks of something asked for
    of which those before it do not.

    Args:
        question: What was asked.
        found: The candidates, best first.
        weights: How much each of the question's concepts matters; see `rag.searching.coverage.concept_weights`.
        most: The most sentences to choose.
    """
    near = found
    if question.kind not in _FROM_AFAR and not question.new:
        near = [choice for choice in found if choice.score >= _FAR * found[0].score]
    chosen = _chosen(question, near, weights, most)
    # The others are looked at only where one of them could stand beside the best.
    if len(near) < len(found) and not (chosen and _READ_AS_ONE * chosen[0].score >= _FAR * found[0].score):
        chosen = _chosen(question, found, weights, most)
    return _with_twins(question, chosen, found)


def _chosen(question: Question, found: Sequence[Choice], weights: Sequence[float], most: int) -> list[Choice]:
    able = _on_what_is_new(question, _able(question, found), weights)
    able = naming(question, stating(question, of_what_is_asked(question, able), weights))
    return _of_kind(question, able, weights, most)


def _able(question: Question, found: Sequence[Choice]) -> list[Choice]:
    return [choice for choice in found if able_to_answer(question, choice)]


def _of_kind(question: Question, able: Sequence[Choice], weights: Sequence[float], most: int) -> list[Choice]:
    if question.kind is Kind.COMPARISON:
        return side_by_side(question, able, weights, most)
    if question.kind is Kind.DEFINITION:
        return _defining(question, able)[:1]
    if question.kind is Kind.YES_NO and (settling := _settling(question, able)):
        return settling[:most]
    return _best(question, able, weights, most)


def _with_twins(question: Question, chosen: Sequence[Choice], found: Sequence[Choice]) -> list[Choice]:
    """The sentences chosen, each once, with the places where its very words stand in other documents."""
    once: dict[str, Choice] = {}
    for choice in chosen:
        once.setdefault(_wording(choice), choice)
    said: dict[str, dict[str, Choice]] = {words: {} for words in once}
    same = [one for one in found if (words := _wording(one)) in once and one.document.name != once[words].document.name]
    for choice in of_what_is_asked(question, _able(question, same)) if same else ():
        said[_wording(choice)].setdefault(choice.document.name, choice)
    return [replace(choice, twins=tuple(said[words].values())) for words, choice in once.items()]


def _wording(choice: Choice) -> str:
    return " ".join(choice.words.split()).casefold()


def says(question: Question, choice: Choice) -> bool | None:
    """Whether a sentence plainly says yes or no to a question; see `rag.composing.polarity.verdict`."""
    return verdict(question, choice.words, _context(choice))


def _best(question: Question, able: Sequence[Choice], weights: Sequence[float], most: int) -> list[Choice]:
    chosen: list[Choice] = []
    told = [0.0] * len(question.concepts)
    enough = 0.0
    for choice in able:
        if chosen and choice.score < _READ_AS_ONE * chosen[0].score:
            continue  # nothing it adds would be enough
        tells_of = spoken_of(question.concepts, distinct_terms(choice.words))
        covered = sum(share * weight for share, weight in zip(tells_of, weights, strict=True))
        if chosen:
            gain = sum(max(new - old, 0.0) * weight for new, old, weight in zip(tells_of, told, weights, strict=True))
            share = _EQUAL
            if gain >= _WORTH_ADDING * sum(weights) and covered >= _TO_THE_POINT * enough:
                share = _ADDS
            elif question.kind is Kind.LIST and covered >= _AS_MUCH * enough:
                share = _READ_AS_ONE if (choice.chance or 0.0) > 0.5 else _ONE_OF_SEVERAL
            if len(choice.words.split()) <= _HEADING or choice.score < share * chosen[0].score:
                continue
        if not any(_alike(choice.words, other.words) for other in chosen):
            chosen.append(choice)
            told = [max(new, old) for new, old in zip(tells_of, told, strict=True)]
            enough = enough or covered
        if len(chosen) == most:
            break
    return chosen


def _defining(question: Question, able: Sequence[Choice]) -> list[Choice]:
    """The sentences that say what the thing asked of is, the best first."""
    thing = question.thing
    letters = question.words[0] if len(question.words) == 1 else ""
    long_form = wants_long_form(question.text)
    ranked = []
    for choice in able:
        told = tells(thing, choice.words)
        if letters and spells_out(letters, choice.words):
            told = Tells.DEFINITION if long_form else max(told, Tells.IN_PASSING)
        elif letters and long_form:
            told = Tells.IN_PASSING if in_brackets(letters, choice.words) else Tells.NOTHING
        if told in _DEFINES:
            ranked.append((_DEFINES[told] * choice.score, choice))
        elif not long_form and _defines_a_part(thing, choice.words):
            ranked.append((_DEFINES_A_PART * choice.score, choice))
    return [choice for _, choice in sorted(ranked, key=lambda one: -round(one[0], 6))]


def _defines_a_part(thing: Sequence[Concept], words: str) -> bool:
    """Whether a sentence speaks of the whole thing and says what the first part of its name is.

    "CARs are proteins that T cells are engineered to express", for "CAR T cell".
    """
    if not all(share == 1 for share in spoken_of(thing, distinct_terms(words))):
        return False
    rest = [term for concept in thing[1:] for term in concept.forms[0]]
    names = [(*form, *rest) for form in thing[0].forms]
    parts = [name[:end] for name in names for end in range(len(name) - 1, 0, -1)]
    return any(tells([Concept((part,))], words) is Tells.DEFINITION for part in parts)


def _settling(question: Question, able: Sequence[Choice]) -> list[Choice]:
    """The quote that settles a question of yes or no, and the best that says the opposite, if there is one."""
    near = [choice for choice in able if choice.score >= _SETTLES * able[0].score]
    said: dict[bool, Choice] = {}
    for choice in near:
        word = says(question, choice)
        if word is not None:
            said.setdefault(word, choice)
    return list(said.values())


def _on_what_is_new(question: Question, able: Sequence[Choice], weights: Sequence[float]) -> list[Choice]:
    """The sentences that speak, or stand where is spoken, of half of what a follow-up names itself.

    "And in children?" is not answered by what is said of adults, however well that fits the question before. Where
    good sentences say it themselves, it is those.
    """
    new = [(one, weight) for one, weight in zip(question.concepts, weights, strict=True) if one in question.new]
    if not new:
        return list(able)
    concepts, shares = zip(*new, strict=True)

    def speaks(text: str) -> bool:
        return coverage(concepts, shares, distinct_terms(text)) >= _OF_WHAT_IS_NEW

    near = [choice for choice in able if speaks(_context(choice))]
    themselves = [choice for choice in near if speaks(choice.words)]
    return themselves if themselves and themselves[0].score >= _GOOD * near[0].score else near


def _context(choice: Choice) -> str:
    """A sentence with the title of its review and what stands around it."""
    text, span = choice.document.text, choice.span
    return f"{choice.document.bibliography.title} {text[max(0, span.start - _AROUND) : span.end + _AROUND]}"


def _alike(one: str, other: str) -> bool:
    """Whether two sentences say much the same."""
    words, others = _content(one), _content(other)
    return len(words & others) >= _ALIKE * min(len(words), len(others))


def _content(words: str) -> frozenset[str]:
    return distinct_terms(words) - _function_terms()


@cache
def _function_terms() -> frozenset[str]:
    return frozenset(terms(" ".join(FUNCTION_WORDS)))
