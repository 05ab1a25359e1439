"""Where on its pages each word of a document stands: packed small, unpacked to rectangles.

A layout is a table with a row for each word, in order of the text: start and end (offsets into the text), page
number, and left, top, right, bottom in tenths of a point. It is kept as little-endian 32-bit integers, column by
column, each column as differences from row to row, compressed with zlib.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from index.documents import Rectangle

Word = tuple[int, int, Rectangle]
"""Start and end offsets of a word (or a part of one, where a line's end broke it), and where it stands."""

_COLUMNS = 7
_TENTHS = 10.0


def pack(words: Iterable[Word]) -> bytes:
    """The layout of words that are in order of the text."""
    rows = [(start, end, at.page, at.left, at.top, at.right, at.bottom) for start, end, at in words]
    if not rows:
        return b""
    table = np.asarray(rows, dtype=np.float64)
    table[:, 3:] *= _TENTHS
    whole = np.rint(table).astype("<i4")
    return zlib.compress(np.diff(whole, axis=0, prepend=np.zeros((1, _COLUMNS), "<i4")).T.tobytes(), 4)


def rectangles(layout: bytes, start: int, end: int) -> tuple[Rectangle, ...]:
    """The rectangles of `text[start:end]`: one for each line of a page that the words stand on."""
    if not layout:
        return ()
    table = _unpack(layout)
    found: list[Rectangle] = []
    for row in table[(table[:, 1] > start) & (table[:, 0] < end)].tolist():
        word = Rectangle(row[2], *(edge / _TENTHS for edge in row[3:]))
        if found and _same_line(found[-1], word):
            last = found[-1]
            found[-1] = Rectangle(
                last.page,
                last.left,
                min(last.top, word.top),
                max(last.right, word.right),
                max(last.bottom, word.bottom),
            )
        else:
            found.append(word)
    return tuple(found)


def _unpack(layout: bytes) -> NDArray[np.int32]:
    columns = np.frombuffer(zlib.decompress(layout), dtype="<i4").reshape(_COLUMNS, -1)
    return np.cumsum(columns, axis=1, dtype=np.int32).T


def _same_line(line: Rectangle, word: Rectangle) -> bool:
    """Whether a word goes on to the right on the line: half of the lower one's height is shared."""
    shared = min(line.bottom, word.bottom) - max(line.top, word.top)
    lower = min(line.bottom - line.top, word.bottom - word.top)
    return line.page == word.page and word.left >= line.left and shared >= lower / 2
