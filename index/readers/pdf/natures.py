"""What a paragraph is, by how it is set and by its words: heading, caption, list item, row of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.blocks import ends_sentence
from index.heading_words import is_standard
from index.readers.pdf.paragraph import ITEM, Nature, Paragraph

CAPTION = re.compile(
    r"(?:(?:supplement(?:ary|al) |extended data |online )?"
    r"(?:fig(?:ure)?s?|table|scheme|box|plate|chart|video|algorithm)\b\.?)"
    r"\s?(?:S|A|E)?(?:\d{1,3}|[IVX]{1,5})(?:[A-Za-z]\b)?(?P<after>\s*[.:|–—]|\s*\(|\s+[A-Z(“]|\s*$)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,4}\.|[A-Z]\.)\s+(?=[^\W\d_])")


def nature_of(paragraph: Paragraph, body: float) -> Nature:
    """What a paragraph is, seen by itself."""
    line = paragraph.lines[0]
    words = paragraph.words
    if line.table:
        return "row"
    if words[0].isupper() and CAPTION.match(words) and (len(words) < 12 or _is_caption(paragraph, body)):
        return "caption"
    if _is_heading(paragraph, body):
        return "heading"
    if not any(letter.isalpha() for letter in words):
        return "scrap"
    if ITEM.match(words):
        return "item"
    if len(line.cells) > 2 and len(paragraph.lines) == 1:
        return "row"
    return "prose"


def _is_caption(paragraph: Paragraph, body: float) -> bool:
    match = CAPTION.match(paragraph.words)
    if match is None:
        return False
    first = paragraph.lines[0].cells[0].pieces[0]
    marked = first.bold or first.italic or paragraph.size < 0.96 * body or first.words.isupper()
    return marked or match.group("after").strip() in {".", ":", "|", "–", "—"} or match.group("after").strip() == ""


def _is_heading(paragraph: Paragraph, body: float) -> bool:
    """Whether a paragraph is a heading by the way it is set, or by its words."""
    words = paragraph.words
    if words[0] in "•‣⁃◦▪▫●○■□►▸➢✓" or paragraph.lines[0].table:
        return False
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
    if paragraph.bold and (plain_end or numbered) and paragraph.size > 0.88 * body:
        return words[numbered.end() if numbered else 0].isupper()
    if numbered and plain_end and len(paragraph.lines) <= 2 and words[numbered.end()].isupper():
        italic = all(line.italic for line in paragraph.lines)
        return paragraph.size >= 0.95 * body and (
            italic or words.isupper() or ("." in words[:4].strip(".") and len(words) < 90)
        )
    short = len(paragraph.lines) <= 2 and paragraph.size >= 0.95 * body and plain_end and words[:1].isupper()
    if short and all(line.italic for line in paragraph.lines):
        return len(words) < 110
    return short and words.isupper() and len(words) >= 5


def mark_rows(made: list[Paragraph], body: float) -> None:
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
        if (
            inside
            and after.lines[0].region == line.region
            and 0 < after.lines[0].baseline - line.baseline < 2 * line.size
        ):
            after.nature = "row"


def mark_figure_scraps(made: Sequence[Paragraph]) -> None:
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
