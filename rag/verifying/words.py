"""A sentence -> its words as verification sees them: numbers with their units, names, words by their stems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from index.abbreviations import short_key
from index.analysis import terms
from rag.verifying.numbers import FRACTIONS, NUMBER_WORDS, PARTS, ROMAN, ROMAN_ALONE, UNITS, value_of
from rag.verifying.wordlists import same_phrases, same_words, wordlist

_TOKEN = re.compile(
    r"""(?P<name>
        (?:[^\W\d_]*[A-ZΑ-Ω][^\W\d_]*|p|mi?R)[-‐‑–]?\d+(?:[A-Za-zα-ω](?![a-z]))*(?:[-/]\d+)?(?![\d.,]*\d)
          (?:[+−-](?![\w+−-]))?
        | [A-Z]{2,}[-‐‑–]?[α-ωµ]\w*
        | \b\d+[-‐‑–]?[A-Z]{2,}\w*)
    | (?P<number>(?:(?<![\w.)%])[-−])?(?:\d+(?:,\d{3})+|\d+)(?:[.·]\d+)?)
    | (?P<bound>[<>≤≥±$€£~])
    | (?P<percent>%|\bper\s?cent(?:age)?\b|\bpercent\b)
    | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)
    | (?P<break>[;:,()\[\]—.])""",
    re.VERBOSE,
)
_ABBREVIATED = re.compile(r"(?:\b[a-z]|\b(?:vs|al|cf|ca|ref|refs|approx|St|Dr|No|Figs?))\Z")
# "J. Smith", "Jane B. Smith"; but "vitamin D. Magnesium": after a small word a letter ends a name and a sentence.
_INITIAL = re.compile(r"(?:\A|[A-Z][\w’'-]*\s|[^\w\s]\s?)[A-Z]\Z")
_NEXT_SENTENCE = re.compile(r"\s+(?:[^\sa-z\d]|[a-z]+-?[A-Z\d])|\s*\Z")  # "... rapamycin. mTOR inhibits"
_ENDS_CLAUSE = frozenset("but whereas while although though because which however since unless".split())  # noqa: SIM905
_BRITISH = [
    (re.compile(pattern), to)
    for pattern, to in (
        (r"[ao]e(?=[a-z])", "e"),
        (r"our(?=s?$|al$|ed$|ing$|able$)", "or"),
        (r"([iy])s(?=e[sd]?$|ing$|ations?$)", r"\1z"),
        (r"tre(?=s?$)", "ter"),
    )
]
_TECHNICAL = re.compile(
    r"""(?:mab|nib|cept|cel|vir|statin|flozin|gliptin|tide|cillin|mycin|oxacin|azole|prazole|sartan|olol|dipine|pril
    |platin|rubicin|taxel|azepam|azolam|caine|setron|triptan|imod|kinra|parin|xaban|grel|cycline|ciclib|lisib|zomib|mide
    |sone|solone|solide|amine|itis|osis|oma|aemia|emia|pathy|penia|philia|plegia|algia|uria|lysis|ectomy|plasty|virus
    |kine|leukin|feron|globulin|phage|cyte|blast|gen|tumor|tumour)s?$""",
    re.VERBOSE,
)
_NO_NUMBER = re.compile(r"\s+(?:of|another|such|or\b|can|may|who)")  # after "one"
_OF = re.compile(r"\s+of\b")
_NUMBERED = re.compile(r"\b(?:[Pp]hase|[Tt]ype|[Gg]rade|[Ss]tage|[Cc]lass|[Ff]actor|[Gg]roup)s?\s+$")
_JOINS_A_ROW = frozenset("and to or versus vs".split())  # noqa: SIM905
FAR_APART = 10  # what a semicolon adds to the number of a clause
_APART = 3  # what marks other than a comma add to the number of a clause: no row of numbers goes across


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence.

    `stem` tells it from others; `clause` numbers the piece between marks that it stands in, `sentence` the sentence of
    several. A number has its `value`, and a `unit` where one follows. `is_function` are words of grammar; `is_name`
    those that name one thing: a drug, a disease, a gene, a person.
    """

    text: str
    stem: str
    clause: int
    sentence: int = 0
    value: float | None = None
    unit: str = ""
    is_function: bool = False
    is_name: bool = False


@lru_cache(maxsize=256)
def words_of(sentence: str) -> tuple[Word, ...]:
    """The words of a sentence, in order; what can be written in several ways in one of them."""
    for pattern, one in same_phrases():
        sentence = pattern.sub(one, sentence)
    return tuple(_with_units(list(_words(sentence))))


def content(words: tuple[Word, ...]) -> list[Word]:
    """The words without those of grammar."""
    return [word for word in words if not word.is_function]


