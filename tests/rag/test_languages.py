"""Questions in other languages: recognised, answered by way of shared words, or declined in their language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_embedder import TinyEmbedder

from index.embedding import SentenceTransformerEmbedder
from index.model_files import DEFAULT_MODEL
from rag import Assistant
from rag.understanding.glossing import cognates, gloss
from rag.understanding.languages import declined, english_only, language_of, searched

SEEDS = Path(__file__).parent.parent.parent / "seeds"
BLACHE, DAAMEN = "000_8514a590ca5ea574.txt", "004_4f99eab4ce307d20.txt"
GLOSSED = ("de", "es", "fr", "it", "pt", "nl")


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Welche Nebenwirkungen hat Methotrexat?"),
        ("de", "Was ist eine Sepsis?"),
        ("es", "¿Cuánto cuesta el tratamiento?"),
        ("es", "que es el lupus eritematoso sistemico"),
        ("fr", "Quels sont les effets secondaires du rituximab ?"),
        ("it", "Quanto costa il trattamento?"),
        ("pt", "O que é hipertensão?"),
        ("nl", "Is er een vaccin tegen hiv?"),
        ("pl", "Czy komórki CAR-T są bezpieczne u dzieci?"),
        ("sv", "Är CAR-T-celler säkra för barn?"),
        ("da", "Hvor meget koster behandlingen?"),
        ("cs", "Kolik stojí léčba?"),
        ("tr", "Lupus hastalarında yan etkiler nelerdir?"),
        ("ru", "Сколько стоит лечение?"),
        ("uk", "Які захворювання лікували?"),
        ("el", "Τι είναι ο λύκος;"),
        ("ar", "كم تكلفة العلاج؟"),
        ("he", "מה זה זאבת?"),
        ("hi", "ल्यूपस क्या है?"),
        ("zh", "什么是系统性红斑狼疮？"),
        ("ja", "全身性エリテマトーデスとは何ですか？"),
        ("ko", "치료 비용은 얼마입니까?"),
    ],
)
def test_a_language_is_recognised(language: str, question: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "Anti-CD19 CAR-T SLE?",
        "lupus",
        "Dr Lipski affilation",
        "de novo lupus nephritis",
        "in vivo CAR T",
        "status epilepticus in utero",
        "Borrelia burgdorferi sensu lato",
        "Is the packet header long?",
        "What is amphiregulin a ligand of?",
        "Was Rituximab used?",
        "What is la maladie de Crohn?",
        "Who works at the Université de Paris?",
        "What does TNF-α do?",
        "JAK inhibitors in children",
        "causes of hypertension",
        "Do Afamin bind Vitamin E?",
        "",
        "?!",
    ],
)
def test_english_with_foreign_looking_words_is_english(question: str) -> None:
    assert language_of(question) == "en"


def test_no_sentence_of_an_english_review_is_foreign(assistant: Assistant) -> None:
    for listed in assistant.documents():
        document = assistant.document(listed.name)
        with assistant.snapshot() as snapshot:
            sentences = [span.of(document.text) for span in snapshot.sentences_of(listed.name)]
        assert [sentence for sentence in sentences if language_of(sentence) != "en"] == []


@given(st.text(max_size=200))
def test_whatever_is_recognised_can_be_declined_in_it(text: str) -> None:
    language = language_of(text)
    if language != "en":
        assert "pincite index --rebuild" in declined(language, "some/model")


@pytest.mark.parametrize("language", [*GLOSSED, "pl", "sv", "da", "cs", "tr", "zh", "ja", "ko", "ar", "ru", "uk"])
def test_a_decline_says_what_to_set(language: str) -> None:
    words = declined(language, "some/model")
    assert all(part in words for part in ("some/model", "multilingual", "pincite.toml", "PINCITE_MODEL"))


@pytest.mark.parametrize("language", GLOSSED)
def test_what_was_searched_is_told(language: str) -> None:
    assert "which cells?" in searched(language, "which cells?")


@pytest.mark.parametrize(
    ("foreign", "english"),
    [
        ("linfodeplecion", "lymphodepletion"),
        ("lymphodepletie", "lymphodepletion"),
        ("toxicidad", "toxicity"),
        ("toxizitat", "toxicity"),
        ("inflammazione", "inflammation"),
        ("miastenia", "myasthenia"),
        ("eritematoso", "erythematous"),
        ("fibrose", "fibrosis"),
        ("klinisch", "clinical"),
        ("chronique", "chronic"),
        ("esclerosis", "sclerosis"),
        ("hipertensao", "hypertension"),
    ],
)
def test_learned_words_are_found_in_their_english_spelling(foreign: str, english: str) -> None:
    assert english in set(cognates(foreign))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=30))
def test_spellings_are_words_and_each_comes_once(word: str) -> None:
    found = list(cognates(word))
    assert len(found) == len(set(found))
    assert all(one.isalpha() for one in found)


def test_a_gloss_keeps_what_it_does_not_know(assistant: Assistant) -> None:
    with assistant.snapshot() as snapshot:
        made = gloss("¿Cuántos pacientes con lupus recibieron obexelimab?", "es", snapshot)
        assert made is not None
        assert made.text == "how many patients with lupus received obexelimab?"
        assert made.unknown == ("obexelimab",)
        assert gloss("Ile kosztuje leczenie?", "pl", snapshot) is None


@pytest.mark.parametrize(
    ("language", "question", "english"),
    [
        ("de", "Gibt es kontrollierte Studien an Patienten?", "are there controlled studies at patients?"),
        ("de", "Welche Vorteile haben sie gegenüber Rituximab?", "which advantages have it compared with Rituximab?"),
        ("es", "¿Qué ocurre después de la infusión?", "what happens after the infusion?"),
        ("es", "¿Por qué los medicamentos actuales no son suficientes?", "why the current drugs are not sufficient?"),
        ("fr", "Quels médicaments avec des cellules CAR-T ?", "which drugs with the CAR T cells?"),
        ("fr", "Existe-t-il des essais sur leur efficacité ?", "are there trials on its efficacy?"),
        ("fr", "Le traitement est-il sûr ?", "the treatment is it safe?"),
        ("fr", "Les médicaments ne suffisent pas.", "the drugs suffice not"),
        ("it", "Che cosa succede prima del trattamento?", "what happens before the treatment?"),
        ("pt", "Quais são as limitações dos ensaios?", "which are the limitations of the trials?"),
        ("nl", "Welke bijwerkingen treden op na het infuus?", "which side effects appear after the infusion?"),
    ],
)
def test_a_gloss_reads_as_english(assistant: Assistant, language: str, question: str, english: str) -> None:
    with assistant.snapshot() as snapshot:
        made = gloss(question, language, snapshot)
    assert made is not None
    assert made.text == english


@pytest.mark.parametrize(
    "question",
    [
        "Welche Autoimmunerkrankungen wurden bereits klinisch mit CAR-T-Zellen behandelt?",
        "¿Qué enfermedades autoinmunes se han tratado con células CAR-T?",
        "Quelles maladies auto-immunes ont été traitées par des cellules CAR-T ?",
        "Quali malattie autoimmuni sono state trattate con cellule CAR-T?",
        "Quais doenças autoimunes já foram tratadas com células CAR-T?",
        "Welke auto-immuunziekten zijn al met CAR-T-cellen behandeld?",
    ],
)
def test_an_english_model_answers_by_way_of_shared_words(assistant: Assistant, question: str) -> None:
    answer = assistant.answer(question)
    assert BLACHE in {citation.document for citation in answer.citations}
    assert answer.question == question
    assert "CAR T cells" in answer.notes[0]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("¿Cuánto cuesta el tratamiento con células CAR-T?", "La pregunta está en español"),
        ("Was kostet die Behandlung mit CAR-T-Zellen?", "Die Frage ist auf Deutsch"),
        ("Ile kosztuje leczenie i co to jest?", "Pytanie jest po polsku"),
        ("治疗费用是多少？", "问题是中文"),
    ],
)
def test_an_english_model_declines_in_the_language(assistant: Assistant, question: str, says: str) -> None:
    answer = assistant.answer(question)
    assert answer.abstained
    assert answer.why == "language"
    assert answer.text == answer.reason
    assert answer.text.startswith(says)
    assert DEFAULT_MODEL in answer.text
    assert answer.nearest or "？" in question


def test_a_question_about_a_review_is_answered_in_any_glossed_language(assistant: Assistant) -> None:
    assert "RMD Open" in assistant.answer("In welcher Zeitschrift erschien der Artikel von Blache?").text


def test_a_model_of_many_languages_is_asked_in_the_question_s_own_words(
    tmp_path: Path, tiny: TinyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_MIN_CONFIDENCE", "0")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("Die Behandlung mit Methotrexat senkt die Sterblichkeit deutlich.\n", encoding="utf-8")
    (seeds / "b.txt").write_text("Aspirin is given after a stroke to prevent another.\n", encoding="utf-8")
    with Assistant(seeds=seeds, index=tmp_path / "index", embedder=tiny) as mine:
        answer = mine.answer("Wie wirkt die Behandlung mit Methotrexat auf die Sterblichkeit?")
        assert answer.citations[0].document == "a.txt"
        assert answer.notes == ()


def _model(folder: Path, vocabulary: int, card: str = "") -> SentenceTransformerEmbedder:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"vocab_size": vocabulary, "hidden_size": 4}))
    (folder / "model.safetensors").write_bytes(b"weights")
    if card:
        (folder / "README.md").write_text(card)
    return SentenceTransformerEmbedder(str(folder))


@pytest.mark.parametrize(
    ("vocabulary", "card", "only"),
    [
        (30_522, "", True),
        (250_002, "", False),
        (250_002, "---\nlanguage: en\n---\n", True),
        (250_002, "---\nlanguage:\n- en\nlicense: mit\n---\n", True),
        (30_522, "---\nlanguage:\n- en\n- de\n---\n", False),
        (30_522, "---\nlanguage: de\n---\n", False),
    ],
)
def test_a_model_s_card_or_vocabulary_tells_its_languages(
    tmp_path: Path, vocabulary: int, card: str, only: bool
) -> None:
    assert english_only(_model(tmp_path / "model", vocabulary, card)) is only


def test_the_default_model_knows_english_only(model: SentenceTransformerEmbedder, tiny: TinyEmbedder) -> None:
    assert english_only(model)
    assert not english_only(tiny)


def test_what_a_model_knows_may_be_said_in_the_settings(
    tmp_path: Path, tiny: TinyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("Die Behandlung senkt die Sterblichkeit deutlich.\n", encoding="utf-8")
    question = "Ile kosztuje leczenie i co to jest?"
    for value, why in (("many", "language"), ("english", "language")):
        monkeypatch.setenv("PINCITE_MODEL_LANGUAGES", value)
        with Assistant(seeds=seeds, index=tmp_path / "index", embedder=tiny) as mine:
            assert (mine.answer(question).why == why) is (value == "english")
