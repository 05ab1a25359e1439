"""The digests by which files are known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

_BLOCK = 1 << 24  # bytes; after each, the interpreter is waited for, where other threads keep it busy


def sha256_of(files: Iterable[Path]) -> str:
    """The SHA-256 of some files, one after the other.

    Raises:
        OSError: One cannot be read.
    """
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb", buffering=0) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()


def sha256_of_stream(stream: IO[bytes]) -> str:
    """The SHA-256 of what is left of a stream.

    Raises:
        OSError: It cannot be read.
    """
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()
