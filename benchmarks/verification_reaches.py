"""A sentence that says more than the text it was taken from: surer, of all, of a cause; or the other way round."""

from __future__ import annotations

import random
import re

from verification_words import KNOWN_VERBS, NEGATORS, OPEN, Made, choose, put, third, tidy

_MODAL = re.compile(
    r"(?P<before>\b[\w-]+) (?:may|might|could)(?P<also> also| even| further)? (?P<base>[a-z]+)\b(?! not\b)"
)
_SURER = {
    "suggest that": "prove that", "suggests that": "proves that", "suggested that": "proved that",
    "suggesting that": "proving that", "indicate that": "prove that", "indicates that": "proves that",
    "seems to be": "is", "seem to be": "are", "appears to be": "is", "appear to be": "are", "seemed to be": "was",
    "is likely to be": "is", "are likely to be": "are", "is thought to be": "is", "are thought to be": "are",
    "is believed to be": "is", "are believed to be": "are", "is probably": "is", "are probably": "are",
    "is possibly": "is", "may possibly": "will", "preliminary evidence": "conclusive evidence",
    "limited evidence": "conclusive evidence", "it is possible that": "it is certain that",
    "potentially": "certainly", "likely": "certainly", "presumably": "certainly", "perhaps": "certainly",
    "we hypothesize that": "we have proved that", "potential": "proven", "promising": "proven",
}  # fmt: skip
_QUANTITIES = {
    "some": "all", "most": "all", "many": "all", "several": "all", "a few": "many", "few": "most",
    "the majority of": "all", "a minority of": "most", "often": "always", "usually": "always", "sometimes": "always",
    "frequently": "always", "generally": "always", "commonly": "always", "mainly": "only", "primarily": "only",
    "mostly": "only", "rarely": "often", "nearly all": "all", "almost all": "all", "partially": "completely",
    "partly": "completely", "a subset of": "all", "a number of": "all", "a proportion of": "all", "in part": "entirely",
}  # fmt: skip
_GO_TOGETHER = re.compile(
    r"\b(?P<be>is|are|was|were|has been|have been|had been) (?P<how>(?!not|also|thus)[a-z]+ly )?"
    r"(?:associated with|correlated with|linked (?:to|with)|related to)(?! (?:this|these|each))|"
    r"\b(?P<does>correlates|correlate|correlated) (?P<well>[a-z]+ly )?with(?= (?:the|a|an|higher|lower|increased|"
    r"reduced|poor))"
)
_CAUSING = {"is": "causes", "are": "cause", "was": "caused", "were": "caused", "has been": "has caused",
            "have been": "have caused", "had been": "had caused", "correlates": "causes", "correlate": "cause",
            "correlated": "caused"}  # fmt: skip
_TRANSITIVE = (
    "inhibits|induces|activates|causes|regulates|suppresses|promotes|stimulates|mediates|controls|represses|"
    "phosphorylates|enhances|reduces|inhibited|induced|activated|suppressed|stimulated|improves|"
    "is more effective than|was superior to|is caused by|was caused by|are caused by|is induced by|is inhibited by|"
    "leads to|results in|led to|resulted in|precedes|depends on|prevents"
)
_NOUNS = r"(?:(?:the|a|an|The|A|An) )?[\w/+αβγκ-]+(?: [\w/+αβγκ-]+){0,3}?"
_WHO_DOES_WHAT = re.compile(
    rf"\A(?P<start>(?:[A-Z][a-z]+ly, |However, |"
    rf"In \w+(?: \w+)?, )?)(?P<one>{_NOUNS}) (?P<does>{_TRANSITIVE}) (?P<two>{_NOUNS})"
    r"(?P<rest>(?: (?:in|by|through|via|during|after|when|but|under|at|and (?!selectively|phenocop)[a-z]+)\b|"
    r"[,.](?!\d)).*)\Z"
)
_CLAUSES = (
    ", which was confirmed in a second trial of 412 participants", ", and it was well tolerated by everyone",
    ", mainly in women older than 65 years", ", although the effect faded within six months",
    ", and this also held for pregnant women", ", as had already been shown in dogs", ", at half the usual cost",
    ", and no serious adverse events were seen", ", especially in people who smoke",
    ", which is why guidelines recommend it",
    ", and mortality fell by a third", ", independently of body weight",
    ", as the regulator of Switzerland has acknowledged",
    ", because of a mutation in the mitochondria", ", which has been known since the nineteenth century",
    ", but only at night", ", and it restores fertility", ", which also lowers blood pressure",
    ", as a survey among nurses had predicted", ", with the exception of left-handed people",
)  # fmt: skip


def surer(sentence: str, rng: random.Random) -> Made:
    """Claims without the doubt that the sentence has."""
    if NEGATORS.search(sentence):
        return {}
    claims = [
        tidy(put(sentence, *match.span(), words)) for match in _MODAL.finditer(sentence) if (words := _plain(match))
    ]
    made = {"may -> does": choose(claims, rng, sentence), "other words": _one_of(sentence, _SURER, rng)}
    return {variant: claim for variant, claim in made.items() if claim}


