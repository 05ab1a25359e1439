"""The author list at the start of a printed reference, as family names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.wordlists import words

# Of the Latin, Greek and Cyrillic alphabets.
_CAPITALS = "".join(c for c in map(chr, (*range(0x41, 0x530), *range(0x1E00, 0x1F00))) if c.isupper())
CAPITAL = f"[{_CAPITALS}]"
_APOSTROPHE = "['’ʼ‘`´′]"
_DASH = "[-‐‑–]"
_PARTICLE = (
    rf"(?:(?:[Vv]an|[Vv]on|[Dd]e|[Dd]er|[Dd]en|[Dd]el|[Dd]ella|[Dd]i|[Dd]a|[Dd]os?|[Dd]as|[Dd]u|[Ll]a|[Ll]e|[Ll]os|[Ee]l"
    rf"|[Aa]l|[Bb]in|[Bb]int|[Ii]bn|[Tt]en?|[Tt]er|[Zz]u[rm]?|af|av|{_APOSTROPHE}t|St\.?|y|e)\s+)"
)
# "Smith", "O'Brien", "d'Arcy", "al-Jabri", "Müller-Lüdenscheidt", "McDonald".
_NAME = (
    rf"(?:[dDlL]{_APOSTROPHE}|(?:[Aa][ln]|[Ee]l|de|den|van|von|la|le){_DASH})?{CAPITAL}{_APOSTROPHE}?[^\W\d_]+"
    rf"(?:{_APOSTROPHE}[^\W\d_]+|{_DASH}(?:[^\W\d_]{{1,4}}{_DASH})?[^\W\d_]+)*"
)
FAMILY = rf"{_PARTICLE}{{0,3}}{_NAME}(?:\s+{_PARTICLE}{{0,2}}{_NAME}){{0,3}}"
_JUNIOR = r"(?:,?\s*(?:Jr|Sr|[Jj]unior|II|III|IV|2nd|3rd|4th)\b\.?)?"
_DOTTED = rf"(?:(?:{CAPITAL}|Th|Ch|Ph|Yu|Ju|Sh|Zh)\.\s?{_DASH}?\s?(?:(?:de|da|von)\s(?={CAPITAL}\.))?){{1,5}}"
_BARE = rf"{CAPITAL}[‐‑{_CAPITALS}-]{{0,4}}(?:\s{CAPITAL}{{1,2}}\b){{0,3}}"
# What follows an author: the next one, or the end of the list.
_NEXT = r"(?=\s*(?:[,;:.&(\[]|$|(?:and|und|et|y|with|for|on behalf)\b|…|\d{4}))"

_FORMS = {
    "Smith JA": rf"(?P<family>{FAMILY})\s+{_BARE}(?![^\W\d_]){_JUNIOR}{_NEXT}",
    "Smith J.A.": rf"(?P<family>{FAMILY})\s+{_DOTTED}{_JUNIOR}(?<=[\s.])",
    "Smith, J.A.": rf"(?P<family>{FAMILY}){_JUNIOR},\s*{_DOTTED}(?:(?:d[aeo]s?|van|von|der)\b\s?)?{_JUNIOR}(?<=[\s.])",
    "Smith, JA": rf"(?P<family>{FAMILY}){_JUNIOR},\s*{_BARE}(?![^\W\d_]){_JUNIOR}{_NEXT}",
    "J.A. Smith": rf"{_DOTTED}(?P<family>{FAMILY}){_JUNIOR}(?![^\W\d_]){_NEXT}",
    "JA Smith": rf"{_BARE}\s(?P<family>{FAMILY}){_JUNIOR}(?![^\W\d_]){_NEXT}",
}
_ANY = {form: re.compile(pattern) for form, pattern in _FORMS.items()}
_GIVEN = rf"{CAPITAL}[^\W\d_]+(?:{_DASH}[^\W\d_]+)*(?:\s{CAPITAL}(?:\.|\b))*"
_FULL = re.compile(rf"{_GIVEN}\s(?P<family>{_PARTICLE}{{0,3}}{_NAME}){_JUNIOR}(?![^\W\d_])(?=\s*(?:[,;.(]|and\b|&))")
_FULL_FIRST = re.compile(rf"(?P<family>{FAMILY}),\s{_GIVEN}(?![^\W\d_])(?=\s*(?:[,;.(]|and\b|&))")
# "J. Am. Chem. Soc. 132": a journal, which begins as an author does.
_JOURNAL = re.compile(r"(?:[A-Z][A-Za-z]{0,9}\.,?\s?){2,8}(?:[A-Z]\s)?\(?\d")
# The last of several, where the full stop after it is missing: "Doe J, Roe KL Counting cells".
_LAST = re.compile(rf"(?P<family>{_NAME})\s{CAPITAL}{{1,3}}(?=\s{CAPITAL}[a-z]{{2,}})")
_SEPARATOR = re.compile(r"\s*(?:[,;]\s*(?:and|und|et|y|&)\s+|[,;]\s*|\s(?:and|und|et|y)\s+|&\s*)(?=\S)")
_ELLIPSIS = re.compile(r"\s*[,;]?\s*(?:…|\. ?\. ?\.)\s*[,&]?\s*(?:and\s)?")
_OTHERS = re.compile(
    r"\s*[,;]?\s*(?:(?:and|&|und|et)\s+)?(?:et\.? al(?:ii)?\b\.?|u\. ?a\.|others\b\.?|colleagues\b|co-?workers\b)", re.I
)
_KINDS = (
    r"(?:Group|Investigators?|Network|Collaborat\w+|Consortium|Committee|Team|Society|Association|Initiative|Study|Trial"
    r"|Organi[sz]ation|Council|Foundation|Program(?:me)?|Panel|Commission|Authors|Researchers|Members|Coalition)\b"
    r"(?:\s\([^)]*\))?(?=\s*[.:;(]|$)"
)
# "..., for the investigators of the ARDS Group.", "...; ARDS Network.": without a "for", all of it is capitalised.
_BODY = re.compile(
    rf"\s*[,;]?\s*(?:for|on behalf of)\s[^.:;]{{1,120}}?\b{_KINDS}"
    rf"|\s*[,;]\s*(?:(?:and|&)\s)?(?:the\s)?(?:(?:[A-Z][\w'’&/-]*|of|for|the|and|on|in|to),?\s){{0,14}}?{_KINDS}"
)
_ROLE = re.compile(r"\s*[,;]?\s*\(?(?:[Ee]ds?|[Ee]ditors?|[Hh]rsg|[Cc]omps?)\b\.?\)?[.,:]?")
CORPORATE = words(
    """
    organization organisation group investigators network collaboration collaborative collaborators consortium
    committee society association institute institutes ministry department centers centre center centres agency
    council commission foundation administration bureau federation initiative college academy office nations bank
    university panel programme program team union trust board government secretariat authority service services
    """
)
_CORPORATE = re.compile(
    rf"(?P<name>(?:[Tt]he\s)?{CAPITAL}[^.:;?!()\d]{{1,140}}?)(?:\s\([A-Z]{{2,10}}\))?(?=\s*[.:;]\s|\.?\s*\(|,?\s\d{{4}}\b)"
)
_ACRONYM = re.compile(r"(?P<name>[A-Z]{2,10}(?:/[A-Z]{2,10})?)(?=\.\s|:\s|\s\((?:19|20)\d\d)")


@dataclass(frozen=True, slots=True)
class Authors:
    """The family names found, where the list ends, and how it writes a name."""

    names: tuple[str, ...] = ()
    end: int = 0
    form: str = ""


def author_list(words_: str) -> Authors:
    """The author list that `words_` begin with."""
    best = Authors()
    for form, pattern in _ANY.items():
        found = _read(words_, pattern, form)
        if found.end > best.end:
            best = found
    full = _full_names(words_)
    if full.end > best.end:
        best = full
    return best if best.names else _corporate(words_)


def _read(words_: str, pattern: re.Pattern[str], form: str) -> Authors:
    names: list[str] = []
    at = 0
    while match := pattern.match(words_, at):
        names.append(" ".join(match.group("family").split()))
        at = match.end()
        if others := _OTHERS.match(words_, at):
            return Authors(tuple(names), others.end(), form)
        gap = _ELLIPSIS.match(words_, at) or _SEPARATOR.match(words_, at)
        if gap is None or not pattern.match(words_, gap.end()) or _JOURNAL.match(words_, gap.end()):
            last = _LAST.match(words_, gap.end()) if gap and form == "Smith JA" else None
            if last:
                names.append(last.group("family"))
                at = last.end()
            break
        at = gap.end()
    if names:
        at = _tail(words_, at)
    return Authors(tuple(names), at, form)


def _tail(words_: str, at: int) -> int:
    """Past what closes a list: a group's name, "(Eds.)"."""
    for pattern in (_ROLE, _BODY):
        if (match := pattern.match(words_, at)) and match.end() > at:
            at = match.end()
    if others := _OTHERS.match(words_, at):
        at = others.end()
    return at


