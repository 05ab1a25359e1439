"""Authors as documents state them ("Blache, U.", "Andrea R Daamen", "Fricke SA") -> family and given names.

A name is taken apart only where its form tells the parts; a group's name, or anything else, stays as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.bylines import SUFFIXES, family_name, is_name
from rag.exporting.characters import plain

OTHERS = frozenset({"et al.", "et al", "others"})
"""What stands in an author list for those it leaves out."""

_FAMILY_FIRST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Person:
    """A name in its parts, or whole in `literal` where it cannot be taken apart."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""


def people(authors: Iterable[str]) -> tuple[list[Person], bool]:
    """The authors in order, and whether the list leaves some out."""
    told = [one for one in map(plain, authors) if one]
    named = [one for one in told if one.casefold() not in OTHERS]
    return [person(one) for one in named], len(named) < len(told)


def person(author: str) -> Person:
    """One author."""
    author = plain(author)
    whole = Person(literal=author)
    if not is_name(author):
        return whole
    parts = [part.strip() for part in author.split(",")]
    if not all(parts) or len(parts) > 3:
        return whole
    suffixes = [part for part in parts[1:] if part.lower() in SUFFIXES]
    parts = [part for part in parts if part not in suffixes]
    suffix = " ".join(suffixes)
    if len(parts) > 2 or len(suffixes) > 1:
        return whole
    if len(parts) == 2:
        return Person(parts[0], parts[1], suffix)
    tokens = parts[0].split()
    if tokens[-1].lower() in SUFFIXES and not suffix:
        suffix = tokens.pop()
    if len(tokens) < 2:
        return whole
    if _FAMILY_FIRST.search(parts[0]):
        return Person(tokens[0], " ".join(tokens[1:]), suffix)
    name = " ".join(tokens)
    family = family_name(name)
    if family != name and name.endswith(f" {family}"):
        return Person(family, name[: -len(family)].strip(), suffix)
    if family != name and name.startswith(f"{family} "):  # "Fricke SA"
        return Person(family, name[len(family) :].strip(), suffix)
    return whole
