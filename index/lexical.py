"""BM25: tantivy over passages or over sentences, one small index each.

They are two indexes and not two fields of one, because BM25 weighs by the average length of all entries.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from index.analysis import ANALYZER, analyzer
from index.searcher import Entry, Hit

_BLOCK = 8  # neighbours that are looked up as one: sentences are asked for passage by passage, and a look-up costs
_HEAP = 64_000_000  # bytes; one thread, so that the same entries always make the same index


class LexicalIndex:
    """A tantivy index from ids to texts. Opened at the state of its last commit, and stays there."""

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        index = tantivy.Index.open(str(folder))
        index.register_tokenizer(ANALYZER, analyzer())
        index.config_reader(reload_policy="manual")
        self._searcher = index.searcher()
        self._some_gone = any(file.suffix == ".del" for file in folder.iterdir())

    @classmethod
    def build(cls, folder: Path, entries: Iterable[Entry]) -> None:
        """Write a new index into an empty `folder`, and see it onto the disk."""
        folder.mkdir(parents=True)
        with _system_errors():
            index = tantivy.Index(_schema(), path=str(folder))
        _write(index, entries)
        _onto_disk(folder)

    @classmethod
    def update(cls, older: Path, folder: Path, gone: Iterable[int], entries: Iterable[Entry]) -> None:
        """Write into an empty `folder` what another index holds, without the contents `gone`, and with `entries`.

        What stays the same is not written but linked: the files of an index are never changed, only replaced.
        Entries that are gone go on counting for how rare a word is; it is for the caller to see that they are few.
        """
        folder.mkdir(parents=True)
        for file in older.iterdir():
            if file.suffix != ".lock":
                _take_over(file, folder / file.name)
        _write(tantivy.Index.open(str(folder)), entries, gone)
        _onto_disk(folder)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, words: Sequence[str], k: int, within: Sequence[int] | None = None) -> list[Hit]:
        """The `k` best entries by BM25 of index terms, only those of the contents `within` if given."""
        query = self._any_of(words)
        if within is not None:
            query = self._only("content", within, query)
        return self._run(query, k)

    def scores(self, words: Sequence[str], ids: Iterable[int]) -> dict[int, float]:
        """BM25 of the entries named; those with none of the words are left out."""
        named = set(ids)
        if not named or not len(self):
            return {}
        blocks = {at // _BLOCK for at in named}
        query = self._only("block", list(blocks), self._any_of(words))
        found = self._searcher.search(query, len(blocks) * _BLOCK, count=False).hits
        return {at: score for at, score in self._scored(found) if at in named}

    def document_frequency(self, term: str) -> int:
        """The number of entries that hold an index term; entries that are gone may still count, unless all are."""
        frequency = min(int(self._searcher.doc_freq("text", term)), len(self))
        if frequency and self._some_gone and not self._run(self._any_of([term]), 1):
            return 0
        return frequency

    def _any_of(self, words: Sequence[str]) -> tantivy.Query:
        # A word counts as often as it is asked for, as BM25 has it.
        queries = [tantivy.Query.term_query(self._schema, "text", word, index_option="freq") for word in words]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])

    def _only(self, field: str, values: Sequence[int], query: tantivy.Query) -> tantivy.Query:
        named = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, field, list(values)), 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, named), (tantivy.Occur.Must, query)])

    def _run(self, query: tantivy.Query, k: int) -> list[Hit]:
        if k <= 0 or not len(self):
            return []
        asked = k
        while True:
            # Past k until the score falls: which of equal ones tantivy leaves out is not by id.
            asked = 2 * asked + 8
            found = self._searcher.search(query, asked, count=False).hits
            if len(found) < asked or found[-1][0] < found[k - 1][0]:
                break
        scored = sorted(self._scored(found), key=lambda one: (-one[1], one[0]))
        return [Hit(at, score) for at, score in scored[:k]]

    def _scored(self, found: Sequence[tuple[float, tantivy.DocAddress]]) -> list[tuple[int, float]]:
        """The ids of what tantivy found, each with its score."""
        ids = self._searcher.fast_field_values("id", [address for _, address in found])
        return [(int(at), score) for at, (score, _) in zip(ids, found, strict=True) if at is not None]


def _write(index: tantivy.Index, entries: Iterable[Entry], gone: Iterable[int] = ()) -> None:
    index.register_tokenizer(ANALYZER, analyzer())
    with _system_errors():
        writer = index.writer(heap_size=_HEAP, num_threads=1)
    if named := list(gone):
        # By a query: by a term, tantivy-py looks for a signed number, and finds nothing in a field of unsigned ones.
        writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "content", named))
    for entry in entries:
        block = entry.id // _BLOCK
        with _system_errors():
            writer.add_json(json.dumps({"id": entry.id, "block": block, "content": entry.content, "text": entry.text}))
    with _system_errors():
        writer.commit()
        writer.wait_merging_threads()


@contextmanager
def _system_errors() -> Iterator[None]:
    """What the system refuses, which tantivy calls a wrong value, as what it is."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        if "os error" in str(error):
            raise OSError(str(error)) from error
        if "Failed to spawn" in str(error):  # a thread, which needs memory of its own
            raise MemoryError(str(error)) from error
        raise


def _take_over(file: Path, to: Path) -> None:
    if file.suffix != ".json":  # the lists of files, which change
        try:
            os.link(file, to)
            return
        except OSError:  # a file system without links
            pass
    shutil.copyfile(file, to)


def _onto_disk(folder: Path) -> None:
    for file in [*folder.iterdir(), folder]:
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _schema() -> tantivy.Schema:
    return (
        tantivy.SchemaBuilder()
        .add_unsigned_field("id", fast=True)
        .add_unsigned_field("block", indexed=True)
        .add_unsigned_field("content", indexed=True)
        .add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
        .build()
    )
