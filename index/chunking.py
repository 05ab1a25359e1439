"""Document -> sentences and passages.

A passage is a run of whole sentences; neighbours share one sentence. Neither furniture nor the bullet of a list
item is in a sentence, and a passage does not run across furniture, so that a passage's text is what a reader of
the article would read on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.blocks import marker_end
from index.documents import Document, Span
from index.sentences import sentence_spans

CHUNKING_VERSION = 2
"""Raised when the same document and settings would give other sentences or passages."""

_ABBREVIATION = re.compile(r"\b(?:al|refs?|figs?|e\.g|i\.e|cf|vs|nos?)$", re.IGNORECASE)

TokenCounter = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences `first` to `last` (inclusive, indices into the chunk's sentences) of one document."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Chunks:
    """A document cut up: its sentences in order, and the passages over them."""

    sentences: tuple[Span, ...]
    passages: tuple[Passage, ...]


def chunk(document: Document, count_tokens: TokenCounter, passage_tokens: int, overlap: int, max_tokens: int) -> Chunks:
    """Cut a document into sentences and passages.

    Args:
        document: The document; its text is never altered.
        count_tokens: Model tokens of each of several texts.
        passage_tokens: The size a passage is filled to. One sentence longer than this is a passage alone.
        overlap: Sentences shared by neighbouring passages.
        max_tokens: The longest sentence; a longer one (a table, a list without full stops) is cut at white space.
    """
    text = document.text
    sentences: list[Span] = []
    runs: list[tuple[int, int]] = []  # sentence indices [first, end) that no furniture parts
    shifted = _stops_after_mentions(document)
    for part in _citable(document):
        first = len(sentences)
        for block in part:
            for span in sentence_spans(shifted, block.start, block.end):
                sentences.extend(_bounded(text, span, count_tokens, max_tokens))
        if len(sentences) > first:
            runs.append((first, len(sentences)))
    counts = count_tokens([span.of(text) for span in sentences]) if sentences else []
    passages = [passage for run in runs for passage in _passages(run, counts, passage_tokens, overlap)]
    return Chunks(tuple(sentences), tuple(passages))


def _stops_after_mentions(document: Document) -> str:
    """The text with full stops moved behind the reference marks that follow them, for the splitter: it is as long.

    "... in disease.23 In addition" has no sentence end that a splitter knows, and in "... in disease. [23] In addition"
    the mark would go to the wrong sentence.
    """
    text = document.text
    pieces: list[str] = []
    done = 0
    for first, last in _runs_of_mentions(document):
        stop = first
        while stop > done and text[stop - 1] == " ":
            stop -= 1
        stop -= 1
        # "Smith et al. (2020) showed ..." opens the next sentence.
        if stop < done or text[first].isalpha() or _ABBREVIATION.search(text, max(0, stop - 8), stop):
            continue
        if text[stop] not in ".?!" or not (last == len(text) or text[last].isspace()):
            continue
        pieces += [text[done:stop], text[stop + 1 : last], text[stop]]
        done = last
    return "".join([*pieces, text[done:]])


def _runs_of_mentions(document: Document) -> list[tuple[int, int]]:
    """Where mentions stand, neighbours such as "[3], [5]" as one."""
    runs: list[tuple[int, int]] = []
    for mention in document.mentions:
        if runs and not document.text[runs[-1][1] : mention.start].strip(" ,;–-"):
            runs[-1] = (runs[-1][0], mention.end)
        else:
            runs.append((mention.start, mention.end))
    return runs


def _citable(document: Document) -> list[list[Span]]:
    """The blocks that may be cited, in runs that furniture or asides interrupt."""
    text = document.text
    barred = sorted([*document.furniture, *document.asides], key=lambda span: span.start)
    runs: list[list[Span]] = [[]]
    at = 0
    for block in document.blocks:
        while at < len(barred) and barred[at].end <= block.start:
            at += 1
        if at < len(barred) and barred[at].start < block.end:
            if runs[-1]:
                runs.append([])
        else:
            words = text[block.start : block.end]
            marker = marker_end(words) if block.kind == "item" else 0  # a bullet or number is no part of a quote
            runs[-1].append(Span(block.start + marker, block.end))
    return [run for run in runs if run]


def _bounded(text: str, span: Span, count_tokens: TokenCounter, limit: int) -> list[Span]:
    """The span itself, or pieces of it of at most `limit` tokens, cut at white space where there is any."""
    # A token has a byte at least (a Korean character is up to three tokens), so short spans need no counting.
    words = span.of(text)
    if len(words) == 1 or len(words.encode()) <= limit or count_tokens([words])[0] <= limit:
        return [span]
    middle = (span.start + span.end) // 2
    cut = next((at for at in range(middle, span.end - 1) if text[at].isspace()), middle)
    halves = [_trimmed(text, Span(span.start, cut)), _trimmed(text, Span(cut, span.end))]
    return [piece for half in halves if half.start < half.end for piece in _bounded(text, half, count_tokens, limit)]


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _passages(run: tuple[int, int], counts: Sequence[int], size: int, overlap: int) -> list[Passage]:
    first, end = run
    passages: list[Passage] = []
    while first < end:
        last, total = first, counts[first]
        while last + 1 < end and total + counts[last + 1] <= size:
            last += 1
            total += counts[last]
        passages.append(Passage(first, last))
        if last + 1 >= end:
            break
        first = max(last + 1 - overlap, first + 1)  # always forward, also past one very long sentence
    return passages
