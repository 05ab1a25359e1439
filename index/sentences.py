"""Sentence offsets for scientific prose: nupunkt's boundaries, then a small repair layer.

Chosen with `benchmarks/sentence_splitters.py` (1,500 SciFact abstracts, 47 hard cases by hand, and
104 full texts; "wrong" and "missed" are suspect boundaries per 1,000 sentences of full text):

                         SciFact F1   hard cases   wrong   missed   sentences/s
    nupunkt 0.8.0            0.9855        35/47    1.71     0.05        23,000
      with the repair        0.9869        43/47    0.37     0.00        14,000
    sentencex 1.0.32         0.9866        35/47    6.58     6.21       225,000
      with the repair        0.9880        42/47    0.69     0.37        15,000
    pysbd 0.3.4              0.9839        36/47   10.08     0.16           650
      with the repair        0.9845        43/47    5.46     0.05           450

The three are level on abstracts. On full text nupunkt is wrong a quarter as often as the next and
hardly ever runs sentences together. It is pure Python without dependencies and loads in 25 ms.
The repair was tuned on these hard cases and on abstracts drawn like these, so its own gain on
them flatters it. Known to fail: "vitamin D. Supplements", "for 10 min. Cells" stay one sentence.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise

from index.documents import Span

# Raise this when a change here can move a boundary: it is part of what shaped an index.
WRAPPER_VERSION = 1
_LIBRARY = "nupunkt"

# The library is quadratic in runs without white space and in runs of line breaks, so it never sees
# more than this at once, nor any such run: see `_library_cuts` and `_BLOCK_BREAK`.
_WINDOW = 10_000
_LONG_RUN = re.compile(r"\S{192,}(?=\S{8})")

# A blank line ends a sentence, and so does a gap wider than any space between words.
_BLOCK_BREAK = re.compile(r"\n\s*\n|\s{100,}")

# Abbreviations that end no sentence: something always follows them.
_NEVER_FINAL = re.compile(
    r"e\.?g|i\.?e|cf|vs|viz|ca|approx|figs?|eqs?|refs?|tab|suppl|drs?|prof|mrs?|ms|st|mt"
).fullmatch
# Abbreviations that end no sentence where a number follows: "No. 5", "vol. 12", "et al. 2013".
_BEFORE_NUMBER = re.compile(r"nos?|vols?|pp?|ch|sec|ver|chap|art|al").fullmatch

_LAST_WORD = re.compile(r"(?:[^\W\d_]+\.){0,4}[^\W\d_]+(?=[.?!][\"'”’)\]]{0,3}\s*\Z)")
_LAST_INITIAL = re.compile(r"(?:\A|[\s(,;.-])[A-Z]\.\s*\Z")
_INITIAL = re.compile(r"[A-Z]\.")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})[.)]\s*\Z")
_STOP = re.compile(r"[.?!…]")
_WORDY = re.compile(r"\w")
_CITATION = re.compile(r"\[\d[\d,;–\s-]{0,40}\]")
# A word as prose writes it. "mRNA", "p53" and "pH" may open a sentence, and so prove nothing.
_LOWER_WORD = re.compile(r"[a-z]{2,}(?![\w-]*[A-Z0-9])|[a-z]\s?[=<>≤≥]")

# Openers so common that a stop before them ends a sentence, whatever stands before the stop:
# "hepatitis B. The", "given i.v. We". Also any capital after a long plain word, for the library takes
# "cancer." and "reports." for abbreviations, from the titles of journals.
_SURE_END = re.compile(
    r"(?:(?<=\w)[.?!][\"'”’)\]]{0,3}\s+(?=(?:The|This|These|Those|We|In|It|Our|There|Here|However|Although"
    r"|Moreover|Furthermore)\s[^\W\d_])"
    r"|(?<=[a-z]{5})[.?!][\"'”’)\]]{0,3}\s+(?=[A-Z]))"
)
# A reference mark printed above the line arrives glued to the stop: "influenza.1 While", "lupus.[3,4] The".
_GLUED_REFERENCE = re.compile(
    r"(?:(?<=[^\W\d_]{2})|(?<=[)\]%]))[.?!][\"'”’)]{0,3}"
    r"(?:\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,9}|\[\d[\d,;–\s-]{0,40}\]|[⁰¹²³⁴-⁹][⁰¹²³⁴-⁹⁻,–]{0,20})"
    r"\s+(?=[\"'“‘(]?[A-Z])"
)
_LIST_ITEM = re.compile(r"\n\s*(?=(?:[•▪◦●‣*–-]|\(?\d{1,2}[.)])\s+\S)")
_HEADING = re.compile(r"(?m)^[ \t]*((?=[A-Z0-9])[^\n]{0,80}[^\n.?!,;\s-])[ \t]*\n[ \t]*(?=([A-Z][^\n]*))")


def splitter_name() -> str:
    """The library, its version and this wrapper's: sentences differ only where this does."""
    return f"{_LIBRARY} {importlib.metadata.version(_LIBRARY)} + repair {WRAPPER_VERSION}"


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`, in order, as trimmed spans of `text`.

    Every character of the range that is not white space lies in exactly one span. Nothing outside
    the range is looked at.
    """
    start = max(start, 0)
    end = len(text) if end is None else max(start, min(end, len(text)))
    spans = []
    for first, last in _blocks(text, start, end):
        block = text[first:last]
        cuts = [*repaired(block, _library_cuts(block)), len(block)]
        # Spans are made from cuts, so a wrong cut can part a sentence but never lose a character.
        for left, right in pairwise(cuts):
            piece = block[left:right]
            if words := piece.strip():
                begin = first + left + len(piece) - len(piece.lstrip())
                spans.append(Span(begin, begin + len(words)))
    return spans


def repaired(text: str, cuts: Iterable[int]) -> list[int]:
    """`cuts` (where sentences begin) with wrong ones left out and missed ones added; the first is 0.

    Serves any library's cuts, which lets libraries be compared with and without it.
    """
    sure = _missed_cuts(text)
    candidates = sorted({_after_citation(text, cut) for cut in cuts if 0 < cut < len(text)} | sure)
    kept, previous, has_word = [0], 0, False
    for cut, following in zip(candidates, [*candidates, len(text)][1:], strict=True):
        has_word = has_word or _WORDY.search(text, previous, cut) is not None
        previous = cut
        if has_word and _WORDY.search(text, cut, following) and (cut in sure or not _joins(text, kept[-1], cut)):
            kept.append(cut)
            has_word = False
    return kept


def _joins(text: str, start: int, cut: int) -> bool:
    """Whether what follows `cut` continues the sentence begun at `start`."""
    before, after = text[max(start, cut - 60) : cut], text[cut : cut + 60]
    glued = not before[-1].isspace()
    if after[0] in ",;:)]}%" or _LOWER_WORD.match(after):
        return True
    if glued and not (after[0].isupper() and after[1:2].islower()):  # "H2A.Z", "Fig.2"; not "effect.The"
        return True
    if citation := _CITATION.match(after):  # a mark alone is the end of the sentence before it
        return not _WORDY.search(text, cut + citation.end())
    if cut - start < 12 and _ENUMERATOR.match(before):
        return True
    if _LAST_INITIAL.search(before) and _INITIAL.match(after):
        return True
    word = _last_word(before)
    return bool(_NEVER_FINAL(word) or (_BEFORE_NUMBER(word) and after[0].isdigit()))


def _missed_cuts(text: str) -> set[int]:
    """Boundaries sure enough to add where the library sees none."""
    cuts = {match.end() for match in _LIST_ITEM.finditer(text)}
    for pattern in (_SURE_END, _GLUED_REFERENCE):
        for match in pattern.finditer(text):
            word = _last_word(text[max(0, match.start() - 30) : match.start()] + ".")
            if not _NEVER_FINAL(word) and not (pattern is _GLUED_REFERENCE and _BEFORE_NUMBER(word)):
                cuts.add(match.end())
    # A heading has a line to itself, far shorter than the next. Lines of wrapped prose are alike.
    cuts.update(m.end() for m in _HEADING.finditer(text) if 2 * len(m[1]) < len(m[2]))
    return cuts


def _last_word(before: str) -> str:
    """The word before the closing stop, in lower case: "e.g" of "e.g.", "fig" of "results.Fig."."""
    match = _LAST_WORD.search(before[-40:])
    if match is None:
        return ""
    if len(match[0]) > 1 and match[0].isupper():  # "MR." ends as any acronym may; "Mr." does not
        return ""
    word = match[0].lower()
    # The word before may be glued on, where a caption follows without a space.
    return word.rpartition(".")[2] if len(word) > len("b.i.d.") else word


def _after_citation(text: str, cut: int) -> int:
    """`cut`, moved past a citation that belongs before it: "was rare. [1,2] Infections"."""
    match = _CITATION.match(text, cut)
    if match is None or text[cut - 1] != " ":
        return cut
    rest = text[match.end() : match.end() + 2]
    return match.end() + 1 if rest[:1] == " " and rest[1:].isupper() else cut


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of the range that no sentence crosses."""
    for match in _BLOCK_BREAK.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _library_cuts(block: str) -> Iterator[int]:
    """Where the library begins a sentence, whatever the length of the block."""
    if not (_STOP.search(block) and _WORDY.search(block)):
        return
    split = _load()
    # Same length, so the offsets stay. A run this long is a leader, an address or a gene, not prose.
    block = _LONG_RUN.sub(lambda run: "x" * len(run[0]), block)
    start = 0
    while start < len(block):
        edge = start + _WINDOW
        if edge < len(block):  # not inside a word, if one ends in the second half of the window
            space = block.rfind(" ", start + _WINDOW // 2, edge)
            edge = space if space > 0 else edge
        cuts = [start + cut for cut, _ in split(block[start:edge])]
        yield from cuts if start == 0 else cuts[1:]
        # The edge is no boundary: the sentence it falls in is looked at again, from its beginning.
        start = cuts[-1] if edge < len(block) and cuts and cuts[-1] > start + _WINDOW // 2 else edge


@cache
def _load() -> Callable[[str], list[tuple[int, int]]]:
    """The library's own splitter. Loaded at the first call: importing this module stays cheap."""
    import nupunkt

    return nupunkt.load("default").spans
