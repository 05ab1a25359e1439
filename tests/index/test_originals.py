"""The file of a document is given only as long as it is the one that was indexed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from index_helpers import write

from index.originals import OriginalError, original

DATA = b"Cells remove antibodies."
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    write(tmp_path, {"outside.txt": DATA})
    return write(tmp_path / "seeds", {"a.txt": DATA, "below/b.txt": DATA})


@pytest.mark.parametrize("name", ["a.txt", "below/b.txt"])
def test_the_bytes_that_were_indexed_are_given(seeds: Path, name: str) -> None:
    assert original(seeds, name, DIGEST, 1) == DATA


def test_other_bytes_never_are(seeds: Path) -> None:
    write(seeds, {"a.txt": "Cells remove nothing."})
    with pytest.raises(OriginalError, match=r"a\.txt: the file has changed since it was indexed"):
        original(seeds, "a.txt", DIGEST, 1)


@pytest.mark.parametrize("name", ["c.txt", "below", "../outside.txt", "a.txt\0", ""])
def test_what_is_no_file_of_the_shelf_is_refused_although_its_bytes_would_do(seeds: Path, name: str) -> None:
    with pytest.raises(OriginalError, match="seeds folder"):
        original(seeds, name, DIGEST, 1)


def test_a_file_that_is_too_large_is_not_held_in_memory(seeds: Path) -> None:
    write(seeds, {"a.txt": b" " * (2 << 20)})
    with pytest.raises(OriginalError, match="larger than 1 MB"):
        original(seeds, "a.txt", DIGEST, 1)


@pytest.mark.skipif(os.name != "posix", reason="links are made as POSIX does")
def test_links_are_followed_within_the_shelf_and_not_out_of_it(seeds: Path) -> None:
    (seeds / "inside.txt").symlink_to("below/b.txt")
    (seeds / "out.txt").symlink_to(seeds.parent / "outside.txt")
    (seeds / "loop.txt").symlink_to("loop.txt")
    assert original(seeds, "inside.txt", DIGEST, 1) == DATA
    for name in ("out.txt", "loop.txt"):
        with pytest.raises(OriginalError, match="seeds folder"):
            original(seeds, name, DIGEST, 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_in_a_files_place_keeps_nobody_waiting(seeds: Path) -> None:
    os.mkfifo(seeds / "pipe.txt")
    with pytest.raises(OriginalError):
        original(seeds, "pipe.txt", DIGEST, 1)
