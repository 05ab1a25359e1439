"""The numbers of lines that manuscripts carry in their margins, or between their columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.readers.pdf.pieces import Piece, Sheet

_STEPS = (1, 2, 5, 10)
_MOST = 300  # lines of a page
_NEAR = 3.0  # points by which numbers of one column may be off


@dataclass(slots=True)
class _Column:
    """Numbers below one another that end (or begin) at one place, and the step from each to the next."""

    edge: float
    at_right: bool
    numbers: list[Piece]
    step: int


def without_line_numbers(sheets: Sequence[Sheet]) -> list[list[Piece]]:
    """The words of each page without the numbers of its lines.

    Pages with few lines are judged by the others: their numbers stand in the same place, in the same type.
    """
    digits = [[part for part in sheet.pieces if part.words.isdecimal() and len(part.words) <= 4] for sheet in sheets]
    found = [_columns(sheet, own) for sheet, own in zip(sheets, digits, strict=True)]
    known = {
        (column.at_right, round(column.edge / _NEAR), column.step, round(column.numbers[0].size)): column
        for page in found
        for column in page
    }.values()
    result: list[list[Piece]] = []
    for sheet, own, columns in zip(sheets, digits, found, strict=True):
        gone = {id(piece) for column in columns for piece in column.numbers}
        gone |= {id(piece) for column in known for piece in _like(column, own)}
        result.append([piece for piece in sheet.pieces if id(piece) not in gone] if gone else sheet.pieces)
    return result


def _like(column: _Column, digits: Sequence[Piece]) -> list[Piece]:
    """Numbers that stand where those of another page's column do, and count on as they do."""
    size = column.numbers[0].size
    found = [
        piece
        for piece in digits
        if abs((piece.right if column.at_right else piece.left) - column.edge) < _NEAR
        and abs(piece.size - size) < 0.05 * size
        and (column.step == 1 or int(piece.words) % column.step == 0)
    ]
    found.sort(key=lambda piece: piece.baseline)
    counted = all(int(b.words) - int(a.words) == column.step for a, b in pairwise(found))
    return found if counted else []


def _columns(sheet: Sheet, digits: Sequence[Piece]) -> list[_Column]:
    if len(digits) < 4:
        return []
    places: dict[tuple[bool, int], list[Piece]] = defaultdict(list)
    for piece in digits:
        for at_right, edge in ((True, piece.right), (False, piece.left)):
            step = round(edge / _NEAR)
            places[at_right, step].append(piece)
            places[at_right, step + 1].append(piece)
    found: list[_Column] = []
    taken: set[int] = set()
    for (at_right, _), own in sorted(places.items(), key=lambda item: -len(item[1])):
        if len(own) < 4:
            break
        numbers = sorted((piece for piece in own if id(piece) not in taken), key=lambda piece: piece.baseline)
        column = _counted(numbers, at_right)
        if column is not None and _beside_lines(column, sheet):
            found.append(column)
            taken.update(id(piece) for piece in column.numbers)
    return found


def _counted(numbers: Sequence[Piece], at_right: bool) -> _Column | None:
    """A column of the numbers, if they count lines."""
    sizes = Counter(round(piece.size, 1) for piece in numbers)
    if not sizes:
        return None
    size = sizes.most_common(1)[0][0]
    numbers = [piece for piece in numbers if abs(piece.size - size) < 0.06 * size]
    steps = Counter(int(b.words) - int(a.words) for a, b in pairwise(numbers))
    if not steps:
        return None
    step, count = steps.most_common(1)[0]
    if step not in _STEPS or count < 0.8 * (len(numbers) - 1) or not (8 if step < 5 else 4) <= len(numbers) <= _MOST:
        return None
    edge = sum(piece.right if at_right else piece.left for piece in numbers) / len(numbers)
    return _Column(edge, at_right, list(numbers), step)


def _beside_lines(column: _Column, sheet: Sheet) -> bool:
    """Whether there are as many lines beside the numbers as these say, and nearly nothing where they stand."""
    numbers = column.numbers
    ids = {id(piece) for piece in numbers}
    low, high = numbers[0].baseline - 3, numbers[-1].baseline + 3
    left, right = min(piece.left for piece in numbers), max(piece.right for piece in numbers)
    near = [piece for piece in sheet.pieces if id(piece) not in ids and low < piece.baseline < high]
    if not near:
        return False
    sizes: Counter[float] = Counter()
    for piece in near:
        sizes[round(piece.size, 1)] += len(piece.words)
    usual = sizes.most_common(1)[0][0]
    least = 0.8 * usual
    over = sum(piece.right > left + 0.5 and piece.left < right - 0.5 for piece in near)
    said = (len(numbers) - 1) * column.step + 1
    if over > max(3, 0.15 * said):
        return False
    if _clear(numbers, near, usual) < 0.5 * len(numbers):
        return False
    small = numbers[0].size < 0.9 * usual
    outer = right < 0.2 * sheet.frame[0] or left > 0.8 * sheet.frame[0]
    if not small and (not outer or (column.step == 1 and said < 12)):
        return False
    sides = (
        _lines([piece for piece in near if piece.left >= right - 0.5 and piece.size >= least], usual),
        _lines([piece for piece in near if piece.right <= left + 0.5 and piece.size >= least], usual),
    )
    return any(0.55 * said <= lines <= (1.6 if small else 1.4) * said for lines in sides)


def _clear(numbers: Sequence[Piece], near: Sequence[Piece], size: float) -> int:
    """How many numbers stand clear of what is to the right of them; those of a reference list's entries do not."""
    count = 0
    for number in numbers:
        own = (p.left for p in near if abs(p.baseline - number.baseline) < 0.6 * size and p.left > number.right - 1)
        count += min(own, default=float("inf")) - number.right > 0.4 * size
    return count


def _lines(pieces: Sequence[Piece], size: float) -> int:
    """How many lines the pieces make."""
    count, before = 0, float("-inf")
    for baseline in sorted(piece.baseline for piece in pieces):
        if baseline - before > 0.5 * size:
            count += 1
            before = baseline
    return count
