"""Whatever a file, a question or a settings file holds: words, or one line that says what is wrong."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from harm import Fuzzing, Tally
from index_helpers import HEART, KIDNEY, LIVER, reading_pool, run_sync, write
from test_every_format import FORMATS
from tiny_embedder import TinyEmbedder

from index.documents import Document
from index.errors import PinciteError, UnreadableFileError, UsageError
from index.sentences import sentence_spans
from rag import Assistant
from rag.settings import Settings, load_settings

_ARTICLE = [[f"{HEART} {at}.", f"{KIDNEY} {at}.", f"{LIVER} {at}."] for at in range(4)]
_TOKENS = (
    *(b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"<![CDATA[", b"<!--", b"]]>", b"&#0;", b"&#xD800;", b"<script>", b"endobj"),
    *(b'<!DOCTYPE a [<!ENTITY b "c">]>', b"stream\n", b"9" * 40, b"-1", b"%" * 20, b"\r", b"\xc2\x85", b"[" * 200),
    *("\u202e\u2066".encode(), "e\u0301".encode(), b"(" * 200, b"$$", b"```", b"=" * 500, b"{{", b"](", b"\\" * 50),
)
_SLOW = 60.0  # seconds that reading a small file may never take


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few of them changed, gone, doubled, or others put between."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, size = chance.randrange(len(made) + 1), chance.choice((1, 2, 8, 64, 512))
        kind = chance.randrange(6)
        if kind == 0 and made:
            made[min(at, len(made) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del made[at : at + size]
        elif kind == 2:
            made[at:at] = made[at : at + size] * chance.choice((1, 1, 20))
        elif kind == 3:
            made[at:at] = chance.choice(_TOKENS)
        elif kind == 4:
            made[at : at + size] = chance.randbytes(size)
        else:
            del made[at:]
    return bytes(made)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_with_bytes_changed_is_read_or_refused_in_one_line(name: str, fuzzing: Fuzzing, tally: Tally) -> None:
    chance, pool, data = random.Random(17), reading_pool(), FORMATS[name](_ARTICLE)
    times = 0
    for _ in fuzzing(2):
        times += 1
        changed = mutated(data, chance)
        started = time.monotonic()
        try:
            document: Document = pool.document(name, changed).result().value
        except UnreadableFileError as error:
            assert "\n" not in str(error)
            assert "crash" not in str(error), changed
        else:
            text = document.text
            text.encode()
            assert "\0" not in text
            ends = [span.end for span in sentence_spans(text)]
            assert ends == sorted(ends)
            assert all(0 <= span.start <= span.end <= len(text) for span in (*document.furniture, *document.asides))
        assert time.monotonic() - started < _SLOW, changed
    tally(f"bytes changed in {name}", times, 0)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("asked")
    write(folder / "seeds", {"heart.txt": HEART, "kidney.txt": KIDNEY, "liver.txt": LIVER})
    run_sync(folder / "seeds", folder / "index")
    settings = Settings.model_validate({"reader": "none", "passage_tokens": 32})
    with Assistant(folder / "seeds", folder / "index", embedder=TinyEmbedder(), settings=settings) as made:
        made.sync(rebuild=True)
        yield made


def test_any_question_is_answered_or_refused_in_one_line(assistant: Assistant, fuzzing: Fuzzing, tally: Tally) -> None:
    chance, times = random.Random(19), 0
    questions = [b"Did the kidney recover in lupus nephritis?", b"What is myocarditis and who had it?"]
    questions += [b"Compare heart and liver.", "Größe der Leber? 細胞 κύτταρο".encode()]
    texts = {one.name: assistant.document(one.name).text for one in assistant.documents()}
    for _ in fuzzing(3):
        times += 1
        question = mutated(chance.choice(questions), chance).decode("utf-8", chance.choice(("ignore", "replace")))
        history = [{"role": chance.choice(("user", "assistant")), "content": question}] * chance.randrange(3)
        try:
            answer = assistant.answer(question, history)
        except PinciteError as error:
            assert "\n" not in str(error)
            continue
        for citation in (*answer.citations, *answer.nearest):
            assert texts[citation.document][citation.start : citation.end] == citation.quote
    tally("questions of any characters", times, 0)


def test_any_settings_file_is_taken_or_refused_in_one_line(fuzzing: Fuzzing, tally: Tally) -> None:
    chance, times, refused = random.Random(23), 0, 0
    good = b'seeds = "seeds"\nindex = ".pincite"\nmodel = "tiny"\npassages = 5\nthreshold = 0.25\nllm = "none"\n'
    for _ in fuzzing(1):
        times += 1
        Path("pincite.toml").write_bytes(mutated(good, chance))  # where the test runs is a folder of its own
        try:
            load_settings()
        except UsageError as error:
            assert len(str(error).splitlines()) == 1, error
            refused += 1
    assert refused
    tally("bytes changed in pincite.toml", times, 0)
