"""SQLite's file made smaller where much of it is empty."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path

_FEW_PAGES = 2000  # some eight megabytes: what is less is soon filled again
_EMPTY = 0.3  # of the file
_TEMPORARY = ("/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108  nothing is written there by us


def give_back_room(connection: sqlite3.Connection) -> bool:
    """Make the file as small as what is in it, where much of it is empty: after a rebuild, say. Whether that was done.

    Readers go on undisturbed. Where there is no room to do it in, it is left for next time.
    """
    empty, pages = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("freelist_count", "page_count")
    )
    if empty < _FEW_PAGES or empty < _EMPTY * pages:
        return False
    page = int(connection.execute("PRAGMA page_size").fetchone()[0])
    try:
        if not _has_room(connection, page * (pages - empty)):
            return False
        connection.execute("VACUUM")
    except (sqlite3.OperationalError, OSError):
        return False
    return True


def _has_room(connection: sqlite3.Connection, size: int) -> bool:
    """Whether there is room for a copy where SQLite makes temporary files, and for the log of writing it back.

    Where it makes them: https://www.sqlite.org/tempfiles.html.
    """
    _, _, file = connection.execute("PRAGMA database_list").fetchone()
    named = [os.environ.get(name, "") for name in ("SQLITE_TMPDIR", "TMPDIR")]
    places = [Path(place) for place in (*named, *_TEMPORARY, tempfile.gettempdir()) if place]
    wanted: Counter[int] = Counter()
    for folder in (Path(file).parent, next(place for place in places if place.is_dir() and os.access(place, os.W_OK))):
        wanted[folder.stat().st_dev] += size
        if shutil.disk_usage(folder).free < wanted[folder.stat().st_dev]:
            return False
    return True
