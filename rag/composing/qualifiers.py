"""For whom or in what a question asks: "in children", "for lupus". What is said of others does not answer it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from index.analysis import terms
from index.documents import Document
from rag.searching.candidates import Choice
from rag.understanding.follow_up_words import VERBS
from rag.understanding.phrases import is_content, is_generic, words_of
from rag.understanding.question import Concept, Question

_INTRODUCES = frozenset({"in", "for", "among", "during", "after", "against"})
# Words for the same people or the same setting, a line each: who is asked about may be named by any of them.
_SAME = """
    children child childhood pediatric paediatric pediatrics paediatrics kids infants adolescents juvenile boys girls
    infants infant neonates neonatal newborns babies
    pregnancy pregnant gestation gestational maternal prenatal antenatal mothers
    elderly older aged geriatric ageing aging seniors
    women woman female
    men man male
    mice mouse murine rodents rats animals
    cancer oncology tumors tumours malignancies malignant neoplasms carcinoma
    kidney renal nephropathy nephritis
    liver hepatic hepatitis
    heart cardiac cardiovascular
    lung pulmonary respiratory
    brain cerebral neurological neurologic
"""
# Words after a preposition that are no setting which a review might not know.
_PLAIN = """
    patients people persons individuals subjects adults humans human clinic clinical practice general treatment use
    research analysis development diagnosis management prevention prediction detection body cells vitro vivo
    combination comparison conjunction addition relation response order presence absence context setting world past
    present first last early late
"""


def qualifiers(question: Question) -> list[Concept]:
    """The concepts that say for whom or in what something is asked, in the forms that they and their like may take."""
    named: set[str] = set()
    words = words_of(question.text)
    for at, word in enumerate(words):
        if word.lower not in _INTRODUCES:
            continue
        end = word.end
        for inner in words[at + 1 :]:
            if question.text[end : inner.start].strip(" '’") or not is_content(inner):
                break
            end = inner.end
            if not is_generic(inner) and inner.lower not in VERBS and not inner.lower.endswith(("ed", "ing")):
                named.update(terms(inner.text))
    named -= _plain_terms()
    return [_with_like(one) for one in question.concepts if named.intersection(one.forms[0])]


def of_what_is_asked(question: Question, able: Sequence[Choice]) -> list[Choice]:
    """The sentences of documents that speak, anywhere, of those for whom something is asked.

    A review that never mentions children does not say whether a drug is safe in children.
    """
    wanted = qualifiers(question)
    if not wanted:
        return list(able)
    speaks: dict[str, bool] = {}
    for choice in able:
        if choice.document.name not in speaks:
            speaks[choice.document.name] = _speaks_of_any(wanted, choice.document)
    return [choice for choice in able if speaks[choice.document.name]]


def _speaks_of_any(wanted: Sequence[Concept], document: Document) -> bool:
    text = f"{document.bibliography.title}\n{document.text}"
    forms = [form for one in wanted for form in one.forms]
    # A word mostly begins with its stem, and to look for that is a hundred times as fast as to stem a document.
    plain = text.casefold()
    if any(all(re.search(rf"(?<![^\W_]){re.escape(term.rstrip('ei'))}", plain) for term in form) for form in forms):
        return True
    words = set(terms(text))
    return any(words.issuperset(form) for form in forms)


def _with_like(concept: Concept) -> Concept:
    if len(concept.forms[0]) > 1:
        return concept
    like = sorted({term for group in _same() if concept.forms[0][0] in group for term in group})
    return Concept((*concept.forms, *((term,) for term in like)))


@cache
def _same() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(terms(line)) for line in _SAME.strip().splitlines())


@cache
def _plain_terms() -> frozenset[str]:
    return frozenset(terms(_PLAIN))
