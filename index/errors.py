"""What can go wrong, in words a person can act on."""

from __future__ import annotations

REBUILD = "pincite index --rebuild"
"""The command that mends an index which cannot be mended otherwise."""


class PinciteError(Exception):
    """A failure with one clear line, and where there is one the command that mends it.

    Args:
        message: What happened, to which file.
        mend: A command (or an action) that mends it, or "".
    """

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} To mend it: {self.mend}" if self.mend else self.message


def one_line(error: BaseException) -> str:
    """What a library says went wrong, which may hold lines of the file, in one line."""
    return " ".join(str(error).split())


class UsageError(PinciteError):
    """The caller asked for something that cannot be: a folder that is not there, a setting out of bounds."""


class ShelfTooLargeError(UsageError):
    """The seeds folder has more files than the settings let it have; none of them was read."""


class UnreadableFileError(PinciteError):
    """A file in the seeds folder that no reader can make a document of. It costs that file alone."""


class ReadingFailedError(UnreadableFileError):
    """Reading a file was ended: its time or memory was used up, or its reader crashed."""


class ModelMissingError(PinciteError):
    """The embedding model's files are not on this machine, or are not the ones they should be."""


class IndexMissingError(PinciteError):
    """There is no index yet."""


class IndexDamagedError(PinciteError):
    """The index cannot be read as it stands."""


class IndexUnavailableError(PinciteError):
    """The system refuses to have the index read or written now: permissions, space, a lock. Nothing is damaged."""


class IndexMismatchError(PinciteError):
    """The index was built with other settings than those asked for; the two are never mixed."""


class IndexLockedError(PinciteError):
    """Another process is writing the index."""


class BackupError(PinciteError):
    """A backup cannot be written, or what is in it is not what was backed up."""
