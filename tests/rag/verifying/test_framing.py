"""What stands in a quote is not always stated by it, nor of everybody: then it carries no sentence that states it."""

from __future__ import annotations

import pytest
from test_standing import passage, quotes

from rag.verifying.carrying import objection


@pytest.mark.parametrize(
    "quote",
    [
        "The idea that vitamin D prevents infection has been abandoned.",
        "The claim that vitamin D prevents infection was disproved.",
        "Critics dispute that vitamin D prevents infection.",
        "There is little evidence that vitamin D prevents infection.",
        "If vitamin D prevents infection, it should be given to everyone.",
        "Vitamin D prevents infection only when serum levels are low.",
        "Vitamin D reportedly prevents infection.",
        "The trial aimed to show that vitamin D prevents infection.",
        "Vitamin D almost prevents infection.",
        "In mice, vitamin D prevents infection.",
        "Vitamin D partially prevents infection.",
        "Vitamin D could one day prevent infection.",
    ],
)
def test_a_condition_an_opinion_an_aim_or_mice_are_not_left_out(quote: str) -> None:
    assert objection("Vitamin D prevents infection.", quote) is not None
    assert objection(quote, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("B cells were depleted in lymph nodes.", "B cells were depleted in blood but persisted in lymph nodes."),
        (
            "Patients who continued treatment relapsed.",
            "Patients who stopped treatment relapsed, whereas those who continued treatment remained in remission.",
        ),
        ("Rituximab depletes tissue B cells.", "Unlike rituximab, obinutuzumab depletes tissue B cells."),
        ("Patients switched from warfarin to heparin.", "Patients switched from heparin to warfarin."),
        ("Aspirin is recommended.", "The panel recommends against aspirin."),
        ("The drug is used in pregnancy.", "The drug is used except in pregnancy."),
        ("Insulin is inhibited by glucagon.", "Glucagon is inhibited by insulin."),
        (
            "Response was 90% for lupus and 60% for myositis.",
            "Response was 60% for lupus and 90% for myositis.",
        ),
    ],
)
def test_words_are_not_put_together_across_a_contrast_or_with_another_small_word(claim: str, quote: str) -> None:
    assert objection(claim, quote) is not None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Mortality was 5%.", "Mortality was less than 5%."),
        ("The p value was 0.05.", "The p value was <0.05."),
        ("The score fell by 3 points.", "The score fell to 3 points."),
        ("The cost was €50.", "The cost was $50."),
        ("A third of patients relapsed.", "Three patients relapsed."),
        ("Ten patients died.", "One of ten patients died."),
        ("The phase I trial ended.", "The phase II trial ended."),
        ("CD4+ cells were lost.", "CD4- cells were lost."),
        ("HER2+ tumours respond to the drug.", "HER2- tumours respond to the drug."),
        ("The score changed by 0.5 points.", "The score changed by −0.5 points."),
        ("The score changed from -1,200 points.", "The score changed from 1,200 points."),
    ],
)
def test_what_limits_a_number_or_a_name_is_part_of_it(claim: str, quote: str) -> None:
    assert objection(claim, quote) is not None
    assert objection(quote, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Lupus is only a disease of women.", "Lupus is not only a disease of women."),
        ("There were no side effects.", "There were no serious side effects."),
        ("Smokers had more strokes.", "Non-smokers had more strokes."),
        ("Rituximab is effective in lupus.", "Rituximab was studied in lupus."),
        ("Aspirin should be given.", "Aspirin was given."),
    ],
)
def test_a_limit_of_a_denial_is_kept_and_nothing_is_added(claim: str, quote: str) -> None:
    assert objection(claim, quote) is not None


def test_nothing_stands_on_what_the_next_sentence_takes_back() -> None:
    taken_back = passage("Rituximab cured lupus in five patients. This claim was later retracted.")
    assert quotes("Rituximab cured lupus in five patients.", taken_back) == []
    assert quotes("Rituximab cured lupus in five patients.", passage("Rituximab cured lupus in five patients.")) != []
