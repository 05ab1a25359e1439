"""What taking a backup and putting it back both do with names on a disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_FEW = 3

# What is said of a file system without second names: by Windows EINVAL.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EINVAL}


def few(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more:,} more" if more > 0 else "")


def give_name(part: Path, path: Path, replace: bool) -> None:
    """Give a file that was written beside it its name, seen onto the disk.

    Args:
        part: The file, on the disk already.
        path: Its name from now on.
        replace: Whether it may be the name of another file, which keeps its rights to the new one.

    Raises:
        FileExistsError: There is another, and `replace` is off.
        OSError: It cannot be named so.
    """
    if replace:
        if path.is_file() and not path.is_symlink():
            part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    else:
        try:
            os.link(part, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
            part.rename(path)
        else:
            part.unlink()
    onto_disk(path.parent)


def onto_disk(folder: Path) -> None:
    """See the names in a folder onto the disk, on systems that know of it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
