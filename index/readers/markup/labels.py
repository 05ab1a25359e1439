"""What headings, titles and types of publication say an article is: a review, a retracted article, a correction."""

from __future__ import annotations

import re

SERVERS = frozenset(
    {
        "arxiv",
        "biorxiv",
        "medrxiv",
        "chemrxiv",
        "psyarxiv",
        "research square",
        "preprints.org",
        "ssrn electronic journal",
    }
)
"""Names of "journals" that publish preprints only, in lower case."""

_REVIEW = re.compile(
    r"(?:(?:invited|short|brief|mini|narrative|systematic|scoping|rapid|integrative|umbrella|literature|critical|"
    r"clinical|state[- ]of[- ]the[- ]art|comprehensive|focused|in-depth|meta-analys[ie]s and|evidence)[- ]?)*"
    r"(?:reviews?|review articles?|review papers?|reviews? and meta-analys[ie]s|overview articles?)"
    r"(?: and meta-analys[ie]s)?",
    re.IGNORECASE,
)
_HEADINGS = (
    (re.compile(r"retracted(?: (?:publication|article|paper))?", re.IGNORECASE), "retracted"),
    (re.compile(r"(?:partial )?retraction(?: (?:notice|note|of publication))?s?", re.IGNORECASE), "retraction"),
    (
        re.compile(
            r"(?:(?:author|publisher)(?:['’]s)? )?(?:corrections?|corrigend(?:um|a)|errat(?:um|a)|published erratum)"
            r"(?: to .*)?",
            re.IGNORECASE,
        ),
        "correction",
    ),
    (re.compile(r"expressions? of concern", re.IGNORECASE), "expression of concern"),
    (re.compile(r"pre-?prints?", re.IGNORECASE), "preprint"),
    (_REVIEW, "review"),
)
_TITLES = (
    (re.compile(r"\W*(?:retracted|withdrawn)(?: (?:article|paper|chapter))?\s*[:\])]", re.IGNORECASE), "retracted"),
    (
        re.compile(r"\W*(?:partial )?retraction(?: (?:note|notice))?(?: (?:to|of|for))?\s*[:\])]", re.IGNORECASE),
        "retraction",
    ),
    (
        re.compile(
            r"\W*(?:(?:author|publisher)(?:['’]s)? )?(?:correction|corrigendum|erratum)(?: (?:to|for))?\s*[:\])]",
            re.IGNORECASE,
        ),
        "correction",
    ),
    (re.compile(r"\W*expression of concern\s*[:\])]", re.IGNORECASE), "expression of concern"),
)


def heading_label(words: str) -> str:
    """The label that a heading ("Review Article") or a type of publication stands for, or ""."""
    tidy = " ".join(words.split()).strip(" .:")
    return next((label for form, label in _HEADINGS if form.fullmatch(tidy)), "")


def title_label(title: str) -> str:
    """The label that a title begins with ("Retracted: ..."), or ""."""
    return next((label for form, label in _TITLES if form.match(title)), "")
