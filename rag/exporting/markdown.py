"""Answers as Markdown for people: what was asked and said, each quote with its place, the references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.answers import Answer, Citation, Fingerprint, Unsupported
from rag.exporting.characters import escaped, plain
from rag.exporting.cited import Numbered, Work, doi_address, numbered, place, title_of, works
from rag.exporting.written import NOT_SUPPORTED, by_whom, counts, in_order, left_out, writing


def markdown(answers: Sequence[Answer]) -> str:
    """One answer, or a conversation, as Markdown; the words of documents are shown as they are, and do nothing."""
    blocks: list[str] = []
    for answer, citations in zip(answers, numbered(answers), strict=True):
        blocks += _answer(answer, citations)
    if cited := works(answers):
        blocks += ["## References", "\n".join(f"- {reference(one)}" for one in cited)]
    if answers:
        blocks += ["---", *(_made(one) for one in dict.fromkeys(answer.fingerprint for answer in answers))]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _answer(answer: Answer, citations: Sequence[Numbered]) -> Iterator[str]:
    yield f"# {escaped(answer.question) or 'No question'}"
    if plain(answer.standalone_question) != plain(answer.question):
        yield f"*Read as: {escaped(answer.standalone_question)}*"
    yield from (f"*{escaped(note)}*" for note in answer.notes)
    if answer.abstained:
        yield escaped(answer.text)
        if answer.nearest:
            yield "## Nearest passages"
            yield "They come near the question, but do not answer it."
            for one in answer.nearest:
                yield f"{escaped(title_of(one))} ({escaped(place(one))})\n\n> {escaped(one.quote)}"
        return
    numbers = {one.citation.number: one.number for one in citations}
    written = writing(answer)
    if written:
        yield f"*{escaped(by_whom(written.model))}*"
    for said in in_order(answer.sentences, written.unsupported if written else ()):
        if isinstance(said, Unsupported):
            yield f"{NOT_SUPPORTED} ({escaped(said.why)}): ~~{escaped(said.text)}~~"
        else:
            marks = "".join(f"[{numbers[number]}]" for number in said.citations if number in numbers)
            yield f"{escaped(said.text)} {marks}".rstrip()
    if written:
        made = f"Written by {escaped(written.model)}: {counts(written)}."
        yield " ".join(part for part in (made, left_out(written.dropped)) if part)
    yield "## Quotes"
    for found in citations:
        yield _quote(found)


def _quote(quote: Numbered) -> str:
    one = quote.citation
    cites = "".join(f"\n\nIt cites {escaped(cited.marker)} {escaped(cited.reference)}" for cited in one.cites)
    return f"[{quote.number}] {escaped(short(one))} ({escaped(place(one))})\n\n> {escaped(one.quote)}{cites}"


def short(citation: Citation) -> str:
    """Title and year of a document, and what must not be overlooked of it."""
    labels = "".join(f"{label.upper()} " for label in citation.labels if label != "review")
    year = f", {citation.year}" if citation.year is not None else ""
    return f"{labels}{title_of(citation)}{year}"


def reference(work: Work) -> str:
    """A document as an entry of a list of references."""
    one = work.cited
    labels = ", ".join(label for label in one.labels if label != "review")
    parts = [
        f"**{escaped(labels.capitalize())}.**" if labels else "",
        _sentence(escaped("; ".join(plain(author) for author in one.authors if plain(author)))),
        f"({one.year})." if one.year is not None else "",
        _sentence(escaped(title_of(one))),
        f"*{escaped(one.journal)}*." if plain(one.journal) else "",
        _doi(plain(one.doi)),
        f"Quoted in {', '.join(f'[{quote.number}]' for quote in work.quotes)}.",
    ]
    return " ".join(part for part in parts if part)


def _sentence(words: str) -> str:
    return f"{words}." if words and words[-1] not in ".?!" else words


def _doi(doi: str) -> str:
    """A link to a DOI; what does not look like one is no link."""
    if not (address := doi_address(doi)):
        return f"doi {escaped(doi)}." if doi else ""
    # A parenthesis would end the link's address.
    return f"doi [{escaped(doi)}]({address.replace('(', '%28').replace(')', '%29')})."


def _made(made: Fingerprint) -> str:
    return (
        f"Every quote is an exact slice, at the offsets given, of its document as it was then. Answered by Pincite "
        f"{escaped(made.version)} from generation {made.index_generation} of the index (documents "
        f"{made.corpus_hash[:12]}, settings {made.settings_hash[:12]}) with the model {escaped(made.model)} "
        f"({made.model_hash[:12]})."
    )
