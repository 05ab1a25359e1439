"""A page of a PDF as a picture."""

from __future__ import annotations

import io
import math

import pypdfium2

from index.errors import UnreadableFileError, one_line
from index.readers.pdf.opening import opened
from index.readers.pdf.sizes import size_of

MEDIA_TYPE = "image/webp"
_MOST = 8_000_000  # pixels: a page a mile high is drawn small
_LONGEST = 16_000  # WebP has no side longer than 16,383
_QUALITY = 80


def picture(name: str, data: bytes, number: int, width: int) -> bytes:
    """A page as a WebP image, turned and cropped as it is looked at.

    Args:
        name: The document's name, for messages.
        data: The file's bytes.
        number: Of the page, from 1.
        width: In pixels; less where the page would have too many.

    Raises:
        UnreadableFileError: There is no such page, or it cannot be drawn.
    """
    pdf = opened(name, data)
    try:
        if not 1 <= number <= len(pdf):
            raise UnreadableFileError(f"{name}: there is no page {number}.")
        page = pdf[number - 1]
        wide, high = size_of(page)
        scale = min(width / wide, math.sqrt(_MOST / (wide * high)), _LONGEST / max(wide, high))
        drawn = page.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise UnreadableFileError(f"{name}: page {number} cannot be drawn ({one_line(error)}).") from error
    finally:
        pdf.close()
    made = io.BytesIO()
    drawn.save(made, "WEBP", quality=_QUALITY, method=0)
    return made.getvalue()
