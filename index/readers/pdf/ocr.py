"""Scanned pages read with RapidOCR, where the optional extra is installed. Its models come with it: no network."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterator
from typing import Any

import pypdfium2

from index.documents import Rectangle
from index.readers.pdf.pieces import Piece, Sheet
from index.readers.pdf.sizes import size_of

_SCALE = 2.0  # 144 dots an inch: smaller type is lost below, time is lost above
_MOST_PIXELS = 12_000_000
_LEAST_SURE = 0.6
_UPRIGHT = 1.6  # a line is at least so much wider than high


def is_installed() -> bool:
    """Whether scans can be read."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


class Eye:
    """The recognition models, loaded once for a document."""

    def __init__(self) -> None:
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        from rapidocr import RapidOCR

        threads = min(4, os.cpu_count() or 1)
        self._engine: Any = RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read(self, page: pypdfium2.PdfPage, number: int) -> Sheet:
        """The words of a scanned page."""
        width, height = size_of(page)
        scale = min(_SCALE, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        bitmap = page.render(scale=scale)
        try:
            found = self._engine(bitmap.to_numpy()[:, :, :3].copy(), use_cls=False)
        finally:
            bitmap.close()
        sheet = Sheet(number, width, height, [])
        if found is None or found.boxes is None:
            return sheet
        for box, words, score in zip(found.boxes, found.txts, found.scores, strict=True):
            if score < _LEAST_SURE or not words.strip():
                continue
            xs, ys = [float(x) / scale for x, _ in box], [float(y) / scale for _, y in box]
            left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
            if right - left < _UPRIGHT * (bottom - top) and len(words) > 2:
                continue  # up the side of the page
            sheet.pieces.extend(_pieces(words, left, top, right, bottom, number))
        sheet.pieces = _sized(sheet.pieces)
        return sheet


def _pieces(words: str, left: float, top: float, right: float, bottom: float, number: int) -> Iterator[Piece]:
    """A recognised line's words, each with its share of the line's width."""
    line = " ".join(words.split())
    share = (right - left) / len(line)
    height = bottom - top
    size = height * 0.8  # the box has the descenders, and a margin
    at = 0
    for word in line.split(" "):
        start, end = left + at * share, left + (at + len(word)) * share
        place = Rectangle(number, start, top, end, bottom)
        yield Piece(word, start, top, end, bottom, bottom - 0.25 * height, size, False, False, "", True, place)
        at += len(word) + 1


def _sized(pieces: list[Piece]) -> list[Piece]:
    """The sizes evened out: a box's height varies with the letters in it."""
    for piece in pieces:
        near = [other.size for other in pieces if abs(other.size - piece.size) < 0.18 * piece.size]
        near.sort()
        piece.size = round(near[len(near) // 2] * 2) / 2
    return pieces
