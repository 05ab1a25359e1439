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


def box_of(page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """What is shown of a page: left, bottom, right, top, in its own space; a letter where the file's is no such box."""
    for box in (page.get_cropbox(), page.get_mediabox()):
        left, bottom, right, top = box
        if all(-FARTHEST < side < FARTHEST for side in box) and right - left >= 1 and top - bottom >= 1:
            return left, bottom, right, top
    return 0.0, 0.0, *_LETTER
