"""A backup is the whole index and its files; put back, everything is as it was."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from backup_helpers import DATABASE, back_up, members, pack, put_back, tree, with_manifest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from index_helpers import HEART, KIDNEY, LIVER, aged, run_sync, texts, to_third_format, view, write
from victims import child, first_line

from index import store
from index.backups import copying
from index.backups.taking import take
from index.changes import look
from index.errors import (
    BackupError,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
    UsageError,
)
from index.lock import writer_lock
from index.opening import open_snapshot
from index.report import Progress

TEXTS = {"kidney.txt": KIDNEY, "sub/liver.txt": LIVER, "sub/deeper/größe 治療.txt": HEART}
BIB = "@article{a, title = {The kidney}, year = 2021, file = {kidney.txt}}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shelves with their indexes."""
    built = tmp_path_factory.mktemp("built")
    home, other = built / "home", built / "other"
    write(home / "seeds", TEXTS)
    run_sync(home / "seeds", home / "index")
    write(home / "seeds", {"library.bib": BIB, "empty.txt": "", "second.txt": "The spleen was small. It stayed so."})
    for file in (home / "seeds").rglob("*.*"):
        aged(file)
    run_sync(home / "seeds", home / "index")
    for name, text in {"heart.txt": HEART, "other.txt": "Another shelf had this. It was read."}.items():
        run_sync(write(other / "seeds", {name: text}), other / "index")
    return built


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    """A shelf with its index, at generation 2, a catalogue and a file that cannot be read among it."""
    return Path(shutil.copytree(built / "home", tmp_path / "home"))


@pytest.fixture
def other(built: Path, tmp_path: Path) -> Path:
    """Another shelf and index, at the same generation."""
    return Path(shutil.copytree(built / "other", tmp_path / "other"))


def agrees(home: Path) -> bool:
    """Whether a sync has nothing to do."""
    return not look(home / "seeds", home / "index")


# Round trips


def test_what_is_put_back_is_what_was_backed_up(home: Path, tmp_path: Path) -> None:
    report = back_up(home)
    done = put_back(home / "backup", tmp_path / "new")
    assert (report.generation, report.documents, report.files) == (2, 4, 6)
    assert (done.generation, done.documents, len(done.placed), done.kept) == (2, 4, 6, ())
    assert view(tmp_path / "new" / "index") == view(home / "index")
    assert tree(tmp_path / "new" / "seeds") == tree(home / "seeds")
    assert agrees(home)
    assert agrees(tmp_path / "new")


def test_a_sync_after_a_restore_has_nothing_to_read_or_embed(home: Path, tmp_path: Path) -> None:
    back_up(home)
    put_back(home / "backup", tmp_path / "new")
    report = run_sync(tmp_path / "new" / "seeds", tmp_path / "new" / "index")
    assert (report.generation, report.embedded, report.read, report.alters) == (2, 0, [], False)
    assert view(tmp_path / "new" / "index") == view(home / "index")


def test_a_restored_index_goes_on_as_any_other(home: Path, tmp_path: Path) -> None:
    back_up(home)
    new = tmp_path / "new"
    put_back(home / "backup", new)
    for place in (home, new):
        (place / "seeds" / "kidney.txt").unlink()
        run_sync(write(place / "seeds", {"third.txt": HEART}), place / "index")
    assert view(new / "index") == view(home / "index")
    assert [path.name for path in (new / "index").glob("lexical-*")] == ["lexical-3"]


