"""Sentences that tell what an article will say, or where in it something stands, and state nothing themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from index.analysis import distinct_terms, terms
from rag.composing.members import Names, class_asked, names
from rag.searching.candidates import Choice
from rag.searching.coverage import coverage, spoken_of
from rag.understanding.kinds import Kind
from rag.understanding.question import Question
from rag.understanding.question_words import FUNCTION_WORDS

_FLAGS = re.IGNORECASE | re.VERBOSE
_LONGEST = 1000  # characters of a sentence that are looked at

_REVIEW = r"(?:(?:mini-?|systematic\ |narrative\ |scoping\ |literature\ )?(?:reviews?|overview|survey))"
_TEXT = rf"""(?:{_REVIEW}(?:\ (?:article|paper|chapter))?|articles?|papers?|chapter|sections?|paragraphs?|editorial
    |perspective|commentary|viewpoint|manuscript|essay|guideline|primer|tutorial)"""
_STUDY = r"(?:study|work|report|contribution|trial|investigation|analysis)"
_THIS = r"(?:this|our|the\ (?:present|current|following|next|remaining|last|final)|these)"
# What may stand between who announces and the verb: "will also briefly".
_LEADING = r"""(?:\ (?:will|shall|then|also|first|next|now|here|herein|therefore|thus|further|finally|both|\w+ly
    |aims?\ to|aimed\ to|intends?\ to|seeks?\ to|attempts?\ to|tr(?:y|ies)\ to|sets?\ out\ to|would\ like\ to
    |wish(?:es)?\ to|want\ to))*"""
_OVERVIEW = r"""(?:[\w-]+\ ){0,4}?(?:overviews?|summar(?:y|ies)|introductions?|reviews?|updates?|perspectives?|outlines?
    |outlooks?|surveys?|snapshots?|discussions?|descriptions?|accounts?|insights?|guide|synthesis|examples?)\b"""
# "We describe a new gene" reports one.
_NOT_NEW = rf"(?!\ (?:an?|one|the\ first|novel|new|our)\ (?!{_OVERVIEW})|\ (?:[\w-]+\ ){{0,3}}[\w-]+,\ an?\ )"
_DISCUSSES = r"""(?:address(?:es)?|discuss(?:es)?|summari[sz]es?|reviews?|outlines?|explores?|examines?|covers?
    |surveys?|recapitulates?|elaborates?\ (?:up)?on|touch(?:es)?\ (?:up)?on|focus(?:es)?\ (?:\w+ly\ )?(?:up)?on
    |concentrates?\ on|deals?\ with|comments?\ on|delves?\ into)"""
_PRESENTS = rf"""(?:{_DISCUSSES}|(?:describes?|presents?|introduces?){_NOT_NEW}|highlights?|considers?|explains?
    |illustrates?|turns?\ to|looks?\ at|(?:provides?|gives?|offers?)\ {_OVERVIEW})"""
_PRESENTED = r"(?:discussed|reviewed|summari[sz]ed|outlined|highlighted|addressed|covered|explored|surveyed)"
_FULL = rf"(?:{_PRESENTED}|presented|described|explained|examined|considered|given|provided|introduced|detailed)"
_PLACE = r"""(?:(?:supplement\w*\ |online\ |additional\ |extended\ data\ )?(?:tables?|figs?\.?|figures?|sections?
    |box(?:es)?|append(?:ix|ices)|chapters?|supplement\w*|panels?|files?|schemes?)\b)"""

_OF_THE_TEXT = re.compile(
    rf"""^[\W_]*(?P<opening>(?:[^.;:,]{{1,90}},\ ){{0,2}}?(?:and\ |here(?:in)?\ )?)(?:
      we{_LEADING}\ {_PRESENTS}\b
    | (?:in|throughout|within)\ {_THIS}\ {_TEXT},?\ (?:we|the\ authors?|i)\b{_LEADING}\ (?:{_PRESENTS}|{_FULL})\b
    | (?:{_THIS}\ {_TEXT}|the\ (?:article|paper|review|authors?))\b{_LEADING}\ {_PRESENTS}\b
    | (?:this|the\ (?:present|current))\ {_STUDY}\b{_LEADING}\ (?:{_DISCUSSES}|describes|investigates)\b
    | (?:the\ )?(?:(?:main|primary|overall)\ )?(?:aims?|purpose|goals?|objectives?|scope|focus)\ of\ (?:{_THIS}|the)
      \ (?:(?:present|current)\ )?(?:{_TEXT}|{_STUDY})\ (?:is|are|was|were|will\ be)\b
    )""",
    _FLAGS,
)
_IS_PRESENTED = re.compile(
    rf"""\b(?:is|are|will\ be|can\ be)\ (?:(?:also|then|further|\w+ly)\ )*(?:
      {_PRESENTED}(?:,?\ (?:here(?:in)?|below|above|later|briefly|further|too|as\ well|in\ (?:this|more|greater
        |the\ next|the\ following|detail|depth|brief|turn)\b[^,;]{{0,50}}))*
    | (?:{_FULL}|shown|listed|found|depicted|displayed|illustrated|compiled|collected)\ (?:\w+ly\ )?
      (?:below|elsewhere|herein|later|(?:in|on|by|as|within)\ (?:the\ )?{_PLACE}[^,;]{{0,40}}
        |in\ (?:this|the\ (?:next|following|present|last|final))\ {_TEXT}[^,;]{{0,40}})
    )[\s.)\]\d]*$
    | ^[\W_]*in\ {_THIS}\ {_TEXT},?\ [^.;]{{3,200}}\b(?:is|are|will\ be|were)\ (?:\w+ly\ )?{_PRESENTED}\b""",
    _FLAGS,
)
_POINTS = re.compile(
    rf"""^[\W_]*(?:(?:please\ )?(?:see|refer\ to|cf\.?|consult)\b(?:\ (?:also|the))*\ [^,;]{{0,60}}?
      (?:{_PLACE}|\b{_TEXT}|\brefs?\b|\breferences?\b|\b(?:below|above|elsewhere)\b)[^,;]{{0,80}}$
    | {_PLACE}\W*(?:\d+\w?|[IVX]+|[A-Z]\d*)?[\W_]*$
    | {_PLACE}\ ?(?:\d+\w?|[IVX]+|[A-Z]\d*)?\ (?:also\ )?(?:summari[sz]es?|lists?|shows?|presents?|provides?|gives?
      |describes?|illustrates?|depicts?|outlines?|contains?|displays?|details?|offers?)\b)""",
    _FLAGS,
)
# What tells that something is stated all the same: a finding, people who were seen, what a thing does or is.
_STATES = re.compile(
    r"""\b(?:show\w*|f[io]u?nds?|conclud\w+|demonstrat\w+|argu\w+|recommend\w*|propos\w+|suggest\w*|emphasi[sz]\w+|not\w+
      |stress\w*|highlight\w*|reveal\w*|indicat\w+|hypothesi\w+|explains?|report\w*|believe|illustrates?|observ\w+
      |consider|confirm\w*|state|claim|evidence|concept|idea|notion|fact|possibility|view)\ that\b
    | ,\ (?:(?:all|most|some|many|\w+)\ )?(?:of\ )?(?:who|whom|whose|which|where)\b(?!\ (?:will|we)\b)
    | ;\ \S+\ \S+ | ,\ (?:but|whereas|yet|although|though|because|since)\b
    | ,\ (?:and|while)\ (?!we\b)(?:[\w-]+\ ){1,5}?(?:is|are|was|were|has|have|can|may|did|does)\b
      (?!\ (?:also\ )?(?:discuss|review|summari|outlin|highlight|address|present|describ|consider))
    | (?<!table\ )(?<!figure\ )(?<!section\ )
      \b(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d[\d,]*)\ (?:[\w-]+\ ){0,3}(?:cases?
      |patients?|cohorts?|famil(?:y|ies)|(?:wo)?m[ae]n|boys?|girls?|child(?:ren)?|infants?|subjects|participants|mice|rats
      |individuals|kindred|adults|volunteers|trials)\b
    | \w:\ [^\W\d][^.:,]{2,80},\ [^.:]{3} | \d+(?:[.,]\d+)?\ ?%
    | \bto\ be\b(?!\ (?:discuss|address|answer|solve|consider))""",
    _FLAGS,
)
# Words in what opens a sentence that make it a statement ("Although cells kill, we discuss") or how a study was done.
_STATES_FIRST = re.compile(
    r"""^\W*(?:using|by|with|after|from|based|through|applying)\b | \b(?:is|are|was|were|has|have|had|can|could|may
    |might|did|does|do|although|though|while|whereas|because|since|when|if)\b""",
    _FLAGS,
)
_VERB = re.compile(rf"\b{_PRESENTS}(?P<topic>[^.;]*)", _FLAGS)
_TOPIC_ENDS = re.compile(
    r"\b(?:of|for|in|with|to|as|by|from|during|among|between|within|how|why|whether|used|including|such|than|that)\b",
    re.IGNORECASE,
)
_LEAST = 2  # terms that an announcement must add to those of the question to tell something
_NEARLY = 0.7  # how near to an announcement what states something must come, to go before it
_AT_LEAST = 0.4  # how good a sentence must be beside an announcement that tells nothing, to be what it announces
# Words of an announcement that tell nothing of its subject.
_PLAIN_WORDS = f"""
    {" ".join(FUNCTION_WORDS)} address addresses advance advances application approach area article aspect background
    basic brief challenge clinical context cover current detail development different direction evidence field finally
    finding first focus future highlight here implication important information issue key knowledge limitation
    literature main new next novel offer opportunity outline overview perspective potential present problem progress
    provide recent relevant research result role scope section state status study summarise survey topic trend
    understanding update
