"""Sets of questions, told by what their folder holds: one's own, and the formats of public sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from rag.evaluation import public
from rag.evaluation.questions import Asked, objects, placed, read_questions

if TYPE_CHECKING:
    from rag.assistant import Assistant

QUESTIONS = "questions.jsonl"
_SHELVES = ("documents", "docs", "seeds")
_KNOWN = (
    f"A folder to be scored holds {QUESTIONS}, and its documents in {', '.join(_SHELVES[:-1])} or {_SHELVES[-1]}; "
    "docs/evaluation.md lists the public sets that are read too"
)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the documents they are asked of: a folder, or names and texts, or None for a shelf of one's own.

    `place` makes the questions ready to be asked of an assistant over those documents.
    """

    name: str
    documents: Path | Mapping[str, str] | None
    place: Callable[[Assistant], list[Asked]]


def read_set(path: Path) -> QuestionSet:
    """The questions of a file, or of a folder in any format known.

    Raises:
        UsageError: There is none, or it is not as its format has it; names file and line.
    """
    if path.is_file():
        return _own(path, None)
    if not path.is_dir():
        raise UsageError(f"There is no file or folder {path}.")
    shelf = next((path / name for name in _SHELVES if (path / name).is_dir()), None)
    for documents, questions, parse in _FORMATS:
        files = sorted(path.glob(questions))
        if files and (path / documents).exists():
            rows = list(chain.from_iterable(_rows(file) for file in files))
            if parse is public.golden and "gold_quotes" not in rows[0][1]:
                continue  # one's own format, in a folder of the same shape
            return _public(path, documents, rows, parse)
    own = path / QUESTIONS
    if own.is_file():
        first = next((row for _, row in objects(own)), {})
        if shelf is None and set(first) >= public.DECLINED:
            return _public(path, "", list(_rows(own)), public.declined)
        return _own(own, shelf)
    raise UsageError(f"{path} is no set of questions. {_KNOWN}.")


def _own(file: Path, shelf: Path | None) -> QuestionSet:
    written = read_questions(file)
    name = file.stem if shelf is None else file.parent.resolve().name
    return QuestionSet(name, shelf, lambda assistant: placed(file, written, assistant))


Row = tuple[str, dict[str, Any]]
"""A line of a public set: where it stands, and what it says."""

_Parse = Callable[[public.Row, public.Corpus], Iterator[Asked]]


def _public(path: Path, documents: str, rows: list[Row], parse: _Parse) -> QuestionSet:
    corpus = public.Corpus()
    shelf: Path | Mapping[str, str] | None = None
    if documents and (path / documents).is_dir():
        shelf = path / documents
    elif documents:
        for at, row in _rows(path / documents):
            try:
                public.DOCUMENTS[documents](row, corpus)
            except (KeyError, TypeError, AttributeError) as error:
                raise _malformed(at, error) from error
        shelf = corpus.texts
    asked: list[Asked] = []
    for at, row in rows:
        try:
            asked += parse(row, corpus)
        except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
            raise _malformed(at, error) from error
    return QuestionSet(path.resolve().name, shelf, lambda _: asked)


def _rows(file: Path) -> Iterator[Row]:
    for number, row in objects(file):
        yield f"{file}, line {number}", row


def _malformed(at: str, error: Exception) -> UsageError:
    said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
    return UsageError(f"{at}: not as the format of this set has it ({said}); docs/evaluation.md describes it.")


_FORMATS: tuple[tuple[str, str, _Parse], ...] = (
    ("paragraphs.jsonl", "questions*.jsonl", public.near_misses),
    ("passages.jsonl", "questions*.jsonl", public.snippets),
    ("corpus.jsonl", "claims*.jsonl", public.claims),
    ("corpus.jsonl", "questions*.jsonl", public.abstracts),
    ("docs_txt", "qas*.jsonl", public.articles),
    ("docs", "qas*.jsonl", public.articles),
    ("seeds", "questions*.jsonl", public.golden),
)
"""Of each format: where its documents are, its questions, and what makes questions of their lines."""