@examples(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["a.txt", "b/ü.txt", "b/c d.md", "e'\\f.txt"]), texts(), min_size=1))
def test_whatever_is_on_a_shelf_is_put_back(tmp_path: Path, shelf: dict[str, str]) -> None:
    for name in ("home", "new"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
    home, new = tmp_path / "home", tmp_path / "new"
    run_sync(write(home / "seeds", shelf), home / "index")
    back_up(home, force=True)
    put_back(home / "backup", new)
    assert tree(new / "seeds") == tree(home / "seeds")
    assert view(new / "index") == view(home / "index")
    assert agrees(new)


def test_without_the_files_only_the_index_comes_along(home: Path, tmp_path: Path) -> None:
    assert back_up(home, with_seeds=False).files == 0
    assert not [name for name in members(home / "backup") if name.startswith("seeds/")]
    put_back(home / "backup", tmp_path / "new")
    assert not (tmp_path / "new" / "seeds").exists()
    assert view(tmp_path / "new" / "index") == view(home / "index")
    assert view(tmp_path / "new" / "index")["skipped"] == [("empty.txt", "empty.txt: the file is empty.")]


def test_the_files_of_a_backup_may_be_left_where_they_are(home: Path, tmp_path: Path) -> None:
    back_up(home)
    done = put_back(home / "backup", tmp_path / "new", with_seeds=False)
    assert (done.placed, done.kept) == ((), ())
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["index"]


def test_files_that_are_there_already_with_other_times_are_known_again(home: Path, tmp_path: Path) -> None:
    back_up(home)
    new = tmp_path / "new"
    shutil.copytree(home / "seeds", new / "seeds", copy_function=shutil.copyfile)
    times = {path: path.stat().st_mtime_ns for path in (new / "seeds").rglob("*.*")}
    done = put_back(home / "backup", new)
    assert (done.placed, len(done.kept)) == ((), 6)
    assert {path: path.stat().st_mtime_ns for path in times} == times
    report = run_sync(new / "seeds", new / "index")
    assert (report.generation, report.embedded, report.read) == (2, 0, [])
    assert agrees(new)


def test_files_are_backed_up_as_they_are_and_the_first_sync_takes_in_what_changed(home: Path, tmp_path: Path) -> None:
    before = view(home / "index")
    write(home / "seeds", {"kidney.txt": HEART, "new.txt": LIVER, ".hidden.txt": LIVER})
    (home / "seeds" / "second.txt").unlink()
    assert back_up(home).files == 6
    new = tmp_path / "new"
    put_back(home / "backup", new)
    assert view(new / "index") == before
    changes = look(new / "seeds", new / "index")
    assert (changes.new, changes.changed, changes.gone) == (("new.txt",), ("kidney.txt",), ("second.txt",))
    for place in (home, new):
        run_sync(place / "seeds", place / "index")
    assert view(new / "index") == view(home / "index")


def test_a_file_that_cannot_be_read_is_left_out_and_named(home: Path) -> None:
    (home / "seeds" / "nowhere").symlink_to(home)
    said: list[str] = []
    report = back_up(home, notice=said.append)
    assert (report.left_out, report.files) == (("nowhere/",), 6)
    assert said == ["Not in the backup, for they cannot be read: nowhere/."]


def test_a_link_on_the_shelf_brings_only_files_of_the_shelf(home: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("A secret was kept. Nobody told it.")
    (home / "seeds" / "inside.txt").symlink_to("kidney.txt")
    (home / "seeds" / "outside.txt").symlink_to(tmp_path / "secret.txt")
    run_sync(home / "seeds", home / "index")
    (home / "seeds" / "second.txt").unlink()
    (home / "seeds" / "second.txt").symlink_to(tmp_path / "secret.txt")  # since it was indexed
    report = back_up(home)
    assert set(report.left_out) == {"outside.txt", "second.txt"}
    assert not [name for name, (_, data) in members(home / "backup").items() if b"secret was kept" in data]
    put_back(home / "backup", tmp_path / "new")
    assert (tmp_path / "new" / "seeds" / "inside.txt").read_text() == KIDNEY


def test_what_people_said_of_answers_comes_along_and_is_never_replaced(home: Path, tmp_path: Path) -> None:
    (home / "index" / "feedback.jsonl").write_text("{}\n")
    back_up(home)
    put_back(home / "backup", tmp_path / "new")
    mine = tmp_path / "new" / "index" / "feedback.jsonl"
    assert mine.read_text() == "{}\n"
    mine.write_text("{}\n{}\n")
    said: list[str] = []
    put_back(home / "backup", tmp_path / "new", force=True, notice=said.append)
    assert mine.read_text() == "{}\n{}\n"
    assert said == [f"{mine} is left as it is; the backup has another."]


def test_a_backup_of_an_older_format_is_brought_up_to_this_one(home: Path, tmp_path: Path) -> None:
    before = view(home / "index")
    back_up(home)
    old = tmp_path / "old"
    old.mkdir()
    held = members(home / "backup")
    (old / store.FILE).write_bytes(held[DATABASE][1])
    to_third_format(old)
    held[DATABASE] = (held[DATABASE][0], (old / store.FILE).read_bytes())
    file = restated(pack(tmp_path / "older", held), schema_version=3)
    put_back(file, tmp_path / "new")
    assert view(tmp_path / "new" / "index") == before


def restated(file: Path, **values: Any) -> Path:
    """A backup whose manifest agrees with its members again, and says these values."""
    held = members(file)
    stated = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, (_, data) in held.items()
        if name != "manifest.json"
    }
    return with_manifest(file, file, lambda manifest: manifest.update(values) or manifest.update(members=stated))


# Taking one


def test_a_backup_taken_while_another_process_syncs_is_of_one_generation(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PAGES", 1)  # a page at a time, and a sync in between
    shutil.rmtree(home / "index")
    run_sync(home / "seeds", home / "index")
    syncing = child(act="churn", seeds=home / "seeds", index=home / "index")
    assert syncing.stdin is not None
    now = 1

    def next_generation() -> int:
        assert syncing.stdin is not None
        syncing.stdin.write("\n")
        syncing.stdin.flush()
        return int(first_line(syncing))

    def progress(at: Progress) -> None:
        nonlocal now, left
        if left:
            left -= 1
            now = next_generation()

    taken = []
    now = next_generation()
    for turn in range(3):
        left, began = 3, now
        report = back_up(home, f"backup {turn}", progress=progress)
        assert (report.generation, now) == (began, began + 3)
        taken.append(report.generation)
    syncing.communicate(timeout=60)
    for turn, generation in enumerate(taken):
        put_back(home / f"backup {turn}", tmp_path / f"new {turn}")
        snapshot = open_snapshot(tmp_path / f"new {turn}" / "index")
        assert snapshot.generation == generation
        assert f"turn {generation}." in snapshot.document("turn.txt").text
        snapshot.close()


def test_the_assistant_answers_while_a_backup_is_taken(home: Path) -> None:
    snapshot = open_snapshot(home / "index")
    back_up(home)
    assert snapshot.is_newest()
    assert snapshot.document("kidney.txt").text == KIDNEY
    snapshot.close()


def test_a_backup_writes_nothing_but_its_file(home: Path) -> None:
    before = tree(home)
    back_up(home)
    after = tree(home)
    assert after.pop("backup")
    assert after == before


def test_a_file_that_exists_is_replaced_only_if_that_is_wanted(home: Path) -> None:
    (home / "backup").write_text("something else")
    (home / "backup").chmod(0o640)
    with pytest.raises(UsageError, match=r"exists already.*--force"):
        back_up(home)
    assert (home / "backup").read_text() == "something else"
    back_up(home, force=True)
    assert DATABASE in members(home / "backup")
    assert (home / "backup").stat().st_mode & 0o777 == 0o640


def test_a_file_that_comes_while_the_backup_is_written_is_not_replaced(home: Path) -> None:
    def progress(at: Progress) -> None:
        (home / "backup").write_text("mine")

    with pytest.raises(UsageError, match="exists already"):
        back_up(home, progress=progress)
    assert (home / "backup").read_text() == "mine"
    assert sorted(path.name for path in home.iterdir()) == ["backup", "index", "seeds"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("seeds/backup", "is in the seeds folder"),
        ("index/backup", "is in the index folder"),
        ("link/backup", "is in the seeds folder"),
        ("nowhere/backup", "There is no folder"),
        ("index/../seeds", "is in the seeds folder"),
        (".", "no file that a backup can be written to"),
        ("x" * 300, "File name too long"),
        ("a\0b", "null"),
    ],
)
def test_a_place_that_is_no_place_for_a_backup_is_refused(home: Path, name: str, said: str) -> None:
    (home / "link").symlink_to("seeds")
    before = tree(home)
    with pytest.raises(UsageError, match=said):
        back_up(home, name, force=True)
    assert tree(home) == before


def test_without_an_index_there_is_nothing_to_back_up(home: Path) -> None:
    shutil.rmtree(home / "index")
    with pytest.raises(IndexMissingError, match=r"There is no index in .*pincite index"):
        back_up(home)
    assert [path.name for path in home.iterdir()] == ["seeds"]


def test_a_damaged_index_is_not_backed_up(home: Path) -> None:
    connection = sqlite3.connect(home / "index" / store.FILE)
    connection.execute("UPDATE vectors SET block = zeroblob(length(block))")
    connection.commit()
    connection.close()
    with pytest.raises(IndexDamagedError, match=r"vectors of content \d are damaged"):
        back_up(home)
    assert sorted(path.name for path in home.iterdir()) == ["index", "seeds"]


@pytest.fixture
def _small_files() -> Iterator[None]:
    """No file may become larger than this, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("big", ["database", "backup"])
def test_a_disk_that_is_full_leaves_nothing_behind(home: Path, big: str, request: pytest.FixtureRequest) -> None:
    (home / "index" / "feedback.jsonl").write_bytes(os.urandom(2_000_000))
    if big == "backup":
        limit = (home / "index" / store.FILE).stat().st_size + 1_000_000
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        request.addfinalizer(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard)))
    else:
        request.getfixturevalue("_small_files")
    with pytest.raises(BackupError, match=r"backup cannot be written: File too large|no room for a copy of the index"):
        back_up(home)
    assert sorted(path.name for path in home.iterdir()) == ["index", "seeds"]


def test_a_backup_that_is_broken_off_leaves_nothing_behind(home: Path) -> None:
    def progress(at: Progress) -> None:
        if at.step.startswith("Writing"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(home, progress=progress)
    assert sorted(path.name for path in home.iterdir()) == ["index", "seeds"]


@contextmanager
def nobody(home: Path) -> Iterator[None]:
    """Be a user who may write nothing of what is there."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs another user to be")
    above = [home, *home.parents[:4]]
    modes = {path: path.stat().st_mode for path in above}
    for path in above:
        path.chmod(0o755)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for path, mode in modes.items():
            path.chmod(mode)


