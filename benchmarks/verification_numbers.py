"""A sentence with a number that is not in the text it was taken from: another value, two exchanged, another unit."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from verification_words import SMALL_NUMBERS, Made, choose, put

_UNIT = (
    r"(?:mg|µg|μg|ng|pg|kg|g|ml|mL|µl|μl|l|L|dl|dL|mM|µM|μM|nM|pM|mm|cm|nm|µm|μm|kDa|mmHg|mmol|µmol|μmol|nmol|bp|kb|"
    r"h|hr|hrs|min|days?|weeks?|months?|years?|hours?|minutes?|fold|points?|times)"
)
# A number that stands alone: not in a name (CD19, IL-6, 5-HT, 3′), not a decimal's end, not in a date with slashes.
_NUMBER = re.compile(
    r"(?<![\w.·,/'′’:\[^+\-–−*])(?P<value>\d{1,3}(?:,\d{3})+|\d+(?:[.·]\d+)?)(?!·)"
    rf"(?=\s?%|\s|[),;]|\.(?!\d)|-(?:{_UNIT}|day|week|month|year|hour|minute)\b|{_UNIT}\b|\s?[–-]\s?\d[\d.·]*(?!\w)|\Z)"
)
_RANGE_END = re.compile(r"(?<=\d[–-])(?P<value>\d+(?:[.·]\d+)?)(?=\s?%|\s|[),;]|\.(?!\d)|-(?:year|week|month|day))")
_IN_NAME = re.compile(
    r"(?:(?i:\b(?:tables?|figs?\.?|figures?|refs?\.?|references?|eqs?\.?|sections?|chapters?|appendix|types?|"
    r"versions?|exons?|"
    r"introns?|chromosomes?|residues?|positions?|genotypes?|serotypes?|clades?|vol\.?|volume|no\.?|number|lanes?|"
    r"box|step|"
    r"part|class|isoforms?|variants?|subtypes?|coronavirus|factor|complex|interleukin|caspase|hepatitis|vitamin|omega|"
    r"article|importins?|histones?|lysine|serine|threonine|tyrosine|cysteine|arginine|article|pages?|pp?\.|codons?|"
    r"domains?|helix|motif|strain|SPSS|Windows|Prism|SAS|Stata|STATA|level|model|protocol))"
    r"|(?!(?:CI|SD|SE|SEM|OR|HR|RR|IQR|BMI|P|ARR|NNT|VAS|aOR|AUC|MD|SMD|WMD)\b)\b[A-Za-z]*[A-Z]{2,}\w*|\b[A-Z])\s?\Z"
)
_ONLY_REFERENCES = re.compile(r"[\[(][\d\s,;–-]+[\])]")
_GLUED = re.compile(
    r"\s?[.,;]|\s?\Z|\s\(|\s(?:is|was|were|are|and|or|in|of|by|to|has|have|had|with|can|on|from|for|as|at|that|"
    r"which|than|"
    r"but|may|through|via|during|after|when|we|the)\b"
)
_BEFORE_LONE = re.compile(
    r"(?:\b(?:of|in|to|was|were|is|are|than|by|from|at|with|and|or|between|aged?|about|only|score|days?|weeks?|months?|"
    r"years?|phase|stage|grade|over|least|most|versus|vs\.?|n|approximately|under|until|since|before|after|for|through|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|on|the|whom|which|that|"
    r"total|median|mean|all|these|those|other|another|score|first|last|next|,)|[=<>≤≥±~(–:-])"
    r"\s?\Z",
    re.IGNORECASE,
)
_WORD_NUMBER = re.compile(
    rf"\b(?P<value>{'|'.join(SMALL_NUMBERS[1:])})\b(?!-(?!fold|year|month|week|day|dose|arm))", re.I
)
_PARTS = {"half of": "a third of", "twice": "three times", "doubled": "tripled", "two-fold": "five-fold",
          "twofold": "fivefold", "three-quarters": "one quarter", "one-third": "two-thirds", "one third": "two thirds",
          "two-thirds": "one-third", "two thirds": "one third", "threefold": "sixfold"}  # fmt: skip
_UP = re.compile(r"(?:[>≥]|\b(?:more than|greater than|over|above|at least|exceed\w*|minimum of|higher than|older than"
                 r"|longer than))\s*\Z", re.I)  # fmt: skip
_DOWN = re.compile(r"(?:[<≤]|\b(?:less than|fewer than|below|under|up to|at most|within|maximum of|lower than|"
                   r"younger than"
                   r"|shorter than|as many as|as much as))\s*\Z", re.I)  # fmt: skip
_UP_AFTER = re.compile(r"[\s%\w-]{0,12}?\b(?:or|and|years of age or) (?:more|older|above|over|greater|higher)\b", re.I)
_DOWN_AFTER = re.compile(r"[\s%\w-]{0,12}?\b(?:or|and) (?:less|younger|below|under|fewer|lower)\b", re.I)
_ABOUT = re.compile(
    r"(?:[~≈]|\b(?:about|approximately|around|nearly|almost|roughly|some|circa|estimated|close to))\s*(?:at\s*)?\Z",
    re.I,
)
_NOT = re.compile(r"\b(?:not?|nor|never)\b[^,;]{0,12}\Z", re.I)

_UNITS = {
    "mg": ("g", "µg"), "µg": ("mg", "ng"), "μg": ("mg", "ng"), "ng": ("µg",), "pg": ("ng",), "kg": ("g",),
    "ml": ("l",), "mL": ("L",), "mM": ("µM",), "µM": ("mM", "nM"), "μM": ("mM",), "nM": ("µM",), "mm": ("cm",),
    "cm": ("mm",), "nm": ("µm",), "days": ("weeks", "months"), "day": ("week",), "weeks": ("months", "days"),
    "week": ("month", "day"), "months": ("years", "weeks"), "month": ("year", "week"), "years": ("months",),
    "year": ("month",), "hours": ("days", "minutes"), "hour": ("day",), "h": ("min", "days"), "min": ("h",),
    "minutes": ("hours",), "minute": ("hour",), "%": ("", " per thousand"), "-fold": ("%",), " fold": ("%",),
    "million": ("billion", "thousand"), "billion": ("million",), "percent": ("per thousand",),
}  # fmt: skip
_MEASURED = re.compile(
    rf"(?:(?<![\w.,/–-])\d+(?:[.,]\d+)*|\b(?:{'|'.join(SMALL_NUMBERS)}))(?P<gap>\s?-?)(?P<unit>"
    + "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
    + r")(?![\w-]|\s?(?:CI|confidence|of age|old)\b)"
)
_ONLY_A_LIST = re.compile(
    r"(?:[\s,;:/–&%()+±=-]|\d+(?:\.\d+)?|and|or|to|versus|vs\.?|years?|months?|weeks?|days?|hours?|"
    r"mg|kg|g|ml|mL|min|h|through|n|Figs?|CI|through|until)*\Z"
)


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    text: str

    @property
    def value(self) -> float:
        return _plain(self.text)

    @property
    def year(self) -> bool:
        return len(self.text) == 4 and self.text.isdecimal() and 1900 <= int(self.text) <= 2035


def with_other_numbers(sentence: str, rng: random.Random) -> Made:
    """Claims that say another number than the sentence."""
    found = _numbers(sentence)
    said = {one.value for one in found} | {at + 1.0 for at, word in enumerate(SMALL_NUMBERS) if _has(sentence, word)}
    said |= {float(number) for number in re.findall(r"\d+(?:\.\d+)?", sentence.replace(",", "").replace("·", "."))}
    made: dict[str, str | None] = {
        "value": _value(sentence, found, said, rng),
        "in words": _word(sentence, said, rng),
        "two exchanged": _exchanged(sentence, found, rng),
        "unit": _unit(sentence, rng),
    }
    return {variant: claim for variant, claim in made.items() if claim}


def _has(sentence: str, word: str) -> bool:
    return re.search(rf"\b{word}\b", sentence, re.IGNORECASE) is not None


def _numbers(sentence: str) -> list[_Number]:
    """The numbers that say how many, how much or when; not those of names, figures and references."""
    references = [match.span() for match in _ONLY_REFERENCES.finditer(sentence)]
    found = []
    for match in (*_NUMBER.finditer(sentence), *_RANGE_END.finditer(sentence)):
        start, end = match.span("value")
        before, after = sentence[:start], sentence[end:]
        if any(a <= start < b for a, b in references) or _IN_NAME.search(before.rstrip("–-0123456789.")):
            continue
        if re.match(r"\s[A-Z]|\s?[′'’]", after) or _NOT.search(before):
            continue
        lone = _GLUED.match(after) is not None and "." not in match["value"] and _plain(match["value"]) < 300
        if lone and not _BEFORE_LONE.search(before):
            continue  # may be a reference that was printed above the line
        found.append(_Number(start, end, match["value"]))
    return sorted(found, key=lambda one: one.start)


def _value(sentence: str, found: list[_Number], said: set[float], rng: random.Random) -> str | None:
    claims = []
    for one in found:
        others = [other for other in _others(sentence, one, rng) if _plain(other) not in said]
        if others:
            claims.append(put(sentence, one.start, one.end, rng.choice(others)))
    return choose(claims, rng, sentence)


def _others(sentence: str, one: _Number, rng: random.Random) -> list[str]:
    """Values of the same form that the sentence does not bear out, whatever "at least" or "about" stands before."""
    before, after = sentence[: one.start], sentence[one.end :]
    text, value = one.text, one.value
    forms: set[str] = set()
    plain, point = text.replace(",", ""), "·" if "·" in text else "."
    if one.year:
        forms = {str(int(text) + step) for step in (-10, -7, -3, -2, -1, 1, 2, 3)}
    elif point in text:
        digits = len(text.partition(point)[2])
        forms = {f"{value * factor:.{digits}f}" for factor in (0.5, 1.5, 2, 3)} | {_other_digit(text, rng)}
        forms |= {f"{value * 10:.{max(digits - 1, 1)}f}", f"{value / 10:.{digits + 1}f}"}
    else:
        number = int(plain)
        forms = {str(number + step) for step in (-3, -2, -1, 1, 2, 3, 5)} if number <= 30 else set()
        forms |= {plain[::-1].lstrip("0"), _other_digit(plain, rng), str(number * 2), f"{number * 10}"}
        if "," in text:
            forms = {f"{int(form):,}" for form in forms if form}
    fits = [form for form in forms if form and _fits(form, one, after)]
    if _UP.search(before) or _UP_AFTER.match(after):
        fits = [form for form in fits if _plain(form) > value * 1.1]
    elif _DOWN.search(before) or _DOWN_AFTER.match(after):
        fits = [form for form in fits if _plain(form) < value * 0.9]
    elif _ABOUT.search(before):
        fits = [form for form in fits if abs(_plain(form) - value) >= 0.25 * value]
    return sorted(form.replace(".", point) for form in fits)


def _plain(form: str) -> float:
    return float(form.replace(",", "").replace("·", "."))


def _fits(form: str, one: _Number, after: str) -> bool:
    new = _plain(form)
    if new <= 0 or new == one.value or len(form) > len(one.text) + 2:
        return False
    if re.match(r"\s?(?:%|percent)", after) and one.value <= 100 < new:
        return False
    return not (one.value < 1 <= new)  # a p value stays one


def _other_digit(text: str, rng: random.Random) -> str:
    """The number with one digit changed, not by so little that it could be rounding."""
    places = [at for at, char in enumerate(text) if char.isdecimal()]
    at = rng.choice(places[: max(1, len(places) - 1)])
    digits = [digit for digit in "123456789" if abs(int(digit) - int(text[at])) > 1]
    return text[:at] + rng.choice(digits) + text[at + 1 :]


def _word(sentence: str, said: set[float], rng: random.Random) -> str | None:
    claims = []
    for match in _WORD_NUMBER.finditer(sentence):
        before, number = sentence[: match.start()], SMALL_NUMBERS.index(match["value"].lower()) + 1
        if _NOT.search(before) or re.search(r"\b(?:one or|one to|or|to|type|these|the other)\s\Z", before):
            continue
        near = [number + step for step in (-2, -1, 1, 2, 3) if 2 <= number + step <= 12 and number + step not in said]
        if _UP.search(before):
            near = [other for other in near if other > number]
        elif _DOWN.search(before):
            near = [other for other in near if other < number]
        elif _ABOUT.search(before):
            near = [other for other in near if abs(other - number) > 1]
        if near:
            claims.append(put(sentence, *match.span("value"), SMALL_NUMBERS[rng.choice(near) - 1]))
    for old, new in _PARTS.items():
        for match in re.finditer(rf"\b{old}\b", sentence):
            if not (_UP.search(sentence[: match.start()]) or _NOT.search(sentence[: match.start()])):
                claims.append(put(sentence, *match.span(), new))
    return choose(claims, rng, sentence)


def _exchanged(sentence: str, found: list[_Number], rng: random.Random) -> str | None:
    """Two numbers exchanged, which says something else unless they are the items of one list or the ends of a range."""
    claims = []
    ordered = "respectively" in sentence
    for at, one in enumerate(found):
        for two in found[at + 1 :]:
            between = sentence[one.end : two.start]
            if one.value == two.value or one.year != two.year or one.text.isdecimal() != two.text.isdecimal():
                continue
            if (_ONLY_A_LIST.match(between) and not ordered) or re.fullmatch(r"\s?(?:-|–|to)\s?", between):
                continue
            claim = put(put(sentence, two.start, two.end, one.text), one.start, one.end, two.text)
            claims.append(claim)
    return choose(claims, rng, sentence)


def _unit(sentence: str, rng: random.Random) -> str | None:
    claims = []
    for match in _MEASURED.finditer(sentence):
        before = sentence[: match.start()]
        if any(near.search(before) for near in (_UP, _DOWN, _NOT)) or _UP_AFTER.match(sentence, match.end()):
            continue
        for new in _UNITS[match["unit"]]:
            if match["unit"] == "%":
                claims.append(re.sub(r"(?<=\d)\s?%(?!\s?CI)", new, sentence))  # of one alone it would pass for a slip
            else:
                claims.append(sentence[: match.start("unit")] + new + sentence[match.end("unit") :])
    return choose(claims, rng, sentence)
