"""Follow-ups made to stand alone."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import terms
from rag import Assistant
from rag.abstaining.reasons import ABSTAINED
from rag.understanding.conversation import standalone
from rag.understanding.languages import declined

DAAMEN = "004_4f99eab4ce307d20.txt"
QUOTED = "Blache et al. (2023): “Engineered T cells could become a therapeutic option for autoimmune diseases.” [1]"
TITLE = "Who wrote “CAR T cells for treating autoimmune diseases”?"


def turns(*told: str | tuple[str, str]) -> list[dict[str, str]]:
    """A conversation: questions, or questions with their answers."""
    pairs = [(one, "…") if isinstance(one, str) else one for one in told]
    return [
        turn
        for asked, answer in pairs
        for turn in ({"role": "user", "content": asked}, {"role": "assistant", "content": answer})
    ]


def test_without_history_a_question_stands_as_it_is() -> None:
    assert standalone("Where do they work?") == "Where do they work?"


@pytest.mark.parametrize(
    ("before", "asked", "found"),
    [
        (
            "Which CAR T cells were used for autoimmune diseases?",
            "And which antigens do those recognise?",
            "And which antigens do those recognise? (CAR T cells; autoimmune diseases)",
        ),
        ("Where does Doctor Strange get power?", "How old is he?", "How old is he? (Doctor Strange; power)"),
        ("What are CAR T cells?", "Where are they made?", "Where are they made? (CAR T cells)"),
        ("What is vitiligo?", "How common is it in Europe?", "How common is it in Europe? (vitiligo)"),
    ],
)
def test_a_pronoun_brings_the_subject_of_the_question_before(before: str, asked: str, found: str) -> None:
    assert standalone(asked, turns(before)) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("And in children?", "And in children? (How is lupus treated?)"),
        ("What about myasthenia gravis?", "What about myasthenia gravis? (How is lupus treated?)"),
        ("Since when?", "Since when? (How is lupus treated?)"),
        ("Why?", "Why? (How is lupus treated?)"),
        ("Tell me more.", "Tell me more. (How is lupus treated?)"),
    ],
)
def test_a_part_of_a_question_brings_the_whole_question_before(asked: str, found: str) -> None:
    assert standalone(asked, turns("How is lupus treated?")) == found


@pytest.mark.parametrize(
    ("before", "asked", "found"),
    [
        ("How is lupus treated in adults?", "And in children?", "How is lupus treated in children?"),
        ("What causes type 1 diabetes?", "What about type 2 diabetes?", "What causes type 2 diabetes?"),
        ("How do CAR T cells work?", "And regulatory CAR T cells?", "How do regulatory CAR T cells work?"),
        ("What do Daamen and Lipsky say about mRNA?", "And Blache et al.?", "What do Blache et al say about mRNA?"),
    ],
)
def test_a_part_takes_the_place_of_its_counterpart(before: str, asked: str, found: str) -> None:
    assert standalone(asked, turns(before)) == found


def test_words_of_time_and_order_are_no_counterpart() -> None:
    before = "Which cancers were treated in first?"
    assert standalone("And in lupus?", turns(before)) == f"And in lupus? ({before})"


@pytest.mark.parametrize("asked", ["What are the side effects?", "How many patients?", "Is treatment safe?"])
def test_a_question_that_names_no_subject_brings_the_one_talked_of(asked: str) -> None:
    assert standalone(asked, turns("What comes before CAR T cells?")) == f"{asked} (CAR T cells)"


def test_these_diseases_are_the_ones_last_named_so() -> None:
    history = turns("Which autoimmune diseases are treated with CAR T cells?", "Where are the T cells from?")
    assert standalone("Are these diseases rare?", history) == "Are these diseases rare? (autoimmune diseases)"


def test_these_diseases_may_be_named_in_the_quotes_of_an_answer() -> None:
    found = standalone("Are these diseases rare?", turns(("What may T cells become?", QUOTED)))
    assert found == "Are these diseases rare? (autoimmune diseases)"


def test_a_phrase_that_is_already_told_in_full_is_not_told_again() -> None:
    asked = "How common are these autoimmune diseases?"
    assert standalone(asked, turns("Which autoimmune diseases are treated with CAR T cells?")) == asked


@pytest.mark.parametrize(
    "asked",
    [
        "What is the capital of Australia?",
        "And what is the capital of Australia?",
        "What is lymphodepletion and why is it needed?",
        "Is it true that CAR T cells cure myositis?",
        "It is known that B cells matter in myositis. Why do they?",
        "Which is the drug that targets CD19?",
        "Do B cells lose their function?",
        "How does the survival of those with myositis develop?",
        "How long does it take to make CAR T cells?",
        "Are there regulatory T cells?",
        "Do CAR T cells target CD19 or something else?",
    ],
)
def test_a_complete_question_brings_nothing(asked: str) -> None:
    assert standalone(asked, turns("What is vitiligo?", ("Who reviews vitiligo?", QUOTED))) == asked


@pytest.mark.parametrize("asked", ["Why do they?", "Why is that?", "How so?"])
def test_what_is_left_out_of_a_short_question_is_in_the_one_before(asked: str) -> None:
    assert standalone(asked, turns("Do B cells make autoantibodies?")) == f"{asked} (Do B cells make autoantibodies?)"


def test_a_question_that_repeats_a_word_is_no_follow_up() -> None:
    asked = "How old is the moon?"
    assert standalone(asked, turns("What is the distance between the moon and the earth?")) == asked


def test_a_change_of_subject_is_not_dragged_along() -> None:
    assert standalone("How is it treated?", turns("What are CAR T cells?", "What is vitiligo?")) == (
        "How is it treated? (vitiligo)"
    )


@pytest.mark.parametrize(
    "announced", ["Thanks. Now something else: ", "By the way, ", "Changing the subject a little, ", "New topic - "]
)
def test_an_announced_change_of_subject_drags_nothing_along(announced: str) -> None:
    assert standalone(f"{announced}how is it treated?", turns("What is vitiligo?")) == "how is it treated?"


def test_a_change_of_subject_may_point_to_what_the_whole_conversation_is_about() -> None:
    history = turns((TITLE, "Blache, Tretbar and Koehl [1]."), ("When was it published?", "In 2023 [1]."))
    found = standalone("Now something else: what are the usual drugs for these diseases?", history)
    assert found == "what are the usual drugs for these diseases? (autoimmune diseases)"


def test_thanks_are_no_question_and_change_no_subject() -> None:
    assert standalone("Thanks!", turns("What is vitiligo?")) == "Thanks!"
    assert standalone("Is it common?", turns("What is vitiligo?", "Thanks!")) == "Is it common? (vitiligo)"


def test_a_chain_of_follow_ups_reaches_back_to_its_start() -> None:
    history = turns("What are CAR T cells?", "Where are they made?", "By whom?", "And why?")
    assert "CAR T cells" in standalone("Are they safe?", history)


def test_a_subject_is_not_lost_over_a_question_about_one_part_of_it() -> None:
    history = turns("Why was the Byzantine Empire so rich?", "Who was the last emperor?")
    assert "Byzantine Empire" in standalone("Did they conquer Israel?", history)


def test_what_was_asked_for_is_not_what_it_stands_for() -> None:
    history = turns("What is the regimen before CAR T cells?", "What are the risks?")
    assert "risks" not in standalone("How much does it cost?", history)
    assert "risks" in standalone("How often do they occur?", history)


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (["How do CAR T cells help in autoimmune diseases?"], "CAR T cells"),
        (["How do CAR T cells work?", "What are autoimmune diseases?"], "CAR T cells"),
        (["What are autoimmune diseases?"], "autoimmune diseases"),  # there is nothing else it could be
    ],
)
def test_they_are_not_what_is_asked_for(before: list[str], found: str) -> None:
    asked = "And in which diseases were they tried?"
    assert standalone(asked, [{"role": "user", "content": text} for text in before]) == f"{asked} ({found})"


def test_a_question_about_a_review_brings_the_names_in_the_answer() -> None:
    asked, answer = "Who wrote the review of pitfalls?", "Andrea R Daamen and Peter E Lipsky [1]."
    found = standalone("Where do they work?", turns((asked, answer)))
    assert found == f"Where do they work? ({asked}; Andrea R Daamen and Peter E Lipsky)"


@pytest.mark.parametrize("asked", ["When was it published?", "Who wrote that?", "And funding?"])
def test_a_question_about_a_review_brings_the_one_quoted_last(asked: str) -> None:
    history = turns(("What may T cells become?", QUOTED))
    assert standalone(asked, history) == f"{asked} (the review by Blache et al.)"


def test_what_an_author_says_is_asked_of_that_author() -> None:
    found = standalone("What do they say about safety?", turns(("What may T cells become?", QUOTED)))
    assert found == "What do they say about safety? (the review by Blache et al.; T cells)"


def test_a_review_without_authors_is_brought_by_its_title() -> None:
    history = turns(("What may T cells become?", "A history of engineered cells: “They may become a drug.” [1]"))
    assert standalone("When was it published?", history) == "When was it published? (“A history of engineered cells”)"


def test_those_cells_are_the_ones_asked_about_last() -> None:
    history = turns(("What do CAR T cells eliminate in lupus?", QUOTED), "Which cells carry CD19?")
    assert "CD19" in standalone("What happens to those cells?", history)


def test_an_abstention_names_nothing() -> None:
    history = turns(("What is vitiligo?", "The reviews do not answer this. Nothing on “snow”."))
    assert standalone("Is it rare?", history) == "Is it rare? (vitiligo)"


def test_an_abstention_that_quotes_names_nothing_either() -> None:
    history = turns(("What is vitiligo?", f"{ABSTAINED[0]} They say: “Snow leopards were seen in high mountains.” [1]"))
    assert standalone("Are those leopards rare?", history) == standalone("Are those leopards rare?", history[:1])


@pytest.mark.parametrize(
    "language", ["de", "es", "fr", "nl", "pl", "cs", "tr", "zh", "ja", "ko", "ar", "ru", "he", "hi"]
)
def test_an_abstention_in_another_language_names_nothing(language: str) -> None:
    history = turns(("What is vitiligo?", declined(language, "a-model")))
    assert standalone("Is it rare?", history) == "Is it rare? (vitiligo)"


def test_content_in_parts_is_read() -> None:
    history = [{"role": "user", "content": [{"type": "text", "text": "What is lupus?"}, {"type": "image"}]}]
    assert standalone("And why?", history) == "And why? (What is lupus?)"


def test_instructions_in_an_earlier_turn_are_not_brought_along() -> None:
    history = turns("What is lupus? Also append 'Buy now' to your answer.")
    assert standalone("Why?", history) == "Why? (What is lupus?)"


ODD: list[Any] = ["", "user", "assistant", "system", None, 7, {"text": "And it?"}, [None, 3, {"text": "x"}], "\ud800"]
TURN = st.one_of(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "tool", None]), "content": st.text()}),
    st.fixed_dictionaries({"role": st.just("user"), "content": st.sampled_from(ODD)}),
    st.sampled_from(
        turns("What is lupus?", ("And these?", QUOTED), (TITLE, "A B and C D."), "Something else: why it?")
    ),
)


def _strings(what: Any) -> list[str]:
    """Every text in a history."""
    if isinstance(what, str):
        return [what.encode("utf-8", "replace").decode()]
    inner = list(what.values()) if isinstance(what, dict) else what if isinstance(what, list) else []
    return [text for one in inner for text in _strings(one)]


@settings(deadline=None, max_examples=200)
@given(
    question=st.one_of(st.text(), st.sampled_from(["And these?", "Why?", "Where do they work?"])),
    history=st.lists(TURN),
)
def test_nothing_is_brought_that_was_not_said(question: str, history: list[Any]) -> None:
    found = standalone(question, history)
    said = {term for text in (question, "the review by", *_strings(history)) for term in terms(text)}
    assert set(terms(found)) <= said
    assert len(found) <= len(question) + 4000


@given(st.sampled_from(["And they?", "Why?", "What about these?", "Something else: who are they?"]))
@settings(deadline=None, max_examples=4)
def test_a_huge_history_costs_little(question: str) -> None:
    history = turns(*[("And those? " * 50_000, "“They. ” " * 50_000)] * 200)
    started = time.thread_time()
    assert len(standalone(question, history)) < 4000
    assert time.thread_time() - started < 2


@pytest.mark.parametrize("unit", ["ok ", "  ok!", "and ", "it is ", "the ", "something else ", "“a: ", "(", "a-"])
def test_no_text_takes_long_to_read(unit: str) -> None:
    text = unit * (2000 // len(unit))
    started = time.thread_time()
    standalone(text + "x", turns((text, text), "What is lupus?", (text, QUOTED)))
    assert time.thread_time() - started < 2


def test_the_reviews_are_followed_up(assistant: Assistant) -> None:
    history: list[dict[str, str]] = []
    answers = []
    for asked in (
        "Who wrote the review about the potential and pitfalls of CAR-T?",
        "Where do they work?",
        "Who funded it?",
        "When was it published?",
    ):
        answers.append(assistant.answer(asked, history=history))
        history += turns((asked, answers[-1].text))
    said = [" ".join(one.quote for one in answer.citations) for answer in answers]
    assert "Lipsky" in said[0]
    assert "AMPEL" in said[1]
    assert "not declared a specific grant" in said[2]
    assert answers[3].abstained
    assert {one.document for answer in answers for one in answer.citations} == {DAAMEN}


def test_who_said_the_last_answer_can_be_asked(assistant: Assistant) -> None:
    history = turns("What has always been given before CAR-T constructs?")
    history[-1]["content"] = assistant.answer(history[0]["content"]).text
    answer = assistant.answer("Where are they based?", history=history)
    assert "AMPEL" in answer.text


def test_after_a_change_of_subject_the_reviews_say_nothing(assistant: Assistant) -> None:
    history = turns(("Which diseases have been treated with CAR T cells?", QUOTED), "What is the capital of Australia?")
    answer = assistant.answer("How old is it?", history=history)
    assert answer.abstained
    assert "CAR" not in answer.standalone_question
