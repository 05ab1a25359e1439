"""What sort of publication a document says it is: retracted, correction, preprint, review.

Only what it states of itself counts: in its title, in the line above or below that names the kind of article, in a
banner or a stamp. A text about retractions or peer review states nothing of the sort of itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.documents import Block, Span
from index.furniture_signs import is_furniture

LABELS = ("retracted", "correction", "preprint", "review")
TOP = 30  # blocks among which a banner stands

_KIND = r"(?i:article|paper|chapter|publication|manuscript|review)"
_RETRACTED_TITLE = re.compile(
    rf"\W{{0,3}}(?:RETRACTED|Retracted)(?:\s{_KIND})?(?:\s?[:.\]–—|]|\s-\s)|RETRACTED ARTICLE\s"
)
_RETRACTED_LINE = re.compile(
    rf"\W{{0,3}}(?:RETRACTED|Retracted)(?:\s{_KIND})?\W{{0,3}}$"
    rf"|\W{{0,3}}(?i:(?:notice|retraction(?: notice| note)?)\b:?\s)?[Tt]his {_KIND} "
    r"(?:(?:has been|is(?: being)?) retracted\b|was retracted (?:at|by|on|from)\b)"
    r"|\W{0,3}[Tt]he (?:[Pp]ublisher|[Ee]ditors?|[Ee]ditor-in-[Cc]hief|[Aa]uthors?|[Jj]ournal)[^.]{0,80}"
    rf"\bha(?:s|ve) retracted this {_KIND}\b"
)
_CORRECTION = r"(?:(?:author|publisher|editorial|publisher's)\s)?(?:correction|erratum|errata|corrigendum|corrigenda)"
_CORRECTION_TITLE = re.compile(
    rf"\W{{0,3}}{_CORRECTION}(?:\sto\b|\s-\s|\s?[:.–—]|\s?$|\sfor\b[^:]{{3,200}}\bet al\b|\s[“\"])", re.IGNORECASE
)
_CORRECTION_LINE = re.compile(rf"\W{{0,3}}{_CORRECTION}\W{{0,3}}", re.IGNORECASE)
_PREPRINT = re.compile(
    r"\bthis (?:(?:article|paper|manuscript|work|study|document|version) )?is an? (?:[\w-]+ )?preprint\b"
    r"|\bthis preprint (?:has not|is not|was not)\b|\bcopyright holder for this preprint\b"
    r"|\b(?:bio|med)Rxiv preprint (?:first posted|doi\b|this version posted)|\bpreprint submitted to\b"
    r"|^arXiv:\d{4}\.\d{4,5}(?:v\d+)?\s+\[[a-z-]|^arXiv:[a-z-]+(?:\.[A-Z]{2})?/\d{7}v\d"
    r"|^\W{0,3}preprints? \(?(?:www\.preprints\.org|not peer[- ]reviewed)"
    r"|^preprints? (?:posted|are preliminary (?:reports|and have not))|^\W{0,3}preprint\W{0,3}$",
    re.IGNORECASE,
)
_SORTS = (
    r"(?:systematic|scoping|narrative|literature|umbrella|rapid|critical|integrative|mini|invited|topical|clinical|brief"
    r"|state[- ]of[- ]the[- ]art|comprehensive|realist|living|evidence|expert|focused|focussed|historical|qualitative"
    r"|methodological|quantitative|Cochrane|short|concise|updated?|contemporary|conceptual|bibliometric|scientific)"
)
_START = r"(?:^|[:?.–—-]\s?|\s)"
_OF_CASES = r"(?!\s(?:of\s)?(?:the\s)?(?:\d|records?|charts?|cases\b|patients\b|board|committee))"
_REVIEW_TITLE = re.compile(
    # "...: a systematic review and meta-analysis", "A review of ...", "Review: ...", "...: review of the evidence"
    rf"{_START}(?:an?|the|our)\s(?:[\w-]+[,\s]\s?(?:and\s)?){{0,3}}?(?:mini[- ]?)?review\b{_OF_CASES}"
    rf"|{_START}{_SORTS}[- ](?:and\s{_SORTS}\s)?(?:literature\s)?review\b"
    r"|\breview of (?:the |current |recent |published |available )?(?:[\w-]+ )?"
    r"(?:literature|evidence|studies|trials|guidelines)\b"
    rf"|^review(?: article)?:|(?:^|[:?.–—]\s)(?:an? )?review (?:of|on|and)\b{_OF_CASES}"
    r"|[:?.–—]\s?(?:an? )?(?:mini[- ]?)?review\W*$|\breview article\b|\boverview of (?:systematic )?reviews\b",
    re.IGNORECASE,
)
_NO_REVIEW = re.compile(
    r"\bprotocol\b|\bpeer[- ]review|\b(?:chart|case[- ]?note|record|retrospective|medical|case|audit|utili[sz]ation"
    r"|board|ethics|medication|drug|performance|structured)[- ](?:based )?review\b|\breviewers?\b|\bretrospective\b"
    r"|\bcase (?:report|series)\b|\bcomments? on\b|\breply\b|\bresponse to\b|\brandomi[sz]ed (?:\w+ )?trial of\b",
    re.IGNORECASE,
)
_REVIEW_LINE = re.compile(
    r"(?:open access\W{1,4})?(?:(?:article|publication|document) type\W{1,3})?"
    rf"(?:{_SORTS}[- ](?:(?:and\s)?{_SORTS}[- ])?)?"
    r"(?:review(?: article| paper| and meta[- ]analysis)?|mini[- ]?reviews?|review articles)(?:\W{1,4}open access)?",
    re.IGNORECASE,
)
_ACCESS = frozenset({"open access", "free access", "full text"})


def title_labels(title: str) -> tuple[str, ...]:
    """The labels that a title alone states, in the order of LABELS."""
    name = " ".join(title.split())
    found = set()
    if _RETRACTED_TITLE.match(name):
        found.add("retracted")
    if _CORRECTION_TITLE.match(name):
        found.add("correction")
    elif _REVIEW_TITLE.search(name) and not _NO_REVIEW.search(name):
        found.add("review")
    return tuple(label for label in LABELS if label in found)


def labels(text: str, blocks: Sequence[Block], title: str = "") -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """The labels that a document states of itself, in the order of LABELS, and the spans that state them.

    Args:
        text: The document's text.
        blocks: Its blocks, in order.
        title: Its title, or "".
    """
    found: dict[str, Span | None] = {}
    own = _title_span(text, title)
    found.update((label, own) for label in title_labels(title))
    near = _near_title(blocks, own)
    for i, block in enumerate(blocks[:TOP]):
        words = " ".join(text[block.start : min(block.end, block.start + 1200)].split())
        at = Span(block.start, block.end)
        if own is not None and own.start <= block.start and block.end <= own.end:
            continue
        if _RETRACTED_LINE.match(words[:300]):
            found.setdefault("retracted", at)
        if _PREPRINT.search(words[:600]):
            found.setdefault("preprint", at)
        if i in near and len(words) < 60 and not _in_menu(text, blocks, i, own):
            if _REVIEW_LINE.fullmatch(words):
                found.setdefault("review", at)
            elif _CORRECTION_LINE.fullmatch(words):
                found.setdefault("correction", at)
    return tuple(label for label in LABELS if label in found), tuple(
        dict.fromkeys(span for label in LABELS if (span := found.get(label)) is not None)
    )


def _title_span(text: str, title: str) -> Span | None:
    if not title.split():
        return None
    match = re.search(r"\s+".join(map(re.escape, title.split()[:60])), text[:40_000])
    return Span(match.start(), match.end()) if match else None


def _near_title(blocks: Sequence[Block], own: Span | None) -> range:
    """The blocks among which the kind of article is named: beside the title, or first of all."""
    at = next((i for i, block in enumerate(blocks) if own and block.start <= own.start < block.end), 0)
    return range(max(0, at - 4), at + 4)


def _in_menu(text: str, blocks: Sequence[Block], at: int, own: Span | None) -> bool:
    """Whether the lines around are a site's: "Home", "Review", "About us"."""
    for i in (at - 1, at + 1):
        if 0 <= i < len(blocks):
            words = " ".join(text[blocks[i].start : min(blocks[i].end, blocks[i].start + 200)].split())
            beside_title = own is not None and blocks[i].start <= own.start < blocks[i].end
            if not beside_title and words.lower() not in _ACCESS and is_furniture(words):
                return True
    return False
