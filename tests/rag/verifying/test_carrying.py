"""A quote carries a sentence only if each number, name, denial and direction of it stands there."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.verifying.carrying import Why, objection

SENTENCES = (
    "CAR T cells were infused after lymphodepletion with fludarabine and cyclophosphamide.",
    "No relapse was seen in 15 patients during a median follow-up of 15 (4–29) months.",
    "IFN-γ, TNF-α and IL-17A fell from 1,200 to 35 pg/ml (p < 0.001), whereas IL-10 did not.",
    "The drug is neither safe nor effective, although it may slow the disease.",
    "Long-term safety remains unknown.",
)
QUOTE = (
    "In a phase II trial, five of 12 patients (42%) with systemic lupus erythematosus (SLE) achieved remission after "
    "3 months, but IL-6 levels were not increased."
)


@pytest.mark.parametrize(
    "claim",
    [
        QUOTE,
        "Five of 12 patients with SLE achieved remission after 3 months.",
        "In a phase 2 trial, 5 of twelve patients (42 percent) with SLE achieved remission.",
        "The review reports that IL-6 levels were not increased.",
        "According to the authors, five of 12 patients with systemic lupus erythematosus achieved remission.",
        "IL6 levels did not increase.",
    ],
)
def test_what_the_quote_says_passes_also_in_slightly_other_words(claim: str) -> None:
    assert objection(claim, QUOTE) is None


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("Six of 12 patients with SLE achieved remission.", Why.NUMBER),
        ("12 of five patients with SLE achieved remission.", Why.NUMBER),
        ("Five of 12 patients with SLE achieved remission after 3 weeks.", Why.NUMBER),
        ("Five of 12 patients (42) with SLE achieved remission.", Why.NUMBER),
        ("Five of 12 patients with myositis achieved remission.", Why.NAME),
        ("IL-10 levels were not increased.", Why.NAME),
        ("IL-6 levels were increased.", Why.DENIAL),
        ("Five of 12 patients with SLE did not achieve remission.", Why.DENIAL),
        ("IL-6 levels were not decreased.", Why.DIRECTION),
        ("Five of 12 patients with SLE achieved remission before 3 months.", Why.DIRECTION),
        ("All patients with SLE achieved remission.", Why.QUANTITY),
        ("Five of 12 patients with SLE bought a house near the school.", Why.WORDS),
        ("Five of 12 patients with SLE played the bassoon.", Why.NAME),
        ("IL-6 levels were not increased in SLE remission patients.", Why.ORDER),
        ("It is this.", Why.NO_STATEMENT),
    ],
)
def test_what_it_does_not_say_fails_and_why(claim: str, why: Why) -> None:
    assert objection(claim, QUOTE) is why


def test_a_possibility_is_not_said_as_a_fact() -> None:
    quote = "CAR T cells may eliminate autoreactive B cells."
    assert objection(quote, quote) is None
    assert objection("CAR T cells could eliminate autoreactive B cells.", quote) is None
    assert objection("CAR T cells eliminate autoreactive B cells.", quote) is Why.CERTAINTY


def test_a_removed_denial_is_seen_however_it_is_put() -> None:
    for denied in ("did not improve survival", "failed to improve survival", "never improved survival"):
        assert objection("Rituximab improved survival.", f"Rituximab {denied} in lupus.") is Why.DENIAL
    assert objection("Rituximab is safe in lupus.", "Rituximab is unsafe in lupus.") is not None


def test_what_goes_together_is_no_cause_and_what_is_suggested_is_not_proved() -> None:
    assert objection("Smoking causes lupus.", "Smoking is associated with lupus.") is Why.CERTAINTY
    assert objection("The data prove that smoking harms.", "The data indicate that smoking harms.") is Why.CERTAINTY


def test_who_does_what_to_whom_is_not_turned_round() -> None:
    assert objection("Lupus causes infection.", "Infection causes lupus.") is not None
    assert objection("IL-10 inhibits TNF-α.", "TNF-α inhibits IL-10.") is not None


def test_british_and_american_spelling_is_one() -> None:
    assert objection("Tumor cells of leukemia were analyzed.", "Tumour cells of leukaemia were analysed.") is None


def test_an_abbreviation_stands_for_what_the_shelf_says() -> None:
    quote = "Patients with XYZ received rituximab."
    claim = "Patients with xerotic yellow zoster received rituximab."
    assert objection(claim, quote) is not None
    assert objection(claim, quote, {"xyz": ["xerotic yellow zoster"]}) is None


@given(st.sampled_from(SENTENCES))
def test_every_sentence_carries_itself(quote: str) -> None:
    assert objection(quote, quote) is None


@given(st.integers(0, 5000), st.integers(0, 5000), st.sampled_from(["patients", "mg of rituximab", "% of the mice"]))
def test_another_number_is_never_carried(one: int, other: int, of: str) -> None:
    assume(one != other)
    assert objection(f"The trial treated {one} {of}.", f"The trial treated {one} {of}.") is None
    assert objection(f"The trial treated {one} {of}.", f"The trial treated {other} {of}.") is Why.NUMBER


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_judged_without_an_error(claim: str, quote: str) -> None:
    assert objection(claim, quote) is None or isinstance(objection(claim, quote), Why)
