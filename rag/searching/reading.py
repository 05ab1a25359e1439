"""Readers: models that read a question and a sentence together and say how likely the one answers the other.

The default one (`onnx_reader.py`) is small and comes with Pincite. Any sentence-transformers CrossEncoder can be named
instead.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.embedding import Vectors
from index.errors import ModelMissingError
from index.model_files import find_model
from rag.searching.onnx_reader import OnnxReader

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

DEFAULT_READER = "default"
NO_READER = "none"


class Reader(Protocol):
    """Says how likely a sentence answers a question. Safe to use from many threads."""

    @property
    def identity(self) -> str:
        """A name and a digest of the weights: what the scores depend on."""

    def ask(self, question: str) -> None:
        """Told which question comes while its sentences are still looked for; returns at once."""

    def read(self, question: str, sentences: Sequence[str]) -> Vectors:
        """The chance that each sentence answers the question, 0 to 1; shape (sentences,)."""


class CrossEncoderReader:
    """Any sentence-transformers CrossEncoder with one score, by its id or folder."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loaded: CrossEncoder | None = None

    @property
    def identity(self) -> str:
        """The name alone: which weights stand behind it is the hub's affair."""
        return self._name

    def ask(self, question: str) -> None:
        """See `Reader`; it reads the question anew with each sentence."""

    def read(self, question: str, sentences: Sequence[str]) -> Vectors:
        """See `Reader`."""
        if not sentences:
            return np.zeros(0, dtype=np.float32)
        from torch.nn import Sigmoid

        pairs = [(question, sentence) for sentence in sentences]
        scores = self._model().predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32).reshape(len(sentences), -1)[:, -1]

    def _model(self) -> CrossEncoder:
        with self._lock:
            if self._loaded is None:
                from sentence_transformers import CrossEncoder

                try:
                    folder = str(find_model(self._name))
                    self._loaded = CrossEncoder(
                        folder, local_files_only=True, trust_remote_code=False, model_kwargs={"use_safetensors": True}
                    )
                except (OSError, ValueError, ModelMissingError) as error:
                    raise ModelMissingError(
                        f"The reader {self._name} is not on this machine and cannot be fetched.",
                        f"hf download {self._name}",
                    ) from error
            return self._loaded


def open_reader(name: str) -> Reader | None:
    """The reader that a setting names, not loaded yet; None for "none"."""
    if name == NO_READER:
        return None
    if name == DEFAULT_READER:
        return OnnxReader()
    if all((Path(name) / file).is_file() for file in ("model.onnx", "about.json")):  # made as the default one is
        return OnnxReader(Path(name))
    return CrossEncoderReader(name)
