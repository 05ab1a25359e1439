"""The settings that shape an index. An index made with others is never mixed with."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding import ModelIdentity
from index.model_files import DEFAULT_MODEL
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


_PROBE = "~"  # begins what `probe` makes
_SAME_MODEL = 0.999  # cosine from which two probes are of one model

Shape = dict[str, str | int]
"""Everything that decides what is stored, by name."""


def shape(settings: IndexSettings, model: ModelIdentity) -> Shape:
    """The settings, the model and the splitter that shape the stored vectors.

    The versions of our own readers are not among them: see `index.ingest.tags`.
    """
    return {
        "model": model.name,
        "model weights": model.digest,
        "dimension": model.dimension,
        "passage_tokens": settings.passage_tokens,
        "overlap_sentences": settings.overlap_sentences,
        "sentence splitter": splitter_name(),
    }


def probe(vector: NDArray[np.float32]) -> str:
    """A model identified by a vector it makes: the vector, in eight bits a number."""
    scaled = np.round(vector / max(float(np.abs(vector).max()), 1e-12) * 127).astype(np.int8)
    return _PROBE + b64encode(scaled.tobytes()).decode()


def same_shape(stored: Shape, wanted: Shape) -> bool:
    """Whether two shapes are the same; vectors that identify a model (see `probe`) may differ as noise does."""
    return not _different(stored, wanted)


def differences(stored: Shape, wanted: Shape) -> str:
    """What differs, in words: "passage_tokens (256 in the index, 128 asked for)"."""
    return "; ".join(
        f"{key} ({_short(stored.get(key))} in the index, {_short(wanted.get(key))} asked for)"
        for key in _different(stored, wanted)
    )


def _different(stored: Shape, wanted: Shape) -> list[str]:
    return [key for key in wanted if not _same(stored.get(key), wanted.get(key))]


def _same(one: str | int | None, other: str | int | None) -> bool:
    if one == other:
        return True
    if not (isinstance(one, str) and isinstance(other, str) and one.startswith(_PROBE) and other.startswith(_PROBE)):
        return False
    vectors = [np.frombuffer(b64decode(text[1:]), dtype=np.int8).astype(np.float32) for text in (one, other)]
    if vectors[0].shape != vectors[1].shape:
        return False
    lengths = float(np.linalg.norm(vectors[0]) * np.linalg.norm(vectors[1]))
    return float(vectors[0] @ vectors[1]) >= _SAME_MODEL * lengths


def _short(value: str | int | None) -> str:
    text = "none" if value is None else str(value)
    return f"{text[:12]}…" if len(text) >= 64 else text  # a digest says enough in its first characters
