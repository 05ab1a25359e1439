"""A sentence in other words that say the same: as a person would put it who has only the sentence before them."""

from __future__ import annotations

import random
import re

from verification_lists import COUNTRIES
from verification_words import FINITE, NEGATORS, SMALL_NUMBERS, Made, choose, put, tidy

_LEADS = (
    "The review reports that {}", "According to the authors, {}", "The authors state that {}",
    "The source says that {}",
    "It is reported that {}", "The paper notes that {}", "As the authors describe, {}", "According to this article, {}",
)  # fmt: skip
_OWN = re.compile(r"\b(?:we|our|us|here|this (?:study|paper|review|article|report)|the present)\b", re.IGNORECASE)
# A first word that is no name, as far as its letters tell: the next word is small, and so is the rest of this one.
_LOWERED = re.compile(
    rf"(?!{'|'.join(COUNTRIES)}|[A-Z]\w*(?:virus|ella|coccus|ii|ian|ese|ican|ean)\b|Drosophila|Alzheimer|Parkinson|Crohn|"
    r"Escherichia|Plasmodium|Mycobacterium|Ebola|Zika|Lyme|January|March|April|June|July)"
    r"(?:A|[A-Z][a-z]+)(?: [a-z0-9(‘“]|,)"
)
_PARENTHESIS = re.compile(r"\s?\([^()]*\)")
_MARK = re.compile(
    r"(?<=[a-z,;)])(?:\s?\[\d[\d\s,;–-]*\])+(?=[\s.,;)])|(?<=[a-z,])\s\(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})+\)(?=[\s.,;])"
)
_OPENER = re.compile(
    r"(?:However|Interestingly|Moreover|Furthermore|In addition|Additionally|Therefore|Thus|Importantly|Notably|Indeed|"
    r"Surprisingly|Finally|In conclusion|In summary|Overall|Hence|Consequently|Nevertheless|For example|For instance|"
    r"In fact|Also|Of note|Accordingly|Taken together|As expected|Here|Recently|In this study|In the present study), "
)
_GENERAL = {
    "showed that": "demonstrated that", "shown that": "demonstrated that", "demonstrated that": "showed that",
    "showed": "displayed", "found that": "observed that", "in addition": "moreover", "because of": "due to",
    "due to": "because of", "such as": "like", "approximately": "about",
    "whereas": "while", "in order to": "to", "a number of": "several", "evaluated": "assessed", "assessed": "evaluated",
    "examined": "studied", "investigated": "studied", "compared with": "compared to", "compared to": "compared with",
    "individuals": "people", "therefore": "thus", "usually": "generally", "frequently": "often",
    "mainly": "chiefly", "predominantly": "mainly", "primarily": "mainly", "require": "need", "requires": "needs",
    "demonstrated": "showed", "main": "principal", "performed": "carried out", "conducted": "carried out",
    "carried out": "performed", "administered": "given", "occurred": "took place", "allows": "enables",
    "via": "through", "prior to": "before", "subsequent to": "after", "upon": "on", "numerous": "many",
    "a variety of": "various", "worldwide": "around the world", "globally": "worldwide", "rapidly": "quickly",
    "entire": "whole", "aim": "goal", "aimed": "sought", "the majority of": "most", "almost": "nearly",
    "nearly": "almost",
    "identified": "found", "leads to": "results in", "results in": "leads to", "resulted in": "led to",
    "led to": "resulted in",
    "is able to": "can", "are able to": "can", "has the ability to": "can", "crucial": "essential",
    "critical": "crucial",
    "key": "central", "commonly": "often", "begin": "start", "patients who received": "patients given",
    "obtained": "gained",
    "essential": "vital", "reported": "described", "described": "reported",
    "currently": "at present", "especially": "particularly", "particularly": "especially",
    "roughly": "about", "determine": "find out", "utilized": "used",
    "utilizing": "using", "thought to": "believed to", "although": "though", "remains": "is still",
    "throughout": "all through",
    "enhanced": "increased", "elevated": "raised", "contributes to": "adds to",
    "have shown": "have demonstrated", "a wide range of": "many kinds of", "novel": "new", "subjects": "participants",
}  # fmt: skip
_KEPT = re.compile(r"(?:key ?words|prior to the|aim of|main(?:tain|ly))")
_FIGURE = re.compile(r"(?<![\w.,/=<>≤≥±+\[(–−-])(?<![=<>] )(?P<value>[2-9]|1[0-2])(?= (?!(?:mg|kg|ml|cm|mm|min|h|"
                     r"kb|bp|and|or|to|of|"
                     r"in|at|was|were|is|are|vs|versus|ng|nm|mM|L|g|l|mL|diabetes)\b)[a-z]{3,})")  # fmt: skip
