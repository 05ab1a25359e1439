"""The reference list of a PDF: its paragraphs cut or joined so that each entry is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.blocks import ends_sentence
from index.heading_words import REFERENCES, plain
from index.readers.pdf.paragraph import Line, Paragraph

_LABEL = re.compile(r"[\[(]?(\d{1,3})[\]).]?(?=[\s  ]|[A-Z])")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d[a-z]?\b")
_LINES = 12  # that one entry takes at most
_TRIES = 12  # places where a list may begin
_REACH = 40  # paragraphs among which they may stand
_LEAST = 5  # entries of a list that has no heading
_AFTER_LIST = re.compile(
    r"appendi|supplement|figure legend|tables?$|figures?$|acknowledg|funding|author|conflict|competing|cite this|doi:"
    r"|publisher|received|abbreviation|about the|biograph",
    re.IGNORECASE,
)


def references_marked(parts: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs, those of the reference list as entries."""
    start = _heading(parts)
    headed = start is not None
    if start is None:
        start = _before_list(parts)
        if start is None:
            return list(parts)
        parts = _with_strays(parts, start)
    end = _end(parts, start)
    own = parts[start + 1 : end]
    numbered = any(_number(part.lines[0]) == 1 for part in own[:3]) or not headed
    entries = _numbered(own) if numbered else _hanging(own)
    return [*parts[: start + 1], *entries, *parts[end:]]


def _heading(parts: Sequence[Paragraph]) -> int | None:
    for i in range(len(parts) - 1, -1, -1):
        words = parts[i].words
        if len(words) < 40 and plain(words) in REFERENCES and i + 1 < len(parts) and _is_list(parts[i + 1 : i + 4]):
            return i
    return None


def _is_list(own: Sequence[Paragraph]) -> bool:
    """Whether entries follow: a section about references has neither numbers nor years."""
    return _number(own[0].lines[0]) == 1 or any(_YEAR.search(part.words) for part in own[:3])


def _before_list(parts: Sequence[Paragraph]) -> int | None:
    """What stands before a numbered list that closes the document without a heading, as in journals of physics."""
    tried = 0
    for i in range(len(parts) - 1, 0, -1):
        line = parts[i].lines[0]
        first = _number(line)
        if not 1 <= first <= 3 or not _is_entry_matter(parts[i], parts[i].size):
            continue
        tried += 1
        if tried > _TRIES:
            break
        look = _look(line)
        rest = [own for part in parts[i:] for own in part.lines]
        at = [n for n, own in enumerate(rest) if _look(own) == look and 1 <= _number(own) - first < 1000]
        count, last = 1, 0
        for n in at:
            if _number(rest[n]) == first + count and n - last <= _LINES:
                count, last = count + 1, n
        dated = sum(_YEAR.search(own.words) is not None for own in rest)
        if count >= _LEAST and dated >= 0.7 * count and len(rest) - last <= _LINES:
            return i - 1
    return None


def _with_strays(parts: Sequence[Paragraph], start: int) -> list[Paragraph]:
    """The paragraphs, first entries marked that stand apart from the list, at the bottom of the column before it."""
    made = list(parts)
    look, wanted = _look(made[start + 1].lines[0]), _number(made[start + 1].lines[0]) - 1
    for i in range(start, max(start - _REACH, -1), -1):
        line = made[i].lines[0]
        if (
            wanted > 0
            and _number(line) == wanted
            and _look(line) == look
            and abs(line.size - made[start + 1].size) < 0.5
        ):
            made[i] = _entry(made[i].lines)
            wanted -= 1
    return made


def _look(line: Line) -> str:
    """How an entry's number is written: "[]", ".", or without a sign."""
    match = _LABEL.match(line.words)
    return re.sub(r"\d", "", match.group()) if match else "none"


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
    number = max(_number(own[0].lines[0]) - 1, 0) if _number(own[0].lines[0]) <= 3 else 0
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
    others = [part for part in own if not _is_entry_matter(part, size)]
    if entries := _by_indentation([part for part in own if _is_entry_matter(part, size)]):
        return _in_page_order(entries, others)
    others = []
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


def _by_indentation(own: Sequence[Paragraph]) -> list[Paragraph]:
    """Entries whose first line stands out to the left of their others, or none where they are not set so."""
    lines = [line for part in own for line in part.lines]
    edges: dict[tuple[int, int], float] = {}
    for line in lines:
        edges[line.page, line.region] = min(line.left, edges.get((line.page, line.region), line.left))
    inward = [line.left - edges[line.page, line.region] for line in lines]
    hanging = {
        (line.page, line.region)
        for line, step in zip(lines, inward, strict=True)
        if 0.6 * line.size < step < 5 * line.size
    }
    first = [
        step < 0.4 * line.size
        if (line.page, line.region) in hanging
        else at == 0 or (ends_sentence(lines[at - 1].words) and not line.words[:1].islower())
        for at, (line, step) in enumerate(zip(lines, inward, strict=True))
    ]
    fresh = [at for at in range(1, len(lines)) if first[at]]
    good = sum(ends_sentence(lines[at - 1].words) and not lines[at].words[:1].islower() for at in fresh)
    if (
        not first[:1]
        or not first[0]
        or len(first) - sum(first) < 0.25 * len(lines)
        or good < 0.6 * len(fresh)
        or not fresh
    ):
        return []
    entries: list[list[Line]] = []
    for line, opens in zip(lines, first, strict=True):
        if opens:
            entries.append([line])
        else:
            entries[-1].append(line)
    return [_entry(entry) for entry in entries]


def _opens(words: str) -> bool:
    return re.match(r"[\[(]?\w{0,6}\d{0,4}[\])]?\s?[A-Z][\w’'-]+,?\s(?:[A-Z]\b|[A-Z][a-z]+,|and |&)", words) is not None


def _entry(lines: Sequence[Line]) -> Paragraph:
    return Paragraph(list(lines), "reference")