"""
_ASKS_WHAT_IS_SAID = re.compile(
    rf"\b(?:{_TEXT}|authors?|sources?)\b[^?]*\b(?:sa(?:y|ys|id)|about|tells?|know|report\w*|writes?)\b", _FLAGS
)
_ASKS_OF_THE_TEXT = re.compile(
    rf"""\b(?:{_TEXT}|authors?|stud(?:y|ies)|sources?|documents?|publications?)\b[^?]*\b(?:discuss\w*
      |cover\w*|address\w*|describ\w*|mention\w*|focus\w*|deal\w*|present\w*|examin\w*|summari[sz]\w*|outlin\w*|explor\w*
      |review\w*|contains?|consider\w*|explains?|aims?|highlight\w*|introduc\w*|provid\w*|offer\w*)\b
    | \b(?:aims?|purposes?|scope|goals?|objectives?|topics?|focus|subjects?|contents?|themes?)\ (?:\w+\ ){{0,2}}?
      (?:of|in)\ (?:the|this|these|each|both)\ (?:\w+\ )?(?:{_TEXT}|stud(?:y|ies))\b
    | \b{_TEXT}\ about\W*$
    | \b(?:is|are|was|were)\ (?:[^?]*\ )?(?:discussed|covered|reviewed|addressed|mentioned|summari[sz]ed|outlined
      |highlighted)\b""",
    _FLAGS,
)


def announces(words: str) -> bool:
    """Whether a sentence only tells what an article will say, or where something stands in it.

    "We will address safety", "The trials are listed in Table 2". What an article found or concluded, or states beside
    its announcement, is no announcement.
    """
    words = " ".join(words.split())[:_LONGEST]
    seems = _POINTS.search(words) or _IS_PRESENTED.search(words) or tells_of_the_text(words)
    return bool(seems) and not _STATES.search(words)


def tells_of_the_text(words: str) -> bool:
    """Whether a sentence tells what an article will say, whatever it may state beside that."""
    match = _OF_THE_TEXT.search(" ".join(words.split())[:_LONGEST])
    return match is not None and not _STATES_FIRST.search(match["opening"])


def asks_of_the_text(question: str) -> bool:
    """Whether a question asks what a review speaks of ("What does the review cover?")."""
    return bool(_ASKS_OF_THE_TEXT.search(question))


def stating(question: Question, able: Sequence[Choice], weights: Sequence[float]) -> list[Choice]:
    """Sentences, best first, of which those that only announce come after those that state something.

    An announcement that tells nothing but that what was asked will be spoken of is left out, unless that is asked.

    Args:
        question: What was asked.
        able: The sentences that could answer, best first.
        weights: How much each of the question's concepts matters.
    """
    if question.kind is Kind.DEFINITION or asks_of_the_text(question.text):
        return list(able)
    anything = _ASKS_WHAT_IS_SAID.search(question.text) is not None
    announcing = [choice for choice in able if announces(choice.words)]
    empty = [one for one in announcing if not anything and not _tells_something(question, one.words, weights)]
    least = _AT_LEAST * max((one.score for one in empty), default=0.0)
    stated = [one for one in able if one not in announcing and one.score >= least]
    kept = list(stated)
    for choice in announcing:
        if choice not in empty and choice.score >= least:
            covered = _NEARLY * coverage(question.concepts, weights, distinct_terms(choice.words))
            stands_aside = not _names_members(question, choice.words) and any(
                other.score >= _NEARLY * choice.score
                and coverage(question.concepts, weights, distinct_terms(other.words)) >= covered
                for other in stated
            )
            kept.append(replace(choice, score=_NEARLY * choice.score) if stands_aside else choice)
    return sorted(kept, key=lambda choice: -round(choice.score, 6))


def _tells_something(question: Question, words: str, weights: Sequence[float]) -> bool:
    """Whether an announcement tells more than that what was asked will be spoken of.

    "We cover results of CD19 CAR T cells in lupus" tells in what there are results; "We address the safety of CAR T
    cells" tells nothing of their safety.
    """
    known = {term for concept in question.concepts for form in concept.forms for term in form}
    if len(distinct_terms(words) - known - _plain_terms()) < _LEAST:
        return False
    if _names_members(question, words):
        return True
    shares = spoken_of(question.concepts, distinct_terms(words))
    told = zip(question.concepts, weights, shares, strict=True)
    spoken = [(weight / len(one.forms[0]), one.forms) for one, weight, share in told if share]
    rarest = max((weight for weight, _ in spoken), default=0.0)
    topics = {term for match in _VERB.finditer(words) for term in terms(_TOPIC_ENDS.split(match["topic"])[0])}
    return not any(topics.issuperset(form) for weight, forms in spoken if weight >= rarest for form in forms)


def _names_members(question: Question, words: str) -> bool:
    """Whether a sentence names members of the class that a question asks for, if it asks for one."""
    asked = [term for concept in question.concepts for form in concept.forms for term in form]
    kind = class_asked(question)
    return bool(kind) and names(kind, asked, words) is Names.MEMBERS


@cache
def _plain_terms() -> frozenset[str]:
    return frozenset(terms(_PLAIN_WORDS))
