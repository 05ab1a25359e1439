"""Names with years that point to a reference list: "(Mackensen et al., 2022)", "Müller and Wang (2023a)", "[Mac22]".

A name and a year point to an entry only where exactly one fits. Of two entries "Smith 2020" none is named, unless the
letter after the year, the second author or an "et al." tells them apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from index.bylines import PARTICLES
from index.documents import Mention, Reference
from index.references.authors import CAPITAL, CORPORATE
from index.wordlists import words

_YEAR = re.compile(r"(?<![\w.-])((?:1[6-9]|20)\d\d)([a-z])?(?![\w-]|\.\d)")
_MORE = re.compile(
    r"\s*(?:[,;&]|,?\s?\band\b)\s*(?:((?:1[6-9]|20)\d\d)([a-z])?(?![\w-])|([a-z])(?=\s*(?:[,;)\]&]|and\b)))"
)
_WORD = rf"(?:[dDlL]['’]|[a-z]{{2,3}}-)?{CAPITAL}[\w'’‐-]*"
_PARTICLE = (
    r"(?:(?:[Vv]an|[Vv]on|[Dd]e|[Dd]er|[Dd]en|[Dd]el|[Dd]ella|[Dd]i|[Dd]a|[Dd]os|[Dd]u|[Ll]a|[Ll]e|ter|ten|af)\s)"
)
_NAME = rf"{_PARTICLE}{{0,3}}{_WORD}(?:\s(?:{_PARTICLE}|(?:of|for|the|and)\s){{0,2}}{_WORD}){{0,8}}"
_OTHERS = r",?\s(?P<others>et\s?\.?\s?al\b\.?|u\.\s?a\.|(?:and|&)\s(?:colleagues|co-?workers|others|associates))"
_NAMES = re.compile(
    rf"(?P<names>{_NAME}(?:(?:\s?,\s|\s?,?\s?(?:&|\b(?:and|und|et|y)\b)\s?){_NAME}){{0,6}}?)(?:{_OTHERS})?"
    r"(?P<gap>,?\s?)(?P<open>[(\[])?\s?$"
)
_AND = re.compile(r"\s?,?\s?(?:&|\b(?:and|und|et|y)\b)\s?|\s?,\s")
_LABELS = re.compile(r"\[(?:see |e\.g\.,? |cf\. )?([A-Z][\w+'’-]{2,14}(?:[,;]\s?[A-Z][\w+'’-]{2,14}){0,20})\]")
_MONTHS = words("january february march april may june july august september october november december")
_WINDOW = 160


def named(text: str, references: Sequence[Reference]) -> Iterator[Mention]:
    """The mentions by name and year, in order."""
    known = _known(references)
    if not known:
        return
    years = {year for _, year in known}
    at = 0
    for match in _YEAR.finditer(text):
        if match.start() < at or int(match.group(1)) not in years:
            continue
        start = max(at, match.start() - _WINDOW)
        found = _NAMES.search(_line(text[start : match.start()]))
        if found is None:
            continue
        mention = _resolved(text, references, known, found, start, match)
        if mention is not None:
            yield mention
            at = mention.end


def labelled(text: str, references: Sequence[Reference]) -> Iterator[Mention]:
    """Mentions by labels that are no numbers."""
    labels = {r.label: at for at, r in enumerate(references) if r.label and not r.label.isdigit()}
    if not labels:
        return
    for match in _LABELS.finditer(text):
        parts = re.split(r"[,;]\s?", match.group(1))
        if all(part in labels for part in parts):
            yield Mention(match.start(), match.end(), tuple(dict.fromkeys(labels[part] for part in parts)))


def _line(window: str) -> str:
    # A line's end within a name is a space; a paragraph's end parts.
    cut = max(window.rfind("\n\n"), window.rfind("\r\n\r\n"))
    blanked = window if cut < 0 else "\x00" * (cut + 1) + window[cut + 1 :]
    return blanked.replace("\n", " ").replace("\u00a0", " ")


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o").replace("Ø", "O")).casefold()
    return "".join(c for c in plain if c.isalpha())


def _forms(name: str) -> set[str]:
    """How a text may write a family name or a body's."""
    parts = name.split()
    forms = {_fold(name)}
    while len(parts) > 1 and parts[0].lower() in PARTICLES:
        parts = parts[1:]
        forms.add(_fold(" ".join(parts)))
    if len(parts) > 2 and {word.lower() for word in parts} & CORPORATE:
        forms.add("".join(word[0] for word in parts if word[0].isupper()).casefold())
        forms.add(_fold(name.removeprefix("The ").removeprefix("the ")))
    return forms


