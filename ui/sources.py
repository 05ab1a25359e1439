"""Citation -> source card, as HTML. Every word that comes from a document, a name or a question is escaped here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.documents import Document, Span
from rag.answers import Citation
from rag.exporting.cited import doi_address
from ui.links import document_link

_SPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
# Markdown, LaTeX and template signs: the page's renderers must find nothing of theirs in a text.
_SIGNS = {ord(sign): f"&#{ord(sign)};" for sign in "$`*_[]{}\\~|#!^:@"}

_AROUND = 220  # characters of text shown on each side of a quote, cut at a sentence where there is one
_LONGEST = 480  # a sentence beside the quote that is longer than this is cut at a word
_FOLD = 620  # characters of a nearest passage shown before the rest is folded away
_LABELS = ("retracted", "retraction", "expression of concern", "correction", "preprint", "review")
_AUTHORS = 8  # named before "and 12 more"


@dataclass(frozen=True, slots=True)
class Extract:
    """A quote with the sentences around it, white space tidied, page furniture left out."""

    before: str
    quote: str
    after: str


def escape(text: str) -> str:
    """`text` as HTML that shows exactly these characters, whatever they are."""
    escaped = html.escape(text.replace("\0", "\ufffd"), quote=True)
    # The entities that html.escape wrote keep their "&", "#" and ";".
    return "".join(part if part.startswith("&") else part.translate(_SIGNS) for part in re.split(r"(&#?\w+;)", escaped))


def tidy(text: str) -> str:
    """`text` with each run of white space as one space."""
    return _SPACE.sub(" ", text).strip()


def doi_link(doi: str) -> str:
    """A link to a DOI; what does not look like one is shown and not linked."""
    if not (address := doi_address(doi)):
        return escape(tidy(doi))
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{escape(doi)}</a>'


def extract(citation: Citation, document: Document | None, sentences: Sequence[Span]) -> Extract:
    """The quote in its surroundings: the sentences of the same section beside it, as far as they fit.

    Args:
        citation: What is quoted.
        document: The document it is from; if it is None or has changed since, the quote stands alone.
        sentences: Those of the document, in order.
    """
    alone = Extract("", tidy(citation.quote), "")
    if document is None or document.text[citation.start : citation.end] != citation.quote:
        return alone
    around = [one for one in sentences if _is_beside(document, citation, one)]
    above = [Span(one.start, min(one.end, citation.start)) for one in around if one.start < citation.start]
    below = [Span(max(one.start, citation.end), one.end) for one in around if one.end > citation.end]
    before = _gather(document, citation.start, list(reversed(above)))
    after = _gather(document, citation.end, below)
    return Extract(" ".join(reversed(before)), alone.quote, " ".join(after))


def _is_beside(document: Document, citation: Citation, sentence: Span) -> bool:
    """Whether a sentence may be shown beside a quote: in its section, and no title or byline."""
    stated = (span for spans in document.bibliography.stated.values() for span in spans)
    return document.section_at(sentence.start) == document.section_at(citation.start) and not any(
        _overlap(sentence, span) for span in stated
    )


def _words(document: Document, span: Span) -> str:
    """The words of a span without the furniture in it."""
    pieces, at = [], span.start
    for piece in sorted(document.furniture, key=lambda one: one.start):
        if piece.end <= at or piece.start >= span.end:
            continue
        pieces.append(document.text[at : max(at, piece.start)])
        at = piece.end
    pieces.append(document.text[at : max(at, span.end)])
    return tidy(" ".join(pieces))


def _gather(document: Document, edge: int, spans: Sequence[Span]) -> list[str]:
    """The words of spans, nearest to `edge` first: as many as fit, within the paragraph."""
    taken: list[str] = []
    for span in spans:
        before = span.end <= edge
        gap = Span(span.end, edge) if before else Span(edge, span.start)
        # Where furniture stands between, at the foot of a page, the paragraph may go on behind it.
        if _BLANK_LINE.search(gap.of(document.text)) and not any(_overlap(gap, piece) for piece in document.furniture):
            break
        edge = span.start if before else span.end
        text = _words(document, span)
        if not text:
            continue
        if taken and sum(map(len, taken)) + len(text) > _AROUND:
            break
        if len(text) > _LONGEST:
            taken.append(
                f"…{text[-_LONGEST:].partition(' ')[2]}" if before else f"{text[:_LONGEST].rpartition(' ')[0]}…"
            )
            break
        taken.append(text)
    return taken


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def anchor(turn: int, number: int) -> str:
    """The id of a card. The turn is part of it: a number in an earlier answer keeps its own source."""
    return f"source-{turn}-{number}"


def card(citation: Citation, turn: int, document: Document | None = None, sentences: Sequence[Span] = ()) -> str:
    """The card of a citation: what the document says of itself, and the quote marked in its passage.

    Args:
        citation: What is quoted.
        turn: The number of the turn that quotes it.
        document: The document as it is on the shelf now; None if it is there no longer. A quote that does not stand
            in it any more is shown alone, and the card says so.
        sentences: Those of the document, in order.
    """
    found = extract(citation, document, sentences)
    before = f"{escape(found.before)} " if found.before else ""
    after = f" {escape(found.after)}" if found.after else ""
    passage = f'<blockquote class="pc-passage">{before}<mark>{escape(found.quote)}</mark>{after}</blockquote>'
    changed = f'<p class="pc-note">{escape(since)}</p>' if (since := _since(citation, document)) else ""
    return _article(citation, turn, passage + changed + _secondary(citation), "pc-card")


def _since(citation: Citation, document: Document | None) -> str:
    """What has become of the quoted words since the answer was given; nothing if they stand where they stood."""
    if document is None:
        return "Quoted when this was answered; the document is no longer on the shelf."
    if document.text[citation.start : citation.end] != citation.quote:
        return "Quoted when this was answered; the document has changed since."
    return ""


def nearest_card(citation: Citation, turn: int) -> str:
    """The card of a passage that came near the question: nothing in it is marked, for nothing in it is an answer."""
    paragraphs = [tidy(part) for part in _BLANK_LINE.split(citation.quote) if part.strip()]
    shown, folded = _fold(paragraphs)
    passage = f'<blockquote class="pc-passage">{_paragraphs(shown)}</blockquote>'
    if folded:
        rest = f'<blockquote class="pc-passage">{_paragraphs(folded)}</blockquote>'
        passage += f'<details class="pc-rest"><summary>The rest of the passage</summary>{rest}</details>'
    return _article(citation, turn, passage, "pc-card pc-near")


def _fold(paragraphs: Sequence[str]) -> tuple[list[str], list[str]]:
    """The paragraphs to show and those to fold away, cut after a sentence where one ends in time."""
    shown: list[str] = []
    for at, text in enumerate(paragraphs):
        room = _FOLD - sum(map(len, shown))
        if len(text) <= room:
            shown.append(text)
            continue
        end = text.rfind(". ", 0, room) + 1
        if end:
            return [*shown, text[:end]], [text[end:].strip(), *paragraphs[at + 1 :]]
        if shown:
            return shown, list(paragraphs[at:])
        end = text.rfind(" ", 0, room) + 1 or room
        return [f"{text[:end].strip()} …"], [f"… {text[end:]}", *paragraphs[at + 1 :]]
    return shown, []


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def _article(citation: Citation, turn: int, passage: str, classes: str) -> str:
    title = tidy(citation.title) or citation.document
    about = f"<h3>{escape(title)}</h3>{labels(citation.labels)}{_about(citation)}"
    return (
        f'<article class="{classes}" id="{anchor(turn, citation.number)}" aria-label="Source {citation.number}">'
        f'<header><span class="pc-number" aria-hidden="true">{citation.number}</span>'
        f'<div class="pc-about">{about}</div></header>{passage}'
        f'<footer class="pc-place">{_place(citation)}</footer></article>'
    )


def labels(said: Sequence[str]) -> str:
    """What sort of publication it is; a retraction must not be overlooked."""
    marks = [
        f'<span class="pc-label pc-label-{label.replace(" ", "-")}">{escape(label)}</span>' if label in _LABELS else ""
        for label in said
    ]
    return f'<p class="pc-labels">{"".join(marks)}</p>' if any(marks) else ""


def _secondary(citation: Citation) -> str:
    """The references that the quoted words point to: for what they say, this document is a secondary source."""
    entries = []
    for one in citation.cites:
        link = f' <span class="pc-doi">{doi_link(one.doi)}</span>' if one.doi and one.doi not in one.reference else ""
        entries.append(f"<li><b>{escape(one.marker)}</b> {escape(one.reference)}{link}</li>")
    if not entries:
        return ""
    count = "1 reference" if len(entries) == 1 else f"{len(entries)} references"
    return (
        f'<details class="pc-cites"><summary>Secondary source: the quote cites {count}</summary>'
        f"<ul>{''.join(entries)}</ul></details>"
    )


def _about(citation: Citation) -> str:
    """Authors, then year, journal and DOI; what the document does not state is left out."""
    names = [tidy(name) for name in citation.authors]
    if len(names) > _AUTHORS:
        names[_AUTHORS - 1 :] = [f"and {len(names) - _AUTHORS + 1} more"]
    parts = [escape(str(citation.year))] if citation.year else []
    if citation.journal:
        parts.append(f"<cite>{escape(tidy(citation.journal))}</cite>")
    if citation.doi:
        parts.append(f'<span class="pc-doi">doi {doi_link(citation.doi)}</span>')
    lines = [f'<p class="pc-authors">{escape("; ".join(names))}</p>'] if names else []
    return "".join([*lines, f'<p class="pc-published">{" · ".join(parts)}</p>' if parts else ""])


def opening(citation: Citation) -> str:
    """The link to the words in their whole document."""
    address = html.escape(document_link(citation))
    return f'<a class="pc-open" href="{address}" target="_blank" rel="noopener">Open in document</a>'


def _place(citation: Citation) -> str:
    parts = [f"<span>{escape(tidy(citation.section))}</span>"] if citation.section.strip() else []
    if citation.page is not None:
        parts.append(f"<span>page {citation.page}</span>")
    parts.append(f'<span class="pc-file">{escape(citation.document)}</span>')
    parts.append(opening(citation))
    return " · ".join(parts)
