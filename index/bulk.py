"""Many sentences -> vectors: a model run in bulk, the same vector for a sentence whatever it is embedded with.

Each core runs batches of its own. Two threads inside one batch wait for each other at every layer: on two cores that
took a third to a half longer, and far longer when something else ran on one of them.

How a processor sums up depends on the shape of what it is given. So there a sentence is always computed in the same
shape: filled up to a multiple of eight tokens, in a batch whose size follows from that. Its vector then depends neither
on the sentences beside it nor on the number of cores. On a graphics card batches are not filled up.
"""

from __future__ import annotations

import copy
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.cores import cores

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding, Tokenizer

    from index.embedding import Vectors

_STEP = 8  # tokens; lengths are rounded up to a multiple of it
# Tokens: half as many are too little work for each call; more gain nothing, and a small sync has to fill them up.
_BATCH = 512
_BATCH_ON_DEVICE = 65536  # the same for a graphics card
_SAME = {"float32": 0.9999, "bfloat16": 0.999, "float16": 0.999}  # cosine from which a vector counts as the model's own
_PROMPTS = ("document", "passage", "corpus")  # what sentence-transformers looks for, in this order
_COLUMNS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
_PROBES = (
    "No Relapse occurred.",
    " Five patients of eight (62.5 %; 95 % CI, 24–91) had a complete renal response at 12 months [3–5]. ",
    "Zellen, 細胞 et cellules: " + "one word after another, " * 12,
)


class BulkModel:
    """A sentence-transformers model, run in bulk.

    On a processor that computes with bfloat16, the transformer does so (its cosines to single precision are above
    .9998, and it is three times as quick); on a CUDA device it computes in half precision.

    Args:
        model: The model, loaded.
        tokenizer: Its tokenizer, which this one may set up as it likes.
        half: Whether to compute in half precision; if None, where the machine has it in hardware.
    """

    def __init__(self, model: SentenceTransformer, tokenizer: Tokenizer, half: bool | None = None) -> None:
        import torch

        self._device = model.device
        self._filled = on_cpu = self._device.type == "cpu"
        self.precision: str = "float32"
        first, *self._rest = list(model)
        if half or (half is None and (self._device.type == "cuda" or (on_cpu and has_bfloat16()))):
            self.precision = "bfloat16" if on_cpu else "float16"
            first = copy.deepcopy(first).to(getattr(torch, self.precision))
        self._first: torch.nn.Module = first
        self._exact: torch.nn.Module = next(iter(model))
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._limit = int(model.max_seq_length or 512)
        self._tokenizer.enable_truncation(self._limit)
        self._prompt = next((model.prompts[name] or "" for name in _PROMPTS if name in model.prompts), "")
        self._padding = int(getattr(model.tokenizer, "pad_token_id", None) or 0)
        self._tokens = _BATCH if on_cpu else _BATCH_ON_DEVICE
        self._workers = _workers() if on_cpu else 1
        self._columns = tuple(name for name in _COLUMNS if name in model.preprocess([_PROBES[0]]))

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of `texts`, shape (len(texts), dimension), rows of length 1.

        `progress` is called with the number of texts done since the last call; what it raises ends the work.
        """
        import torch

        encoded = self._tokenizer.encode_batch([(self._prompt + text).strip() for text in texts])
        threads = torch.get_num_threads()
        found: dict[int, Vectors] = {}
        with ThreadPoolExecutor(self._workers, "embedding", _one_thread) as pool:
            under_way: list[tuple[list[int], Future[Vectors]]] = []
            try:
                for batch, size, length in self._batches(encoded):
                    given = [encoded[at] for at in batch]
                    under_way.append((batch, pool.submit(self._run, given, size, length)))
                for batch, vectors in under_way:
                    found.update(zip(batch, vectors.result(), strict=True))
                    if progress is not None:
                        progress(len(batch))
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
            finally:
                torch.set_num_threads(threads)  # what a thread sets for itself, those that come after it begin with
        return np.stack([found[at] for at in range(len(texts))])

    def _batches(self, encoded: Sequence[Encoding]) -> Iterator[tuple[list[int], int, int]]:
        """What is run together: places in `encoded`, how many rows the batch has, and how many tokens each."""
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for at, one in enumerate(encoded):
            by_length[min(self._limit, max(_STEP, -(-len(one.ids) // _STEP) * _STEP))].append(at)
        for length in sorted(by_length, reverse=True):  # the longest work first, so that cores end together
            size = max(1, self._tokens // length)
            places = by_length[length]
            for first in range(0, len(places), size):
                yield places[first : first + size], size, length

    def _run(self, batch: Sequence[Encoding], size: int, length: int) -> Vectors:
        vectors = self._within_memory(self._first, batch, size, length)
        if not np.isfinite(vectors).all():  # float16 holds no more than 65,504
            vectors = self._within_memory(self._exact, batch, size, length)
        return vectors

    def _within_memory(self, first: torch.nn.Module, batch: Sequence[Encoding], size: int, length: int) -> Vectors:
        """What a batch gives, in parts where a graphics card has no memory for it whole."""
        import torch

        try:
            return self._computed(first, batch, size, length)
        except torch.OutOfMemoryError:
            if len(batch) == 1:
                raise
        # Not in there, where the error holds on to what was computed.
        middle = len(batch) // 2
        parts = (batch[:middle], batch[middle:])
        return np.concatenate([self._within_memory(first, part, size, length) for part in parts])

    def _computed(self, first: torch.nn.Module, batch: Sequence[Encoding], size: int, length: int) -> Vectors:
        import torch

        rows = [*batch, *[batch[-1]] * (size - len(batch))] if self._filled else batch
        features: dict[str, Any] = {}
        for name in self._columns:
            values = np.full((len(rows), length), self._padding if name == "input_ids" else 0, dtype=np.int64)
            for at, one in enumerate(rows):
                values[at, : len(one.ids)] = getattr(one, _COLUMNS[name])
            features[name] = torch.from_numpy(values).to(self._device)
        with torch.inference_mode():
            features = first(features)
            features["token_embeddings"] = features["token_embeddings"].float()
            for module in self._rest:
                features = module(features)
            vectors = torch.nn.functional.normalize(features["sentence_embedding"].float(), dim=1)
        return np.asarray(vectors[: len(batch)].cpu().numpy(), dtype=np.float32)


def run_in_bulk(model: SentenceTransformer, tokenizer: Path, half: bool | None = None) -> BulkModel | None:
    """A model run in bulk; None for one that makes other vectors so: it wants its texts prepared in a way of its own.

    Args:
        model: The model, loaded.
        tokenizer: Its `tokenizer.json`.
        half: See `BulkModel`.
    """
    from tokenizers import Tokenizer

    own = model.encode_document(list(_PROBES), batch_size=1, normalize_embeddings=True, show_progress_bar=False)
    for choice in (None, False) if half is None else (half,):
        try:
            bulk = BulkModel(model, Tokenizer.from_file(str(tokenizer)), choice)
            likeness = float((bulk.embed(_PROBES) * np.asarray(own, dtype=np.float32)).sum(axis=1).min())
        except Exception:  # noqa: BLE001  models are of many kinds: what cannot be run so is used as it is
            return None
        if likeness >= _SAME[bulk.precision]:
            return bulk
    return None


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware (AVX512-BF16, AMX, or Arm's BF16)."""
    import torch

    able: dict[str, Any] = torch.cpu.get_capabilities()
    return any(able.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def _workers() -> int:
    """One a core; fewer where a person has said so to PyTorch."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(cores(), int(wanted))) if wanted.isdecimal() else cores()


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)
