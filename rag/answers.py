"""What comes back: Answer, Sentence, Citation. The fields are a promise; new ones may be added, none changed."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from index.documents import Document, Rectangle, Span
from index.references.belonging import mentions_of


class QuoteMismatchError(Exception):
    """A quote is not the slice of the document that it claims to be. Such a citation is never shown."""


class Frozen(BaseModel):
    """What is answered is not changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Cited(Frozen):
    """Where a quote points to its document's reference list: the review is then a secondary source for it.

    `marker` is what is printed in the text ("[23]"), `reference` the entry of the list as printed, the others its
    parts as far as they can be told: authors by family name.
    """

    marker: str
    reference: str
    authors: tuple[str, ...]
    year: int | None
    title: str
    doi: str


class Citation(Frozen):
    """An exact slice of a document: `document.text[start:end] == quote`.

    `document` is the path relative to the seeds folder; what neither the document nor a .bib file on the shelf says
    of it is empty or None; `score` is how well the quote fits the question, or of a written answer the sentence, 0 to
    1. `labels` say what sort of publication it is ("review", "preprint", "retracted" ...), `cites` which references the
    quoted words point to, `rectangles` where they stand on the pages, in points from the top left corner.
    """

    number: int
    document: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str
    doi: str
    start: int
    end: int
    quote: str
    page: int | None
    section: str
    score: float
    labels: tuple[str, ...] = ()
    cites: tuple[Cited, ...] = ()
    rectangles: tuple[Rectangle, ...] = ()


class Sentence(Frozen):
    """A sentence of the answer, and the numbers of the citations it stands on."""

    text: str
    citations: tuple[int, ...]


class Fingerprint(Frozen):
    """What an answer depends on. The same question on the same fingerprint has the same answer."""

    index_generation: int
    corpus_hash: str
    model: str
    model_hash: str
    settings_hash: str
    version: str


class Unsupported(Frozen):
    """A sentence that a language model wrote and no quote carries: `why` not, and how many that stand go before it."""

    text: str
    why: str
    after: int


class Written(Frozen):
    """How an answer was written by a language model: of its sentences, `supported` ones are carried by their quotes.

    `shown` are those, and the unsupported ones if they are shown struck; `dropped` the others. Where none is
    supported, the answer is quoted after all, and `fallback` says why; `shown` then counts none of the model's.
    `tokens_read` and `tokens_written` are as the provider counts them, None where it does not say.
    """

    model: str
    supported: int
    shown: int
    dropped: int
    unsupported: tuple[Unsupported, ...] = ()
    tokens_read: int | None = None
    tokens_written: int | None = None
    seconds: float = 0.0
    fallback: str = ""


class Draft(Frozen):
    """An answer on its way from a language model: what stands so far, and the words that are still being checked."""

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    checking: str = ""


class Answer(Frozen):
    """An answer, or an abstention with its reason and the nearest passages.

    `kind` is, of an answer, what was asked for ("fact", "list", "definition", "yes-no", "comparison",
    "bibliographic"); `why` is the category of an abstention (see `rag.abstaining.reasons`); `notes` say, in Pincite's
    words, how the question was read; `written` how a language model wrote it, None if none was asked.
    """

    question: str
    standalone_question: str
    text: str
    abstained: bool
    reason: str
    confidence: float
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    fingerprint: Fingerprint
    seconds: dict[str, float]
    kind: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()
    written: Written | None = None

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON values."""
        return self.model_dump(mode="json")


def cite(document: Document, span: Span, number: int, score: float, rectangles: tuple[Rectangle, ...] = ()) -> Citation:
    """Make a citation of a span of a document; `rectangles` say where it stands on its pages.

    Raises:
        QuoteMismatchError: The span is not a slice of the document's text, or touches furniture.
    """
    text, start, end = document.text, span.start, span.end
    quote = text[start:end]
    if not 0 <= start < end <= len(text) or not quote.strip():
        raise QuoteMismatchError(f"{document.name}[{start}:{end}] holds no words")
    if any(start < piece.end and piece.start < end for piece in document.furniture):
        raise QuoteMismatchError(f"{document.name}[{start}:{end}] touches page furniture")
    bibliography = document.bibliography
    return verified(
        document,
        Citation(
            number=number,
            document=document.name,
            title=bibliography.title,
            authors=bibliography.authors,
            year=bibliography.year,
            journal=bibliography.journal,
            doi=bibliography.doi,
            start=start,
            end=end,
            quote=quote,
            # A paragraph may run over a page's end; the words themselves say where they stand.
            page=rectangles[0].page if rectangles else document.page_at(start),
            section=document.section_at(start),
            score=round(min(max(score, 0.0), 1.0), 4),
            labels=bibliography.labels,
            cites=_cites(document, span),
            rectangles=rectangles,
        ),
    )


def _cites(document: Document, span: Span) -> tuple[Cited, ...]:
    found = []
    for mention in mentions_of(document, span):
        for at in mention.references:
            entry = document.references[at]
            found.append(
                Cited(
                    marker=document.text[mention.start : mention.end],
                    reference=" ".join(document.text[entry.start : entry.end].split()),
                    authors=entry.authors,
                    year=entry.year,
                    title=entry.title,
                    doi=entry.doi,
                )
            )
    return tuple(found)


def verified(document: Document, citation: Citation) -> Citation:
    """The citation itself, if it is exact.

    Raises:
        QuoteMismatchError: It is not.
    """
    if citation.document != document.name or document.text[citation.start : citation.end] != citation.quote:
        raise QuoteMismatchError(f"{citation.document}[{citation.start}:{citation.end}] is not {citation.quote!r}")
    return citation
