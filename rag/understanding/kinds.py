"""What kind of answer a question asks for, told from how it is put."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a question asks for."""

    FACT = "fact"
    LIST = "list"
    DEFINITION = "definition"
    YES_NO = "yes-no"
    COMPARISON = "comparison"


_FLAGS = re.IGNORECASE | re.VERBOSE

# "Please tell me", "Could you explain": what is asked comes after it.
_POLITE = re.compile(
    r"""^(?:(?:please|kindly|hi|hello|hey|thanks?(?:\ you)?|ok(?:ay)?|well|so|and|but|now|then)\b
    | (?:can|could|would|will)\ you\b | (?:i\ (?:would|want|need)|i['’]d)\ (?:like|love)?\ ?to\ (?:know|understand
    |learn|ask)\b
    | do(?:es)?\ (?:you|anyone|anybody)\ know\b | i\ (?:wonder|am\ wondering)\b
    | (?:tell|show|remind|teach)\ (?:me|us)(?:\ (?:more\ )?about)?\b | let\ (?:me|us)\ know\b
    | help\ me\ (?:to\ )?understand\b
    | (?:explain|say|describe)(?:\ to\ (?:me|us))?\ (?=what|which|whether|if|how|why|who|when|where)
    | (?:give|get)\ (?:me|us)\ (?=a\ (?:list|definition)|the\ (?:list|definition|names?)))[\s,.:;!–—-]*""",
    _FLAGS,
)
# "In lupus, are ...", "According to Smith et al., what ...": where to look, before what is asked.
_SETTING = re.compile(
    r"""^(?:according\ to|as\ for|in|for|among|regarding|concerning|with|on|based\ on|following|after|during|from)\b
    [^?,]{1,80},\s*(?=(?:what|which|who|is|are|was|were|has|have|had|do|does|did|can|could|will|should|how|name
    |list)\b)""",
    _FLAGS,
)
_REVIEW = r"(?:reviews?|articles?|papers?|authors?|documents?|publications?|stud(?:y|ies)|texts?|sources?)"
_SAYS = r"""(?:mentions?|discuss\w*|covers?|sa(?:y|ys|id)|describes?|address\w*|reports?|talks?|deals?|names?|states?
    |notes?|focus\w*|concerns?|considers?|treats?|includes?|contains?|is\ about|looks?|explains?|uses?|refers?)"""
_ACROSS = re.compile(
    rf"""\b(?:each|both|either|two|every|neither|all(?:\ (?:of\ )?the)?)\b[^.?!]{{0,20}}\b{_REVIEW}\b
    | \b(?:do|does|did|how|where|what|which)\b[^.?!]*\b{_REVIEW}\b[^.?!]*\b(?:differ\w*|disagree\w*|agree\w*|contrast\w*
      |contradict\w*|compar\w*|similar\w*|in\ common|each\ other|one\ another)\b
    | \b(?:compar\w+|contrast\w*|differ\w*)\b[^.?!]*\b{_REVIEW}\b
    | \b(?:which|what)\ (?:one\ )?(?:of\ the(?:se)?\ )?(?:two\ )?{_REVIEW}\ (?:\w+\ )?{_SAYS}\b
    | \bin\ which\ (?:of\ the\ )?{_REVIEW}\ (?:is|are|was|were|do|does|can)\b""",
    _FLAGS,
)
_COMPARES = r"(?:compar\w+|contrast\w*|differ\w*|(?:dis)?agree\w*|both|or|versus|vs\.?)"
_OTHERS = r"(?:et\ al\b\.?|and\ (?:colleagues|co-?workers|others)\b)"
_NAMED_ACROSS = re.compile(rf"\b{_COMPARES}\s.*{_OTHERS} | {_OTHERS}.*\b{_COMPARES}(?:\s|$|\W)", _FLAGS)
_COMPARING = re.compile(rf"\b{_COMPARES}(?:\s|$|\W)", _FLAGS)
_OPENS_YES_NO = re.compile(
    r"""^(?:(?:is|are|was|were|has|have|had|do|does|did|can|could|will|would|should|may|might|must)(?:n['’]t)?
    |cannot|whether|if)\b(?!\s+(?:you|me)\b)""",
    _FLAGS,
)
# Words in -s that are no plural of a noun: adverbs, and verbs of what does something ("What causes lupus?").
_NO_PLURAL = r"""(?!(?:always|perhaps|sometimes|besides|afterwards|towards|upwards|nowadays|overseas|whereas|versus
    |across|unless|does|has|was|whose|series|species|happens|occurs|goes|comes|makes|causes|leads|gives|takes|keeps|gets|means
    |says|does|seems|becomes|remains|exists|explains|determines|regulates|controls|drives|triggers|kills|links|limits
    |prevents|protects|mediates|induces|activates|inhibits|blocks|produces|increases|decreases|reduces|affects|influences
    |improves|worsens|predicts|defines|distinguishes|characteri[sz]es|constitutes|contains|includes|consists|connects
    |contributes|helps|hinders|needs|follows|precedes|allows|enables|supports|promotes|stimulates|encodes|binds|carries
    |attacks|destroys|treats|cures|works|lasts|varies|differs|depends|stops|starts|begins|ends|provides|requires
    |involves|underlies|accounts|represents|shows|suggests|indicates|motivates|speaks|threatens|bothers)\b)"""
