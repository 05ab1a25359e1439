"""What the tests of backups share: taking one and putting it back, and making another out of one."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.backups.restoring import RestoreReport, restore
from index.backups.taking import BackupReport, take

MANIFEST = "manifest.json"
DATABASE = "index/index.sqlite"

Members = dict[str, tuple[zipfile.ZipInfo, bytes]]


def back_up(home: Path, name: str = "backup", **options: Any) -> BackupReport:
    return take(home / name, home / "index", home / "seeds", **options)


def put_back(file: Path, home: Path, **options: Any) -> RestoreReport:
    return restore(file, home / "index", home / "seeds", **options)


def members(file: Path) -> Members:
    with zipfile.ZipFile(file) as packed:
        return {one.filename: (one, packed.read(one)) for one in packed.infolist()}


def pack(file: Path, held: Members) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for info, data in held.values():
            packed.writestr(info, data)
    return file


def with_manifest(file: Path, to: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A backup whose manifest was changed."""
    held = members(file)
    info, data = held[MANIFEST]
    manifest = json.loads(data)
    change(manifest)
    held[MANIFEST] = (info, json.dumps(manifest).encode())
    return pack(to, held)


def tree(folder: Path) -> dict[str, bytes]:
    """Everything below a folder, SQLite's passing files and the writer's lock left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"a folder"
        for path in folder.rglob("*")
        if not path.name.endswith(("-wal", "-shm")) and path.name not in {"writer.lock", "writer.json"}
    }
