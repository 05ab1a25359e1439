"""`pincite backup` and `pincite restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.assistants import opened
from ui.failing import FAILED, fail
from ui.options import Index, Json, Seeds
from ui.writing import print_json

_NoSeeds = Annotated[bool, typer.Option("--no-seeds", help="Only the index, without the reviews themselves.")]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; outside the seeds and the index.")],
    seeds: Seeds = None,
    index: Index = None,
    no_seeds: _NoSeeds = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Write the index and its reviews into one file, also while both are in use."""
    from ui.console import progress_bar

    with opened(seeds, index) as assistant:
        try:
            with progress_bar() as progress:
                done = assistant.backup(file, seeds=not no_seeds, force=force, progress=progress)
        except KeyboardInterrupt:
            fail("Stopped; no backup was written.", FAILED)
    if as_json:
        print_json(
            {
                "file": str(file),
                "generation": done.generation,
                "documents": done.documents,
                "files": done.files,
                "bytes": done.bytes,
                "left_out": done.left_out,
            }
        )
    else:
        files = "no files" if no_seeds else f"{done.files:,} files"
        size = f"{done.bytes / 1e6:,.1f} MB" if done.bytes >= 1e6 else f"{done.bytes / 1e3:,.0f} kB"
        typer.echo(
            f"Wrote {file}: generation {done.generation}, {done.documents:,} documents, "
            f"{files} of the seeds folder, {size}."
        )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that pincite backup wrote.")],
    seeds: Seeds = None,
    index: Index = None,
    no_seeds: _NoSeeds = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the index that is there, and files that are others.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put back what pincite backup wrote, once every byte of it is checked."""
    from ui.console import progress_bar

    with opened(seeds, index) as assistant:
        try:
            with progress_bar() as progress:
                done = assistant.restore(file, seeds=not no_seeds, force=force, progress=progress)
        except KeyboardInterrupt:
            fail(
                "Stopped: the index is as it was, or the restored one; files that were put on the shelf stay there. "
                "Run the same command again.",
                FAILED,
            )
        folder = assistant.settings.seeds
    if as_json:
        print_json(
            {
                "file": str(file),
                "generation": done.generation,
                "documents": done.documents,
                "placed": done.placed,
                "kept": done.kept,
            }
        )
    else:
        typer.echo(
            f"Restored generation {done.generation}, {done.documents:,} documents: {len(done.placed):,} files put into "
            f"{folder}, {len(done.kept):,} were there."
        )