_PLURAL = rf"{_NO_PLURAL}\b\w{{2,}}(?<![sui])s\b"
# What ends the noun after "which": "Which [diseases] are ...", "What [happens] in patients ...".
_NOUN_ENDS = r"""(?:is|are|was|were|be|do|does|did|has|have|had|can|could|will|would|should|may|might|must|in|on|at|by
    |to|for|from|with|after|before|during|of|the|an?|this|that|these|those|it|its|they|when|if|and|or)\b"""
_SEVERAL = re.compile(
    rf"""^(?:(?:in|on|at|by|to|for|from|with|against|of)\ )?(?:which|what)\ (?:(?:of\ )?(?:the|these|those)\ )?
      (?:(?!{_NOUN_ENDS})[\w'’/-]+\ )*?(?!{_NOUN_ENDS})(?:[\w'’/]+-)*{_PLURAL}
    | ^(?:which|what)\ (?:two|three|four|five|six|several|kinds?|types?|sorts?)\b
    | ^(?:name|list|enumerate|give|mention)\b
    | \b(?:which|what)\ (?:(?!is|was|are|were|do|does|did|has)[\w-]+\ ){{0,2}}{_PLURAL}\W*$
    | ^what\ (?:do|does|did|is|are|has|have|was)\b.*\b(?:say|says|said|known|written|reported|write
    |report)\b.*\b(?:about|on|of)\b
    | ^(?:summari[sz]e|sum\ up|review)\b | \b(?:summary|overview)\ of\b
    | ^(?:who|what)\ (?:all|else)\b | ^what\ (?:are|were)\b.*{_PLURAL} | \ba\ list\ of\b""",
    _FLAGS,
)

_ASKS_MEANING = (
    r"what\ (?:is|are|was|were|['’]s|do(?:es)?)\ (?:meant|understood)\ by\ (?P<x1>.+)",
    r"what\ do(?:es)?\ (?:(?:the|a|an)\ (?:word|term|acronym|abbreviation|gene\ symbol|letters?|phrase|expression)\ )?"
    r"(?P<x2>.+?)\ (?:mean|stand\ for|denote|signify|refer\ to)\b.*",
    r"(?:(?:what\ (?:is|are)|give(?:\ me)?)\ )?(?:the|a|an)?\ ?"
    r"(?:definition|meaning|full\ (?:form|name)|long\ form|expansion)s?\ (?:of|for)\ (?P<x3>.+)",
    r"(?:define:?|explain(?:\ the\ (?:term|concept|word)(?:\ of)?)?)\ (?P<x4>.+)",
    r"how\ (?:is|are|do(?:es)?)\ .{0,40}?(?P<x5>\S.*?)\ (?:defined|define\b.*)",
    r"(?P<x7>(?!what|which|how|why|who|is|are|was|were|do|does).+?)\ (?:definition|meaning)",
    r"(?:what|who)\ (?P<x6>.+?)\ (?:means?|stands?\ for|refers?\ to)",
)
_MEANING = tuple(re.compile(pattern, _FLAGS) for pattern in _ASKS_MEANING)
_WHAT_IS = re.compile(r"what(?:\ (?:exactly\ )?(?:is|are|was|were)|['’]s|\ is\ it)\ (?P<x>.+)", _FLAGS)
_WHAT_IT_IS = re.compile(r"what\ (?P<x>(?!is\b|are\b|was\b|were\b).+?)\ (?:is|are)", _FLAGS)  # "... explain what X is"
_SHORTHAND = re.compile(r"(?:stand|stands|full\ (?:form|name)|long\ form|expansion|abbreviat\w*|acronym)\b", _FLAGS)
# Where the thing asked of ends and its setting begins: "What is X in the context of Y?"
_IN_CONTEXT = re.compile(
    r"""(?:,|\ )\s*(?:in\ the\ context\ of|in\ (?:this|these|the|both|either)\ (?:two\ )?(?:reviews?|articles?|papers?
    |context|texts?)
    |with\ (?:respect|regard)\ to|in\ relation\ to|according\ to|in\ simple\ (?:words|terms)|(?:exactly|here|please
    |actually)$)\b.*$""",
    _FLAGS,
)
# Only where a run of such signs begins, and all of it: else each of two thousand would be tried with each.
_CLOSING = re.compile(r"(?<![\s?.!,;:])[\s?.!,;:]*+(?:\((?:[^()]|\([^()]*\))*\))?[\s?.!,;:]*+$")
_OPENING = re.compile(r"^(?:an?|the\ (?:term|word|concept|acronym|abbreviation)(?:\ of)?)\ ", _FLAGS)
_RELATED = re.compile(
    r"""\b(?:of|in|for|on|to|with|without|by|from|at|between|against|after|before|during|about|among|into|through|than
    |as
    |that|which|who|whose|when|where|there|this|these|those|it|its|they|their|them|your|you|we|our|most|best|more|less
    |not
    |is|are|was|were|has|have|do|does|did|can|could|will|would|should|and|or|vs|known|called|used|some|any|other|another
    |common|main|major|key|usual|usually|typical|possible|potential|current|currently|different|first|next|latest|new
    |wrong|right|needed|missing|special|important|true|so)\b""",
    _FLAGS,
)
# What something has rather than what something is.
_ATTRIBUTE = re.compile(
    r"""\b(?:roles?|effects?|causes?|symptoms?|signs?|risks?|treatments?|therap(?:y|ies)\ options?|options?|types?
    |kinds?
    |examples?|benefits?|advantages?|disadvantages?|limitations?|pitfalls?|aims?|goals?|purposes?|functions?|targets?
    |uses?
    |names?|incidence|prevalence|rates?|numbers?|doses?|dosages?|prognos[ie]s|outcomes?|results?|conclusions?|findings?
    |indications?|complications?|differences?|mechanisms?|prices?|costs?|size|problems?|challenges?|reasons?
    |consequences?
    |news|topics?|subjects?|titles?|weather|time|date)$""",
    _FLAGS,
)
_NO_THING = re.compile(r"(?:how|why|when|where|whether|who|the\ \w+\ (?:of|in|for))\b", _FLAGS)
# One word that says what happens or is done, and names nothing: "What is missing?"
_HAPPENS = re.compile(
    r"\w{3,}ed|missing|lacking|happening|going|coming|interesting|surprising|concerning|causing|driving|done|up|new",
    _FLAGS,
)
_MOST_WORDS = 7
_LONGEST = 1000  # characters, from the end, where what is asked stands
_PARTS = re.compile(r"(?<=[.!?;:])\s+(?!\()")
_ASKS = re.compile(
    r"\?(?:\s*\(.*)?\W*$|^(?:please\ )?(?:list|name|define|explain|compare|tell|give|enumerate)\b\W+\w", _FLAGS
)


