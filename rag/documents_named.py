"""The documents that a caller names, found on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from index.errors import UsageError
from index.snapshot import Snapshot

_LONGEST = 300  # characters said of a name that is none


def document_meant(snapshot: Snapshot, name: str) -> str:
    """The document of a name, or of the end of one where only one has it.

    Raises:
        UsageError: There is none, or more than one.
    """
    if name in snapshot.contents:
        return name
    end = f"/{name}".lower()
    found = [one for one in snapshot.names if f"/{one}".lower().endswith(end)]
    if len(found) > 1:
        raise UsageError(f"More than one document is called {name}: {', '.join(found[:10])}.")
    if not found:
        near = get_close_matches(name, snapshot.names, 3) or snapshot.names[:10]
        raise UsageError(f"Not on the shelf: {name}. It holds: {', '.join(near) or 'nothing'}.")
    return found[0]


def documents_known(snapshot: Snapshot, documents: Sequence[str] | None) -> Sequence[str] | None:
    """The documents as named.

    Raises:
        UsageError: One is not on the shelf, or they are no list.
    """
    if isinstance(documents, str):
        raise UsageError(f"documents takes a list of names; one name was given: {documents[:_LONGEST]}.")
    unknown = [name for name in documents or () if name not in snapshot.contents]
    if unknown:
        named = ", ".join(name[:_LONGEST] for name in unknown[:10])
        more = f" and {len(unknown) - 10:,} more" if len(unknown) > 10 else ""
        raise UsageError(f"Not on the shelf: {named}{more}. It holds: {', '.join(snapshot.names[:10]) or 'nothing'}.")
    return documents
