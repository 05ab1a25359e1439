"""PDF: the words of an article in the order in which they are read, with the pages and places they stand on."""

from __future__ import annotations

from index.readers.pdf.reading import read

__all__ = ["read"]
