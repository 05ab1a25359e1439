"""Whatever happens to a file of the index: it is mended from what remains, or refused with the command that mends it.

Never a word of a quote that was not on the shelf, never a traceback.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS
from harm import Fuzzing, Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, QUESTIONS, run_sync, view, write
from mutations import bytes_changed
from tiny_embedder import TinyEmbedder

from index.errors import PinciteError
from index.opening import open_snapshot
from rag import Assistant
from rag.settings import Settings
from ui.health import examine

Seen = set[tuple[str, int, int, str]]

SHELF = {f"{name}{number}.txt": f"{text} Case {number} was mild. " * 3 for number in range(5) for name, text in (
    ("heart", HEART), ("kidney", KIDNEY), ("liver", LIVER))}  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    run_sync(write(folder / "seeds", SHELF), folder / "index")
    return folder / "index"


@pytest.fixture
def copy(index: Path, tmp_path: Path) -> Callable[[], Path]:
    def again() -> Path:
        shutil.rmtree(tmp_path / "index", ignore_errors=True)
        shutil.copytree(index, tmp_path / "index")
        return tmp_path / "index"

    return again


def seen(index: Path) -> Seen:
    """The words that searches find, as they would be quoted, and where they stand."""
    snapshot, embedder = open_snapshot(index), TinyEmbedder()
    found: Seen = set()
    try:
        for question in QUESTIONS:
            near = [hit.id for hit in snapshot.searcher.nearest_sentences(embedder.embed_question(question), 20)]
            hits = [hit.id for hit in snapshot.searcher.matching_passages(question.lower().split(), 20)]
            for passage in [*snapshot.passages_holding(near), *snapshot.passages(hits)]:
                name = snapshot.name_of(passage.content)
                text = snapshot.document(name).text
                spans = snapshot.spans(passage.sentences)
                found |= {(name, one.start, one.end, text[one.start : one.end]) for one in spans.values()}
    finally:
        snapshot.close()
    return found


def doctors(seeds: Path, index: Path) -> list[str]:
    """The mending commands that `pincite doctor` names."""
    settings = Settings.model_validate({"reader": "none"})
    with Assistant(seeds, index, embedder=TinyEmbedder(), settings=settings) as assistant:
        return [check.mend for check in examine(assistant) if not check.ok]


def outcome(index: Path, seeds: Path, sound: Seen) -> str:
    """What becomes of a damaged index: "as before", "refused", or "overlooked", which doctor names."""
    try:
        found = seen(index)
    except PinciteError as error:
        assert error.mend
        assert "\n" not in str(error)
        return "refused"
    if found == sound:
        return "as before"
    assert found < sound, "words that are not on the shelf"
    assert "pincite index --rebuild" in doctors(seeds, index)
    return "overlooked"


def flip(file: Path, chance: random.Random) -> None:
    data = bytearray(file.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)


def test_a_bit_that_flips_in_the_database_is_named_or_changes_nothing(
    index: Path, copy: Callable[[], Path], often: Often, tally: Tally
) -> None:
    chance, sound = random.Random(3), seen(index)
    assert len(sound) > 20
    flips = often(150, 10_000)
    became = []
    for _ in range(flips):
        damaged = copy()
        flip(damaged / "index.sqlite", chance)
        became.append(outcome(damaged, index.parent / "seeds", sound))
    assert became.count("refused") > 0.1 * flips  # the harm reaches what is read
    assert became.count("overlooked") <= 0.01 * flips
    tally("a bit flipped in index.sqlite: wrong words", flips, 0)
    tally("a bit flipped in index.sqlite: a passage overlooked, which doctor names", flips, became.count("overlooked"))


def test_a_sync_of_a_database_in_which_a_bit_flipped_makes_nothing_wrong_of_it(
    index: Path, copy: Callable[[], Path], tmp_path: Path, often: Often, tally: Tally
) -> None:
    chance, times, became = random.Random(29), often(40, 3000), []
    seeds = write(
        tmp_path / "seeds", {**SHELF, "heart0.txt": "The heart was normal.", "new.txt": f"{KIDNEY} It was new."}
    )
    run_sync(seeds, tmp_path / "fresh")
    wanted = view(tmp_path / "fresh")
    for _ in range(times):
        damaged = copy()
        flip(damaged / "index.sqlite", chance)
        try:
            run_sync(seeds, damaged)
            assert view(damaged) == wanted
            became.append("right")
        except PinciteError as error:
            assert error.mend
            became.append("refused")
    assert set(became) == {"right", "refused"}
    tally("a bit flipped in index.sqlite, then a sync", times, 0)


def test_whatever_is_written_over_a_file_of_the_index_no_word_is_wrong(
    index: Path, copy: Callable[[], Path], fuzzing: Fuzzing, tally: Tally
) -> None:
    chance, sound = random.Random(37), seen(index)
    became = []
    for _ in fuzzing(2):
        damaged = copy()
        file = chance.choice([damaged / "index.sqlite", *(one for one in sorted(damaged.rglob("*")) if one.is_file())])
        file.write_bytes(bytes_changed(file.read_bytes(), chance))
        became.append(outcome(damaged, index.parent / "seeds", sound))
    assert became.count("as before") and became.count("refused")
    tally("bytes of a file of the index changed, gone or others among them: wrong words", len(became), 0)


@pytest.mark.parametrize("harm", ["flipped", "cut", "emptied", "removed"])
def test_search_files_are_written_again_whatever_happened_to_them(
    index: Path, copy: Callable[[], Path], often: Often, tally: Tally, harm: str
) -> None:
    chance, sound, times = random.Random(5), view(index), often(6, 300)
    for _ in range(times):
        damaged = copy()
        files = sorted(file for file in (damaged / "lexical-1").rglob("*") if file.is_file() and file.stat().st_size)
        file = chance.choice(files)
        if harm == "flipped":
            flip(file, chance)
        elif harm == "cut":
            file.write_bytes(file.read_bytes()[: chance.randrange(file.stat().st_size)])
        elif harm == "emptied":
            file.write_bytes(b"")
        else:
            file.unlink()
        assert view(damaged) == sound
    tally(f"a search file {harm}", times, 0)


def test_a_database_that_is_cut_short_is_refused_and_a_rebuild_mends_it(
    index: Path, copy: Callable[[], Path], often: Often, tally: Tally
) -> None:
    chance, sound, times = random.Random(7), view(index), often(6, 300)
    cuts_that_matter = times
    for at in range(times):
        damaged = copy()
        file = damaged / "index.sqlite"
        size = file.stat().st_size
        cut = (0, 1, 100, 4096, size - 1, size - 4096)[at] if at < 6 else chance.randrange(size)
        file.write_bytes(file.read_bytes()[:cut])
        try:
            assert view(damaged) == sound  # at its end there may be pages that are not used
            cuts_that_matter -= 1
        except PinciteError as error:
            assert error.mend in {"pincite index --rebuild", "pincite index"}
            run_sync(index.parent / "seeds", damaged, rebuild=error.mend.endswith("--rebuild"))
        assert view(damaged) == sound
    assert cuts_that_matter > 0.8 * times - 2
    tally("index.sqlite cut short, then the command that the error names", times, 0)


def swapped(into: Path, out_of: Path, name: str) -> None:
    """Put a file or folder of one index in the place of another's."""
    for old in into.glob(f"{name}*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    for new in out_of.glob(f"{name}*"):
        target = into / new.name
        shutil.copytree(new, target) if new.is_dir() else shutil.copyfile(new, target)


@pytest.mark.parametrize("name", ["index.sqlite", "lexical-"])
def test_files_of_another_index_or_of_an_older_generation_never_mix(
    index: Path, copy: Callable[[], Path], tmp_path: Path, name: str, tally: Tally
) -> None:
    seeds = write(tmp_path / "seeds", SHELF)
    newer = copy()
    write(seeds, {"heart0.txt": "The heart was normal. No myocarditis occurred in the trial."})
    run_sync(seeds, newer)
    other = tmp_path / "other"
    run_sync(write(tmp_path / "others", {"kidney1.txt": KIDNEY}), other)
    whole = {place: view(place) for place in (index, newer, other)}
    for into in (index, newer, other):
        for out_of in (index, newer, other):
            mixed = tmp_path / "mixed"
            shutil.copytree(into, mixed)
            swapped(mixed, out_of, name)
            # SQLite's file is the truth; the search files are made again from it.
            assert view(mixed) == whole[out_of if name == "index.sqlite" else into]
            shutil.rmtree(mixed)
    tally(f"{name.rstrip('-')} of another index or generation", 9, 0)


def test_a_question_asked_of_a_damaged_index_is_never_answered_in_changed_words(tmp_path: Path, model: Any) -> None:
    """Through everything: the words of a review are changed on the disk, as a failing disk would."""
    settings = Settings.model_validate({})
    with Assistant(SEEDS, tmp_path / "index", settings=settings) as assistant:
        assistant.sync()
        quote = assistant.answer("What is a chimeric antigen receptor?").citations[0].quote
    file = tmp_path / "index" / "index.sqlite"
    data = file.read_bytes()
    words = b"synthetic proteins designed"
    assert words.decode() in quote
    assert data.count(words)
    file.write_bytes(data.replace(words, b"synthetic proteins resigned"))
    with Assistant(SEEDS, tmp_path / "index", settings=settings) as assistant:
        with pytest.raises(PinciteError, match="is not what was stored") as refused:
            assistant.answer("What is a chimeric antigen receptor?")
        assert refused.value.mend == "pincite index --rebuild"
        assistant.sync(rebuild=True)
        assert assistant.answer("What is a chimeric antigen receptor?").citations[0].quote == quote
