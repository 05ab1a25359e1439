"""A PDF's paragraphs made into a Document: text, blocks, pages, layout, sections, references, bibliography."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import publication_types
from index.documents import Bibliography, Block, Document, Section, Span
from index.layout import pack
from index.readers.pdf.composing import Written
from index.readers.pdf.front import Front, front_matter
from index.readers.pdf.furniture import is_boilerplate, states_something
from index.readers.pdf.headings import levels
from index.readers.pdf.hyphens import Hyphens
from index.readers.pdf.joining import joined
from index.readers.pdf.lines import Segment, segments
from index.readers.pdf.paragraph import Line, Paragraph
from index.readers.pdf.pieces import Sheet
from index.readers.pdf.statement import is_stamp, stated_doi, stated_journal, stated_year
from index.references.lists import find_references
from index.references.mentions import mentions


def document(
    name: str, sheets: Sequence[Sheet], parts: Sequence[Paragraph], heads: Sequence[Sequence[Segment]], body: float
) -> Document:
    """The document.

    Args:
        name: The path relative to the seeds folder.
        sheets: The pages.
        parts: The paragraphs in reading order, page after page.
        heads: The running heads and page numbers of each page.
        body: The size of most of the type.
    """
    front = front_matter(parts, body)
    opening = _opening(sheets, heads)
    dropped = [part for part in parts if _is_dropped(part, front)]
    out = {id(part) for part in dropped}
    kept = _in_order([part for part in parts if id(part) not in out], front)
    whole = joined(kept, body)
    hyphens = Hyphens(line.words for part in parts for line in part.lines)
    written = Written()
    spans: dict[int, Span] = {}
    for part in [*opening, *whole]:
        span = written.add(part, hyphens)
        if span is not None:
            spans[id(part)] = span
    text = written.text
    matter = {id(part) for part in [*opening, *front.byline, *front.affiliations, *front.notes]}
    asides = [spans[key] for key in matter if key in spans]
    entries = [span for part in whole if part.nature == "reference" and (span := spans.get(id(part)))]
    references = find_references(text, entries)
    asides += entries
    bibliography = _bibliography(text, front, spans, opening, parts, heads, dropped, written.blocks)
    return Document(
        name=name,
        text=text,
        format="pdf",
        bibliography=bibliography,
        sections=_sections(text, whole, spans, front),
        pages=written.pages(sheets),
        asides=tuple(sorted(asides, key=lambda span: span.start)),
        references=references,
        mentions=mentions(text, references, asides, written.raised) if references else (),
        blocks=tuple(written.blocks),
        layout=pack(written.words),
    )


def _opening(sheets: Sequence[Sheet], heads: Sequence[Sequence[Segment]]) -> list[Paragraph]:
    """The heads of the first page that say where the article appeared: those are kept."""
    if not heads:
        return []
    found = [part for part in heads[0] if states_something(part.words)]
    found += [part for part in segments(sheets[0].side) if is_stamp(part.words)]
    return [Paragraph([_line(part, sheets[0].number)], "front") for part in found]


def _line(part: Segment, page: int) -> Line:
    return Line(
        [part], page, part.left, part.right, part.baseline, part.size, part.bold, part.italic, part.words,
        (part.left, part.right), 0, False,
    )  # fmt: skip


def _is_dropped(part: Paragraph, front: Front) -> bool:
    if part in front.title or part in front.byline:
        return False
    return part.nature == "scrap" or (part.nature != "reference" and is_boilerplate(part.words))


def _in_order(parts: Sequence[Paragraph], front: Front) -> list[Paragraph]:
    """The paragraphs, those of the title page named as such."""
    for part in front.title:
        part.nature = "heading"
    for part in [*front.byline, *front.affiliations, *front.notes]:
        part.nature = "front"
    return list(parts)


def _sections(text: str, whole: Sequence[Paragraph], spans: dict[int, Span], front: Front) -> tuple[Section, ...]:
    titles = {id(part) for part in front.title}
    headed = [part for part in whole if part.nature == "heading" and id(part) not in titles and id(part) in spans]
    found: list[Section] = []
    ranks = levels(headed)
    for i, (part, level) in enumerate(zip(headed, ranks, strict=True)):
        end = next((spans[id(headed[j])].start for j in range(i + 1, len(headed)) if ranks[j] <= level), len(text))
        span = spans[id(part)]
        found.append(Section(span.of(text).rstrip(" .:"), span.start, end))
    return tuple(found)


def _bibliography(
    text: str,
    front: Front,
    spans: dict[int, Span],
    opening: Sequence[Paragraph],
    parts: Sequence[Paragraph],
    heads: Sequence[Sequence[Segment]],
    dropped: Sequence[Paragraph],
    blocks: Sequence[Block],
) -> Bibliography:
    stated: dict[str, tuple[Span, ...]] = {}
    title_spans = tuple(spans[id(part)] for part in front.title if id(part) in spans)
    title = " ".join(span.of(text) for span in title_spans)
    if title:
        stated["title"] = title_spans
    if front.authors:
        stated["authors"] = tuple(spans[id(part)] for part in front.byline if id(part) in spans)
    first = [part.words for part in [*opening, *parts] if part.pages[0] == 1]
    last_page = max((part.pages[1] for part in parts), default=1)
    last = [part.words for part in parts if part.pages[1] >= last_page and part.nature != "reference"]
    running = [part.words for page in heads for part in page]
    head_first = [part.words for part in opening] + [part.words for page in heads[:1] for part in page]
    doi = stated_doi(first + head_first, running, last)
    short = [words for words in first if len(words) < 300]
    journal, year_words, line = stated_journal([*head_first, *running[:40], *short])
    year: int | None = int(year_words) if year_words else None
    year_line = line
    if year is None:
        year, year_line = stated_year([*first, *(part.words for part in dropped)])
    for field, words, owner in (("journal", journal, line), ("year", str(year or ""), year_line), ("doi", doi, doi)):
        if words and (span := _where(text, words, owner, blocks)):
            stated[field] = (span,)
    types, type_spans = publication_types.labels(text, blocks, title)
    if types:
        stated["labels"] = type_spans
    return Bibliography(title, front.authors, year, journal, doi, types, stated)


def _where(text: str, words: str, line: str, blocks: Sequence[Block]) -> Span | None:
    """Where the text states `words`: in the block that says `line`, if it was kept."""
    key = re.sub(r"\W+", "", line)[:60]
    for block in blocks[:80]:
        own = text[block.start : block.end]
        if key in re.sub(r"\W+", "", own[:4000]) and (at := own.find(words)) >= 0:
            return Span(block.start + at, block.start + at + len(words))
    return None
