"""Whether a quote plainly says yes or no to a question.

A wrong "Yes." is worse than none, so everything that is not plain is neither: a hedge, a second negation, a word of
the question that the quote does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis import distinct_terms, terms
from rag.composing.announcing import announces
from rag.understanding.question import Concept, Question

_FLAGS = re.IGNORECASE | re.VERBOSE
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_NEGATION = re.compile(
    r"""\b(?:not|no|never|none|neither|nor|without|cannot|n['’]t|\w+n['’]t|fail(?:s|ed)?\ to|unable\ to|lacks?|lacked
    |lacking|absence\ of
    |unlikely|nobody|nothing|rarely|hardly|seldom|independent(?:ly)?\ of|irrespective|instead\ of|rather\ than|devoid
    |exclud\w*)\b""",
    _FLAGS,
)
_PLAIN_NEGATION = re.compile(r"\b(?:not|no|never|\w+n['’]t|cannot|fail(?:s|ed)?\ to)\b", _FLAGS)
# "not only", "not necessarily", "no longer", "not until": what they deny is something else.
_ODD_NEGATION = re.compile(
    r"""\b(?:not|no|never|n['’]t)\s+(?:only|necessarily|just|merely|always|all|every|yet|longer|until|unless|without
    |un\w+|in\w+able
    |entirely|fully|completely|solely|alone|more|less|worse|better|later|inferior|superior|other|sooner|doubt
    |matter)\b""",
    _FLAGS,
)
_HEDGE = re.compile(
    r"""\b(?:may|might|could|would|should|possibl[ey]|perhaps|probabl[ey]|potential\w*|suggest\w*|appear\w*|seem\w*
    |likely
    |preliminary|unclear|unknown|uncertain\w*|whether|if|investigat\w*|hypothes\w*|propos\w*|controvers\w*|conflicting
    |inconclusive|insufficient\w*|limited|aim\w*|objective|purpose|tested|question\w*|evaluat\w*|assess\w*|examin\w*
    |expect\w*
    |trend\w*|tend\w*|believ\w*|thought|assum\w*|speculat\w*|although|though|however|but|despite|except\w*|depend\w*
    |partial\w*
    |some|sometimes|certain|minority|rare\w*|few|to\ determine|to\ study|sought|contribut\w*|need\w*|further
    |conditional|unless
    |question|debat\w*|yet|remain\w*|concern\w*|questionable|promising|candidate\w*)\b""",
    _FLAGS,
)
_DENIES = re.compile(r"\b(?:not|no|never|without|only|\w+n['’]t)\b", _FLAGS)
_BE = re.compile(r"\b(?:is|are|was|were|be|been|being|remains?|becomes?|became|represents?|constitutes?)\b", _FLAGS)
_POSSIBILITY = frozenset({"can", "could", "may", "might"})
# What a quote can seem to settle by chance: a comparison, a choice, a question that denies.
_TURNS = re.compile(
    r"\b(?:or|more|less|better|worse|than|equal\w*|enough|should|not|no|without|\w+n['’]t|still|different\w*|same)\b",
    _FLAGS,
)
# Small words of a question that decide it and must stand in the quote.
_DECIDES = re.compile(
    r"""\b(?:only|all|always|never|every|most|first|sole|main|exclusively|ever|solely|best|enough|already|still|instead
    |exactly|generally|mainly|mostly|typically|usually|especially|particularly)\b""",
    _FLAGS,
)
_CLAUSE_END = re.compile(
    r"[;:]\s|,\s+(?:and|but|or|while|whereas|which|who|although|though|however)\b|,\s+"
    r"|\s(?:but|whereas|while|although)\s"
)
_SMALL = frozenset(
    """be been being is are was were has have had do does did done a an the to of any significant significantly
    statistically clear clearly consistent strong direct directly evidence that for there an been substantial
    substantially also in effectively seem appear found shown known""".split()  # noqa: SIM905
)


_SETTING = r"(?:in|for|with|among|after|before|during|by|from|on|at|under|between|against)"
_PREPOSITION = re.compile(rf"\b(?:of|{_SETTING})\b", re.IGNORECASE)
# Between the words of a question as a quote states them: what makes the rest of it something else's.
_TURNS_AWAY = re.compile(
    rf"""\b(?:and|but|or|while|whereas|as|than)\b | \b(?!during|being)\w{{2,}}ing\b
    | \w\W+(?:that|which|who|whose|when|where)\b
    | \b{_SETTING}\b.*\b{_SETTING}\b""",
    _FLAGS | re.DOTALL,
)
_LONGEST_GAP = 4  # words between two things asked for
_LONGEST_RUN = 3  # clauses


@dataclass(frozen=True, slots=True)
class _Clause:
    words: str
    terms: frozenset[str]
    goes_on: bool  # whether a plain comma stands before it: what is said goes on


def verdict(question: Question, quote: str, context: str = "") -> bool | None:
    """True for a quote that plainly says yes, False for one that plainly says no, None for any other.

    Args:
        question: The question; one that a verb opens.
        quote: The quote.
        context: What stands around the quote, under which it is said: its title, its neighbours.
    """
    concepts = question.concepts
    if not concepts or quote.rstrip().endswith("?") or re.search(r"\bor\b", question.text):
        return None
    clauses = list(_clauses(quote))
    if _says_no(question, clauses, quote, context):
        return False
    return True if _says_yes(question, clauses) else None


def _says_yes(question: Question, clauses: Sequence[_Clause]) -> bool:
    """A run of clauses without negation or hedge says what is asked, in that order."""
    if _TURNS.search(question.text) or any("respectively" in clause.words for clause in clauses):
        return False
    decisive = {word.lower() for word in _DECIDES.findall(question.text)}
    for run in _runs(clauses):
        words = ", ".join(clause.words for clause in run)
        if not decisive <= {word.lower() for word in _DECIDES.findall(words)}:
            continue
        if _NEGATION.search(words) or _hedged(words, question.text):
            continue
        held = frozenset().union(*(clause.terms for clause in run))
        told = all(_spoken_of(concept, held) for concept in question.concepts) and _in_order(question.concepts, words)
        if told and _predicated(question, words):
            return True
    return False


def _in_order(concepts: Sequence[Concept], words: str) -> bool:
    """Whether words name the concepts in the order of the question, close together, and of nothing else.

    That T cells attack B cells, or kill clones producing antibodies, does not say that B cells attack T cells, or
    that antibodies are killed.
    """
    found = list(_WORD.finditer(words))
    stems = [next(iter(terms(match[0])), "") for match in found]
    ends: list[int] = []  # the last words of the concepts before
    for number, concept in enumerate(concepts):
        reached = []
        for first, last in _places(concept, stems):
            before = [end for end in ends if 0 < first - end <= _LONGEST_GAP + 1]
            gaps = (words[found[end].end() : found[first].start()] for end in before)
            if not number or any(not _TURNS_AWAY.search(gap) for gap in gaps):
                reached.append(last)
        if not reached:
            return False
        ends = reached
    return True


def _places(concept: Concept, stems: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first and the last word of every place where a concept is named."""
    for form in concept.forms:
        for at in range(len(stems) - len(form) + 1):
            if tuple(stems[at : at + len(form)]) == form:
                yield at, at + len(form) - 1


def _predicated(question: Question, words: str) -> bool:
    """Whether words state what "Is X Y?" asks: that X is Y, and not, say, that a safe X is wanted.

    A form of "be" must stand between words of the question; where the question ends in a bare adjective, right
    before it. Questions that other verbs open are stated by their verb, which is one of their concepts.
    """
    asked = _WORD.findall(question.text)
    if announces(words):
        return False
    if not _BE.fullmatch(asked[0]):
        return True
    known = {term for concept in question.concepts for form in concept.forms for term in form}
    last = set(terms(asked[-1])) & known
    bare = last and not any(_PREPOSITION.fullmatch(word) for word in asked)
    if bare and not re.search(rf"(?<![^\W_]){re.escape(asked[-1])}(?![^\W_])", words, re.IGNORECASE):
        return False  # what is "interpretable" is not said by "is the interpretability of"
    there = asked[1:2] == ["there"]
    for be in _BE.finditer(words):
        before, after = terms(words[: be.start()]), terms(words[be.end() :])
        between = (there or known.intersection(before)) and known.intersection(after)
        if between and (there or not bare or last.intersection(after[:4])):
            return True
    return False


def _says_no(question: Question, clauses: Sequence[_Clause], quote: str, context: str) -> bool:
    """One clause plainly denies what is asked: the word denied is the question's, and so are the words around it."""
    if _DENIES.search(question.text):
        return False
    denials = [(clause, negation) for clause in clauses if (negation := _denial(clause))]
    if not denials:
        return False
    asked = distinct_terms(question.text)
    around = distinct_terms(f"{quote} {context}")
    if not all(_spoken_of(concept, around) for concept in question.concepts):
        return False
    core = _core(question)
    for clause, negation in denials:
        # "No trials ..." denies that there are any, and so must speak of everything; "... were not done" of a part.
        needed = question.concepts if negation[0].lower() == "no" else core
        if (
            not _hedged(clause.words, question.text)
            and _denied(clause.words[negation.end() :], asked)
            and all(_spoken_of(concept, clause.terms) for concept in needed)
            and not _elsewhere(question, clause, negation.end())
        ):
            return True
    return False


def _denial(clause: _Clause) -> re.Match[str] | None:
    """The one negation of a clause, if it is a plain one."""
    negations = list(_NEGATION.finditer(clause.words))
    if len(negations) != 1 or not _PLAIN_NEGATION.fullmatch(negations[0][0]) or _ODD_NEGATION.search(clause.words):
        return None
    return negations[0]


def _elsewhere(question: Question, clause: _Clause, after: int) -> bool:
    """Whether a denial is said of another setting than is asked of: "not in adults", where children are."""
    whole = all(_spoken_of(concept, clause.terms) for concept in question.concepts)
    return not whole and _PREPOSITION.search(clause.words, after) is not None


def _denied(after: str, asked: frozenset[str]) -> bool:
    """Whether the first words after a negation that carry meaning are those of the question."""
    for word in _WORD.findall(after):
        found = set(terms(word))
        if found & asked and word.lower() not in _SMALL - {"done", "shown", "found", "known"}:
            return True
        if word.lower() not in _SMALL:
            return False
    return False


def _core(question: Question) -> list[Concept]:
    """What a denial must speak of itself, the rest being said around it: the words before the first preposition.

    "Have [controlled trials] of CAR T cells in lupus been done?"
    """
    words = _WORD.findall(question.text)
    first = next((at for at, word in enumerate(words) if at > 1 and _PREPOSITION.fullmatch(word)), len(words))
    kept = {term for word in words[:first] for term in terms(word)}
    core = [one for one in question.concepts if kept.intersection(one.forms[0])]
    return core if len(core) >= min(2, len(question.concepts)) else list(question.concepts)


def _hedged(words: str, asked: str) -> bool:
    """Whether words hedge, unless the question asks of a possibility in the same way ("Could ...?", "could")."""
    opening = asked.split(maxsplit=1)[0].lower()
    hedges = [match[0].lower() for match in _HEDGE.finditer(words)]
    if opening in _POSSIBILITY:
        hedges = [hedge for hedge in hedges if hedge not in _POSSIBILITY]
    said = distinct_terms(asked)
    return any(not said.intersection(terms(hedge)) or hedge in {"if", "whether", "but"} for hedge in hedges)


def _spoken_of(concept: Concept, words: frozenset[str]) -> bool:
    return any(words.issuperset(form) for form in concept.forms)


def _clauses(quote: str) -> Iterator[_Clause]:
    at, goes_on = 0, False
    for cut in (*_CLAUSE_END.finditer(quote), None):
        words = quote[at : cut.start() if cut else len(quote)]
        # "The role is not known and the dose has not been found": each denial is a clause of its own.
        parts = words.split(" and ") if len(_NEGATION.findall(words)) > 1 else [words]
        for number, part in enumerate(parts):
            if part.strip():
                yield _Clause(part, distinct_terms(part), goes_on and not number)
        at = cut.end() - len(cut[0].lstrip(",;: ")) if cut else at
        goes_on = cut is not None and cut[0].strip() == ","


def _runs(clauses: Sequence[_Clause]) -> Iterator[Sequence[_Clause]]:
    """Every run of a few clauses that go on one from the other, the short ones first."""
    for length in range(1, min(_LONGEST_RUN, len(clauses)) + 1):
        for first in range(len(clauses) - length + 1):
            run = clauses[first : first + length]
            if all(clause.goes_on for clause in run[1:]):
                yield run
