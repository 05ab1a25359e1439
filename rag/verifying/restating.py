"""A sentence in another order that says the same: what it begins with at its end, a passive as an active.

Verification goes by the order of words, so it also looks at the orders in which the same could have been said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from rag.verifying.clauses import is_verb, joins
from rag.verifying.words import words_of

_LEADING = re.compile(
    r"""(?P<lead>(?:in|on|at|during|after|before|although|though|because|when|while|since|within|following|from|for
      |by|as\ of|among|between|over|under|through(?:out)?|with|compared\ (?:with|to)|due\ to|despite)
      \ [^,;:()]{3,150}),\ (?P<rest>[^;:]{10,}?)(?P<end>[.!?]*)\s*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_PASSIVE = re.compile(
    r"""(?:[A-Z]\w+,\ )?(?P<object>[^,;:()]{3,120}?)
      \ (?:is|are|was|were|(?:has|have|had)\ been|(?P<modal>can|may|might|could|will|would)\ (?:also\ )?be)
      \ (?P<how>(?:\w+ly|also)\ )?
      (?P<verb>\w+(?:ed|en|wn|de|ought|aught|elt|ept|ent|uilt|ound))\ by\ (?P<agent>[^,;:()]{3,80}?)
      (?P<rest>\ (?:\w+ing|to|in|on|at|with|from|for|during|after|before|within|between|among|over|through|as|while
      |when)\ .*)?
      (?P<end>[.!?]*)\s*\Z""",
    re.VERBOSE,
)
_IS_ONE_THAT = re.compile(
    r"(?P<subject>[^,;:]{3,120}?) (?:is|are|was|were) "
    r"(?:(?!of|for|in|with|to|by|from|on|as|that|which)[^,;:\s]+(?:, | )){1,8}?"
    r"(?:that|which) (?P<does>.+)",
    re.DOTALL,
)
_DENIES = re.compile(r"\b(?:no|not|none|neither|never|nor|hardly|rarely|few)\b", re.IGNORECASE)
_MORE_THAN_ONE = re.compile(r"\b(?:and|or|but|that|which|who|whose|by)\b|\d", re.IGNORECASE)  # thing that acts
_LESS = re.compile(r"(?:in|un|im|partial|part|rare|hard|bare|scarce|near)", re.IGNORECASE)  # "insufficiently"
_SECOND = re.compile(r";|,\s(?:and|or|but|while|whereas|although|however|though)\b", re.IGNORECASE)
_ONE_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?!\s+[^\sa-z])[^.!?]*)*[.!?]*\s*\Z")


def restated(claim: str, quote: str) -> Iterator[tuple[str, str]]:
    """A sentence and its quote as they are, then each in the other orders in which the same could have been said.

    A passive is turned only where the other one is active: side by side the two have one order and say two things.
    Of several sentences none is restated.
    """
    claims, quotes = _orders(claim), [*_orders(quote), *_told_of_the_subject(quote)]
    yield from product(claims, quotes)
    claims_turned = [active for one in claims if (active := _active(one))]
    quotes_turned = [active for one in quotes if (active := _active(one))]
    if claims_turned and not quotes_turned:
        yield from product(claims_turned, quotes)
    if quotes_turned and not claims_turned:
        yield from product(claims, quotes_turned)


def _orders(text: str) -> list[str]:
    moved = _moved(text) if _ONE_SENTENCE.match(text) else ""
    return [text, moved] if moved else [text]


def _told_of_the_subject(sentence: str) -> list[str]:
    """ "NDV is an RNA virus that causes disease" -> "NDV causes disease"."""
    match = _IS_ONE_THAT.match(sentence) if _ONE_SENTENCE.match(sentence) else None
    if match is None or _DENIES.search(match["subject"]) or not is_verb(words_of(match["does"])[0]):
        return []
    subject = words_of(match["subject"])
    if all(word.is_function for word in subject) or any(is_verb(word) for word in subject):
        return []
    return [f"{match['subject']} {match['does']}"]


def _is_of_two(text: str) -> bool:
    """Whether "and", "or", "but" stands after a comma or between two verbs: two statements, and what is said of one of
    them is not said of the other."""
    words = words_of(text)
    acting = [at for at, word in enumerate(words) if is_verb(word)]
    joining = [at for at, word in enumerate(words) if joins(word)]
    return bool(_SECOND.search(text)) or any(acting and acting[0] < at < acting[-1] for at in joining)


def _moved(sentence: str) -> str:
    """ "In mice, it grew." -> "It grew in mice."; "" where nothing stands before a comma that could."""
    match = _LEADING.match(sentence)
    if match is None or _is_of_two(match["rest"]):
        return ""
    lead, rest = match["lead"], match["rest"]
    return f"{rest} {lead[0].lower()}{lead[1:]}{match['end']}"


def _active(sentence: str) -> str:
    """ "Growth is slowed by the drug in mice." -> "The drug slowed growth in mice."; "" for what is no such passive."""
    if not _ONE_SENTENCE.match(sentence):
        return ""
    second = _SECOND.search(sentence)
    sentence, tail = (sentence[: second.start()], sentence[second.start() :]) if second else (sentence, "")
    match = _PASSIVE.match(sentence)
    if match is None or _is_of_two(sentence) or any(is_verb(word) for word in words_of(match["object"])):
        return ""
    if _DENIES.search(match["object"]) or _DENIES.search(match["agent"]) or _MORE_THAN_ONE.search(match["agent"]):
        return ""
    if re.search(r"\bby\b", match["rest"] or "") or _LESS.match(match["how"] or ""):
        return ""
    verb = f"{match['modal'] or ''} {match['how'] or ''}{match['verb']}".strip()
    return f"{match['agent']} {verb} {match['object']}{match['rest'] or ''}{match['end']}{tail}"
