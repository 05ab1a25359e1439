"""What is done with answers, beside reading them: copied, exported, rated, kept in the browser.

The page's script and this server talk through one component, the bridge. The script triggers its events with the
number of a turn; what comes back as its value is a message that the script acts on (see `assets/history.js`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import gradio as gr

from rag.assistant import Assistant
from rag.exporting import Format, TableFormat, export
from ui import feedback, turns
from ui.copying import as_text
from ui.sources import escape
from ui.turns import Conversation, Turn

Message = dict[str, Any]

_LONGEST_ID = 64


def bridge() -> gr.HTML:
    """The component through which the page's script and the server talk; nothing of it is seen."""
    return gr.HTML(
        {"do": "nothing"},
        html_template="",
        elem_id="pc-bridge",
        elem_classes="pc-wire",
        apply_default_css=False,
        js_on_load="window.pincite.connect(trigger, watch, props)",
    )


def messenger() -> gr.HTML:
    """A component through which the server talks to the page's script and hears nothing; it is not seen."""
    return gr.HTML(
        {"do": "nothing"},
        html_template="",
        elem_classes="pc-wire",
        apply_default_css=False,
        js_on_load="watch('value', () => window.pincite.told(props.value))",
    )


def history_menu() -> None:
    """The conversations that this browser keeps; the page's script fills it."""
    gr.HTML(
        '<details class="pc-menu" id="pc-history" hidden><summary>Earlier conversations</summary>'
        '<div class="pc-menu-body"></div></details>',
        apply_default_css=False,
        elem_id="pc-history-box",
    )


def export_menu() -> None:
    """The formats in which the conversation is saved; the script shows the same for one answer."""
    formats = "".join(
        f'<button type="button" class="pc-save pc-save-{one.value}">{escape(one.label)}</button>' for one in Format
    )
    gr.HTML(
        '<details class="pc-menu" id="pc-export"><summary>Export</summary>'
        f'<div class="pc-menu-body">{formats}</div></details>',
        apply_default_css=False,
        elem_id="pc-export-box",
    )


def turn_of(event: gr.EventData, now: Conversation) -> Turn | None:
    """The turn that an event is about; None if it names none of the conversation."""
    number = _data(event).get("turn")
    if isinstance(number, int) and 1 <= number <= len(now.turns):
        return now.turns[number - 1]
    return None


def restored(assistant: Assistant, event: gr.EventData) -> tuple[Conversation, Message]:
    """The conversation that a browser sends to be shown again; and for the browser, which of its turns are.

    One that could not be taken back whole goes on under another name: the browser loses nothing of what it keeps.
    """
    sent = _data(event)
    found, taken = turns.restore(assistant, sent.get("turns"))
    whole = isinstance(sent.get("turns"), list) and len(taken) == len(sent["turns"])
    name = str(sent.get("id") or "")[:_LONGEST_ID] if whole else ""
    return Conversation(name, tuple(found)), message("restored", id=name, taken=taken)


def _data(event: gr.EventData) -> dict[str, Any]:
    return event._data if isinstance(event._data, dict) else {}


def told(before: Conversation, now: Conversation) -> Message:
    """What the browser is to keep: the last turn, and of which conversation it is, and was a continuation."""
    return message("keep", **{"id": now.id, "from": before.id}, length=len(now.turns), turn=_kept(now.turns[-1]))


def restarted() -> Message:
    """A new conversation begins; the one before stays kept."""
    return message("begin")


def _kept(turn: Turn) -> Message | None:
    kept = turns.keep(turn)
    return kept and {**kept, "text": as_text(turn.answer) if turn.answer else ""}


def rate(assistant: Assistant) -> Callable[[gr.EventData, Conversation], Message]:
    """The handler of ratings: writes them down beside the index."""

    def rated(event: gr.EventData, now: Conversation) -> Message:
        turn = turn_of(event, now)
        if turn is None or turn.answer is None:
            return message("nothing")
        found = _data(event)
        rating: feedback.Rating = "helpful" if found.get("rating") == "good" else "not helpful"
        try:
            name, note = f"{now.id}-{turn.number}", str(found.get("note") or "")
            feedback.record(assistant.settings.index, turn.answer, rating, note, name)
        except OSError as error:
            return message(
                "rated", turn=turn.number, said=f"This could not be written down: {error.strerror or error}."
            )
        return message(
            "rated", turn=turn.number, said=f"Written down in {feedback.FILE} in the index folder, and sent nowhere."
        )

    return rated


def save(event: gr.EventData, now: Conversation) -> Message:
    """One answer, or the conversation where the event names none, as a file for the browser to save."""
    turn, found = turn_of(event, now), _data(event)
    if found.get("turn") is None:
        answers, name = turns.answers(now.turns), "conversation"
    else:
        answers, name = turns.answers([turn] if turn else []), "answer"
    if not answers or found.get("format") not in set(Format):
        return message("nothing")
    chosen = Format(found["format"])
    return file(f"pincite-{name}", chosen, export(answers, chosen))


def file(stem: str, form: Format | TableFormat, text: str) -> Message:
    """A file of a format for the browser to save, which writes it as UTF-8."""
    mark = "\ufeff" if form.encoding == "utf-8-sig" else ""
    return message("save", name=f"{stem}{form.extension}", type=form.media_type, text=mark + text)


def message(do: str, **rest: Any) -> Message:
    """What the page's script is to do (see `assets/acts.js`)."""
    # Two messages that say the same are still two: the script is told of changes only.
    return {"do": do, "stamp": secrets.token_hex(4), **rest}
