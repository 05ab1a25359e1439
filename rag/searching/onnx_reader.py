"""The reader that comes with Pincite (`reader/`), run by ONNX Runtime without PyTorch.

A cross-encoder reads question and sentence together, and so reads the question once for every sentence. This one reads
the question by itself, once, and keeps what each layer's attention makes of it (keys and values, as a language model
keeps those of a prompt); the words of a sentence then see each other and the question. `benchmarks/distil_reader.py`
made it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.beside import Beside
from index.cores import cores
from index.digests import sha256_of
from index.embedding import Vectors
from index.errors import ModelMissingError
from index.model_files import check_files, read_json

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

_MEND = 'install Pincite again, or set reader = "none"'

QUESTION_TOKENS, SENTENCE_TOKENS = 48, 72
"""Of each so many at most, with the tokens that begin and end them; what is longer is cut off."""

Given = dict[str, np.ndarray[Any, Any]]
"""What the model takes, by name."""


class OnnxReader:
    """A reader in a folder: `model.onnx` and `tokenizer.json`. Loaded when first used.

    Every use raises ModelMissingError where the folder lacks one of them, or where one is not what the folder's
    `about.json` says of it, if that says anything (`sha256`: digests by name).

    Args:
        folder: Where they are; those that come with Pincite if None.
        threads: Sentences of a question read side by side; 0 for one a core.
    """

    def __init__(self, folder: Path | None = None, threads: int = 0) -> None:
        self._folder = folder or Path(str(files("rag.searching") / "reader"))
        self._threads = threads or cores()
        self._loading = threading.Lock()
        self._beside = Beside(max(self._threads - 1, 1))
        self._coming: tuple[str, Callable[[], tuple[int, Given]]] | None = None

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

    def ask(self, question: str) -> None:
        """See `rag.searching.reading.Reader`."""
        self._coming = question, self._beside.begin(lambda: self._asked(question))

    def read(self, question: str, sentences: Sequence[str]) -> Vectors:
        """See `rag.searching.reading.Reader`."""
        if not sentences:
            return np.zeros(0, dtype=np.float32)
        self.load()
        coming, kept = self._coming or ("", None)
        length, before = kept() if kept is not None and coming == question else self._asked(question)
        scores = np.zeros(len(sentences), dtype=np.float32)
        # The longest first, so that all are done at the same time. A step of an iterator is one of the interpreter: no
        # place is taken twice.
        left = iter(sorted(range(len(sentences)), key=lambda at: -len(sentences[at])))

        def read_on() -> None:
            # One by one: what a sentence is given does not depend on others, for 8 bits round by the largest number.
            for at in left:
                given = block(self._tokens(sentences[at], SENTENCE_TOKENS), length) | before
                scores[at] = self._session.run(["score"], given)[0][0]

        # Two threads inside the model save a fifth of the time, two beside each other half. This thread is one of them:
        # where it only waited, and all the others had to wake up first, the same took half as long again.
        helpers = [self._beside.begin(read_on) for _ in range(min(self._threads, len(sentences)) - 1)]
        read_on()
        for helper in helpers:
            helper()  # where none was free so far, there is nothing left to do
        return np.asarray(1.0 / (1.0 + np.exp(-scores)), dtype=np.float32)

    def _asked(self, question: str) -> tuple[int, Given]:
        """How many tokens a question has, and what is kept of it."""
        self.load()
        tokens = self._tokens(question, QUESTION_TOKENS)
        kept = self._session.run(self._kept, block(tokens, 0) | self._nothing)
        return len(tokens), dict(zip(self._nothing, kept, strict=True))

    def _tokens(self, text: str, most: int) -> list[int]:
        begin, end = self._ends
        return [begin, *self._tokenizer.encode(text, add_special_tokens=False).ids[: most - 2], end]

    @cached_property
    def _ends(self) -> tuple[int, int]:
        begin, end = self._tokenizer.encode("").ids
        return begin, end

    @cached_property
    def _kept(self) -> list[str]:
        """The outputs that tell what is kept of a question."""
        return [one.name for one in self._session.get_outputs() if one.name != "score"]

    @cached_property
    def _nothing(self) -> Given:
        """What stands before a question, in the order of `_kept`: no words."""
        shapes = {one.name: one.shape for one in self._session.get_inputs()}
        names = [f"past_{name}" for name in self._kept]
        return {name: np.zeros((1, shapes[name][1], 0, shapes[name][3]), dtype=np.float32) for name in names}

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
        tokenizer.no_truncation()
        return tokenizer

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


def block(tokens: Sequence[int], asked: int) -> Given:
    """What the model takes of a question (`asked` is 0), or of a sentence after a question of so many tokens.

    The token that begins a sentence is of the first kind and at the first place, as that of a question is; the others
    go on where the question ends.
    """
    count = len(tokens)
    kinds, places = np.zeros((1, count), dtype=np.int64), np.arange(count, dtype=np.int64)[None]
    if asked:
        kinds[:, 1:] = 1
        places[:, 1:] += asked - 1
    return {"input_ids": np.array([tokens], dtype=np.int64), "token_type_ids": kinds, "position_ids": places}
