"""What taking a backup and putting it back both need of folders and disks."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from index.errors import BackupError

_FEW = 3


def few(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more:,} more" if more > 0 else "")


def onto_disk(folder: Path) -> None:
    """See the names in a folder onto the disk, on systems that know of it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def room_for(needs: Mapping[Path, int]) -> None:
    """See that there is room for bytes in some folders, which may not be there yet.

    Raises:
        BackupError: A disk has less.
    """
    wanted: Counter[int] = Counter()
    for folder, size in needs.items():
        there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
        device = there.stat().st_dev
        wanted[device] += size
        free = shutil.disk_usage(there).free
        if free < wanted[device]:
            raise BackupError(
                f"The disk that holds {folder} has {free / 1e6:,.1f} MB free, and the backup needs "
                f"{wanted[device] / 1e6:,.1f} MB; nothing was changed.",
                "free some space, then try again",
            )
