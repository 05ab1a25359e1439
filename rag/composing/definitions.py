"""Whether a sentence says what something is, or only mentions it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from index.abbreviations import definitions_in, short_key
from index.analysis import terms
from rag.understanding.question import Concept
from rag.understanding.question_words import FUNCTION_WORDS


class Tells(IntEnum):
    """What a sentence tells of a thing, the more the better."""

    NOTHING = 0
    MENTION = 1
    """Its subject is the thing, but what is said of it need not be what it is."""
    IN_PASSING = 2
    """ "X, a kind of Y, ...", "X that do Z", or the long form of X's letters."""
    DEFINITION = 3


_FLAGS = re.IGNORECASE | re.VERBOSE
_WORD = re.compile(r"[^\W_]+")
_NAME_GLUE = frozenset({"a", "an", "the", "of", "in", "and", "s"})  # between words of one name: "disease of the liver"
_LONGEST_GAP = 2
# Words for one sort of thing: what defines the disorder defines the disease.
_SAME_SORT = frozenset({"diseas", "disord", "condit", "ill"})

_ASIDE = r"""(?:\s*[(\[][^()\[\]]{1,80}[)\]]
    |\s*,\s*(?:also|or|i\.e\.|abbreviated|formerly|previously)[^,]{1,80},|['\"”’®™*])*\s*"""
_ADVERB = r"(?:\s+(?:\w+ly|also|thus|often|therefore|now|still|both)\b)*\s*"
_DETERMINER = r"(?:an?|one\s+of|the|any|another|part\s+of|members?\s+of|types?\s+of|forms?\s+of|kinds?\s+of)\s+"
# A participle says what happens to it, not what it is; a word such as "important" only how it is.
_NO_NOUN = r"""(?!(?:(?:\w+ly|very|more|less)\s+)?(?:not\b|no\b|also\b|used\b|found\b|known\s+to\b|shown\b|seen\b
    |given\b|made\b|thought\b|important\b|common\b
    |rare\b|present\b|associated\b|available\b|likely\b|able\b|often\b|under\b|in\b|at\b|on\b|of\b|to\b|being\b
    |still\b|increasing|currently\b|needed\b|required\b|safe\b|effective\b|\w+ed\b(?!,)|\w+ing\b(?!,|\s+\w+s\b)))"""
# "The NYVAC vector is ..." says what NYVAC is.
_SORT = r"""(?:species|vectors?|virus(?:es)?|proteins?|genes?|strains?|bacteri(?:a|um)|drugs?|methods?|tests?|tools?
    |techniques?|approach(?:es)?|algorithms?|scores?|scales?|assays?|disease|disorder|syndrome|family|compounds?|antibod(?:y|ies)
    |project)"""
