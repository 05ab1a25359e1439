"""Readers: models that read a question and a sentence together and say how likely the one answers the other.

The default one (`reader/`) is small, was trained by `benchmarks/train_reader.py` and comes with Pincite. Any
sentence-transformers CrossEncoder can be named instead.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.digests import sha256_of
from index.embedding import Vectors
from index.errors import ModelMissingError
from index.model_files import check_files, find_model, read_json

if TYPE_CHECKING:
    import onnxruntime
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer

DEFAULT_READER = "default"
NO_READER = "none"
_MEND = 'install Pincite again, or set reader = "none"'

MAX_TOKENS = 96
"""Of a question and a sentence together; what is longer is cut off."""


class Reader(Protocol):
    """Says how likely a sentence answers a question. Safe to use from many threads."""

    @property
    def identity(self) -> str:
        """A name and a digest of the weights: what the scores depend on."""

    def read(self, question: str, sentences: Sequence[str]) -> Vectors:
        """The chance that each sentence answers the question, 0 to 1; shape (sentences,)."""


class OnnxReader:
    """A reader in a folder: `model.onnx` and `tokenizer.json`. Loaded when first used, without PyTorch.

    Every use raises ModelMissingError where the folder lacks one of them, or where one is not what the folder's
    `about.json` says of it, if that says anything (`sha256`: digests by name).

    Args:
        folder: Where they are; those that come with Pincite if None.
        threads: Sentences read side by side, by all who use this reader; 0 for one a core.
    """

    def __init__(self, folder: Path | None = None, threads: int = 0) -> None:
        self._folder = folder or Path(str(files("rag.searching") / "reader"))
        self._threads = threads
        self._loading = threading.Lock()

    @cached_property
    def identity(self) -> str:
        """The folder's name and the SHA-256 of the model, once its files are known to be what `about.json` says."""
        about = read_json(self._folder / "about.json").get("sha256")
        check_files(self._folder, about if isinstance(about, dict) else {}, "this reader", _MEND)
        return f"{self._folder.name}:{sha256_of([self._file('model.onnx')])}"

    def load(self) -> None:
        """Load it now, or wait until another thread has."""
        with self._loading:
            _ = self.identity, self._tokenizer, self._session  # looked at before they are loaded

    def read(self, question: str, sentences: Sequence[str]) -> Vectors:
        """See `Reader`."""
        if not sentences:
            return np.zeros(0, dtype=np.float32)
        self.load()
        tokenizer, session = self._tokenizer, self._session

        def score(sentence: str) -> float:
            encoded = tokenizer.encode(question, sentence)
            columns = {"input_ids": encoded.ids, "attention_mask": encoded.attention_mask}
            columns["token_type_ids"] = encoded.type_ids
            given = {name: np.array([column], dtype=np.int64) for name, column in columns.items()}
            return float(np.asarray(session.run(None, given)[0]).reshape(-1)[0])

        # One by one, a thread each: two threads inside the model save a fifth of the time, two beside each other half.
        # And what a sentence is given does not depend on the others.
        scores = np.fromiter(self._pool.map(score, sentences), dtype=np.float32, count=len(sentences))
        return np.asarray(1.0 / (1.0 + np.exp(-scores)), dtype=np.float32)

    def _file(self, name: str) -> Path:
        file = self._folder / name
        if not file.is_file():
            raise ModelMissingError(f"The reader in {self._folder} has no {name}.", _MEND)
        return file

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._file("tokenizer.json")))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        return tokenizer

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads or os.cpu_count() or 1, thread_name_prefix="reader")

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(
            str(self._file("model.onnx")),
            options,
            providers=["CPUExecutionProvider"],
            # The fused operation takes several times as long as the two that it stands for: a sixth of all the time.
            disabled_optimizers=["SkipLayerNormFusion"],
        )


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
    if (Path(name) / "model.onnx").is_file():
        return OnnxReader(Path(name))
    return CrossEncoderReader(name)
