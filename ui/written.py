"""What a language model wrote, as HTML: its words look like no quote, and what no quote carries is struck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.answers import Answer, Draft, Sentence, Unsupported, Written
from rag.exporting.written import NOT_SUPPORTED, by_whom, counts, in_order
from ui.sources import anchor, escape, tidy

CHECKING, WRITING = "Checking", "Writing"


def numbers(sentence: Sentence, turn: int) -> str:
    """The links from a sentence to the cards of its sources."""
    return "".join(
        f'<a class="pc-cite" href="#{anchor(turn, n)}" aria-label="Source {n}">[{n}]</a>' for n in sentence.citations
    )


def whole(answer: Answer, written: Written, turn: int, sentences: int | None = None) -> str:
    """A written answer: whose words they are, its sentences, and how many of them stand.

    Args:
        answer: It.
        written: How it was written.
        turn: The number of the turn.
        sentences: How many supported sentences to show, while it is on its way; all, and the counts, if None.
    """
    shown, struck = answer.sentences, written.unsupported
    if sentences is not None:
        shown, struck = shown[:sentences], tuple(one for one in struck if one.after < sentences)
    end = f'<p class="pc-counts">{escape(counts(written))}</p>' if sentences is None else ""
    return _by(written.model) + "".join(_said(shown, struck, turn)) + end


def draft(coming: Draft, model: str, turn: int) -> str:
    """An answer that is being written: what stands, and the words that are still being checked."""
    said = "".join(_said(coming.sentences, coming.unsupported, turn))
    words = tidy(coming.checking)
    if not words:
        return f'{_by(model)}{said}<p class="pc-working">{WRITING}<span aria-hidden="true"></span></p>'
    return f'{_by(model)}{said}<p class="pc-wrote pc-checking"><b>{CHECKING}:</b> <em>{escape(words)}</em></p>'


def _by(model: str) -> str:
    # The same words from the first to the last: nothing below them moves when the answer is whole.
    return f'<p class="pc-by">{escape(tidy(by_whom(model)))}</p>'


def _said(sentences: Sequence[Sentence], struck: Sequence[Unsupported], turn: int) -> Iterator[str]:
    for one in in_order(sentences, struck):
        text = escape(tidy(one.text))
        if isinstance(one, Unsupported):
            why = f'<span class="pc-why">{NOT_SUPPORTED}: {escape(tidy(one.why))}.</span>'
            yield f'<p class="pc-wrote pc-struck">{why} <s>{text}</s></p>'
        else:
            yield f'<p class="pc-wrote">{text} {numbers(one, turn)}</p>'
