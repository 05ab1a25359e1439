"""Whether a block shows by its own words that it belongs to a site: label, counter, footer or appeal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.furniture_words import FILLER, LABELS, LISTINGS, OPENINGS, PHRASES, SCHOLARLY, SITE_WORDS, STRONG, WEAK
from index.heading_words import AUTHOR_MATTER, plain

_GLUED = re.compile(r"(?<=[a-z)])(?=[A-Z])|(?<=PDF)(?=PDF)")
_WORD = re.compile(r"[^\W_](?:[\w'’.-]*[^\W_])?|[^\s\w]")
_PHRASE = re.compile("|".join(rf"\b{re.escape(phrase)}\b" for phrase in PHRASES))
_COUNTED = "citations?|accesses|altmetric|views?|downloads?|shares?|comments?|readers?|likes?|captures?|mentions?|reads"
_COUNTER = re.compile(
    rf"(?:[\d.,]+[km]?\+? (?:total |article )?(?:{_COUNTED})|(?:cited by|{_COUNTED})[: ]*\(?[\d.,]+[km]?\+?\)?)"
    r"|(?:[$€£¥] ?\d[\d.,]*|\d[\d.,]* ?[$€£¥])(?: / \w+)?|pdf ?\([\d.,]+ ?[km]b\)",
    re.IGNORECASE,
)
# A site's footer. An article's own copyright line ("© 2020 The Authors") is author matter.
LEGAL = re.compile(r"(?:copyright )?(?:©|\(c\)|copyright (?=\d{4}))", re.IGNORECASE)
_OWN_COPYRIGHT = re.compile(
    r"author|et al|licen[sc]e|published by|on behalf of|creative commons|CC[- ]BY|open access", re.IGNORECASE
)
BANNERS = re.compile(
    r"an official website of|official websites? use \.gov|secure \.gov websites|the \.gov means|the site is secure"
    r"|here.s how you know|javascript (?:is|must be) (?:disabled|enabled|required)|enable javascript"
    r"|all rights reserved|scientific documents at your fingertips|this is a preview of subscription content"
    r"|price includes vat",
    re.IGNORECASE,
)
_FIRST_WORDS = frozenset(term.split()[0] for term in AUTHOR_MATTER)
_VOCABULARY = STRONG | WEAK | FILLER
_STARTS = _VOCABULARY | {phrase.split()[0] for phrase in PHRASES}
_INVITING = frozenset({"share", "follow", "tweet", "send", "email", "join", "visit"})
_DANGLING = ("from", "by", "on", "via", "with", "in", "to")
LONGEST_LABEL = 12  # words
LONGEST_APPEAL = 180  # words and punctuation marks


def is_furniture(own: str) -> bool:
    """Whether a block is furniture wherever it stands."""
    if own.lower().strip(" .:|>»›!?") in LABELS or plain(own) in LISTINGS:
        return True
    if len(own) < 60 and _COUNTER.fullmatch(own):
        return True
    if LEGAL.match(own) and len(own) < 400:
        return not _OWN_COPYRIGHT.search(own)
    if len(own) < 300 and BANNERS.search(own):
        return True
    return _is_label(own) or _is_appeal(own)


def statement_label(own: str) -> str:
    """The author-matter label that a block opens with, or ""."""
    head = own.replace("’", "'")[:60]
    if ":" in head and (before_colon := plain(head.split(":", 1)[0])) in AUTHOR_MATTER:
        return before_colon
    tokens = head.split()
    if not tokens or tokens[0].lower().strip(".:*_") not in _FIRST_WORDS:
        return ""
    for size in range(min(7, len(tokens)), 0, -1):
        name = plain(" ".join(tokens[:size]))
        if name in AUTHOR_MATTER and (size == len(tokens) or not tokens[size][0].islower()):
            return name
    return ""


def interface_tokens(own: str) -> list[str]:
    """The words of a label, those that links have run together taken apart."""
    # Links lose the space between them on the way to plain text: "PDFPDF", "ArticlePubMedGoogle Scholar".
    spaced = own
    if _GLUED.search(own):
        spaced = " ".join(word if word.lower() in _VOCABULARY else _GLUED.sub(" ", word) for word in own.split())
    spaced = _PHRASE.sub(lambda match: PHRASES[match.group()], spaced.lower().replace("’", "'"))
    return _WORD.findall(spaced)


def _starts_as_label(own: str) -> bool:
    """Whether the first word is an interface's; of most blocks it is not, and that is cheap to see."""
    first = own.split(None, 1)[0] if own else ""
    return first.lower().strip("+|»«:·") in _STARTS or not first.isalpha() or _GLUED.search(first) is not None


def interface_weight(tokens: Sequence[str]) -> int | None:
    """How much of an interface's vocabulary a label holds; None where a word is not of it."""
    total = 0
    for token in tokens:
        if token in STRONG:
            total += 2
        elif token in WEAK:
            total += 1
        elif token not in FILLER and not (token.isdigit() or (len(token) == 1 and not token.isalnum())):
            return None
    return total


def _is_label(own: str) -> bool:
    if len(own) >= 120 or not _starts_as_label(own):
        return False
    tokens = interface_tokens(own)
    letters = [token for token in tokens if token[0].isalpha()]
    if not 2 <= len(letters) <= LONGEST_LABEL:
        return False
    weight = interface_weight(tokens)
    if weight is None or weight == 0:
        return False
    if "this" in letters:
        weight += 1  # "this article", "this page": it points at the page it stands on
    if letters[0] in _INVITING and len(letters) > 2:
        weight += 1  # "Share on Twitter", but not "email alerts"
    if letters[-1] in _DANGLING:
        weight += 2  # "Statistics from": half a phrase, the logo it led to is gone
    return weight >= 3 or any(token in STRONG for token in letters)


def _is_appeal(own: str) -> bool:
    """A sentence to the visitor: it opens as one, speaks of the site, and not as scholars write."""
    # Long blocks arrive cut at 700 characters: those are no appeals.
    if len(own) >= 690 or not own.lower().replace("’", "'").startswith(OPENINGS):
        return False
    tokens = interface_tokens(own)
    if not 3 <= len(tokens) <= LONGEST_APPEAL:
        return False
    seen = set(tokens)
    score = 2 + min(len(seen & SITE_WORDS), 5) + (1 if "please" in seen else 0)
    if seen & {"you", "your", "you're", "us"}:
        score += 2
    if seen & STRONG:
        score += 1
    if "this" in seen and seen & {"site", "website", "page", "article", "content"}:
        score += 1
    return score - 2 * len(seen & SCHOLARLY) >= 6
