"""The file a document was read from, as long as it is still the same."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from index.errors import PinciteError


class OriginalError(PinciteError):
    """The file is not there any more, cannot be read, or is another one than was indexed."""


def original(seeds: Path, name: str, digest: str, most_megabytes: int) -> bytes:
    """The bytes of a document's file.

    Whatever the folder has become since, no other bytes are ever returned than those that were indexed.

    Args:
        seeds: The seeds folder.
        name: The document's name, as the index has it.
        digest: The SHA-256 of the file's bytes, as the index has it.
        most_megabytes: A larger file is not opened.

    Raises:
        OriginalError: They cannot be had; says why.
    """
    home = seeds.resolve()
    try:
        path = (seeds / name).resolve(strict=True)  # a link is followed where it leads to a file of the shelf
    except (OSError, RuntimeError, ValueError) as error:
        raise OriginalError(f"{name}: the file is no longer in the seeds folder.", "pincite index") from error
    if not path.is_relative_to(home) or not path.is_file():
        raise OriginalError(f"{name}: there is no file of that name in the seeds folder.", "pincite index")
    most = most_megabytes << 20
    try:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            there = os.fstat(file.fileno()).st_size  # room is made for as many as are asked for
            data = file.read(min(most, there) + 1)
    except OSError as error:
        raise OriginalError(f"{name}: the file cannot be read ({error.strerror}).") from error
    if len(data) > most:
        raise OriginalError(f"{name}: the file is larger than {most_megabytes} MB (setting max_file_megabytes).")
    if hashlib.sha256(data).hexdigest() != digest:
        raise OriginalError(f"{name}: the file has changed since it was indexed.", "pincite index")
    return data