def _full_names(words_: str) -> Authors:
    """Given names written out, as Chicago, MLA and ACM have them: only before a year or a quoted title."""
    names: list[str] = []
    at = 0
    first = _FULL_FIRST.match(words_)
    if first:
        names, at = [" ".join(first.group("family").split())], first.end()
    while True:
        start = at
        if names:
            gap = _SEPARATOR.match(words_, at)
            if gap is None:
                break
            start = gap.end()
        match = _FULL.match(words_, start)
        if match is None:
            break
        names.append(" ".join(match.group("family").split()))
        at = match.end()
    if others := _OTHERS.match(words_, at):
        at = others.end()
    if names and re.match(r"[.,]?\s*(?:\(?(?:1[6-9]|20)\d\d|[\"“])", words_[at : at + 12]):
        return Authors(tuple(names), at, "John Smith")
    return Authors()


def _corporate(words_: str) -> Authors:
    match = _CORPORATE.match(words_) or _ACRONYM.match(words_)
    if match is None:
        return Authors()
    name = " ".join(match.group("name").split())
    tokens = {token.strip(",'’").lower() for token in name.split()}
    dated = re.match(r"\s*\((?:19|20)\d\d[a-z]?\b", words_[match.end() :])
    capitalised = all(token[0].isupper() or len(token) < 4 for token in name.split())
    if (
        len(name.split()) <= 14
        and name.count(",") < 2
        and ((tokens & CORPORATE) or (dated and capitalised and len(name.split()) <= 6))
    ):
        return Authors((name,), match.end(), "corporate")
    acronym = _ACRONYM.match(words_)
    return (
        Authors((acronym.group("name"),), acronym.end(), "corporate")
        if acronym and len(name) == len(acronym.group("name"))
        else Authors()
    )
