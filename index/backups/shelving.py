"""The files of a backup put on the shelf: whole, in their places, and over no other file unless that is wanted."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from index import store
from index.backups.disk import few, onto_disk
from index.backups.listed import digests
from index.backups.manifest import Member
from index.digests import sha256_of
from index.errors import UsageError
from index.shelf import scan

_Standing = Literal["absent", "same", "other", "barred"]


def lacking(seeds: Path, members: Mapping[str, Member], force: bool) -> list[str]:
    """The files of a backup that are not on the shelf as they are in it.

    Raises:
        UsageError: Others stand in their places and `force` is off; or what is no file stands there.
    """
    found: dict[_Standing, list[str]] = {"absent": [], "same": [], "other": [], "barred": []}
    for name, member in sorted(members.items()):
        found[_standing(seeds, name, member)].append(name)
    if barred := found["barred"]:
        raise UsageError(f"In {seeds} a folder, a link or a special file stands in the place of: {few(barred)}.")
    if found["other"] and not force:
        raise UsageError(
            f"In {seeds} there are other files of the same names, and nothing was changed: {few(found['other'])}.",
            "move them away, replace them with --force, or leave the files as they are with --no-seeds",
        )
    return found["absent"] + found["other"]


def place(seeds: Path, staging: Path, names: Sequence[str], members: Mapping[str, Member], force: bool) -> None:
    """Move files from a folder on the same disk into their places on the shelf, each with its time of change.

    Raises:
        UsageError: Another file has come into a place since, and `force` is off.
        OSError: One cannot be put there.
    """
    folders = set()
    for name in names:
        path, staged = seeds / name, staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        os.utime(staged, ns=(members[name].modified, members[name].modified))
        if force:
            staged.replace(path)
        else:
            try:
                os.link(staged, path)
            except FileExistsError:
                lacking(seeds, {name: members[name]}, force)  # the same has come since, or this ends it
            except OSError:  # a file system without second names
                staged.replace(path)
        folders.add(path.parent)
    for folder in folders:
        onto_disk(folder)


def agree(connection: sqlite3.Connection, seeds: Path, members: Mapping[str, Member], whole: bool) -> None:
    """Give the files that an index lists the times that they have on the shelf, where they are the same files.

    Args:
        connection: The index.
        seeds: The shelf.
        members: Digests of files that the index was unable to read.
        whole: Whether a file that it was unable to read, and that is not there, is to be forgotten.
    """
    there = {file.name: file for file in scan(seeds)} if seeds.is_dir() else {}
    known = digests(connection)
    with store.transaction(connection):
        for table in ("documents", "catalogues", "skipped"):
            rows = connection.execute(f"SELECT name, size, modified FROM {table}").fetchall()
            for name, size, modified in rows:
                file = there.get(name)
                if file is None:
                    if whole and table == "skipped":
                        connection.execute("DELETE FROM skipped WHERE name = ?", (name,))
                    continue
                digest = known[name][0] or (members[name].sha256 if name in members else "")
                if modified in {-1, file.modified} or size != file.size or file.problem:
                    continue
                if sha256_of([file.path]) == digest:
                    connection.execute(f"UPDATE {table} SET modified = ? WHERE name = ?", (file.modified, name))


def _standing(seeds: Path, name: str, member: Member) -> _Standing:
    """What stands in a file's place on the shelf."""
    path = seeds
    try:
        for part in name.split("/")[:-1]:
            path /= part
            if not stat.S_ISDIR(path.lstat().st_mode):  # a link to a folder would lead elsewhere
                return "barred"
        path = seeds / name
        state = path.lstat()
        if stat.S_ISLNK(state.st_mode):
            path = path.resolve()
            if not path.is_relative_to(seeds.resolve()):
                return "other"
            state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            return "barred"
        return "same" if state.st_size == member.size and sha256_of([path]) == member.sha256 else "other"
    except FileNotFoundError:
        return "other" if path.is_symlink() else "absent"
    except (OSError, RuntimeError):
        return "other"
