"""How large a page is, also where a file gives a size that is none."""

from __future__ import annotations

import pypdfium2

FARTHEST = 100_000.0
"""Points, seven times as many as a page may be wide: what is said to stand farther off stands nowhere."""

_LETTER = (612.0, 792.0)  # what pdfium takes for a page without a size


def size_of(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Width and height in points, always more than 0; those of a letter where the file's are no sizes."""
    width, height = page.get_size()
    if not (0 < width < FARTHEST and 0 < height < FARTHEST):
        return _LETTER
    return width, height
