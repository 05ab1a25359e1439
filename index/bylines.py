"""The names in a byline or an author list, with degrees and affiliation marks taken off."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.wordlists import words

PARTICLES = words(
    """
    van von der den de del della di da do dos du la le les el al bin bint ibn ter ten zu zur af av 't
    """
)
SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
DEGREES = words(
    """
    md phd mph msc ms ma ba bs bsc mbbs mbchb frcp frcpc mrcp drph dphil dsc scd dds dmd dvm pharmd rn mba facp faan
    frcs mpp mhs mhsc med edd jd llm do mbbch mb chb bch frcpath fracp mrcpch frcpch facc faha dpt cnp np pa rd ccrp
    mscr mha mmed mtropmed mdphd mmsc mstat mres bm bmbs professor prof dr habil
    """
)
# Words of institutions, topics and article types, which are capitalised but name nobody.
NOT_NAMES = words(
    """
    university department hospital institute institut centre center college school faculty division laboratory
    clinic journal research review article open access health medicine medical science sciences disease diseases
    therapy treatment abstract introduction background methods results discussion keywords correspondence received
    accepted published study trial trials report case analysis the of in and for from with on to by at an a new
    original editorial letter special issue volume copyright license usa uk china germany france italy japan canada
    india network group consortium collaboration committee association society foundation inc ltd gmbh press
    publishing team unit
    """
)

_MARKS = re.compile(r"[\d*†‡§¶#‖∥¹²³⁰-⁹✉✝ⓘ⁺]+|(?<=[a-zà-ÿ])[*†‡]|\[\w\]|\((?:\d|\w{1,3})\)|\{at\}")
_SEPARATOR = re.compile(r"\s*(?:[,，]?\s+(?:and|&|und|et|y)\s+|[,，]\s*&\s*|[,，、;；])\s*")
_INITIALS = re.compile(r"(?:[A-Z]\.?[ -]?){1,4}(?<=\S)")
_WORD = re.compile(r"(?:[^\W\d_]|[A-Z][^\W\d_]*['’ʼ‘-])[^\W\d_]*(?:[-‐‑'’.][^\W\d_]+)*\.?")
_APA = re.compile(
    r"\s*(?:,\s*)?(?:&|and\s)?\s*(?:\.\.\.|…)?\s*"
    r"(?P<name>(?:[^\W\d_][\w'’.-]*[ ]){0,4}[^\W\d_][\w'’-]*,\s(?:[A-Z]\.[ -]?){1,5}(?:, (?:Jr|Sr)\.)?)"
)


def is_name(name: str) -> bool:
    """Whether `name` is shaped like a person's: capitalised words, particles and initials."""
    tokens = name.replace(",", " ").split()
    if not 1 <= len(tokens) <= 6 or len(name) > 60:
        return False
    if any(len(token.strip(".")) > 1 and token.lower().strip(".") in NOT_NAMES for token in tokens):
        return False
    proper = [t for t in tokens if t.lower() not in PARTICLES and t.lower() not in SUFFIXES]
    if not proper or not all(_WORD.fullmatch(t) or _INITIALS.fullmatch(t) for t in proper):
        return False
    return all(t[0].isupper() or not t[0].islower() for t in proper) and any(len(t.strip(".")) > 1 for t in proper)


def bare(name: str) -> str:
    """A name without marks, degrees and titles."""
    plain = " ".join(_MARKS.sub(" ", name).split())
    plain = re.sub(r"^(?:and|by|written by|dr\.?|prof\.?|professor)\s+|^&\s*", "", plain, flags=re.IGNORECASE)
    tokens = plain.strip(" ,;.:" if not re.search(r"\b[A-Z]\.$", plain) else " ,;:").split()
    while len(tokens) > 1 and _is_degree(tokens[-1]) and not (len(tokens) == 2 and len(tokens[-1]) < 3):
        tokens.pop()
    # Superscript letters without a gap ("Smith a,b") are left over as lone small letters.
    while len(tokens) > 1 and len(tokens[-1]) == 1 and tokens[-1].islower():
        tokens.pop()
    return " ".join(tokens).rstrip(",;")


