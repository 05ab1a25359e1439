"""What a backup says of itself: what it was made of, and every file in it with its size and SHA-256."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index import store
from index.errors import BackupError
from index.shelf import ignored

FORMAT = 1
"""Raised when an older Pincite could not put a backup back as it should be."""

FILE = "manifest.json"
INDEX, SEEDS = "index/", "seeds/"
DATABASE = INDEX + store.FILE
OWN = ("feedback.jsonl",)
"""Files in the index folder that people wrote (see `ui.feedback`): no index can be made without asking them again."""

LARGEST = 1 << 26
"""Bytes that a manifest may have: room for several hundred thousand files."""

_MOST = 2**63 - 1


class Member(BaseModel):
    """A file in a backup: bytes, digest, and for one of the shelf its time of change in nanoseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    size: int = Field(ge=0, le=_MOST)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    modified: int = Field(-1, ge=-_MOST, le=_MOST)


class Manifest(BaseModel):
    """What a backup holds.

    `pincite` is the version that wrote it, `made` when (UTC), `schema_version` the format of the database;
    `generation`, `corpus` and `shape` are what answers from it have in their fingerprint.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: int
    pincite: str
    made: str
    schema_version: int
    generation: int = Field(ge=1, le=_MOST)
    corpus: str
    shape: dict[str, str | int]
    members: dict[str, Member]

    def shelf(self) -> dict[str, Member]:
        """The files of the shelf, by their names on it."""
        return _below(SEEDS, self.members)

    def kept(self) -> dict[str, Member]:
        """The files of the index folder, by their names in it."""
        return _below(INDEX, self.members)


def read(data: bytes, told: str) -> Manifest:
    """A manifest from its JSON; `told` names the backup.

    Raises:
        BackupError: It is none, or one that a newer Pincite wrote, or names what no backup may hold.
    """
    try:
        stated = json.loads(data)
        form = stated["format"]
        if not isinstance(form, int):
            raise TypeError("format")
        if form <= FORMAT:
            manifest = Manifest.model_validate_json(data)
            form = FORMAT if manifest.schema_version <= store.SCHEMA_VERSION else FORMAT + 1
    except (ValidationError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise BackupError(f"{told} is no backup that can be read: {FILE} in it is damaged.") from error
    if form > FORMAT:
        raise BackupError(f"A newer Pincite wrote {told}.", "pip install --upgrade pincite")
    for name in manifest.members:
        if not _allowed(name, manifest.generation):
            raise BackupError(f"{told} is damaged: no backup has a file of the name {name!r} in it.")
    if DATABASE not in manifest.members:
        raise BackupError(f"{told} is damaged: {DATABASE} is missing in it.")
    return manifest


def search_files(generation: int) -> str:
    """The folder, in a backup and in a new index, of the search files of a generation."""
    return f"lexical-{generation}/"


def _below(folder: str, members: Mapping[str, Member]) -> dict[str, Member]:
    return {name.removeprefix(folder): one for name, one in members.items() if name.startswith(folder)}


def _allowed(name: str, generation: int) -> bool:
    """Whether a name leads below the folder that it is for, on any system, and to what an index or a shelf has."""
    parts = name.split("/")
    if not name.isprintable() and any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in name):
        return False
    if any(part in {"", ".", ".."} for part in parts) or (os.name == "nt" and any(sign in name for sign in "\\:")):
        return False
    if name.startswith(SEEDS):
        # What the shelf passes over cannot have come from it.
        return not any(part.startswith(".") for part in parts) and not ignored(parts[-1])
    inside = name.removeprefix(INDEX)
    return inside != name and (inside == store.FILE or inside in OWN or inside.startswith(search_files(generation)))
