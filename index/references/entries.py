"""What one printed entry of a reference list says: label, authors, year, title, DOI.

The entry's order is author list, then year or title, then the container (a journal with its volume), whatever the
style; so the authors are read from the front, the container is found by its numbers, and the title lies between.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from index.citations import DOI, clean_doi
from index.references.authors import CAPITAL, Authors, author_list


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields of one entry; what cannot be told stays empty. `authors` are family names, in order."""

    label: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    title: str = ""
    doi: str = ""


# "[23]", "(23)", "23.", "23)", "23", "[Mac22]", with the stars of annotated lists before or after.
_STARS = r"[•*∙●·]{0,2}\s?"
LABEL = re.compile(
    rf"\s*{_STARS}(?:\[\s?(?P<square>\d{{1,4}}|[A-Z][\w+'’-]{{0,9}}\d{{2,4}}[a-z]?)\s?\]\.?|\((?P<round>\d{{1,4}})\)"
    rf"|(?P<stop>\d{{1,4}})(?:\.(?!\d)|\))|(?P<bare>\d{{1,3}})(?=[\s•*]|[A-Z][a-z])(?!\s(?:{CAPITAL}{CAPITAL}?\b\s)?[a-z]))\s*{_STARS}\s*"
)
_YEAR = r"(?:1[6-9]|20)\d\d"
_LINKS = re.compile(
    r"\[?(?:\b(?:doi|DOI)(?:\.org)?\s*[:/]?\s*)?(?:https?://(?:dx\.)?doi\.org/)?\b10\.\d{4,9}/\s?[^\s\]]+\]?"
    r"|\bhttps?://\S+|\bwww\.\S+|\bPMC?ID:?\s*(?:PMC)?\d+;?|\bPubMed(?: PMID)?:?\s*\d+"
    r"|\[?\b(?:Google Scholar|CrossRef|Cross Ref|PubMed(?: Central)?|Web of Science|Scopus|Medline|ISI|PMC free article"
    r"|Free full text|Full Text|View Article|CAS)\b\]?(?:\s?\(PDF\))?"
)
_VISITED = re.compile(
    r"[\[(;,.\s]{0,4}\b(?:(?:last |date )?accessed|retrieved|cited|zugegriffen|consulté|abgerufen|last visited)\b"
    rf"(?: on)?:?[^;\])]{{0,30}}?{_YEAR}(?:[ -]\w{{2,9}}(?:[ -]\d{{1,2}})?)?[\])]?",
    re.IGNORECASE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter)"