def _is_degree(token: str) -> bool:
    word = re.sub(r"[^a-z]", "", token.lower())
    # Written as initials are ("MD", "PhD"), or with full stops.
    return (
        word in DEGREES and (not token.islower()) and (token[1:2].isupper() or token[-2:-1].isupper() or "." in token)
    )


def names(byline: str, is_word: Callable[[str], bool] = lambda word: False) -> tuple[str, ...]:
    """The people of a byline, or none where any part of it is not a name.

    `is_word` tells which words the document also uses in lower case: a "name" made of those is none.
    """
    if not byline.strip() or len(byline) > 6000 or re.search(r"\bet al\b", byline):
        return ()
    found = _family_first(byline)
    if not found:
        parts = (
            re.split(r"\s*[;；]\s*(?:(?:and|&)\s+)?", byline)
            if re.search("[;；]", byline)
            else _SEPARATOR.split(byline)
        )
        found = [name for name in map(bare, parts) if name and not _only_degrees(name)]
        if len(found) == 2 and ";" not in byline and all(" " not in name for name in found):
            found = [f"{found[0]}, {found[1]}"]  # "Song, Liting": one person, family name first
    for name in found:
        proper = [w for w in name.replace(",", " ").split() if len(w.strip(".")) > 1 and w.lower() not in PARTICLES]
        if not is_name(name) or name.count(",") > 1 or (proper and all(is_word(word) for word in proper)):
            return ()
        if " " not in name:
            return ()
    return tuple(found)


_GROUP = re.compile(
    r"\b(?:group|consortium|organi[sz]ation|committee|network|collaborat(?:ion|ive)|society|association|team"
    r"|investigators|agency|institutes?|foundation|initiative|council|ministry|department|commission|federation"
    r"|alliance|academy)\b",
    re.IGNORECASE,
)


def family_name(author: str) -> str:
    """The family name: "Blache" of "Blache, U.", "van der Berg" of "Jan van der Berg"; a group's whole name."""
    if _GROUP.search(author):
        return author.strip()
    head, _, rest = author.strip().partition(",")
    if rest and not all(_is_addition(token) for token in rest.replace(",", " ").split()):
        return head.strip()
    tokens = [token for token in head.split() if not _is_addition(token)] or head.split()
    if not tokens:
        return author.strip()
    # "Huang Z", "Fricke SA": initials at the end belong before the name.
    while (
        len(tokens) > 1 and tokens[-1].isupper() and len(tokens[-1].replace(".", "")) <= 3 and not tokens[0].isupper()
    ):
        if any(len(t.strip(".")) > 3 or not t.isupper() for t in tokens[:-1]) and "." not in tokens[-1]:
            tokens.pop()
            if len(tokens) == 1 or tokens[0].lower() in PARTICLES:
                return " ".join(tokens)
        else:
            break
    first = len(tokens) - 1
    while first > 0 and _is_particle(tokens[first - 1]) and (first > 1 or tokens[0].islower()):
        first -= 1
    return " ".join(tokens[first:])


def _is_particle(token: str) -> bool:
    # Capitalised, most particles are given names or initials as well.
    return token in PARTICLES or token in {"Van", "Von", "De", "Del", "Della", "Der"}


def _is_addition(token: str) -> bool:
    word = token.lower().strip(".,")
    return word in SUFFIXES or (word.replace(".", "") in DEGREES and token[1:2].isupper())


def _only_degrees(name: str) -> bool:
    return all(_is_degree(token) or token.lower() in SUFFIXES for token in name.split())


def _family_first(byline: str) -> list[str]:
    """The names of an APA list ("Blache, U., Tretbar, S., & Fricke, S."), where it is one throughout."""
    found: list[str] = []
    at = 0
    while match := _APA.match(byline, at):
        found.append(" ".join(match.group("name").split()))
        at = match.end()
    return found if found and not byline[at:].strip(" .,;") else []
