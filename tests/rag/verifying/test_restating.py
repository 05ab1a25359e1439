"""The same in another order or in words that mean the same stands; who does what, and what is denied, must stay."""

from __future__ import annotations

import pytest
from test_standing import passage, quotes

from index.documents import Bibliography
from rag.verifying.attributing import as_its_authors_say
from rag.verifying.carrying import objection


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("B cells returned in all patients after treatment.", "After treatment, B cells returned in all patients."),
        ("After treatment, B cells returned in all patients.", "B cells returned in all patients after treatment."),
        (
            "The gut microbiome influences immune responses.",
            "Immune responses are influenced by the gut microbiome.",
        ),
        ("Immune responses are influenced by the microbiome.", "The microbiome influences immune responses."),
        (
            "In May, the authorities reported 44 patients to the WHO.",
            "During May, 44 patients were reported by the authorities to the WHO.",
        ),
        (
            "The outbreak of a disease began in Wuhan.",
            "The outbreak of a newly discovered acute disease began in Wuhan.",
        ),
        ("NDV causes disease in poultry.", "NDV is a single-stranded RNA virus that causes disease in poultry."),
        (
            "Serum antibodies mainly confer protection against disease.",
            "Protection against disease is mainly conferred by serum antibodies; however, others may contribute.",
        ),
        ("Rituximab depletes B cells.", "Rituximab, a chimeric monoclonal antibody, depletes B cells (ref. 4)."),
    ],
)
def test_the_same_in_another_order_stands(claim: str, quote: str) -> None:
    assert objection(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Glucagon inhibits insulin.", "Glucagon is inhibited by insulin."),
        ("Insulin is inhibited by glucagon.", "Glucagon is inhibited by insulin."),
        ("Glucagon is inhibited by insulin.", "Glucagon inhibits insulin."),
        ("T cells activate macrophages.", "T cells activated by macrophages proliferate."),
        ("The drug was approved in 2019.", "The drug was submitted in 2019 and approved in 2021."),
        ("The committee approved the drug.", "No drug was approved by the committee."),
        (
            "Two of the genes alone are lethal.",
            "Two genes together are lethal, while two of the genes alone are not lethal.",
        ),
        ("The effect is due to the drug.", "The effect may be due to the drug."),
    ],
)
def test_who_does_what_and_what_is_denied_or_doubted_stays(claim: str, quote: str) -> None:
    assert objection(claim, quote) is not None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Rash was common in adults.", "In adults, fever was common, and in children, rash was common."),
        ("Dabigatran is safe.", "In renal failure, apixaban is safe, and dabigatran causes bleeding."),
        ("Neutrophils produce TNF.", "TNF is produced by macrophages and inhibits neutrophils."),
        ("Osteoporosis was caused by alendronate.", "Osteoporosis was caused by prednisone and eased by alendronate."),
        ("Interferon inhibited replication.", "Replication was insufficiently inhibited by interferon."),
        ("A 30% mortality was seen in patients.", "Mortality was reduced by 30% in patients."),
        ("Statins worsen atherosclerosis.", "Statins counteract cholesterol deposits which worsen atherosclerosis."),
        ("The pancreas is attacked by regulatory cells.", "Regulatory cells suppress others that attack the pancreas."),
        ("Aspirin kills patients.", "Aspirin is a drug for patients that kills germs."),
        ("There vitamin D prevents infection.", "There is no evidence that vitamin D prevents infection."),
        (
            "Subunit vaccines last, in contrast to vectored ones.",
            "Vectored vaccines last, in contrast to subunit ones.",
        ),
        (
            "Dust increases the odds of pneumonia by 1.8 times.",
            "Dust increases the odds of pneumonia by 1.6 times; measles increases the odds of pneumonia by 1.8 times.",
        ),
        ("Each vector is defective.", "Each vector is either defective or causes a mild infection."),
        ("Vitamin D relieved cramps.", "Pain was treated with vitamin D. Magnesium relieved cramps."),
        ("Rapamycin inhibits autophagy.", "Everolimus is like rapamycin. mTOR inhibits autophagy."),
        ("Steroids caused relapse.", "Withdrawal of steroids caused relapse."),
        ("Vitamin D causes preeclampsia.", "Vitamin D deficiency causes preeclampsia."),
        ("Steroids were tapered while inflammation rose.", "While steroids rose, inflammation was tapered."),
    ],
)
def test_words_are_not_taken_from_two_statements(claim: str, quote: str) -> None:
    assert objection(claim, quote) is not None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (
            "Tocilizumab reduces mortality.",
            "The aim of this large randomised trial was to show that tocilizumab reduces mortality.",
        ),
        ("CAR T cells cure lupus.", "The hypothesis underlying this first study is that CAR T cells cure lupus."),
        ("Pain was reduced.", "Pain was reduced only slightly."),
        ("Patients achieved remission.", "A subset of previously untreated elderly patients achieved remission."),
        ("Enrolled patients were cured.", "Partially, as measured by tests, enrolled patients were cured."),
        ("Aspirin lowers mortality.", "No large, well-conducted, long-term trial found that aspirin lowers mortality."),
        ("Belimumab improves nephritis.", "The trial failed to convincingly show that belimumab improves nephritis."),
        ("Mortality exceeds 50%.", "Without antibiotics, mortality exceeds 50%."),
        ("Vitamin C is essential for healing.", "Vitamin C is important for healing."),
        ("Several trials showed a benefit of rituximab.", "One trial showed a benefit of rituximab."),
        ("Creatinine increased in the dialysis group.", "Creatinine was higher in the dialysis group."),
        ("Five patients achieved complete remission within months.", "Five patients achieved remission within months."),
    ],
)
def test_a_limit_a_denial_or_a_measure_is_kept_however_far_from_what_it_is_said_of(claim: str, quote: str) -> None:
    assert objection(claim, quote) is not None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Most patients are women.", "The majority of patients are women."),
        ("Smokers have a higher risk of arthritis.", "Smokers have an increased risk of arthritis."),
        ("Interleukin-6 promotes growth of B cells.", "IL-6 promotes growth of B cells."),
        ("Fever took place in half of the children.", "Fever occurred in half of the children."),
        ("Cells were made from healthy donors.", "Cells were manufactured from healthy donors."),
        ("Nausea was seen with 5 mg per kg of the drug.", "Nausea was seen with 5 mg/kg of the drug."),
    ],
)
def test_words_that_mean_the_same_stand_for_each_other(claim: str, quote: str) -> None:
    assert objection(claim, quote) is None


