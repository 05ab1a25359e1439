"""A sentence with the opposite direction of the text it was taken from: more for less, before for after, and so on."""

from __future__ import annotations

import random
import re

from verification_words import Made, choose, put

# "one=other" turns both ways, "one>other" only as written, for "reduced" is the opposite of several; "_" is a space.
_VERBS = """
increase=decrease increases=decreases increased=decreased increasing=decreasing
reduces>increases reduced>increased reducing>increasing
improve=worsen improves=worsens improved=worsened improving=worsening
enhance>diminish enhances>diminishes enhanced>diminished enhancing>diminishing diminished>enhanced
upregulate=downregulate upregulates=downregulates upregulated=downregulated upregulating=downregulating
up-regulates=down-regulates up-regulated=down-regulated up-regulate=down-regulate
activate=inhibit activates=inhibits activated=inhibited activating=inhibiting
promote=suppress promotes=suppresses promoted=suppressed promoting=suppressing
stimulate>inhibit stimulates>inhibits stimulated>inhibited stimulating>inhibiting
induces>prevents causes>prevents prevents>causes prevented>caused accelerate=delay accelerates=delays
accelerated=delayed strengthen=weaken strengthened=weakened raises>lowers raised>lowered elevated>reduced
lowers>raises lowered>raised rose=fell prolonged>shortened prolongs>shortens shortened>prolonged gained=lost
expanded>shrank alleviates=aggravates alleviated=aggravated attenuates>aggravates attenuated>aggravated
ameliorates>aggravates ameliorated>aggravated overexpressed=underexpressed hypermethylated=hypomethylated
underestimates=overestimates exceeded>fell_below impairs>improves impaired>improved protects_against>predisposes_to
blocked>promoted """
_NOUNS = """
increase=decrease increases=decreases reduction>increase reductions>increases improvement=worsening
upregulation=downregulation up-regulation=down-regulation activation=inhibition activator=inhibitor
activators=inhibitors agonist=antagonist agonists=antagonists gain=loss elevation>reduction rise_in=fall_in
promotion>suppression suppression>promotion stimulation>inhibition overexpression=underexpression acceleration=delay
hypertrophy=atrophy excess=deficiency benefit>harm benefits>harms majority=minority maximum=minimum
hyperglycemia=hypoglycemia hypermethylation=hypomethylation susceptibility>resistance survival>death
enhancement>impairment impairment>improvement advantage=disadvantage advantages=disadvantages success=failure
"""
_ADJECTIVES = """
higher=lower highest=lowest high=low greater=smaller larger>smaller longer=shorter longest=shortest faster=slower
older=younger better=worse best=worst stronger=weaker earlier=later early=late more=less fewer>more most=least
positive=negative positively=negatively beneficial>harmful harmful>beneficial superior=inferior maximal=minimal
upper>lower strongest=weakest rapid>slow rapidly>slowly severe=mild elevated>reduced increased=decreased
enhanced>diminished upstream=downstream proinflammatory>anti-inflammatory pro-inflammatory=anti-inflammatory
frequent>rare frequently>rarely strong=weak strongly=weakly adverse>beneficial susceptible_to>resistant_to
sensitive_to>resistant_to resistant_to>sensitive_to favorable=unfavorable short-term=long-term
"""
_RELATIONS = """
before=after above=below prior_to>after followed_by=preceded_by at_least=at_most more_than=less_than
higher_than=lower_than greater_than>less_than increased_risk=decreased_risk risk_factor>protective_factor
risk_factors>protective_factors exceeding>below
"""

# Before or after one of these a word has no direction of its own, or keeps it when it is turned.
_FIXED = re.compile(
    r"\b(?:no |not |without |neither |nor |never |cannot |whether |if |either |how )(?:[^\s,;]+ ){0,10}\Z|\b(?:one|"
    r"once) or \Z",
    re.IGNORECASE,
)
_SET_PHRASES = re.compile(
    r"(?:more or less|more recent\w*|one or more|more than one|at least (?:one|in part|partly|partially)|low(?:er|"
    r"est)? back"
    r"|lower (?:respiratory|limb|extremit\w+|lobe|tract|airway\w*|urinary|gastro\w+)|upper (?:respiratory|limb\w*|"
    r"airway\w*"
    r"|tract|lobe|extremit\w+|gastro\w+)|best known|most (?:of|likely|recent\w*|notabl\w+|important\w*|common\w*|"
    r"other|such|often"
    r"|cases|countries|patients|studies|people|children)|at best|soon after|early (?:childhood|life)|later life|"
    r"least squares"
    r"|look\w* after|older (?:adult|people)s?|more specific|high[- ]throughput|high(?:ly)?[- ](?:quality|"
    r"resolution|performance)"
    r"|low[- ]income|false[- ](?:positive|negative)|gram[- ](?:positive|negative)|after all|high school|early 20|"
    r"late 19"
    r"|strong evidence|the more|positive-sense|negative-sense|positive-strand|negative-strand|triple[- ]negative|"
    r"loss to"
    r"|lost to|survival (?:curve|analysis|rate)s?|survival of the|positive control|negative control|"
    r"above[- ]mentioned|(?:given|described|listed|see|shown|discussed|mentioned|outlined|suggested|reported|noted|"
    r"as) (?:above|below|earlier|before))",
    re.IGNORECASE,
)


