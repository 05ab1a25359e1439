"""What leaves the program: a file, whole or not at all; JSON on the terminal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import typer


def print_json(value: Any) -> None:
    """Print plain values as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def write_whole(path: Path, text: str, encoding: str = "utf-8", *, private: bool = False) -> None:
    """Write a file; one that is there is replaced when the new one is complete, and else left as it was.

    Args:
        path: The file. A link stays one, and what it leads to is replaced; a pipe is written into.
        text: What it is to hold.
        encoding: How.
        private: Whether its owner alone may read it, from the beginning; else it keeps the rights that it had.

    Raises:
        OSError: It cannot be written; names the file.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("w", encoding=encoding, newline="") as stream:  # a folder says that it is one
            stream.write(text)
        return
    part = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "w", encoding=encoding, newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists() and not private:
            part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error  # the file that was meant
    finally:
        part.unlink(missing_ok=True)
