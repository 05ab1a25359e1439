"""Numbers that point to a numbered reference list: "[23]", "(1, 4-7)", superscripts.

The same signs mean other things as well, so which of the styles a document cites in is judged from all of it: the
style whose numbers name most of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from index.documents import Mention, Reference, Span

_DASH = "[-‐‑‒–—−]"
_ITEM = rf"\d{{1,4}}(?:\s?{_DASH}\s?\d{{1,4}})?\s?[•*∙●]{{0,2}}"
_LIST = rf"{_ITEM}(?:\s?(?:[,;]|\band\b|&)\s?{_ITEM}){{0,60}}"
_LEAD = (
    r"(?:(?:(?:as )?reviewed (?:in|by)|(?:for review,? )?see(?: also)?|e\.\s?g\.,?|cf\.|refs?\.?|references?)[:,]?\s)?"
)
_TAIL = r"(?:,\s(?:pp?\.|[Cc]hap(?:ter|\.)|[Tt]able|[Ff]ig)[^\])]{0,20})?"
_BRACKETS = re.compile(
    rf"\[(?P<from>\d{{1,4}})\]\s?{_DASH}\s?\[(?P<to>\d{{1,4}})\]|\[\s?{_LEAD}(?P<list>{_LIST}){_TAIL}\s?\]",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(rf"\(\s?{_LEAD}(?P<list>{_LIST}){_TAIL}\s?\)", re.IGNORECASE)
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED_LIST = re.compile(rf"[{_RAISED}](?:[{_RAISED}⁻˒’,–-]{{0,40}}[{_RAISED}])?")
_LOWER = str.maketrans(_RAISED + "⁻˒", "0123456789-,")
_JOINT = re.compile(r"[,;–-]?|, ")
_WHOLE_LIST = re.compile(_LIST)
_RANGE = re.compile(rf"(\d{{1,4}})(?:\s?{_DASH}\s?(\d{{1,4}}))?")

# What stands before numbers that are an interval, a place in a formula, or the number of a figure.
_INTERVAL = re.compile(
    r"(?:[=<>≤≥±≈~+×/^]|\b(?:CI|IQR|range|median|mean|interval|quartiles?|SD)\b[^.;]{0,14})\s?$", re.IGNORECASE
)
_VALUE = re.compile(r"(?<![\w.,-])(?!(?:1[89]|20)\d\d\s)\d+(?:[.,·]\d+)*\s?(?:%|([^\W\d_]{1,7}))?\s?$")
_BOUNDS = re.compile(rf"(\d{{1,4}})(\s?{_DASH}\s?|,\s?)\d{{1,4}}")
_NUMBERED = re.compile(
    r"\b(?:equations?|eqs?\.?|fig(?:ures?|\.)|tables?|steps?|items?|no\.|formula|n)\s?$", re.IGNORECASE
)
_ENUMERATED = re.compile(r"(?:[:;,.?!(–—]|\b(?:and|or|by|to|are|is|as|namely|both|either)|^|\n)\s*$", re.IGNORECASE)
_UNIT = re.compile(
    r"(?:(?<![^\W\d_])(?:[cmkdµμn]?m|kg/m|s|min|h|hr|[dmµμn]?[lL]|mol|R|r|χ|chi|X|x|[IiTtQFfnNpP]|η|ω|year|yr|inch|ft)|\d)$"
)


def numbered(
    text: str, references: Sequence[Reference], superscripts: Sequence[Span]
) -> tuple[list[Mention], list[Mention], list[Mention]]:
    """The candidates of each style: in brackets, in parentheses, raised."""
    labels = _labels(references)
    if not labels:
        return [], [], []
    return (
        list(_in_brackets(text, labels)),
        list(_in_parentheses(text, labels)),
        sorted(_raised(text, labels, superscripts), key=lambda mention: mention.start),
    )


def chosen(styles: Sequence[Sequence[Mention]], references: Sequence[Reference]) -> list[Mention]:
    """The mentions of the style that the document cites in, or none."""
    labelled = sum(reference.label.isdigit() for reference in references)
    total = labelled or len(references)
    shares = [len({number for mention in style for number in mention.references}) / max(total, 1) for style in styles]
    # Brackets mean little else; a number in parentheses may count, and a raised one be a power.
    needed = [0.1 if labelled else 0.5, 0.5, 0.3 if labelled else 0.5]
    best = max(range(len(shares)), key=lambda i: shares[i] / needed[i])
    return list(styles[best]) if shares[best] >= needed[best] else []


def _labels(references: Sequence[Reference]) -> dict[int, int]:
    """Which reference each number names: by its label, or by its place where the list prints no labels."""
    found: dict[int, int] = {}
    doubled: set[int] = set()
    for at, reference in enumerate(references):
        if reference.label.isdigit():
            number = int(reference.label)
            if number in found:
                doubled.add(number)
            found[number] = at
    if not found and not any(reference.label for reference in references):
        return {at + 1: at for at in range(len(references))}
    return {number: at for number, at in found.items() if number not in doubled}


def _named(words: str, labels: Mapping[int, int]) -> tuple[int, ...]:
    """The references that a list of numbers names, or none where any of it is no label."""
    found: dict[int, None] = {}
    for match in _RANGE.finditer(words):
        first, last = int(match.group(1)), int(match.group(2) or match.group(1))
        if last < first:  # "101-3"
            last = int(match.group(1)[: -len(match.group(2))] + match.group(2))
        if first not in labels or last not in labels or last < first or (match.group(2) and last == first):
            return ()
        found.update((labels[number], None) for number in range(first, last + 1) if number in labels)
    return tuple(found)


def _in_brackets(text: str, labels: Mapping[int, int]) -> Iterator[Mention]:
    latest = 0
    for match in _BRACKETS.finditer(text):
        words = match.group("list") or f"{match.group('from')}-{match.group('to')}"
        before = text[max(0, match.start() - 40) : match.start()]
        after = text[match.end() : match.end() + 2]
        # "[1,4]benzodiazepine", "3-[2]": places in a molecule; "t[1]": a part of a vector.
        if after[:1].isalnum() or re.match(r"[-‐][A-Za-z]", after) or re.search(r"[-‐]$|(?<![\w'’])[^\W_]$", before):
            continue
        numbers = sorted(int(number) for number in re.findall(r"\d+", words))
        if _is_interval(before, words, latest):
            continue
        if named := _named(words, labels):
            latest = max(latest, numbers[-1])
            yield Mention(match.start(), match.end(), named)


def _is_interval(before: str, words: str, latest: int) -> bool:
    """Whether numbers are more likely bounds than labels; `latest` is the highest label named so far."""
    if before.rstrip()[-1:] in {*"=<>≤≥±^"}:
        return True
    bounds = _BOUNDS.fullmatch(words.strip())
    if bounds is None:
        return False
    # After a value, only numbers that are next in turn are labels: "ranges from 16% to 53% [3-6]".
    after_value = _VALUE.search(before)
    measured = after_value is not None and not (after_value.group(1) and bounds.group(2).startswith(","))
    return _INTERVAL.search(before) is not None or (measured and not latest < int(bounds.group(1)) <= latest + 3)


def _in_parentheses(text: str, labels: Mapping[int, int]) -> Iterator[Mention]:
    latest = 0
    for match in _PARENTHESES.finditer(text):
        words = match.group("list")
        before = text[max(0, match.start() - 40) : match.start()]
        after = text[match.end() : match.end() + 2]
        numbers = sorted(int(number) for number in re.findall(r"\d+", words))
        if (
            _NUMBERED.search(before)
            or after[:1].isalnum()
            or before[-1:].isdigit()
            or _is_interval(before, words, latest)
        ):
            continue
        if len(numbers) == 1 and (
            # "of 34 (17) men"; "(1) the first, (2) the second"
            (_VALUE.search(before) and numbers[0] != latest + 1)
            or (not before.endswith("al. ") and _ENUMERATED.search(before) and re.match(r"\s?[^\W\d_]", after))
        ):
            continue
        if named := _named(words, labels):
            latest = max(latest, numbers[-1])
            yield Mention(match.start(), match.end(), named)


def _raised(text: str, labels: Mapping[int, int], superscripts: Sequence[Span]) -> Iterator[Mention]:
    seen: set[int] = set()
    for span in _joined(text, superscripts):
        seen.update(range(span.start, span.end))
        words = span.of(text)
        lead = len(words) - len(words.lstrip(" [(,"))
        bare = words.strip(" [](),")
        if _WHOLE_LIST.fullmatch(bare) and (named := _raised_names(text, span, bare, labels)):
            yield Mention(span.start + lead, span.start + lead + len(bare), named)
    for match in _RAISED_LIST.finditer(text):
        span = Span(match.start(), match.end())
        if span.start in seen:
            continue
        if named := _raised_names(text, span, match.group().translate(_LOWER), labels):
            yield Mention(span.start, span.end, named)


def _raised_names(text: str, span: Span, words: str, labels: Mapping[int, int]) -> tuple[int, ...]:
    before = text[max(0, span.start - 12) : span.start]
    after = text[span.end : span.end + 1]
    if not before.strip() or before.rstrip(" ").endswith("\n") or after.isalnum():
        return ()  # "¹³¹I", or a footnote's or an affiliation's mark at a line's start
    if words.isdigit() and int(words) <= 6 and _UNIT.search(before):
        return ()
    if re.search(r"(?<![^\W\d_]-)(?<![^\W\d_\s])\b\d+$", before):
        return ()  # a power: "10⁵"
    return _named(words, labels)


def _joined(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbouring raised spans as one: "23", ",", "24"."""
    current: Span | None = None
    for span in sorted(spans, key=lambda span: span.start):
        if current is not None and _JOINT.fullmatch(text, current.end, span.start):
            current = Span(current.start, max(current.end, span.end))
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current
