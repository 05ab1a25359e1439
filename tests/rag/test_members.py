"""Which antigens, which diseases: sentences that name some, and sentences that only say the word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sentences import candidates, chosen

from rag.composing.members import Names, class_asked, names
from rag.understanding.question import analyse


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Which antigens do the cells target?", "antigens"),
        ("Which autoimmune diseases were treated?", "autoimmune diseases"),
        ("Against which antigens are the cells directed?", "antigens"),
        ("What types of cancer respond?", "cancer respond"),
        ("What drugs are used in asthma?", "drugs"),
        ("How do cells work?", ""),
        ("Is CD19 an antigen?", ""),
        ("Do both reviews say what antigens are for?", ""),
    ],
)
def test_a_question_may_ask_for_members_of_a_class(question: str, kind: str) -> None:
    assert class_asked(analyse(question)) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "told"),
    [
        ("antigens", "The antigen CD19 is found on B cells.", Names.MEMBERS),
        ("antigens", "They bind the CD20 antigen.", Names.MEMBERS),
        ("antigens", "Cells with anti-BCMA receptors were given.", Names.MEMBERS),
        ("antigens", "Antigens such as the surface protein of the virus are targets.", Names.MEMBERS),
        ("genes", "Mutations of genes including BRCA1 were found.", Names.MEMBERS),
        ("drugs", "Most patients were given rituximab.", Names.MEMBERS),
        ("diseases", "It was given in lupus.", Names.MEMBERS),
        ("infections", "Severe pneumonitis followed.", Names.MEMBERS),
        ("antigens", "CD19 was lost in one patient.", Names.SOMETHING),
        ("risks", "The therapy brings fever, fatigue and anaemia.", Names.SOMETHING),
        ("antigens", "Receptors recognise a specific antigen.", Names.NOTHING),
        ("diseases", "The cells could become an option for some diseases.", Names.NOTHING),
        ("drugs", "The FDA has approved drugs.", Names.NOTHING),
    ],
)
def test_what_a_sentence_names_of_a_class(kind: str, sentence: str, told: Names) -> None:
    assert names(kind, [], sentence) is told


def test_what_the_question_names_itself_is_no_member() -> None:
    assert names("antigens", ["cd19"], "The antigen CD19 is found on B cells.") is Names.NOTHING


QUESTION = "Which antigens do the cells target?"
REPEATS, MEMBERS = "The cells target an antigen.", "The cells target the antigen CD19."


def test_members_go_before_a_sentence_that_repeats_the_class() -> None:
    first, other = candidates(REPEATS, MEMBERS, step=0.4)
    assert chosen(QUESTION, [first, replace(other, chance=0.7)]) == [MEMBERS]


def test_members_that_do_not_answer_stay_behind() -> None:
    first, other = candidates(REPEATS, MEMBERS, step=0.4)
    assert chosen(QUESTION, [first, replace(other, chance=0.1)]) == [REPEATS]
    assert chosen(QUESTION, [first, replace(other, chance=0.7, score=0.2)]) == [REPEATS]
