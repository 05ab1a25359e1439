"""Pandoc's tables drawn with dashes or in a grid, made into tables with upright bars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_RULE = re.compile(r" {0,12}-{2,}(?: +-{2,})+ *")
_LONG_RULE = re.compile(r" {0,12}-{3,} *")
_GRID = re.compile(r" {0,3}\+(?:[-=:]+\+)+ *")
_LONGEST = 2000  # lines of one table


def drawn(text: str) -> str:
    """The text with such tables written as tables with upright bars."""
    if not re.search(r"^ {0,12}(?:-{2,} +-{2}|\+[-=:]+\+)", text, re.MULTILINE):
        return text
    lines = text.split("\n")
    made: list[str] = []
    at = 0
    while at < len(lines):
        if _RULE.fullmatch(lines[at]):
            at = _simple(lines, at, made)
        elif _GRID.fullmatch(lines[at]):
            at = _grid(lines, at, made)
        else:
            made.append(lines[at])
            at += 1
    return "\n".join(made)


def _simple(lines: Sequence[str], rule: int, made: list[str]) -> int:
    """A table whose columns stand over and under a line of dashes; its first lines may be in `made` already."""
    columns = [(dashes.start(), dashes.end()) for dashes in re.finditer(r"-+", lines[rule])]
    header: list[str] = []
    while made and made[-1].strip() and len(header) < 6 and not _LONG_RULE.fullmatch(made[-1]):
        header.insert(0, made.pop())
    framed = bool(made) and _LONG_RULE.fullmatch(made[-1]) is not None
    if framed:
        made.pop()
    end = rule + 1
    while end < len(lines) and end < rule + _LONGEST:
        line = lines[end]
        if _LONG_RULE.fullmatch(line) or _RULE.fullmatch(line) or (not line.strip() and not framed):
            break
        end += 1
    body = lines[rule + 1 : end]
    # In a framed table an empty line parts the rows, and a row may go over several lines.
    groups = _groups(body) if framed and any(not line.strip() for line in body) else [[line] for line in body]
    _write([header, *groups], columns, made)
    closing = end < len(lines) and (_LONG_RULE.fullmatch(lines[end]) or _RULE.fullmatch(lines[end]))
    return end + 1 if closing else end


def _groups(body: Sequence[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in body:
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _grid(lines: Sequence[str], first: int, made: list[str]) -> int:
    """A table drawn with +, - and |."""
    edges = [sign.start() for sign in re.finditer(r"\+", lines[first])]
    columns = [(left + 1, right) for left, right in pairwise(edges)]
    groups: list[list[str]] = [[]]
    end = first + 1
    while end < len(lines) and lines[end].lstrip().startswith(("|", "+")):
        if _GRID.fullmatch(lines[end]):
            groups.append([])
        else:
            groups[-1].append(lines[end])
        end += 1
    _write([group for group in groups if group], columns, made)
    return end


def _write(groups: Sequence[Sequence[str]], columns: Sequence[tuple[int, int]], made: list[str]) -> None:
    rows = [
        [" ".join(" ".join(_cell(line, columns, i) for line in group).split()) for i in range(len(columns))]
        for group in groups
    ]
    made.append("")
    for at, row in enumerate(rows):
        made.append("|" + "|".join(cell.replace("|", "\\|") for cell in row) + "|")
        if at == 0:
            made.append("|" + "---|" * len(columns))
    made.append("")


def _cell(line: str, columns: Sequence[tuple[int, int]], i: int) -> str:
    start, end = columns[i]
    if line.lstrip().startswith("|"):
        return line[start:end].strip().strip("|")
    # Words may stand out over the dashes of their column, up to the next one.
    return line[0 if i == 0 else start : columns[i + 1][0] if i + 1 < len(columns) else len(line)].strip()
