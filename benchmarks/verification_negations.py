"""A sentence that denies what the text it was taken from affirms, or affirms what that denies."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from verification_words import (
    BASE_OF_PAST,
    BASE_OF_THIRD,
    KNOWN_VERBS,
    NEGATORS,
    OPEN,
    Made,
    choose,
    past,
    put,
    third,
    tidy,
)

_AUXILIARY = re.compile(
    r"(?<!\bas )(?<!\bthan )(?<!\bthat )\b(is|are|was|were|can|will|should|must|(?:has|have|had)(?= been))\b"
    r"(?! (?:not|no|only|also|still|both|to|those|that|as|in|on|at|of|for|so|then)\b|\s?[,;:.(])"
)
_FINITE_PAST = re.compile(
    rf"(?<!\bwas )(?<!\bwere )(?<!\bbeen )(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bhave )(?<!\bhas )(?<!\bhad )"
    rf"(?<!\bbeing )"
    rf"(?<!ly )(?<![,-] )(?<!\band )(?<!\bor )(?<!\bas )(?<!\bthe )(?<!\ba )(?<!\bof )"
    rf"\b({'|'.join(sorted(BASE_OF_PAST))}) (?=the\b|a\b|an\b|both\b|its\b|their\b|his\b|our\b|significant\b|from\b)"
)
_FINITE_PRESENT = re.compile(
    r"\b(reduces|induces|inhibits|improves|promotes|requires|suppresses|regulates|mediates|activates|enhances|predicts|"
    r"prevents|protects|contributes|plays|leads|encodes|depends|remains|represents|provides|includes|involves|reveals|"
    r"demonstrates|indicates|supports|interacts|binds|enables|stimulates|increases|decreases|affects|causes|confers|"
    r"exhibits|occurs|appears|modulates|attenuates|facilitates|triggers|impairs|participates|correlates)"
    r"(?= (?:the|a|an|in|on|to|with|both|from|as|important|against|\w+(?:tion|ity|sis|cells?|ing|ance|ment)\b))"
)
_NOUN_AFTER_ALL = re.compile(
    r"(?:increases|decreases|causes|supports|affects|triggers|leads|correlates) (?:in|on|of|from|as)\b"
)
_PEOPLE_WITH = re.compile(
    r"\b(?:patients|women|men|children|adults|mice|individuals|people|subjects|participants|cases|infants|persons|rats"
    r"|those|controls) with\b(?! (?:a (?:mean|median)|or without|respect|regard))"
)
_FOUND = re.compile(
    r"(?<!\bno )(?<!\bnot )\b(?:a |an )?(significant(?:ly)? (?:differences?|increases?|decreases?|reductions?|"
    r"improvements?|"
    r"effects?|associations?|correlations?|relationships?|changes?|interactions?|benefits?)|evidence (?:of|that|for)|"
    r"effects? on|correlation between|association between|relationship between|treatment is available|"
    r"difference between)\b"
)
_BEFORE_NO = re.compile(
    r"\b(?:had|has|have|is|was|were|are|found|showed|shows?|with|observed|demonstrated|provide[sd]?|reported|"
    r"revealed|reveals?|"
    r"there|exert(?:s|ed)?|identified|detected|that|achieved|experienced|present|gives?|gave|yielded|by|detect|in) \Z"
)
_PREFIXES = (
    ("likely", "unlikely"), ("effective", "ineffective"), ("significant", "insignificant"), ("able to", "unable to"),
    ("common", "uncommon"), ("known", "unknown"), ("affected", "unaffected"), ("changed", "unchanged"),
    ("dependent", "independent"), ("sufficient", "insufficient"), ("adequate", "inadequate"), ("complete",
    "incomplete"),
    ("stable", "unstable"), ("treated", "untreated"), ("vaccinated", "unvaccinated"), ("infected", "uninfected"),
    ("safe", "unsafe"), ("clear", "unclear"), ("possible", "impossible"), ("sensitive", "insensitive"),
    ("reversible", "irreversible"), ("expected", "unexpected"), ("responsive", "unresponsive"),
    ("healthy", "unhealthy"), ("invasive", "noninvasive"), ("specific", "nonspecific"), ("related", "unrelated"),
    ("functional", "nonfunctional"), ("accurate", "inaccurate"), ("favorable", "unfavorable"), ("fatal", "nonfatal"),
    ("active", "inactive"), ("efficient", "inefficient"), ("consistent", "inconsistent"), ("capable", "incapable"),
    ("available", "unavailable"), ("dependently", "independently"), ("effectively", "ineffectively"),
    ("appropriate", "inappropriate"), ("important", "unimportant"), ("necessary", "unnecessary"),
    ("detectable", "undetectable"), ("acceptable", "unacceptable"), ("controlled", "uncontrolled"),
)  # fmt: skip
_SET_PHRASE = re.compile(
    r"(?:known as|common cold|in common|as possible|common name|controlled (?:trial|study|clinical|design|by|"
    r"experimental)|"
    r"well known|specific(?:ally)? aim|placebo[- ]controlled|randomi[sz]ed,? controlled|active ingredient|if possible|"
    r"related to th(?:is|ese)|to be known)"
)


def with_negation(sentence: str, rng: random.Random) -> Made:
    """Claims that deny what the sentence affirms; none of a sentence that denies something or leaves it open."""
    if NEGATORS.search(sentence) or OPEN.search(sentence):
        return {}
    makers: dict[str, Callable[[str], Iterator[str]]] = {
        "is -> is not": _not_after_auxiliary,
        "did not": _did_not,
        "failed to": _failed_to,
        "without": lambda text: (put(text, *_last_word(match), "without") for match in _PEOPLE_WITH.finditer(text)),
        "no": _no,
        "un-, in-": _prefixed,
    }
    return {name: tidy(made) for name, make in makers.items() if (made := choose(list(make(sentence)), rng, sentence))}


def without_negation(sentence: str, rng: random.Random) -> Made:
    """Claims that affirm what the sentence denies; only of sentences that deny one thing, once."""
    if len(NEGATORS.findall(sentence)) != 1 or OPEN.search(sentence):
        return {}
    made = {
        name: choose([_replaced(sentence, match, new) for match in pattern.finditer(sentence)], rng, sentence)
        for name, pattern, new in _REMOVALS
    }
    return {name: tidy(claim) for name, claim in made.items() if claim}


def _last_word(match: re.Match[str]) -> tuple[int, int]:
    return match.end() - len("with"), match.end()


def _not_after_auxiliary(sentence: str) -> Iterator[str]:
    for match in _AUXILIARY.finditer(sentence):
        if not re.search(
            r"\b(?:which|who|that|what|how|why|as|than|where|when|all)\s(?:\w+\s)?\Z", sentence[: match.start()]
        ):
            denied = "cannot" if match[1] == "can" else f"{match[1]} not"
            yield put(sentence, *match.span(1), denied)


def _no(sentence: str) -> Iterator[str]:
    for match in _FOUND.finditer(sentence):
        if match[0].startswith(("a ", "an ")) or _BEFORE_NO.search(sentence[: match.start()]):
            yield put(sentence, *match.span(), f"no {match[1]}")


def _did_not(sentence: str) -> Iterator[str]:
    for match in _FINITE_PAST.finditer(sentence):
        yield put(sentence, *match.span(1), f"did not {BASE_OF_PAST[match[1]]}")
    for match in _FINITE_PRESENT.finditer(sentence):
        if match[1] in BASE_OF_THIRD and not _NOUN_AFTER_ALL.match(sentence, match.start()):
            yield put(sentence, *match.span(1), f"does not {BASE_OF_THIRD[match[1]]}")


def _failed_to(sentence: str) -> Iterator[str]:
    for match in _FINITE_PAST.finditer(sentence):
        yield put(sentence, *match.span(1), f"failed to {BASE_OF_PAST[match[1]]}")
    for match in _FINITE_PRESENT.finditer(sentence):
        if match[1] in BASE_OF_THIRD and not _NOUN_AFTER_ALL.match(sentence, match.start()):
            yield put(sentence, *match.span(1), f"fails to {BASE_OF_THIRD[match[1]]}")


def _prefixed(sentence: str) -> Iterator[str]:
    for plain, denied in _PREFIXES:
        for match in re.finditer(rf"(?<!\w)(?<!non-){plain}(?![\w-])", sentence):
            around = sentence[max(0, match.start() - 25) : match.end() + 25]
            if not _SET_PHRASE.search(around):
                yield _article(put(sentence, *match.span(), denied))


def _article(sentence: str) -> str:
    """ "A" and "an" as the next word asks for, where a prefix has changed that."""
    text = re.sub(r"\b([Aa]) (?=(?:un|in|ir|im)[a-z])", r"\1n ", sentence)
    return re.sub(r"\b([Aa])n (?=non)", r"\1 ", text)


def _replaced(sentence: str, match: re.Match[str], new: str | Callable[[re.Match[str]], str]) -> str:
    words = new if isinstance(new, str) else new(match)
    return (
        _agreeing(put(sentence, *match.span(), words))
        if words
        else tidy(sentence[: match.start()] + sentence[match.end() :])
    )


def _agreeing(sentence: str) -> str:
    return re.sub(r"\ba (?=[aeio][a-z])", "an ", sentence)


def _affirmed(match: re.Match[str]) -> str:
    """ "did not reduce" -> "reduced", "do not reduce" -> "reduce"; "" for what is no known verb."""
    base = match["base"]
    if base not in KNOWN_VERBS:
        return f"{match['do']} {base}"
    return past(base) if match["do"] == "did" else third(base) if match["do"] == "does" else base


def _succeeded(match: re.Match[str]) -> str:
    form = match[1]
    base = match["base"]
    return third(base) if form == "fails" else past(base) if form == "failed" else base


def _some(match: re.Match[str]) -> str:
    """ "no" before what there is: "a" before one thing, nothing before many."""
    noun = match["noun"]
    many = noun.split()[-1].endswith("s") or noun.split()[-1] in {"evidence", "information", "data"}
    return f"{match['rest']}{noun}" if many else f"a {match['rest']}{noun}"


_THING = (
    r"(?P<noun>differences?|evidence|effects?|associations?|increases?|decreases?|changes?|correlations?|"
    r"relationships?|"
    r"improvements?|reductions?|impact|influence|benefits?|interactions?|toxicity|information|data|deaths|cases|"
    r"patients|"
    r"treatment|vaccines?|cure|drugs?|variation|mutations?|role|relation|risks?|adverse (?:events|effects)|therapy|"
    r"signs?)\b"
)
_REMOVALS: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        "is not -> is",
        re.compile(r"\b(?P<be>is|are|was|were|(?:has|have|had)(?= not been)) not\b"
                   r"(?! (?:only|all|necessarily|every|always|just|merely|simply|limited|confined|"
                   r"restricted)\b)(?: yet\b)?"),
        lambda match: match["be"],
    ),
    ("did not", re.compile(r"\b(?P<do>did|does|do) not (?P<base>[a-z]+)\b(?<! have)"), _affirmed),
    ("cannot", re.compile(r"\b(?:cannot|can not)\b(?! (?:be excluded|exclude|only))"), "can"),
    ("could not", re.compile(r"\b(?P<aux>could|should|would|will|must) not\b"), lambda match: match["aux"]),
    ("no", re.compile(rf"\b[Nn]o (?P<rest>(?:[a-z-]+ ){{0,2}}?){_THING}"), _some),
    ("no longer", re.compile(r"\bno longer\b"), "still"),
    ("never", re.compile(r"\bnever "), "always "),
    ("without", re.compile(r"(?<!or )(?<!and )\b[Ww]ithout\b(?! (?:\w+ing|the need)\b)"), "with"),
    ("without -ing", re.compile(r"(?<!or )\bwithout (?P<verb>[a-z]+ing)\b"), lambda match: f"while {match['verb']}"),
    ("failed to", re.compile(r"\b(failed|fails|fail) to (?P<base>[a-z]+)\b"), _succeeded),
    ("lack, absence", re.compile(r"(?<!or )(?<!and )\b(?:[Ll]ack|[Aa]bsence) of\b"),
     lambda match: "Presence of" if match[0][0].isupper() else "presence of"),
    ("lacks", re.compile(r"(?<!is )(?<!are )(?<!were )(?<!was )(?<!the )\b(lack|lacks|lacked|lacking)\b(?! of|[.,;])"),
     lambda match: {"lack": "have", "lacks": "has", "lacked": "had", "lacking": "having"}[match[1]]),
    ("un-", re.compile(r"\b(?:unable to|unlikely|unknown|unaffected|unchanged)\b"), lambda match: match[0][2:]),
    ("neither ... nor", re.compile(r"\b[Nn]either (?P<one>[^,.;]{1,60}?) nor\b"),
     lambda match: f"both {match['one']} and"),
    ("none", re.compile(r"\b[Nn]one of (?P<which>the|these|them|our|those)\b"),
     lambda match: f"all of {match['which']}"),
    ("but not", re.compile(r"\bbut not\b(?! (?:only|all|necessarily|yet))"), "and also"),
)  # fmt: skip
