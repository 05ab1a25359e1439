"""The words of a page: characters put together as far as they stand together and are set alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from index.documents import Rectangle
from index.readers.pdf.characters import Characters, Fonts, Style, characters
from index.readers.pdf.glyphs import ACCENTS, words_of
from index.readers.pdf.sizes import FARTHEST, box_of, size_of

Boxes = NDArray[np.float32]
Box = tuple[float, float, float, float]
"""left, top, right, bottom in the frame of a sheet."""


@dataclass(slots=True)
class Piece:
    """Characters without white space between them, set in one size on one baseline.

    left to baseline are in the frame in which the page is read (see `Sheet`); `box` is on the page as looked at.
    `spaced` is whether white space stands before it.
    """

    words: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    face: str
    spaced: bool
    box: Rectangle


@dataclass(slots=True)
class Sheet:
    """A page: its number, its size as looked at, its pieces in the file's order, and the frame they are read in.

    A page whose text runs up or down its side (a wide table) is read in a frame turned to suit.
    """

    number: int
    width: float
    height: float
    pieces: list[Piece]
    turn: int = 0
    figures: list[Box] = field(default_factory=list)
    side: list[Piece] = field(default_factory=list)  # words up the side of the first page, where archives put stamps

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of the frame."""
        return (self.height, self.width) if self.turn % 2 else (self.width, self.height)


def sheet(page: pypdfium2.PdfPage, number: int, fonts: Fonts, figures: Sequence[Box] = ()) -> Sheet:
    """The page's words. Text across the direction in which most of the page is read is left out.

    `figures` (left, bottom, right, top in the page's own space) are put into the sheet's frame.
    """
    width, height = size_of(page)
    box = box_of(page)
    rotation = page.get_rotation() // 90 % 4
    read = characters(page, fonts)
    made = Sheet(number, width, height, [])
    if not read.codes:
        return made
    turns = [(kind.turn - rotation) % 4 if kind.turn >= 0 else -1 for kind in read.kinds]
    shown = read.styles[read.styles >= 0]
    counts = np.bincount(np.asarray(turns, dtype=np.int64)[shown] + 1, minlength=5)[1:]
    made.turn = int(np.argmax(counts)) if counts.any() else 0
    # From the page's own space to the page as looked at, then to the frame in which its text runs to the right.
    onto_page = _seen(read.boxes, box, rotation)
    in_frame = onto_page if made.turn == 0 else _rotated(onto_page, width, height, made.turn)
    anchors = np.asarray([(k.x, k.y, k.x, k.y) for k in read.kinds] or [(0, 0, 0, 0)], dtype=np.float32)
    baselines = _seen(anchors, box, rotation)
    if made.turn:
        baselines = _rotated(baselines, width, height, made.turn)
    right_way = [turn == made.turn for turn in turns]
    places = onto_page.tolist()
    frames = places if made.turn == 0 else in_frame.tolist()
    if figures:
        drawn = np.asarray([(left, high, right, low) for left, low, right, high in figures], dtype=np.float32)
        drawn = _seen(drawn, box, rotation)
        drawn = _rotated(drawn, width, height, made.turn) if made.turn else drawn
        made.figures = [(x0, y0, x1, y1) for x0, y0, x1, y1 in drawn.tolist()]
    made.pieces = _pieces(read, in_frame, frames, places, baselines[:, 1].tolist(), right_way, number)
    up = (made.turn + 1) % 4
    if number == 1 and up in turns:
        in_frame = _rotated(onto_page, width, height, up)
        baselines = _rotated(_seen(anchors, box, rotation), width, height, up)
        made.side = _pieces(
            read, in_frame, in_frame.tolist(), places, baselines[:, 1].tolist(), [turn == up for turn in turns], number
        )
    return made


def _seen(boxes: Boxes, crop: Box, rotation: int) -> Boxes:
    """Boxes (left, top, right, bottom; up is more) as seen from the top left corner of the page, turned clockwise."""
    made = np.stack(
        [boxes[:, 0] - crop[0], crop[3] - boxes[:, 1], boxes[:, 2] - crop[0], crop[3] - boxes[:, 3]], axis=1
    )
    made = np.clip(np.nan_to_num(made), -FARTHEST, FARTHEST)  # a broken file has places that are no numbers
    return _rotated(made, crop[2] - crop[0], crop[3] - crop[1], rotation)


def _rotated(boxes: Boxes, width: float, height: float, quarters: int) -> Boxes:
    """Boxes measured from the top left corner, on a page turned clockwise."""
    x0, y0, x1, y1 = boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]
    if quarters == 1:
        x0, y0, x1, y1 = height - y0, x0, height - y1, x1
    elif quarters == 2:
        x0, y0, x1, y1 = width - x0, height - y0, width - x1, height - y1
    elif quarters == 3:
        x0, y0, x1, y1 = y0, width - x0, y1, width - x1
    return np.stack([np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)], axis=1)


