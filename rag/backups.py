"""The shelf and its index in one file, and back: what an assistant can do with backups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding import Embedder
from index.errors import ModelMissingError
from index.question_copy import keep_copy
from index.report import ProgressCallback
from rag.settings import Settings

if TYPE_CHECKING:
    from index.backups.restoring import RestoreReport
    from index.backups.taking import BackupReport


class Backups:
    """What an assistant has of backups."""

    settings: Settings
    embedder: Embedder
    _notice: Callable[[str], None] | None

    def backup(
        self,
        path: Path | str,
        *,
        seeds: bool = True,
        force: bool = False,
        progress: ProgressCallback | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> BackupReport:
        """Write the newest committed generation into one file, while others ask, and sync; see `index.backups.taking`.

        Args:
            path: The file: whole afterwards, or not there.
            seeds: Whether the files of the shelf come along.
            force: Replace the file if it exists.
            progress: Told of every step; in megabytes.
            notice: Told, in words, of what a person should know; as for the assistant if None.

        Raises:
            UsageError: The file exists and `force` is off, or no file may be written there.
            PinciteError: There is no index, it is damaged, or the file cannot be written.
        """
        from index.backups.taking import take

        folder, shelf, say = self.settings.index, self.settings.seeds, notice or self._notice
        return take(Path(path), folder, shelf, with_seeds=seeds, force=force, progress=progress, notice=say)

    def restore(
        self,
        path: Path | str,
        *,
        seeds: bool = True,
        force: bool = False,
        progress: ProgressCallback | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> RestoreReport:
        """Make the index, and the files on the shelf, what they were in a backup; see `index.backups.restoring`.

        Every byte is checked before anything is put in its place. Answers under way go on from the index as it was.
        Over an index that is there the restored one becomes its next generation.

        Args:
            path: The backup.
            seeds: Whether the files of the shelf are put back too.
            force: Go over an index that is there, and over files on the shelf that are others.
            progress: Told of every step; in megabytes.
            notice: Told, in words, of what a person should know; as for the assistant if None.

        Raises:
            UsageError: There is no such backup; or `force` is off, and it would go over something.
            PinciteError: The backup is damaged or a newer Pincite's; the index cannot be written, or is being written.
        """
        from index.backups.restoring import restore

        settings, say = self.settings, notice or self._notice
        report = restore(
            Path(path),
            settings.index,
            settings.seeds,
            with_seeds=seeds,
            force=force,
            progress=progress,
            notice=say,
            wait=settings.lock_wait,
        )
        if settings.question_model == "copy":
            try:
                keep_copy(self.embedder, settings.index, progress, say)  # it is made of the model, and in no backup
            except ModelMissingError as error:
                if say is not None:
                    say(str(error))
        return report
