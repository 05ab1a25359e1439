"""Questions in the words of the shelf: abbreviations in both forms, typing errors corrected, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_helpers import run_sync, write

from index.analysis import terms
from index.opening import open_snapshot
from index.snapshot import Snapshot
from rag import Assistant
from rag.understanding.question import Concept, Question, analyse
from rag.understanding.wording import Reworded, reword

TEXTS = {
    "lupus.txt": (
        "Patients with systemic lupus erythematosus recovered after lymphodepletion and an infusion of cells. "
        "The antisynthetase syndrome and myasthenia gravis were treated in the same way. "
        "Cells that recognise the B-cell maturation antigen were given to most of them. "
        "The odds ratio of an injection against placebo was 2.5, and each of the bacterial infections was mild."
    ),
    "enzyme.txt": (
        "Plasma leakage syndrome (PLS) is rare, and it was seen in a single patient of this trial. "
        "Every PLS was treated with steroids. PLS has no cause, PLS is mild, and PLS ends by itself. "
        "The haemoglobin of the patients was normal, and tumors were not seen in any of them."
    ),
    "muscle.txt": "Primary lateral sclerosis (PLS) is a disease of the upper motor neurons. Patients walk slowly.",
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("wording")
    run_sync(write(folder / "seeds", TEXTS), folder / "index")
    opened = open_snapshot(folder / "index")
    yield opened
    opened.close()


def asked(text: str, snapshot: Snapshot) -> Reworded:
    return reword(analyse(text), snapshot)


def concept(question: Question, word: str) -> Concept:
    (found,) = (one for one in question.concepts if set(terms(word)) <= set(one.forms[0]))
    return found


@pytest.mark.parametrize(
    ("question", "short", "long"),
    [
        ("Who recovered from SLE?", "SLE", "systemic lupus erythematosus"),
        ("who recovered from sle?", "sle", "systemic lupus erythematosus"),
        ("Was ASyS treated?", "ASyS", "antisynthetase syndrome"),
        ("Was BCMA recognised?", "BCMA", "B cell maturation antigen"),
    ],
)
def test_a_short_form_finds_what_it_stands_for(question: str, short: str, long: str, snapshot: Snapshot) -> None:
    made = asked(question, snapshot)
    assert tuple(terms(long)) in concept(made.question, short).forms[1:]
    assert set(terms(long)) <= set(made.question.search_terms)
    assert f"{short} ({long})" in made.question.text
    assert made.notes == (f"{short}: {long}.",)


def test_a_short_form_that_is_a_word_as_well_is_told_by_its_capitals(snapshot: Snapshot) -> None:
    made = asked("What was the OR of placebo?", snapshot)
    assert made.question.search_terms == ("placebo", "odd", "ratio")
    assert asked("What was it or placebo?", snapshot).question.search_terms == ("placebo",)


def test_a_long_form_finds_what_is_short_for_it(tmp_path: Path) -> None:
    run_sync(
        write(tmp_path / "seeds", {"a.txt": "Cells with a CAR against BCMA were given to all."}), tmp_path / "index"
    )
    opened = open_snapshot(tmp_path / "index")
    made = asked("What are cells with chimeric antigen receptors?", opened)
    several = asked("Was the B-cell maturation antigen seen?", opened)
    opened.close()
    assert concept(made.question, "chimeric").forms == (("chimer", "antigen", "receptor"), ("car",))
    assert concept(several.question, "maturation").forms == (("b", "cell", "matur", "antigen"), ("bcma",))
    assert several.notes == ("BCMA: B-cell maturation antigen.",)


def test_the_shelf_knows_better_than_the_list(tmp_path: Path) -> None:
    text = "The mountain glacier (MG) was white. Glaciers are old. Myasthenia gravis is a disease of muscles."
    run_sync(write(tmp_path / "seeds", {"a.txt": text}), tmp_path / "index")
    opened = open_snapshot(tmp_path / "index")
    forms = concept(asked("Is there an MG?", opened).question, "MG").forms
    opened.close()
    assert ("myasthenia", "gravi") not in forms


def test_a_form_that_is_common_on_the_shelf_is_searched_for_as_it_is(snapshot: Snapshot) -> None:
    question = analyse("Is PLS mild?")
    made, notes = reword(question, snapshot)
    assert (made.text, made.search_terms, notes) == (question.text, question.search_terms, ())
    assert "(Plasma leakage syndrome" in made.meant  # its other forms are known where they are met
    assert len(made.concepts[0].forms) > 1


def test_of_several_meanings_those_of_the_documents_asked_count(tmp_path: Path) -> None:
    texts = {name: text for name, text in TEXTS.items() if name != "lupus.txt"}
    run_sync(write(tmp_path / "seeds", texts), tmp_path / "index")
    opened = open_snapshot(tmp_path / "index")
    known = [opened.definitions(["pls"], [], [name])[0].long for name in texts]
    opened.close()
    assert known == ["Plasma leakage syndrome", "Primary lateral sclerosis"]


@pytest.mark.parametrize(
    "question", ["Should it be given or not?", "HAVE PATIENTS RECOVERED OR NOT?", "Were cars seen?"]
)
def test_words_are_no_abbreviations(question: str, snapshot: Snapshot) -> None:
    assert asked(question, snapshot).notes == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mysthenia", "myasthenia"),
        ("miastenia", "myasthenia"),
        ("lymfodepletion", "lymphodepletion"),
        ("antisyntetase", "antisynthetase"),
        ("erythematosis", "erythematosus"),
        ("recogmise", "recognise"),
        ("infuison", "infusion"),
        ("hemoglobin", "haemoglobin"),
        ("tumours", "tumors"),
    ],
)
def test_a_misspelled_word_is_corrected_and_a_note_says_so(typed: str, meant: str, snapshot: Snapshot) -> None:
    made = asked(f"What is said of {typed} there?", snapshot)
    assert made.question.words == (meant,)
    assert made.question.terms == tuple(terms(meant))
    assert made.question.text == f"What is said of {meant} there?"
    assert made.notes == (f"Searched for “{meant}” instead of “{typed}”.",)


@pytest.mark.parametrize(
    "word",
    [
        *("costs", "children", "diabetes", "remission", "infection", "mortality", "plaster", "incision", "retention"),
        *("injector", "tutors", "platelets", "patience", "place", "bacterium", "hypoglobin", "Tumer", "FOXP3", "cels"),
        *("infliximab", "statin", "Bartter"),
    ],
)
def test_a_word_that_the_shelf_does_not_have_is_left_alone(word: str, snapshot: Snapshot) -> None:
    question = analyse(f"What is said of {word} there?")
    assert reword(question, snapshot) == (question, ())


def test_drugs_are_named_alike_and_are_not_taken_for_one_another(tmp_path: Path) -> None:
    text = "Eculizumab, nilotinib, prednisolone and atacicept were given to all of the patients."
    run_sync(write(tmp_path / "seeds", {"a.txt": text}), tmp_path / "index")
    opened = open_snapshot(tmp_path / "index")
    made = [
        asked(f"Was {drug} given?", opened).notes for drug in ("efalizumab", "dasatinib", "abatacept", "prednisone")
    ]
    misspelled = asked("Was eculizumib given?", opened).question.words
    opened.close()
    assert made == [(), (), (), ()]
    assert "eculizumab" in misspelled


@st.composite
def mistyped(draw: st.DrawFn) -> dict[str, str]:
    """Some words of the texts, each with one letter gone, doubled, another, or in its neighbour's place."""
    words = st.sampled_from(["bacterial", "infections", "injection", "maturation", "recognise"])
    found = {}
    for word in draw(st.lists(words, min_size=3, max_size=4, unique=True)):
        at = draw(st.integers(1, len(word) - 2))
        start, letter, end = word[:at], word[at], word[at + 1 :]
        swapped = start + end[0] + letter + end[1:]
        found[draw(st.sampled_from([start + end, start + letter * 2 + end, f"{start}x{end}", swapped]))] = word
    return found