def test_a_folder_that_may_not_be_written_to_is_named(home: Path) -> None:
    (home / "out").mkdir()
    back_up(home)
    (home / "backup").chmod(0o644)
    before = tree(home)
    with nobody(home):
        with pytest.raises(BackupError, match=r"out/backup cannot be written: Permission denied"):
            take(home / "out" / "backup", home / "index", home / "seeds")
        with pytest.raises(BackupError, match=r"backup cannot be put back: Permission denied"):
            put_back(home / "backup", home / "new")
        with pytest.raises(IndexUnavailableError, match=r"The index in .* cannot be written: Permission denied"):
            put_back(home / "backup", home, force=True)
    assert tree(home) == before


def test_an_index_that_may_only_be_read_is_backed_up(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o777)
    with nobody(home):
        take(out / "backup", home / "index", home / "seeds")
        put_back(out / "backup", out)
    assert view(out / "index") == view(home / "index")


# Putting one back over something


def test_an_index_that_is_there_is_replaced_only_if_that_is_wanted(home: Path, other: Path) -> None:
    back_up(home)
    before, shelf = view(other / "index"), tree(other / "seeds")
    with pytest.raises(UsageError, match=r"There is an index in .* already \(generation 2\), and nothing was changed"):
        put_back(home / "backup", other)
    assert (view(other / "index"), tree(other / "seeds")) == (before, shelf)
    put_back(home / "backup", other, force=True)
    assert view(other / "index") == view(home / "index")
    assert tree(other / "seeds") == shelf | tree(home / "seeds")
    assert len(list((other / "index").glob("lexical-*"))) == 1


