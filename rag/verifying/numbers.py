"""Numbers as texts write them: figures, words, fractions; and the units that follow them."""

from __future__ import annotations

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen""".split()  # noqa: SIM905 - in the order of what they mean
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905

NUMBER_WORDS: dict[str, float] = {word: float(value) for value, word in enumerate(_ONES)}
NUMBER_WORDS |= {word: 10.0 * value for value, word in enumerate(_TENS, 2)}
NUMBER_WORDS |= {"dozen": 12.0, "hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}

FRACTIONS: dict[str, float] = {
    "half": 0.5, "quarter": 0.25, "quarters": 0.25, "third": 3.0, "thirds": 1 / 3,
    "first": 1.0, "second": 2.0, "fourth": 4.0, "fifth": 5.0, "once": 1.0, "twice": 2.0, "thrice": 3.0,
    "double": 2.0, "doubled": 2.0, "twofold": 2.0, "threefold": 3.0, "tenfold": 10.0,
}  # fmt: skip
"""Parts, places and multiples: what counts is that the same stands in the quote."""

ROMAN: dict[str, float] = {"II": 2.0, "III": 3.0, "IV": 4.0, "VI": 6.0, "VII": 7.0, "VIII": 8.0}
"""Of phases, types, grades. I, V and X mean too many other things."""

ROMAN_ALONE: dict[str, float] = {"I": 1.0, "V": 5.0, "X": 10.0}
"""The same where the word before says what is numbered: "phase I"."""

PARTS: dict[str, float] = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
"""Before "of": "a third of the patients"."""

BOUNDS: dict[str, str] = {
    "<": "below", "under": "below", "below": "below", "less": "below", "fewer": "below", "≤": "at most",
    "up": "at most", "most": "at most", ">": "above", "over": "above", "above": "above", "more": "above",
    "exceeding": "above",
    "≥": "at least", "least": "at least", "±": "±", "nearly": "nearly", "almost": "nearly", "$": "$", "€": "€",
    "£": "£", "by": "by", "since": "since", "until": "until", "minus": "minus", "half": "half",
}  # fmt: skip
"""What stands before a number and is part of it."""

_UNITS = {
    "%": "percent", "day": "day days d", "week": "week weeks wk wks", "month": "month months mo mos",
    "year": "year years yr yrs y", "hour": "hour hours hr hrs h", "minute": "minute minutes min mins",
    "second": "sec secs", "kg": "kg kilogram kilograms", "g": "g gram grams gm", "mg": "mg milligram milligrams",
    "µg": "µg μg mcg microgram micrograms ug", "ng": "ng nanogram nanograms", "l": "l liter liters litre litres",
    "dl": "dl", "ml": "ml milliliter milliliters millilitre millilitres", "µl": "µl μl",
    "mm": "mm millimeter millimeters millimetre millimetres", "cm": "cm centimeter centimeters", "km": "km",
    "m": "metre metres meter meters", "µm": "µm μm", "nm": "nm", "mmol": "mmol", "mmhg": "mmhg", "µmol": "µmol μmol",
    "kcal": "kcal", "iu": "iu", "fold": "fold times",
}  # fmt: skip
UNITS: dict[str, str] = {form: unit for unit, forms in _UNITS.items() for form in forms.split()}
"""Units by the ways they are written."""


def value_of(figures: str) -> float:
    """What figures mean: "1,000" is a thousand, "0·5" a half."""
    plain = figures.replace("−", "-").replace("·", ".")
    head, dot, tail = plain.partition(".")
    return float(head.replace(",", "") + dot + tail)