_IN_WORDS = re.compile(
    rf"(?<![\w-])(?P<value>{'|'.join(SMALL_NUMBERS[1:])})(?= [a-z]{{3,}})(?! (?:of the|or|to|and)\b)"
)
_NAMED = re.compile(
    r"\b(?:[Tt]ype|[Pp]hase|[Gg]rade|[Ss]tage|[Ff]igure|[Tt]able|[Dd]ay|[Ww]eek|[Gg]roup|[Ll]evel|factor|[A-Z]\w*) \Z"
)
_LEADING = re.compile(
    r"\A(?P<clause>(?:In|During|After|Before|Although|Because|When|While|Since|At|Within|Following|"
    r"Compared with|Compared to|Until|If) [^,;:()]{6,110}), (?P<rest>(?:the|a|an|we|it|they|there|this|these|"
    r"patients|most|many|all|both|some|several|their|its|our|[A-Z][\w-]*|[a-z-]+s) [^;:]+)\.\Z"
)
_TWO_CLAUSES = re.compile(
    r"\A(?P<first>[^;]{25,}?)(?:; (?:however, |moreover, |thus, )?|, (?:and|whereas|while) )"
    r"(?P<second>(?:the|a|an|we|it|they|there|this|these|patients|most|many|all|some|several|their|its|our|"
    r"[A-Z][\w-]*|no) [^;]{20,})\.\Z"
)
_SHORT = re.compile(r"\s?\((?P<short>[A-Z][A-Za-z-]{1,7})\)")
_UNCUT = re.compile(
    r"\b(?:respectively|not only|either|neither|whether|both|between|if|the former|unless)\b", re.IGNORECASE
)


def reworded(sentence: str, rng: random.Random) -> Made:
    """Claims that say what the sentence says, or a part of it that stands by itself."""
    made: dict[str, str | None] = {
        "with a lead": _led(sentence, rng),
        "parenthesis dropped": _without(_PARENTHESIS, sentence, rng),
        "citation mark dropped": tidy(_MARK.sub("", sentence)) if _MARK.search(sentence) else None,
        "opener dropped": tidy(_OPENER.sub("", sentence, count=1)) if _OPENER.match(sentence) else None,
        "general word": _general(sentence, rng),
        "percent": _percent(sentence),
        "numeral <-> word": _numeral(sentence, rng),
        "leading clause moved": _moved(sentence),
        "one clause of two": _one_clause(sentence, rng),
        "abbreviation or long form": _abbreviated(sentence, rng),
    }
    found = {variant: claim for variant, claim in made.items() if claim and claim != sentence}
    two = _general(_OPENER.sub("", sentence, count=1), rng)
    if two and (lead := _led(tidy(two), rng)):
        found["general word, with a lead"] = lead
    return found


def _led(sentence: str, rng: random.Random) -> str | None:
    if _OWN.search(sentence):
        return None
    start = _OPENER.sub("", sentence, count=1)
    if start != sentence:
        start = start[0].upper() + start[1:]
    if _LOWERED.match(start):
        start = start[0].lower() + start[1:]
    return rng.choice(_LEADS).format(start)


def _without(pattern: re.Pattern[str], sentence: str, rng: random.Random) -> str | None:
    """Without one of the parentheses; not if that leaves the abbreviation that it defines unexplained."""
    claims = []
    for match in pattern.finditer(sentence):
        inner = match[0].strip(" ()")
        rest = sentence[: match.start()] + sentence[match.end() :]
        touching = re.match(r"[\w-]", sentence[match.end() :]) or (match[0][0] == "(" and match.start() > 0)
        if not touching and not re.search(rf"\b{re.escape(inner)}\b", rest):
            claims.append(tidy(rest))
    return choose(claims, rng, sentence)


