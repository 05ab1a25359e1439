"""The characters of a PDF's page, with where they stand and how they are set.

pdfium is asked through bare function pointers that write into arrays: asking it character by character in the
usual way takes longer than all that follows.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

MOST_CHARACTERS = 200_000
"""On one page; a newspaper's has a tenth of it."""

_BOLD = re.compile(r"bold|black|heavy|semibold|demi|(?<![a-z])bd\b|-b$|\.b(?:$|[+,-])|cmbx|advp?bold", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slanted|-it?$|\.i(?:$|[+,-])|cmti|cmmi", re.IGNORECASE)


def bare_function(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A pdfium function that takes addresses as plain integers."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int
_unicode = bare_function(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _ADDRESS, _INT)
_box = bare_function(pdfium.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
_object = bare_function(pdfium.FPDFText_GetTextObject, _ADDRESS, _ADDRESS, _INT)
_matrix = bare_function(pdfium.FPDFText_GetMatrix, _INT, _ADDRESS, _INT, _ADDRESS)
_origin = bare_function(pdfium.FPDFText_GetCharOrigin, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS)
_size = bare_function(pdfium.FPDFText_GetFontSize, ctypes.c_double, _ADDRESS, _INT)
_font = bare_function(pdfium.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
_name = bare_function(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, _ADDRESS, ctypes.c_char_p, ctypes.c_size_t)


Fonts = dict[int, tuple[str, bool, bool]]
"""The fonts of a document by their address: name, whether bold, whether italic."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of characters is set.

    `x` and `y` are where it begins, on its baseline, in the page's own space; `turn` is its direction in quarter
    turns anticlockwise, or -1 for slanting text.
    """

    size: float
    bold: bool
    italic: bool
    face: str
    turn: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters of a page in the order of the file: code points, boxes (left, top, right, bottom), styles.

    Boxes are in the page's own space, whose origin is at the bottom left. `styles` has an index for each
    character into `kinds`, -1 for spaces that pdfium put in.
    """

    codes: list[int]
    boxes: NDArray[np.float32]
    styles: NDArray[np.int64]
    kinds: list[Style]


def characters(page: pypdfium2.PdfPage, fonts: Fonts) -> Characters:
    """The characters of a page. `fonts` remembers, over the pages of a document, which fonts are bold or italic."""
    text = page.get_textpage()
    try:
        address = ctypes.cast(text.raw, ctypes.c_void_p).value
        count = min(max(pdfium.FPDFText_CountChars(text.raw), 0), MOST_CHARACTERS)
        codes = list(map(_unicode, repeat(address, count), range(count)))
        boxes = np.zeros((count, 4), dtype=np.float32)
        base = boxes.ctypes.data
        deque(map(_box, repeat(address, count), range(count), range(base, base + 16 * count, 16)), maxlen=0)
        owners = np.asarray([owner or 0 for owner in map(_object, repeat(address, count), range(count))], np.uint64)
        known, first, styles = np.unique(owners, return_index=True, return_inverse=True)
        matrix, origin = np.zeros(6, dtype=np.float32), np.zeros(2, dtype=np.float64)
        kinds = [
            _style(address, at, owner, fonts, matrix, origin)
            for at, owner in zip(first.tolist(), known.tolist(), strict=True)
        ]
        flat = boxes[:, 1] == boxes[:, 3]
        styles = np.where((owners == 0) | (flat & (np.asarray(codes, np.uint32) <= 32)), -1, styles)
        return Characters(codes, boxes, styles, kinds)
    finally:
        text.close()


def _style(
    address: int | None,
    at: int,
    owner: int,
    fonts: Fonts,
    matrix: NDArray[np.float32],
    origin: NDArray[np.float64],
) -> Style:
    """How the character `at` is set; `matrix` and `origin` are room to write into."""
    if not owner:
        return Style(1.0, False, False, "", -1, 0.0, 0.0)
    _matrix(address, at, matrix.ctypes.data)
    place = origin.ctypes.data
    _origin(address, at, place, place + 8)
    a, b, c, d, _, _ = matrix.tolist()
    x, y = origin.tolist()
    size = float(_size(address, at)) * (math.hypot(c, d) or 1.0)
    degrees = math.degrees(math.atan2(b, a)) % 360 if math.isfinite(a) and math.isfinite(b) else 0.0
    turn = round(degrees / 90) % 4
    if min(degrees % 90, 90 - degrees % 90) > 4:
        turn = -1
    font = _font(owner)
    if font not in fonts:
        buffer = ctypes.create_string_buffer(256)
        _name(font, buffer, 256)
        name = buffer.value.decode("latin-1")
        fonts[font] = (name, _BOLD.search(name) is not None, _ITALIC.search(name) is not None)
    name, bold, italic = fonts[font]
    return Style(size if 0 < size < 2000 else 1.0, bold, italic, name, turn, x, y)
