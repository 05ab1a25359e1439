"""Files put on the shelf and taken off it, as the Library does it: without a browser."""

from __future__ import annotations

import errno
import os
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_helpers import HEART, KIDNEY, LIVER, write
from tiny_embedder import TinyEmbedder

from index.errors import PinciteError, UsageError
from index.lock import writer_lock
from index.shelf import ignored, scan
from rag import Assistant
from rag.settings import Settings
from ui import shelf_report
from ui.keeping import Keeper
from ui.library_acts import Library, Shown
from ui.shelf_table import View
from ui.shelving import REMOVED, receive, remove, safe_name


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    seeds = write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "old/liver.txt": LIVER, "picture.png": b"\x89PNG\r\n"})
    settings = Settings.model_validate({"reader": "none", "lock_wait": 20.0})
    with Assistant(seeds, tmp_path / "index", embedder=TinyEmbedder(), settings=settings) as made:
        made.sync()
        yield made


@pytest.fixture
def library(assistant: Assistant) -> Library:
    return Library(Keeper(assistant))


def uploaded(tmp_path: Path, text: str | bytes, name: str = "upload") -> Path:
    """A file as an upload leaves it: in a folder of its own."""
    folder = tmp_path / "uploads" / os.urandom(8).hex()
    return write(folder, {name: text}) / name


def shelf_of(assistant: Assistant) -> dict[str, bytes]:
    seeds = assistant.settings.seeds
    return {path.relative_to(seeds).as_posix(): path.read_bytes() for path in seeds.rglob("*") if path.is_file()}


def done(steps: Iterator[Shown]) -> Shown:
    """What the page shows in the end."""
    shown: Shown = {}
    for step in steps:
        shown |= step
    return shown


def add(library: Library, **files: Path) -> Shown:
    wish = {"act": "add", "files": [{"path": str(path), "name": name} for name, path in files.items()]}
    return done(library.act(wish, View(), {str(path) for path in files.values()}))


# Names


