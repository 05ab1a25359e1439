"""The files of a backup put on the shelf: whole, in their places, and over no other file unless that is wanted."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.backups.archive import Archive
from index.backups.disk import few, give_name
from index.backups.manifest import SEEDS, Member
from index.digests import sha256_of
from index.errors import UsageError
from index.report import Progress, ProgressCallback

_PART = ".pincite-restoring.part"
"""Where a file is unpacked, in its own folder; hidden, so that it is on no shelf."""


def lacking(seeds: Path, members: Mapping[str, Member], force: bool) -> list[str]:
    """The files of a backup that are not on the shelf as they are in it.

    Raises:
        UsageError: Others stand in their places and `force` is off; or no file may be put there.
    """
    found, others = [], []
    for name, member in sorted(members.items()):
        path = seeds / name
        above = [seeds / folder for folder in Path(name).parents[:-1]]
        # A link to a folder would lead elsewhere.
        if any(os.path.lexists(one) and (one.is_symlink() or not one.is_dir()) for one in above) or path.is_dir():
            raise UsageError(
                f"In {seeds} a folder or a link stands in the place of {name}; nothing was changed.", "move it away"
            )
        if not os.path.lexists(path):
            found.append(name)
        elif not _same(path, member):
            others.append(name)
    if others and not force:
        raise _in_the_way(seeds, others)
    return found + others


def place(archive: Archive, seeds: Path, names: Sequence[str], force: bool, tell: ProgressCallback) -> None:
    """Unpack files into their places on the shelf, each with its time of change.

    Raises:
        UsageError: Another file has come into a place since, and `force` is off.
        BackupError: The backup is damaged.
        OSError: One cannot be put there.
    """
    for number, name in enumerate(names):
        tell(Progress("Putting the files back", number, len(names)))
        path, modified = seeds / name, archive.manifest.members[SEEDS + name].modified
        part = path.with_name(_PART)
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # of a restore that was killed
        try:
            archive.unpack(SEEDS + name, part)
            os.utime(part, ns=(modified, modified))
            give_name(part, path, force)
        except FileExistsError as error:
            raise _in_the_way(seeds, [name]) from error
        finally:
            part.unlink(missing_ok=True)


def _same(path: Path, member: Member) -> bool:
    try:
        return path.is_file() and path.stat().st_size == member.size and sha256_of([path]) == member.sha256
    except OSError:
        return False


def _in_the_way(seeds: Path, names: Sequence[str]) -> UsageError:
    return UsageError(
        f"In {seeds} there are other files of the same names, which were left as they are: {few(names)}.",
        "move them away, replace them with --force, or leave the files as they are with --no-seeds",
    )
