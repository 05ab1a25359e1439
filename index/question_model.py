"""A copy of the model that embeds questions alone, run by ONNX Runtime: it loads and runs faster than PyTorch.

It is made once (`index.question_export`), checked against the model, and kept beside the index. Sentences are embedded
by PyTorch, in bulk.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.digests import sha256_of

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

    from index.embedding import Vectors

FILE = "questions.onnx"
NOTES = "questions.json"

MADE = 4
"""How copies are made; those made otherwise are used until they are made anew. 4: rounded to 8 bits with few scales,
attention step by step."""

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


@dataclass(frozen=True, slots=True)
class Notes:
    """What is known of a copy.

    Args:
        model: The digest of the model's weights.
        sha256: Of the copy; "" if there is none.
        inputs: What it takes, by name.
        prompt: What the model wants said before a question.
        max_tokens: Of a question; what is longer is cut off.
        unable: Why the model cannot be copied; "" if it was.
        made: How it was made, see `MADE`.
        rounded: Whether its weights are rounded to 8 bits.
    """

    model: str
    sha256: str = ""
    inputs: tuple[str, ...] = ()
    prompt: str = ""
    max_tokens: int = 0
    unable: str = ""
    made: int = 1
    rounded: bool = False


class QuestionModel:
    """The copy at work. Safe to use from many threads."""

    def __init__(self, file: Path, notes: Notes, tokenizer: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.file = file.absolute()  # whatever the working folder is later
        self.notes = notes
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(notes.max_tokens)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a question is short: a second thread gains little, and others ask too
        self._session: onnxruntime.InferenceSession = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )

    def is_kept_in(self, folder: Path) -> bool:
        """Whether it is the very copy that an index folder keeps."""
        try:
            return self.file.samefile(folder / FILE) and read_notes(folder) == self.notes
        except OSError:
            return False

    def embed(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,), of length 1."""
        found: Vectors = np.asarray(self._session.run(None, self.given(text))[0], dtype=np.float32).reshape(-1)
        return found

    def given(self, text: str) -> dict[str, NDArray[np.int64]]:
        """What the network is given of a question, by name: each of shape (1, tokens)."""
        encoded = self._tokenizer.encode((self.notes.prompt + text).strip())
        columns = dict(zip(INPUTS, (encoded.ids, encoded.attention_mask, encoded.type_ids), strict=True))
        return {name: np.array([columns[name]], dtype=np.int64) for name in self.notes.inputs}


def find(folder: Path, model: str, tokenizer: Path) -> QuestionModel | None:
    """The copy kept in an index folder; None if there is none, it is damaged, or it is of another model.

    Args:
        folder: The index folder.
        model: The digest of the model's weights.
        tokenizer: The model's `tokenizer.json`.
    """
    notes = read_notes(folder)
    if notes is None or notes.model != model or not notes.sha256 or not tokenizer.is_file():
        return None
    try:
        if sha256_of([folder / FILE]) == notes.sha256:
            return QuestionModel(folder / FILE, notes, tokenizer)
    except Exception:  # noqa: BLE001  whatever is wrong with it: PyTorch answers for it
        return None
    return None


def read_notes(folder: Path) -> Notes | None:
    """What an index folder notes of its copy."""
    try:
        stored = json.loads((folder / NOTES).read_text(encoding="utf-8"))
        return Notes(**(stored | {"inputs": tuple(stored["inputs"])}))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def is_old(folder: Path) -> bool:
    """Whether the copy that an index folder keeps was made as they no longer are."""
    notes = read_notes(folder)
    return notes is not None and notes.made != MADE