@pytest.mark.parametrize(
    "quote",
    [
        "Costs were higher with coaching ($10 vs. $8, p = 0.02), due to stays in hospital.",
        "B. subtilis and S. typhimurium, given orally (e.g. in water), raised the ratio of CD4 cells.",
        "As described by Wu et al. in China, cases of pneumonia rose.",
    ],
)
def test_the_full_stop_of_an_abbreviation_ends_no_sentence(quote: str) -> None:
    assert objection(f"According to the authors, {quote}", quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The treatment was tolerated well.", "The treatment was tolerated well, with only mild adverse events."),
        (
            "CARs have been used in the adoptive transfer of T cells.",
            "CARs are proteins designed to direct a response and have been used in the adoptive transfer of T cells.",
        ),
    ],
)
def test_a_limit_that_is_said_of_something_else_may_be_left_out(claim: str, quote: str) -> None:
    assert objection(claim, quote) is None


BLACHE = Bibliography(authors=("Ulrich Blache", "Simon Tretbar", "Ulrike Koehl"), year=2023)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("Blache et al. state that B cells return.", "B cells return."),
        ("According to Blache and colleagues, B cells return.", "B cells return."),
        ("As Blache et al. (2023) report, B cells return.", "B cells return."),
        ("In the review by Blache et al., B cells return.", "B cells return."),
        ("The authors note that B cells return.", "B cells return."),
        ("Blache et al. discuss safety.", "We discuss safety."),
        ("The review by Blache et al. covers safety.", "We covers safety."),
        ("The review by Blache et al. was withdrawn.", "The review by Blache et al. was withdrawn."),
        ("Smith et al. state that B cells return.", "Smith et al. state that B cells return."),
        ("Blache et al. (2019) state that B cells return.", "Blache et al. (2019) state that B cells return."),
        ("Blache et al. believe that B cells return.", "Blache et al. believe that B cells return."),
        ("Blache et al. treated five patients.", "Blache et al. treated five patients."),
        ("The authors treated five patients.", "The authors treated five patients."),
    ],
)
def test_the_authors_of_a_passage_speak_for_themselves(claim: str, told: str) -> None:
    assert as_its_authors_say(claim, BLACHE) == told


def test_a_name_that_is_also_a_word_is_not_taken_for_an_author() -> None:
    claim = "Young women were excluded."
    assert as_its_authors_say(claim, Bibliography(authors=("Neil Young",))) == claim


def test_what_is_said_of_other_authors_does_not_stand() -> None:
    one = passage("B cells return after months. T cells persist.", bibliography=BLACHE)
    assert quotes("Blache et al. report that B cells return after months.", one) == ["B cells return after months."]
    assert not quotes("Smith et al. report that B cells return after months.", one)
