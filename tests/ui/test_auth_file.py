"""The file of names and hashed passwords, and the command that writes it."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UsageError
from ui.access import ask_password
from ui.cli import main
from ui.passwords import LONGEST, Passwords, set_password

PASSWORD = "correct horse"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "auth"
    set_password(found, "ada", PASSWORD)
    return found


def test_a_password_is_kept_as_a_hash_that_only_the_owner_reads(file: Path) -> None:
    assert PASSWORD not in file.read_text()
    assert file.read_text().startswith("ada:$argon2id$")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_only_the_right_password_of_a_known_name_is_right(file: Path) -> None:
    passwords = Passwords(file)
    assert passwords.check("ada", PASSWORD)
    for name, password in [("ada", "correct house"), ("ada", ""), ("Ada", PASSWORD), ("", PASSWORD), ("bob", PASSWORD)]:
        assert not passwords.check(name, password)
    assert not passwords.check("ada", PASSWORD + "\0")
    assert not passwords.check("ada", "\ud800")
    assert not passwords.check("ada", "x" * (LONGEST + 1))


def test_an_unknown_name_costs_as_much_work_as_a_known_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords(file)
    worked: list[str] = []

    class Watched:
        def verify(self, hashed: str, password: str) -> bool:
            worked.append(hashed.rsplit("$", 2)[0])
            return False

    monkeypatch.setattr("ui.passwords._HASHER", Watched())
    passwords.check("ada", "wrong one")
    passwords.check("nobody", "wrong one")
    assert len(worked) == 2
    assert worked[0] == worked[1]  # the same function with the same cost


def test_a_password_that_changes_counts_at_once_and_other_names_stay(file: Path) -> None:
    passwords = Passwords(file)
    assert not set_password(file, "bob", "battery staple")
    assert set_password(file, "ada", "another horse")
    assert passwords.check("bob", "battery staple")
    assert passwords.check("ada", "another horse")
    assert not passwords.check("ada", PASSWORD)


def test_a_file_that_is_gone_or_broken_lets_nobody_in(file: Path) -> None:
    passwords = Passwords(file)
    kept = file.read_text()
    file.unlink()
    assert not passwords.check("ada", PASSWORD)
    file.write_text("ada:in plain words\n")
    assert not passwords.check("ada", PASSWORD)
    file.write_text(f"# who there is\n\n{kept}")
    assert passwords.check("ada", PASSWORD)


@pytest.mark.parametrize("line", ["ada", "ada:secret", ":x", "ada:$argon2id$", "ada:$2b$12$abc", "\udcff"])
def test_a_line_that_is_none_is_named_by_number_and_never_shown(tmp_path: Path, line: str) -> None:
    file = tmp_path / "auth"
    file.write_text(f"# first\n{line}\n", errors="surrogateescape")
    with pytest.raises(UsageError) as said:
        Passwords(file)
    assert "secret" not in str(said.value)
    assert "Line 2" in str(said.value) or "UTF-8" in str(said.value)


def test_a_file_that_names_nobody_or_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be read.*pincite password"):
        Passwords(tmp_path / "none")
    (tmp_path / "empty").write_text("# nobody\n")
    with pytest.raises(UsageError, match="names nobody"):
        Passwords(tmp_path / "empty")


@pytest.mark.parametrize("name", ["", "a:b", " ada", "ada\n", "a\nb", "#ada", "a\x00"])
def test_what_cannot_be_a_name_is_refused(file: Path, name: str) -> None:
    before = file.read_text()
    with pytest.raises(UsageError, match="cannot be a name"):
        set_password(file, name, PASSWORD)
    assert file.read_text() == before


@settings(max_examples=15)
@given(name=st.text(min_size=1, max_size=20), password=st.text(min_size=8, max_size=40))
def test_whatever_is_taken_as_a_password_opens_the_door(
    tmp_path_factory: pytest.TempPathFactory, name: str, password: str
) -> None:
    file = tmp_path_factory.mktemp("auth") / "auth"
    try:
        set_password(file, name, password)
    except UsageError:
        assert not file.exists()
        return
    assert Passwords(file).check(name, password)


def test_a_write_that_fails_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_text()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ui.writing.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        set_password(file, "bob", PASSWORD)
    assert file.read_text() == before
    assert [one.name for one in file.parent.iterdir()] == ["auth"]


def test_the_command_reads_a_pipe_and_asks_a_person_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "auth"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert ask_password("ada", file) == f"ada has a password in {file}."
    assert Passwords(file).check("ada", PASSWORD)
    asked: list[dict[str, object]] = []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("typer.prompt", lambda _, **how: asked.append(how) or "another horse")
    assert ask_password("ada", file) == f"ada has another password in {file}."
    assert asked == [{"hide_input": True, "confirmation_prompt": True}]
    assert Passwords(file).check("ada", "another horse")


@pytest.mark.parametrize(
    ("typed", "words", "said"),
    [
        ("short\n", ["ada", "--auth-file", "auth"], "8 characters"),
        ("", ["ada", "--auth-file", "auth"], "No password was given"),
        ("long enough\n", ["ada"], "Name the file"),
        ("long enough\n", ["ada", "--auth-file", "no/such/auth"], "no folder"),
    ],
)
def test_the_command_says_what_is_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    words: list[str],
    said: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    monkeypatch.setattr(sys, "argv", ["pincite", "password", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "auth").exists()