def _pairs(text: str) -> dict[str, list[str]]:
    """The opposites of each word."""
    opposites: dict[str, list[str]] = {}
    for pair in text.split():
        one, way, other = re.split("([=>])", pair.replace("_", " "))
        opposites.setdefault(one, []).append(other)
        if way == "=":
            opposites.setdefault(other, []).append(one)
    return opposites


_KINDS = {"verb or participle": _pairs(_VERBS), "noun": _pairs(_NOUNS), "adjective or adverb": _pairs(_ADJECTIVES),
          "before, after, above, below": _pairs(_RELATIONS)}  # fmt: skip
_PATTERNS = {
    kind: re.compile(
        rf"(?<![\w-])(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})(?![\w-])", re.I
    )
    for kind, words in _KINDS.items()
}
_NOUN_BEFORE = re.compile(
    r"\b(?:an?|the|of|significant|marked|this|substantial|further|rapid|relative|mean|in|and|risk|with) \Z", re.I
)


def with_other_direction(sentence: str, rng: random.Random) -> Made:
    """Claims that say the opposite direction in one place of the sentence."""
    made: dict[str, str | None] = {}
    for kind, pattern in _PATTERNS.items():
        claims = []
        for match in pattern.finditer(sentence):
            word = match[0].lower()
            is_noun = _NOUN_BEFORE.search(sentence[: match.start()]) is not None
            if kind == "noun" and word in _KINDS["verb or participle"] and not is_noun:
                continue
            if kind == "verb or participle" and word in _KINDS["noun"] and is_noun:
                continue
            if not _free(sentence, match, _KINDS[kind][word]):
                continue
            if kind.startswith("before") and any(
                re.search(rf"\b{new}\b", sentence, re.I) for new in _KINDS[kind][word]
            ):
                continue  # what was so before may have been so after, too
            claims += [_put(sentence, match, new) for new in _KINDS[kind][word]]
        made[kind] = choose(claims, rng, sentence)
    return {kind: claim for kind, claim in made.items() if claim}


def _free(sentence: str, match: re.Match[str], opposites: list[str]) -> bool:
    """Whether the opposite would say something else: it is not denied, nor coupled with its opposite, nor in a name."""
    before, after = sentence[: match.start()], sentence[match.end() :]
    if _FIXED.search(before) or any(
        phrase.start() < match.end() and match.start() < phrase.end() for phrase in _SET_PHRASES.finditer(sentence)
    ):
        return False
    near = f"{before[-25:]}|{after[:25]}"
    coupled = r"\s?(?:\w+\s)?(?:or|and|/|to|versus|vs\.?|-|–|,)\s?(?:\w+\s)?"
    for opposite in opposites:
        stem = re.escape(opposite[:6])
        if re.search(rf"\b{stem}\w*{coupled}\||\|{coupled}{stem}", near, re.IGNORECASE):
            return False
    return True


def _put(sentence: str, match: re.Match[str], new: str) -> str:
    """The claim, with "fewer" before what is counted, and the article that the new word asks for."""
    after = sentence[match.end() :]
    if new == "less" and match[0].lower() == "more" and re.match(r"\s(?:\w+\s)?[a-z]+[^s\W]s\b", after):
        new = "fewer"
    claim = put(sentence, *match.span(), new)
    claim = re.sub(
        r"\ba (?=(?:increase|improve|early|earlier|upregul|older|inhibit|advant|anti-|activat|elev|overex|atroph|"
        r"excess)\w*)",
        "an ",
        claim,
    )
    return re.sub(
        r"\ban (?=(?:decrease|reduc|wors|late|later|down|younger|low|fall|fell|supp|minor|minim|disadv|harm|gain|"
        r"loss|def|hyper|hypo|pro|under)\w*)",
        "a ",
        claim,
    )