@lru_cache(maxsize=4096)
def stem_of(word: str) -> str:
    """The stem of a word, the same for British and American spelling."""
    plain = word.lower().replace("’", "'")
    plain = plain.removesuffix("'s")
    for pattern, to in _BRITISH:
        plain = pattern.sub(to, plain)
    stem = next(iter(terms(plain)), plain)
    return _same().get(stem, stem)


@cache
def _same() -> dict[str, str]:
    """For the stem of each word that says the same as another, the stem of that other."""
    stems = [[next(iter(terms(word)), word) for word in group] for group in same_words()]
    return {stem: group[0] for group in stems for stem in group[1:]}


def _words(text: str) -> Iterator[Word]:
    clause, sentence, first = 0, 0, True
    titled = _is_titled(text)
    for match in _TOKEN.finditer(text):
        found = match[0]
        if match["break"]:
            if found == "." and not _ends_sentence(text, match.start()):
                continue
            clause += {",": 1, ";": FAR_APART}.get(found, _APART)
            sentence += found == "."
            first = first or found in ":."
            continue
        plain = found.lower().replace("’", "'")
        clause += plain in _ENDS_CLAUSE
        if match["name"]:
            sign = found[-1] if found[-1] in "+−-" else ""  # CD4+ and CD4− are two kinds of cells
            yield Word(found, short_key(found) + sign.replace("−", "-"), clause, sentence, is_name=True)
        elif match["bound"]:
            yield Word(found, found, clause, sentence, is_function=True)
        elif match["percent"]:
            yield Word(found, "%", clause, sentence, is_function=True)
        elif (value := _value(match, plain)) is not None:
            yield Word(found, f"{value:g}", clause, sentence, value)
        else:
            yield _word(found, plain, clause, sentence, may_be_name=not first and not titled)
        first = False


def _ends_sentence(text: str, at: int) -> bool:
    """Whether a full stop ends a sentence, not an abbreviation or an initial, and is none of a number."""
    before = text[max(0, at - 30) : at]
    return bool(_NEXT_SENTENCE.match(text, at + 1)) and not _ABBREVIATED.search(before) and not _INITIAL.search(before)


def _value(match: re.Match[str], plain: str) -> float | None:
    if match["number"]:
        return value_of(match[0])
    if plain == "one" and _NO_NUMBER.match(match.string, match.end()):
        return None
    if plain in PARTS and _OF.match(match.string, match.end()):
        return PARTS[plain]
    if match[0] in {"I", "V", "X"}:
        return ROMAN_ALONE[match[0]] if _NUMBERED.search(match.string, 0, match.start()) else None
    return NUMBER_WORDS.get(plain, FRACTIONS.get(plain, ROMAN.get(match[0])))


def _word(text: str, plain: str, clause: int, sentence: int, *, may_be_name: bool) -> Word:
    capitals = sum(letter.isupper() for letter in text)
    stem = short_key(text) if capitals > 1 else stem_of(text)
    letter = len(text) == 1 and capitals == 1 and may_be_name and text != "I"  # "hepatitis A", "vitamin A"
    function = plain in wordlist("function") and capitals < 2 and not letter
    name = capitals > 1 or (capitals == 1 and may_be_name and not function)
    return Word(
        text, stem, clause, sentence, is_function=function, is_name=name or (not function and is_technical(plain))
    )


def is_technical(word: str) -> bool:
    """Whether a word, in small letters, names a drug, a disease, a part of the body, by its ending or a list."""
    return bool(_TECHNICAL.search(word)) or stem_of(word) in _stems("technical")


@lru_cache(maxsize=8)
def _stems(name: str) -> frozenset[str]:
    return frozenset(stem_of(word) for word in wordlist(name))


def general_stems() -> frozenset[str]:
    """Stems of words that any sentence of a review may have, whatever its subject."""
    return _stems("general")


def _is_titled(sentence: str) -> bool:
    """Whether Most Words Are Capitalised, so that a capital tells nothing."""
    words = re.findall(r"[^\W\d_]{4,}", sentence)
    return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


def _with_units(words: list[Word]) -> list[Word]:
    """Numbers with the unit that follows, also those of a row: "12, 24 and 48 weeks"."""
    found: list[Word] = []
    unit, clause = "", 0
    for word in reversed(words):
        if word.value is not None:
            told = unit if abs(clause - word.clause) < _APART else ""
            found.append(replace(word, unit=told))
            unit, clause = told, word.clause
            continue
        known = "%" if word.stem == "%" else UNITS.get(word.text.lower(), "")
        if known or word.text.lower() not in _JOINS_A_ROW:
            unit, clause = known, word.clause
        found.append(word)
    return found[::-1]
