"""Rows put together into paragraphs, headings, captions and table rows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from index.blocks import ends_sentence
from index.heading_words import is_standard
from index.readers.pdf.columns import Row
from index.readers.pdf.lines import Segment
from index.readers.pdf.pieces import HYPHEN

Nature = Literal["prose", "item", "heading", "caption", "row", "scrap", "front", "reference"]

ITEM = re.compile(r"(?:[•‣⁃◦▪▫●○∙■□►▸➢✓]|[-–—](?=\s)|\(?\d{1,3}[.)](?=\s)|\[\d{1,3}\](?=\s)|\(?(?:[a-z]|[ivx]{2,4})\)(?=\s))\s*")
_CAPTION = re.compile(
    r"(?:(?:supplement(?:ary|al) |extended data |online )?(?:fig(?:ure)?s?|table|scheme|box|plate|chart|video|algorithm)\b\.?|FIG(?:URE)?\b\.?|TABLE\b)"
    r"\s?(?:S|A|E)?(?:\d{1,3}|[IVX]{1,5})(?:[A-Za-z]\b)?(?P<after>\s*[.:|–—]|\s*\(|\s+[A-Z(“]|\s*$)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,4}\.|[A-Z]\.)\s+(?=[^\W\d_])")


@dataclass(slots=True)
class Line:
    """A row as it is read: its words, how it is set, and the column it stands in."""

    cells: list[Segment]
    page: int
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    words: str
    column: tuple[float, float]
    region: int
    table: bool


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, and what they are."""

    lines: list[Line]
    nature: Nature = "prose"
    level: int = 0
    size: float = field(default=0.0)

    def __post_init__(self) -> None:
        self.size = self.lines[0].size if len(self.lines) == 1 else self.lines[len(self.lines) // 2].size

    @property
    def words(self) -> str:
        """The words, lines parted by spaces."""
        return " ".join(line.words for line in self.lines)

    @property
    def pages(self) -> tuple[int, int]:
        """The first and the last page it stands on."""
        return self.lines[0].page, self.lines[-1].page

    @property
    def bold(self) -> bool:
        """Whether every line is set in bold type."""
        return all(line.bold for line in self.lines)


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
        if face != usual and count > 3 * mixed[face] and count < 0.06 * letters and lines[face] <= 2.2 * runs[face]
        and 3 * wordy[face] < lines[face]
    )


def lines_of(rows: Sequence[Row], page: int, display: frozenset[str] = frozenset()) -> list[Line]:
    """A page's rows as lines; those set in a face for display count as bold."""
    made: list[Line] = []
    for row in rows:
        main = max(row.cells, key=lambda cell: len(cell.words))
        words = (" | " if row.table else " ").join(cell.words for cell in row.cells)
        made.append(
            Line(
                row.cells,
                page,
                row.cells[0].left,
                max(cell.right for cell in row.cells),
                main.baseline,
                main.size,
                all(cell.bold or (bool(display) and all(p.face in display for p in cell.pieces)) for cell in row.cells),
                all(cell.italic for cell in row.cells),
                words,
                (row.left, row.right),
                row.region,
                row.table and len(row.cells) > 1,
            )
        )
    return made


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
            if before.region == line.region and abs(before.size - line.size) < 0.3 and 0.8 * line.size < step < 4 * line.size:
                steps[round(line.size * 2) / 2][round(step * 2) / 2] += 1
    return {size: _usual(counts) for size, counts in steps.items()}


def _usual(counts: Counter[float]) -> float:
    return max(counts.items(), key=lambda item: (item[1] + 0.5 * counts[item[0] + 0.5] + 0.5 * counts[item[0] - 0.5]))[0]


def paragraphs(page: Sequence[Line], leading: dict[float, float], body: float) -> list[Paragraph]:
    """The paragraphs of a page."""
    edges = _edges(page)
    groups: list[list[Line]] = []
    for i, line in enumerate(page):
        if groups and not _parted(page, i, groups[-1], leading, edges):
            groups[-1].append(line)
        else:
            groups.append([line])
    made = [Paragraph(group) for group in groups]
    for paragraph in made:
        paragraph.nature = _nature(paragraph, body)
    _rows_between(made, body)
    return made


