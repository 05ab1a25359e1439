"""Text -> index terms, the same at indexing and at question time."""

from __future__ import annotations

from functools import cache, lru_cache

import tantivy

ANALYZER = "pincite"
ANALYSIS_VERSION = 1
"""Raised when the same text would give other terms; the lexical index is derived and is then rebuilt."""


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Words of letters and digits, lower case, without accents, stemmed (Snowball English)."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(80))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def terms(text: str) -> list[str]:
    """The index terms of `text`, in order, repeats kept."""
    return list(analyzer().analyze(text))


@lru_cache(maxsize=512)
def distinct_terms(text: str) -> frozenset[str]:
    """The index terms of `text`, each once. Kept for a while: a question looks at the same sentences several times."""
    return frozenset(analyzer().analyze(text))
