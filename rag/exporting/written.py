"""Answers that a language model wrote: their sentences in order, and how many of them are supported, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.answers import Answer, Sentence, Unsupported, Written

NOT_SUPPORTED = "Not supported by the reviews"


def writing(answer: Answer) -> Written | None:
    """How an answer was written, if its sentences are a language model's; None if they are quoted."""
    return answer.written if answer.written and not answer.written.fallback else None


def in_order(sentences: Sequence[Sentence], unsupported: Sequence[Unsupported]) -> Iterator[Sentence | Unsupported]:
    """What was written, in the order it was: the sentences that are supported, between them those that are not."""
    for at in range(len(sentences) + 1):
        # What a browser kept may name any place.
        yield from (one for one in unsupported if min(max(one.after, 0), len(sentences)) == at)
        yield from sentences[at : at + 1]


def by_whom(model: str) -> str:
    """Whose words they are: said above them, so that nobody takes them for quotes."""
    return f"Written by {model}, not quoted; each sentence is checked against the quotes that it cites."


def counts(written: Written) -> str:
    """How many sentences were written, supported, shown and dropped; what it took."""
    made = written.shown + written.dropped
    sentences = (
        f"{_number(made, 'sentence')} written, {written.supported:,} supported, {written.shown:,} shown, "
        f"{written.dropped:,} dropped"
    )
    took = f"{written.seconds:,.1f} s"
    if written.tokens_read is None and written.tokens_written is None:
        return f"{sentences}; {took}"
    return f"{sentences}; {written.tokens_read or 0:,} + {written.tokens_written or 0:,} tokens, {took}"


def left_out(count: int) -> str:
    """That so many sentences were left out, in words; "" for none."""
    if not count:
        return ""
    return f"{_number(count, 'sentence')} that no quote supports {'is' if count == 1 else 'are'} left out."


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