def _edges(page: Sequence[Line]) -> dict[int, tuple[float, float]]:
    """Left and right edge of each region's text, as most of its lines have them."""
    lefts: dict[int, list[float]] = defaultdict(list)
    rights: dict[int, list[float]] = defaultdict(list)
    for line in page:
        lefts[line.region].append(line.left)
        rights[line.region].append(line.right)
    found = {}
    for region, values in lefts.items():
        counted = Counter(round(value) for value in values)
        low = min(values)
        common = [edge for edge, count in counted.items() if count >= max(2, 0.15 * len(values))]
        ends = sorted(rights[region])
        found[region] = (float(min(common, default=low)), ends[max(0, len(ends) * 9 // 10 - (len(ends) < 10))])
    return found


def _parted(
    page: Sequence[Line], i: int, group: list[Line], leading: dict[float, float], edges: dict[int, tuple[float, float]]
) -> bool:
    """Whether line `i` begins a paragraph of its own."""
    line, before = page[i], page[i - 1]
    if line.region != before.region or line.table or before.table:
        return True
    size = max(line.size, before.size)
    if abs(line.size - before.size) > 0.045 * size + 0.02 or line.baseline <= before.baseline:
        return True
    if line.bold != before.bold:
        return True
    usual = leading.get(round(line.size * 2) / 2, 1.2 * size)
    if line.baseline - before.baseline > max(1.3 * usual, usual + 0.28 * size):
        return True
    if line.words[0].isupper() and _CAPTION.match(line.words) and _stands_out(line, before):
        return True
    left, right = edges[line.region]
    em = line.size
    item = ITEM.match(line.words)
    hanging = len(group) > 1 and min(own.left for own in group[1:]) > group[0].left + 0.5 * em
    if item and abs(line.left - group[0].left) < 0.6 * em and (ITEM.match(group[0].words) or ends_sentence(before.words) or before.words.endswith((":", ";"))):
        return True
    if hanging and line.left < before.left - 0.5 * em:
        return True
    indent, earlier = line.left - left, before.left - left
    fresh = not before.words.endswith((HYPHEN, "-", ",")) and not line.words[:1].islower()
    if len(group) == 1 and ITEM.match(group[0].words) and line.left >= before.left:
        return False
    if 0.6 * em < indent < 6 * em and earlier < 0.4 * em and fresh and not item:
        return not (len(group) == 1 and before.right > right - 1.5 * em and not ends_sentence(before.words) and _hangs(page, i))
    if not fresh:
        return False
    first = line.words.split(" ", 1)[0]
    room = right - before.right
    fits = len(first) * 0.5 * em + 0.4 * em
    if room > fits + 1.0 * em and (ends_sentence(before.words) or before.words.endswith((":", ";"))):
        return True
    return room > max(0.35 * (right - left), fits + 2 * em) and not before.italic == line.italic


def _stands_out(line: Line, before: Line) -> bool:
    """Whether a line that begins as a caption does is one: "(see / Table 2)" in running text is none."""
    first, last = line.cells[0].pieces[0], before.cells[-1].pieces[-1]
    return (first.bold != last.bold or first.face != last.face or ends_sentence(before.words)) and (
        ends_sentence(before.words) or before.right < before.column[1] - 2 * before.size
    )


def _hangs(page: Sequence[Line], i: int) -> bool:
    """Whether the line after `i` is indented as it is: the first of the three stands out."""
    following = page[i + 1] if i + 1 < len(page) else None
    return following is not None and abs(following.left - page[i].left) < 0.3 * page[i].size


def _nature(paragraph: Paragraph, body: float) -> Nature:
    line = paragraph.lines[0]
    words = paragraph.words
    if line.table:
        return "row"
    if words[0].isupper() and _CAPTION.match(words) and (len(words) < 12 or _is_caption(paragraph, body)):
        return "caption"
    if is_heading(paragraph, body):
        return "heading"
    if not any(letter.isalpha() for letter in words):
        return "scrap"
    if ITEM.match(words):
        return "item"
    if len(line.cells) > 2 and len(paragraph.lines) == 1:
        return "row"
    return "prose"


def _is_caption(paragraph: Paragraph, body: float) -> bool:
    match = _CAPTION.match(paragraph.words)
    if match is None:
        return False
    first = paragraph.lines[0].cells[0].pieces[0]
    marked = first.bold or first.italic or paragraph.size < 0.96 * body or first.words.isupper()
    return marked or match.group("after").strip() in {".", ":", "|", "–", "—"} or match.group("after").strip() == ""


def is_heading(paragraph: Paragraph, body: float) -> bool:
    """Whether a paragraph is a heading by the way it is set, or by its words."""
    words = paragraph.words
    if len(paragraph.lines) > 4 or not 2 < len(words) < 220 or len(words.split()) > 28:
        return False
    if sum(letter.isalpha() for letter in words) < 0.6 * len(words.replace(" ", "")) or words[-1] in ",;":
        return False
    plain_end = not ends_sentence(words) or words[-1] in "?!"
    if is_standard(words.rstrip(".:")) and len(words) < 60:
        return True
    if paragraph.lines[0].size > 1.12 * body and plain_end:
        return True
    numbered = _NUMBERED.match(words)
    if paragraph.bold and (plain_end or numbered) and paragraph.size > 0.9 * body:
        return words[numbered.end() if numbered else 0].isupper()
    if numbered and plain_end and len(paragraph.lines) <= 2 and words[numbered.end()].isupper():
        italic = all(line.italic for line in paragraph.lines)
        return paragraph.size >= 0.95 * body and (italic or words.isupper() or "." in words[:4].strip(".") and len(words) < 90)
    short = len(paragraph.lines) <= 2 and paragraph.size >= 0.95 * body and plain_end and words[:1].isupper()
    if short and all(line.italic for line in paragraph.lines):
        return len(words) < 110
    return short and words.isupper() and len(words) >= 5


def _rows_between(made: list[Paragraph], body: float) -> None:
    """Small lines between a table's rows, and the rest of its last cell, are of the table."""
    rows = [i for i, paragraph in enumerate(made) if paragraph.nature == "row"]
    for first, last in pairwise(rows):
        if last - first > 6:
            continue
        between = made[first + 1 : last]
        if all(
            p.nature != "caption" and len(p.lines) <= 2 and (p.size < 0.95 * body or len(p.words) < 40) for p in between
        ):
            for paragraph in between:
                paragraph.nature = "row"
    for i in rows:
        after = made[i + 1] if i + 1 < len(made) else None
        line = made[i].lines[-1]
        if after is None or after.nature not in ("prose", "item") or len(after.lines) > 2 or after.size > 0.95 * body:
            continue
        inside = any(abs(after.lines[0].left - cell.left) < 0.5 * line.size for cell in line.cells[1:])
        if inside and after.lines[0].region == line.region and 0 < after.lines[0].baseline - line.baseline < 2 * line.size:
            after.nature = "row"


def figure_scraps(made: Sequence[Paragraph]) -> None:
    """Labels of a figure that stand above or below its caption are marked as scraps."""
    for i, caption in enumerate(made):
        if caption.nature != "caption" or not caption.words.lower().startswith(("fig", "scheme", "chart", "plate")):
            continue
        for step in (-1, 1):
            run: list[Paragraph] = []
            at = i + step
            while 0 <= at < len(made) and _could_be_label(made[at]) and made[at].pages == caption.pages:
                run.append(made[at])
                at += step
            ended = made[at] if 0 <= at < len(made) else None
            if ended is not None and ended.nature == "caption" and ended.words.lower().startswith("table"):
                continue  # rows of that table
            for part in run:
                part.nature = "scrap"


def _could_be_label(part: Paragraph) -> bool:
    words = part.words
    count = len(words.split())
    if part.nature in ("caption", "heading", "reference", "front") or ends_sentence(words):
        return False
    return count <= 6 * len(part.lines) and count < 25 and (part.nature != "item" or count < 5)
