"""A question in another language -> its words in English, as far as a glossary and shared roots carry.

Learned words are spelled almost alike in the languages of Europe: "Lymphodepletion", "linfodepleción",
"lymphodéplétion". A word is taken for one of these only if the English spelling stands on the shelf.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product

from index.analysis import terms
from index.snapshot import Snapshot
from rag.understanding.follow_up_words import PREPOSITIONS
from rag.understanding.languages import folded, glossary
from rag.understanding.question import Concept
from rag.understanding.question_words import FUNCTION_WORDS

_WORD = re.compile(r"[^\W_]+")
_LONGEST_PHRASE = 5
_SHORTEST_ROOT = 4  # letters; what is shorter is alike by chance
_SHORTEST_PART = 4  # letters of a part of a compound
_LONGEST_WORD = 30
_WORDS_TRIED = 100  # words and parts of words in a question: a bound on time that no question of a person reaches
_SPELLINGS_TRIED = 1000
_SPELLINGS_OF_PART = 50
_LONGEST_ENDING = 4  # that a stem lacks
_MOST_CHANGES = 3  # letters spelled otherwise
_COMPOUNDING = frozenset({"de", "nl"})  # languages that write compounds as one word
_LINKS = ("", "s", "n", "en", "es")  # what may join their parts

# Endings, and what they are in English; folded, longest first.
_ENDINGS = tuple(
    (ending, tuple(english.split(",")))
    for english, endings in (
        ("ation,ition,tion,ction", "azione azioni izione izioni zione zioni acion aciones icion iciones cion ciones"),
        ("ation,tion,ction", "acao acoes icao icoes cao coes ation ations ationen tion tions tionen tie"),
        ("sion,ssion", "sione sioni sion siones sao soes sionen"),
        ("ation,ing", "ierung ierungen ung ungen ering ing"),
        ("ity,ty", "itat itaten idad idades idade idades ita ite ites iteit dad dade ta te"),
        ("ic,ical", "isch ische ischer ischen isches ischem ico ica icos icas ici iche ique iques"),
        ("osis", "ose osen osi osis oses"),
        ("y,ia", "ie ien ia ias"),
        ("oma", "om ome omen oma omas"),
        ("ous,e,us", "os ose osen oser oso osa osos osas osi eux euse euses"),
        ("ive", "iv ive iven iver ivo iva ivos ivas ivi if ifs ives ief ieve"),
        ("ly,ally,e", "mente ement ment"),
        ("ence,ency", "enz enzen encia encias enza enze ence ences entie"),
        ("ance,ancy", "anz anzen ancia ancias anza anze antie"),
        ("al", "al ale alen aler ales ali ais aux elle ell el ele elen eel"),
        ("ar,ary", "ar are aren arer aire aires ario aria arios arias aar"),
        ("ism", "ismus ismo isme"),
        ("itis", "itis ite iti"),
        (",e,a,us,um", "o a os as i e es en er em s n eo"),
        (",e,a,um", ""),
    )
    for ending in (endings.split() or [""])
)
_SPELLINGS = (  # of letters inside a word, and what they may be in English
    ("qu", "c"), ("nf", "mph"), ("nm", "mm"), ("tt", "ct"), ("f", "ph"), ("i", "y"), ("t", "th"), ("k", "c"),
    ("z", "c"), ("c", "k"), ("r", "rh"), ("m", "mm"), ("f", "ff"), ("l", "ll"), ("p", "pp"), ("n", "nn"),
    ("e", "ae"), ("e", "oe"), ("c", "ch"),
)  # fmt: skip


_PREPOSITION = rf"(?:{'|'.join(sorted(PREPOSITIONS - {'of'}))})"
_NOUN = r"(?:(?:CAR|NK|[BT]) )*[a-z]{3,}"
_ORDERS = (  # the words of another language, and as English orders them
    (re.compile(r"\b(?:has|have) (.*)\bwrote\b"), r"wrote \1"),  # "who has this review wrote"
    (re.compile(r"\b(cells?|lymphocytes?) ((?:[A-Z]+ )?[A-Z])\b"), r"\2 \1"),  # "cells CAR T"
    (re.compile(rf"\b({_PREPOSITION}|there is|are|is) of (?=the\b|its\b|a\b)"), r"\1 "),  # "after of the"
    (re.compile(r"\bthe (?=the\b|its\b|this\b|these\b|which\b|what\b)"), ""),
    (re.compile(r"^there is(?: the)?\b"), "are there"),
    (re.compile(r"\bnot (is|are|was|were|has|have|can|must|should|suffice)\b"), r"\1 not"),
)
# Languages in which an adjective follows its noun: "diseases autoimmune".
_ADJECTIVES_FOLLOW = frozenset({"es", "fr", "it", "pt"})
_ADJECTIVE = re.compile(
    rf"\b({_NOUN}) ((?:current|main|usual|new|different|healthy|immune|other|severe|[a-z]{{3,}}"
    r"(?:ory|al|ic|ive|ous|ary|immune|able|ular|ised|olled)))(?= (?:[a-z]{1,4}|without|against|after|before)\b|$)"
)


@dataclass(frozen=True, slots=True)
class Gloss:
    """A question in English words, in the order of its own.

    `unknown` are the words that stand in it as they were; `pairs` each word or phrase with its English.
    """

    text: str
    unknown: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def gloss(text: str, language: str, snapshot: Snapshot) -> Gloss | None:
    """A question's words in English; None where there is no glossary of its language."""
    known = glossary(language)
    if not known:
        return None
    typed = _WORD.findall(unicodedata.normalize("NFC", text))
    shelf = _Shelf(language, snapshot)
    pairs: list[tuple[str, str]] = []
    unknown: list[str] = []
    at = 0
    while at < len(typed):
        size, english = next(
            (
                (size, known[phrase])
                for size in range(min(_LONGEST_PHRASE, len(typed) - at), 0, -1)
                for phrase in _spelled(typed[at : at + size])
                if phrase in known
            ),
            (1, None),
        )
        # A capital alone is a name: "T cells", "hepatitis A".
        if english is None or (size == 1 and len(typed[at]) == 1 and typed[at].isupper() and at):
            english = shelf.english(typed[at])
            if english is None:
                english = typed[at]
                unknown.append(english)
        pairs.append((" ".join(typed[at : at + size]), english))
        at += size
    made = _in_order(" ".join(english for _, english in pairs), language)
    return Gloss(made + "?" * text.rstrip().endswith("?"), tuple(unknown), tuple(pairs))


