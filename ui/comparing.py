"""The tab in which a question is put to reviews separately: a column for each, and the table as a file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import PinciteError, UsageError
from rag.assistant import Assistant
from rag.comparing import LIMIT, Compared, Comparison
from rag.exporting import TableFormat, export_comparison
from rag.exporting.tables import SILENT, not_asked
from ui import acting
from ui.front import Shelf
from ui.keeping import StillReadingError
from ui.observing import Observer
from ui.requests import HEADER
from ui.sources import escape, labels, opening, tidy

_IDLE = (
    '<div class="pc-compare-idle"><p>Put one question to several reviews.</p>'
    "<p>Each answers by itself, in its own words, or does not say.</p></div>"
    '<div class="pc-compare-idle pc-at-first"><p>The reviews are being read for the first time.</p>'
    "<p>They can be compared when that is done.</p></div>"
)
_WORKING = '<div class="pc-working" role="status">Asking each review<span aria-hidden="true"></span></div>'
_NUMBERS = (LIMIT, 2 * LIMIT, 3 * LIMIT)  # of reviews that are asked where none is chosen
_MOST = max(_NUMBERS)
_AT_A_TIME = 2  # comparisons of all pages together
_BUG = "Something went wrong inside Pincite, and nothing was compared. The terminal says more."
LINE = "comparing"  # where questions wait their turn
_quiet: Any = {"show_progress": "hidden", "show_progress_on": [], "api_visibility": "private"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CompareTab:
    """What the rest of the page needs of this tab: the list of reviews to choose from."""

    names: gr.Dropdown

    @property
    def follows(self) -> list[Any]:
        """What changes with the shelf."""
        return [self.names]

    def refresh(self, shelf: Shelf) -> dict[Any, Any]:
        """The tab as the shelf is now."""
        return {self.names: gr.update(choices=shelf.choices())}


def add(assistant: Assistant, shelf: Shelf, observer: Observer) -> CompareTab:
    """Add the tab's content to the page being built; the observer is told of each question."""
    found = gr.State(None)
    with gr.Column(elem_id="pc-compare", elem_classes="pc-fields"):
        with gr.Row(elem_id="pc-compare-form"):
            box = gr.Textbox(
                label="Question to each review",
                show_label=False,
                container=False,
                placeholder="Ask several reviews the same question",
                lines=1,
                max_lines=4,
                scale=1,
                elem_id="pc-compare-ask",
            )
            send = gr.Button("Compare", variant="primary", scale=0, min_width=110, elem_id="pc-compare-send")
            stop = gr.Button(
                "Stop", variant="primary", scale=0, min_width=110, elem_id="pc-compare-stop", visible=False
            )
        with gr.Row(elem_id="pc-compare-whom"):
            names = gr.Dropdown(
                shelf.choices(),
                multiselect=True,
                label=f"Only these (the nearest to the question if none is chosen; {_MOST} at most)",
                elem_id="pc-compare-names",
            )
            number = gr.Dropdown(
                [(f"{one} nearest", one) for one in _NUMBERS],
                value=LIMIT,
                label="How many, if none is chosen",
                elem_id="pc-compare-number",
                scale=0,
                min_width=220,
            )
        shown = gr.HTML(_IDLE, elem_id="pc-compared", apply_default_css=False)
        with gr.Row(elem_id="pc-compare-foot", visible=False) as foot:
            saves = [(one, gr.Button(f"Save as {one.label}", size="sm", variant="secondary")) for one in TableFormat]
        messages = acting.messenger()

    def busy(now: bool) -> dict[Any, Any]:
        return {send: gr.update(visible=not now), stop: gr.update(visible=now)}

    def compare(request: gr.Request, question: str, chosen: list[str], nearest: int) -> Iterator[dict[Any, Any]]:
        question = (question or "").strip()
        if not question:
            yield {send: gr.skip()}
            return
        yield {found: None, shown: _WORKING, foot: gr.update(visible=False), **busy(True)}
        comparison = None
        for comparison, page in _steps(assistant, question, chosen, nearest, observer, request.headers.get(HEADER, "")):
            yield {found: comparison, shown: page}
        yield {foot: gr.update(visible=bool(comparison and comparison.compared)), **busy(False)}

    def halt(comparison: Comparison | None) -> dict[Any, Any]:
        page = table(comparison) if comparison else _IDLE
        return {shown: page, foot: gr.update(visible=bool(comparison and comparison.compared)), **busy(False)}

    work: Any = {"concurrency_limit": _AT_A_TIME, "concurrency_id": LINE, **_quiet}
    asking: Any = [
        trigger(compare, [box, names, number], [found, shown, foot, send, stop], **work)
        for trigger in (box.submit, send.click)
    ]
    stop.click(halt, found, [shown, foot, send, stop], cancels=asking, queue=False, **_quiet)
    for form, button in saves:
        button.click(_saved(form), found, messages, queue=False, **_quiet)
    return CompareTab(names)


