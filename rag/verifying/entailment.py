"""A model trained on entailment, as a second opinion: any sentence-transformers CrossEncoder with three labels."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from index.errors import ModelMissingError, UsageError
from index.model_files import find_model

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_SURE = 0.5
"""The chance of entailment from which the judge agrees."""


class EntailmentJudge:
    """Says whether a quote entails a sentence. Loaded when first used; safe to use from many threads.

    Args:
        name: An id or folder, for example "cross-encoder/nli-deberta-v3-small".
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loaded: tuple[CrossEncoder, int] | None = None

    def load(self) -> None:
        """Load the model now.

        Raises:
            ModelMissingError: It is not on this machine and cannot be fetched.
            UsageError: It is not trained on entailment.
        """
        self._model()

    def entails(self, quote: str, claim: str) -> bool:
        """Whether the quote entails the sentence; raises as `load` does."""
        model, label = self._model()
        with self._lock:
            scores = np.asarray(model.predict([(quote, claim)], show_progress_bar=False))[0].astype(np.float64)
        chances = np.exp(scores - scores.max())
        return bool(chances[label] / chances.sum() >= _SURE)

    def _model(self) -> tuple[CrossEncoder, int]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> tuple[CrossEncoder, int]:
        from sentence_transformers import CrossEncoder

        try:
            folder = str(find_model(self._name))
            model = CrossEncoder(
                folder, local_files_only=True, trust_remote_code=False, model_kwargs={"use_safetensors": True}
            )
        except (OSError, ValueError, ModelMissingError) as error:
            raise ModelMissingError(
                f"The verifier {self._name} is not on this machine and cannot be fetched.", f"hf download {self._name}"
            ) from error
        labels = {str(label).lower(): int(at) for at, label in (model.config.id2label or {}).items()}
        found = [at for label, at in labels.items() if label.startswith("entail")]
        if len(found) != 1 or len(labels) < 2:
            raise UsageError(
                f"The verifier {self._name} is not trained on entailment; its labels: {', '.join(labels) or 'none'}."
            )
        return model, found[0]
