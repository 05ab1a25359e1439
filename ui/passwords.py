"""The file of names and hashed passwords. There is no account that it does not name."""

from __future__ import annotations

import os
from pathlib import Path

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import Argon2Error, InvalidHashError

from index.errors import UsageError
from ui.writing import write_whole

LONGEST = 1024
"""Bytes of the longest password taken; more would only keep the machine busy."""
_SHORTEST = 8  # characters

_HASHER = PasswordHasher()


class Passwords:
    """Names and hashed passwords, one `name:hash` a line; read again when the file changes.

    Args:
        file: The file, as `pincite password` writes it.

    Raises:
        UsageError: It cannot be read, holds a line that is none, or names nobody.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp = _stamp(file)
        self._hashes = _read(file)
        if not self._hashes:
            raise UsageError(f"{file} names nobody.", f"pincite password NAME --auth-file {file}")
        # Checked for names that are not there, so that they take as long to refuse.
        self._nobody = _HASHER.hash(os.urandom(16).hex())

    def check(self, name: str, password: str) -> bool:
        """Whether this is the name's password; takes as long for a name that is not there."""
        known = self.hashed(name)
        try:
            right = len(password.encode()) <= LONGEST and _HASHER.verify(known or self._nobody, password)
        except (Argon2Error, UnicodeEncodeError):
            return False
        return right and bool(known)

    def hashed(self, name: str) -> str:
        """The hash of the name's password, "" for a name that is not there."""
        self._refresh()
        return self._hashes.get(name, "")

    def _refresh(self) -> None:
        try:
            stamp = _stamp(self._file)
            if stamp != self._stamp:
                self._hashes, self._stamp = _read(self._file), stamp
        except UsageError:  # the file is gone or broken: nobody is let in until it is mended
            self._hashes, self._stamp = {}, None


def set_password(file: Path, name: str, password: str) -> bool:
    """Write a name's hashed password into the file, which only its owner can read; whether the name was there before.

    Raises:
        UsageError: The name or the password cannot be one, or the file is none of ours.
    """
    if not name or not name.isprintable() or ":" in name or name != name.strip() or name.startswith("#"):
        raise UsageError(f"{name!r} cannot be a name: it takes letters and digits, no colon and no space at its ends.")
    if len(password) < _SHORTEST:
        raise UsageError(f"A password needs {_SHORTEST} characters at least.")
    if len(password.encode(errors="replace")) > LONGEST:
        raise UsageError(f"A password may have {LONGEST} bytes at most.")
    hashes = _read(file) if file.exists() else {}
    known = name in hashes
    hashes[name] = _HASHER.hash(password)
    if not (folder := file.resolve().parent).is_dir():
        raise UsageError(f"There is no folder {folder} for the file of passwords.")
    write_whole(file, "".join(f"{one}:{hashed}\n" for one, hashed in hashes.items()), private=True)
    return known


def _read(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise UsageError(
            f"The file of passwords {file} cannot be read ({reason}).", f"pincite password NAME --auth-file {file}"
        ) from error
    hashes: dict[str, str] = {}
    for at, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, hashed = line.strip().partition(":")
        if not colon or not name or not _is_hash(hashed):
            # The line itself is not shown: it may be a password in plain.
            raise UsageError(
                f"Line {at} of {file} is no name and hashed password.", f"pincite password NAME --auth-file {file}"
            )
        hashes[name] = hashed
    return hashes


def _is_hash(text: str) -> bool:
    try:
        return extract_parameters(text).type is Type.ID
    except InvalidHashError:
        return False


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
