"""Making the copy of the model that embeds questions (`index.question_model`), and keeping it in an index folder."""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.digests import sha256_of
from index.question_model import FILE, INPUTS, MADE, NOTES, Notes, QuestionModel
from index.question_rounding import round_weights, spreads

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.embedding import Vectors

_SAME = 0.9999  # cosine to the model's own vector, from which the copy counts as the model
_ROUNDED = 0.999  # and with its weights rounded: what embedding in half precision keeps to as well
_ROUGHER = (1.6, 1.2, 0.0)  # times as much as at best that a product may lose by that: the quickest first
_OPSET = 17
_KILLED = 3600.0  # seconds after which a copy half made is one that a killed process left
_log = logging.getLogger(__name__)

_QUESTIONS = (
    "What is known?",
    " Did renal function recover in the 15 patients with lupus nephritis (SLEDAI-2K ≥ 8) who had no other therapy? ",
    "Quelle est la durée de l’aplasie des lymphocytes B ?",
    "Was sagt die Übersicht über das Zytokin-Freisetzungssyndrom?",
    "自己免疫疾患に対するCAR-T細胞療法",
    "How does metformin lower blood glucose?",
    "Which trials compared surgery with watchful waiting, and what was the mortality at 5 years?",
    "side effects of CD19 CAR-T in systemic sclerosis",
    "Is there an association between vitamin D deficiency and multiple sclerosis?",
    "IL-6, TNF-α and IFN-γ levels after infusion",
    "What is the difference between autologous and allogeneic transplantation?",
    "Why do climate models disagree on cloud feedback?",
    "Who funded the study?",
    "Can transformers be trained with fewer labelled examples?",
    "List the proteins that bind to ACE2.",
    "mRNA vaccine efficacy against B.1.351 in adults > 65 y",
    "What did the authors conclude about the cost per quality-adjusted life year?",
)
_PROBES = (*_QUESTIONS, "cells " * 700)  # longer than any model reads


def link(copy: QuestionModel, folder: Path) -> None:
    """Keep in a folder the copy that another one has.

    Raises:
        OSError: It cannot be written.
    """
    part = _part(folder)
    try:
        try:
            os.link(copy.file, part)  # it is never changed, only replaced
        except OSError:
            shutil.copyfile(copy.file, part)
        _commit(part, folder, copy.notes)
    finally:
        part.unlink(missing_ok=True)


def make(model: SentenceTransformer, weights: str, tokenizer: Path, folder: Path) -> Notes:
    """Copy a model, check the copy, and keep it in a folder; a model that cannot be copied is noted as such.

    Args:
        model: The model, loaded.
        weights: The digest of its weights.
        tokenizer: Its `tokenizer.json`.
        folder: The index folder.

    Raises:
        OSError: The copy cannot be written.
    """
    part = _part(folder)
    try:
        notes = _made(model, weights, tokenizer, part)
        _commit(part, folder, notes)
    finally:
        part.unlink(missing_ok=True)
    return notes


def _made(model: SentenceTransformer, weights: str, tokenizer: Path, part: Path) -> Notes:
    if not tokenizer.is_file():
        return Notes(weights, unable="it has no tokenizer.json")
    try:
        inputs = _export(model, part)
        prompt, most = model.prompts.get("query") or "", int(model.max_seq_length or 512)
        notes = Notes(weights, inputs=inputs, prompt=prompt, max_tokens=most, made=MADE)
        own = _own(model)
        likeness = _likeness(part, notes, tokenizer, own)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  models are of many kinds: what cannot be copied is used as it is
        return Notes(weights, unable=f"ONNX cannot express it ({type(error).__name__})")
    if likeness < _SAME:
        return Notes(weights, unable=f"its copy makes other vectors (cosine {likeness:.4f})")
    return _rounded(part, notes, tokenizer, own)


