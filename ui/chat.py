"""A conversation, as chat messages and as the panel of sources beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypedDict

from rag.abstaining.reasons import verdict
from rag.answers import Answer, Draft
from rag.exporting.written import writing
from ui import written
from ui.sources import escape, tidy
from ui.turns import Turn

WORKING = "Reading the reviews"
NO_SOURCES = '<div class="pc-sources pc-idle"><p>The passages that an answer quotes appear here.</p></div>'

# What can be done with an answer: the class that the page's script knows it by, and its name. The chat's sanitiser
# lets no other attribute through that could carry it.
_ACTS = (("copy", "Copy"), ("save", "Export"), ("edit", "Edit"), ("again", "Ask again"))
_RATINGS = (("good", "Helpful"), ("poor", "Not helpful"))


class Message(TypedDict):
    """One message as the chat shows it; its content is HTML."""

    role: Literal["user", "assistant"]
    content: str


def messages(
    turns: Sequence[Turn],
    waiting: str = "",
    sentences: int | None = None,
    draft: Draft | None = None,
    model: str = "",
) -> list[Message]:
    """The conversation as chat messages.

    Args:
        turns: What was asked and answered.
        waiting: The question being worked on, shown at the end.
        sentences: How many sentences of the last answer to show, while it is on its way; all of it if None.
        draft: What is written of the answer to the question being worked on.
        model: Who writes it.
    """
    shown: list[Message] = []
    for at, turn in enumerate(turns, 1):
        said = reply(turn, sentences if at == len(turns) else None)
        shown += [_said(turn.question), {"role": "assistant", "content": said}]
    if waiting:
        working = f'<div class="pc-working" role="status">{WORKING}<span aria-hidden="true"></span></div>'
        if draft:
            words = written.draft(draft, model, len(turns) + 1)
            working = f'<div class="pc-answer pc-written pc-coming">{words}</div>'
        shown += [_said(waiting), {"role": "assistant", "content": working}]
    return shown


def _said(question: str) -> Message:
    return {"role": "user", "content": f'<div class="pc-question">{escape(tidy(question))}</div>'}


def reply(turn: Turn, sentences: int | None = None) -> str:
    """What is said to a turn's question: an answer, an abstention or a problem; each looks its own way.

    While it is on its way it is marked as coming, and nothing can be done with it.
    """
    answer = turn.answer
    coming, acts = ("", _acts(turn)) if sentences is None else (" pc-coming", "")
    if answer is None:
        early = " pc-early" if turn.early else ""
        return f'<div class="pc-problem{early}{coming}"><p>{escape(tidy(turn.problem))}</p></div>{acts}'
    lead = _asked(turn) + _understood(answer) + _notes(answer)
    if answer.abstained:
        hint = "<p>The passages that come nearest are shown as well.</p>" if answer.nearest else ""
        # An instruction, say, is not something that reviews could answer.
        said = verdict(answer.text)
        told = f'<p class="pc-verdict">{said}</p>' if said else ""
        reason = f'<p class="pc-reason">{escape(tidy(answer.reason))}</p>'
        return f'<div class="pc-abstention{coming}">{lead}{told}{reason}{hint}</div>{acts}'
    if by := writing(answer):
        # While it came, its words stood at the top, and there they stay: what is to be noted follows them.
        said = written.whole(answer, by, turn.number, sentences)
        return f'<div class="pc-answer pc-written{coming}">{said}{lead if sentences is None else ""}</div>{acts}'
    said = "".join(_quotes(answer, turn.number, sentences))
    return f'<div class="pc-answer{coming}">{lead}{said}</div>{acts}'


def _acts(turn: Turn) -> str:
    """The row of buttons under an answer; under a problem, those that ask anew."""
    acts = _ACTS if turn.answer else _ACTS[2:]
    buttons = [_button(act, name, turn.number) for act, name in acts]
    if turn.answer:
        buttons += ['<span class="pc-gap"></span>', *(_button(act, name, turn.number) for act, name in _RATINGS)]
    return f'<div class="pc-acts">{"".join(buttons)}</div>'


def _button(act: str, name: str, turn: int) -> str:
    return f'<button type="button" class="pc-act pc-act-{act} pc-turn-{turn}">{name}</button>'


def _asked(turn: Turn) -> str:
    return f'<p class="pc-understood">Asked of {escape(tidy(turn.asked))}</p>' if turn.asked else ""


def _understood(answer: Answer) -> str:
    """How a follow-up was read, where that is not word for word."""
    if tidy(answer.standalone_question) == tidy(answer.question):
        return ""
    return f'<p class="pc-understood">Read as: {escape(tidy(answer.standalone_question))}</p>'


def _notes(answer: Answer) -> str:
    """What Pincite itself has to say: it is no quote, and does not look like one."""
    return "".join(f'<p class="pc-understood">{escape(tidy(note))}</p>' for note in answer.notes)


def _quotes(answer: Answer, turn: int, sentences: int | None) -> Iterator[str]:
    quotes = {citation.number: f"“{tidy(citation.quote)}”" for citation in answer.citations}
    for sentence in answer.sentences[:sentences]:
        text = tidy(sentence.text)
        quote = next((quotes[n] for n in sentence.citations if n in quotes and text.endswith(quotes[n])), "")
        lead = text[: len(text) - len(quote)].strip()
        if quote and lead:
            yield f'<p class="pc-who">{escape(lead)}</p>'
        body = quote or text
        kind = "blockquote" if quote else "p"
        yield f'<{kind} class="pc-said">{escape(body)} {written.numbers(sentence, turn)}</{kind}>'


def panel(turns: Sequence[Turn]) -> str:
    """The sources of all answers, the newest first: no number in the chat ever loses its card."""
    shown = [turn for turn in reversed(turns) if turn.cards]
    if not shown:
        return NO_SOURCES
    return f'<div class="pc-sources">{"".join(_group(turn) for turn in shown)}</div>'


def _group(turn: Turn) -> str:
    abstained = turn.answer is not None and turn.answer.abstained
    heading = "Nearest passages" if abstained else "Sources"
    note = '<p class="pc-note">They come near the question, but do not answer it.</p>' if abstained else ""
    asked = f'<p class="pc-asked">{escape(tidy(turn.question))}</p>'
    return f'<section aria-label="{heading}"><h2>{heading}</h2>{asked}{note}{turn.cards}</section>'