_DATED = re.compile(
    rf"[\s.,:]*(?:\((?P<round>{_YEAR})[a-z]?(?:[,/–-][^()]{{1,30}})?\)|(?P<bare>{_YEAR})[a-z]?(?=[.,:;]\s|\)\s)"
    rf"|(?<![.,:])(?P<spaced>(?<=\s){_YEAR})[a-z]?(?=\s{CAPITAL}))[.,:;]*\s*"
)
_STOPPED_YEAR = re.compile(rf"[.:]?\s*({_YEAR})[a-z]?\s(?={CAPITAL})")
_OTHER_YEAR = re.compile(rf"(?<![\d–-]){_YEAR}(?![\d–-])")
_ANGLED = re.compile(r"<\d+::AID-[A-Z]+\d+>\d\.\d\.[A-Z]{2};2-[A-Z\d]")
# Authors that could not be read as such are no title.
_PEOPLE = re.compile(
    rf"(?:(?:^|,\s?)(?:{CAPITAL}\.[\s-]?){{1,3}}[^\W\d_][\w’'-]+(?=[,.:])){{2}}"
    rf"|(?:(?:^|,\s){CAPITAL}[\w’'-]+\s{CAPITAL}{{1,3}}(?=[,.:])){{3}}"
)
_UNDATED = re.compile(
    r"[\s.,]*\((?:n\.\s?d\.|in press|forthcoming|submitted|o\.\s?J\.)[^)]{0,20}\)[.,:]*\s*", re.IGNORECASE
)
_CLOSING_YEAR = re.compile(rf"[\s,;(]+({_YEAR})[a-z]?[).\s]*$")
_SERVER = re.compile(r"[.?!]\s+(?:medRxiv|bioRxiv|arXiv|ChemRxiv|PsyArXiv|SSRN|Research Square|Preprints)\b.*$")
_QUOTED = re.compile(
    r"[\s.,:]*(?:\"(?P<a>[^\"]{5,500})\"|[“„”](?P<b>[^”“]{5,500})[”“]|‘(?P<c>[^’]{15,500})[’,]\s|'(?P<e>.{15,400}?)'[,.]\s|«\s?(?P<d>[^»]{5,500})»)"
)
_PAGES = r"[a-zA-Z]{0,3}\d+[a-zA-Z]?"
# A container's numbers: where the volume, the pages or the date after a journal's name stand.
_ISSUE = r"(?:\([^()]{1,25}\))"
# Set in italics, a journal's name may have lost the space after it: "Zoo Biol.24, 3–9".
_GAP = r"(?:[.,]?\s|(?<=[a-z]{4})\.?(?=\d))"
_NUMBERS = re.compile(
    # "2020 Mar 3;12"
    rf"{_GAP}\(?(?P<a>{_YEAR})\)?(?:[\s.,]\s?{_MONTH}[a-z]*\.?(?:[-–/ ][A-Za-z0-9]+){{0,4}})?\s?[;:]\s?[(\w]"
    rf"|{_GAP}\(?(?P<b>{_YEAR})\)?,\s?(?:vol\.?\s)?[A-Z]?\d+"  # "2020, 12"
    rf"|{_GAP}\(?(?P<h>{_YEAR})\)?\s\d+\s?{_ISSUE}?[:,]\s?\w"  # "2020 12:34"
    # "12 (2020)", "12, no. 3 (2020)"
    rf"|{_GAP}(?:vol\.?\s?)?[A-Z]?\d{{1,4}}\s?(?:{_ISSUE}|,\sno\.\s\w+)?,?\s?\((?P<c>{_YEAR})[^()]{{0,12}}\)"
    # "12(3):34–56", "12, 34–56 (2020)"
    rf"|{_GAP}[A-Z]?\d{{1,4}}\s?{_ISSUE}?\s?[,:]\s?(?:pp?\.\s?|art\.?\s)?{_PAGES}(?:\s?[-–]\s?\w+)?"
    rf"[,\s]*\(?(?P<d>{_YEAR})?\b"
    rf"|,\s[vV]ol\.|\s\(\d{{1,4}}\):|,?\s\d{{1,4}}\(\d[^()]{{0,20}}\)"
)
# What holds the work: a book after "In:", a medium in brackets, a publisher after a semicolon.
_IN = re.compile(
    r"[.?!]\s+(?:In:|[Ii]n)\s(?=[A-Z“\"])|[\"”,]?\s[Ii]n:\.?\s|,[\"”]?\sin\s(?=[A-Z][^.]{3,150}?,?\s\(?[Ee]ds?\b)"
    r"|\s\[(?:Internet|[Mm]onograph|[Oo]nline|[Ee]lectronic|dissertation|[Tt]hesis|[Pp]reprint)"
    r"|;\s(?=[A-Z][\w&. -]{1,40}:\s[A-Z])"
)
_STOP = re.compile(
    r"(?<!\bvs)(?<!\bsp)(?<!\bspp)(?<!\bno)(?<!\bSt)[.?!][\"”’»)\]]?\s+"
    rf"(?=[\"“(\[]?(?:{CAPITAL}|\d|[a-z][A-Z]|medRxiv|bioRxiv|arXiv|eLife|npj\b|mBio))|(?<=[a-z]{{4}})[.?](?={CAPITAL}[a-z])"
)
# "Lancet", "N Engl J Med", "J. Am. Chem. Soc.": an entry without a title goes from the authors to the journal.
_JOURNAL_ALONE = r"(?:[A-Z][A-Za-z]{0,12}\s?){1,6}[.,]?|(?:[A-Z][A-Za-z]{0,9}\.,?\s?){2,8}"
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z]{0,10}(?:[ -](?:[A-Z][A-Za-z]{0,10}|of|the|and|&|[a-z]{1,3}))?\.?")


def parse_entry(words: str) -> Entry:
    """The fields of one printed entry, in any of the usual styles."""
    plain = " ".join(unicodedata.normalize("NFC", words[:4000]).replace("\u00ad", "").split())
    label, at = split_label(plain)
    doi = _doi(plain)
    body = _VISITED.sub(" ", _LINKS.sub(" ", plain[at:]))
    body = " ".join(body.split()).strip(" ;")
    authors = author_list(body)
    rest = body[authors.end :]
    year, rest = _early_year(rest)
    title, numbers_year, outside = _title(rest, authors, dated=year is not None)
    if year is None:
        year = numbers_year or _only_year(outside)
    return Entry(label, authors.names, year, title, doi)


def split_label(words: str) -> tuple[str, int]:
    """The label that an entry begins with, and where its words begin."""
    match = LABEL.match(words)
    if match is None or match.end() >= len(words):
        return "", 0
    return next(group for group in match.group("square", "round", "stop", "bare") if group), match.end()


def _doi(words: str) -> str:
    # Broken at the line's end, after the slash or before the article's number.
    joined = re.sub(r"(10\.\d{4,9}/) (?=\S)", r"\1", words)
    joined = re.sub(r"(10\.\d{4,9}/\S+[.-]) (?=\d[\d.-]{2,11}$)", r"\1", joined)
    found: dict[str, str] = {}
    for match in DOI.finditer(joined):
        # The oldest DOIs of some publishers hold angle brackets.
        rest = _ANGLED.match(joined, match.end())
        one = match.group() + rest.group() if rest else clean_doi(match.group())
        found.setdefault(one.lower(), one)
    return next(iter(found.values())) if len(found) == 1 else ""


