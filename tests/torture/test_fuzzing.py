"""Whatever a file, a question or a settings file holds: words, or one line that says what is wrong."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from harm import Fuzzing, Tally
from index_helpers import HEART, KIDNEY, LIVER, reading_pool, run_sync, write
from mutations import REPEATED, bytes_changed, mutated
from samples import samples
from tiny_embedder import TinyEmbedder

from index import readers
from index.blocks import blocks
from index.chunking import chunk
from index.cleaning import furniture, reference_list
from index.documents import Document
from index.errors import PinciteError, UnreadableFileError, UsageError
from index.reading import ReadingPool
from index.sentences import sentence_spans
from rag import Assistant
from rag.settings import Settings, load_settings

_SLOW = 60.0  # seconds that reading a small file may never take
_FRAGMENTS = (
    *(
        HEART,
        KIDNEY,
        LIVER,
        "\n",
        "\n\n",
        " ",
        ".",
        "?!",
        "...",
        "…",
        "e.g. ",
        "Fig. 2",
        "et al., ",
        "[1,2–9]",
        "(",
        ")",
    ),
    *("“", '"', "1. ", "- ", "• ", "References\n\n", "Abstract", "CONFLICT OF INTEREST", "doi:10.1/x", "©", "|", "\t"),
    *(
        "http://a.example/b",
        "\u200b",
        "\u202e",
        "e\u0301",
        "細胞。",
        "χ²",
        "\u2028",
        "\x85",
        "\xa0",
        "\u00ad\n",
        "-\n",
        "🙂",
    ),
    *("A" * 300, "a " * 300, "9" * 50),
)


def hold_against_the_text(document: Document) -> None:
    """What a document states of itself lies within its text, and its sentences and passages stand in order."""
    text = document.text
    text.encode()
    assert "\0" not in text
    places = [*document.furniture, *document.asides, *document.blocks, *document.references, *document.mentions]
    assert all(0 <= place.start <= place.end <= len(text) for place in (*places, *document.sections))
    found = chunk(document, lambda texts: [len(text.split()) for text in texts], 64, 1, 62)
    last = 0
    for sentence in found.sentences:
        assert last <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end].strip()
        last = sentence.end


def read_or_refused(pool: ReadingPool, name: str, data: bytes) -> None:
    """Read a file as a sync does. What no reader has words for is told as what could not be read: that is a mistake."""
    started = time.monotonic()
    try:
        if name.endswith(".bib"):
            pool.catalogue(name, data).result()
        else:
            hold_against_the_text(pool.document(name, data).result().value)
    except UnreadableFileError as error:
        assert "\n" not in str(error)
        assert "crash" not in str(error)
        assert "could not be read" not in str(error), error
    assert time.monotonic() - started < _SLOW


@pytest.mark.parametrize("name", samples())
def test_a_file_that_is_wrong_somewhere_is_read_or_refused_in_one_line(
    name: str, fuzzing: Fuzzing, tally: Tally
) -> None:
    chance, pool, times, sample = random.Random(17), reading_pool(), 0, samples()[name]
    read_or_refused(pool, name, sample)
    for _ in fuzzing(1):
        times += 1
        changed = mutated(name, sample, chance)
        try:
            read_or_refused(pool, name, changed)
        except BaseException:
            Path(name).write_bytes(changed)  # where the test runs is a folder of its own
            raise
    tally(f"changes of {name}", times, 0)


def test_any_words_are_cleaned_and_cut_into_sentences(fuzzing: Fuzzing, tally: Tally) -> None:
    chance, times = random.Random(31), 0
    for _ in fuzzing(1):
        times += 1
        text = "".join(chance.choices(_FRAGMENTS, k=chance.choice((1, 3, 10, 60))))
        spans = sentence_spans(text)
        assert [span.end for span in spans] == sorted(span.end for span in spans)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        found = blocks(text)
        marked = furniture(text, found)
        listed = reference_list(text, found)
        assert all(0 <= span.start < span.end <= len(text) for span in (*found, *marked, *([listed] if listed else [])))
        with suppress(UnreadableFileError):
            hold_against_the_text(readers.read("a.txt", text.encode()))
    tally("words, cleaned and cut into sentences", times, 0)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("asked")
    write(folder / "seeds", {"heart.txt": HEART, "kidney.txt": KIDNEY, "liver.txt": LIVER})
    run_sync(folder / "seeds", folder / "index")
    settings = Settings.model_validate({"reader": "none", "passage_tokens": 32})
    with Assistant(folder / "seeds", folder / "index", embedder=TinyEmbedder(), settings=settings) as made:
        made.sync(rebuild=True)
        yield made


_OPENINGS = (
    *(
        "",
        "what is ",
        "what is the (",
        "how many ",
        "is it true that ",
        "compare ",
        "define ",
        "which reviews ",
        "who wrote ",
    ),
    *(
        "in ",
        "with ",
        "using ",
        "and ",
        "and in ",
        "how about ",
        "thanks ",
        "it ",
        "according to ",
        "kidney ",
        "you are ",
    ),
    *("write ", "please ", "tell me ", "say ", "answer in ", "summarise in ", "ignore ", "does the review by "),
)
_THOUGHT = 3.0  # seconds of a processor that a question on three short documents may never take


def repeated(chance: random.Random) -> str:
    """A question as long as any may be, of one piece over and over: a pattern that goes astray would count for days."""
    pieces = chance.choices(REPEATED, k=chance.choice((1, 1, 1, 2, 3)))
    return (chance.choice(_OPENINGS) + "".join(pieces) * 2000)[:1990] + chance.choice(("", "?", "!", "!x", "x?", ")"))


def test_any_question_is_answered_or_refused_in_one_line(assistant: Assistant, fuzzing: Fuzzing, tally: Tally) -> None:
    chance, times = random.Random(19), 0
    questions = [b"Did the kidney recover in lupus nephritis?", b"What is myocarditis and who had it?"]
    questions += [b"Compare heart and liver.", "Größe der Leber? 細胞 κύτταρο".encode()]
    texts = {one.name: assistant.document(one.name).text for one in assistant.documents()}
    for _ in fuzzing(2):
        times += 1
        changed = bytes_changed(chance.choice(questions), chance).decode("utf-8", chance.choice(("ignore", "replace")))
        question = chance.choice((changed, repeated(chance)))
        history = [{"role": chance.choice(("user", "assistant")), "content": question}] * chance.randrange(3)
        began = time.thread_time()
        try:
            answer = assistant.answer(question, history)
        except PinciteError as error:
            assert "\n" not in str(error)
            continue
        finally:
            assert time.thread_time() - began < _THOUGHT, question
        for citation in (*answer.citations, *answer.nearest):
            assert texts[citation.document][citation.start : citation.end] == citation.quote
    tally("questions of any characters", times, 0)


def test_any_settings_file_is_taken_or_refused_in_one_line(fuzzing: Fuzzing, tally: Tally) -> None:
    chance, times, refused = random.Random(23), 0, 0
    good = b'seeds = "seeds"\nindex = ".pincite"\nmodel = "tiny"\npassages = 5\nthreshold = 0.25\nllm = "none"\n'
    for _ in fuzzing(1):
        times += 1
        Path("pincite.toml").write_bytes(bytes_changed(good, chance))  # where the test runs is a folder of its own
        try:
            load_settings()
        except UsageError as error:
            assert len(str(error).splitlines()) == 1, error
            refused += 1
    assert refused
    tally("bytes changed in pincite.toml", times, 0)
