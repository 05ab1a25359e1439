"""What the page says of the seeds folder and the index: the strip over the tabs, and what an action did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.report import SyncReport
from ui.keeping import Keeper
from ui.shelving import Arrival
from ui.sources import escape, tidy

_SHOWN = 8  # names before "and 12 more"


def strip(keeper: Keeper, *, editing: bool = True) -> str:
    """The line over the tabs: a sync under way, what failed, or that the folder has changed; else nothing.

    Args:
        keeper: Who syncs the index.
        editing: Whether whoever reads it may do something about it; else only a sync under way is told.
    """
    job = keeper.job
    if job is not None:
        at = job.progress
        what = "Reading the reviews" if job.first else "Rebuilding the index" if job.rebuild else "Updating the index"
        words = job.waiting or " · ".join(part for part in (at.step, at.name) if part)
        count = f"{at.done:,} of {at.total:,}" if at.total > 1 and not job.waiting else ""
        value = f' value="{at.done}" max="{at.total}"' if count else ""
        return (
            f'<div class="pc-strip pc-strip-busy"><strong role="status">{what}…</strong>'
            f'<span class="pc-strip-step">{escape(tidy(words))}</span><span class="pc-strip-count">{count}</span>'
            f'<progress aria-label="{what}"{value}></progress></div>'
        )
    if not editing:
        return ""
    if keeper.problem:
        return (
            f'<div class="pc-strip pc-strip-problem"><span role="alert">The index was not updated. '
            f"{escape(tidy(keeper.problem))}</span>{_button('update', 'Try again')}"
            f"{_button('dismiss', 'Dismiss')}</div>"
        )
    changes = keeper.changes()
    if keeper.refused:
        return (
            f'<div class="pc-strip pc-strip-problem"><span role="alert">The index is as it was. '
            f"{escape(tidy(keeper.refused))}</span>{_button('update', 'Try again')}</div>"
        )
    if changes:
        return (
            f'<div class="pc-strip"><span role="status">The seeds folder has changed: {changes}.</span>'
            f"{_button('update', 'Update the index')}</div>"
        )
    return ""


def problem(words: str) -> str:
    """Something that could not be done."""
    return f'<div class="pc-report"><p class="pc-report-problem" role="alert">{escape(tidy(words))}</p></div>'


def done(report: SyncReport | None, arrivals: Sequence[Arrival] = (), before: str = "") -> str:
    """What an action did: `before` in words, each uploaded file, and what the sync made of the shelf."""
    parts = [f"<p>{escape(before)}</p>"] if before else []
    refused = [one for one in arrivals if one.became == "refused"]
    known = [one.name for one in arrivals if one.became == "known"]
    parts += _group("Refused", [one.words for one in refused], "pc-report-problem")
    parts += _group("Already on the shelf", known)
    if report is not None:
        read = {file.name: file for file in report.read}

        def told(names: Iterable[str]) -> list[str]:
            return [_told(name, read[name].pages, read[name].sentences) if name in read else name for name in names]

        parts += _group("Added", told(report.added))
        parts += _group("Changed", told(report.changed))
        parts += _group("Renamed", [f"{old} → {new}" for old, new in report.renamed])
        parts += _group("Removed", [] if before else report.removed)
        parts += _group("Read again", told(report.reread))
        parts += _group(
            "Records", [f"{one.name} · {one.records} records, {one.matched} matched" for one in report.catalogues]
        )
        # What was not read before and is not now stands under the table.
        about = {one.name for one in arrivals}
        told_of = [reason for name, reason in report.skipped if not arrivals or name in about]
        parts += _group("Not read", [] if before else told_of, "pc-report-problem")
        if not report.alters and not arrivals and not before:
            parts.insert(0, f"<p>The index agrees with the seeds folder: {len(report.unchanged):,} unchanged.</p>")
        parts.append(f'<p class="pc-report-took">Done in {report.seconds:.1f} seconds.</p>')
    return (
        f'<div class="pc-report" role="status">{"".join(parts)}'
        f'<button type="button" class="pc-quiet" data-act="clear">Dismiss</button></div>'
    )


def _told(name: str, pages: int, sentences: int) -> str:
    of_pages = f"{pages} page{'s' * (pages != 1)}, " if pages else ""
    return f"{name} · {of_pages}{sentences} sentence{'s' * (sentences != 1)}"


def _group(head: str, lines: Sequence[str], kind: str = "") -> list[str]:
    if not lines:
        return []
    shown = "".join(f"<li>{escape(tidy(line))}</li>" for line in lines[:_SHOWN])
    more = f"<li>and {len(lines) - _SHOWN:,} more</li>" if len(lines) > _SHOWN else ""
    count = f" <span>{len(lines):,}</span>" if len(lines) > 1 else ""
    return [f'<section class="{kind}"><h3>{head}{count}</h3><ul>{shown}{more}</ul></section>']


def _button(act: str, words: str) -> str:
    return f'<button type="button" class="pc-button" data-act="{act}">{words}</button>'
