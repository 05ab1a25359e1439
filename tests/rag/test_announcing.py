"""Sentences that only tell what an article will say, and sentences that look like it and state something."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import candidates, chosen

from rag.composing.announcing import announces, asks_of_the_text

ANNOUNCING = [
    "Finally, we will address safety and manufacturing aspects of gene therapy.",
    "In this review, we discuss the role of the microbiome in obesity.",
    "Here, we review recent advances in the treatment of asthma.",
    "Here we provide an overview of drugs against malaria.",
    "This review summarizes current knowledge of vitamin D in pregnancy.",
    "This article focuses on the mechanisms of resistance to kinase inhibitors.",
    "We also outline open questions and future directions.",
    "In the following section, we will briefly describe the structure of the receptor.",
    "The present review aims to explore the link between sleep and dementia.",
    "We first introduce the biology of platelets and then turn to their role in sepsis.",
    "The aim of this study was to compare two doses of aspirin after stroke.",
    "The purpose of this article is to give clinicians guidance on iron deficiency.",
    "Challenges of cell manufacturing are discussed in detail below.",
    "The implications for screening will be discussed.",
    "The approaches are summarized in Table 4.",
    "Ongoing trials of checkpoint inhibitors are listed in Supplementary Table S2.",
    "Table 1 summarizes the trials of statins in the elderly.",
    "(Table 4)",
    "See Section 3 for the adverse effects of steroids.",
    "Please refer to Figure 2 for the study design.",
    "In this paper, the authors review imaging of the small bowel.",
    "Therefore, this chapter will cover the genetics of deafness.",
    "We highlight gaps in the evidence on antibiotic prophylaxis.",
    "In this article, the pathogenesis of psoriasis is reviewed.",
]
STATING = [
    "We show that the drug halves mortality in sepsis.",
    "We found that children with asthma sleep less.",
    "In this review, we conclude that statins are safe in pregnancy.",
    "We review 23 patients who received the infusion, of whom 20 responded.",
    "We describe a patient with lupus who went into remission.",
    "We present two cases of rabies after a bat bite.",
    "Here, we describe a new gene for deafness.",
    "This review shows that exercise lowers blood pressure.",
    "We highlight that early treatment prevents relapse.",
    "We discuss dupilumab, which blocks interleukin 4.",
    "Although steroids work in most patients, here we discuss other drugs.",
    "We consider the vaccine to be safe in adults.",
    "Resistance was discussed as a cause of failure in most reports.",
    "Patients given the drug lived longer (Table 4).",
    "Adverse events, summarized in Table 2, were mild in nine of ten patients.",
    "Side effects are listed in Table 3, but none was severe.",
    "Figure 2 shows that the cells persist for months.",
    "Charts of the patients were reviewed.",
    "The committee will review the drug next year.",
    "Nurses discuss diet with every patient.",
    "The receptor presents peptides to T cells.",
    "The wound covers a tenth of the body.",
    "We treated 12 adults with the antibody.",
    "Guidelines address anaemia; iron is given first.",
    "We review the evidence and conclude that iron helps.",
    "Here, we review three approaches to sepsis: antibiotics, fluids, and surgery.",
    "Using mass spectrometry, we describe binding of the drug to albumin.",
]


@pytest.mark.parametrize("sentence", ANNOUNCING)
def test_what_will_be_said_is_announced(sentence: str) -> None:
    assert announces(sentence)


@pytest.mark.parametrize("sentence", STATING)
def test_what_is_found_is_no_announcement(sentence: str) -> None:
    assert not announces(sentence)


@given(st.sampled_from(ANNOUNCING), st.sampled_from(["  ", "\n", "\t"]), st.booleans())
def test_white_space_and_case_change_nothing(sentence: str, gap: str, shouted: bool) -> None:
    spread = sentence.replace(" ", gap)
    assert announces(spread.upper() if shouted else spread)


@given(st.sampled_from(ANNOUNCING), st.sampled_from(["the drug cures lupus", "most patients relapse", "it is safe"]))
def test_an_announcement_with_a_finding_states_it(sentence: str, finding: str) -> None:
    assert not announces(f"{sentence.rstrip('.)')}, and we conclude that {finding}.")


@pytest.mark.parametrize("filler", ["we ", "in this review, ", "a, ", "table ", "is discussed ", " "])
def test_a_long_sentence_is_soon_judged(filler: str) -> None:
    started = time.thread_time()
    announces(f"In this {filler * 5000} is")
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    ("question", "of_the_text"),
    [
        ("What does the review discuss?", True),
        ("What is the aim of the review?", True),
        ("Which topics are covered?", True),
        ("What is the scope of this article?", True),
        ("Which review mentions lupus?", True),
        ("What is this paper about?", True),
        ("What is known about the safety of the drug?", False),
        ("How does the drug work?", False),
        ("According to the review, who is treated?", False),
    ],
)
def test_some_questions_ask_what_a_text_speaks_of(question: str, of_the_text: bool) -> None:
    assert asks_of_the_text(question) is of_the_text


ANNOUNCED = "Finally, we will address safety aspects of the drug and discuss mRNA methods and automation concepts."
STATED = "The drug was well tolerated, and few patients had fever."


def test_an_announcement_of_what_was_asked_is_no_answer() -> None:
    assert chosen("What is known about the safety of the drug?", candidates(ANNOUNCED)) == []
    found = candidates(ANNOUNCED, STATED, step=0.5)
    assert chosen("What is known about the safety of the drug?", found) == [STATED]


def test_what_hardly_fits_is_not_what_was_announced() -> None:
    found = candidates(ANNOUNCED, "The drug is made in hospitals.", step=0.8)
    assert chosen("What is known about the safety of the drug?", found) == []


def test_what_a_review_covers_is_answered_by_what_it_announces() -> None:
    found = candidates(ANNOUNCED, STATED)
    assert chosen("What does the review discuss about the drug?", found)[0] == ANNOUNCED
    assert chosen("Which safety aspects of the drug are addressed?", found)[0] == ANNOUNCED
    assert chosen("What do the reviews say about the safety of the drug?", [found[0]]) == [ANNOUNCED]


def test_an_announcement_that_tells_more_than_its_topic_comes_after_what_is_stated() -> None:
    told = "We will cover first trials of engineered killer cells in lupus nephritis."
    assert chosen("Can killer cells be used in lupus?", candidates(told)) == [told]
    found = candidates(told, "Killer cells were used in a woman with lupus.", step=0.2)
    assert chosen("Can killer cells be used in lupus?", found)[0] == found[1].words


def test_an_announcement_that_names_what_is_asked_for_answers() -> None:
    told = "We will cover first trials in lupus, myositis and multiple sclerosis."
    found = candidates("Trials in many diseases have been started.", told, step=0.2)
    assert told in chosen("In which diseases are there first trials?", [found[1]])
