"""Which files of the seeds folder are documents."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest
from index_helpers import LIVER, aged, run_sync, write

from index.errors import UsageError
from index.shelf import scan


def names(folder: Path) -> list[str]:
    return [file.name for file in scan(folder)]


def test_files_come_by_name_those_of_subfolders_too(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": "b", "a/z.txt": "z", "a/b/c.txt": "c", "B.txt": "B", "ä ö.txt": "ä"})
    assert names(tmp_path) == ["B.txt", "a/b/c.txt", "a/z.txt", "b.txt", "ä ö.txt"]


def test_a_file_is_known_by_path_size_and_time(tmp_path: Path) -> None:
    write(tmp_path, {"sub/a.txt": "twelve bytes"})
    aged(tmp_path / "sub" / "a.txt")
    (file,) = scan(tmp_path)
    assert (file.path, file.size) == (tmp_path / "sub" / "a.txt", 12)
    assert file.modified == (tmp_path / "sub" / "a.txt").stat().st_mtime_ns


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.txt",
        ".git/a.txt",
        "sub/.cache/deep/a.txt",
        "~$review.txt",
        "a.txt.part",
        "a.txt.crdownload",
        "a.TMP",
        "a.txt.swp",
    ],
)
def test_hidden_and_unfinished_files_are_no_documents(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "words", "kept.txt": "words"})
    assert names(tmp_path) == ["kept.txt"]


def test_files_that_no_reader_knows_are_listed_for_their_reason_to_be_told(tmp_path: Path) -> None:
    write(tmp_path, {"a.pdf": "%PDF", "b.txt": "words"})
    assert names(tmp_path) == ["a.pdf", "b.txt"]


def test_folders_pipes_and_broken_links_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    write(tmp_path, {"kept.txt": "words"})
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "link.txt").symlink_to(tmp_path / "kept.txt")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
    assert names(tmp_path) == ["kept.txt", "link.txt"]


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert scan(tmp_path) == []


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.write_text("a file")], ids=["missing", "a file"])
def test_a_seeds_folder_that_is_none_is_named(tmp_path: Path, make: object) -> None:
    seeds = tmp_path / "seeds"
    assert callable(make)
    make(seeds)
    with pytest.raises(UsageError, match=r"There is no seeds folder .*seeds.*PINCITE_SEEDS"):
        scan(seeds)


def refuse(monkeypatch: pytest.MonkeyPatch, folder: Path, error: type[OSError], number: int) -> None:
    """Let the system refuse to list a folder."""
    listing = os.scandir

    def listed(path: str) -> object:
        if Path(path) == folder:
            raise error(number, os.strerror(number), os.fspath(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", listed)


def test_a_seeds_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = write(tmp_path / "shut", {"a.txt": "words"})
    refuse(monkeypatch, seeds, PermissionError, errno.EACCES)
    with pytest.raises(UsageError, match=r"shut.*Permission denied"):
        scan(seeds)


def test_a_folder_below_that_cannot_be_listed_costs_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = write(tmp_path / "seeds", {"shut/a.txt": "words", "kept.txt": LIVER})
    refuse(monkeypatch, seeds / "shut", PermissionError, errno.EACCES)
    assert [(file.name, bool(file.problem)) for file in scan(seeds)] == [("kept.txt", False), ("shut/", True)]
    report = run_sync(seeds, tmp_path / "index")
    assert report.skipped == [("shut/", "shut/: the folder cannot be listed (Permission denied).")]
    assert report.added == ["kept.txt"]


def test_a_folder_that_goes_while_it_is_listed_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"gone/a.txt": "words", "kept.txt": "words"})
    refuse(monkeypatch, tmp_path / "gone", FileNotFoundError, errno.ENOENT)
    assert names(tmp_path) == ["kept.txt"]


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="names are Unicode there")
def test_a_name_that_is_no_unicode_is_listed(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/caf\xe9.txt", "wb") as stream:  # noqa: PTH123
        stream.write(b"words")
    (file,) = scan(tmp_path)
    assert file.name == "caf\\udce9.txt"
    assert "not Unicode" in file.problem


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    seeds = write(tmp_path / "seeds", {"kidney.txt": "words"})
    write(tmp_path, {"secret.txt": "secret", "elsewhere/a.txt": "secret"})
    (seeds / "out.txt").symlink_to(tmp_path / "secret.txt")
    (seeds / "up.txt").symlink_to("../secret.txt")
    (seeds / "folder").symlink_to(tmp_path / "elsewhere")
    (seeds / "round.txt").symlink_to("round.txt")
    (seeds / "inside.txt").symlink_to("kidney.txt")
    files = {file.name: file for file in scan(seeds)}
    assert sorted(files) == ["folder/", "inside.txt", "kidney.txt", "out.txt", "up.txt"]
    assert files["folder/"].problem == "folder/: a link to a folder; copy the folder itself."
    for name in ("out.txt", "up.txt"):
        assert files[name].problem == f"{name}: a link to a file outside the seeds folder; copy the file into it."
    assert files["inside.txt"].read() == b"words"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_file_that_becomes_a_link_after_it_was_listed_is_not_followed(tmp_path: Path) -> None:
    seeds = write(tmp_path / "seeds", {"kidney.txt": "words"})
    write(tmp_path, {"secret.txt": "secret"})
    (file,) = scan(seeds)
    (seeds / "kidney.txt").unlink()
    (seeds / "kidney.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(OSError):
        file.read()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_seeds_folder_that_is_itself_a_link_is_read(tmp_path: Path) -> None:
    write(tmp_path / "real", {"kidney.txt": "words"})
    (tmp_path / "seeds").symlink_to(tmp_path / "real")
    assert [(file.name, file.problem, file.read()) for file in scan(tmp_path / "seeds")] == [
        ("kidney.txt", "", b"words")
    ]
