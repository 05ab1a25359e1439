"""Whether a sentence names members of the class that a question asks for, or only repeats it: "which antigens"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum

from index.analysis import terms
from rag.searching.candidates import Choice
from rag.understanding.kinds import Kind
from rag.understanding.phrases import is_content, words_of
from rag.understanding.question import Question
from rag.understanding.question_words import FUNCTION_WORDS


class Names(IntEnum):
    """What a sentence names of a class."""

    NOTHING = 0
    SOMETHING = 1
    """Names, or a list, that may be of the class."""
    MEMBERS = 2


# How much the score of a sentence that names so much of a class counts, beside one that names members.
_COUNTS = {Names.NOTHING: 0.3, Names.SOMETHING: 0.8, Names.MEMBERS: 1.0}
_NEAR_ENOUGH = 0.45  # how good one that names members must be beside the best, to go before it
_READ = 0.5  # the chance that a reader gives it
_FLAGS = re.IGNORECASE | re.VERBOSE

_CLASS = re.compile(
    r"""(?:\b(?:which|what)\ (?:(?:kinds?|types?|sorts?|groups?|classes)\ of\ |of\ the\ )?
    |^\W*(?:name|list|enumerate)\ |\bwhat\ are\ (?:the\ |some\ )?)(?P<rest>[^?.;:(]+)""",
    _FLAGS,
)
_LONGEST = 4  # words of a class
# Words with letters and digits, or in capitals: what genes, antigens and many drugs are called.
_CODE = re.compile(
    r"(?<![\w.])(?=[\w-]*[A-Z])(?:[A-Za-z]{1,6}-?\d{1,4}[A-Za-z]?\d?|[A-Z]{3,8}\d*|[a-z]{1,2}[A-Z]{2,}\w*)(?!\w)"
)
# Classes of what something is directed against, or bears.
_BINDS = frozenset("antigen target receptor protein gene marker biomark molecul ligand cytokin enzym kinas".split())  # noqa: SIM905
_NO_NAMES = frozenset(
    """
    ii iii iv vi vii viii fda ema usa who nih cdc doi pmid rct rcts pcr elisa dna rna mrna hplc mri roc auc ci fig figs
    and the not for table covid aim aims methods results conclusion conclusions background objective objectives
    introduction discussion abstract setting design purpose patients keywords
    """.split()  # noqa: SIM905
)
_CUE = re.compile(
    r"""(?<!\w)(?:such\ as|including|include[sd]?|namely|e\.\ ?g\.|i\.\ ?e\.|for\ example|for\ instance|like)(?!\w)
    | \w:\s(?=\w)""",
    _FLAGS,
)
_LISTED = re.compile(r"\w,\ [^,.;:()]{3,60}(?:,\ [^,.;:()]{3,60})*,?\ (?:and|or)\ \w")
_BOUND = re.compile(
    r"\banti-?\ ?$|\b(?:against|targeting|targets?|binds?|recogni[sz]es?|inhibits?|blocks?)\ (?:the\ )?$", _FLAGS
)
_BOUND_AFTER = re.compile(r"\+|-(?:specific|target|direct|positive|bind|express)", re.IGNORECASE)
# Endings that only names of some classes have.
_ENDINGS = {
    ("drug", "medic", "agent", "antibodi", "inhibitor", "treatment", "therapi", "compound", "antibiot"): re.compile(
        r"""\b\w{3,}(?:mab|nib|parib|ciclib|lisib|leucel|statin|sartan|[eo]vir|cillin|mycin|cycline|azole|olol|dipine
        |gliptin|gliflozin|glutide|prazole|cept|kinra|limus|platin|taxel|rubicin|sone|solone|xaban|setron|afil|oxacin
        |exate|mide|oquine|rsen|siran)\b""",
        _FLAGS,
    ),
    ("diseas", "disord", "condit", "ill", "syndrom", "infect", "cancer", "complic", "malign"): re.compile(
        r"""\b\w{3,}(?:itis|osis|[ao]emia|omas?|opathy|penia|dystrophy|sclerosis|trophy)\b
        | \b(?:lupus|diabetes|psoriasis|asthma|gravis|\w+\ (?:syndrome|cancer|leuk[ae]*mia))\b""",
        _FLAGS,
    ),
    ("virus", "bacteria", "bacterium", "pathogen", "speci", "organ", "microb", "parasit"): re.compile(
        r"\b\w{3,}[Vv]irus(?:es)?\b|\b(?:[A-Z][a-z]+|[A-Z]\.) [a-z]{4,}(?:is|us|um|ae|i|a|ens|es)\b"
    ),
}


def class_asked(question: Question) -> str:
    """The class whose members a question asks for ("autoimmune diseases"); "" if it asks for none."""
    match = _CLASS.search(question.text)
    if match is None or question.kind not in {Kind.LIST, Kind.FACT}:
        return ""
    kept: list[str] = []
    for word in words_of(match["rest"])[: _LONGEST + 1]:
        if not is_content(word):
            break
        kept.append(word.text)
        if word.text.endswith("s") and not word.text.endswith(("ss", "us", "is")):
            break
    return " ".join(kept[:_LONGEST])


def names(kind: str, asked: Sequence[str], words: str) -> Names:
    """What a sentence names of a class.

    Args:
        kind: The class, as asked ("autoimmune diseases").
        asked: Index terms of the question: what it says itself names nothing.
        words: The sentence.
    """
    known = set(asked)
    head = terms(kind.rsplit(maxsplit=1)[-1])[:1]
    codes = [match for match in _CODE.finditer(words) if not _is_known(match[0], known)]
    for code in codes:
        before, after = words[: code.start()], words[code.end() :]
        near = terms(" ".join(before.split()[-2:])) + terms(" ".join(after.split()[:2]))
        bound = _BOUND.search(before) or _BOUND_AFTER.match(after)
        if set(head) & set(near) or (bound and _BINDS.intersection(head)):
            return Names.MEMBERS
    for stems, ending in _ENDINGS.items():
        if head and head[0] in stems and any(not known.issuperset(terms(one[0])) for one in ending.finditer(words)):
            return Names.MEMBERS
    for cue in _CUE.finditer(words):
        if set(head) & set(terms(" ".join(words[: cue.start()].split()[-5:]))):
            return Names.MEMBERS
    if codes or _CUE.search(words) or _LISTED.search(words):
        return Names.SOMETHING
    return Names.NOTHING


def naming(question: Question, able: Sequence[Choice]) -> list[Choice]:
    """Sentences, best first; where the best only repeats the class asked for, those that name members go before it.

    Args:
        question: What was asked; unless it is of a class, all stays as it is.
        able: The sentences that could answer, best first.
    """
    kind = class_asked(question)
    if not kind or not able or not set(terms(kind.rsplit(maxsplit=1)[-1])) & set(terms(able[0].words)):
        return list(able)
    asked = [term for concept in question.concepts for form in concept.forms for term in form]
    found = [(names(kind, asked, choice.words), choice) for choice in able]
    if found[0][0] is not Names.NOTHING or not any(
        told is Names.MEMBERS and one.score >= _NEAR_ENOUGH * able[0].score and (one.chance or 0.0) > _READ
        for told, one in found
    ):
        return list(able)
    return sorted((replace(one, score=_COUNTS[told] * one.score) for told, one in found), key=lambda one: -one.score)


def _is_known(code: str, known: set[str]) -> bool:
    return code.lower() in _NO_NAMES or code.lower() in FUNCTION_WORDS or known.issuperset(terms(code))
