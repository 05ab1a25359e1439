"""How a document is set: the size of its type, the distance of its lines, the faces of its headings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from index.readers.pdf.lines import Segment
from index.readers.pdf.paragraph import ITEM, Line


def display_faces(pages: Sequence[Sequence[Segment]], body: float) -> frozenset[str]:
    """Typefaces that fill whole lines of usual size and are hardly mixed with others: those of headings.

    Publishers' files name their fonts by numbers, so that boldness cannot be told from the name.
    """
    whole: Counter[str] = Counter()
    mixed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    wordy: Counter[str] = Counter()
    for page in pages:
        last = ""
        for part in page:
            faces = {piece.face for piece in part.pieces}
            for piece in part.pieces:
                total[piece.face] += len(piece.words)
            if part.size < 0.9 * body:
                continue
            for piece in part.pieces:
                (whole if len(faces) == 1 else mixed)[piece.face] += len(piece.words)
            if len(faces) == 1:
                face = part.pieces[0].face
                lines[face] += 1
                wordy[face] += part.count > 8 or part.words[0].islower() or ITEM.match(part.words) is not None
                runs[face] += face != last
                last = face
    usual = total.most_common(1)[0][0] if total else ""
    letters = sum(total.values())
    return frozenset(
        face
        for face, count in whole.items()
        if face != usual
        and count > 3 * mixed[face]
        and count < 0.06 * letters
        and lines[face] <= 2.2 * runs[face]
        and 3 * wordy[face] < lines[face]
    )


def body_size(pages: Sequence[Sequence[Segment]]) -> float:
    """The size of most of the letters."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for part in page:
            if part.count >= 4:
                sizes[round(part.size * 2) / 2] += len(part.words)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def leadings(pages: Sequence[Sequence[Line]]) -> dict[float, float]:
    """The usual distance of one line from the next, for each size of type."""
    steps: dict[float, Counter[float]] = defaultdict(Counter)
    for page in pages:
        for before, line in pairwise(page):
            step = line.baseline - before.baseline
            if (
                before.region == line.region
                and abs(before.size - line.size) < 0.3
                and 0.8 * line.size < step < 4 * line.size
            ):
                steps[round(line.size * 2) / 2][round(step * 2) / 2] += 1
    return {size: _usual(counts) for size, counts in steps.items()}


def _usual(counts: Counter[float]) -> float:
    return max(counts.items(), key=lambda item: item[1] + 0.5 * counts[item[0] + 0.5] + 0.5 * counts[item[0] - 0.5])[0]
