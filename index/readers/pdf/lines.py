"""The pieces of lines: words that stand side by side without a gap as wide as one between columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.documents import Rectangle
from index.readers.pdf.glyphs import BULLET
from index.readers.pdf.pieces import Piece

# In ems of the type's size. A justified line's spaces are seldom wider than one, a gutter seldom narrower.
_GAP = 0.85
_MARKER_GAP = 3.5

# Dots and lines that lead the eye, and rules made of signs.
_LEADER = re.compile(r"[.·•_\-–—=*~…\s]{4,}")
_MARKER = re.compile(
    r"(?:[\ue000•‣⁃◦▪▫●○∙·■□►▸➢✓*†‡§¶–—-]|\(?\d{1,3}[.)]?|\[\d{1,3}\]|\(?[a-zA-Z][.)]|\(?[ivx]{1,4}[.)])"
)


@dataclass(slots=True)
class Segment:
    """A stretch of a line. Its extents are those of its words; `size` is that of most of its letters."""

    pieces: list[Piece]
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    baseline: float = 0.0
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    words: str = field(default="")

    def __post_init__(self) -> None:
        self.settle()

    def settle(self) -> None:
        """Work out the extents and the words anew from the pieces."""
        pieces = self.pieces
        if len(pieces) > 1:
            pieces.sort(key=lambda piece: piece.left)
        main = pieces[0]
        if any(piece.size != main.size or piece.bold != main.bold or piece.italic != main.italic for piece in pieces):
            sizes: Counter[float] = Counter()
            for piece in pieces:
                sizes[round(piece.size, 1)] += len(piece.words)
            size = sizes.most_common(1)[0][0]
            main = next(piece for piece in pieces if round(piece.size, 1) == size)
            total = sum(len(piece.words) for piece in pieces)
            self.bold = 2 * sum(len(piece.words) for piece in pieces if piece.bold) > 1.5 * total
            self.italic = 2 * sum(len(piece.words) for piece in pieces if piece.italic) > 1.5 * total
        else:
            self.bold, self.italic = main.bold, main.italic
        self.size, self.baseline = main.size, main.baseline
        self.left, self.right = pieces[0].left, max(piece.right for piece in pieces)
        self.top, self.bottom = min(piece.top for piece in pieces), max(piece.bottom for piece in pieces)
        self.words = "".join(word if i == 0 else gap + word for i, (gap, word) in enumerate(spaced(pieces)))

    @property
    def count(self) -> int:
        """How many words there are."""
        return self.words.count(" ") + 1


def spaced(pieces: Sequence[Piece]) -> Iterable[tuple[str, str]]:
    """Each piece's words, with the white space that stands before it: " " or ""."""
    before: Piece | None = None
    for piece in pieces:
        gap = ""
        if before is not None:
            width = piece.left - before.right
            em = max(piece.size, before.size)
            gap = " " if width > 0.3 * em or (piece.spaced and width > -0.35 * em) else ""
            if gap and width < 0.22 * em and (_is_mark(piece, before) or piece.words[0] in ",.;:)]"):
                gap = ""
        yield gap, piece.words
        before = piece


def _without_signs(segment: Segment) -> bool:
    """Take out signs that mean nothing, or make a bullet of one at the beginning; whether anything is left."""
    if BULLET not in segment.words:
        return True
    kept: list[Piece] = []
    for at, piece in enumerate(segment.pieces):
        if piece.words != BULLET:
            kept.append(piece)
        elif at == 0 and len(segment.pieces) > 2:
            piece.words = "•"
            kept.append(piece)
    segment.pieces = kept
    if kept:
        segment.settle()
    return bool(kept)


def _is_mark(piece: Piece, before: Piece) -> bool:
    """Whether a piece is a mark raised or lowered beside the word before it."""
    return piece.size < 0.85 * before.size and abs(piece.baseline - before.baseline) > 0.1 * before.size