@given(mistyped())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_typing_errors_are_corrected_as_one_is(snapshot: Snapshot, typed: dict[str, str]) -> None:
    for question in (f"What is said of {' and '.join(typed)}?", " ".join(typed)):
        assert asked(question, snapshot).question.words == tuple(typed.values())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wich autoimune diseses have clincal resluts", {"autoimmune", "diseases", "clinical"}),
        ("how do regulatry cels supress autoimune inflamation", {"regulatory", "autoimmune"}),
        ("mysthenia gravis treatmnt outcmes paitents", {"myasthenia", "treatment", "patients"}),
        ("the immunsuppresive tretment of a diseas", {"immunosuppressive", "treatment", "disease"}),
    ],
)
def test_bad_spelling_is_no_other_language(typed: str, meant: set[str], assistant: Assistant) -> None:
    with assistant.snapshot() as opened:
        assert meant <= set(asked(typed, opened).question.words)


@pytest.mark.parametrize(
    "question",
    [
        "Welche Zellen wurden den Patienten mit Muskelschwäche nach der Infusionen gegeben?",
        "Welche Rolle spielt die Lymphodepletion vor der Infusion?",
        "Nebenwirkungen Behandlung Lupus Zelltherapie Kinder",
        "efectos secundarios terapia lupus eritematoso",
        "¿Cuántos pacientes recibieron la terapia celular?",
        "effets secondaires traitement myasthénie",
        "Quanti pazienti hanno ricevuto la terapia?",
        "Quais doenças autoimunes já foram tratadas com células CAR-T?",
        "Welke auto-immuunziekten zijn al met CAR-T-cellen behandeld?",
        "Mitä autoimmuunisairauksia on hoidettu CAR-T-soluilla?",
        "Milyen autoimmun betegségeket kezeltek CAR-T sejtekkel?",
        "Ce boli autoimune au fost tratate cu celule CAR-T?",
        "Penyakit autoimun apa yang telah diobati dengan sel CAR-T?",
        "Koje autoimune bolesti su liječene CAR-T stanicama?",
        "Qui morbi cellulis curati sunt et quomodo?",
    ],
)
def test_another_language_is_not_taken_for_bad_spelling(question: str, assistant: Assistant) -> None:
    with assistant.snapshot() as opened:
        assert not [note for note in asked(question, opened).notes if "instead of" in note]


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_question_keeps_its_first_forms(snapshot: Snapshot, text: str) -> None:
    question = analyse(text)
    made = reword(question, snapshot)
    assert set(made.question.terms) <= {term for one in made.question.concepts for term in one.forms[0]}
    if not made.notes:
        assert (made.question.text, made.question.search_terms) == (question.text, question.search_terms)


def test_the_seeds_answer_in_the_other_form(assistant: Assistant) -> None:
    found = assistant.answer("Are BCMA CAR T cells used in autoimmune disease?")
    assert any("B cell maturation antigen" in one.quote for one in found.citations)
    assert "BCMA: B cell maturation antigen." in found.notes
    found = assistant.answer("What do the reviews say about CAR T cells in SLE?")
    assert any("lupus" in one.quote for one in found.citations)
    assert "SLE: systemic lupus erythematosus." in found.notes


@pytest.mark.parametrize(("typed", "meant"), [("mysthenia", "myasthenia"), ("lymfodepletion", "lymphodepletion")])
def test_the_seeds_are_found_by_misspelled_words(assistant: Assistant, typed: str, meant: str) -> None:
    found = assistant.answer(f"What is said about {typed}?")
    assert f"Searched for “{meant}” instead of “{typed}”." in found.notes
    assert meant in assistant.search(typed, 1)[0].quote.lower()
    assert meant in assistant.sentences(typed, 1)[0].quote.lower()