def _pieces(
    read: Characters,
    boxes: Boxes,
    frames: list[list[float]],
    places: list[list[float]],
    baselines: list[float],
    right_way: list[bool],
    number: int,
) -> list[Piece]:
    """The pieces of a page, in the file's order."""
    styles = read.styles
    codes = np.asarray(read.codes, dtype=np.int64)
    space = (styles < 0) | np.isin(codes, (9, 10, 32, 0xA0)) | ((codes >= 0x2000) & (codes <= 0x200B))
    out = space | ~np.asarray(right_way, dtype=bool)[np.maximum(styles, 0)]
    changed, gapped = _breaks(read, boxes, baselines)
    starts = ~out & (np.concatenate(([True], out[:-1])) | changed | gapped)
    spaced = np.concatenate(([True], out[:-1])) | gapped
    begins = np.nonzero(starts)[0].tolist()
    # A piece ends where the next begins, or at the white space before it.
    gone = np.nonzero(out)[0]
    ends = np.minimum(
        np.asarray([*begins[1:], len(codes)], dtype=np.int64),
        np.append(gone, len(codes))[np.searchsorted(gone, begins)] if begins else np.zeros(0, dtype=np.int64),
    ).tolist()
    page = "".join(map(chr, np.where((codes > 0x10FFFF) | ((codes >= 0xD800) & (codes < 0xE000)), 0, codes).tolist()))
    made: list[Piece] = []
    dropped = False
    for begin, end in zip(begins, ends, strict=True):
        piece = _piece(read, begin, end, page, frames, places, baselines, number, bool(spaced[begin]) or dropped)
        dropped = not piece.words or piece.words in ACCENTS
        if not dropped:
            made.append(piece)
    return made


Marks = NDArray[np.bool_]


def _breaks(read: Characters, boxes: Boxes, baselines: list[float]) -> tuple[Marks, Marks]:
    """Characters that begin a piece: because they are set in another way, and because of a gap before them."""
    count = len(boxes)
    changed, gapped = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    if count < 2:
        return changed, gapped
    styles = read.styles
    size = np.asarray([kind.size for kind in read.kinds], dtype=np.float32)[np.maximum(styles, 0)]
    gaps = (boxes[1:, 0] - boxes[:-1, 2]) / size[1:]
    both = (styles[1:] >= 0) & (styles[:-1] >= 0)
    gapped[1:] = both & ((gaps > 0.5) | (gaps < -1.5))
    # A gap amid letters that stand close is a word's, also where pdfium, used to wider type, takes it for none.
    same = np.where(both & (styles[1:] == styles[:-1]), gaps, 9.0)
    near = np.minimum(np.concatenate(([9.0], same[:-1])), np.concatenate((same[1:], [9.0])))
    gapped[1:] |= (same > 0.12) & (same < 1.0) & (near < 0.05)
    for at in np.nonzero(both & (styles[1:] != styles[:-1]))[0].tolist():
        kind, last = int(styles[at + 1]), int(styles[at])
        own, before = read.kinds[kind], read.kinds[last]
        changed[at + 1] = not _alike(own, before, baselines[kind], baselines[last])
        if own.face != before.face and abs(own.size - before.size) < 0.1 * own.size:
            # Where italics end before a word, the space may be a gap only.
            gapped[at + 1] |= 0.125 < gaps[at] < 1.0 and abs(baselines[kind] - baselines[last]) < 0.1 * own.size
    return changed, gapped


def _alike(kind: Style, last: Style, baseline: float, before: float) -> bool:
    size = max(kind.size, last.size)
    return abs(kind.size - last.size) < 0.1 * size and abs(baseline - before) < 0.12 * size and kind.bold == last.bold


_PLAIN = re.compile(r"[!-_a-~]+")


def _piece(
    read: Characters,
    begin: int,
    end: int,
    page: str,
    frames: list[list[float]],
    places: list[list[float]],
    baselines: list[float],
    number: int,
    spaced: bool,
) -> Piece:
    style = int(read.styles[begin])
    kind = read.kinds[style]
    baseline, size = baselines[style], kind.size
    first, last = frames[begin], frames[end - 1]
    left, right = min(first[0], last[0]), max(first[2], last[2])
    words = page[begin:end]
    if not _PLAIN.fullmatch(words):
        words = words_of(read.codes[begin:end], frames[begin:end], size, kind.face)
    # Fonts may claim any height: a word is as high as its size says.
    top = min(max(first[1], baseline - size), baseline - 0.7 * size)
    bottom = max(min(first[3], baseline + 0.35 * size), baseline + 0.18 * size)
    if frames is places:
        place = Rectangle(number, left, top, right, bottom)
    else:
        seen = places[begin:end]
        low, high = min(box[0] for box in seen), max(box[2] for box in seen)
        place = Rectangle(number, low, min(box[1] for box in seen), high, max(box[3] for box in seen))
    return Piece(
        words,
        left,
        top,
        right,
        bottom,
        baseline,
        size,
        kind.bold,
        kind.italic,
        kind.face,
        spaced,
        place,
    )