def _rounded(part: Path, notes: Notes, tokenizer: Path, own: Vectors) -> Notes:
    """Round the weights of a copy, as quick or else as exact as may be, if it makes nearly the same vectors then."""
    less = part.with_name(f"{part.name}.rounded")
    try:
        whole = QuestionModel(part, notes, tokenizer)
        scaling = spreads(part, [whole.given(text) for text in _QUESTIONS])
        for rougher in _ROUGHER:
            shutil.copyfile(part, less)
            if round_weights(less, scaling, rougher) and _likeness(less, notes, tokenizer, own) >= _ROUNDED:
                less.replace(part)
                notes = replace(notes, rounded=True)
                break
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  whatever keeps it from being rounded: there is the whole copy
        _log.debug("The copy for questions cannot be rounded: %s", error)
    finally:
        less.unlink(missing_ok=True)
    return replace(notes, sha256=sha256_of([part]))


def _likeness(file: Path, notes: Notes, tokenizer: Path, own: Vectors) -> float:
    """The least cosine of a copy's vectors of the probes to the model's own."""
    copy = QuestionModel(file, notes, tokenizer)
    return min(float(copy.embed(text) @ vector) for text, vector in zip(_PROBES, own, strict=True))


def _own(model: SentenceTransformer) -> Vectors:
    vectors = model.encode_query(list(_PROBES), batch_size=1, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(vectors, dtype=np.float32)


def _export(model: SentenceTransformer, file: Path) -> tuple[str, ...]:
    """Write a model as ONNX, from the tokens of one text to its vector of length 1; what it takes, by name."""
    import torch

    class Whole(torch.nn.Module):  # type: ignore[misc]  # PyTorch is not typed here
        """All modules of the model in one, with plain inputs."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *columns: torch.Tensor) -> torch.Tensor:
            features = dict(zip(names, columns, strict=True))
            for module in self.model:
                features = module(features)
            return torch.nn.functional.normalize(features["sentence_embedding"].float(), dim=1)

    example = model.preprocess([_PROBES[0]])
    names = tuple(name for name in INPUTS if name in example)
    given = tuple(example[name].to(model.device) for name in names)
    with warnings.catch_warnings(), torch.inference_mode(), _step_by_step(model):
        # The tracer warns of each branch it does not follow; the copy is checked with texts of other lengths.
        warnings.simplefilter("ignore")
        # TorchScript's exporter: the newer one needs two packages more, and takes five times as long.
        torch.onnx.export(
            Whole().eval(),
            given,
            str(file),
            input_names=list(names),
            output_names=["vector"],
            dynamic_axes={name: {1: "tokens"} for name in names},
            opset_version=_OPSET,
            dynamo=False,
        )
    return names


@contextmanager
def _step_by_step(model: SentenceTransformer) -> Iterator[None]:
    """Attention as its plain steps: PyTorch's one operation becomes these and more, a twentieth of the time."""
    parts = [part for part in model.modules() if hasattr(part, "set_attn_implementation")]
    used = [part.config._attn_implementation for part in parts]
    try:
        for part in parts:
            with suppress(ValueError):  # a model that knows one way alone
                part.set_attn_implementation("eager")
        yield
    finally:
        for part, way in zip(parts, used, strict=True):
            part.set_attn_implementation(way)


def _part(folder: Path) -> Path:
    for left in folder.glob(f".{FILE}.*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _KILLED:
                left.unlink()
    return folder / f".{FILE}.{os.getpid()}"


def _commit(part: Path, folder: Path, notes: Notes) -> None:
    """The copy first, then the notes that name its digest: a copy that they do not fit is no copy."""
    written = part.with_suffix(".json")
    try:
        if notes.sha256:
            _onto_disk(part)
            part.replace(folder / FILE)
        else:
            (folder / FILE).unlink(missing_ok=True)
        written.write_text(json.dumps(asdict(notes), indent=1), encoding="utf-8")
        _onto_disk(written)
        written.replace(folder / NOTES)
    finally:
        with suppress(OSError):
            written.unlink(missing_ok=True)


def _onto_disk(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
