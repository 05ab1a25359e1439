"""The digests by which files are known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

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


def corpus_hash(digests: Mapping[str, str]) -> str:
    """What tells one shelf from another: SHA-256 over the names of its files and the digests of their bytes."""
    lines = "".join(f"{name}\0{digest}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()
