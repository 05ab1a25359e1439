"""The words of a page: characters put together as far as they stand together and are set alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pypdfium2

from index.documents import Rectangle
from index.readers.pdf.characters import Characters, Fonts, Style, characters

Box = tuple[float, float, float, float]
"""left, top, right, bottom in the frame of a sheet."""

HYPHEN = "\u00ad"
"""Stands in a piece's words for a hyphen that pdfium took for one at a line's end, and for the soft hyphen."""

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# What the font "Symbol" has where files give no other meaning: letters and signs of the private use area.
_SYMBOLS = dict(
    zip(
        range(0xF020, 0xF07F),
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
        strict=True,
    )
) | {0xF0A3: "≤", 0xF0A7: "▪", 0xF0B0: "°", 0xF0B1: "±", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B7: "•", 0xF0D8: "➢"}
_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c", "˚": "\u030a",
    "˘": "\u0306", "¯": "\u0304", "˝": "\u030b", "˙": "\u0307", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip


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

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of the frame."""
        return (self.height, self.width) if self.turn % 2 else (self.width, self.height)


def sheet(page: pypdfium2.PdfPage, number: int, fonts: Fonts, figures: Sequence[Box] = ()) -> Sheet:
    """The page's words. Text across the direction in which most of the page is read is left out.

    `figures` (left, bottom, right, top in the page's own space) are put into the sheet's frame.
    """
    width, height = page.get_size()
    box = page.get_cropbox()
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        box = page.get_mediabox()
    rotation = page.get_rotation() // 90 % 4
    read = characters(page, fonts)
    made = Sheet(number, width, height, [])
    if not read.codes:
        return made
    turns = [(kind.turn - rotation) % 4 if kind.turn >= 0 else -1 for kind in read.kinds]
    counts = np.bincount(
        np.asarray([turns[style] + 1 if style >= 0 else 0 for style in read.styles], dtype=np.int64), minlength=5
    )[1:]
    made.turn = int(np.argmax(counts)) if counts.any() else 0
    # From the page's own space to the page as looked at, then to the frame in which its text runs to the right.
    onto_page = _seen(read.boxes, box, rotation)
    frame_box = (0.0, 0.0, width, height)
    in_frame = onto_page if made.turn == 0 else _turned(onto_page, frame_box, made.turn)
    anchors = np.asarray([(k.x, k.y, k.x, k.y) for k in read.kinds] or [(0, 0, 0, 0)], dtype=np.float32)
    baselines = _seen(anchors, box, rotation)
    if made.turn:
        baselines = _turned(baselines, frame_box, made.turn)
    right_way = [turn == made.turn for turn in turns]
    places = onto_page.tolist()
    frames = places if made.turn == 0 else in_frame.tolist()
    if figures:
        drawn = np.asarray([(left, high, right, low) for left, low, right, high in figures], dtype=np.float32)
        drawn = _seen(drawn, box, rotation)
        drawn = _turned(drawn, frame_box, made.turn) if made.turn else drawn
        made.figures = [tuple(edges) for edges in drawn.tolist()]
    made.pieces = _pieces(read, frames, places, baselines[:, 1].tolist(), right_way, number)
    return made


