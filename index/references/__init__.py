"""Reference lists and what points to them: entries taken apart, lists found, mentions resolved."""

from __future__ import annotations

from index.references.entries import Entry, parse_entry
from index.references.lists import find_references
from index.references.mentions import mentions, mentions_of

__all__ = ["Entry", "find_references", "mentions", "mentions_of", "parse_entry"]
