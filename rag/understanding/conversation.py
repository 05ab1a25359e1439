"""A follow-up -> a question that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.analysis import terms
from rag.understanding import bibliographic
from rag.understanding.phrases import AN_AUTHOR, Phrase, inner, is_plural, noun_phrases, phrase, put_in_place, words_of
from rag.understanding.pointing import Lean, Pointing, pointing
from rag.understanding.question import analyse
from rag.understanding.turns import Turn, exchanges

# "Thanks. Now something else: what are ...": the announcement ends a clause, and a question comes after it.
_NEW_SUBJECT = re.compile(
    r"""^[^?]{0,80}?\b(?:something\ (?:(?:completely|entirely|quite)\ )?(?:else|different)
    |(?:another|a\ different|different|a\ new|new|next|unrelated)\ (?:question|topic|subject)
    |on\ another\ (?:note|topic|subject)|by\ the\ way|moving\ on
    |chang\w*\ (?:of\ )?(?:the\ )?(?:subject|topic)(?:\ (?:a\ )?(?:little|bit|slightly))*)
    \ ?[:,.;!–—-]\s*(?=\w)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_POLITE = re.compile(
    r"\W*(?:(?:thanks?|thank you|very much|a lot|thx|ok(?:ay)?|great|good|nice|perfect|wow|hi|hello|hey|sure|right"
    r"|i see|yes|no|please)\b\W*)+",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\b(?:they|he|she|it|authors?|(?:this|that|the|same) (?:review|article|paper))\s+(?:also\s+|else\s+|then\s+)?"
    r"(?:say|report|conclude|recommend|mention|argue|write|suggest|describe|discuss|state|think|propose|claim)(?:s|d|ed)?\b"
    r"|\baccording to (?:them|it|him|her)\b|\b(?:the|these|those) authors\b|\b(?:this|that) (?:review|article|paper)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"(?:^|\n|[”\"]\s*(?:\[\d+\]\s*)*)([^“”\"\n:]{2,90}?)(?: \(\d{4}\))?: [“\"]")
_QUOTE = re.compile(r"“([^“”]+)”")
_MARK = re.compile(r"\s*\[\d+(?:[,–-]\s*\d+)*\]")
_REVIEW_BY = "the review by "
_SPACES = re.compile(r"\s+")
_LONGEST_FRAME = 500  # characters of an earlier question that are repeated
_SHORT_ANSWER = 8  # words of an answer that is nothing but what was asked for
_MOST = 6  # phrases carried along


@dataclass(frozen=True, slots=True)
class _Talk:
    """What there is to lean on, after a number of turns."""

    own: tuple[str, ...] = ()
    """What the last question asked about, and what a short answer to it said."""
    center: tuple[str, ...] = ()
    """What the talk has been about since a question last stood alone."""
    before: tuple[str, ...] = ()
    """What it was about before that."""
    frame: tuple[str, ...] = ()
    """The last whole question, and what it leaned on."""
    review: tuple[str, ...] = ()
    """The last question about a review itself, with the answer that names its authors."""
    sources: tuple[str, ...] = ()
    """The reviews that the last answer quotes, or that a question names by their titles."""
    named: tuple[Phrase, ...] = ()
    """Every noun phrase so far, in their order."""


def standalone(question: str, history: Sequence[Turn] = ()) -> str:
    """The question with what it leans on, in brackets: "Which antigens do those recognise? (CAR T cells)".

    What is carried along depends on how the question leans: a noun brings the phrase it stands for ("these
    diseases": "autoimmune diseases"), a pronoun the subject of the question before, a part of a question ("And in
    children?") the whole question before, a question about a review ("Where do they work?") that review. A question
    that is complete, and a change of subject that is announced, bring nothing along.
    """
    talk = _Talk()
    for asked, answer in exchanges(history):
        fresh, is_new = _fresh(asked)
        talk = _after(_Talk(named=talk.named) if is_new else talk, fresh, answer, is_new=is_new)
    fresh, is_new = _fresh(question)
    if not talk.named:
        return fresh  # nothing to lean on
    leaning = pointing(fresh)
    carried = _leaned_on(fresh, leaning, talk, is_new=is_new)
    rewritten = put_in_place(leaning.new, carried[0]) if leaning.lean is Lean.FRAME and carried else ""
    return _with(rewritten, carried[1:]) if rewritten else _with(fresh, carried)


def _fresh(question: str) -> tuple[str, bool]:
    """A question without the announcement that its subject is new, and whether there was one."""
    rest = _NEW_SUBJECT.sub("", question, count=1)
    return rest, rest != question


def _after(talk: _Talk, question: str, answer: str, *, is_new: bool) -> _Talk:
    """What there is to lean on when a question was asked and answered."""
    if _POLITE.fullmatch(question):
        return talk
    sources, entities = _sources(answer), _entities(answer)
    own = noun_phrases(question)
    quoted = [one for one in noun_phrases(" ".join(_QUOTE.findall(answer))) if len(one.terms) > 1]
    named = (*talk.named, *quoted, *(part for one in own for part in inner(one)), *(phrase(text) for text in entities))
    sources = sources or tuple(one.text for one in own if one.is_title) or talk.sources
    if not analyse(question).terms:  # "Why?" is about what was talked of before
        whole = talk.frame or (question[:_LONGEST_FRAME],)
        return replace(talk, frame=whole, sources=sources, named=named)
    leaning = pointing(question)
    carried = _leaned_on(question, leaning, talk, is_new=is_new)
    review: tuple[str, ...] = ()
    if asks_of_review := _is_bibliographic(question):
        own = [one for one in own if bibliographic.subject(analyse(one.text))]
        review = _distinct(*(carried or (question[:_LONGEST_FRAME],)), *entities)
    subjects = tuple(one.text for one in own)
    stands = not carried or is_new or not _leans(leaning, talk)
    resolved = carried if leaning.nouns else ()
    return _Talk(
        own=(*subjects, *(() if asks_of_review else entities)),
        center=_distinct(*(one.text for one in own if one.is_specific)) or subjects or talk.center
        if stands
        else resolved or talk.center,
        before=talk.center if stands else talk.before,
        frame=_distinct(question[:_LONGEST_FRAME], *carried),
        review=review,
        sources=sources,
        named=named,
    )


def _leans(leaning: Pointing, talk: _Talk) -> bool:
    """Whether a question leans on a talk; what "the emperors" are of need not be known if they were named before."""
    if leaning.lean is not Lean.NOT or not leaning.one_of:
        return leaning.lean is not Lean.NOT
    return not any(set(terms(leaning.one_of)) & set(one.terms) for one in talk.named)


def _leaned_on(question: str, leaning: Pointing, talk: _Talk, *, is_new: bool) -> tuple[str, ...]:
    """What of a conversation a question brings along."""
    if not talk.named or _POLITE.fullmatch(question):
        return ()
    resolved = _resolved(leaning.nouns, talk.named)
    if is_new:
        return _distinct(*resolved)
    if not _leans(leaning, talk):
        return _distinct(*_resolved(leaning.bare, talk.named))
    if (talk.review or talk.sources) and _is_bibliographic(question):
        by = [text for text in talk.sources if text.startswith(_REVIEW_BY)]
        return _distinct(*(by or (*talk.review, *talk.sources)))
    sources = talk.sources if _SAYING.search(question) else ()
    if leaning.lean is Lean.FRAME:
        return _distinct(*sources, *talk.frame)
    if resolved and len(resolved) == len(leaning.nouns):
        return _distinct(*sources, *resolved)
    fuller = _resolved(leaning.bare, talk.named)
    # After "What are the risks?", "How much does it cost?" does not ask of the risks.
    own = [text for text in talk.own if phrase(text).is_specific or (leaning.plural and _is_many(text))]
    subjects = [*own, *talk.center]
    if leaning.asked_for:
        fitting = (
            [text for text in texts if not _is_one_of(leaning.asked_for, text)] for texts in (subjects, talk.before)
        )
        subjects = next(filter(None, fitting), subjects)
    return _distinct(*sources, *fuller, *(subjects or talk.frame))


def _is_one_of(asked_for: str, text: str) -> bool:
    """Whether a phrase names such as are asked for: in "Which diseases do they treat?" they are no diseases."""
    return phrase(text).terms[-1:] == phrase(asked_for).terms[-1:]


def _resolved(runs: Sequence[str], named: Sequence[Phrase]) -> list[str]:
    """For each "these usual drugs" the last phrase that tells more of the same; empty if it tells enough."""
    found = []
    for run in runs:
        known = terms(run)
        if len(known) > 1 and any(known[0] in one.terms and known[1] in one.terms for one in named):
            found.append("")
            continue
        for head in reversed(known):
            last = next((one for one in reversed(named) if head in one.terms), None)
            fuller = last.up_to(head) if last else None
            if fuller and set(fuller.terms) - set(known):
                found.append(fuller.text)
                break
    return found


def _is_many(text: str) -> bool:
    return any(is_plural(word) for word in words_of(text))


def _is_bibliographic(question: str) -> bool:
    return bool(bibliographic.fields_asked(question, analyse(question), (), names_documents=True))


def _sources(answer: str) -> tuple[str, ...]:
    """The reviews an answer quotes, as it names them before their quotes."""
    names = (match[1].strip() for match in _SOURCE.finditer(answer))
    return _distinct(*(f"{_REVIEW_BY}{name}" if AN_AUTHOR.fullmatch(name) else f"“{name}”" for name in names))


def _entities(answer: str) -> tuple[str, ...]:
    """A short answer is itself what "they" or "it" may stand for; a quoted sentence is not."""
    said = _MARK.sub("", answer).strip(" \n.")
    if not said or _SOURCE.search(answer) or _is_long(said):
        return ()
    return (_SPACES.sub(" ", said),) if analyse(said).terms else ()


def _is_long(said: str) -> bool:
    words = said.split()
    return len(words) > _SHORT_ANSWER and not all(word[0].isupper() or word in {"and", "et", "al."} for word in words)


def _distinct(*texts: str) -> tuple[str, ...]:
    """Texts without those whose words are all in another."""
    kept: list[tuple[str, set[str]]] = []
    for text in texts:
        words = set(terms(text))
        if words and not any(words <= other for _, other in kept):
            kept = [(one, other) for one, other in kept if not other < words]
            kept.append((text, words))
    return tuple(text for text, _ in kept[:_MOST])


def _with(question: str, carried: Sequence[str]) -> str:
    known = set(terms(question))
    new = [_SPACES.sub(" ", text).strip() for text in carried if set(terms(text)) - known]
    return f"{question} ({'; '.join(new)})" if new else question
