"""What kind of answer a question asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.understanding.kinds import Kind, compares, kind_of, wants_long_form

QUESTIONS = {
    Kind.DEFINITION: [
        "What is lupus?",
        "what is lupus",
        "What's a chimeric antigen receptor?",
        "What are chimeric antigen receptors (CARs)?",
        "What does CAR stand for?",
        "what does the abbreviation SLE mean",
        "What is meant by lymphodepletion?",
        "Define adoptive transfer.",
        "define: lymphodepletion",
        "Please define lymphodepletion",
        "Could you explain what lymphodepletion is?",
        "Can you tell me what a CAR T cell is?",
        "Please explain the term lymphodepletion.",
        "What is the definition of lymphodepletion?",
        "Give me a definition of lymphodepletion.",
        "I would like to know what antisynthetase syndrome is.",
        "What is synthetic lethality in the context of cancer?",
        "What exactly is lymphodepletion?",
        "lymphodepletion definition",
        "Hello! What is lymphodepletion?",
        "How is remission defined?",
        "What is a regulatory T cell, according to the review?",
    ],
    Kind.YES_NO: [
        "Are CAR T cells safe?",
        "are CAR T cells safe",
        "Has the agency approved any therapy?",
        "Is lymphodepletion needed?",
        "Do CAR T cells cure lupus?",
        "Did the trial succeed?",
        "Can T cells be engineered?",
        "Could a CAR T cell become a therapy?",
        "Were controls used?",
        "Should children be treated?",
        "Isn't lupus an autoimmune disease?",
        "In lupus, are CAR T cells used?",
        "According to Smith et al., has any trial been done?",
        "Please tell me whether lymphodepletion is needed.",
        "Do you know if CAR T cells are safe?",
        "My aunt has lupus. Is there a cure?",
        "Is the definition of remission agreed upon?",
    ],
    Kind.LIST: [
        "Which diseases were treated?",
        "Which side effects does the drug have?",
        "What factors determine relapse?",
        "Which of the diseases are treated?",
        "What risks?",
        "which antigens are targeted",
        "Name the two groups of treatments.",
        "What are the symptoms of lupus?",
        "What are the risks?",
        "Please tell me which diseases were treated.",
        "Can you list the antigens that are targeted?",
        "Could you give me a list of antigens?",
        "Against which antigens are the cells directed?",
        "In which three diseases are there results?",
        "What are common side effects?",
        "What kinds of T cells are there?",
        "Lupus is a disease. Please list its three signs.",
        "The cells are used in what diseases?",
        "List all safety concerns",
        "What do the reviews say about lupus?",
        "What do Smith and Jones say on safety?",
        "What is known about lupus?",
        "Please summarise the results in lupus.",
        "Give me an overview of the risks",
    ],
    Kind.COMPARISON: [
        "How do the reviews differ on safety?",
        "How does each review describe the role of B cells?",
        "Compare the two reviews on safety.",
        "Do both reviews mention lymphodepletion?",
        "Do the reviews agree on safety?",
        "Compare Smith et al. with Miller and colleagues on safety.",
        "Which review mentions lupus: Smith et al. or Miller and Jones?",
        "which review mentions lupus",
        "Which of the two papers discusses manufacturing?",
        "In which review is myasthenia gravis mentioned?",
        "What do the reviews have in common?",
        "What does neither review mention?",
        "Please compare how the articles view safety",
    ],
    Kind.FACT: [
        "Why is lymphodepletion given?",
        "How do CAR T cells work?",
        "What is the role of B cells?",
        "What is the capital of Australia?",
        "What is the effect of age on weight?",
        "What is inhibited by sotorasib?",
        "What is Congo red agar used for?",
        "What is the sample size?",
        "What is missing?",
        "What is the difference between Duchenne and Becker dystrophy?",
        "Explain how T cells kill.",
        "lymphodepletion",
        "Who discovered penicillin?",
        "What happens in lupus?",
        "What happens when T cells are depleted?",
        "What causes lupus?",
        "What always comes before the infusion?",
        "What regulates the activity of B cells?",
        "Which protein does the drug bind in patients?",
        "In what year did the epidemics occur?",
        "What is it?",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in QUESTIONS.items() for text in texts])
def test_the_kind_is_told_from_how_a_question_is_put(kind: Kind, text: str) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize("text", [texts[0] for texts in QUESTIONS.values()])
def test_an_earlier_question_in_brackets_changes_no_kind(text: str) -> None:
    assert kind_of(f"{text} (Where do they work?)") is kind_of(text)


def test_letters_are_asked_to_be_spelled_out() -> None:
    assert wants_long_form("What does CAR stand for?")
    assert not wants_long_form("What is a CAR?")


def test_reviews_named_are_set_side_by_side_or_not() -> None:
    assert compares("Compare Blache and Daamen on safety")
    assert compares("Blache or Daamen?")
    assert not compares("What do Blache and Daamen say on safety?")


@given(st.sampled_from([(kind, text) for kind, texts in QUESTIONS.items() for text in texts]), st.data())
def test_case_at_the_start_and_white_space_change_no_kind(asked: tuple[Kind, str], data: st.DataObject) -> None:
    kind, text = asked
    gaps = data.draw(st.lists(st.sampled_from([" ", "  ", "\n", "\t "]), min_size=1, max_size=3))
    spread = "".join(gaps[at % len(gaps)] if letter == " " else letter for at, letter in enumerate(text))
    assert kind_of(spread) is kind
    assert kind_of(text[0].lower() + text[1:]) is kind


@given(st.text())
def test_any_text_has_a_kind(text: str) -> None:
    assert kind_of(text) in set(Kind)