def _steps(
    assistant: Assistant,
    question: str,
    chosen: list[str],
    nearest: int,
    observer: Observer | None = None,
    request: str = "",
) -> Iterator[tuple[Comparison | None, str]]:
    """The comparison so far and the page of it, the whole one last; what goes wrong is said on the page."""
    kind = "pc-problem"
    try:
        comparison = None
        with (observer or Observer()).asked("comparison", question, request) as outcome:
            if len(chosen or ()) > _MOST:
                raise UsageError(f"Up to {_MOST} reviews are compared at once; {len(chosen):,} are chosen.")
            for comparison in assistant.comparing(question, documents=chosen or None, limit=nearest):
                yield comparison, _WORKING + table(comparison, whole=False)
            if comparison:
                outcome.compared(comparison)
        yield comparison, table(comparison) if comparison else ""
        return
    except PinciteError as error:
        problem = str(error)
        kind += " pc-early" if isinstance(error, StillReadingError) else ""
    except Exception:  # noqa: BLE001  the page must stay usable, whatever one question did
        _log.exception("A comparison failed")
        problem = _BUG
    yield None, f'<div class="{kind}"><p>{escape(tidy(problem))}</p></div>'


def _saved(form: TableFormat) -> Callable[[Comparison | None], acting.Message]:
    def saved(comparison: Comparison | None) -> acting.Message:
        if comparison is None:
            return acting.message("nothing")
        text = export_comparison(comparison, form)
        return acting.file("pincite-comparison", form, text)

    return saved


def table(comparison: Comparison, *, whole: bool = True) -> str:
    """A comparison as HTML: a column for each review, those that answer first; if `whole`, with who was left out."""
    asked = tidy(comparison.question)
    read = tidy(comparison.standalone_question)
    head = f'<h2 class="pc-question">{escape(asked)}</h2>'
    if read and read != asked:
        head += f'<p class="pc-understood">Read as: {escape(read)}</p>'
    if not comparison.compared:
        return f'{head}<div class="pc-abstention"><p>{escape(tidy(comparison.reason))}</p></div>'
    columns = "".join(_column(one) for one in comparison.compared)
    more = f'<p class="pc-note">{escape(left)}</p>' if whole and (left := not_asked(comparison)) else ""
    return f'{head}<div class="pc-columns-of-reviews">{columns}</div>{more}'


def _column(one: Compared) -> str:
    title = tidy(one.title) or one.document
    names = [tidy(name) for name in one.authors]
    who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    about = " · ".join(part for part in (who, str(one.year or "")) if part)
    head = f"<header><h3>{escape(title)}</h3>{labels(one.labels)}<p class='pc-authors'>{escape(about)}</p></header>"
    if one.answer.abstained:
        why = f'<p class="pc-reason">{escape(tidy(one.answer.reason))}</p>'
        said = f'<p class="pc-silent">{SILENT.capitalize()}</p>{why}'
    else:
        said = "".join(_quote(one, at) for at in range(len(one.answer.citations)))
    kind = "pc-review pc-says-nothing" if one.answer.abstained else "pc-review"
    return f'<article class="{kind}" aria-label="{escape(title)}">{head}{said}</article>'


def _quote(one: Compared, at: int) -> str:
    citation = one.answer.citations[at]
    page = f"page {citation.page}" if citation.page is not None else ""
    place = [escape(part) for part in (tidy(citation.section), page) if part]
    return (
        f'<blockquote class="pc-said">“{escape(tidy(citation.quote))}”</blockquote>'
        f'<p class="pc-place">{" · ".join([*place, opening(citation)])}</p>'
    )
