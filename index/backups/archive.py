"""A backup as a file: a zip archive, of which nothing is believed before it was checked."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from index.backups import manifest as manifests
from index.backups.manifest import Manifest
from index.errors import BackupError, UsageError

BLOCK = 1 << 20  # bytes read at a time

# What Python says of an archive that is not as it should be.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)

_ENCRYPTED = 1
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the times that count stand in the manifest


class Archive:
    """A backup whose manifest was read and whose list of members agrees with it."""

    def __init__(self, file: Path, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self.file = file
        self.manifest = manifest
        self._packed = packed

    def unpack(self, name: str, to: Path, tell: Callable[[int], None]) -> None:
        """Write a member to a new file, seen onto the disk; no more of it than the manifest says that there is.

        Args:
            name: The member.
            to: The file.
            tell: Told of bytes, as they are written.

        Raises:
            BackupError: The member is not what the manifest says.
            OSError: The file cannot be written.
        """
        wanted = self.manifest.members[name]
        digest, left = hashlib.sha256(), wanted.size
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("xb") as file:
            for block in self._blocks(name):
                left -= len(block)
                if left < 0:
                    break
                digest.update(block)
                file.write(block)
                tell(len(block))
            file.flush()
            os.fsync(file.fileno())
        if left or digest.hexdigest() != wanted.sha256:
            raise BackupError(f"{self.file} is damaged: {name} in it is not what was backed up.")

    def _blocks(self, name: str) -> Iterator[bytes]:
        with _damage_named(self.file, name), self._packed.open(name) as packed:
            while block := packed.read(BLOCK):
                yield block


@contextmanager
def opened(file: Path) -> Iterator[Archive]:
    """A backup, open for reading.

    Raises:
        UsageError: There is no such file.
        BackupError: It is no backup, a newer Pincite's, or its members are not those of its manifest.
        OSError: It cannot be read.
    """
    if not file.is_file():
        raise UsageError(f"There is no backup {file}.")
    with file.open("rb") as stream:
        with _damage_named(file):
            packed = zipfile.ZipFile(stream)
        with packed:
            yield Archive(file, packed, _checked(file, packed, os.fstat(stream.fileno()).st_size))


def _checked(file: Path, packed: zipfile.ZipFile, size: int) -> Manifest:
    """The manifest, once the members are found to be those it names: plain files, of the sizes it says, each once."""
    with _damage_named(file, manifests.FILE):
        found = packed.infolist()
        names = Counter(one.filename for one in found)
        if manifests.FILE not in names or packed.getinfo(manifests.FILE).file_size > manifests.LARGEST:
            raise BackupError(f"{file} is no backup of Pincite.")
        with packed.open(manifests.FILE) as stream:
            manifest = manifests.read(stream.read(manifests.LARGEST), str(file))
    for one in found:
        why = _wrong(one, manifest)
        if why or names[one.filename] > 1:
            raise BackupError(f"{file} is damaged: {one.filename!r} in it {why or 'is there twice'}.")
    if missing := sorted(manifest.members.keys() - set(names)):
        raise BackupError(f"{file} is damaged: {missing[0]} is missing in it.")
    if sum(one.compress_size for one in found) > size:
        raise BackupError(f"{file} is damaged: its members lie over one another.")
    return manifest


def _wrong(one: zipfile.ZipInfo, manifest: Manifest) -> str:
    if one.is_dir() or stat.S_IFMT(one.external_attr >> 16) not in {0, stat.S_IFREG}:
        return "is no plain file"
    if one.flag_bits & _ENCRYPTED or one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "is packed as no backup packs it"
    if one.filename == manifests.FILE:
        return ""
    stated = manifest.members.get(one.filename)
    if stated is None:
        return "is not in its manifest"
    return "" if one.file_size == stated.size else "is not of the size that its manifest says"


@contextmanager
def _damage_named(file: Path, member: str = "") -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        what = f"{member} in it cannot be unpacked" if member else "it is cut short, or no backup at all"
        raise BackupError(f"{file} is damaged: {what} ({error}).") from error


def pack(packed: zipfile.ZipFile, name: str, source: IO[bytes], tell: Callable[[int], None]) -> manifests.Member:
    """Put what is left of a stream into an archive; its size and digest.

    Raises:
        BackupError: The stream cannot be read.
        OSError: The archive cannot be written.
    """
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    with packed.open(info, "w", force_zip64=True) as into:
        while block := _next(source, name):
            digest.update(block)
            size += len(block)
            into.write(block)
            tell(len(block))
    return manifests.Member(size=size, sha256=digest.hexdigest())


def _next(source: IO[bytes], name: str) -> bytes:
    try:
        return source.read(BLOCK)
    except OSError as error:
        raise BackupError(f"{name} cannot be read: {error.strerror or error}; there is no backup.") from error