def _seen(
    boxes: np.ndarray[tuple[int, int], np.dtype[np.float32]], crop: tuple[float, float, float, float], rotation: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Boxes (left, top, right, bottom; up is more) as seen from the top left corner of the page, rotated clockwise."""
    x0, y0, x1, y1 = boxes[:, 0] - crop[0], crop[3] - boxes[:, 1], boxes[:, 2] - crop[0], crop[3] - boxes[:, 3]
    return _rotated(x0, y0, x1, y1, crop[2] - crop[0], crop[3] - crop[1], rotation)


def _turned(
    boxes: np.ndarray[tuple[int, int], np.dtype[np.float32]], page: tuple[float, float, float, float], turn: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return _rotated(boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3], page[2], page[3], turn)


def _rotated(x0, y0, x1, y1, width: float, height: float, quarters: int):  # type: ignore[no-untyped-def]
    """Boxes measured from the top left, on a page turned clockwise."""
    if quarters == 1:
        x0, y0, x1, y1 = height - y0, x0, height - y1, x1
    elif quarters == 2:
        x0, y0, x1, y1 = width - x0, height - y0, width - x1, height - y1
    elif quarters == 3:
        x0, y0, x1, y1 = y0, width - x0, y1, width - x1
    return np.stack([np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)], axis=1)


def _pieces(
    read: Characters,
    frames: list[list[float]],
    places: list[list[float]],
    baselines: list[float],
    right_way: list[bool],
    number: int,
) -> list[Piece]:
    made: list[Piece] = []
    current: list[int] = []  # characters of the piece in the making
    spaced = True
    before = -1  # style of the last character taken

    def close() -> None:
        nonlocal spaced
        if current:
            piece = _piece(read, current, frames, places, baselines, number, spaced)
            if piece.words and piece.words not in _ACCENTS:
                made.append(piece)
                spaced = False
            current.clear()

    breaks = _breaks(read, frames)
    for at, (code, style) in enumerate(zip(read.codes, read.styles, strict=True)):
        if style < 0 or code in (9, 10, 13, 32) or code == 0xA0 or 0x2000 <= code <= 0x200B:
            close()
            spaced = True
            continue
        if at in breaks:
            close()
            spaced = True
        if not right_way[style]:
            close()
            spaced = True
            continue
        if current and style != before:
            kind, last = read.kinds[style], read.kinds[before]
            if not _alike(kind, last, baselines[style], baselines[before]):
                close()
        if current or made:
            gap = frames[at][0] - frames[current[-1]][2] if current else 0.0
            size = read.kinds[style].size
            if current and (gap > 0.5 * size or gap < -1.5 * size):
                close()
                spaced = True
        current.append(at)
        before = style
    close()
    return made


def _breaks(read: Characters, frames: list[list[float]]) -> set[int]:
    """Characters before which there is a word's gap that pdfium took for none, as in condensed type."""
    if len(frames) < 4:
        return set()
    boxes = np.asarray(frames, dtype=np.float32)
    sizes = np.asarray([kind.size for kind in read.kinds] or [1.0], dtype=np.float32)
    styles = np.asarray(read.styles)
    size = sizes[np.maximum(styles, 0)]
    gaps = (boxes[1:, 0] - boxes[:-1, 2]) / size[1:]
    same = (styles[1:] == styles[:-1]) & (styles[1:] >= 0)
    gaps = np.where(same, gaps, 9.0)
    near = np.minimum(np.concatenate(([9.0], gaps[:-1])), np.concatenate((gaps[1:], [9.0])))
    return {int(at) + 1 for at in np.nonzero((gaps > 0.12) & (gaps < 1.0) & (near < 0.05))[0]}


def _alike(kind: Style, last: Style, baseline: float, before: float) -> bool:
    size = max(kind.size, last.size)
    return abs(kind.size - last.size) < 0.1 * size and abs(baseline - before) < 0.12 * size and kind.bold == last.bold


def _piece(
    read: Characters,
    run: list[int],
    frames: list[list[float]],
    places: list[list[float]],
    baselines: list[float],
    number: int,
    spaced: bool,
) -> Piece:
    kind = read.kinds[read.styles[run[0]]]
    baseline, size = baselines[read.styles[run[0]]], kind.size
    first, last = frames[run[0]], frames[run[-1]]
    left, right = min(first[0], last[0]), max(first[2], last[2])
    # Fonts may claim any height: a word is as high as its size says.
    top = min(max(first[1], baseline - size), baseline - 0.7 * size)
    bottom = max(min(first[3], baseline + 0.35 * size), baseline + 0.18 * size)
    if frames is places:
        place = Rectangle(number, left, top, right, bottom)
    else:
        seen = [places[at] for at in run]
        edges = [min(box[0] for box in seen), min(box[1] for box in seen)]
        place = Rectangle(number, *edges, max(box[2] for box in seen), max(box[3] for box in seen))
    return Piece(_words(read, run, frames), left, top, right, bottom, baseline, size, kind.bold, kind.italic, kind.face, spaced, place)


def _words(read: Characters, run: list[int], frames: list[list[float]]) -> str:
    codes = [read.codes[at] for at in run]
    if all(32 < code < 127 for code in codes):
        if 96 in codes:
            return _composed([chr(code) for code in codes], run, frames)
        return "".join(map(chr, codes))
    letters: list[str] = []
    i = 0
    while i < len(codes):
        code = codes[i]
        letter = ""
        if 0xD800 <= code < 0xDC00 and i + 1 < len(codes) and 0xDC00 <= codes[i + 1] < 0xE000:
            letter = chr(0x10000 + ((code - 0xD800) << 10) + (codes[i + 1] - 0xDC00))
            letters.append("")
            i += 1
        elif code in _LIGATURES:
            letter = _LIGATURES[code]
        elif 0xF020 <= code < 0xF100:
            dingbats = "dingbat" in read.kinds[read.styles[run[i]]].face.lower() or "wingding" in read.kinds[read.styles[run[i]]].face.lower()
            letter = "•" if dingbats else _SYMBOLS.get(code, "•" if len(codes) == 1 else "")
        elif code == 0:  # a glyph without a meaning; a wide one amid a word is the ligature that TeX's fonts leave so
            wide = frames[run[i]][2] - frames[run[i]][0] > 0.7 * read.kinds[read.styles[run[i]]].size
            letter = "ffi" if wide and letters and letters[-1].isalpha() else ""
        elif code == 0x21B5 and letters and letters[-1].isalpha():
            letter = "ff"
        elif code in (2, 0xAD):
            letter = HYPHEN
        elif 0xD800 <= code < 0xE000 or 0xE000 <= code < 0xF900 or code > 0x10FFFF or code in (0xFFFE, 0xFFFF, 0xFEFF):
            letter = ""
        elif 0 < code < 32:
            letter = "•" if len(codes) == 1 else ""  # a sign without a letter, alone: a list's bullet
        elif code >= 32 and not 0x7F <= code < 0xA0:
            letter = chr(code)
        letters.append(letter)
        i += 1
    if any(letter in _ACCENTS for letter in letters):
        return _composed(letters, run, frames)
    return "".join(letters)


def _composed(letters: list[str], run: list[int], frames: list[list[float]]) -> str:
    """Accents that are printed over their letter, as TeX does, made one character with it."""
    made = list(letters)
    for i, letter in enumerate(letters):
        if letter not in _ACCENTS:
            continue
        centre = (frames[run[i]][0] + frames[run[i]][2]) / 2
        for beside in (i + 1, i - 1):
            if 0 <= beside < len(run) and made[beside][:1].isalpha():
                box = frames[run[beside]]
                if box[0] - 0.1 <= centre <= box[2] + 0.1:
                    base = {"ı": "i", "ȷ": "j"}.get(made[beside], made[beside])
                    made[beside] = unicodedata.normalize("NFC", base + _ACCENTS[letter])
                    made[i] = ""
                    break
    return "".join(made)
