"""Where a page's figures are: its images, and its drawn curves where many stand together."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from index.readers.pdf.characters import bare_function
from index.readers.pdf.lines import Segment
from index.readers.pdf.pieces import Box
from index.readers.pdf.sizes import size_of

_MOST_OBJECTS = 20_000
_NEAR = 9.0  # points between parts of one figure
_LEAST_WIDTH, _LEAST_HEIGHT = 50.0, 35.0
_CURVES = 8  # drawn shapes that make a figure

_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int
_count = bare_function(pdfium.FPDFPage_CountObjects, _INT, _ADDRESS)
_get = bare_function(pdfium.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
_type = bare_function(pdfium.FPDFPageObj_GetType, _INT, _ADDRESS)
_bounds = bare_function(pdfium.FPDFPageObj_GetBounds, _INT, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
_points = bare_function(pdfium.FPDFPath_CountSegments, _INT, _ADDRESS)


@dataclass(slots=True)
class _Cluster:
    left: float
    low: float
    right: float
    high: float
    weight: int

    def touches(self, other: _Cluster) -> bool:
        return (
            self.left - _NEAR < other.right
            and other.left < self.right + _NEAR
            and self.low - _NEAR < other.high
            and other.low < self.high + _NEAR
        )

    def take(self, other: _Cluster) -> None:
        self.left, self.low = min(self.left, other.left), min(self.low, other.low)
        self.right, self.high = max(self.right, other.right), max(self.high, other.high)
        self.weight += other.weight


def figures(page: pypdfium2.PdfPage) -> list[Box]:
    """The figures of a page: left, bottom, right, top in its own space."""
    address = ctypes.cast(page.raw, ctypes.c_void_p).value
    width, height = size_of(page)
    made: list[_Cluster] = []
    edges = np.zeros(4, dtype=np.float32)
    base = edges.ctypes.data
    for at in range(min(_count(address), _MOST_OBJECTS)):
        item = _get(address, at)
        kind = _type(item)
        if kind not in (
            pdfium.FPDF_PAGEOBJ_PATH,
            pdfium.FPDF_PAGEOBJ_IMAGE,
            pdfium.FPDF_PAGEOBJ_SHADING,
            pdfium.FPDF_PAGEOBJ_FORM,
        ):
            continue
        if not _bounds(item, base, base + 4, base + 8, base + 12):
            continue
        left, low, right, high = (float(edge) for edge in edges)
        wide, tall = right - left, high - low
        if wide * tall > 0.5 * width * height:
            continue
        weight = 0
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            if min(wide, tall) < 1.5 and max(wide, tall) > 0.25 * width:
                continue  # a rule
            weight = 1 if _points(item) > 5 else 0
        elif wide > _LEAST_WIDTH and tall > _LEAST_HEIGHT:
            weight = _CURVES
        cluster = _Cluster(left, low, right, high, weight)
        for other in reversed(made[-6:]):  # what was drawn last is nearest
            if other.touches(cluster):
                other.take(cluster)
                break
        else:
            made.append(cluster)
    return [
        (one.left, one.low, one.right, one.high)
        for one in _united(made)
        if one.weight >= _CURVES and one.right - one.left > _LEAST_WIDTH and one.high - one.low > _LEAST_HEIGHT
        and (one.right - one.left) * (one.high - one.low) < 0.8 * width * height
    ]  # fmt: skip


def is_scan(page: pypdfium2.PdfPage) -> bool:
    """Whether images cover most of the page."""
    address = ctypes.cast(page.raw, ctypes.c_void_p).value
    width, height = size_of(page)
    edges = np.zeros(4, dtype=np.float32)
    base = edges.ctypes.data
    covered = 0.0
    for at in range(min(_count(address), 500)):
        item = _get(address, at)
        if _type(item) in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM) and _bounds(
            item, base, base + 4, base + 8, base + 12
        ):
            covered += float((edges[2] - edges[0]) * (edges[3] - edges[1]))
    return bool(covered > 0.4 * width * height)


def _united(made: list[_Cluster]) -> list[_Cluster]:
    for _ in range(4):
        united: list[_Cluster] = []
        for cluster in made[:4000]:
            for other in united:
                if other.touches(cluster):
                    other.take(cluster)
                    break
            else:
                united.append(cluster)
        if len(united) == len(made):
            break
        made = united
    return made


def without_figure_words(parts: Sequence[Segment], boxes: Sequence[Box], body: float) -> list[Segment]:
    """A page's segments without the words inside its figures and along their axes.

    A box that holds lines of prose is a tinted panel and no figure.
    """
    out: set[int] = set()
    for left, top, right, bottom in boxes:
        inside = [
            p
            for p in parts
            if left - 2 <= (p.left + p.right) / 2 <= right + 2 and top - 2 <= (p.top + p.bottom) / 2 <= bottom + 2
        ]
        prose = sum(len(p.words) for p in inside if p.count >= 6)
        if prose > 0.5 * sum(len(p.words) for p in inside) and prose > 300:
            continue
        out.update(id(p) for p in inside if p.count < 9 or p.size < 0.7 * body)
        for part in parts:
            if (
                part.count <= 4
                and part.size < 0.97 * body
                and not part.bold
                and _beside(part, left, top, right, bottom)
            ):
                out.add(id(part))
    return [part for part in parts if id(part) not in out]


def _beside(part: Segment, left: float, top: float, right: float, bottom: float) -> bool:
    reach = 1.6 * part.size
    return (
        part.right > left - reach
        and part.left < right + reach
        and part.bottom > top - reach
        and part.top < bottom + reach
        and part.right - part.left < 0.6 * (right - left)
    )
