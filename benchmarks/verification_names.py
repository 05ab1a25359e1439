"""A sentence with another name than the text it was taken from: a drug, a disease, a gene, a cell, an organism."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache

from verification_lists import CITIES, COUNTRIES, GENES, KINDS, SAME, WIDE, WOMEN_AND_MEN
from verification_words import Made, choose

# Names that differ by a number or a letter alone. The first group stays, the second is changed.
_FAMILIES = tuple(
    re.compile(rf"(?<![\w-])({stem})({tail})(?!\w|-\d|\.\d|/\d)")
    for stem, tail in (
        (r"CD", r"\d{1,3}"),
        (r"IL-?", r"\d{1,2}"),
        (r"interleukin[ -]", r"\d{1,2}"),
        (
            r"TLR-?|CCL|CXCL|CCR|CXCR|IRF-?|STAT|SMAD|Smad|SIRT|MMP-?|HDAC|PARP|CDK|Wnt|HLA-DR|ADAMTS|BMP-?|FGF-?|"
            r"ZnT|FOXO",
            r"\d{1,2}",
        ),
        (r"miR-", r"\d{1,3}"),
        (r"caspase-|Caspase-", r"\d"),
        (r"IFN-?|PPAR-?|interferon[ -]", r"[αβγ]"),
        (r"[Tt]ype ", r"[12](?= diabetes)"),
        (r"Th|TH|T[Hh]", r"1|2|17"),
        (r"[Hh]epatitis ", r"[ABCE](?= virus)?"),
        (r"[Ii]nfluenza ", r"[AB]\b"),
        (r"vitamin ", r"[ACDE]"),
        (r"HIV-", r"[12]"),
        (r"BRCA", r"[12]"),
        (r"H", r"\dN\d"),
        (r"factor ", r"(?:VII|VIII|IX|X|XI|XII)a?"),
        (r"CB|D|M|SOCS|HIF-", r"[1-5](?= receptors?| agonists?| antagonists?)"),
    )
)
_TAILS = {
    "greek": ("α", "β", "γ"), "ABC": ("A", "B", "C"), "vitamin": ("A", "C", "D", "E"), "12": ("1", "2"), "th": ("1",
    "2", "17"),
    "H": ("H1N1", "H5N1", "H3N2", "H7N9", "H9N2"), "roman": ("VII", "VIII", "IX", "X", "XI", "XII"),
}  # fmt: skip
# A symbol of a gene or protein: capitals and a number. Not a grade, a dose, a particle's size, a test's number.
_SYMBOL = re.compile(r"(?<![\w/-])(?!COVID|PM\d|FEV|SpO|PaO|Q\d|H\dN|DSM|ICD|SF|SARS|HIV|CD|T[Hh]\d|IL\d|T[12]D|"
                     r"EV71|VO2|CO2|TEAM)"
                     r"[A-Z]{2,5}\d{1,2}[A-Z]?(?![\w/]|-\d)")  # fmt: skip
_DEFINED = re.compile(r"\s?\((?=[^)]*[A-Z]{2})")
_ASYMMETRIC = re.compile(
    r"\b(?:than|inhibits?|inhibited|induces?|induced|increases?|increased|reduces?|reduced|causes?|caused|"
    r"leads? to|led to|"
    r"by|activates?|activated|suppress(?:es|ed)?|results? in|resulted in|followed by|promotes?|promoted|secreted? by|"
    r"after|before|patients with|due to|not|but|whereas|while|regulates?|controls?|via|through|progress(?:es|ed)? to)\b"
)
_SYMMETRIC = re.compile(
    r"\b(?:compar\w+ (?:with|to)|between|differ\w*|correlat\w*|associat\w*|similar\w*|both|interact\w*|bind\w*|"
    r"combin\w*|"
    r"together|equal\w*|versus|vs)\b"
)


def with_other_names(sentence: str, rng: random.Random) -> Made:
    """Claims that say a name of the same kind that the sentence has not."""
    made: dict[str, str | None] = {"number or letter of a name": _in_family(sentence, rng)}
    for variant, lists in KINDS.items():
        claims = []
        for names in lists:
            for found in _found(sentence, names):
                if variant == "abbreviation" and f"({found})" in sentence:
                    continue  # is defined there
                claims.append(_swapped(sentence, found, names, rng))
        if variant == "gene or protein":
            claims += [_swapped(sentence, found, GENES, rng) for found in _SYMBOL.findall(sentence)]
        made[variant] = choose([claim for claim in claims if claim], rng, sentence)
    return {variant: claim for variant, claim in made.items() if claim}


def with_other_people(sentence: str, rng: random.Random) -> Made:
    """Claims about other people, or another country, than the sentence."""
    people = [
        re.sub(rf"\b{old}\b", new, sentence)
        for old, new in WOMEN_AND_MEN.items()
        if re.search(rf"(?<![\w-]){old}(?![\w'’-])", sentence)
        and new.split()[0].lower() not in re.findall(r"[\w-]+", sentence.lower())
    ]
    places = [_swapped(sentence, one, names, rng) for names in (COUNTRIES, CITIES) for one in _found(sentence, names)]
    made = {"people": choose(people, rng, sentence), "place": choose([one for one in places if one], rng, sentence)}
    return {variant: claim for variant, claim in made.items() if claim}


def with_names_exchanged(sentence: str, rng: random.Random) -> Made:
    """Two names of a kind exchanged where what stands between them has a direction; no rule says that it must."""
    claims = []
    for variant, lists in KINDS.items():
        for names in lists:
            found = _found(sentence, names)
            if variant == "gene or protein":
                found += [match[0] for family in _FAMILIES[:6] for match in family.finditer(sentence)]
                found += _SYMBOL.findall(sentence)
            found = list(dict.fromkeys(found))
            claims += [_exchanged(sentence, one, two) for at, one in enumerate(found) for two in found[at + 1 :]]
    claim = choose([claim for claim in claims if claim], rng, sentence)
    return {"": claim} if claim else {}


def _exchanged(sentence: str, one: str, two: str) -> str | None:
    """The sentence with each of the names in the other's place; None where that may say the same as before."""
    both = re.compile(rf"(?<![\w-])(?:{re.escape(one)}|{re.escape(two)})(?![\w-])")
    places = list(both.finditer(sentence))
    if len(places) != 2 or places[0][0] == places[1][0] or one.lower() in two.lower() or two.lower() in one.lower():
        return None
    between = sentence[places[0].end() : places[1].start()]
    if not _ASYMMETRIC.search(between) or _SYMMETRIC.search(sentence) or _DEFINED.match(between):
        return None
    return both.sub(lambda match: two if match[0] == one else one, sentence)


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names as whole words; a longer name goes first, and a lower-case one may open a sentence."""
    forms = {form for name in names for form in (name, name[0].upper() + name[1:] if name.islower() else name)}
    joined = "|".join(re.escape(form).replace("'", "['’]") for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?<!anti-)(?:{joined})(?!\w|[-–/]\w|\s?\((?=[^)]*[A-Z]{{2}})|\+)")


def _found(sentence: str, names: tuple[str, ...]) -> list[str]:
    """The names that occur, without those that are defined right there ("systemic lupus erythematosus (SLE)")."""
    found = dict.fromkeys(_pattern(names).findall(sentence))
    longer = _longer_names(sentence)
    return [one for one in found if not any(one != other and one in other for other in longer)]


def _longer_names(sentence: str) -> list[str]:
    return [one for lists in KINDS.values() for names in lists for one in _pattern(names).findall(sentence)]


def _swapped(sentence: str, old: str, names: tuple[str, ...], rng: random.Random) -> str | None:
    """The sentence with another name in every place of this one."""
    lower = sentence.lower()
    others = [
        name
        for name in names
        if name not in WIDE and not any(other in lower for other in _meant(name)) and not _meant(name) & _meant(old)
        and old.lower() not in name.lower() and name.lower() not in old.lower() and _alike(old, name)
    ]  # fmt: skip
    if not others:
        return None
    new = rng.choice(others)
    if old[0].isupper() and old[1:2].islower() and old[1:].islower() and new.islower():
        new = new[0].upper() + new[1:]
    return re.sub(rf"(?<![\w-]){re.escape(old)}(?!\w)", new, sentence)


def _meant(name: str) -> set[str]:
    """The name, and others for the same."""
    key = name.lower().replace("’", "'")
    return {key}.union(*(group for group in SAME if key in group))


def _alike(old: str, new: str) -> bool:
    """Whether both are many or both one, as far as an "s" tells."""
    return old.endswith("cells") == new.endswith("cells") or not old.islower() or old.endswith("s") == new.endswith("s")


def _in_family(sentence: str, rng: random.Random) -> str | None:
    claims = []
    for family in _FAMILIES:
        for match in family.finditer(sentence):
            others = [tail for tail in _tails(match, rng) if match[1] + tail not in sentence and tail != match[2]]
            others = [tail for tail in others if match[1].replace("-", "") + tail not in sentence]
            if others and not re.match(r"[-–/,]\d", sentence[match.end() :]):
                new = match[1] + rng.choice(others)
                claims.append(re.sub(rf"(?<!\w){re.escape(match[0])}(?!\w)", new, sentence))
    return choose(claims, rng, sentence)


def _tails(match: re.Match[str], rng: random.Random) -> Iterator[str]:
    stem, tail = match[1], match[2]
    if tail in "αβγ":
        yield from _TAILS["greek"]
    elif stem.lower() in {"hepatitis ", "influenza "}:
        yield from _TAILS["ABC"][: 2 if stem.lower() == "influenza " else 3]
    elif stem == "vitamin ":
        yield from _TAILS["vitamin"]
    elif stem in {"HIV-", "BRCA", "Type ", "type "}:
        yield from _TAILS["12"]
    elif stem.lower() == "th":
        yield from _TAILS["th"]
    elif stem == "H":
        yield from (one[1:] for one in _TAILS["H"])
    elif stem == "factor ":
        yield from (one + "a" * tail.endswith("a") for one in _TAILS["roman"])
    else:
        yield from (str(int(tail) + step) for step in (-2, -1, 1, 2, 3, 6) if int(tail) + step > 0)