def own_words(gloss: Gloss) -> tuple[Concept, ...]:
    """What a question asks for, each in English and in its own words."""
    found = {}
    for typed, english in gloss.pairs:
        words = [word for word in english.split() if word.lower() not in FUNCTION_WORDS]
        forms = [tuple(terms(" ".join(words))), tuple(terms(typed))]
        if words and all(forms):
            found[forms[1]] = Concept(tuple(dict.fromkeys(forms)))
    return tuple(found.values())


def _spelled(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Some words in lower case, with their accents and without."""
    yield tuple(word.lower() for word in words)
    yield tuple(map(folded, words))


def _in_order(english: str, language: str) -> str:
    """The words as English orders them, where another order reads as another question."""
    made = " ".join(english.split())
    for pattern, ordered in _ORDERS:
        made = pattern.sub(ordered, made)
    if language in _ADJECTIVES_FOLLOW:
        made = _ADJECTIVE.sub(lambda found: found[0] if found[1] in FUNCTION_WORDS else f"{found[2]} {found[1]}", made)
    return made


class _Shelf:
    """The words of a shelf, as those of another language may be found among them."""

    def __init__(self, language: str, snapshot: Snapshot) -> None:
        self._language = language
        self._snapshot = snapshot
        self._tries = _WORDS_TRIED

    def english(self, word: str) -> str | None:
        """The English of a word that no glossary has; None if there is none on the shelf."""
        if len(word) < _SHORTEST_ROOT or not word.isalpha() or word.isupper():
            return word if self._holds(word) or len(word) < _SHORTEST_ROOT else None
        english = self._part(folded(word), _SPELLINGS_TRIED) or self._compound(folded(word))
        return word if english == word.lower() else english

    def _holds(self, word: str) -> bool:
        return any(self._snapshot.searcher.document_frequency(term) for term in terms(word))

    def _cognate(self, word: str, spellings: int) -> str | None:
        if not self._tries or len(word) > _LONGEST_WORD:
            return None
        self._tries -= 1
        return next((self._written(one) for one in islice(cognates(word), spellings) if self._holds(one)), None)

    def _written(self, word: str) -> str:
        """A word as the shelf writes it, for a stem may be none: "autoimmun", "autoimmune"."""
        stem = terms(word)
        start = stem[0] if len(stem) == 1 and word.startswith(stem[0]) else word
        alike = self._snapshot.words(start, len(start), len(word) + _LONGEST_ENDING)
        written = [one for one, _ in alike if terms(one) == stem]
        return word if word in written else min(written, key=lambda one: (len(one), one), default=word)

    def _compound(self, word: str) -> str | None:
        """The parts of a compound, the longest first part that is known before others."""
        if self._language not in _COMPOUNDING:
            return None
        for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            second = self._part(word[cut:], _SPELLINGS_OF_PART)
            for link in _LINKS if second else ():
                first = word[: cut - len(link)]
                if not word[:cut].endswith(link) or len(first) < _SHORTEST_PART:
                    continue
                if english := self._part(first, _SPELLINGS_OF_PART):
                    return f"{english} {second}"
        return None

    def _part(self, word: str, spellings: int) -> str | None:
        return glossary(self._language).get((word,)) or (
            self._written(word) if self._holds(word) else self._cognate(word, spellings)
        )


def cognates(word: str) -> Iterator[str]:
    """The spellings that a learned word may have in English, those with the fewest changes first; folded."""
    roots = dict.fromkeys(
        (word.removesuffix(ending) if ending else word, english)
        for ending, english in sorted(_ENDINGS, key=lambda one: -len(one[0]))
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_ROOT
    )
    seen = set()
    for changes in range(_MOST_CHANGES + 1):
        for root, endings in roots:
            for spelled in _respelled(root, changes):
                for ending in endings:
                    if (made := spelled + ending) not in seen:
                        seen.add(made)
                        yield made


def _respelled(root: str, changes: int) -> Iterator[str]:
    """A root with so many of its letters as English may have them."""
    sites: dict[tuple[int, int], list[str]] = {}
    for letters, english in _SPELLINGS:
        for match in re.finditer(letters, root):
            sites.setdefault(match.span(), []).append(english)
    if root.startswith(("esc", "esp", "est", "esf", "esq")):  # "esclerosis"
        sites[0, 1] = [""]
    for chosen in combinations(sorted(sites), changes):
        if any(one[1] > other[0] for one, other in pairwise(chosen)):
            continue
        for spelled in product(*(sites[site] for site in chosen)):
            made, end = "", 0
            for (start, stop), letters in zip(chosen, spelled, strict=True):
                made, end = made + root[end:start] + letters, stop
            yield made + root[end:]
