"""Opening a PDF, and saying in one line why one cannot be opened."""

from __future__ import annotations

import pypdfium2
import pypdfium2.raw as pdfium

from index.errors import UnreadableFileError

MOST_PAGES = 5_000
"""No article has more; a file that says it has is a bomb or a library."""


def opened(name: str, data: bytes) -> pypdfium2.PdfDocument:
    """The document, decrypted where that needs no password.

    Raises:
        UnreadableFileError: The bytes are damaged, need a password, or hold no pages or far too many.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise UnreadableFileError(f"{name}: needs a password; save a copy without one to have it read.") from error
        raise UnreadableFileError(f"{name}: damaged, or not a PDF; fetch the file again.") from error
    pages = len(document)
    if pages == 0:
        document.close()
        raise UnreadableFileError(f"{name}: a PDF without pages; fetch the file again.")
    if pages > MOST_PAGES:
        document.close()
        raise UnreadableFileError(
            f"{name}: says it has {pages:,} pages, more than the {MOST_PAGES:,} that are read; split the file."
        )
    return document