# What stands after the thing in a sentence that defines it.
_SAYS_WHAT = re.compile(
    rf"""(?:\s+{_SORT})?{_ASIDE}(?:
      (?:is|are|was|were)\b{_ADVERB}(?:first\s+)?(?:defined|known|described|characteri[sz]ed|classified|regarded
      |considered|understood)\b
    | (?:refers?|referred)\s+to\b | means\b | denotes?\b | stands?\s+for\b | describes\b | represents?\s+{_DETERMINER}
    | (?:is|are|was|were)\b{_ADVERB}(?:when|where)\b
    | (?:occurs?|arises?|develops?|results?|happens?)\s+(?:when|if|from|because)\b
    | (?:is|are|was|were)\b{_ADVERB}(?!not\b){_DETERMINER}(?!role|effect|result|cause\s+for|matter|result)
    | (?:is|are)\s+{_NO_NOUN}(?:[\w'’/-]+[,\s]+){{0,6}}?[\w-]+s\b(?:\s+(?:that|which|who|of|in|with|from|for|between
        |within|by|on|as|to|\w+ed|\w+ing|made|found)\b|\s*[,.(;])
    | (?:is|are)\s+{_NO_NOUN}[\w'’-]+\s+(?:[\w'’-]+\s+){{0,3}}(?:that|which|of|characteri[sz]ed|caused|defined|used
    |designed)\b
    | (?:consists?\s+of|comprises?|encompass(?:es)?|constitutes?|involves?\s+the|presents?\s+as)\b
    | :\s+(?=\w) | [—–]\s*{_DETERMINER}
    )""",
    _FLAGS,
)
_SAYS_IN_PASSING = re.compile(
    rf"""{_ASIDE}(?:,\s*(?:which\s+(?:is|are|was|were)\s+)?{_DETERMINER}(?!role|effect|result)
    | \(\s*{_DETERMINER} | ,?\s*(?:that|which)\s+\w+ | ,?\s*(?:the\s+)?(?:designed|engineered|intended)\s+to\b
    | \s+as\s+an?\s)""",
    _FLAGS,
)
_VERB_FOLLOWS = re.compile(
    rf"{_ASIDE}{_ADVERB}(?:is|are|was|were|has|have|can|may|will|does|do|\w{{3,}}s)\s(?!of\b|in\b)", _FLAGS
)
# What stands before the thing where a sentence gives its name.
_NAMED_BEFORE = re.compile(
    r"""(?:\b(?:term(?:ed)?|call(?:ed)?|known\ as|referred\ to\ as|named|defined\ as|dubbed|designated|entitled
    |refer\ to\ as|(?:a|an)\ (?:\w+\ ){1,3}(?:called|named|termed))\ (?:an?\ |the\ )?['\"“‘]?)$""",
    _FLAGS,
)
_HANGS_ON = re.compile(
    r"\b(?:of|in|for|with|by|to|from|on|against|and|or|between|about|like|such as|including|than|via|without|as)"
    r"\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
_CLAUSE_START = re.compile(
    r"(?:^|[.;:]\s|,\s(?:that|and)?\s?|\bthat\s)\W*(?:(?:an?|the|although|because|while|since)\s)?\W*$", _FLAGS
)
_OPENS = re.compile(r"\w\W{0,2}\((?:brand name |trade name |abbreviated |also |called |termed |or )?\W?$")
_CLOSES = re.compile(r"(?:\([®™]\)|[®™'\"”’]|['’]s\b)*(?:;[^()]{0,60}|, [A-Z][^(),]{0,40})?\s*[)\]]")

_SHORT_FORMS = re.compile(r"\W*(?:list of )?abbreviations?(?: used)?\W*[:.]\s", re.IGNORECASE)


def tells(concepts: Sequence[Concept], sentence: str) -> Tells:
    """What a sentence tells of the thing that some concepts name together."""
    sentence = " ".join(sentence.split())  # a run of spaces without end would take the patterns as long
    return max((_at(sentence, start, end) for start, end in mentions(concepts, sentence)), default=Tells.NOTHING)


def spells_out(letters: str, sentence: str) -> bool:
    """Whether a sentence gives the long form of letters: "chimeric antigen receptor (CAR)", "CAR stands for"."""
    sentence = " ".join(sentence.split())
    if lists_abbreviations(sentence):
        return bool(re.search(rf"[:;.,]\s*{re.escape(letters)}s?\s*[,:=–-]", sentence, re.IGNORECASE))
    if any(short_key(one.short) == short_key(letters) for one in definitions_in(sentence)):
        return True
    said = (
        rf"\b{re.escape(letters)}s?\s+(?:\w+\s+)?(?:stands?\ for|means|is\ short\ for|is\ an\ (?:acronym|abbreviation))"
    )
    return bool(re.search(said, sentence, re.IGNORECASE))


def lists_abbreviations(sentence: str) -> bool:
    """Whether a sentence is the list of short forms that stands under a table: "Abbreviations: SLE, systemic ..."."""
    return bool(_SHORT_FORMS.match(sentence))


def in_brackets(letters: str, sentence: str) -> bool:
    """Whether letters stand in brackets after some words, as after their long form."""
    return bool(re.search(rf"\w\W{{0,2}} \({re.escape(letters.rstrip('s'))}s?\s*[);,]", sentence, re.IGNORECASE))


def mentions(concepts: Sequence[Concept], sentence: str) -> Iterator[tuple[int, int]]:
    """Where a sentence names a thing: stretches that hold every concept in one of its forms and little else."""
    concepts = [_of_any_sort(concept) for concept in concepts]
    words = [(match.start(), match.end(), term) for match in _WORD.finditer(sentence) for term in terms(match[0])[:1]]
    known = {term for concept in concepts for form in concept.forms for term in form}
    at = 0
    while at < len(words):
        if words[at][2] not in known:
            at += 1
            continue
        last, ahead = at, at + 1
        while ahead < len(words) and ahead - last <= _LONGEST_GAP + 1:
            if words[ahead][2] in known:
                # A bracket of one's own ("chimeric antigen receptor (CAR)") is part of the mention only if it closes.
                last = ahead
            elif words[ahead][2] not in _NAME_GLUE:
                break
            ahead += 1
        held = [words[i][2] for i in range(at, last + 1)]
        if concepts and all(any(_holds(held, form) for form in concept.forms) for concept in concepts):
            yield words[at][0], words[last][1]
        at = last + 1


def _of_any_sort(concept: Concept) -> Concept:
    if len(concept.forms[0]) == 1 and concept.forms[0][0] in _SAME_SORT:
        return Concept((*concept.forms, *((term,) for term in sorted(_SAME_SORT))))
    return concept


def _holds(held: Sequence[str], form: tuple[str, ...]) -> bool:
    return any(tuple(held[at : at + len(form)]) == form for at in range(len(held) - len(form) + 1))


def _at(sentence: str, start: int, end: int) -> Tells:
    before, after = sentence[:start], sentence[end:]
    closing = _CLOSES.match(after)
    bracketed = closing is not None and _OPENS.search(before) is not None  # "volanesorsen (Waylivra)"
    after = after[closing.end() :] if closing else after
    hangs = not bracketed and bool(_HANGS_ON.search(before))
    if _NAMED_BEFORE.search(before):
        return Tells.DEFINITION
    narrower = not bracketed and _is_narrower(before)
    if not hangs and _SAYS_WHAT.match(after):
        return Tells.IN_PASSING if narrower else Tells.DEFINITION
    if bracketed or (_SAYS_IN_PASSING.match(after) and not narrower):
        return Tells.IN_PASSING
    if not hangs and _CLAUSE_START.search(before) and _VERB_FOLLOWS.match(after):
        return Tells.MENTION
    return Tells.NOTHING


def _is_narrower(before: str) -> bool:
    """Whether the word before makes a narrower thing of it: "regulatory" before "T cells"."""
    word = re.search(r"([^\W\d_]{3,})[ -]$", before)
    if word is None or re.search(r"(?:ed|ing|s|ly)$", word[1]):
        return False
    return word[1].lower() not in FUNCTION_WORDS
