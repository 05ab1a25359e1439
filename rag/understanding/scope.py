"""Which documents a question is about: those it names by an author, their title or their journal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.analysis import terms
from index.bibliography import family_name
from index.documents import Bibliography
from rag.understanding.question import Question

_NAME = r"((?:[DO]['’])?[^\W\d_a-zß-öø-ÿ][\w-]*[^\W\d_]\b)"  # begins with a capital
_AS_AUTHOR = re.compile(
    rf"""(?:\b(?:(?:reviewed|written|authored|published|review|article|paper|study|work)\ by|according\ to
            |drs?\.?|prof\.?|professor)
          \ (?-i:{_NAME})(?!['’]s|\ (?:disease|syndrome))
    | \b(?-i:{_NAME})(?=\ et\ al|\ and\ (?:colleagues|co-?workers|others)
          |\ (?:says?|reports?|finds?|found|argues?|concludes?|describes?|writes?|wrote|claims?|states?|works?)\b
          |['’]s\ (?:review|article|paper|view|study|work|group|team|conclusion|opinion|affil\w*)))""",
    re.IGNORECASE | re.VERBOSE,
)
_FIRST_AUTHOR = re.compile(rf"\b{_NAME}(?=\ et\ al|\ and\ (?:colleagues|co-?workers|others)\b)")
_QUOTED = re.compile(r"[“\"«‘']([^“”\"«»‘’']{12,})[”\"»’']")
_TWO_NAMES = re.compile(
    rf"""\b{_NAME}\ (?:and|&|or|versus|vs\.?|(?:differs?|compares?|(?:dis)?agrees?|contrasts?)(?:\ (?:from|with|to))?)
      \ {_NAME}\b""",
    re.VERBOSE,
)
_SPACES = re.compile(r"\s+")
_MISSPELT = 0.8  # similarity from which an unknown name is a known one, misspelt


@dataclass(frozen=True, slots=True)
class Named:
    """What a document can be named by: its authors' family names, and the index terms of its title and journal."""

    bibliography: Bibliography
    families: frozenset[str]
    first: str
    title: tuple[str, ...]
    journal: tuple[str, ...]


def names_of(bibliography: Bibliography) -> Named:
    """What a document can be named by. Made once for each, for a large shelf is looked through at every question."""
    authors = [author for author in bibliography.authors if author != "et al."]
    return Named(
        bibliography,
        families=frozenset(family_name(author).casefold() for author in authors),
        first=family_name(bibliography.authors[0]).casefold() if bibliography.authors else "",
        title=tuple(terms(bibliography.title)),
        journal=tuple(terms(bibliography.journal)),
    )


def named_documents(text: str, shelf: Mapping[str, Named]) -> list[str]:
    """The documents that a question names, in the order of the shelf; none if it names none.

    A document is named by an author of it, or by its title in quotation marks.
    """
    return by_author(text, shelf) or _by_title(text, shelf)


def by_journal(text: str, shelf: Mapping[str, Named]) -> list[str]:
    """The documents whose journal a question names."""
    said = terms(text)
    words = set(said)
    return [
        name
        for name, one in shelf.items()
        if one.journal and words.issuperset(one.journal) and _runs_in(one.journal, said)
    ]


def by_author(text: str, shelf: Mapping[str, Named]) -> list[str]:
    """The documents one of whose authors a question names; a slip in a name is forgiven if no name fits.

    A name counts only where it is used as an author's is ("Crohn et al.", "according to Crohn"): many a disease
    bears the name of somebody.
    """
    cited = {(match[1] or match[2]).casefold() for match in _AS_AUTHOR.finditer(text)}
    cited |= {name.casefold() for match in _TWO_NAMES.finditer(text) for name in match.groups()}
    if not cited:
        return []
    known = set().union(*(one.families for one in shelf.values()))
    # "Wang et al." is a review by the name of its first author, where there is one.
    heads = {match[1].casefold() for match in _FIRST_AUTHOR.finditer(text)} & {one.first for one in shelf.values()}
    meant = cited & known
    if not meant:
        meant = {family for word in cited if len(word) >= 5 for family in known if _misspelt(word, family)}
    return [
        name
        for name, one in shelf.items()
        if any(one.first == family or family not in heads for family in one.families & meant)
    ]


def closest_title(question: Question, shelf: Mapping[str, Named]) -> list[str]:
    """The one document whose title shares clearly more of the question's words than any other's; or none."""
    asked = set(question.terms)
    shared = {name: found for name, one in shelf.items() if (found := asked.intersection(one.title))}
    spread = Counter(word for words in shared.values() for word in words)
    scores = sorted(((sum(1 / spread[word] for word in words), name) for name, words in shared.items()), reverse=True)
    if not scores or scores[0][0] < 1 or (len(scores) > 1 and scores[0][0] < 2 * scores[1][0]):
        return []
    return [scores[0][1]]


def terms_of(named: Collection[str], shelf: Mapping[str, Named]) -> set[str]:
    """The index terms of the titles, journals and authors of some documents."""
    return {
        term
        for name in named
        for term in (*shelf[name].title, *shelf[name].journal, *terms(" ; ".join(shelf[name].bibliography.authors)))
    }


def without_names(text: str, shelf: Mapping[str, Named], named: Collection[str]) -> str:
    """A question without the authors of the documents it names: they say where to look, not what to look for."""
    families = sorted(
        {family_name(author) for name in named for author in shelf[name].bibliography.authors} - {"", "al."}, key=len
    )
    if not families:
        return text
    anyone = "|".join(re.escape(family) for family in reversed(families))
    pattern = rf"(?:\bdr\.? )?\b(?:{anyone})\b(?:['’]s)?(?: et al\b\.?| and (?:colleagues|co-?workers))?"
    return _SPACES.sub(" ", re.sub(pattern, " ", text, flags=re.IGNORECASE)).strip()


def _by_title(text: str, shelf: Mapping[str, Named]) -> list[str]:
    quoted = [tuple(terms(match[1])) for match in _QUOTED.finditer(text)]
    return [name for name, one in shelf.items() if any(_runs_in(words, one.title) for words in quoted)]


def _runs_in(words: Sequence[str], text: Sequence[str]) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(text)} "


def _misspelt(word: str, family: str) -> bool:
    return word[0] == family[0] and SequenceMatcher(None, word, family).ratio() >= _MISSPELT
