"""When the copy of the model for questions is made, looked for, and told of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.embedding import Embedder, SentenceTransformerEmbedder
from index.question_model import is_old, read_notes
from index.report import Progress, ProgressCallback


def keep_copy(
    embedder: Embedder,
    folder: Path,
    progress: ProgressCallback | None = None,
    notice: Callable[[str], None] | None = None,
) -> None:
    """Keep a copy of the model for questions in an index folder, if it can be copied and none is there.

    Without one, PyTorch embeds questions; so nothing that goes wrong here ends a sync.

    Args:
        embedder: The model; embedders of other kinds have nothing to copy.
        folder: The index folder.
        progress: Told when one is made, which takes seconds.
        notice: Told, in words, why there is none.
    """
    if not isinstance(embedder, SentenceTransformerEmbedder) or not lacks_copy(embedder, folder):
        return
    step = "Preparing the model for questions"
    if progress is not None:
        progress(Progress(step, 0, 1))
    try:
        reason = embedder.keep_copy(folder)
    except OSError as error:
        reason = f"it cannot be written to {folder}: {error.strerror or error}"
    if reason and notice is not None:
        notice(f"There is no copy of the model for questions, and PyTorch embeds them, more slowly: {reason}.")
    if progress is not None:
        progress(Progress(step, 1, 1))


def lacks_copy(embedder: Embedder, folder: Path) -> bool:
    """Whether an index folder has no copy of the model for questions, or an old one, though one may be made."""
    able = isinstance(embedder, SentenceTransformerEmbedder) and not unable(embedder, folder)
    return able and (not find_copy(embedder, folder) or is_old(folder))


def has_copy(embedder: Embedder) -> bool:
    """Whether questions are embedded by a copy, on this machine and in a few milliseconds."""
    return isinstance(embedder, SentenceTransformerEmbedder) and embedder.has_copy


def rounds_questions(embedder: Embedder) -> bool:
    """Whether questions are embedded by a copy with rounded weights."""
    return isinstance(embedder, SentenceTransformerEmbedder) and embedder.rounds_questions


def unable(embedder: Embedder, folder: Path) -> str:
    """Why the model cannot be copied, as an index folder notes; "" if nothing is noted of this model."""
    notes = read_notes(folder)
    return notes.unable if notes is not None and notes.model == embedder.identity.digest else ""


def find_copy(embedder: Embedder, folder: Path) -> bool:
    """Embed questions with the copy that an index folder keeps; whether it has one."""
    return isinstance(embedder, SentenceTransformerEmbedder) and embedder.find_copy(folder)