def test_who_reads_meanwhile_goes_on_and_sees_the_restored_index_next(home: Path, other: Path) -> None:
    back_up(home)
    snapshot = open_snapshot(other / "index")
    put_back(home / "backup", other, force=True)
    assert not snapshot.is_newest()
    assert (snapshot.generation, open_snapshot_generation(other)) == (2, 3)
    assert snapshot.names == ["heart.txt", "other.txt"]
    assert snapshot.document("heart.txt").text == HEART
    assert len(snapshot.searcher.matching_sentences(["heart"], 5)) == 1
    snapshot.close()


def open_snapshot_generation(home: Path) -> int:
    snapshot = open_snapshot(home / "index")
    snapshot.close()
    return snapshot.generation


@pytest.mark.parametrize("harm", ["not a database", "empty", "cut short", "older"])
def test_an_index_that_is_damaged_makes_way(home: Path, other: Path, harm: str) -> None:
    back_up(home)
    file = other / "index" / store.FILE
    match harm:
        case "not a database":
            file.write_bytes(b"no database at all" * 1000)
        case "empty":
            file.write_bytes(b"")
        case "cut short":
            file.write_bytes(file.read_bytes()[:20_000])
        case "older":
            to_third_format_of(other / "index")
    if harm != "empty":
        with pytest.raises(UsageError, match="There is an index in"):
            put_back(home / "backup", other)
    put_back(home / "backup", other, force=True)
    assert view(other / "index") == view(home / "index")


