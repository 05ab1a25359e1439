"""Is everything in order? What `pincite status` and `pincite doctor` look at."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import embedded, store
from index.changes import changes
from index.embedding import SentenceTransformerEmbedder
from index.errors import REBUILD, IndexMissingError, PinciteError
from index.gather import reading_stamp, stale_contents
from index.ingest import sentence_digest
from index.limits import Limits
from index.question_copy import find_copy, unable
from index.question_model import FILE
from index.settings import differences, same_shape, shape
from index.shelf import scan
from index.snapshot import begin_reading
from rag.assistant import Assistant

if TYPE_CHECKING:
    from rag.generating.writer import Writer

_LEAST_SPACE = 200_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and if it is not in order the command that mends it."""

    name: str
    ok: bool
    found: str
    mend: str = ""


def shelf_status(assistant: Assistant) -> dict[str, Any]:
    """The shelf and its index, in plain values. Nothing is changed."""
    settings = assistant.settings
    found: dict[str, Any] = {"seeds": str(settings.seeds), "index": str(settings.index)}
    if assistant.writer:
        found["language_model"] = assistant.writer.name
    files = {file.name for file in scan(settings.seeds, settings.max_files)}
    try:
        connection, generation, _ = begin_reading(settings.index)
    except IndexMissingError:
        return found | {"generation": None, "up_to_date": False, "files_in_seeds": len(files), "mend": "pincite index"}
    try:
        with store.damage_named(settings.index / store.FILE):
            rows = connection.execute("SELECT name FROM documents ORDER BY name").fetchall()
            skipped = connection.execute("SELECT reason FROM skipped ORDER BY name").fetchall()
            unused = "content IN (SELECT content FROM documents)"
            passages = connection.execute(f"SELECT count(*) FROM passages WHERE {unused}").fetchone()[0]
            sentences = connection.execute(f"SELECT count(*) FROM sentences WHERE {unused}").fetchone()[0]
            stored = store.need_meta(connection, "shape")
            waiting = pending(connection, settings.seeds, settings.limits())
    finally:
        connection.close()
    return found | {
        "generation": generation,
        "up_to_date": not waiting,
        "waiting": waiting,
        "documents": [name for (name,) in rows],
        "skipped": [reason for (reason,) in skipped],
        "passages": passages,
        "sentences": sentences,
        "model": stored["model"],
        "bytes": _bytes(settings.index),
    }


def examine(assistant: Assistant) -> list[Check]:
    """Check the surroundings, the seeds, the model and the index; nothing is changed."""
    return list(_checks(assistant))


def _checks(assistant: Assistant) -> Iterator[Check]:
    settings = assistant.settings
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("Python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")
    yield _guarded("Seeds folder", lambda: _seeds(settings.seeds, settings.max_files))
    yield _guarded(
        "Model", lambda: f"{assistant.embedder.identity.name}, {assistant.embedder.identity.dimension} dimensions"
    )
    yield _guarded("Reader", lambda: _reads(assistant))
    if writer := assistant.writer:
        yield _guarded("Language model", lambda: _writes(writer))
    yield _space(settings.index)
    try:
        connection, generation, files = _begin(settings.index)
    except PinciteError as error:
        yield Check("Index", False, error.message, error.mend)
        return
    try:
        yield Check("Index", True, f"generation {generation}")
        yield _guarded("SQLite", lambda: _sound(connection, settings.index))
        yield files
        if not files.ok:
            return
        yield _guarded("Questions", lambda: _embeds_questions(assistant))
        with store.damage_named(settings.index / store.FILE):
            yield from _contents(assistant, connection)
    except PinciteError as error:
        yield Check("Index", False, error.message, error.mend)
    finally:
        connection.close()


def _begin(folder: Path) -> tuple[sqlite3.Connection, int, Check]:
    """A read transaction with its search files looked at; a newer one if a sync removed those meanwhile."""
    connection, generation, manifest = begin_reading(folder)
    files = _files(folder, generation, manifest)
    if not files.ok:
        connection.close()
        connection, newest, manifest = begin_reading(folder)
        if newest != generation:
            generation, files = newest, _files(folder, newest, manifest)
    return connection, generation, files


def _files(folder: Path, generation: int, manifest: embedded.Manifest) -> Check:
    try:
        embedded.verify(folder, manifest)
        if store.writable(folder):  # tantivy locks what it opens
            embedded.opened(folder, generation, manifest)
    except embedded.DerivedFilesError as error:
        return Check("Search files", False, f"{error}", "pincite index")
    return Check("Search files", True, f"{len(manifest) - 1} files as they were written")