def kind_of(text: str) -> Kind:
    """The kind of a question. Manners, case and a missing question mark change nothing."""
    text = " ".join(text.split())[-_LONGEST:]
    if _ACROSS.search(text) or _NAMED_ACROSS.search(text):
        return Kind.COMPARISON
    asked = _asked(text)
    if _thing(asked):
        return Kind.DEFINITION
    if _OPENS_YES_NO.search(asked):
        return Kind.YES_NO
    return Kind.LIST if _SEVERAL.search(asked) else Kind.FACT


def compares(text: str) -> bool:
    """Whether a question that names several reviews sets them side by side."""
    return bool(_COMPARING.search(text))


def defined_thing(text: str) -> str:
    """What a question asks the meaning of ("chimeric antigen receptor"); "" if it asks something else."""
    return _thing(_asked(" ".join(text.split())[-_LONGEST:]))


def wants_long_form(text: str) -> bool:
    """Whether a question asks what letters stand for ("What does CAR stand for?")."""
    return bool(_SHORTHAND.search(text))


def _asked(text: str) -> str:
    """The question itself: without manners and without its setting."""
    text = text.strip(" \t\"'“”")
    before = ""
    while before != text:
        before = text
        text = _SETTING.sub("", _POLITE.sub("", text, count=1), count=1)
    # A situation may come first: "My aunt has lupus. What is ...": the last sentence that asks is the question.
    asking = [part for part in _PARTS.split(text) if _ASKS.search(part)]
    if asking and asking[-1] != text:
        return _asked(asking[-1])
    return text


def _thing(asked: str) -> str:
    plain = _CLOSING.sub("", _IN_CONTEXT.sub("", _CLOSING.sub("", asked)))
    for pattern in _MEANING:
        if match := pattern.fullmatch(plain):
            thing = next(filter(None, match.groups()))
            # "Explain how X works" and "explain the role of X" define nothing.
            return "" if _NO_THING.match(thing) else thing
    match = _WHAT_IS.fullmatch(plain) or _WHAT_IT_IS.fullmatch(plain)
    return match["x"] if match and _is_thing(match["x"]) else ""


def _is_thing(words: str) -> bool:
    """Whether words are the bare name of something: "a chimeric antigen receptor", not "the role of B cells"."""
    name = _OPENING.sub("", words).strip(" \"'“”‘’")
    if re.match(r"the\b", name, _FLAGS):
        return False
    count = len(name.split())
    if not 1 <= count <= _MOST_WORDS or _RELATED.search(name) or _ATTRIBUTE.search(name):
        return False
    return count > 1 or not _HAPPENS.fullmatch(name)
