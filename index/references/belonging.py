"""Which mentions belong to a quoted sentence."""

from __future__ import annotations

import re
from bisect import bisect_left

from index.documents import Document, Mention, Span

# Between a sentence's end and a mention that belongs to it: "... disease. [23]", "... disease.23".
_FOLLOWS = re.compile(r"[.,;:!?)\]”\"’]{0,3}[ \u00a0\u2009\u202f]?[\[(]?")
_NEXT = re.compile(r"(?:[ \u00a0]?[,;–-][ \u00a0]?|[ \u00a0]|[\])][ \u00a0]?[\[(])?")


def mentions_of(document: Document, span: Span) -> tuple[Mention, ...]:
    """The mentions that belong to a quoted sentence.

    Those that begin within it, and those that directly follow its end ("... disease. [23]"), unless the sentence has
    closed with a mention of its own, or the words after show that the next sentence begins with it.
    """
    all_ = document.mentions
    at = bisect_left(all_, span.start, key=lambda mention: mention.start)
    found: list[Mention] = []
    while at < len(all_) and all_[at].start < span.end:
        found.append(all_[at])
        at += 1
    text = document.text
    if found and not text[found[-1].end : span.end].strip(' .,;:!?)]”"’'):
        return tuple(found)
    following: list[Mention] = []
    end, gap = span.end, _FOLLOWS
    while at < len(all_) and gap.fullmatch(text, end, all_[at].start):
        following.append(all_[at])
        end, gap = all_[at].end, _NEXT
        at += 1
    if following and _closes(text, span.end, following[0].start, end):
        found += following
    return tuple(found)


def _closes(text: str, end: int, start: int, after: int) -> bool:
    """Whether mentions over `text[start:after]` close the sentence before them rather than open the next one."""
    first = text[start]
    if first.isalpha() and text[start - 1] not in "([":
        return False  # "Smith et al. (2022) showed ..."
    if first.isdigit() and start > end and text[start - 1].isspace():
        return False
    return re.match(r"[\])]*[.,;]?\s+[a-z]", text[after : after + 8]) is None
