"""The settings that shape an index. An index made with others is never mixed with."""

from __future__ import annotations

from dataclasses import dataclass

from index.chunking import CHUNKING_VERSION
from index.cleaning import CLEANING_VERSION
from index.embedding import DEFAULT_MODEL, ModelIdentity
from index.readers import READERS_VERSION
from index.sentences import splitter_name


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What a person may choose about an index.

    Args:
        model: A sentence-transformers id or folder.
        passage_tokens: Model tokens a passage is filled to.
        overlap_sentences: Sentences that neighbouring passages share.
    """

    model: str = DEFAULT_MODEL
    passage_tokens: int = 256
    overlap_sentences: int = 1


Shape = dict[str, str | int]
"""Everything that decides what is stored, by name."""


def shape(settings: IndexSettings, model: ModelIdentity) -> Shape:
    """The settings, the model's weights and the versions of our own code that shape the stored vectors."""
    return {
        "model": model.name,
        "model weights": model.digest,
        "dimension": model.dimension,
        "passage_tokens": settings.passage_tokens,
        "overlap_sentences": settings.overlap_sentences,
        "sentence splitter": splitter_name(),
        "chunking version": CHUNKING_VERSION,
        "cleaning version": CLEANING_VERSION,
        "readers version": READERS_VERSION,
    }


def differences(stored: Shape, wanted: Shape) -> str:
    """What differs, in words: "passage_tokens (256 in the index, 128 asked for)"."""
    keys = [key for key in wanted | stored if stored.get(key) != wanted.get(key)]
    return "; ".join(
        f"{key} ({_short(stored.get(key))} in the index, {_short(wanted.get(key))} asked for)" for key in keys
    )


def _short(value: str | int | None) -> str:
    text = "none" if value is None else str(value)
    return f"{text[:12]}…" if len(text) == 64 else text  # a digest says enough in its first characters
