"""Readers: models that read a question and a sentence together and say how likely the one answers the other.

The default one (`reader/`) is small, was trained by `benchmarks/train_reader.py` and comes with Pincite. Any
sentence-transformers CrossEncoder can be named instead.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.embedding import Vectors
from index.errors import ModelMissingError

if TYPE_CHECKING:
    import onnxruntime
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer

DEFAULT_READER = "default"
NO_READER = "none"

MAX_TOKENS = 96
"""Of a question and a sentence together; what is longer is cut off."""

_BATCH = 8  # of like length, so that little is computed on padding


class Reader(Protocol):
    """Says how likely a sentence answers a question. Safe to use from many threads."""

    @property
    def identity(self) -> str:
        """A name and a digest of the weights: what the scores depend on."""

    def read(self, question: str, sentences: Sequence[str]) -> Vectors:
        """The chance that each sentence answers the question, 0 to 1; shape (sentences,)."""


class OnnxReader:
    """A reader in a folder: `model.onnx` and `tokenizer.json`. Loaded when first used, without PyTorch.

    Every use raises ModelMissingError where the folder lacks one of them.
    """

    def __init__(self, folder: Path | None = None, threads: int = 0) -> None:
        self._folder = folder or Path(str(files("rag.searching") / "reader"))
        self._threads = threads

    @cached_property
    def identity(self) -> str:
        """The folder's name and the SHA-256 of the model."""
        digest = hashlib.sha256(self._file("model.onnx").read_bytes()).hexdigest()
        return f"{self._folder.name}:{digest}"

    def read(self, question: str, sentences: Sequence[str]) -> Vectors:
        """See `Reader`."""
        scores = np.zeros(len(sentences), dtype=np.float32)
        if not sentences:
            return scores
        encoded = self._tokenizer.encode_batch([(question, sentence) for sentence in sentences])
        order = sorted(range(len(encoded)), key=lambda at: len(encoded[at].ids))
        session = self._session
        for first in range(0, len(order), _BATCH):
            part = order[first : first + _BATCH]
            length = len(encoded[part[-1]].ids)
            ids, mask, types = (np.zeros((len(part), length), dtype=np.int64) for _ in range(3))
            for row, at in enumerate(part):
                size = len(encoded[at].ids)
                ids[row, :size], types[row, :size], mask[row, :size] = encoded[at].ids, encoded[at].type_ids, 1
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
            scores[part] = np.asarray(session.run(None, given)[0], dtype=np.float32).reshape(-1)
        return np.asarray(1.0 / (1.0 + np.exp(-scores)), dtype=np.float32)

    def _file(self, name: str) -> Path:
        file = self._folder / name
        if not file.is_file():
            raise ModelMissingError(
                f"The reader in {self._folder} has no {name}.", 'install Pincite again, or set reader = "none"'
            )
        return file

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._file("tokenizer.json")))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        return tokenizer

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads leave the cores alone
        return onnxruntime.InferenceSession(str(self._file("model.onnx")), options, providers=["CPUExecutionProvider"])


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
                    self._loaded = CrossEncoder(
                        self._name, trust_remote_code=False, model_kwargs={"use_safetensors": True}
                    )
                except (OSError, ValueError) as error:
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
    if (Path(name) / "model.onnx").is_file():
        return OnnxReader(Path(name))
    return CrossEncoderReader(name)
