"""Reviews side by side."""

from __future__ import annotations

import pytest
from sentences import candidates, chosen

from rag.composing.comparison import subject_of


def test_a_comparison_takes_each_reviews_own_words_and_no_filler() -> None:
    one = candidates("Infection is a risk of the therapy.", "Infection is a risk of the therapy in children.")
    other = candidates("Of the therapy, infection is no risk.", name="b.txt", first=0.7)
    silent = candidates("The weather was fine.", name="c.txt", first=0.6)
    found = chosen("How do the reviews differ on the infection risk of the therapy?", [*one, *other, *silent])
    assert found == ["Infection is a risk of the therapy.", "Of the therapy, infection is no risk."]


@pytest.mark.parametrize(
    "row",
    [
        "Therapy | Infection risk | 12 | 30",
        "Table 3. Infection risk of the therapy in children.",
        "Fig. 2: Infection risk of the therapy",
        "Infection risk of the therapy",
    ],
)
def test_a_comparison_quotes_sentences_rather_than_tables_and_captions(row: str) -> None:
    found = candidates(row, "The therapy has a risk of infection.", step=0.3)
    assert chosen("How do the reviews differ on the infection risk of the therapy?", found) == [found[1].words]


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("How do the reviews differ on safety?", "safety"),
        ("Compare the two reviews on B cells.", "B cells"),
        ("Do the reviews agree that the drug cures lupus?", "the drug cures lupus"),
        ("Do both reviews mention lymphodepletion?", "lymphodepletion"),
        ("Where do the authors disagree about dosing?", "dosing"),
        ("Do the articles contradict each other on cost?", "cost"),
        ("Please compare how the articles view safety", "safety"),
        ("How do the reviews compare?", "How do the reviews compare?"),
        ("Compare Smith and Jones on safety", "Compare Smith and Jones on safety"),
    ],
)
def test_a_comparison_is_of_its_subject(question: str, subject: str) -> None:
    assert subject_of(question) == subject
