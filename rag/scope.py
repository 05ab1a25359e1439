"""Which documents a question is about: those it names by an author or by their title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher

from index.analysis import terms
from index.bibliography import family_name
from index.documents import Bibliography
from rag.question import Question

_CAPITALISED = re.compile(r"\b[^\W\d_a-zß-öø-ÿ][\w'’-]+")
_POSSESSIVE = re.compile(r"['’]s$")
_TITLE_SHARE = 0.75  # of a title's words, in a question, name the title
_MISSPELT = 0.8  # similarity from which an unknown name is a known one, misspelt


def named_documents(text: str, shelf: Mapping[str, Bibliography]) -> list[str]:
    """The documents that a question names, in the order of the shelf; none if it names none.

    A document is named by the family name of one of its authors, capitalised as names are, or by most of the
    words of its title; by title only the closest count.
    """
    return by_author(text, shelf) or _by_title(text, shelf)


def by_author(text: str, shelf: Mapping[str, Bibliography]) -> list[str]:
    """The documents one of whose authors a question names; a slip in a name is forgiven if no name fits."""
    families = {
        name: {family_name(author).casefold() for author in bibliography.authors}
        for name, bibliography in shelf.items()
    }
    known = set().union(*families.values())
    capitals = {_POSSESSIVE.sub("", word).casefold() for word in _CAPITALISED.findall(text)}
    meant = capitals & known
    if not meant:
        meant = {family for word in capitals if len(word) >= 5 for family in known if _misspelt(word, family)}
    return [name for name, found in families.items() if found & meant]


def closest_title(question: Question, shelf: Mapping[str, Bibliography]) -> list[str]:
    """The one document whose title shares clearly more of the question's words than any other's; or none."""
    titles = {name: set(terms(bibliography.title)) for name, bibliography in shelf.items()}
    spread = Counter(word for words in titles.values() for word in words)
    asked = set(question.terms)
    scores = sorted(
        ((sum(1 / spread[word] for word in words & asked), name) for name, words in titles.items()), reverse=True
    )
    if not scores or scores[0][0] < 1 or (len(scores) > 1 and scores[0][0] < 2 * scores[1][0]):
        return []
    return [scores[0][1]]


def without_names(words: Collection[str], shelf: Mapping[str, Bibliography], named: Collection[str]) -> list[str]:
    """The words of a question less the family names of the authors of the documents named."""
    families = {
        part.casefold() for name in named for author in shelf[name].authors for part in family_name(author).split()
    }
    return [word for word in words if word.casefold() not in families and word.casefold() != "et" and word != "al"]


def _by_title(text: str, shelf: Mapping[str, Bibliography]) -> list[str]:
    asked = set(terms(text))
    shares = {name: _share(bibliography.title, asked) for name, bibliography in shelf.items()}
    best = max(shares.values(), default=0.0)
    return [name for name, share in shares.items() if share == best] if best >= _TITLE_SHARE else []


def _share(title: str, asked: set[str]) -> float:
    words = set(terms(title))
    return len(words & asked) / len(words) if len(words) >= 4 else 0.0


def _misspelt(word: str, family: str) -> bool:
    return word[0] == family[0] and SequenceMatcher(None, word, family).ratio() >= _MISSPELT
