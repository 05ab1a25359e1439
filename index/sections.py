"""The headed parts of an article in plain text: headings on their own line, and labelled statements.

A missing section costs a little context; a wrong one misleads. So a line is a heading only if it is a
usual name, a number with a name, capitals before a paragraph, or a short line between two paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.blocks import ends_sentence, marker_end
from index.documents import Block, Section, Span
from index.heading_words import AUTHOR_MATTER, BODY, METADATA, is_standard, plain

PARAGRAPH = 120  # characters that make prose of a block, for a heading to stand before

_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,4}\.) +(?=[^\W\d_])")
_LABEL = re.compile(r"(?P<label>[^\W\d_][^:.\n]{1,60}?)\s?:\s+(?=\S)")
_FLOAT = re.compile(
    r"(?:fig(?:ure)?|table|box|scheme|supplementary (?:fig|table)\w*|appendix)\b\.? ?\w?\d", re.IGNORECASE
)
_FIRST_WORDS = frozenset(term.split()[0] for term in AUTHOR_MATTER)
_MARKDOWN = re.compile(r"#{1,6}\s+")


@dataclass(frozen=True, slots=True)
class _Heading:
    words: str
    start: int
    end: int | None = None  # where a statement of one block ends; None: runs to the next heading


def sections(text: str, blocks: Sequence[Block], furniture: Sequence[Span]) -> tuple[Section, ...]:
    """The sections of `text`, in order."""
    dropped = {span.start for span in furniture}
    own = [block for block in blocks if block.start not in dropped]
    repeated = Counter(_key(text, block) for block in own if block.end - block.start <= 100)
    headings = [found for i in range(len(own)) if (found := _heading(text, own, i, repeated))]
    parts: list[Section] = []
    for heading, following in zip(headings, [*headings[1:], None], strict=False):
        limit = following.start if following else len(text)
        end = limit if heading.end is None else min(heading.end, limit)
        parts.append(Section(heading.words, heading.start, end))
    return tuple(parts)


def _key(text: str, block: Block) -> str:
    return " ".join(text[block.start : block.end].lower().split())


def _heading(text: str, own: Sequence[Block], i: int, repeated: Counter[str]) -> _Heading | None:
    block = own[i]
    raw = text[block.start : min(block.end, block.start + 200)]
    words = raw
    start = block.start
    if block.end - block.start <= 100:
        if plain(words) in METADATA:
            return None
        markdown = _MARKDOWN.match(words)
        numbered = _NUMBERED.match(words)
        title = " ".join(words[markdown.end() :].split()) if markdown else " ".join(words.rstrip(" :").split())
        if is_standard(words.split(".")[-1] if words.isupper() else words) and (block.kind != "item" or numbered):
            return _Heading(title, start)
        if markdown and i:
            return _Heading(title, start)
    # A bullet or number before a labelled statement is not part of it.
    marker = marker_end(raw)
    if statement := _statement(raw[marker:], start + marker, block.end):
        return statement
    if block.end - block.start <= 100 and not _LABEL.match(raw) and _is_heading_line(text, own, i, repeated):
        return _Heading(" ".join(raw.rstrip(" :").split()), start)
    return None


def _statement(words: str, start: int, end: int) -> _Heading | None:
    """ "Abstract: ...", "Competing interests None declared.", "Correspondence to Dr ..."."""
    if (match := _LABEL.match(words)) and len(match.group("label").split()) <= 8:
        label = plain(match.group("label"))
        if label in METADATA:
            return None
        if label in AUTHOR_MATTER:
            return _Heading(match.group("label"), start, end)
        if label in BODY:
            return _Heading(match.group("label"), start)
    tokens = words.replace("’", "'").split()
    if not tokens or tokens[0].lower().strip(".:") not in _FIRST_WORDS:
        return None
    for size in range(min(7, len(tokens) - 1), 0, -1):
        label = " ".join(tokens[:size])
        if plain(label) in AUTHOR_MATTER and words[0].isupper() and label[-1] not in ".,;" and _opens(tokens[size]):
            shown = re.sub(r"\s+to$", "", label)
            return _Heading(words[: len(shown)].replace("\n", " "), start, end)
    return None


def _opens(token: str) -> bool:
    """Whether a statement can begin with this word: it has a capital, as no running sentence would."""
    return token[0].isupper() or token[0].isdigit()


def _is_heading_line(text: str, own: Sequence[Block], i: int, repeated: Counter[str]) -> bool:
    block = own[i]
    words = text[block.start : block.end]
    if i == 0 or i + 1 >= len(own) or len(words) < 4 or (ends_sentence(words) and words[-1] != "?"):
        return False
    if _FLOAT.match(words) or words[-1] in ",;-–" or repeated[_key(text, block)] > 1:
        return False
    letters = sum(char.isalpha() or char.isspace() for char in words)
    if letters < 0.8 * len(words) or words.count(",") > 2 or len(words.split()) > 14:
        return False
    after, before = own[i + 1], own[i - 1]
    leads = after.end - after.start >= PARAGRAPH and after.kind != "item"
    if numbered := _NUMBERED.match(words):
        if block.kind == "item" and before.kind == "item":
            return False  # one of a numbered list: authors, affiliations, steps
        deeper = bool(_NUMBERED.match(text[after.start : after.end])) and "." in text[after.start : after.start + 5]
        return words[numbered.end()].isupper() and (leads or (deeper and "." in words[:5]))
    if not leads or block.kind == "item":
        return False
    if words.isupper() and len(words.split()) > 0 and letters >= 5 and words[0].isalpha():
        return "TITLE" not in words
    # Only between paragraphs: at the top of a text such lines are titles, bylines and kinds of article.
    follows = before.end - before.start >= PARAGRAPH and ends_sentence(text[before.start : before.end])
    return follows and words[0].isupper() and len(words) <= 80 and ":" not in words[-1:]
