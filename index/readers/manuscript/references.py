"""The reference list of a manuscript: which parts are its entries, and which of the cited works each one is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.heading_words import REFERENCES, plain
from index.readers.manuscript.parts import Cited, Part
from index.references.entries import Entry, parse_entry

_DATED = re.compile(
    r"\b(?:1[6-9]|20)\d\d[a-z]?\b|\bin press\b|\bforthcoming\b|\bsubmitted\b|\bn\.d\.|https?://|\bdoi\b", re.I
)
_FLOAT = re.compile(r"\s*(?:table|figure|fig\.?|box|scheme|supplementary)\s*[\dS]", re.IGNORECASE)
_SHORTEST = 20
_PAIRS = 2_000_000  # comparisons of a title with an entry that are still quick


def mark_entries(parts: Sequence[Part]) -> None:
    """Make "entry" of the parts that are entries of the list under a heading "References"."""
    at = 0
    while at < len(parts):
        part = parts[at]
        at += 1
        if part.role == "heading" and plain(part.words) in REFERENCES:
            at = _mark_list(parts, at)


def _mark_list(parts: Sequence[Part], start: int) -> int:
    own: list[Part] = []
    end, misses = start, 0
    for at in range(start, len(parts)):
        part = parts[at]
        if part.role in {"heading", "row"} or _FLOAT.match(part.words):
            break
        own.append(part)
        if part.role == "entry" or (len(part.words) >= _SHORTEST and _DATED.search(part.words)):
            end, misses = at + 1, 0
        else:
            misses += 1
            if misses > 2:
                break
    for part in own[: end - start]:
        if part.role in {"paragraph", "item"}:
            is_entry = len(part.words) >= _SHORTEST and _DATED.search(part.words)
            part.role = "entry" if is_entry else "front"
    return end


def entries_of(parts: Sequence[Part], works: Mapping[str, Cited]) -> dict[int, tuple[str, Entry]]:
    """For each entry, by its place among the parts: the key it is cited by, and what it says."""
    found = {at: parse_entry(part.words) for at, part in enumerate(parts) if part.role == "entry"}
    which = _matched(parts, found, works)
    made: dict[int, tuple[str, Entry]] = {}
    used: set[str] = set()
    for at, entry in found.items():
        work = which.get(at)
        labelled = replace(entry, label=entry.label or parts[at].label)
        if work is None or work.key in used:
            made[at] = (f"entry {at}", labelled)
            continue
        used.add(work.key)
        made[at] = (
            work.key,
            Entry(
                labelled.label,
                work.authors or entry.authors,
                work.year or entry.year,
                work.title or entry.title,
                work.doi or entry.doi,
            ),
        )
    return made


def _matched(parts: Sequence[Part], entries: Mapping[int, Entry], works: Mapping[str, Cited]) -> dict[int, Cited]:
    which = {at: works[parts[at].key] for at in entries if parts[at].key in works}
    by_doi = {work.doi.casefold(): work for work in works.values() if work.doi}
    by_title = {_folded(work.title): work for work in works.values() if len(_folded(work.title)) > 10}
    for at, entry in entries.items():
        if at in which:
            continue
        work = by_doi.get(entry.doi.casefold()) if entry.doi else None
        work = work or by_title.get(_folded(entry.title))
        if work is None and len(entries) * len(by_title) < _PAIRS:
            words = _folded(parts[at].words)
            work = max(
                (by_title[title] for title in by_title if title in words), key=lambda w: len(w.title), default=None
            )
        if work is not None:
            which[at] = work
    return which


def _folded(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