def _bytes(folder: Path) -> int:
    """The size of all files below a folder; what a sync removes meanwhile counts as nothing."""
    size = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += (Path(where) / name).stat().st_size
    return size


def _contents(assistant: Assistant, connection: sqlite3.Connection) -> Iterator[Check]:
    settings = assistant.settings
    stored = store.need_meta(connection, "shape")
    wanted = shape(settings.index_settings(), assistant.embedder.identity)
    same = same_shape(stored, wanted)
    yield Check("Settings", same, "as the index was made" if same else differences(stored, wanted), REBUILD)
    waiting = pending(connection, settings.seeds, settings.limits())
    agrees = f"agrees with {settings.seeds}" if not waiting else "; ".join(waiting[:5])
    yield Check("Up to date", not waiting, agrees, "pincite index")
    yield _guarded("Quotes", lambda: _exact(connection))


def _guarded(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except PinciteError as error:
        return Check(name, False, error.message, error.mend)


def _reads(assistant: Assistant) -> str:
    if assistant.reader is None:
        return "none, as the settings say"
    assistant.reader.read("Is this read?", ["This is read."])
    return f"{assistant.settings.reader}, reads"


def _writes(writer: Writer) -> str:
    writer.open()  # which asks it nothing: an answer may cost money
    return f"{writer.name}, set up; it has not been asked anything"


def _embeds_questions(assistant: Assistant) -> str:
    folder = assistant.settings.index
    if assistant.settings.question_model == "none":
        return "embedded by PyTorch, as the settings say"
    if find_copy(assistant.embedder, folder):
        return f"embedded by a copy of the model, {FILE}"
    if reason := unable(assistant.embedder, folder):
        return f"embedded by PyTorch: the model cannot be copied, {reason}"
    if not isinstance(assistant.embedder, SentenceTransformerEmbedder):
        return "embedded as the sentences are"
    raise PinciteError(f"{FILE} is missing, damaged or of another model: PyTorch embeds them, slowly", "pincite index")


def _seeds(seeds: Path, most: int) -> str:
    files = scan(seeds, most)
    unreadable = [file.name for file in files if not os.access(file.path, os.R_OK)]
    if unreadable:
        raise PinciteError(f"cannot be read: {', '.join(unreadable[:5])}", f"chmod u+r {seeds / unreadable[0]}")
    if not files:
        raise PinciteError(f"{seeds} is empty", f"put reviews into {seeds}, then run pincite index")
    return f"{seeds}, {len(files)} files"


def _space(folder: Path) -> Check:
    there = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:.1f} GB free in {there}"
    if not store.writable(there):
        return Check("Disk", False, f"{there} cannot be written to", f"chmod u+w {there}")
    return Check("Disk", free > _LEAST_SPACE, found, "free some space, or choose another place with --index DIR")


def _sound(connection: sqlite3.Connection, folder: Path) -> str:
    return f"sound, {store.look_over(connection, folder / store.FILE):,} rows as they were stored"


def _exact(connection: sqlite3.Connection) -> str:
    """Every sentence stored is still the words that were embedded."""
    count = 0
    for content, text in connection.execute(
        "SELECT id, text FROM contents WHERE id IN (SELECT content FROM documents)"
    ):
        rows = connection.execute("SELECT start, end, digest FROM sentences WHERE content = ?", (content,))
        for start, end, digest in rows.fetchall():
            count += 1
            if sentence_digest(text[start:end]) != digest:
                raise PinciteError(f"the text of content {content} is not what was embedded", REBUILD)
    return f"{count} sentences are the exact words"


def pending(connection: sqlite3.Connection, seeds: Path, limits: Limits) -> list[str]:
    """What a sync would look at: files new, gone, of another size or time, or that today's readers read otherwise."""
    files = scan(seeds, limits.files)
    found = changes(connection, files)
    new = [f"new: {name}" for name in found.new]
    gone = [f"gone: {name}" for name in found.gone]
    other = [f"changed: {name}" for name in found.changed]
    names = {file.name for file in files}
    stale = stale_contents(connection)
    rows = connection.execute("SELECT name, content FROM documents ORDER BY name")
    reread = [f"to be read again: {name}" for name, content in rows if content in stale and name in names]
    again = []
    if store.get_meta(connection, "reading") != reading_stamp(limits):
        again = [f"to be tried again: {name}" for (name,) in connection.execute("SELECT name FROM skipped")]
    return new + gone + other + reread + again