def segments(pieces: Sequence[Piece]) -> list[Segment]:
    """The segments of a page, from top to bottom."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        if runs and _follows(runs[-1][-1], piece):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    made = [segment for run in runs if not _LEADER.fullmatch((segment := Segment(run)).words)]
    made = _with_small(made)
    made = _justified(_merged(made))
    made = [segment for segment in made if _without_signs(segment)]
    for segment in made:
        _close_up(segment)
    made.sort(key=lambda segment: (segment.baseline, segment.left))
    return made


def _follows(before: Piece, piece: Piece) -> bool:
    """Whether a piece goes on to the right of the one before it in the file."""
    gap = piece.left - before.right
    size = max(piece.size, before.size)
    if not -0.6 * size < gap < _GAP * size:
        return False
    step = abs(piece.baseline - before.baseline)
    if piece.size == before.size:
        return step < 0.25 * size
    if min(piece.size, before.size) < 0.9 * size:
        return step < 0.6 * size and _overlap(before.top, before.bottom, piece.top, piece.bottom) > 0.4
    return step < 0.3 * size


def _overlap(top: float, bottom: float, other_top: float, other_bottom: float) -> float:
    """The shared height, as a part of the lower of the two."""
    lower = min(bottom - top, other_bottom - other_top)
    return (min(bottom, other_bottom) - max(top, other_top)) / lower if lower > 0 else 0.0


def _rows(made: Iterable[Segment]) -> dict[int, list[Segment]]:
    """Segments by the height of their baselines, in steps of 4 points."""
    rows: dict[int, list[Segment]] = {}
    for segment in made:
        rows.setdefault(int(segment.baseline // 4), []).append(segment)
    return rows


def _near(rows: dict[int, list[Segment]], baseline: float, reach: float) -> Iterable[Segment]:
    for row in range(int((baseline - reach) // 4), int((baseline + reach) // 4) + 1):
        yield from rows.get(row, ())


def _with_small(made: list[Segment]) -> list[Segment]:
    """Raised and lowered marks, which files often hold after their line, put into it."""
    rows = _rows(made)
    gone: set[int] = set()
    for small in made:
        if len(small.words) > 24:
            continue
        best: tuple[float, Segment] | None = None
        for host in _near(rows, small.baseline, 1.2 * small.size):
            if host is small or id(host) in gone or small.size > 0.85 * host.size or len(host.words) < 2:
                continue
            reach = 0.35 * host.size
            if not host.left - reach <= small.left <= host.right + reach:
                continue
            step = host.baseline - small.baseline
            if -0.35 * host.size <= step <= 0.65 * host.size and (best is None or abs(step) < best[0]):
                best = (abs(step), host)
        if best is not None and not _covered(best[1], small):
            best[1].pieces.extend(small.pieces)
            best[1].settle()
            gone.add(id(small))
    return [segment for segment in made if id(segment) not in gone]


def _covered(host: Segment, small: Segment) -> bool:
    """Whether letters of the host already stand where the small one would go."""
    width = small.right - small.left
    return any(
        min(p.right, small.right) - max(p.left, small.left) > 0.6 * min(width, p.right - p.left) for p in host.pieces
    )


def _merged(made: list[Segment]) -> list[Segment]:
    """Segments of one line that files hold in parts, joined; a list's marker and its item as well."""
    made.sort(key=lambda segment: segment.left)
    rows = _rows(made)
    gone: set[int] = set()
    for segment in made:
        if id(segment) in gone:
            continue
        while (follower := _follower(segment, rows, gone)) is not None:
            segment.pieces.extend(follower.pieces)
            segment.settle()
            gone.add(id(follower))
    return [segment for segment in made if id(segment) not in gone]


def _justified(made: list[Segment]) -> list[Segment]:
    """Lines drawn out to fill a narrow column: their gaps are wide, but all alike, as a table's are not."""
    made.sort(key=lambda segment: segment.left)
    gone: set[int] = set()
    for row in _rows_of_one_line(made):
        chain = [row[0]]
        for segment in [*row[1:], None]:
            gap = segment.left - chain[-1].right if segment else 0.0
            if segment and 0 < gap < 2.6 * segment.size and abs(segment.size - chain[0].size) < 0.5:
                chain.append(segment)
                continue
            for kept, others in _even(chain):
                for other in others:
                    kept.pieces.extend(other.pieces)
                    gone.add(id(other))
                kept.settle()
            if segment:
                chain = [segment]
    return [segment for segment in made if id(segment) not in gone]


def _rows_of_one_line(made: Sequence[Segment]) -> Iterable[list[Segment]]:
    """Segments (from left to right) by their baselines, where there are three or more on one."""
    rows: dict[int, list[Segment]] = {}
    for segment in made:
        rows.setdefault(round(segment.baseline * 2), []).append(segment)
    return [row for row in rows.values() if len(row) >= 3]


def _even(chain: Sequence[Segment]) -> Iterable[tuple[Segment, list[Segment]]]:
    """The runs of a chain whose gaps are alike, as the first segment and the rest."""
    at = 0
    while at < len(chain) - 1:
        gap = chain[at + 1].left - chain[at].right
        end = at + 1
        while end + 1 < len(chain) and abs(chain[end + 1].left - chain[end].right - gap) < 0.1 * gap + 0.15:
            end += 1
        run = chain[at : end + 1]
        letters = sum(letter.isalpha() for one in run for letter in one.words)
        if len(run) >= 3 and letters > 0.3 * sum(len(one.words) for one in run) and max(one.count for one in run) <= 4:
            yield run[0], list(run[1:])
        at = max(end, at + 1)


def _follower(segment: Segment, rows: dict[int, list[Segment]], gone: set[int]) -> Segment | None:
    marker = _MARKER.fullmatch(segment.words) is not None
    limit = (_MARKER_GAP if marker else 0.6) * segment.size
    best: Segment | None = None
    for other in _near(rows, segment.baseline, 0.3 * segment.size):
        if other is segment or id(other) in gone or abs(other.baseline - segment.baseline) > 0.25 * segment.size:
            continue
        gap = other.left - segment.right
        if not -0.5 * segment.size < gap < limit or other.left <= segment.left:
            continue
        if gap > 0.6 * segment.size and (other.count < 3 or _MARKER.fullmatch(other.words)):
            continue
        if not 0.72 < other.size / segment.size < 1.4:
            continue
        if best is None or other.left < best.left:
            best = other
    return best


def _close_up(segment: Segment) -> None:
    """Letters set apart for show ("R E S E A R C H") are put together into words."""
    pieces = segment.pieces
    letters = sum(len(piece.words) for piece in pieces)
    if len(pieces) < 5 or letters > 3 * len(pieces) or not segment.words.replace(" ", "").isalpha():
        return
    if not (segment.words.isupper() or letters == len(pieces)):
        return
    gaps = sorted(b.left - a.right for a, b in pairwise(pieces))
    widest = 1.7 * gaps[len(gaps) // 2] + 0.1 * segment.size
    if widest > gaps[-1] and letters > 2 * len(pieces):
        return
    joined = [pieces[0]]
    for piece in pieces[1:]:
        before = joined[-1]
        if piece.left - before.right > widest:
            piece.spaced = True
            joined.append(piece)
            continue
        before.words += piece.words
        before.right = max(before.right, piece.right)
        box = before.box
        before.box = Rectangle(box.page, box.left, box.top, max(box.right, piece.box.right), box.bottom)
    segment.pieces = joined
    segment.settle()