@given(st.text(max_size=300) | st.text("./\\ ~$\x00con:aé\u202e", max_size=30))
def test_any_name_becomes_one_that_stands_for_a_visible_file_in_the_folder_itself(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 255 - len(".pincite (99)")
    assert Path("shelf", safe).name == safe
    assert "/" not in safe
    assert "\\" not in safe
    assert not safe.startswith((".", "~$", " "))
    assert not safe.endswith((".", " "))
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in safe)
    assert safe.partition(".")[0].casefold() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("review.pdf", "review.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\review.pdf", "review.pdf"),
        (".hidden.txt", "hidden.txt"),
        ("~$open.docx", "open.docx"),
        ("con.txt", "_con.txt"),
        ("Größe µ 治療 – Überblick.pdf", "Größe µ 治療 – Überblick.pdf"),
        ("gpj.\u202efdp.txt", "gpj.fdp.txt"),
        ("a\x00b\nc.txt", "abc.txt"),
        ('<img src=x onerror="alert(1)">.txt', "img src=x onerror=alert(1).txt"),
        ("", "document"),
        ("...", "document"),
        ("x" * 400 + ".pdf", "x" * 176 + ".pdf"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_safe(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


# Putting on


def test_an_uploaded_file_stands_on_the_shelf_and_its_upload_is_gone(library: Library, tmp_path: Path) -> None:
    path = uploaded(tmp_path, HEART)
    shown = add(library, **{"../sub/heart.txt": path})
    assert shelf_of(library.keeper.assistant)["heart.txt"] == HEART.encode()
    assert not path.parent.exists()
    assert "Added" in shown["report"]
    assert "heart.txt" in shown["report"]
    assert "heart.txt" in shown["table"]
    assert library.keeper.assistant.answer("Was myocarditis seen?").citations[0].document == "heart.txt"


def test_another_file_of_the_same_name_goes_beside_it_and_the_same_file_is_known(
    assistant: Assistant, tmp_path: Path
) -> None:
    became = []
    for text in (KIDNEY, HEART, LIVER, HEART):
        arrival = receive(assistant.settings, uploaded(tmp_path, text), "kidney.txt")
        became.append((arrival.name, arrival.became))
    assert became == [
        ("kidney.txt", "known"),
        ("kidney (2).txt", "added"),
        ("kidney (3).txt", "added"),
        ("kidney (2).txt", "known"),
    ]
    files = shelf_of(assistant)
    assert [files[f"kidney{n}.txt"] for n in ("", " (2)", " (3)")] == [t.encode() for t in (KIDNEY, HEART, LIVER)]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("photo.jpg", b"\xff\xd8\xff\xe0", "an image"),
        ("table.csv", b"a,b\n1,2\n", "data, no document"),
        ("half.pdf.crdownload", b"%PDF-1.7", "unfinished download"),
    ],
)
def test_what_no_reader_takes_is_refused_before_it_lands(
    library: Library, tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    before = shelf_of(library.keeper.assistant)
    path = uploaded(tmp_path, content)
    shown = add(library, **{name: path})
    assert "Refused" in shown["report"]
    assert why in shown["report"]
    assert shelf_of(library.keeper.assistant) == before
    assert not path.exists()


def test_a_file_above_the_limit_is_refused(assistant: Assistant, tmp_path: Path) -> None:
    settings = assistant.settings.model_copy(update={"max_file_megabytes": 1})
    arrivals = [receive(settings, uploaded(tmp_path, b"x" * size), "big.txt") for size in ((1 << 20) + 1, 1 << 20)]
    assert [one.became for one in arrivals] == ["refused", "added"]
    assert arrivals[0].words == "big.txt: larger than 1 MB (setting max_file_megabytes)."


def test_what_is_taken_and_cannot_be_read_is_told_with_its_reason(library: Library, tmp_path: Path) -> None:
    shown = add(library, **{"blank.txt": uploaded(tmp_path, " \n ")})
    assert "Not read" in shown["report"]
    assert "blank.txt" in shown["report"]
    assert "picture.png" not in shown["report"]  # it was there before
    assert "blank.txt" in shown["table"]


def test_bibliographic_records_are_taken(library: Library, tmp_path: Path) -> None:
    record = "@article{a, title={Of kidneys}, author={Doe, Jane}, year={2020}, file={kidney.txt}}"
    shown = add(library, **{"shelf.bib": uploaded(tmp_path, record)})
    assert "1 records, 1 matched" in shown["report"]
    assert "Of kidneys" in shown["table"]


def test_a_full_disk_leaves_nothing_half_written(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = shelf_of(library.keeper.assistant)
    monkeypatch.setattr("ui.shelving.os.fsync", full)
    shown = add(library, **{"heart.txt": uploaded(tmp_path, HEART)})
    assert "is full; free some space" in shown["report"]
    assert shelf_of(library.keeper.assistant) == before


def test_a_seeds_folder_that_cannot_be_written_to_is_told(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def refused(path: Path, *how: Any, **more: Any) -> Any:
        if path.is_relative_to(library.keeper.assistant.settings.seeds) and "x" in str(how):
            raise OSError(errno.EROFS, "Read-only file system")
        return real(path, *how, **more)

    before = shelf_of(library.keeper.assistant)
    monkeypatch.setattr(Path, "open", refused)
    shown = add(library, **{"heart.txt": uploaded(tmp_path, HEART)})
    monkeypatch.undo()
    assert "cannot be written to (Read-only file system)" in shown["report"]
    assert shelf_of(library.keeper.assistant) == before


def test_while_it_is_written_the_shelf_does_not_see_it(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    real = os.fsync

    def look(handle: int) -> None:
        seen.append({file.name for file in scan(assistant.settings.seeds)})
        real(handle)

    monkeypatch.setattr("ui.shelving.os.fsync", look)
    before = {file.name for file in scan(assistant.settings.seeds)}
    assert receive(assistant.settings, uploaded(tmp_path, HEART), "heart.txt").became == "added"
    assert seen == [before]
    assert all(not ignored(name) for name in shelf_of(assistant))


def test_the_same_file_uploaded_by_several_at_once_arrives_once_and_is_known_to_the_others(
    library: Library, tmp_path: Path
) -> None:
    heart, photo = uploaded(tmp_path, HEART), uploaded(tmp_path, b"\xff\xd8\xff\xe0")  # one path for all of them
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: add(library, **{"heart.txt": heart, "photo.jpg": photo})["report"], range(4)))
    assert sum("Added" in report for report in said) >= 1
    assert sum("Already on the shelf" in report for report in said) == 3
    assert all("an image" in report for report in said)
    assert not any("No such file" in report for report in said)


def test_an_upload_that_is_gone_is_to_be_dropped_once_more(library: Library, tmp_path: Path) -> None:
    path = uploaded(tmp_path, HEART)
    add(library, **{"heart.txt": path})
    done(library.act({"act": "remove", "name": "heart.txt"}, View()))
    for one in (path, uploaded(tmp_path, HEART).with_name("never")):
        assert "it did not arrive; drop it once more" in add(library, **{"heart.txt": one})["report"]


@pytest.mark.parametrize("wish", [{"files": None}, {"files": [None]}, {"files": [{"path": "/etc/passwd"}]}])
def test_no_file_is_taken_but_one_that_was_uploaded(library: Library, wish: dict[str, Any]) -> None:
    before = shelf_of(library.keeper.assistant)
    shown = done(library.act({"act": "add", **wish}, View(), set()))
    assert shelf_of(library.keeper.assistant) == before
    assert Path("/etc/passwd").exists()
    assert "Added" not in shown.get("report", "")


def test_where_files_have_no_second_names_none_is_written_over_all_the_same(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(4)
    late = threading.local()

    def none(*_: object) -> None:
        if not hasattr(late, "once"):
            late.once = True
            together.wait(30)  # each has seen that the name is free
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("ui.shelving.os.link", none)
    texts = [f"{HEART} {n}" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        arrivals = list(
            pool.map(lambda text: receive(assistant.settings, uploaded(tmp_path, text), "heart.txt"), texts)
        )
    files = shelf_of(assistant)
    assert [files[one.name].decode() for one in arrivals] == texts


# Taking off


def test_a_removed_file_is_kept_in_the_index_folder_and_cited_no_more(library: Library) -> None:
    assistant = library.keeper.assistant
    trash = assistant.settings.index / REMOVED
    shown = done(library.act({"act": "remove", "name": "old/liver.txt"}, View()))
    assert "old/liver.txt" not in shelf_of(assistant)
    assert (trash / "liver.txt").read_text() == LIVER
    assert "liver.txt" in shown["report"]
    assert REMOVED in shown["report"]
    assert "liver.txt" not in shown["table"]
    write(assistant.settings.seeds, {"liver.txt": HEART})
    done(library.act({"act": "update"}, View()))
    assert remove(assistant, "liver.txt") == trash / "liver (2).txt"


def test_a_file_that_could_not_be_read_can_be_removed_too(library: Library) -> None:
    assert "picture.png" in library.table(View())
    shown = done(library.act({"act": "remove", "name": "picture.png"}, View()))
    assert "picture.png" not in shown["table"]
    assert (library.keeper.assistant.settings.index / REMOVED / "picture.png").exists()


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "kidney", "", ".", "old", "old/../kidney.txt"])
def test_only_what_the_index_lists_can_be_removed(library: Library, tmp_path: Path, name: str) -> None:
    write(tmp_path, {"secret.txt": "a secret"})
    before = shelf_of(library.keeper.assistant)
    shown = done(library.act({"act": "remove", "name": name}, View()))
    assert "Not on the shelf" in shown["report"]
    assert shelf_of(library.keeper.assistant) == before
    assert (tmp_path / "secret.txt").exists()
    with pytest.raises(UsageError, match="Not on the shelf"):
        remove(library.keeper.assistant, name)


@pytest.mark.parametrize("disks", ["one", "two"])
def test_files_of_one_name_removed_at_once_are_all_kept(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, disks: str
) -> None:
    texts = {f"{n}/same.txt": f"{KIDNEY} {n}" for n in range(8)}
    write(assistant.settings.seeds, texts)
    assistant.sync()
    real, together = os.replace, threading.Barrier(8)

    def slowly(file: Path, to: Path) -> None:
        together.wait(30)  # each has chosen its name
        if disks == "two":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real(file, to)

    monkeypatch.setattr(os, "replace", slowly)
    monkeypatch.setattr(os, "rename", slowly)
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda name: remove(assistant, name), texts))
    assert [path.read_text() for path in kept] == list(texts.values())
    assert not texts.keys() & shelf_of(assistant).keys()


