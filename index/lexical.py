"""BM25: tantivy over passages or over sentences, one small index each.

They are two indexes and not two fields of one, because BM25 weighs by the average length of all entries.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from index.analysis import ANALYZER, analyzer
from index.searcher import Hit

_HEAP = 64_000_000  # bytes; one thread, so that the same entries always make the same index


class LexicalIndex:
    """A tantivy index from ids to texts. Opened at the state of its last commit, and stays there."""

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        index = tantivy.Index.open(str(folder))
        index.register_tokenizer(ANALYZER, analyzer())
        index.config_reader(reload_policy="manual")
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, entries: Iterable[tuple[int, int, str]]) -> None:
        """Write a new index of (id, content, text) into an empty `folder`, and see it onto the disk."""
        folder.mkdir(parents=True)
        schema = _schema()
        index = tantivy.Index(schema, path=str(folder))
        index.register_tokenizer(ANALYZER, analyzer())
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for at, content, text in entries:
            writer.add_json(json.dumps({"id": at, "content": content, "text": text}))
        writer.commit()
        writer.wait_merging_threads()
        for file in [*folder.iterdir(), folder]:
            descriptor = os.open(file, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

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
        named = list(ids)
        if not named or not len(self):
            return {}
        found = self._searcher.search(self._only("id", named, self._any_of(words)), len(named), count=False).hits
        return dict(self._scored(found))

    def document_frequency(self, term: str) -> int:
        """The number of entries that hold an index term."""
        return int(self._searcher.doc_freq("text", term))

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


def _schema() -> tantivy.Schema:
    return (
        tantivy.SchemaBuilder()
        .add_unsigned_field("id", indexed=True, fast=True)
        .add_unsigned_field("content", indexed=True)
        .add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
        .build()
    )