def test_an_index_of_a_newer_pincite_is_left_alone(home: Path, other: Path) -> None:
    back_up(home)
    connection = sqlite3.connect(other / "index" / store.FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = tree(other)
    with pytest.raises(IndexMismatchError, match="A newer Pincite wrote"):
        put_back(home / "backup", other, force=True)
    assert tree(other) == before


def to_third_format_of(index: Path) -> None:
    to_third_format(index)
    (index / "vectors-1.faiss").unlink()


def test_other_files_on_the_shelf_are_named_and_replaced_only_if_that_is_wanted(home: Path, tmp_path: Path) -> None:
    back_up(home)
    new = tmp_path / "new"
    write(new / "seeds", {"kidney.txt": "Mine.", "sub/liver.txt": LIVER, "mine.txt": "Mine too."})
    shelf = tree(new / "seeds")
    with pytest.raises(UsageError, match=r"other files of the same names, which were left as they are: kidney\.txt\. "):
        put_back(home / "backup", new)
    assert tree(new / "seeds") == shelf
    assert not (new / "index").exists()
    done = put_back(home / "backup", new, force=True)
    assert done.kept == ("sub/liver.txt",)
    assert tree(new / "seeds") == shelf | tree(home / "seeds")


def test_a_file_that_comes_while_a_backup_is_put_back_is_not_replaced(home: Path, tmp_path: Path) -> None:
    back_up(home)
    new = tmp_path / "new"

    def progress(at: Progress) -> None:
        if at.step == "Putting the files back":
            write(new / "seeds", {"kidney.txt": "Mine."})

    with pytest.raises(UsageError, match=r"other files of the same names.*kidney\.txt"):
        put_back(home / "backup", new, progress=progress)
    assert (new / "seeds" / "kidney.txt").read_text() == "Mine."
    with pytest.raises(IndexMissingError):
        open_snapshot(new / "index")


def test_nothing_is_written_through_a_link_on_the_shelf(home: Path, tmp_path: Path) -> None:
    back_up(home)
    new, away = tmp_path / "new", write(tmp_path / "away", {"kidney.txt": "Away."})
    (new / "seeds").mkdir(parents=True)
    (new / "seeds" / "kidney.txt").symlink_to(away / "kidney.txt")
    put_back(home / "backup", new, force=True)
    assert (new / "seeds" / "kidney.txt").read_text() == KIDNEY
    assert tree(away) == {"kidney.txt": b"Away."}
    shutil.rmtree(new / "seeds" / "sub")
    (new / "seeds" / "sub").symlink_to(away)
    with pytest.raises(UsageError, match="a folder or a link stands in the place of sub/"):
        put_back(home / "backup", new, force=True)
    assert tree(away) == {"kidney.txt": b"Away."}


def test_a_restore_waits_for_the_writer(home: Path, tmp_path: Path) -> None:
    back_up(home)
    (tmp_path / "new" / "index").mkdir(parents=True)
    with writer_lock(tmp_path / "new" / "index", 0), pytest.raises(IndexLockedError, match="is being written by"):
        put_back(home / "backup", tmp_path / "new", wait=0)
    assert not (tmp_path / "new" / "seeds").exists()
    put_back(home / "backup", tmp_path / "new")
    assert view(tmp_path / "new" / "index") == view(home / "index")


def test_a_disk_that_fills_up_while_a_backup_is_put_back_leaves_the_old(
    home: Path, other: Path, _small_files: None
) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
    back_up(home)
    before = view(other / "index")
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, -1))
    with pytest.raises(BackupError, match=r"backup cannot be put back: File too large.*; the index is as it was"):
        put_back(home / "backup", other, force=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
    assert view(other / "index") == before
    assert not (other / "index" / ".pincite-restoring").exists()
