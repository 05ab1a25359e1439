"""What the corruptions of `verification.py` share: words replaced in place, and verbs in the form that is wanted."""

from __future__ import annotations

import random
import re

Made = dict[str, str]
"""What was made of a sentence: a claim for each variant of a corruption that the sentence lends itself to."""


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


SMALL_NUMBERS = _split("one two three four five six seven eight nine ten eleven twelve")
_IRREGULAR = {  # past, and past participle where it is another
    "be": "was", "become": "became", "begin": "began", "bind": "bound", "find": "found", "give": "gave", "have": "had",
    "lead": "led", "make": "made", "show": "showed", "take": "took", "undergo": "underwent", "meet": "met",
    "fall": "fell", "rise": "rose", "grow": "grew", "see": "saw", "bring": "brought", "keep": "kept", "lose": "lost",
    "get": "got", "come": "came", "go": "went", "do": "did", "hold": "held", "feel": "felt", "know": "knew",
    "arise": "arose", "drive": "drove", "spread": "spread", "cut": "cut", "let": "let", "put": "put", "set": "set",
    "withstand": "withstood", "understand": "understood", "seek": "sought", "leave": "left", "overcome": "overcame",
    "fulfil": "fulfilled", "differ": "differed", "occur": "occurred", "permit": "permitted", "refer": "referred",
    "confer": "conferred", "infer": "inferred", "transfer": "transferred", "control": "controlled",
}  # fmt: skip
_THIRD = {"be": "is", "have": "has", "do": "does", "go": "goes", "undergo": "undergoes"}
_VERBS = _split("""abolish accelerate achieve activate affect alleviate alter ameliorate attenuate augment benefit
block boost cause change confer confirm contain contribute correlate correspond decrease delay demonstrate depend
derive detect develop differ diminish disrupt drive eliminate encode enhance exceed exhibit experience express
facilitate form generate give have identify impair improve include increase indicate induce influence inhibit interact
interfere involve lead limit lower mediate mitigate modulate modify occur offer play predict prevent produce prolong
promote protect provide raise reach receive recommend reduce regulate relate remain repress require respond restore
result reveal show slow stimulate support suppress sustain target trigger undergo vary yield find bind suffer survive
need recover appear react recruit replicate release secrete translocate undergo use bring keep make take fulfil""")


def past(base: str) -> str:
    """The past of a verb: "reduced"."""
    if base in _IRREGULAR:
        return _IRREGULAR[base]
    if base.endswith("e"):
        return base + "d"
    if re.search(r"[^aeiou]y\Z", base):
        return base[:-1] + "ied"
    return base + "ed"


def third(base: str) -> str:
    """Its third person: "reduces"."""
    if base in _THIRD:
        return _THIRD[base]
    if re.search(r"[^aeiou]y\Z", base):
        return base[:-1] + "ies"
    return base + ("es" if re.search(r"(?:s|x|z|ch|sh)\Z", base) else "s")


BASE_OF_PAST = {past(base): base for base in _VERBS}
BASE_OF_THIRD = {third(base): base for base in _VERBS}
KNOWN_VERBS = frozenset(_VERBS)
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|should|must|do|does|did|"
    + "|".join(sorted({*BASE_OF_PAST, *BASE_OF_THIRD}))
    + r")\b"
)
"""A word that is mostly a finite verb; a part of a sentence without any is hardly a clause."""

NEGATORS = re.compile(
    r"\b(?:not|no|never|none|nor|neither|without|cannot|lacks?|lacking|lacked|absence|absent|fail(?:s|ed|ing|ure)?"
    r"|unable|unlikely|un(?:known|clear|affected|changed)|hardly|scarcely|rarely|barely|little|few|nothing|nobody"
    r"|neutral|negligible|prevent\w*|avoid\w*|refut\w*|rul(?:e|es|ed|ing) out|exclud\w*)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words that deny something, and those that nearly do."""
OPEN = re.compile(
    r"\b(?:whether|if|unclear|unknown|controvers\w+|debate\w*|question\w*|hypothes\w+|aim\w*|to (?:determine|assess"
    r"|evaluate|investigate|examine|test|explore|compare|identify|study))\b",
    re.IGNORECASE,
)
"""Words of a sentence that leaves open what it speaks of: denied, it may say as much as before."""


def put(sentence: str, start: int, end: int, new: str) -> str:
    """The sentence with other words at a place, in capitals as the old ones were."""
    old = sentence[start:end]
    if new and old[:1].isupper() and (start == 0 or old.istitle()) and new[:1].islower():
        new = new[0].upper() + new[1:]
    return sentence[:start] + new + sentence[end:]


def tidy(sentence: str) -> str:
    """One space between words, none before a stop, and a capital first."""
    text = re.sub(r"\s+([,.;)])(?!\d)", r"\1", re.sub(r"\s{2,}", " ", sentence)).strip(" ,;")
    return text[:1].upper() + text[1:]


def choose(candidates: list[str], rng: random.Random, old: str) -> str | None:
    """One of the candidates that says something else than before."""
    fresh = [one for one in candidates if one and one != old]
    return rng.choice(fresh) if fresh else None
