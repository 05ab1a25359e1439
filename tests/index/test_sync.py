"""The index follows the seeds folder, and does no more work than it must."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest
from index_helpers import (
    HEART,
    KIDNEY,
    LIVER,
    LONG_AGO,
    QUESTIONS,
    SETTINGS,
    aged,
    found,
    run_sync,
    view,
    view_of,
    write,
)
from tiny_embedder import TinyEmbedder

from index import readers
from index.documents import Document
from index.embedding import Vectors
from index.errors import IndexMismatchError, ReadingFailedError, UsageError
from index.ingest import Ingest
from index.limits import Limits
from index.opening import open_snapshot
from index.reading import Read, ReadingPool
from index.settings import IndexSettings
from index.shelf import SeedFile
from index.sync import Progress, SyncReport, sync


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER})


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def names_of(report: SyncReport) -> dict[str, object]:
    """The names in a report, those lists that are not empty."""
    kinds = ("added", "changed", "renamed", "removed", "unchanged")
    return {kind: getattr(report, kind) for kind in kinds if getattr(report, kind)}


# What a sync does, and what it costs


def test_the_first_sync_takes_everything_in(seeds: Path, index: Path, tiny: TinyEmbedder) -> None:
    report = run_sync(seeds, index, tiny)
    assert names_of(report) == {"added": ["kidney.txt", "liver.txt"]}
    assert (report.generation, report.embedded, report.skipped) == (1, 4, [])
    assert report.seconds > 0
    assert sorted(tiny.embedded) == sorted(
        [
            "Lupus nephritis was in remission after the infusion.",
            "The kidney recovered in five patients of eight.",
            "The liver was normal in all patients of the trial.",
            "No relapse of hepatitis occurred in twelve months.",
        ]
    )
    assert found(index, "kidney") == {"kidney.txt"}
    assert found(index, "patient") == {"kidney.txt", "liver.txt"}


def test_a_sync_without_changes_embeds_nothing_and_keeps_the_generation(
    seeds: Path, index: Path, tiny: TinyEmbedder
) -> None:
    run_sync(seeds, index)
    before, files = view(index), sorted(path.name for path in index.iterdir())
    report = run_sync(seeds, index, tiny)
    assert names_of(report) == {"unchanged": ["kidney.txt", "liver.txt"]}
    assert (report.generation, report.embedded, tiny.embedded) == (1, 0, [])
    assert view(index) == before
    assert sorted(path.name for path in index.iterdir()) == files


def test_a_file_that_has_rested_is_not_even_read(seeds: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aged(seeds / "kidney.txt")
    run_sync(seeds, index)
    read: list[str] = []
    read_bytes = SeedFile.read
    monkeypatch.setattr(SeedFile, "read", lambda file, most: read.append(file.name) or read_bytes(file, most))
    assert names_of(run_sync(seeds, index)) == {"unchanged": ["kidney.txt", "liver.txt"]}
    assert read == ["liver.txt"]  # written a moment ago: it may change without its time changing


def test_an_edit_costs_the_sentences_it_changes(seeds: Path, index: Path, tiny: TinyEmbedder) -> None:
    run_sync(seeds, index)
    write(seeds, {"kidney.txt": KIDNEY.replace("five", "six") + " A new sentence was added."})
    report = run_sync(seeds, index, tiny)
    assert names_of(report) == {"changed": ["kidney.txt"], "unchanged": ["liver.txt"]}
    assert (report.generation, report.embedded) == (2, 2)
    assert sorted(tiny.embedded) == ["A new sentence was added.", "The kidney recovered in six patients of eight."]
    assert found(index, "six") == {"kidney.txt"}
    assert found(index, "five") == set()


def test_an_added_file_costs_its_own_sentences(seeds: Path, index: Path, tiny: TinyEmbedder) -> None:
    run_sync(seeds, index)
    write(seeds, {"a/heart.txt": f"{HEART} {LIVER}"})
    report = run_sync(seeds, index, tiny)
    assert names_of(report) == {"added": ["a/heart.txt"], "unchanged": ["kidney.txt", "liver.txt"]}
    assert sorted(tiny.embedded) == [
        "Myocarditis was seen once among the treated.",
        "The heart recovered without further treatment.",
    ]
    assert found(index, "liver") == {"liver.txt", "a/heart.txt"}


@pytest.mark.parametrize("new", ["renal.txt", "sub/folder/kidney.txt", "kidney.text", "zzz.TXT"])
def test_a_renamed_file_costs_nothing(seeds: Path, index: Path, tiny: TinyEmbedder, new: str) -> None:
    run_sync(seeds, index)
    (seeds / new).parent.mkdir(parents=True, exist_ok=True)
    (seeds / "kidney.txt").rename(seeds / new)
    report = run_sync(seeds, index, tiny)
    assert names_of(report) == {"renamed": [("kidney.txt", new)], "unchanged": ["liver.txt"]}
    assert (report.embedded, tiny.embedded, report.generation) == (0, [], 2)
    assert found(index, "kidney") == {new}


def test_two_files_that_change_names_are_two_changed_files_and_cost_nothing(
    seeds: Path, index: Path, tiny: TinyEmbedder
) -> None:
    run_sync(seeds, index)
    write(seeds, {"kidney.txt": LIVER, "liver.txt": KIDNEY})
    report = run_sync(seeds, index, tiny)
    assert names_of(report) == {"changed": ["kidney.txt", "liver.txt"]}
    assert tiny.embedded == []
    assert found(index, "kidney") == {"liver.txt"}


def test_a_deleted_file_is_found_no_more(seeds: Path, index: Path, tiny: TinyEmbedder) -> None:
    run_sync(seeds, index)
    (seeds / "kidney.txt").unlink()
    report = run_sync(seeds, index, tiny)
    assert names_of(report) == {"removed": ["kidney.txt"], "unchanged": ["liver.txt"]}
    assert tiny.embedded == []
    assert found(index, "kidney") == set()
    snapshot = open_snapshot(index)
    try:
        assert snapshot.names == ["liver.txt"]
        assert snapshot.counts() == {"documents": 1, "passages": 1, "sentences": 2}
        assert len(snapshot.searcher.nearest_sentences(tiny.embed_question("kidney"), 100)) == 2
        with pytest.raises(KeyError):
            snapshot.document("kidney.txt")
    finally:
        snapshot.close()


def test_an_edit_of_the_same_size_at_the_same_time_is_noticed(seeds: Path, index: Path) -> None:
    now = time.time_ns()
    os.utime(seeds / "kidney.txt", ns=(now, now))
    run_sync(seeds, index)
    write(seeds, {"kidney.txt": KIDNEY.replace("five", "four")})
    os.utime(seeds / "kidney.txt", ns=(now, now))
    assert names_of(run_sync(seeds, index)) == {"changed": ["kidney.txt"], "unchanged": ["liver.txt"]}
    assert found(index, "four") == {"kidney.txt"}


def test_an_edit_that_sets_the_clock_back_is_noticed(seeds: Path, index: Path) -> None:
    run_sync(seeds, index)
    write(seeds, {"kidney.txt": KIDNEY.replace("five", "four")})
    aged(seeds / "kidney.txt")
    assert names_of(run_sync(seeds, index))["changed"] == ["kidney.txt"]


def test_a_touch_changes_nothing(seeds: Path, index: Path, tiny: TinyEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in seeds.iterdir():
        aged(file)
    run_sync(seeds, index)
    os.utime(seeds / "kidney.txt", ns=(LONG_AGO + 10**9, LONG_AGO + 10**9))
    report = run_sync(seeds, index, tiny)
    assert names_of(report) == {"unchanged": ["kidney.txt", "liver.txt"]}
    assert (report.generation, tiny.embedded) == (1, [])
    # The new time is noted, so that the file need not be read again.
    monkeypatch.setattr(SeedFile, "read", lambda file, most: pytest.fail(f"{file.name} was read at {most}"))
    assert run_sync(seeds, index).unchanged == ["kidney.txt", "liver.txt"]


def test_files_of_equal_bytes_are_embedded_once_and_both_on_the_shelf(
    seeds: Path, index: Path, tiny: TinyEmbedder
) -> None:
    write(seeds, {"copy/kidney.txt": KIDNEY})
    report = run_sync(seeds, index, tiny)
    assert report.added == ["copy/kidney.txt", "kidney.txt", "liver.txt"]
    assert len(tiny.embedded) == len(set(tiny.embedded)) == 4
    assert found(index, "kidney") == {"copy/kidney.txt", "kidney.txt"}
    snapshot = open_snapshot(index)
    try:
        assert snapshot.document("copy/kidney.txt").text == snapshot.document("kidney.txt").text == KIDNEY
        assert snapshot.document("copy/kidney.txt").name == "copy/kidney.txt"
        assert snapshot.counts() == {"documents": 3, "passages": 2, "sentences": 4}
        content = snapshot.contents["kidney.txt"]
        assert snapshot.name_of(content) == "copy/kidney.txt"
        assert snapshot.name_of(content, among=["kidney.txt"]) == "kidney.txt"
    finally:
        snapshot.close()
    (seeds / "copy" / "kidney.txt").unlink()
    assert names_of(run_sync(seeds, index))["removed"] == ["copy/kidney.txt"]
    assert found(index, "kidney") == {"kidney.txt"}


def test_a_sentence_that_two_files_share_is_embedded_once(seeds: Path, index: Path, tiny: TinyEmbedder) -> None:
    write(seeds, {"both.txt": f"{KIDNEY}\n\n{LIVER}"})
    assert run_sync(seeds, index, tiny).embedded == len(tiny.embedded) == 4


# What is no document


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\t\r\n", "only white space"),
        ("binary.txt", b"\x7fELF\x00\x01", "a program"),
        ("paper.pdf", b"%PDF-1.7", "damaged, or not a PDF"),
        ("site.txt", b"Download PDF\n\nShare this article\n\nAccept all cookies\n", "no text that could be cited"),
    ],
)
def test_a_file_that_cannot_be_read_costs_itself_alone(
    seeds: Path, index: Path, tiny: TinyEmbedder, name: str, data: bytes, reason: str
) -> None:
    write(seeds, {f"sub/{name}": data})
    report = run_sync(seeds, index, tiny)
    assert report.added == ["kidney.txt", "liver.txt"]
    ((skipped, why),) = report.skipped
    assert skipped == f"sub/{name}"
    assert why.startswith(f"sub/{name}: ")
    assert reason.replace("\\", "") in why
    snapshot = open_snapshot(index)
    try:
        assert snapshot.skipped() == report.skipped
        assert snapshot.names == ["kidney.txt", "liver.txt"]
    finally:
        snapshot.close()
    again = run_sync(seeds, index)
    assert (again.skipped, again.generation) == (report.skipped, 1)


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="names are Unicode there")
def test_a_file_whose_name_is_no_unicode_costs_itself_alone(seeds: Path, index: Path) -> None:
    with open(os.fsencode(seeds) + b"/caf\xe9.txt", "wb") as stream:  # noqa: PTH123
        stream.write(HEART.encode())
    report = run_sync(seeds, index)
    assert {"kidney.txt", "liver.txt"} <= set(report.added)
    assert found(index, "kidney") == {"kidney.txt"}


@pytest.mark.parametrize("name", [".kidney.txt", ".cache/a.txt", "new.txt.part", "~$new.txt"])
def test_hidden_and_unfinished_files_are_ignored(seeds: Path, index: Path, name: str) -> None:
    write(seeds, {name: HEART})
    report = run_sync(seeds, index)
    assert (report.added, report.skipped) == (["kidney.txt", "liver.txt"], [])
    assert found(index, "heart") == set()


def test_a_file_that_is_mended_is_taken_in(seeds: Path, index: Path) -> None:
    write(seeds, {"new.txt": b"\x00\x01\x02\x03 Das Herz"})
    assert [name for name, _ in run_sync(seeds, index).skipped] == ["new.txt"]
    write(seeds, {"new.txt": "Das Herz: Größe normal."})
    report = run_sync(seeds, index)
    assert (report.added, report.skipped) == (["new.txt"], [])
    assert found(index, "herz") == {"new.txt"}


def test_a_file_that_is_mended_at_once_and_keeps_its_size_is_taken_in(seeds: Path, index: Path) -> None:
    now = time.time_ns()
    for data in (b"\x00\x01\x02\x03\x04 recovered in cafes.", b"The heart recovered in cafes."):
        write(seeds, {"new.txt": data})
        os.utime(seeds / "new.txt", ns=(now, now))
        report = run_sync(seeds, index)
    assert (report.added, report.skipped) == (["new.txt"], [])


def test_a_file_that_is_mended_during_a_sync_is_taken_in_by_the_next(seeds: Path, index: Path) -> None:
    write(seeds, {"a.txt": b""})

    def mend(progress: Progress) -> None:
        if progress.step == "Stored":  # by then it has been read
            write(seeds, {"a.txt": HEART})
            aged(seeds / "a.txt")

    assert [name for name, _ in run_sync(seeds, index, progress=mend).skipped] == ["a.txt"]
    report = run_sync(seeds, index)
    assert (report.added, report.skipped) == (["a.txt"], [])


def test_a_file_that_the_system_refuses_is_taken_in_once_it_does_not(
    seeds: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(seeds / "kidney.txt")  # its permissions change, and not its time
    with monkeypatch.context() as patched:
        _refuse(patched, "kidney.txt", PermissionError(13, "Permission denied"))
        report = run_sync(seeds, index)
    assert report.skipped == [("kidney.txt", "kidney.txt: cannot be read (Permission denied).")]
    assert report.added == ["liver.txt"]
    report = run_sync(seeds, index)
    assert (report.added, report.skipped) == (["kidney.txt"], [])


def test_a_document_that_can_no_longer_be_read_leaves_the_shelf_with_its_reason(seeds: Path, index: Path) -> None:
    run_sync(seeds, index)
    write(seeds, {"kidney.txt": b""})
    report = run_sync(seeds, index)
    assert names_of(report) == {"removed": ["kidney.txt"], "unchanged": ["liver.txt"]}
    assert report.skipped == [("kidney.txt", "kidney.txt: the file is empty.")]
    assert found(index, "kidney") == set()


def test_a_file_that_goes_between_listing_and_reading_is_no_error(
    seeds: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = SeedFile.read

    def gone(file: SeedFile, most: int) -> bytes:
        if file.name == "kidney.txt":
            file.path.unlink()
        return read(file, most)

    monkeypatch.setattr(SeedFile, "read", gone)
    report = run_sync(seeds, index)
    assert (report.added, report.skipped) == (["liver.txt"], [])


def test_a_file_that_changes_while_it_is_synced_is_caught_by_the_next_sync(seeds: Path, index: Path) -> None:
    def change(progress: Progress) -> None:
        if progress.step == "Stored":
            write(seeds, {"kidney.txt": KIDNEY.replace("five", "four")})

    run_sync(seeds, index, progress=change)
    assert found(index, "five") == {"kidney.txt"}
    assert run_sync(seeds, index).changed == ["kidney.txt"]
    assert found(index, "four") == {"kidney.txt"}


def test_an_empty_seeds_folder_makes_an_empty_index(tmp_path: Path, index: Path, tiny: TinyEmbedder) -> None:
    seeds = write(tmp_path / "empty", {})
    report = run_sync(seeds, index, tiny)
    assert (names_of(report), report.generation, report.embedded) == ({}, 1, 0)
    assert found(index, "kidney") == set()
    write(seeds, {"kidney.txt": KIDNEY})
    assert run_sync(seeds, index).added == ["kidney.txt"]
    (seeds / "kidney.txt").unlink()
    assert run_sync(seeds, index).removed == ["kidney.txt"]
    assert found(index, "kidney") == set()


def test_a_missing_seeds_folder_is_a_usage_error_and_makes_nothing(tmp_path: Path, index: Path) -> None:
    with pytest.raises(UsageError, match="There is no seeds folder"):
        run_sync(tmp_path / "nowhere", index)
    assert not index.exists()


def test_a_missing_seeds_folder_costs_no_document(seeds: Path, index: Path) -> None:
    run_sync(seeds, index)
    seeds.rename(seeds.with_name("moved"))
    with pytest.raises(UsageError, match="There is no seeds folder"):
        run_sync(seeds, index)
    assert found(index, "kidney") == {"kidney.txt"}


# Settings


@pytest.mark.parametrize(
    ("embedder", "settings", "difference"),
    [
        (TinyEmbedder("other"), SETTINGS, r"model \(tiny in the index, other asked for\); model weights \("),
        (TinyEmbedder("tiny", 32), SETTINGS, r"dimension \(64 in the index, 32 asked for\)\."),
        (
            TinyEmbedder(),
            IndexSettings("tiny", passage_tokens=64),
            r"passage_tokens \(32 in the index, 64 asked for\)\.",
        ),
        (
            TinyEmbedder(),
            IndexSettings("tiny", passage_tokens=32, overlap_sentences=2),
            r"overlap_sentences \(1 in the index, 2 asked for\)\.",
        ),
    ],
    ids=["model", "dimension", "passage_tokens", "overlap_sentences"],
)
def test_other_settings_are_never_mixed_in(
    seeds: Path, index: Path, embedder: TinyEmbedder, settings: IndexSettings, difference: str
) -> None:
    run_sync(seeds, index)
    before = view(index)
    write(seeds, {"heart.txt": HEART})
    embedder.embedded.clear()
    with pytest.raises(IndexMismatchError, match=f"made with other settings: {difference}") as mismatch:
        run_sync(seeds, index, embedder, settings=settings)
    assert mismatch.value.mend == "pincite index --rebuild"
    assert "pincite index --rebuild" in str(mismatch.value)
    assert embedder.embedded == []
    assert view(index) == before


def test_a_rebuild_takes_other_settings_and_a_reader_keeps_its_generation(seeds: Path, index: Path) -> None:
    run_sync(seeds, index)
    reader = open_snapshot(index)
    try:
        before = view_of(reader)
        other = TinyEmbedder("other", 48)
        report = run_sync(seeds, index, other, settings=IndexSettings("other", passage_tokens=64), rebuild=True)
        assert (report.generation, report.embedded, len(other.embedded)) == (2, 4, 4)
        assert view_of(reader) == before
        assert not reader.is_newest()
    finally:
        reader.close()
    snapshot = open_snapshot(index)
    try:
        assert (snapshot.shape["model"], snapshot.shape["dimension"], snapshot.shape["passage_tokens"]) == (
            "other",
            48,
            64,
        )
        assert len(snapshot.searcher.nearest_sentences(other.embed_question("kidney"), 9)) == 4
    finally:
        snapshot.close()


def test_a_rebuild_with_the_same_settings_embeds_everything_again(seeds: Path, index: Path, tiny: TinyEmbedder) -> None:
    run_sync(seeds, index)
    before = view(index)
    assert run_sync(seeds, index, tiny, rebuild=True).generation == 2
    assert len(tiny.embedded) == 4
    assert view(index) == before


def test_a_rebuild_of_nothing_is_a_first_sync(seeds: Path, index: Path) -> None:
    report = run_sync(seeds, index, rebuild=True)
    assert (report.generation, report.added) == (1, ["kidney.txt", "liver.txt"])


# Progress


def test_every_step_is_told(seeds: Path, index: Path) -> None:
    told: list[Progress] = []
    run_sync(seeds, index, progress=told.append)
    assert [(at.step, at.done, at.total, at.name) for at in told] == [
        ("Reading", 0, 2, "kidney.txt"),
        ("Reading", 1, 2, "liver.txt"),
        ("Embedding", 0, 4, ""),
        ("Embedding", 4, 4, ""),
        ("Stored", 4, 4, ""),
        ("Learning words", 0, 1, ""),
        ("Writing search files", 0, 1, ""),
        ("Committing", 0, 1, ""),
        ("Committed", 1, 1, ""),
        ("Done", 1, 1, ""),
    ]


def test_a_batch_is_stored_before_the_next_is_read(
    seeds: Path, index: Path, tiny: TinyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ingest, "BATCH", 1)
    told: list[tuple[str, str]] = []
    assert run_sync(seeds, index, tiny, progress=lambda at: told.append((at.step, at.name))).embedded == 4
    assert told.index(("Stored", "kidney.txt")) < told.index(("Reading", "liver.txt"))
    assert told.index(("Reading", "liver.txt")) < told.index(("Stored", "liver.txt"))


def test_an_embedder_that_fails_loses_no_more_than_its_batch(
    seeds: Path, index: Path, tiny: TinyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ingest, "BATCH", 1)

    class Failing(TinyEmbedder):
        def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
            if any("liver" in text for text in texts):
                raise OSError("out of memory")
            return super().embed(texts, progress)

    with pytest.raises(OSError, match="out of memory"):
        run_sync(seeds, index, Failing())
    assert run_sync(seeds, index, tiny).added == ["kidney.txt", "liver.txt"]
    assert not any("kidney" in text for text in tiny.embedded)


# Whatever the history


def _by_one_sync(seeds: Path, index: Path, work: Path) -> None:
    run_sync(seeds, index)


def _by_many_syncs(seeds: Path, index: Path, work: Path) -> None:
    """Files come in reverse, one at a time, under other names or with other words at first; some go again."""
    for file in sorted(seeds.rglob("*.txt"), reverse=True):
        name = file.relative_to(seeds)
        write(work, {f"draft {name.name}": file.read_bytes(), "passing.txt": f"{HEART} {name}."})
        run_sync(work, index)
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / f"draft {name.name}").rename(work / name)
        run_sync(work, index)
    for file in sorted(work.rglob("*.txt")):
        whole = file.read_bytes()
        write(work, {file.relative_to(work).as_posix(): b"An early version. " + whole})
        run_sync(work, index)
        file.write_bytes(whole)
    (work / "passing.txt").unlink()
    run_sync(work, index)


def test_the_same_folder_gives_the_same_index_whatever_the_history(shelf: Path, tmp_path: Path) -> None:
    write(shelf, {"kidney.txt": KIDNEY, "sub/copy.txt": KIDNEY, "sub/liver.txt": f"{LIVER}\n\n{HEART}\n\n{KIDNEY}"})
    _by_one_sync(shelf, tmp_path / "once", tmp_path)
    _by_many_syncs(shelf, tmp_path / "often", write(tmp_path / "work", {}))
    once, often = view(tmp_path / "once"), view(tmp_path / "often")
    assert list(once["documents"]) == sorted(path.relative_to(shelf).as_posix() for path in shelf.rglob("*.txt"))
    assert all(any(hits) for hits in once["searches"][QUESTIONS[0]])
    assert often == once


def test_the_corpus_hash_is_that_of_names_and_bytes(seeds: Path, tmp_path: Path) -> None:
    hashes = []
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(seeds, elsewhere)
    run_sync(elsewhere, tmp_path / "a")
    hashes.append(view(tmp_path / "a")["corpus"])
    (elsewhere / "liver.txt").rename(elsewhere / "hepar.txt")
    run_sync(elsewhere, tmp_path / "a")
    hashes.append(view(tmp_path / "a")["corpus"])
    write(elsewhere, {"hepar.txt": LIVER + " "})
    run_sync(elsewhere, tmp_path / "a")
    hashes.append(view(tmp_path / "a")["corpus"])
    assert len(set(hashes)) == 3
    run_sync(seeds, tmp_path / "b")
    assert view(tmp_path / "b")["corpus"] == hashes[0]


def test_the_folder_of_the_index_holds_one_generation(seeds: Path, index: Path) -> None:
    for number in range(1, 5):
        write(seeds, {"kidney.txt": KIDNEY + f" This is version {number}."})
        run_sync(seeds, index)
        assert {path.name for path in index.iterdir() if "-" in path.name and "sqlite" not in path.name} == {
            f"lexical-{number}",
        }


def test_a_notice_is_not_needed(seeds: Path, index: Path, tiny: TinyEmbedder) -> None:
    told: list[str] = []
    sync(seeds, index, tiny, SETTINGS, notice=told.append)
    assert told == []


def _refuse(patched: pytest.MonkeyPatch, name: str, error: OSError) -> None:
    read_bytes = SeedFile.read

    def read(file: SeedFile, most: int) -> bytes:
        if file.name == name:
            raise error
        return read_bytes(file, most)

    patched.setattr(SeedFile, "read", read)


# Better readers


def test_an_improved_reader_reads_its_files_again_and_embeds_nothing_that_stayed(
    seeds: Path, index: Path, tiny: TinyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_sync(seeds, index)
    before = view(index)
    monkeypatch.setitem(readers.VERSIONS, "text", 1_000)
    report = run_sync(seeds, index, tiny)
    assert (report.reread, report.unchanged) == (["kidney.txt", "liver.txt"], [])
    assert (report.generation, report.embedded, tiny.embedded) == (2, 0, [])
    assert view(index) == before
    assert run_sync(seeds, index).generation == 2


class Failing(ReadingPool):
    """Reads, but for one file on which today's reader takes too long."""

    def document(self, name: str, data: bytes) -> Future[Read[Document]]:
        if name != "long.txt":
            return super().document(name, data)
        failed: Future[Read[Document]] = Future()
        failed.set_exception(ReadingFailedError(f"{name}: reading it takes longer than 30 seconds."))
        return failed


