"""How large a page is, also where a file gives a size that is none."""

from __future__ import annotations

import math

import pypdfium2

_LETTER = (612.0, 792.0)  # what pdfium takes for a page without a size


def size_of(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Width and height in points, always more than 0; those of a letter where the file's are no sizes."""
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        return _LETTER
    return width, height