def _known(references: Sequence[Reference]) -> dict[tuple[str, int], list[int]]:
    known: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at, reference in enumerate(references):
        if reference.authors and reference.year is not None:
            for form in _forms(reference.authors[0]):
                known[form, reference.year].append(at)
    return known


def _resolved(
    text: str,
    references: Sequence[Reference],
    known: Mapping[tuple[str, int], Sequence[int]],
    found: re.Match[str],
    offset: int,
    year: re.Match[str],
) -> Mention | None:
    opened = found.group("open")
    for start, names in _readings(found.group("names")):
        at = offset + found.start("names") + start
        if not opened and not (found.group("others") or len(names) > 1) and not _enclosed(text, at):
            continue
        if not opened and not found.group("gap").startswith(",") and _fold(names[0]) in _MONTHS:
            continue
        several = found.group("others") is not None
        end, ones = _years(text, year)
        targets = [_target(text, references, known, names, several, *one) for one in ones]
        if targets[0] is None:
            continue
        if opened and not re.match(r"\s?(?:[,;:]|[)\]])", text[end : end + 2]):
            return None
        if opened and text[end : end + 1] in (")", "]"):
            end += 1
        elif not opened and text[at - 1 : at] in ("(", "[") and text[end : end + 1] in (")", "]"):
            at, end = at - 1, end + 1
        return Mention(at, end, tuple(dict.fromkeys(target for target in targets if target is not None)))
    return None


def _readings(words: str) -> Iterator[tuple[int, list[str]]]:
    """Where the names may begin ("In Europe, Smith and Doe"), and the names from there."""
    words = re.sub(r"['’]s?$", "", words)
    parts: list[tuple[int, str, str]] = []
    at, joint = 0, ""
    for match in _AND.finditer(words):
        parts.append((at, words[at : match.start()], joint))
        at, joint = match.end(), match.group()
    parts.append((at, words[at:], joint))
    for i, (start, first, joint) in enumerate(parts):
        if i and i == len(parts) - 1 and joint.strip() != ",":
            return  # the last of several alone is not the first author
        rest = [part for _, part, _ in parts[i + 1 :]]
        offset = 0
        while True:
            yield start + offset, [first[offset:], *rest]
            space = first.find(" ", offset)
            if space < 0:
                break
            offset = space + 1
    if len(parts) > 1:
        yield 0, [words]  # a body whose name has an "and" in it


def _enclosed(text: str, at: int) -> bool:
    """Whether a bracket is open at this place."""
    before = text[max(0, at - 400) : at]
    return max(before.rfind("("), before.rfind("[")) > max(before.rfind(")"), before.rfind("]"))


def _years(text: str, first: re.Match[str]) -> tuple[int, list[tuple[int, str]]]:
    """ "2019, 2020a, b": where it ends, and each."""
    ones = [(int(first.group(1)), first.group(2) or "")]
    end = first.end()
    while match := _MORE.match(text, end):
        if match.group(3) and not ones[-1][1]:
            break
        ones.append((int(match.group(1)), match.group(2) or "") if match.group(1) else (ones[-1][0], match.group(3)))
        end = match.end()
    return end, ones


def _target(
    text: str,
    references: Sequence[Reference],
    known: Mapping[tuple[str, int], Sequence[int]],
    names: Sequence[str],
    several: bool,
    year: int,
    letter: str,
) -> int | None:
    """The one entry that fits."""
    fits = list(known.get((_fold(names[0]), year), ()))
    if len(names) > 1:
        fits = [at for at in fits if _begins(references[at].authors, names)]
    if len(fits) > 1 and letter:
        fits = [at for at in fits if f"{year}{letter}" in text[references[at].start : references[at].end]]
    elif len(fits) > 1:
        count = len(names)
        exact = [
            at for at in fits if (len(references[at].authors) > 2 if several else len(references[at].authors) == count)
        ]
        fits = exact or fits
    return fits[0] if len(fits) == 1 else None


def _begins(authors: Sequence[str], names: Sequence[str]) -> bool:
    return len(authors) >= len(names) and all(
        _fold(name) in _forms(author) for name, author in zip(names[1:], authors[1:], strict=False)
    )