def test_an_unchanged_file_that_today_s_reader_fails_on_is_kept_as_it_was(
    seeds: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(seeds, {"long.txt": "some words of a line\n"})
    aged(seeds / "long.txt")
    run_sync(seeds, index)
    monkeypatch.setitem(readers.VERSIONS, "text", 1_000)
    limits = Limits(seconds=30)
    with Failing(limits) as pool:
        report = sync(seeds, index, TinyEmbedder(), SETTINGS, limits=limits, pool=pool)
        assert (report.reread, report.removed) == (["kidney.txt", "liver.txt"], [])
        assert [name for name, _ in report.skipped] == ["long.txt"]
        assert found(index, "line") == {"long.txt"}
        again = sync(seeds, index, TinyEmbedder(), SETTINGS, limits=limits, pool=pool)
    assert (again.generation, again.read, again.skipped) == (report.generation, [], report.skipped)
    assert run_sync(seeds, index).reread == ["long.txt"]


def test_another_format_s_reader_changes_nothing(seeds: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_sync(seeds, index)
    monkeypatch.setitem(readers.VERSIONS, "pdf", 1_000)
    report = run_sync(seeds, index)
    assert (report.generation, report.unchanged) == (1, ["kidney.txt", "liver.txt"])


def test_what_could_not_be_read_is_tried_again_when_the_limits_are_raised(seeds: Path, index: Path) -> None:
    write(seeds, {"big.txt": f"{HEART} " * 15_000})
    first = sync(seeds, index, TinyEmbedder(), SETTINGS, limits=Limits(file_megabytes=1))
    assert first.skipped == [("big.txt", "big.txt: larger than 1 MB (setting max_file_megabytes).")]
    second = sync(seeds, index, TinyEmbedder(), SETTINGS, limits=Limits(file_megabytes=10))
    assert (second.added, second.skipped) == (["big.txt"], [])


def test_the_report_has_a_row_for_each_file_that_was_read(seeds: Path, index: Path) -> None:
    rows = run_sync(seeds, index).read
    assert [(row.name, row.format, row.pages, row.sentences) for row in rows] == [
        ("kidney.txt", "text", 0, 2),
        ("liver.txt", "text", 0, 2),
    ]
    assert all(row.seconds > 0 for row in rows)
    assert run_sync(seeds, index).read == []


def test_the_order_of_the_shelf_does_not_depend_on_how_many_read_it(seeds: Path, tmp_path: Path) -> None:
    write(seeds, {f"{n:02d}.txt": f"{HEART} Patient {n} was well." for n in range(12)})
    views = []
    for workers in (1, 4):
        index = tmp_path / f"index-{workers}"
        sync(seeds, index, TinyEmbedder(), SETTINGS, limits=Limits(workers=workers))
        views.append(view(index))
    assert views[0] == views[1]
