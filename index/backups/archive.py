"""A backup as a file: a zip archive, of which nothing is believed before it was checked."""

from __future__ import annotations

import errno
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from index.backups import manifest as manifests
from index.backups.manifest import Manifest
from index.errors import BackupError, UsageError
from index.report import Progress, ProgressCallback

_BLOCK = 1 << 20  # bytes read at a time

# What Python says of an archive that is not as it should be.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the times that count stand in the manifest


class Archive:
    """A backup whose manifest was read and whose list of members agrees with it."""

    def __init__(self, file: Path, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self.file = file
        self.manifest = manifest
        self._packed = packed

    def verify(self, tell: ProgressCallback) -> None:
        """Read all of it; `tell` is told how far it is.

        Raises:
            BackupError: A member is not what the manifest says.
            OSError: It cannot be read.
        """
        members = self.manifest.members
        count = counter("Checking the backup, MB", sum(one.size for one in members.values()), tell)
        for name in members:
            for block in self._blocks(name):
                count(len(block))

    def unpack(self, name: str, to: Path) -> None:
        """Write a member to a new file, seen onto the disk.

        Raises:
            BackupError: The member is not what the manifest says; the file holds no more than that.
            OSError: The file cannot be written.
        """
        with to.open("xb") as file:
            for block in self._blocks(name):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())

    def _blocks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member: no more than the manifest says, and at the end an error if they are others."""
        wanted = self.manifest.members[name]
        digest, left = hashlib.sha256(), wanted.size
        with _damage_named(self.file, name), self._packed.open(name) as packed:
            while block := packed.read(min(_BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    break
                digest.update(block)
                yield block
        if left or digest.hexdigest() != wanted.sha256:
            raise BackupError(f"{self.file} is damaged: {name} in it is not what was backed up.")


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
            yield Archive(file, packed, _manifest(file, packed))


def _manifest(file: Path, packed: zipfile.ZipFile) -> Manifest:
    """The manifest, once the members are found to be those that it names, each once."""
    found = packed.infolist()
    names = [one.filename for one in found]
    with _damage_named(file, manifests.FILE):
        if manifests.FILE not in names or packed.getinfo(manifests.FILE).file_size > manifests.LARGEST:
            raise BackupError(f"{file} is no backup of Pincite.")
        if any(one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for one in found):
            raise BackupError(f"{file} is damaged: it is packed as no backup is.")  # LZMA may want any memory
        with packed.open(manifests.FILE) as stream:
            manifest = manifests.read(stream.read(manifests.LARGEST), str(file))
    if sorted(names) != sorted([*manifest.members, manifests.FILE]):
        raise BackupError(f"{file} is damaged: the files in it are not those of its manifest.")
    return manifest


@contextmanager
def _damage_named(file: Path, member: str = "") -> Iterator[None]:
    try:
        yield
    except (*_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # which is an offset before the file's start
            raise
        what = f"{member} in it cannot be unpacked" if member else "it is cut short, or no backup at all"
        raise BackupError(f"{file} is damaged: {what} ({error}).") from error


def counter(step: str, size: int, tell: ProgressCallback) -> Callable[[int], None]:
    """What is told of bytes as they are done, and tells how far a step is, in megabytes."""
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        tell(Progress(step, min(done, size) >> 20, size >> 20))

    count(0)
    return count


def pack(packed: zipfile.ZipFile, name: str, source: IO[bytes], tell: Callable[[int], None]) -> manifests.Member:
    """Put what is left of a stream into an archive; its size and digest.

    Raises:
        BackupError: The stream cannot be read.
        OSError: The archive cannot be written.
    """
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100644 << 16  # a plain file, for whoever unpacks it otherwise
    with packed.open(info, "w", force_zip64=True) as into:
        while block := _next(source, name):
            digest.update(block)
            size += len(block)
            into.write(block)
            tell(len(block))
    return manifests.Member(size=size, sha256=digest.hexdigest())


def _next(source: IO[bytes], name: str) -> bytes:
    try:
        return source.read(_BLOCK)
    except OSError as error:
        raise BackupError(f"{name} cannot be read: {error.strerror or error}; there is no backup.") from error
