"""A file is known again by its SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import digests
from index.digests import sha256_of


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.binary(max_size=40), max_size=4), block=st.integers(1, 50))
def test_the_digest_is_that_of_all_bytes_in_order(
    parts: list[bytes], block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "_BLOCK", block)
    files = [tmp_path / str(at) for at in range(len(parts))]
    for file, part in zip(files, parts, strict=True):
        file.write_bytes(part)
    assert sha256_of(files) == hashlib.sha256(b"".join(parts)).hexdigest()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="gone"):
        sha256_of([tmp_path / "gone"])
