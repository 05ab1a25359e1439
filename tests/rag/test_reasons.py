"""Why there is no answer, in words that a person can use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_embedder import TinyEmbedder

from rag import Answer, Assistant
from rag.understanding.naming import subjects
from rag.understanding.question import analyse

SEEDS = Path(__file__).parent.parent.parent / "seeds"
DAAMEN = "004_4f99eab4ce307d20.txt"


@pytest.fixture
def declined(tmp_path: Path, tiny: TinyEmbedder, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """A shelf of one review, of which no answer is ever sure enough."""
    monkeypatch.setenv("PINCITE_MIN_CONFIDENCE", "1")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text(
        "Aspirin prevents stroke in older adults. Aspirin was given to adults every day for years. "
        "Controlled trials of aspirin in stroke have not been done. Bleeding was seen in some adults.\n"
    )
    return Assistant(seeds=seeds, index=tmp_path / "index", embedder=tiny)


def ask(mine: Assistant, question: str) -> Answer:
    with mine:
        answer = mine.answer(question)
    assert answer.abstained
    assert answer.nearest
    return answer


@pytest.mark.parametrize(
    "question",
    ["What is the capital of Australia?", "Who won the football world cup in 1998?", "How is gluten made?"],
)
def test_nothing_on_this_subject(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert answer.why == "not the subject"
    assert "touches on this" in answer.text


def test_on_the_subject_but_a_word_stands_nowhere(declined: Assistant) -> None:
    answer = ask(declined, "Does aspirin prevent stroke in pregnant adults?")
    assert answer.why == "not this fact"
    assert answer.reason == "The review speaks of “aspirin” and “stroke”, but nowhere of “pregnant adults”."


def test_several_are_spoken_of_as_several_and_one_as_one(declined: Assistant) -> None:
    (declined.settings.seeds / "b.txt").write_text("Warfarin is given after a stroke. Its dose is measured weekly.\n")
    with declined:
        declined.sync()
        both = declined.answer("Does aspirin prevent stroke in pregnant adults?")
        alone = declined.answer("Does aspirin prevent stroke in pregnant adults?", documents=["a.txt", "a.txt"])
    assert both.text.startswith("The reviews do not answer this. The reviews speak of “aspirin”")
    assert alone.text.startswith("The review does not answer this. The review speaks of “aspirin”")


def test_of_one_review_that_does_not_say_who_wrote_it_is_spoken_as_of_one(declined: Assistant) -> None:
    (declined.settings.seeds / "b.txt").write_text("Warfarin is given after a stroke. Its dose is measured weekly.\n")
    with declined:
        declined.sync()
        both = declined.answer("Who are the authors?")
        alone = declined.answer("Who are the authors?", documents=["a.txt"])
    assert both.text.startswith("The reviews do not answer this. In none of the reviews")
    assert alone.text.startswith("The review does not answer this. In ")


def test_on_the_subject_but_no_sentence_says_it(declined: Assistant) -> None:
    answer = ask(declined, "Was aspirin given every day?")
    assert answer.why == "not this fact"
    assert "no sentence in it answers" in answer.reason


def test_letters_that_no_sentence_spells_out(assistant: Assistant) -> None:
    answer = ask(assistant, "What does BCMA stand for?")
    assert answer.why == "not this fact"
    assert "what the letters stand for" in answer.reason


def test_on_the_subject_but_no_number(declined: Assistant) -> None:
    answer = ask(declined, "How many adults were given aspirin?")
    assert answer.why == "not this fact"
    assert "no such number" in answer.reason


@pytest.mark.parametrize("question", ["What is bleeding?", "What does bleeding mean?"])
def test_what_is_spoken_of_and_nowhere_defined(declined: Assistant, question: str) -> None:
    answer = ask(declined, question)
    assert answer.why == "not this fact"
    assert answer.reason == "The review speaks of “bleeding”, but no sentence says what it is."


def test_what_a_question_supposes_and_a_review_denies_is_quoted(declined: Assistant) -> None:
    answer = ask(declined, "Why did the controlled trials of aspirin fail?")
    assert answer.why == "false premise"
    assert "“Controlled trials of aspirin in stroke have not been done.”" in answer.reason


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Why did the 12 adults given aspirin have a stroke?", "“12”"),
        ("When was aspirin approved for stroke by Bayer in 1950?", "“Bayer” or “1950”"),
    ],
)
def test_names_and_numbers_that_a_question_supposes(declined: Assistant, question: str, names: str) -> None:
    answer = ask(declined, question)
    assert answer.why == "false premise"
    assert names in answer.reason


def test_a_question_that_supposes_nothing_has_no_false_premise(declined: Assistant) -> None:
    assert ask(declined, "Does aspirin prevent stroke by Bayer in 1950?").why == "not this fact"


@pytest.mark.parametrize(
    "question",
    ["How do I sign up for Mendeley?", "How can I download the PDF?", "Who gives permission to reprint this?"],
)
def test_about_the_web_page(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert answer.why == "web page"
    assert "web page" in answer.reason


def test_what_only_the_web_page_speaks_of(tmp_path: Path, tiny: TinyEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_MIN_CONFIDENCE", "1")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text((SEEDS / DAAMEN).read_text(encoding="utf-8"))
    with Assistant(seeds=seeds, index=tmp_path / "index", embedder=tiny) as mine:
        document = mine.document("a.txt")
        words = {word for span in document.furniture for word in span.of(document.text).split() if word.isalpha()}
        assert words
        whys = {mine.answer(f"What are {word.lower()} of CAR-T cells?").why for word in sorted(words) if len(word) > 8}
        assert "web page" in whys


def test_words_that_stand_side_by_side_are_named_together(assistant: Assistant) -> None:
    answer = ask(assistant, "How much does CAR-T cell therapy cost per patient?")
    assert "“CAR-T cell therapy”" in answer.reason
    assert "nowhere of “cost”" in answer.reason
    assert (
        "of “CAR T cells” and “body”, but nowhere of “persist”"
        in ask(assistant, "How long do CAR T cells persist in the body?").reason
    )


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What is the effect of vitamin D on aspirin?", ["vitamin D"]),
        ("What role does the microbiome play in stroke?", ["microbiome"]),
        ("Is there a difference in survival between aspirin and placebo?", ["survival", "placebo"]),
        ("Which company makes aspirin?", ["company"]),
        ("What is the main advantage of bispecific antibodies over aspirin?", ["bispecific antibodies"]),
        ("How long do patients live after stroke?", ["patients"]),
        ("In what way do the reviews differ on diet and aspirin?", ["diet"]),
        ("Which side effects of aspirin occurred?", ["side effects"]),
    ],
)
def test_what_is_missing_is_named_as_a_person_would(declined: Assistant, question: str, named: list[str]) -> None:
    reason = ask(declined, question).reason
    assert re.findall("“([^”]+)”", reason.split(" nowhere ")[-1].split(" no mention ")[-1]) == named


@pytest.mark.parametrize(
    "question", ["What is the main difference?", "What is the role of aspirin?", "Which kinds of aspirin exist?"]
)
def test_words_without_a_subject_are_not_what_is_missing(declined: Assistant, question: str) -> None:
    reason = ask(declined, question).reason
    assert not re.search("“.*(?:difference|role|kinds|exist).*”", reason)


@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(["the", "role", "of", "vitamin", "D", "usual", "drugs", "cost’s", "treated,", "B-cell", "x-"])
    ).map(" ".join)
)
def test_what_is_named_stands_in_the_question(text: str) -> None:
    question = analyse(text)
    for one in subjects(question):
        assert one.text in question.text
        assert set(one.words) <= set(question.words)
        for lacking in ((), one.words[-1:], one.words):
            told, missed = one.parted(lacking)
            assert told + missed
            assert bool(missed) == bool(lacking)
            assert all(part in one.text for part in told + missed)
