"""Reference lists and what points to them: entries taken apart, lists found, mentions resolved."""

from __future__ import annotations

from index.reference_entries import Entry, parse_entry
from index.reference_lists import find_references
from index.reference_mentions import mentions, mentions_of

__all__ = ["Entry", "find_references", "mentions", "mentions_of", "parse_entry"]
