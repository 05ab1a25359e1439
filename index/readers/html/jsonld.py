"""What a page's JSON-LD (schema.org) says of the article it shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

_ARTICLES = (
    "Article",
    "ScholarlyArticle",
    "BlogPosting",
    "Report",
    "Chapter",
    "WebPage",
    "TechArticle",
    "CreativeWork",
)
_MOST = 4_000_000  # characters


@dataclass(frozen=True, slots=True)
class Described:
    """An article as schema.org describes it; what it does not say is empty."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    journal: str = ""
    publisher: str = ""
    doi: str = ""
    types: tuple[str, ...] = ()


def described(root: etree._Element) -> Described:
    """The article that the page's JSON-LD describes, or an empty description."""
    best, rank = Described(), len(_ARTICLES) + 1
    for node in root.iter("script"):
        if "ld+json" not in (node.get("type") or "") or not node.text or len(node.text) > _MOST:
            continue
        try:
            data = json.loads(node.text, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            types = _types(thing)
            own = min((_rank(type_) for type_ in types), default=rank)
            if own < rank:
                best, rank = _described(thing, types), own
    return best


def _rank(type_: str) -> int:
    if type_ in _ARTICLES[5:]:
        return _ARTICLES.index(type_)
    return 0 if type_.endswith("Article") or type_ in _ARTICLES else len(_ARTICLES) + 1


def _things(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for part in data[:200]:
            yield from _things(part, depth + 1)
    elif isinstance(data, dict) and depth < 8:
        yield data
        for inner in ("@graph", "mainEntity"):
            if inner in data:
                yield from _things(data[inner], depth + 1)


def _types(thing: dict[str, Any]) -> tuple[str, ...]:
    stated = thing.get("@type")
    return tuple(str(one).rpartition("/")[2] for one in (stated if isinstance(stated, list) else [stated]) if one)


def _described(thing: dict[str, Any], types: tuple[str, ...]) -> Described:
    return Described(
        title=_words(thing.get("headline")) or _words(thing.get("name")),
        authors=tuple(name for one in _listed(thing.get("author") or thing.get("creator")) if (name := _name(one))),
        date=_words(thing.get("datePublished")),
        journal=_journal(thing.get("isPartOf")),
        publisher=_name(thing.get("publisher")),
        doi=_doi(thing),
        types=(*types, *(_words(one) for one in _listed(thing.get("articleSection")))),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _words(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _name(value: Any) -> str:
    if isinstance(value, dict):
        given, family = _words(value.get("givenName")), _words(value.get("familyName"))
        return _words(value.get("name")) or f"{given} {family}".strip()
    return _words(value)


def _journal(part: Any, depth: int = 0) -> str:
    for one in _listed(part):
        if not isinstance(one, dict) or depth > 4:
            continue
        if any(type_ in {"Periodical", "Journal", "Newspaper", "Magazine"} for type_ in _types(one)):
            return _words(one.get("name"))
        if found := _journal(one.get("isPartOf"), depth + 1):
            return found
    return ""


def _doi(thing: dict[str, Any]) -> str:
    for key in ("identifier", "@id", "sameAs", "url", "doi"):
        for one in _listed(thing.get(key)):
            words = _words(one.get("value")) if isinstance(one, dict) else _words(one)
            if words.startswith("10.") or "doi.org/10." in words or words.lower().startswith("doi:"):
                return words
    return ""