def of_all(sentence: str, rng: random.Random) -> Made:
    """Claims of all, or of always, where the sentence speaks of some, or of often."""
    if NEGATORS.search(re.sub(r"\bfew\b|\brarely\b", "", sentence)):
        return {}
    claim = _one_of(sentence, _QUANTITIES, rng)
    return {"": claim} if claim else {}


def of_cause(sentence: str, rng: random.Random) -> Made:
    """Claims that one thing causes another, where the sentence says that they go together."""
    if NEGATORS.search(sentence) or OPEN.search(sentence):
        return {}
    claims = [
        put(sentence, *match.span(), f"{match['how'] or match['well'] or ''}{_CAUSING[match['be'] or match['does']]}")
        for match in _GO_TOGETHER.finditer(sentence)
        if match["be"] or not re.search(r"\b(?:been|was|were|is|are|patients|\w+ly) \Z", sentence[: match.start()])
    ]
    claim = choose(claims, rng, sentence)
    return {"": claim} if claim else {}


def other_way_round(sentence: str, rng: random.Random) -> Made:
    """Claims in which what acts and what is acted on have changed places."""
    match = _WHO_DOES_WHAT.match(sentence)
    if match is None or re.match(r"(?:It|This|These|They|We|That|Which|There|Our|In|Both|He|She)\b", match["one"]):
        return {}
    if re.search(
        r"\b(?:that|which|who|and|or|of|in|by|significantly|also|not|to|is|are|was)\Z|\b(?:that|which|we|not|was|"
        r"is|are|although|while|targets|after|despite|all|has|have|had|also|sometimes|such|\w+ly|comparative)\b",
        match["one"],
        re.I,
    ):
        return {}
    one, two = match["one"], match["two"]
    if re.search(
        r"\b(?:the|a|an|of|in|by|to|and|both|its|their)\Z|\b(?:its|their|both|this|each|many|with|are|is|and|even|"
        r"that|from|increases|subjective)\b|\Aby\b|(?:al|ous|ive|ar|ic|er|ent)\Z",
        two,
    ):
        return {}
    one = one[0].lower() + one[1:] if re.match(r"(?:The|A|An)\b|[A-Z][a-z]{3,}\b", one) else one
    claim = tidy(f"{match['start']}{two} {match['does']} {one}{match['rest']}")
    return {"": claim} if claim != sentence else {}


def with_invented_clause(sentence: str, rng: random.Random) -> Made:
    """Claims that go on with what the sentence does not say."""
    said = {word.lower() for word in re.findall(r"[^\W\d_]{5,}", sentence)}
    fresh = [one for one in _CLAUSES if not said & set(re.findall(r"[^\W\d_]{5,}", one.lower()))]
    return {"": sentence.rstrip(". ") + rng.choice(fresh) + "."} if fresh else {}


def _one_of(sentence: str, words: dict[str, str], rng: random.Random) -> str | None:
    """One of the words replaced; "potential" is not where it is a noun."""
    claims = []
    for old, new in words.items():
        for match in re.finditer(rf"(?<![\w-]){old}(?![\w-])", sentence, re.IGNORECASE):
            before, after = sentence[: match.start()], sentence[match.end() :]
            if re.search(
                r"\b(?:at|the|more|less|not|very|action|evoked|nearly|almost|un|the second|so|as|how|too|is|are|"
                r"was|were|of) \Z",
                before,
            ) and (
                old
                in {
                    "most",
                    "likely",
                    "few",
                    "many",
                    "potential",
                    "promising",
                    "some",
                    "commonly",
                    "frequently",
                    "often",
                }
            ):
                continue
            if old in {"potential", "promising"} and not re.match(r" [a-z]{4,}", after):
                continue
            if old in {"some", "most", "many", "several", "few", "a few"} and not re.match(
                r" (?!extent|degree|time|way|isolated|other|more)(?:of the |of these )?[a-z-]*[a-z]{3,}", after
            ):
                continue
            if old == "most" and not re.match(r" (?:of |(?:[a-z]+ )?[a-z]+s\b)", after):
                continue
            claims.append(put(sentence, *match.span(), new))
    return choose(claims, rng, sentence)


def _plain(match: re.Match[str]) -> str | None:
    """ "treatment may reduce" -> "treatment reduces"; many of what ends in s, but for "this" and "lupus"."""
    before, also, base = match["before"], match["also"] or "", match["base"]
    if base not in KNOWN_VERBS | {"be"} or before.lower() in {"which", "that", "who", "and", "or", "but", "where"}:
        return None
    many = re.search(r"(?<![sui])s\Z", before) is not None or before.lower() in {
        "they",
        "we",
        "these",
        "mice",
        "people",
        "cells",
    }
    if base == "be":
        return f"{before} {'are' if many else 'is'}{also}"
    return f"{before}{also} {base if many else third(base)}"
