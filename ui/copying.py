"""An answer as plain text with its references, to be pasted elsewhere."""

from __future__ import annotations

from rag.answers import Answer, Citation
from rag.exporting.written import by_whom, left_out, writing
from ui.sources import tidy


def as_text(answer: Answer) -> str:
    """The question, each sentence with its numbers, and under them the references with the places quoted.

    Of a written answer each reference has the quote as well. What no quote supports is left out: plain text cannot be
    struck.
    """
    lines = [tidy(answer.question), ""]
    if answer.abstained:
        return "\n".join([*lines, tidy(answer.text)])
    written = writing(answer)
    if written:
        lines += [tidy(by_whom(written.model)), ""]
    for sentence in answer.sentences:
        numbers = "".join(f"[{number}]" for number in sentence.citations)
        lines.append(f"{tidy(sentence.text)} {numbers}".strip())
    if written and (without := left_out(written.dropped + len(written.unsupported))):
        lines += ["", without]
    return "\n".join([*lines, "", *(f"[{one.number}] {_source(one, bool(written))}" for one in answer.citations)])


def _source(citation: Citation, quoted: bool) -> str:
    return f"“{tidy(citation.quote)}” {reference(citation)}" if quoted else reference(citation)


def reference(citation: Citation) -> str:
    """The document in one line, with the place: what it does not state is left out."""
    place = [tidy(citation.section), f"page {citation.page}" if citation.page is not None else ""]
    labels = ", ".join(label for label in citation.labels if label != "review")
    said = [
        f"[{labels.upper()}]" if labels else "",
        "; ".join(tidy(name) for name in citation.authors),
        tidy(citation.title) or citation.document,
        tidy(citation.journal),
        str(citation.year or ""),
        f"doi:{tidy(citation.doi)}" if citation.doi else "",
        ", ".join(part for part in place if part),
    ]
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in said if part)
