"""The entries of a reference list, found in running text.

A list is numbered where its lines carry labels that count up; otherwise entries begin where bullets, indentation or
an author list after a finished entry show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.documents import Reference, Span
from index.heading_words import is_standard
from index.references.authors import author_list
from index.references.entries import LABEL, parse_entry

_LINK = (
    r"(?:view article|google scholar|scholar|pubmed(?: central)?|cross ?ref|cas|ads|article|abstract|full ?text"
    r"|free full text|pmc free article|web of science|scopus|medline|isi|doi|pdf|view|openurl|download|chemport|embase"
    r"|links?|find it|go to original source|search|find at)"
)
_LINKS = re.compile(rf"(?:[\[(|·•,;/\s]*{_LINK}(?:\s?\(pdf\))?[\])|·•,;/\s]*)+\.?", re.IGNORECASE)
_END_LINKS = re.compile(
    r"(?:[\s.]*[\[(]\s?(?:google scholar|pubmed|cross ?ref|pmc free article|green version|doi|scopus)\s?[\])]"
    r"|\s+(?:google scholar|cross ?ref))+\s*$",
    re.IGNORECASE,
)
_OWN_LINE = re.compile(r"[•*∙●]{0,2}[\[(]?(?P<own>\d{1,4})[\])]?\.?[•*∙●]{0,2}")
_BULLET = re.compile(r"[•‣⁃▪●○■□►▸*–-]\s+(?=\S)")
_INLINE = re.compile(
    r"(?:^|(?<=[\s.]))(?:\[(?P<square>\d{1,4})\]|\((?P<round>\d{1,4})\)|(?P<stop>\d{1,4})[.)])\s+(?=[^\W\d_])"
)
_FINISHED = re.compile(r"(?:[.?!)\]”\"\d/]|https?://\S+|10\.\d{4,9}/\S+)$")
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d|\b(?:in press|n\.d\.|forthcoming)\b", re.IGNORECASE)
_DATED = re.compile(r"[.,:]?\s*\(?(?:(?:1[6-9]|20)\d\d|n\.\s?d\.)")
_ADDRESS = re.compile(r"https?://|10\.\d{4,9}/")
_BROKEN = re.compile(r"(?<=[^\W\d_])[-‐\u00ad][ \t]*[\r\n]\s*(?=[a-z])|\u00ad")  # a word at a line's end
_PAGE_FOOT = 250  # characters
_WIDE = 160  # a longer line was never wrapped: it is an entry of its own


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    words: str
    indent: int
    after_gap: bool


@dataclass(slots=True)
class _Entry:
    label: str = ""
    lines: list[Span] = field(default_factory=list)
    length: int = 0
    has_year: bool = False

    def add(self, text: str, start: int, end: int) -> None:
        if start < end:
            self.lines.append(Span(start, end))
            self.length += end - start
            self.has_year = self.has_year or _YEAR.search(text, start, end) is not None


def find_references(text: str, spans: Sequence[Span]) -> tuple[Reference, ...]:
    """The entries of the reference lists that lie in these spans of the text, in order.

    A list may lie in many spans, down to one for each entry or line. A reference covers the entry's words without its
    label and without links to other sites after it.
    """
    parts: list[list[_Line]] = []
    last = 0
    for span in sorted(spans, key=lambda span: span.start):
        parts.append(list(_lines(text, max(span.start, last), min(span.end, len(text)))))
        last = max(last, span.end)
    entries = _numbered(text, [line for part in parts for line in part])
    found = list(_references(text, entries))
    apart = [one for part in parts for one in _references(text, _entries(text, part))]
    # Of two lists, one may be without numbers; but a numbered list is not read worse for being in one piece.
    return tuple(found if entries and len(found) * 4 >= len(apart) * 3 else apart)


def _entries(text: str, lines: Sequence[_Line]) -> list[_Entry]:
    numbered, inline = _numbered(text, lines), _inline(text, lines)
    return (numbered if len(numbered) >= len(inline) else inline) or _unnumbered(text, lines)


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    """The lines that are neither blank nor a heading; lines of links part entries as blank lines do."""
    gap, at = True, start
    for raw in text[start:end].splitlines(keepends=True):
        words = raw.strip()
        if not words or is_standard(words) or (len(words) < 120 and _LINKS.fullmatch(words)):
            gap = True
        else:
            indent = len(raw) - len(raw.lstrip())
            yield _Line(at + indent, at + indent + len(words), words, indent, gap)
            gap = False
        at += len(raw)


def _label(line: _Line) -> tuple[str, str, int] | None:
    """Kind of label, label, and where the words begin after it."""
    if own := _OWN_LINE.fullmatch(line.words):
        return "own", own.group("own"), line.end
    match = LABEL.match(line.words)
    if match is None or match.end() == 0:
        return None
    kind = str(match.lastgroup)
    return kind, match.group(kind), line.start + match.end()


def _numbered(text: str, lines: Sequence[_Line]) -> list[_Entry]:
    """The entries of a list whose labels count up, or none."""
    entries: list[_Entry] = []
    kind, expected, before = "", 0, None
    open_ = False
    for line in lines:
        label = _label(line)
        if label is not None and _follows(label, kind, expected, before, line.after_gap):
            kind = label[0]
            expected = int(label[1]) + 1 if label[1].isdigit() else 0
            entries.append(_Entry(label[1]))
            entries[-1].add(text, label[2], line.end)
            open_ = True
        elif entries:
            # After a finished entry and a gap comes what is no part of it: a comment, the next page's matter.
            if line.after_gap and entries[-1].length >= 40 and before and _FINISHED.search(before.words):
                open_ = False
            # Over the foot of a page an entry may go on, but not over a part of the article.
            open_ = open_ and before is not None and line.start - before.end < _PAGE_FOOT
            if open_:
                entries[-1].add(text, line.start, line.end)
        elif len(line.words) > 60:
            return []  # words before any label: not a numbered list
        before = line
    words = sum(line.end - line.start for line in lines)
    inside = sum(entry.length for entry in entries)
    return (
        entries if (len(entries) > 1 or (entries and entries[0].label in {"1", "[1]"})) and inside * 2 > words else []
    )


def _follows(label: tuple[str, str, int], kind: str, expected: int, before: _Line | None, after_gap: bool) -> bool:
    name, number, _ = label
    if not kind:
        return True
    if name != kind:
        return False
    if not number.isdigit():
        return expected == 0
    value = int(number)
    if value == expected:
        return True
    finished = before is not None and _FINISHED.search(before.words) is not None
    # A label may have been lost, or a second list begin.
    if value == 1 and expected > 2:
        return finished and (kind != "bare" or after_gap)
    return finished and kind != "bare" and 0 < value - expected <= 2


def _inline(text: str, lines: Sequence[_Line]) -> list[_Entry]:
    """The entries of a numbered list that has lost its line ends."""
    if not lines:
        return []
    start, end = lines[0].start, lines[-1].end
    marks: list[tuple[str, int, int]] = []
    kind, expected = "", 0
    for match in _INLINE.finditer(text, start, end):
        name = str(match.lastgroup)
        before = text[max(start, match.start() - 3) : match.start()].rstrip()
        if before and before[-1] not in '.?!:)]"”/' and not before[-1].isdigit():
            continue
        number = int(match.group(name))
        if (not kind and number == 1) or (name == kind and number == expected):
            kind, expected = name, number + 1
            marks.append((match.group(name), match.start(), match.end()))
    if len(marks) < 3 or len(marks) * 2 < len(lines):
        return []
    entries: list[_Entry] = []
    for (label, _, first), following in zip(marks, [*(mark[1] for mark in marks[1:]), end], strict=True):
        entries.append(_Entry(label))
        entries[-1].add(text, first, following)
    return entries


def _unnumbered(text: str, lines: Sequence[_Line]) -> list[_Entry]:
    bulleted = sum(_BULLET.match(line.words) is not None for line in lines)
    if bulleted > 1 and lines and _BULLET.match(lines[0].words):
        starts = {i for i, line in enumerate(lines) if _BULLET.match(line.words)}
    else:
        starts = _hanging(lines) or _by_authors(lines)
    entries: list[_Entry] = []
    for i, line in enumerate(lines):
        bullet = _BULLET.match(line.words)
        if i in starts or not entries:
            entries.append(_Entry())
        entries[-1].add(text, line.start + (bullet.end() if bullet and i in starts else 0), line.end)
    return [entry for entry in entries if entry.length >= 25]


def _hanging(lines: Sequence[_Line]) -> set[int]:
    """Where entries start whose later lines are indented."""
    least = min((line.indent for line in lines), default=0)
    starts = {i for i, line in enumerate(lines) if line.indent == least}
    if not 2 <= len(starts) <= len(lines) - 2 or len({line.indent for line in lines}) > 3:
        return set()
    sound = sum(_opens(lines, i) for i in starts)
    return starts if sound * 10 >= len(starts) * 7 else set()


def _by_authors(lines: Sequence[_Line]) -> set[int]:
    starts: set[int] = set()
    has_year = True
    for i, line in enumerate(lines):
        finished = i == 0 or _FINISHED.search(lines[i - 1].words) is not None
        whole = len(line.words) > _WIDE or (i > 0 and len(lines[i - 1].words) > _WIDE)
        if i == 0 or (finished and (line.after_gap or whole or (has_year and _opens(lines, i)))):
            starts.add(i)
            has_year = False
        has_year = has_year or _YEAR.search(line.words) is not None
    return starts


def _opens(lines: Sequence[_Line], i: int) -> bool:
    """Whether a line begins as an entry does: with people, or with a body and a year."""
    words = (lines[i].words + (" " + lines[i + 1].words if i + 1 < len(lines) else ""))[:400]
    found = author_list(words)
    return bool(found.names) and (found.form != "corporate" or _DATED.match(words, found.end) is not None)


def _references(text: str, entries: Iterable[_Entry]) -> Iterator[Reference]:
    for entry in entries:
        if not entry.lines:
            continue
        start, end = entry.lines[0].start, entry.lines[-1].end
        raw = text[start:end]
        if links := _END_LINKS.search(raw):
            raw = raw[: links.start()]
        raw = raw.rstrip()
        start += len(raw) - len(raw.lstrip())
        end = start + len(raw.lstrip())
        words = _BROKEN.sub("", text[start:end])
        read = parse_entry(f"[{entry.label}] {words}" if entry.label else words)
        known = read.authors or read.year or read.doi or _ADDRESS.search(words)
        if end - start < 8 or not any(c.isalpha() for c in words) or not (entry.label or known):
            continue
        yield Reference(start, end, entry.label, read.authors, read.year, read.title, read.doi)
