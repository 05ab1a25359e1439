"""What the documents of a shelf can be named by, found by its words: of many titles a question looks at few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Generic, TypeVar

from index.analysis import terms
from index.bibliography import family_name
from index.documents import Bibliography

_Key = TypeVar("_Key")
_Beginning = TypeVar("_Beginning", str, tuple[str, ...])


@dataclass(frozen=True, slots=True)
class Named:
    """What a document can be named by: its authors' family names, and the index terms of its title and journal."""

    bibliography: Bibliography
    families: frozenset[str]
    first: str
    title: tuple[str, ...]
    journal: tuple[str, ...]


class ShelfNames:
    """What each document can be named by. Made once for a state of the shelf, and never changed."""

    def __init__(self, said: Mapping[str, Bibliography]) -> None:
        self._named = {name: _named(bibliography) for name, bibliography in said.items()}
        self._places = {name: at for at, name in enumerate(said)}
        self._narrowed = False
        self._by_family = _Listed(self._named, lambda one: one.families)
        self._by_first = _Listed(self._named, lambda one: (one.first,))
        self._by_title = _Listed(self._named, lambda one: one.title)
        self._by_journal = _Listed(self._named, lambda one: (one.journal,))
        self._families = _by_beginning(self._by_family)
        self._journals = _by_beginning(self._by_journal)

    def only(self, documents: Iterable[str]) -> ShelfNames:
        """The same of some documents alone, in the order given."""
        narrowed = copy(self)
        narrowed._places = {name: at for at, name in enumerate(dict.fromkeys(documents))}
        narrowed._narrowed = True
        return narrowed

    def __getitem__(self, name: str) -> Named:
        return self._named[name]

    @property
    def documents(self) -> list[str]:
        """The documents, in their order."""
        return list(self._places)

    def in_order(self, documents: Iterable[str]) -> list[str]:
        """Some of the documents, each once, in their order."""
        return sorted(set(documents), key=self._places.__getitem__)

    def by_family(self, family: str) -> Sequence[str]:
        """The documents with an author of this family name."""
        return self._by_family.documents(family, self._among)

    def by_first_author(self, family: str) -> Sequence[str]:
        """The documents whose first author has this family name."""
        return self._by_first.documents(family, self._among)

    def by_title(self, term: str) -> Sequence[str]:
        """The documents whose title has this term."""
        return self._by_title.documents(term, self._among)

    def by_journal(self, journal: tuple[str, ...]) -> Sequence[str]:
        """The documents of a journal."""
        return self._by_journal.documents(journal, self._among)

    def families(self, letter: str) -> list[str]:
        """The family names that begin with a letter."""
        return [family for family in self._families.get(letter, ()) if self.by_family(family)]

    def journals(self, term: str) -> list[tuple[str, ...]]:
        """The journals whose name begins with a term."""
        return [journal for journal in self._journals.get(term, ()) if self.by_journal(journal)]

    @property
    def _among(self) -> Collection[str] | None:
        return self._places if self._narrowed else None


class _Listed(Generic[_Key]):
    """The documents by a thing that they can be named by."""

    def __init__(self, named: Mapping[str, Named], keys: Callable[[Named], Collection[_Key]]) -> None:
        self._named = named
        self._keys = keys
        self._documents: dict[_Key, list[str]] = defaultdict(list)
        for name, one in named.items():
            for key in set(keys(one)):
                self._documents[key].append(name)

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._documents)

    def documents(self, key: _Key, among: Collection[str] | None) -> Sequence[str]:
        """The documents that have this key, of those `among` if given."""
        found = self._documents.get(key, ())
        if among is None:
            return found
        if len(found) <= len(among):
            return [name for name in found if name in among]
        return [name for name in among if key in self._keys(self._named[name])]


def _by_beginning(keys: Iterable[_Beginning]) -> dict[str, list[_Beginning]]:
    """Names by their first letter, or terms by the first of them."""
    found: dict[str, list[_Beginning]] = defaultdict(list)
    for key in keys:
        if key:
            found[key[0]].append(key)
    return found


def _named(bibliography: Bibliography) -> Named:
    authors = [author for author in bibliography.authors if author != "et al."]
    return Named(
        bibliography,
        families=frozenset(family_name(author).casefold() for author in authors),
        first=family_name(bibliography.authors[0]).casefold() if bibliography.authors else "",
        title=tuple(terms(bibliography.title)),
        journal=tuple(terms(bibliography.journal)),
    )
