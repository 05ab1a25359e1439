"""The reference list of a PDF: its paragraphs cut or joined so that each entry is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.blocks import ends_sentence
from index.heading_words import REFERENCES, plain
from index.readers.pdf.paragraph import Line, Paragraph

_LABEL = re.compile(r"[\[(]?(\d{1,3})[\]).]?(?=[\s  ]|[A-Z])")
_AFTER_LIST = re.compile(
    r"appendi|supplement|figure legend|tables?$|figures?$|acknowledg|funding|author|conflict|competing|cite this|doi:"
    r"|publisher|received|abbreviation|about the|biograph",
    re.IGNORECASE,
)


def references_marked(parts: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs, those of the reference list as entries."""
    start = _heading(parts)
    if start is None:
        return list(parts)
    end = _end(parts, start)
    own = parts[start + 1 : end]
    numbered = any((match := _LABEL.match(part.words)) and match.group(1) == "1" for part in own[:3])
    entries = _numbered(own) if numbered else _hanging(own)
    return [*parts[: start + 1], *entries, *parts[end:]]


def _heading(parts: Sequence[Paragraph]) -> int | None:
    for i in range(len(parts) - 1, -1, -1):
        words = parts[i].words
        if len(words) < 40 and plain(words) in REFERENCES and i + 1 < len(parts):
            return i
    return None


def _end(parts: Sequence[Paragraph], start: int) -> int:
    size = next((part.size for part in parts[start + 1 :] if part.nature in ("prose", "item")), 0.0)
    for i in range(start + 1, len(parts)):
        part = parts[i]
        if (
            part.nature == "heading"
            and i > start + 1
            and (_AFTER_LIST.match(plain(part.words)) or part.size > 1.05 * size)
        ):
            return i
        if re.match(r"(?:doi:\s?10\.\S+\s*)?cite this article", part.words, re.IGNORECASE):
            return i
    return len(parts)


def _is_entry_matter(part: Paragraph, size: float) -> bool:
    return part.nature in ("prose", "item", "heading", "scrap", "row") and abs(part.size - size) < 0.08 * size + 0.05


def _numbered(own: Sequence[Paragraph]) -> list[Paragraph]:
    size = own[0].size
    entries: list[list[Line]] = []
    others: list[Paragraph] = []
    number = 0
    for i, part in enumerate(own):
        if not _is_entry_matter(part, size):
            others.append(part)
            continue
        for at, line in enumerate(part.lines):
            found = _number(line)
            if found == number + 1 or (number < found <= number + 3 and at == 0):
                entries.append([line])
                number = found
            elif not entries:
                entries.append([line])
            elif at == 0 and _ended(entries[-1][-1], line) and not _goes_on(own[i:], number + 1):
                others.append(replace(part))
                break
            else:
                entries[-1].append(line)
    made = [_entry(lines) for lines in entries]
    # What is no entry stands before or after the list, never inside an entry.
    return _in_page_order(made, others)


def _number(line: Line) -> int:
    match = _LABEL.match(line.words)
    return int(match.group(1)) if match else -1


def _ended(last: Line, line: Line) -> bool:
    """Whether an entry has ended with `last`, as `line` right below it has another look."""
    together = line.page == last.page and line.region == last.region
    return together and ends_sentence(last.words) and last.column[1] - last.right > 4 * last.size


def _goes_on(rest: Sequence[Paragraph], number: int) -> bool:
    """Whether the entry with this number is still to come."""
    return any(_number(line) == number for part in rest for line in part.lines)


def _in_page_order(made: list[Paragraph], others: list[Paragraph]) -> list[Paragraph]:
    result: list[Paragraph] = []
    waiting = list(others)
    for part in made:
        while waiting and waiting[0].pages[0] < part.pages[0]:
            result.append(waiting.pop(0))
        result.append(part)
    return result + waiting


def _hanging(own: Sequence[Paragraph]) -> list[Paragraph]:
    """Entries without numbers: as the paragraphs are, halves at the end of a column joined."""
    if not own:
        return []
    size = own[0].size
    made: list[Paragraph] = []
    others: list[Paragraph] = []
    for part in own:
        if not _is_entry_matter(part, size) or not re.search(r"\w{3}", part.words):
            others.append(part)
            continue
        previous = made[-1] if made else None
        moved = previous is not None and (
            previous.lines[-1].region != part.lines[0].region or previous.lines[-1].page != part.lines[0].page
        )
        if previous is not None and moved and not _opens(part.words) and not ends_sentence(previous.words):
            made[-1] = _entry([*previous.lines, *part.lines])
        else:
            made.append(_entry(part.lines))
    return _in_page_order(made, others)


def _opens(words: str) -> bool:
    return re.match(r"[\[(]?\w{0,6}\d{0,4}[\])]?\s?[A-Z][\w’'-]+,?\s(?:[A-Z]\b|[A-Z][a-z]+,|and |&)", words) is not None


def _entry(lines: Sequence[Line]) -> Paragraph:
    return Paragraph(list(lines), "reference")
