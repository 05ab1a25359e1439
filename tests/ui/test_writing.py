"""A file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ui.writing import write_whole


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out.md"
    write_whole(file, "first\n")
    file.chmod(0o640)
    write_whole(file, "second\n")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"second\n", 0o640)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, "third\n")
    assert file.read_text() == "second\n"
    assert [one.name for one in tmp_path.iterdir()] == ["out.md"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    write_whole(tmp_path / "link.md", "new")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "new"


@pytest.mark.skipif(os.name != "posix", reason="rights of another kind")
def test_a_private_file_is_its_owner_s_alone_whatever_it_was(tmp_path: Path) -> None:
    file = tmp_path / "auth"
    write_whole(file, "first\n", private=True)
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    write_whole(file, "second\n", private=True)
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("second\n", 0o600)
