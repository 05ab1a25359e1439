"""Any LangChain `Embeddings` as Pincite's embedder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.embedding import ModelIdentity, Vectors
from index.settings import probe

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

_PROBE = "Chimeric antigen receptors are synthetic proteins."
_CHUNK = 256


class LangChainEmbedder:
    """Lets a LangChain `Embeddings` stand in for the model.

    LangChain's interface tells neither a model's weights nor its tokenizer. So what identifies a model is the
    vector of a fixed sentence (see `index.settings.same_shape`: a service's vectors waver in their last digits),
    and tokens are estimated as four characters each, which is what English runs to with the common subword
    vocabularies.

    Args:
        embeddings: The LangChain object.
        name: What to call the model; its own `model`, `model_name` or class by default.
    """

    def __init__(self, embeddings: Embeddings, name: str = "") -> None:
        self._embeddings = embeddings
        stated = name or getattr(embeddings, "model_name", "") or getattr(embeddings, "model", "")
        kind = type(embeddings).__name__
        self._name = f"{kind}:{stated}" if isinstance(stated, str) and stated else kind

    @cached_property
    def identity(self) -> ModelIdentity:
        """Found by embedding one fixed sentence."""
        vector = _unit(np.asarray([self._embeddings.embed_query(_PROBE)], dtype=np.float32))[0]
        return ModelIdentity(self._name, probe(vector), int(vector.shape[0]))

    @property
    def max_tokens(self) -> int:
        """Unknown to LangChain; what the common small models take."""
        return 254

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """An estimate: a token for every four characters."""
        return [-(-len(text) // 4) for text in texts]

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed in chunks, normalised."""
        vectors = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        for first in range(0, len(texts), _CHUNK):
            part = list(texts[first : first + _CHUNK])
            vectors[first : first + len(part)] = _unit(
                np.asarray(self._embeddings.embed_documents(part), dtype=np.float32)
            )
            if progress is not None:
                progress(len(part))
        return vectors

    def embed_question(self, text: str) -> Vectors:
        """The question's vector, normalised."""
        return np.asarray(_unit(np.asarray([self._embeddings.embed_query(text)], dtype=np.float32))[0])


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
