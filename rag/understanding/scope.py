"""Which documents a question is about: those it names by an author, their title or their journal."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

from index.analysis import terms
from index.bibliography import family_name
from rag.understanding.question import Question
from rag.understanding.shelf_names import ShelfNames

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


def named_documents(text: str, shelf: ShelfNames) -> list[str]:
    """The documents that a question names, in the order of the shelf; none if it names none.

    A document is named by an author of it, or by its title in quotation marks.
    """
    return by_author(text, shelf) or _by_title(text, shelf)


def by_journal(text: str, shelf: ShelfNames) -> list[str]:
    """The documents whose journal a question names."""
    said = terms(text)
    journals = [journal for word in set(said) for journal in shelf.journals(word) if _runs_in(journal, said)]
    return shelf.in_order(name for journal in journals for name in shelf.by_journal(journal))


def by_author(text: str, shelf: ShelfNames) -> list[str]:
    """The documents one of whose authors a question names; a slip in a name is forgiven if no name fits.

    A name counts only where it is used as an author's is ("Crohn et al.", "according to Crohn"): many a disease
    bears the name of somebody.
    """
    cited = {(match[1] or match[2]).casefold() for match in _AS_AUTHOR.finditer(text)}
    cited |= {name.casefold() for match in _TWO_NAMES.finditer(text) for name in match.groups()}
    # "Wang et al." is a review by the name of its first author, where there is one.
    heads = {head for match in _FIRST_AUTHOR.finditer(text) if shelf.by_first_author(head := match[1].casefold())}
    meant = {word for word in cited if shelf.by_family(word)}
    if not meant:
        slips = [word for word in cited if len(word) >= 5]
        meant = {family for word in slips for family in shelf.families(word[0]) if _misspelt(word, family)}
    return shelf.in_order(
        name
        for family in meant
        for name in shelf.by_family(family)
        if family not in heads or shelf[name].first == family
    )


def closest_title(question: Question, shelf: ShelfNames) -> list[str]:
    """The one document whose title shares clearly more of the question's words than any other's; or none.

    A word that fewer titles have tells more: a share of 1 in all is that of one word that one title has.
    """
    asked = question.terms
    titled = {word: shelf.by_title(word) for word in asked}
    # All the words that more titles have together come to less than half of 1: to nothing that matters below.
    telling = [names for names in titled.values() if len(names) <= 2 * len(asked)]
    scores = sorted(
        (
            (sum(1 / len(titled[word]) for word in asked if word in shelf[name].title), name)
            for name in set().union(*telling)
        ),
        reverse=True,
    )
    if not scores or scores[0][0] < 1 or (len(scores) > 1 and scores[0][0] < 2 * scores[1][0]):
        return []
    return [scores[0][1]]


def terms_of(named: Collection[str], shelf: ShelfNames) -> set[str]:
    """The index terms of the titles, journals and authors of some documents."""
    return {
        term
        for name in named
        for term in (*shelf[name].title, *shelf[name].journal, *terms(" ; ".join(shelf[name].bibliography.authors)))
    }


def without_names(text: str, shelf: ShelfNames, named: Collection[str]) -> str:
    """A question without the authors of the documents it names: they say where to look, not what to look for."""
    families = sorted(
        {family_name(author) for name in named for author in shelf[name].bibliography.authors} - {"", "al."}, key=len
    )
    if not families:
        return text
    anyone = "|".join(re.escape(family) for family in reversed(families))
    pattern = rf"(?:\bdr\.? )?\b(?:{anyone})\b(?:['’]s)?(?: et al\b\.?| and (?:colleagues|co-?workers))?"
    return _SPACES.sub(" ", re.sub(pattern, " ", text, flags=re.IGNORECASE)).strip()


def _by_title(text: str, shelf: ShelfNames) -> list[str]:
    found: set[str] = set()
    for match in _QUOTED.finditer(text):
        words = terms(match[1])
        rarest = min((shelf.by_title(word) for word in words), key=len, default=())
        found.update(name for name in rarest if _runs_in(words, shelf[name].title))
    return shelf.in_order(found)


def _runs_in(words: Sequence[str], text: Sequence[str]) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(text)} "


def _misspelt(word: str, family: str) -> bool:
    if 2 * min(len(word), len(family)) < _MISSPELT * (len(word) + len(family)):
        return False  # the most that words of these lengths can have in common
    return word[0] == family[0] and SequenceMatcher(None, word, family).ratio() >= _MISSPELT
