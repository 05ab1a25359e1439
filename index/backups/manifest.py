"""What a backup says of itself: what it was made of, and every file in it with its size and SHA-256."""

from __future__ import annotations

import json
import os

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index import store
from index.errors import BackupError
from index.shelf import ignored

FORMAT = 1
"""Raised when an older Pincite could not put a backup back as it should be."""

FILE = "manifest.json"
INDEX, SEEDS = "index/", "seeds/"
DATABASE = INDEX + store.FILE
OWN = "feedback.jsonl"
"""A file in the index folder that people wrote (see `ui.feedback`): no index can be made without asking them again."""

LARGEST = 1 << 26
"""Bytes that a manifest may have: room for several hundred thousand files."""

_MOST = 2**63 - 1


class Member(BaseModel):
    """A file in a backup: bytes, digest, and for one of the shelf its time of change in nanoseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    size: int = Field(ge=0, le=_MOST)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    modified: int = Field(0, ge=-_MOST, le=_MOST)


class Manifest(BaseModel):
    """What a backup holds.

    `pincite` is the version that wrote it, `made` when (UTC), `schema_version` the format of the database;
    `generation` and `corpus` are what answers from it have in their fingerprint.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: int
    pincite: str
    made: str
    schema_version: int
    generation: int = Field(ge=1, le=_MOST)
    corpus: str
    members: dict[str, Member]

    def shelf(self) -> dict[str, Member]:
        """The files of the shelf, by their names on it."""
        return {name.removeprefix(SEEDS): one for name, one in self.members.items() if name.startswith(SEEDS)}


def read(data: bytes, told: str) -> Manifest:
    """A manifest from its JSON; `told` names the backup.

    Raises:
        BackupError: It is none, or one that a newer Pincite wrote, or names what no backup may hold.
    """
    try:
        stated = json.loads(data)
        # Looked at first: what else a newer manifest says is not known here.
        if int(stated["format"]) > FORMAT or int(stated["schema_version"]) > store.SCHEMA_VERSION:
            raise BackupError(f"A newer Pincite wrote {told}.", "pip install --upgrade pincite")
        manifest = Manifest.model_validate_json(data)
    except (ValidationError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise BackupError(f"{told} is no backup that can be read: {FILE} in it is damaged.") from error
    for name in manifest.members:
        if not _allowed(name):
            raise BackupError(f"{told} is damaged: no backup has a file of the name {name!r} in it.")
    if DATABASE not in manifest.members:
        raise BackupError(f"{told} is damaged: {DATABASE} is missing in it.")
    return manifest


def _allowed(name: str) -> bool:
    """Whether a name leads below the folder that it is for, on any system, and to what an index or a shelf has."""
    if name in {DATABASE, INDEX + OWN}:
        return True
    parts = name.removeprefix(SEEDS).split("/")
    if not name.startswith(SEEDS) or "\0" in name or any(0xD800 <= ord(sign) < 0xE000 for sign in name):
        return False
    if os.name == "nt" and any(sign in name for sign in "\\:"):
        return False
    # What the shelf passes over cannot have come from it: hidden files and folders, "..", unfinished downloads.
    return all(part and not part.startswith(".") for part in parts) and not ignored(parts[-1])
