"""Which entry of a .bib file is about which document, and what a document's bibliography is with it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace

from index.bibtex.records import OTHERS, Record
from index.bylines import PARTICLES, family_name
from index.documents import Bibliography


def match(records: Sequence[Record], documents: Mapping[str, Bibliography]) -> dict[str, Record]:
    """Which record is about which document, by shelf name.

    A record's file tells it for certain, then its DOI, then its title where neither year nor first author speak
    against it. Where two records, or two documents, fit equally well, none is chosen.
    """
    distinct = list(dict.fromkeys(records))
    found: dict[str, Record] = {}
    waiting = sorted(documents)
    undecided: dict[str, set[int]] = {}  # between which records only what comes next can tell
    taken: set[int] = set()
    for fits in (_by_file(distinct), _by_doi(distinct), _by_title(distinct, taken)):
        chosen: dict[str, int] = {}
        for name in waiting:
            candidates = set(fits(name, documents[name]))
            if name in undecided:
                candidates &= undecided[name]
            same = {replace(distinct[at], key="", files=()) for at in candidates}
            if len(same) == 1:
                chosen[name] = min(candidates)
            elif candidates:
                undecided[name] = candidates
        if fits.__name__ == "title":
            counts: dict[int, int] = defaultdict(int)
            for at in chosen.values():
                counts[at] += 1
            chosen = {name: at for name, at in chosen.items() if counts[at] == 1}
        found |= {name: distinct[at] for name, at in chosen.items()}
        taken.update(chosen.values())
        waiting = [name for name in waiting if name not in chosen]
    return found


_Fits = Callable[[str, Bibliography], Iterable[int]]


def _by_file(records: Sequence[Record]) -> _Fits:
    known: dict[str, list[tuple[list[str], int]]] = defaultdict(list)
    for at, record in enumerate(records):
        for path in record.files:
            parts = _parts(path)
            if parts:
                known[parts[-1]].append((parts, at))

    def file(name: str, _: Bibliography) -> Iterable[int]:
        own = _parts(name)
        shared = [(_common(own, parts), at) for parts, at in known.get(own[-1], ())] if own else []
        longest = max((count for count, _ in shared), default=0)
        return {at for count, at in shared if count == longest}

    return file


def _by_doi(records: Sequence[Record]) -> _Fits:
    known: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        if record.doi:
            known[record.doi.lower()].append(at)

    def by_doi(_: str, own: Bibliography) -> Iterable[int]:
        return known.get(own.doi.lower(), ()) if own.doi else ()

    return by_doi


def _by_title(records: Sequence[Record], taken: Container[int]) -> _Fits:
    known: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        if folded := _fold(record.title):
            known[folded].append(at)

    def title(_: str, own: Bibliography) -> Iterable[int]:
        return [
            at
            for at in known.get(_fold(own.title), ())
            if at not in taken and _agrees(own, records[at], certain=len(own.title.split()) < 3)
        ]

    return title


def _agrees(own: Bibliography, record: Record, certain: bool) -> bool:
    """Whether year and first author do not speak against a match, or do speak for it where that must be certain."""
    if own.doi and record.doi and own.doi.lower() != record.doi.lower():
        return False
    # Online one year, in print the next.
    years = own.year is not None and record.year is not None
    if years and abs((own.year or 0) - (record.year or 0)) > 1:
        return False
    authors = bool(own.authors and record.authors)
    if authors and _family(own.authors[0]) != _family(record.authors[0]):
        return False
    return (years and authors) or not certain


def _family(author: str) -> str:
    words = family_name(author).split()
    while len(words) > 1 and words[0].lower() in PARTICLES:
        words = words[1:]
    return _fold(" ".join(words))


def _fold(words: str) -> str:
    folded = unicodedata.normalize("NFKD", words).casefold()
    return "".join(c for c in folded if c.isalnum())


def _parts(path: str) -> list[str]:
    return [
        part
        for part in unicodedata.normalize("NFC", path).casefold().replace("\\", "/").split("/")
        if part not in {"", "."}
    ]


def _common(own: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    while count < min(len(own), len(other)) and own[-1 - count] == other[-1 - count]:
        count += 1
    return count


def merged(own: Bibliography, record: Record) -> Bibliography:
    """A document's bibliography with what the record states, which corrects and completes it.

    Where the record only abbreviates what the document has in full (initials, "and others", "Ann. Rheum. Dis."), the
    document's own words stay.

    A field's spans stay only where its value says the same as before: no quote may seem to state a corrected value.
    """
    if _abbreviates_people(record.authors, own.authors):
        record = replace(record, authors=())
    if record.journal and _abbreviates(record.journal, own.journal):
        record = replace(record, journal="")
    stated = dict(own.stated)
    if record.title and _fold(record.title) != _fold(own.title):
        stated.pop("title", None)
    if record.authors and [_fold(name) for name in record.authors] != [_fold(name) for name in own.authors]:
        stated.pop("authors", None)
    if record.year is not None and record.year != own.year:
        stated.pop("year", None)
    if record.journal and _fold(record.journal) != _fold(own.journal):
        stated.pop("journal", None)
    if record.doi and record.doi.lower() != own.doi.lower():
        stated.pop("doi", None)
    return Bibliography(
        title=record.title or own.title,
        authors=record.authors or own.authors,
        year=record.year if record.year is not None else own.year,
        journal=record.journal or own.journal,
        doi=record.doi or own.doi,
        labels=tuple(dict.fromkeys((*own.labels, *record.labels))),
        stated=stated,
    )


def _abbreviates_people(record: Sequence[str], own: Sequence[str]) -> bool:
    """Whether a record names the same people in the same order, fewer of them or by their initials."""
    truncated = bool(record) and record[-1] == OTHERS
    named = record[:-1] if truncated else record
    if not named or len(named) > len(own) or (len(named) < len(own) and not truncated):
        return False
    for short, full in zip(named, own, strict=False):
        if _family(short) != _family(full):
            return False
        if not _abbreviates(_given(short), _given(full)):
            return False
    return True


def _given(author: str) -> str:
    words = author.replace(family_name(author), " ").replace(",", " ").replace(".", ". ").split()
    return " ".join(words)


def _abbreviates(short: str, full: str) -> bool:
    """Whether each word of `short` begins a word of `full`, in order: "Ann. Rheum. Dis."."""
    words = iter(_fold(word) for word in full.replace("-", " ").split())
    starts = [_fold(word) for word in short.replace("-", " ").split()]
    return len(_fold(short)) <= len(_fold(full)) and all(any(word.startswith(one) for word in words) for one in starts)