def _general(sentence: str, rng: random.Random) -> str | None:
    """One or two general words replaced."""
    claim = sentence
    words = [old for old in _GENERAL if re.search(rf"(?<![\w-]){old}(?![\w-])", sentence, re.IGNORECASE)]
    rng.shuffle(words)
    done = 0
    for old in words:
        match = re.search(rf"(?<![\w-]){old}(?![\w-])", claim, re.IGNORECASE)
        if match is None or done == 2 or _KEPT.search(claim[max(0, match.start() - 4) : match.end() + 6]):
            continue
        claim = put(claim, *match.span(), _GENERAL[old])
        done += 1
    return claim if done else None


def _percent(sentence: str) -> str | None:
    if re.search(r"\d\s?%", sentence):
        return re.sub(r"(?<=\d)\s?%(?!\s?CI)", " percent", sentence)
    return re.sub(r"(?<=\d)(?: percent| per cent)\b", "%", sentence)


def _numeral(sentence: str, rng: random.Random) -> str | None:
    claims = []
    for match in _FIGURE.finditer(sentence):
        if not _NAMED.search(sentence[: match.start()]):
            claims.append(put(sentence, *match.span(), SMALL_NUMBERS[int(match["value"]) - 1]))
    for match in _IN_WORDS.finditer(sentence):
        claims.append(put(sentence, *match.span(), str(SMALL_NUMBERS.index(match["value"]) + 1)))
    return choose(claims, rng, sentence)


def _moved(sentence: str) -> str | None:
    """ "In mice, it grew." -> "It grew in mice."; a clause that has a subject of its own keeps its comma."""
    match = _LEADING.match(sentence)
    if match is None or re.match(
        r"(?:For example|For instance|In (?:addition|contrast|conclusion|fact|summary|particular|this|"
        r"brief|short|general|turn|these|our|the)\b|At (?:present|least)|By contrast|In other)",
        match["clause"],
    ):
        return None
    if (
        "," in match["rest"]
        or " if " in match["rest"]
        or not FINITE.search(match["rest"])
        or match["rest"].split()[0].endswith("ing")
    ):
        return None
    clause = match["clause"][0].lower() + match["clause"][1:]
    comma = "," if re.match(r"although|while|because|since|unlike|compared", clause) else ""
    return tidy(f"{match['rest']}{comma} {clause}.")


def _one_clause(sentence: str, rng: random.Random) -> str | None:
    """The first of two coordinate clauses, or the second after a semicolon."""
    match = _TWO_CLAUSES.match(sentence)
    if (
        match is None
        or _UNCUT.search(sentence)
        or NEGATORS.search(match["second"])
        or match["first"].count("(") != match["first"].count(")")
    ):
        return None
    first, second = match["first"], match["second"]
    if (
        not FINITE.search(first)
        or not FINITE.search(" ".join(second.split()[:7]))
        or re.match(r"(?:Although|While|When|If|As)\b", first)
    ):
        return None
    if re.search(r"\b(?:and|or|,)\s\w+\Z|, (?:\w+ ){1,4}\w+\Z", first):
        return None  # the last item of a list
    alone = not re.match(r"(?:it|they|this|these|their|its|there|all|both|some)\b", second)
    return tidy((second if alone and ";" in sentence and rng.random() < 0.5 else first) + ".")


def _abbreviated(sentence: str, rng: random.Random) -> str | None:
    """The short form for the long, or the long for the short, where the sentence itself says that they are one."""
    claims = []
    for match in _SHORT.finditer(sentence):
        short = match["short"].rstrip("s")
        words = sentence[: match.start()].split(" ")[-len(short) :]
        if len(words) == len(short) > 1 and all(
            word[:1].lower() == letter.lower() for word, letter in zip(words, short, strict=True)
        ):
            before, after = " ".join(sentence[: match.start()].split(" ")[: -len(short)]), sentence[match.end() :]
            long = " ".join(words)
            claims.append(tidy(f"{before} {match['short']}{after}"))
            later = re.sub(rf"(?<![\w-]){match['short']}(?![\w-])", long, after)
            claims.append(tidy(f"{before} {long}{later}"))
    return choose(claims, rng, sentence)
