"""Why there is no answer: the category of an abstention, and a sentence that a person can use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.analysis import distinct_terms, terms
from index.documents import Span
from index.snapshot import Snapshot
from rag.searching.coverage import concept_weights, spoken_of
from rag.searching.retrieval import RankedPassage
from rag.understanding.kinds import Kind, defined_thing, wants_long_form
from rag.understanding.naming import subjects
from rag.understanding.question import Question
from rag.understanding.question_words import FUNCTION_WORDS


@dataclass(frozen=True, slots=True)
class Asked:
    """How those who were asked are spoken of: one review, or several."""

    reviews: str
    do: str
    speak: str
    come: str
    they: str
    say: str
    them: str

    @property
    def verdict(self) -> str:
        """What an abstention begins with, before its reason."""
        return f"The {self.reviews} {self.do} not answer this."


SEVERAL = Asked("reviews", "do", "speak", "come", "they", "say", "them")
ALONE = Asked("review", "does", "speaks", "comes", "it", "says", "it")
ABSTAINED = (SEVERAL.verdict, ALONE.verdict)
"""What abstentions begin with, before their reasons."""

_NEAREST = 3  # passages looked at
_NAMED = 4  # words named in a reason at most
_TOUCHED = 0.35  # share of a question's weight, below which the passages nearest to it are about something else
_RELATED = 0.4  # cosine of the nearest sentence, below which it is about something else
_DENIED = 0.5  # share of it that a sentence has which denies what a question supposes
_FLAGS = re.IGNORECASE | re.VERBOSE

# What a reader does with a web page, whatever the article on it says.
_WEB_PAGE = re.compile(
    r"""\b(?:sign|log|register)(?:ing)?[\ -](?:up|in|on|out|for)\b | \bsubscri\w+ | \bunsubscribe\b | \bpasswords?\b
    | \bcookies?\b | \bnewsletters?\b | \be-?mail\ alerts?\b | \bdownload\w*\b | \breprints?\b | \bpermissions?\b
    | \b(?:share|bookmark|like|print)\ (?:this|the)\ (?:article|page|review|paper)\b
    | \bexport\w*\ (?:the\ |a\ )?citation
    | \b(?:mendeley|zotero|endnote|facebook|twitter|linkedin|reddit|whatsapp)\b | \bweb\ ?(?:page|site)s?\b
    | \b(?:create|open|delete)\ (?:an\ |my\ |your\ )?account\b | \b(?:privacy|cookie)\ policy\b
    | \bterms\ of\ (?:use|service)\b
    | \b(?:button|menu|search\ box|home\ ?page|advertis\w+)\b""",
    _FLAGS,
)
# Questions that take something as given: that it is so, and only ask why, when, how.
_SUPPOSES = re.compile(
    r"""\bwhy\ (?!(?:not|bother)\b) | \bhow\ come\b | \bwhat\ (?:made|caused|led|explains?)\b
    | \b(?:when|how|where)\ (?:did|was|were)\b | \bthe\ (?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten)\ \w+
    | \bthe\ (?:first|second|third|last|only)\ \w+
    | \b(?:who|that|which)\ (?:died|relapsed|failed|recovered|survived)\b""",
    _FLAGS,
)
_DENIAL = re.compile(
    r"""\b(?:no|not|never|none|neither|nor|cannot|lack(?:s|ing|ed)?|absence\ of|absent|without|yet\ to|remains?\ to\ be
    |unknown|unclear|pending|awaited|missing|needed|warranted|required)\b | n['’]t\b""",
    _FLAGS,
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NAME = re.compile(r"(?<=[\w,;:] )(?:[A-Z][\w-]*|\d[\d.,]*\d|\d)(?![^\W_])")


class Why(StrEnum):
    """Categories of an abstention."""

    NOT_THE_SUBJECT = "not the subject"
    NOT_THIS_FACT = "not this fact"
    FALSE_PREMISE = "false premise"
    WEB_PAGE = "web page"
    INSTRUCTION = "instruction"
    LANGUAGE = "language"
    UNSTATED = "unstated"
    NO_QUESTION = "no question"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no answer: its category, and in words."""

    why: Why
    words: str


def reason(
    question: Question,
    snapshot: Snapshot,
    ranked: Sequence[RankedPassage],
    number_missing: bool = False,
    asked: Asked = SEVERAL,
) -> Reason:
    """Why nothing that was found answers a question.

    Args:
        question: What was asked.
        snapshot: The shelf it was asked of.
        ranked: The passages found, best first.
        number_missing: A number was asked for, and none was found.
        asked: Whether one review was asked or several.
    """
    near = _Near(question, snapshot, ranked[:_NEAREST])
    if page := _of_the_page(question, near):
        return Reason(
            Why.WEB_PAGE,
            f"{_quoted(page)} {_is(page)} of the web page that a review was saved from, not of what the review says.",
        )
    if near.share < _TOUCHED and (not near.found or near.cosine < _RELATED):
        missed = _quoted(near.nowhere or near.missing, "or")
        silent = "there is no mention of" if near.nowhere else "the passages nearest to the question say nothing of"
        about = f": {silent} {missed}" if missed else ""
        return Reason(Why.NOT_THE_SUBJECT, f"Nothing in the {asked.reviews} touches on this{about}.")
    if supposed := _supposed(question, near, asked):
        return Reason(Why.FALSE_PREMISE, supposed)
    spoken = f"The {asked.reviews} {asked.speak} of {_quoted(near.found)}"
    if not near.found:
        spoken = f"The {asked.reviews} {asked.come} near this"
    if near.nowhere:
        nowhere = "nowhere of" if near.found else f"nowhere {asked.speak} of"
        return Reason(Why.NOT_THIS_FACT, f"{spoken}, but {nowhere} {_quoted(near.nowhere, 'or')}.")
    if question.kind is Kind.DEFINITION and not near.missing:
        if wants_long_form(question.text):
            return Reason(Why.NOT_THIS_FACT, f"{spoken}, but no sentence says what the letters stand for.")
        what = "it is" if len(near.found) == 1 else f"{_quoted([defined_thing(question.text)])} is"
        return Reason(Why.NOT_THIS_FACT, f"{spoken}, but no sentence says what {what}.")
    if number_missing:
        return Reason(Why.NOT_THIS_FACT, f"{spoken}, but the passages nearest to the question state no such number.")
    if missed := _quoted(near.missing, "or"):
        return Reason(Why.NOT_THIS_FACT, f"{spoken}, but the passages nearest to the question say nothing of {missed}.")
    return Reason(Why.NOT_THIS_FACT, f"{spoken}, but no sentence in {asked.them} answers the question.")


class _Near:
    """What the passages nearest to a question have of its words.

    `found` are the phrases they have, `missing` those they lack a word of, `nowhere` those with a word that stands
    nowhere on the shelf; `lacking` the words they lack; `share` is how much of the question they have, by weight;
    `cosine` that of the nearest sentence.
    """

    def __init__(self, question: Question, snapshot: Snapshot, ranked: Sequence[RankedPassage]) -> None:
        self.sentences: list[str] = []
        self.furniture: set[str] = set()
        for one in ranked:
            document = snapshot.document(one.document)
            spans: list[Span] = list(snapshot.spans(one.sentences).values())
            self.sentences += [span.of(document.text) for span in spans]
            self.furniture |= {term for span in document.furniture for term in terms(span.of(document.text))}
        self.cosine = max((one.cosine for one in ranked), default=0.0)
        self.terms = frozenset().union(*map(distinct_terms, self.sentences))
        self._question = question
        self._weights = concept_weights(question.concepts, snapshot.searcher)
        self.share = self.share_in(self.terms)
        told = spoken_of(question.concepts, self.terms)
        other_forms = {
            term for concept, share in zip(question.concepts, told, strict=True) if share for term in concept.forms[0]
        }
        known = self.terms | other_forms
        self.lacking = [word for word in dict.fromkeys(question.words) if not known.issuperset(terms(word))]
        nowhere = {
            word for word in self.lacking if not any(snapshot.searcher.document_frequency(term) for term in terms(word))
        }
        parts = [one.parted(self.lacking) for one in subjects(question)]
        self.found = [one for told, _ in parts for one in told]
        self.missing = [one for _, missed in parts for one in missed]
        self.nowhere = [missed for missed in self.missing if nowhere.intersection(_WORD.findall(missed))]

    def share_in(self, words: frozenset[str]) -> float:
        """The share of the question that some index terms speak of, by weight."""
        total = sum(self._weights)
        told = spoken_of(self._question.concepts, words)
        return sum(share * weight for share, weight in zip(told, self._weights, strict=True)) / total if total else 0.0


def _of_the_page(question: Question, near: _Near) -> list[str]:
    """The words of a question that are of the page around an article; none if the article has them."""
    named = [match.group() for match in _WEB_PAGE.finditer(question.text)]
    if named and not near.terms.issuperset(terms(" ".join(named))):
        return named
    only = [word for word in near.lacking if near.furniture.issuperset(terms(word))]
    # A plain word ("help") may stand on the page by chance; a name, or all that was asked, does not.
    tell = any(word[0].isupper() for word in only) or (near.missing and not near.found)
    return only if only and tell and len(only) == len(near.lacking) else []


def _supposed(question: Question, near: _Near, asked: Asked) -> str:
    """What a question takes as given and the passages nearest to it do not say, or deny; in words."""
    if not _SUPPOSES.search(question.text) or not near.missing:
        return ""
    names = [name for name in _names(question.text) if not near.terms.intersection(terms(name))]
    supposes = f"The question supposes something that the {asked.reviews} {asked.do} not say"
    if names:
        return f"{supposes}: the passages nearest to it say nothing of {_quoted(names, 'or')}."
    if _DENIAL.search(question.text):
        return ""
    for sentence in near.sentences:
        if _DENIAL.search(sentence) and near.share_in(distinct_terms(sentence)) >= _DENIED:
            return (
                f"{supposes}: {asked.they} {asked.say} nothing of {_quoted(near.missing, 'or')}, "
                f"but “{' '.join(sentence.split())}”"
            )
    return ""


def verdict(text: str) -> str:
    """The verdict that an answer's text begins with; "" if it begins with none."""
    return next((one for one in ABSTAINED if text.startswith(one)), "")


def _names(text: str) -> list[str]:
    """Names and numbers in a question, but for the word it begins with."""
    return [name for name in dict.fromkeys(_NAME.findall(text)) if name.lower() not in FUNCTION_WORDS]


def _quoted(words: Sequence[str], joined: str = "and") -> str:
    named = [f"“{word}”" for word in dict.fromkeys(words)][:_NAMED]
    return f" {joined} ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def _is(words: Sequence[str]) -> str:
    return "is" if len(set(words)) == 1 else "are"