def _early_year(rest: str) -> tuple[int | None, str]:
    """A year that stands right after the authors."""
    if undated := _UNDATED.match(rest):
        return None, rest[undated.end() :]
    match = _DATED.match(rest)
    if match is None:
        # "Doe J. 2010 Counting cells": a title may begin so, but then the year is somewhere else.
        stopped = _STOPPED_YEAR.match(rest)
        if stopped is None or _OTHER_YEAR.search(rest, stopped.end()):
            return None, rest
        return int(stopped.group(1)), rest[stopped.end() :]
    if match.group("bare") and re.match(r"\d+\s?[(:]", rest[match.end() :]):
        return None, rest  # the year of a journal's issue: there is no title
    return int(match.group("round") or match.group("bare") or match.group("spaced")), rest[match.end() :]


def _only_year(words: str) -> int | None:
    found = set(re.findall(rf"(?<![\d/.–-])({_YEAR})[a-z]?(?![\d/–-])", words))
    if len(found) == 1:
        return int(found.pop())
    closing = re.search(rf"[\s,;(]({_YEAR})[a-z]?\)?[.;]?$", words.strip())
    return int(closing.group(1)) if closing else None


def _title(rest: str, authors: Authors, dated: bool) -> tuple[str, int | None, str]:
    """The title, the year among the container's numbers, and the words outside the title."""
    commas = rest.lstrip().startswith(",") and authors.form in {"J.A. Smith", "JA Smith"}
    rest = rest.lstrip(" .,:;)")
    if quoted := _QUOTED.match(rest):
        inner = next(group for group in quoted.groups() if group)
        numbers = _numbers(rest, quoted.end())
        return _cleaned(inner), _year_of(numbers), rest[quoted.end() :]
    numbers = _numbers(rest, 0)
    container = _IN.search(rest)
    limit = min([match.start() for match in (numbers, container) if match], default=len(rest))
    if numbers is None and (bare := _NUMBERS.search(rest)) and re.fullmatch(_JOURNAL_ALONE, rest[: bare.start()]):
        return "", _year_of(bare), rest
    if container and container.start() == limit:
        end = limit + (rest[limit] in "?!")
    elif numbers:
        end = 0 if re.fullmatch(_JOURNAL_ALONE, rest[:limit]) else _before_journal(rest[:limit], commas, dated)
    else:
        end = _first_sentence(rest, commas)
    title = _cleaned(_SERVER.sub("", rest[:end]))
    if not _is_title(title) or not (authors.names or dated or numbers):
        return "", _year_of(numbers), rest
    return title, _year_of(numbers), rest[end:]


def _first_sentence(rest: str, commas: bool) -> int:
    """Where the title ends that no journal's numbers follow."""
    if stop := _STOP.search(rest):
        return stop.start() + 1
    if commas and "," in rest:
        return rest.index(",")
    if closing := _CLOSING_YEAR.search(rest):
        return closing.start()
    return len(rest) if rest.endswith((".", "?", "!")) else 0


def _numbers(rest: str, start: int) -> re.Match[str] | None:
    """The numbers of the journal: the first that follow the end of a sentence or a comma."""
    for match in _NUMBERS.finditer(rest, start):
        before = rest[start : match.start()]
        if start or (len(before) > 12 and re.search(r"[.?!,]\s", before)):
            return match
    return None


def _year_of(numbers: re.Match[str] | None) -> int | None:
    found = next((group for group in numbers.groups() if group), None) if numbers else None
    return int(found) if found else None


def _before_journal(head: str, commas: bool, dated: bool) -> int:
    """Where the title ends that is followed by a journal's name, which ends `head`."""
    stops = [match for match in _STOP.finditer(head) if match.end() < len(head)]
    if not stops and not commas and not dated:
        return 0
    if commas or not stops:
        # "A. Smith, Title, J. Biol. Chem. 12 (2020)": commas part everything.
        found = [match.start() for match in re.finditer(r"[,?]\s(?=[A-Z])", head)]
        return found[-1] + (head[found[-1]] == "?") if found else 0
    starts = [0, *(match.end() for match in stops)]
    ends = [*(match.start() + 1 for match in stops), len(head)]
    last = len(starts) - 1
    # "J. Biol. Chem.": a journal's name with full stops goes back over all its short words.
    while last > 1 and _ABBREVIATION.fullmatch(head[starts[last - 1] : ends[last - 1]].strip()):
        last -= 1
    return ends[last - 1]


def _cleaned(words: str) -> str:
    title = words.strip(" ,;:\"“”„«»'‘").strip()
    title = re.sub(r"\s\[(?:Internet|[Oo]nline)\]?$", "", title)
    if title.startswith("[") and title.rstrip(".").endswith("]"):
        title = title.rstrip(".")[1:-1]
    return title.rstrip(".,; ") if not title.endswith("...") else title


def _is_title(title: str) -> bool:
    return 2 <= len(title) <= 600 and any(c.isalpha() for c in title) and not _PEOPLE.search(title)
