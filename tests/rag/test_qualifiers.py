"""What is asked of children is not answered by a review that never speaks of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import candidates, chosen

from rag.composing.qualifiers import qualifiers
from rag.understanding.question import analyse


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Is the drug safe in children?", ["children"]),
        ("Did the agency approve it for lupus nephritis?", ["lupus", "nephriti"]),
        ("What happens after transplantation?", ["transplant"]),
        ("Is it given during pregnancy?", ["pregnanc"]),
        ("How common is relapse among smokers?", ["smoker"]),
        ("Is the drug safe?", []),
        ("Is the drug safe in patients?", []),
        ("Is it used for treatment?", []),
        ("Was it seen in treated patients?", []),
        ("Which gene is implicated in the disease?", []),
    ],
)
def test_a_question_may_say_for_whom(question: str, named: list[str]) -> None:
    assert [concept.forms[0][0] for concept in qualifiers(analyse(question))] == named


SAFE = "The drug is safe and well tolerated."


@pytest.mark.parametrize("question", ["Is the drug safe in children?", "Which drug is safe for dogs?"])
def test_a_review_that_never_speaks_of_them_does_not_answer(question: str) -> None:
    assert chosen(question, candidates(SAFE)) == []


@pytest.mark.parametrize("elsewhere", ["Trials enrolled children.", "Paediatric trials were small."])
def test_a_review_that_speaks_of_them_elsewhere_may_answer(elsewhere: str) -> None:
    assert chosen("Is the drug safe in children?", candidates(SAFE, elsewhere))[0] == SAFE


def test_another_review_that_speaks_of_them_is_chosen() -> None:
    other = candidates("Children had fever from the drug.", name="b.txt", first=0.5)
    assert chosen("Is the drug safe in children?", [*candidates(SAFE), *other]) == [other[0].words]


@given(st.text())
def test_any_question_has_qualifiers_that_are_its_concepts(text: str) -> None:
    asked = analyse(text)
    assert {one.forms[0] for one in qualifiers(asked)} <= {one.forms[0] for one in asked.concepts}
