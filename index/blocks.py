"""Where a text's paragraphs, list items and stand-alone lines begin and end.

The text is never altered: a block is a trimmed slice of it, and every character that is not white
space lies in exactly one block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.documents import Block, Kind

# A line longer than this was never broken to fit a column: it is a whole paragraph.
WIDEST_COLUMN = 120
# Narrower "columns" are menus and word lists rather than wrapped prose.
NARROWEST_COLUMN = 28

BULLET = re.compile(r"(?:[•‣⁃◦▪▫●○∙·■□►▸➢✓]|[-–—*](?=\s))\s*(?=\S)")
NUMBERING = re.compile(r"(?:\(?\d{1,3}[.)]|\(?[A-Za-z]\)|\(?(?:[a-z]|[ivx]{2,5})[.)])\s+(?=\S)")
MARKDOWN_HEADING = re.compile(r"#{1,6}\s")
LABELLED = re.compile(r"[A-Z][\w’'/&-]{1,24}(?: [\w’'/&-]{1,24}){0,4} ?:(?=\s|$)")
SENTENCE_END = re.compile(r"[.!?…。？！][\"'”’)\]]{0,3}$")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    words: str
    after_gap: bool

    def __len__(self) -> int:
        return self.end - self.start


def blocks(text: str) -> list[Block]:
    """The blocks of `text`, in order."""
    found: list[Block] = []
    for run in _runs(_lines(text)):
        found.extend(_joined(run))
    return found


def marker_end(words: str) -> int:
    """Where the words of a list item begin, after its bullet or number; 0 for other text."""
    match = BULLET.match(words) or NUMBERING.match(words)
    return match.end() if match else 0


def ends_sentence(words: str) -> bool:
    """Whether `words` close with a full stop or its like."""
    return SENTENCE_END.search(words[-6:]) is not None


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    offset, gap = 0, True
    for raw in text.splitlines(keepends=True):
        words = raw.strip()
        if words:
            start = offset + len(raw) - len(raw.lstrip())
            lines.append(_Line(start, start + len(words), words, gap))
        gap = not words
        offset += len(raw)
    return lines


def _runs(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Stretches of neighbouring lines that could be one column of wrapped text."""
    runs: list[list[_Line]] = []
    for line in lines:
        narrow = len(line) <= WIDEST_COLUMN
        if runs and narrow and not line.after_gap and len(runs[-1][-1]) <= WIDEST_COLUMN:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _joined(run: Sequence[_Line]) -> list[Block]:
    width, wrapped = _column(run)
    found: list[Block] = []
    first = 0
    for i in range(1, len(run) + 1):
        if i < len(run) and _continues(run, i, width, wrapped, i - first):
            continue
        found.append(_block(run[first:i]))
        first = i
    return found


def _block(lines: Sequence[_Line]) -> Block:
    start, end = lines[0].start, lines[-1].end
    kind: Kind = "prose"
    if marker_end(lines[0].words):
        kind = "item"
    elif end - start < 90 and not ends_sentence(lines[-1].words):
        kind = "line"
    return Block(start, end, kind)


def _column(run: Sequence[_Line]) -> tuple[int, bool]:
    """The width the run was broken at, and whether sentences do run on from line to line."""
    lengths = sorted(len(line) for line in run)
    width = lengths[-1] if len(lengths) < 6 else lengths[len(lengths) * 9 // 10]
    if width < NARROWEST_COLUMN:
        return width, False
    pairs = list(pairwise(run))
    running_on = sum(_runs_on(a.words, b.words) and len(a) > width * 0.6 for a, b in pairs)
    full = sum(_is_full(a.words, b.words, width) for a, b in pairs)
    return width, running_on >= 1 and running_on * 4 >= full


def _runs_on(line: str, following: str) -> bool:
    """Whether a sentence certainly goes on: it has not ended, and the next line is in mid-sentence."""
    lower = following[0].islower() and not following.startswith(("http://", "https://", "www."))
    return not ends_sentence(line) and (lower or line[-1] in ",-–—‐")


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the next word would not have fitted on the line (an address is no measure of that)."""
    word = min(len(following.split(None, 1)[0]), 20)
    return len(line) + 1 + word >= width * 0.8


def _continues(run: Sequence[_Line], i: int, width: int, wrapped: bool, lines_so_far: int) -> bool:
    """Whether line `i` carries on the paragraph of line `i - 1`."""
    line, before = run[i].words, run[i - 1].words
    if width < NARROWEST_COLUMN or MARKDOWN_HEADING.match(line) or MARKDOWN_HEADING.match(before):
        return False
    full = _is_full(before, line, width)
    if BULLET.match(line) and line[0] not in "-–—*":
        return False
    if marker_end(line):
        # "... as shown in Fig" / "2. The": a number at the start of a wrapped line is no list item.
        in_sentence = full and wrapped and not ends_sentence(before) and before[-1] not in ":;,)"
        if not in_sentence or marker_end(run[i - 1].words) or line[0] in "-–—*(":
            return False
    if line.isdigit() or line[0] == "©":
        return False
    if _runs_on(before, line) and len(before) >= width * 0.5:
        # Lower case alone is weak where nothing shows a column: a menu may be in lower case.
        return full or wrapped or lines_so_far > 1
    if not (full and wrapped):
        return False
    if ends_sentence(before):
        return not (LABELLED.match(line) or _looks_like_heading(run, i, width))
    return True


def _looks_like_heading(run: Sequence[_Line], i: int, width: int) -> bool:
    """A short line after a full stop that does not end as a sentence, with a fresh start after it."""
    line = run[i].words
    if len(line) > width * 0.6 or ends_sentence(line) or line[-1] in ",;-":
        return False
    return i + 1 < len(run) and not run[i + 1].words[0].islower()
