"""Models loaded ahead, for a process that is to answer one question.

Importing what an answer needs takes about as long as loading the models. The one is the interpreter's work and the
other is not, so they go side by side.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.embedding import SentenceTransformerEmbedder
from index.question_model import read_notes
from rag.searching.onnx_reader import OnnxReader
from rag.searching.reading import open_reader

if TYPE_CHECKING:
    from rag.searching.reading import Reader
    from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Models:
    """What an assistant answers with; None for what it is to find itself."""

    embedder: SentenceTransformerEmbedder | None = None
    reader: Reader | None = None


def load_ahead(settings: Settings) -> Models:
    """The models that the settings name, which go on loading in threads of their own.

    What goes wrong there is not told: it goes wrong again where they are used, and is told then.
    """
    embedder, reader = SentenceTransformerEmbedder(settings.model), open_reader(settings.reader)
    threads = ThreadPoolExecutor(2, thread_name_prefix="loading")
    # Where there is no index, what comes first is to be told first: no folder of reviews, or a model to be fetched.
    if settings.question_model == "copy" and read_notes(settings.index) is not None:
        threads.submit(embedder.find_copy, settings.index)
    if isinstance(reader, OnnxReader):
        threads.submit(reader.load)
    threads.shutdown(wait=False)
    return Models(embedder, reader)