def test_what_cannot_be_moved_stays_and_leaves_nothing_in_its_place(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    before = shelf_of(assistant)
    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(PinciteError, match="cannot be removed"):
        remove(assistant, "kidney.txt")
    assert shelf_of(assistant) == before
    assert list((assistant.settings.index / REMOVED).iterdir()) == []


@pytest.mark.parametrize("act", ["update", "rebuild", "remove", "add", "dismiss"])
def test_a_shelf_that_is_read_only_is_shown_and_nothing_else(library: Library, tmp_path: Path, act: str) -> None:
    assistant, file = library.keeper.assistant, uploaded(tmp_path, HEART)
    shown_only, before = Library(library.keeper, editing=False), shelf_of(library.keeper.assistant)
    write(assistant.settings.seeds, {"heart.txt": HEART})
    library.keeper._seen = (0.0, library.keeper._seen[1])
    assert "Update the index" in library.refresh(View())["strip"]
    wish = {"act": act, "name": "kidney.txt", "files": [{"path": str(file), "name": "new.txt"}]}
    shown = done(shown_only.act(wish, View(), {str(file)}))
    assert "The shelf is read only" in shown["report"]
    assert shelf_of(assistant) == before | {"heart.txt": HEART.encode()}
    assert len(assistant.documents()) == 2
    assert shown["strip"] == ""
    assert "kidney.txt" in shown["table"]
    assert "Remove" not in shown["table"]
    assert "picture.png" not in shown["table"]


# Syncing


def test_the_strip_tells_what_changed_and_is_gone_after_an_update(library: Library) -> None:
    seeds = library.keeper.assistant.settings.seeds
    assert library.look("", 1, View()) == {}
    write(seeds, {"heart.txt": HEART, "new.txt": LIVER + KIDNEY, "kidney.txt": KIDNEY + HEART})
    (seeds / "old" / "liver.txt").unlink()
    library.keeper._seen = (0.0, library.keeper._seen[1])
    seen = library.look("", 1, View())
    assert "The seeds folder has changed: 2 new, 1 changed, 1 gone." in seen["strip"]
    assert "Update the index" in seen["strip"]
    shown = done(library.act({"act": "update"}, View()))
    assert shown["strip"] == ""
    assert shown["generation"] == 2
    assert library.look("", 1, View()).keys() == {"generation", "table"}  # another page learns of it


def test_many_pages_look_at_the_folder_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    monkeypatch.setattr("ui.keeping.look", lambda *folders: looked.append(folders))
    for _ in range(50):
        library.look("", 1, View())
    assert len(looked) == 1


def test_during_a_rebuild_questions_are_answered_and_every_page_sees_how_far_it_is(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = library.keeper.assistant
    embedder = cast(TinyEmbedder, assistant.embedder)
    real, reached, go_on = embedder.embed, threading.Event(), threading.Event()

    def slowly(texts: list[str], progress: Any = None) -> Any:
        reached.set()
        assert go_on.wait(30)
        return real(texts, progress)

    monkeypatch.setattr(embedder, "embed", slowly)
    job = library.keeper.begin(rebuild=True)
    assert reached.wait(30)
    strip = library.look("", 1, View())["strip"]
    assert "Rebuilding the index" in strip
    assert "Embedding" in strip
    answer = assistant.answer("Was the kidney in remission?")
    assert answer.citations[0].document == "kidney.txt"
    assert answer.fingerprint.index_generation == 1
    go_on.set()
    assert job.done.wait(30)
    assert assistant.answer("Was the kidney in remission?").fingerprint.index_generation == 2


@pytest.fixture
def held(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[bool], threading.Event]]:
    """Syncs that, once they have looked at the files, wait for an event; and whether each was a rebuild."""
    real, ran, go_on = library.keeper.assistant.sync, list[bool](), threading.Event()

    def sync(*, rebuild: bool, progress: Any, notice: Any) -> Any:
        report = real(rebuild=rebuild, progress=progress, notice=notice)
        ran.append(rebuild)
        assert go_on.wait(30)
        return report

    monkeypatch.setattr(library.keeper.assistant, "sync", sync)
    yield ran, go_on
    go_on.set()


def until(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_however_often_it_is_asked_for_one_sync_waits_at_most(
    library: Library, held: tuple[list[bool], threading.Event]
) -> None:
    keeper, (ran, go_on) = library.keeper, held
    first = keeper.begin()
    until(lambda: ran)  # it has looked at the files: what comes now is for another
    later = {keeper.begin(rebuild=at == 3) for at in range(20)}
    assert len(later) == 1
    assert first not in later
    go_on.set()
    assert all(job.done.wait(30) for job in later)
    assert ran == [False, True]


def test_a_rebuild_asked_for_during_a_rebuild_is_that_one(
    library: Library, held: tuple[list[bool], threading.Event]
) -> None:
    keeper, (ran, go_on) = library.keeper, held
    job = keeper.begin(rebuild=True)
    until(lambda: ran)
    assert {keeper.begin(rebuild=True) for _ in range(20)} == {job}
    go_on.set()
    assert job.done.wait(30)
    assert ran == [True]


def test_many_pages_that_wait_for_a_sync_leave_room_for_others(
    library: Library, held: tuple[list[bool], threading.Event]
) -> None:
    acts = [library.act({"act": "rebuild"}, View()) for _ in range(16)]  # as many as Gradio runs at once
    firsts = [next(act) for act in acts]
    ended = [act for act, first in zip(acts, firsts, strict=True) if "report" in first and next(act, None) is None]
    assert len(ended) == 8
    assert "The line over the tabs says how far the index is." in firsts[-1]["report"]
    held[1].set()
    assert all("Done in" in done(act)["report"] for act in acts[:8])
    assert "Done in" in done(library.act({"act": "update"}, View()))["report"]


def test_another_writer_is_told_of_and_waited_for(library: Library) -> None:
    assistant = library.keeper.assistant
    write(assistant.settings.seeds, {"heart.txt": HEART})
    with writer_lock(assistant.settings.index, 1):
        job = library.keeper.begin()
        while not job.waiting:
            assert not job.done.wait(0.05)
        assert "which is writing the index" in shelf_report.strip(library.keeper)
    assert job.done.wait(30)
    assert job.report is not None
    assert job.report.added == ["heart.txt"]


def test_what_fails_is_told_in_words_with_another_try_until_it_is_put_aside(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(library.keeper.assistant, "sync", broken)
    shown = done(library.act({"act": "rebuild"}, View()))
    assert "was not updated" in shown["strip"]
    assert "Try again" in shown["strip"]
    assert "secret" not in str(shown)
    assert "a secret of the machine" in caplog.text
    assert done(library.act({"act": "dismiss"}, View()))["strip"] == ""


def test_a_seeds_folder_that_is_gone_is_told_and_nothing_is_lost(library: Library) -> None:
    seeds = library.keeper.assistant.settings.seeds
    seeds.rename(seeds.with_name("away"))
    shown = done(library.act({"act": "update"}, View()))
    assert "There is no seeds folder" in shown["strip"]
    assert "kidney.txt" in shown["table"]


def test_at_the_end_of_the_server_a_sync_is_broken_off(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    write(library.keeper.assistant.settings.seeds, {f"{n}.txt": f"{KIDNEY} {n}" for n in range(50)})
    stopped = threading.Event()

    def sync(*_: object, progress: Any, **__: object) -> None:
        from index.report import Progress

        try:
            while True:
                progress(Progress("Reading", 0, 1))
                stopped.wait(0.01)
        finally:
            stopped.set()

    monkeypatch.setattr(library.keeper.assistant, "sync", sync)
    job = library.keeper.begin()
    library.keeper.close()
    assert stopped.is_set()
    assert job.done.wait(5)
    assert library.keeper.job is None


def test_watched_it_happens_by_itself_and_the_strip_asks_for_nothing(library: Library) -> None:
    assistant = library.keeper.assistant
    said: list[str] = []
    with library.keeper.watch(said.append):
        write(assistant.settings.seeds, {"heart.txt": HEART})
        strips = set()
        for _ in range(400):
            strips.add(shelf_report.strip(library.keeper))
            if "heart.txt" in {one.name for one in assistant.documents()}:
                break
            threading.Event().wait(0.05)
        else:
            pytest.fail("it did not happen")
    assert not any("has changed" in strip for strip in strips)
    assert said == []


def test_watched_a_file_that_came_too_late_for_a_sync_by_hand_is_taken_in_after_it(
    library: Library, held: tuple[list[bool], threading.Event]
) -> None:
    assistant, (ran, go_on) = library.keeper.assistant, held
    library.keeper.begin()
    until(lambda: ran)
    with library.keeper.watch(lambda _: None):
        write(assistant.settings.seeds, {"heart.txt": HEART})
        time.sleep(2)  # the watcher has seen that it stands still
        go_on.set()
        until(lambda: "heart.txt" in {one.name for one in assistant.documents()})


def test_a_change_that_outlasts_the_watcher_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.keeping._FRESH", 0.0)
    monkeypatch.setattr("ui.keeping._SHARE", 1.0)
    write(library.keeper.assistant.settings.seeds, {"heart.txt": HEART})
    library.keeper.watching = True
    assert shelf_report.strip(library.keeper) == ""
    monkeypatch.setattr("ui.keeping._PATIENCE", 0.0)
    until(lambda: "has changed: 1 new" in shelf_report.strip(library.keeper))
