"""The page that shows a whole document: what it is, what a link marks in it, its text, and its pages if it has any."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from index.documents import Bibliography, Document, Page, Rectangle
from ui.document_text import DocumentText, Entry, escape
from ui.links import MARK, Found
from ui.page_images import WIDEST
from ui.sources import doi_link, tidy
from ui.theme import icon

_ALARMS = {
    "retracted": "This article has been retracted.",
    "retraction": "This is the notice of a retraction.",
    "expression of concern": "This is an expression of concern about an article.",
    "correction": "This is a correction of an article.",
}
_AUTHORS = 20
_NARROW = WIDEST // 2
_SCRIPTS, _STYLES = ("document.js",), ("document.css", "document_text.css", "document_pages.css")


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a document that can be shown: the digest of its file, and where the marked words stand."""

    digest: str
    rectangles: tuple[Rectangle, ...] = ()


def document_page(document: Document, found: Found, pages: Pages | None = None, notes: Sequence[str] = ()) -> str:
    """The page of a document.

    Args:
        document: The document.
        found: What a link marks in it.
        pages: What is needed to show its pages; None where it has none, or they cannot be shown.
        notes: What else a person should know.
    """
    text = DocumentText(document, found.spans, with_pages=pages is not None)
    body = text.html()
    title = tidy(document.bibliography.title) or document.name
    said = "".join(f'<p class="note">{escape(note)}</p>' for note in (*found.notes, *notes))
    to = f'<a class="skip" href="#{MARK}">Skip to the cited words</a>' if found.spans else ""
    classes = "with-pages" if pages else ""
    return _html(
        title,
        f'{to}<a class="skip" href="#text">Skip to the text</a>'
        f"{_bar(title, document.bibliography)}{_header(document, title)}"
        f'<div id="frame" class="{classes}">{_switch() if pages else ""}{_contents(text.contents())}'
        f'<main id="text" tabindex="-1">{f"""<div role="status">{said}</div>""" if said else ""}'
        f"{_count(found)}<article>{body}</article></main>"
        f"{_sheets(document, pages) if pages else ''}</div>",
    )


def problem_page(title: str, told: str) -> str:
    """A page that says what is wrong and what to do; both in Pincite's words."""
    return _html(
        title,
        f'{_bar("")}<header id="head"><h1>{escape(title)}</h1></header>'
        f'<div id="frame"><main id="text"><p>{escape(told)}</p>'
        '<p><a href="./">Back to the shelf</a></p></main></div>',
    )


def policy() -> str:
    """What a browser may do in these pages: show them, and run the one script that is theirs."""
    digest = base64.b64encode(hashlib.sha256(_assets(_SCRIPTS).encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _html(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)} · Pincite</title>{icon()}'
        f"<style>{_assets(_STYLES)}</style></head><body>{body}<script>{_assets(_SCRIPTS)}</script></body></html>"
    )


@cache
def _assets(names: tuple[str, ...]) -> str:
    return "\n".join((files("ui.assets") / name).read_text(encoding="utf-8") for name in names)


def _bar(title: str, said: Bibliography | None = None) -> str:
    """What stays in view wherever in the text one is; a retraction with it."""
    alarms = "".join(f'<b class="alarm">{escape(one)}</b>' for one in (said.labels if said else ()) if one in _ALARMS)
    return (
        '<nav id="bar" aria-label="Pincite"><a class="home" href="./">Pincite</a>'
        f'{alarms}<span aria-hidden="true">{escape(title)}</span></nav>'
    )


def _header(document: Document, title: str) -> str:
    said = document.bibliography
    return (
        f'<header id="head"><h1>{escape(title)}</h1>{_labels(said)}{_about(said)}'
        f'<p class="file">{escape(document.name)}</p></header>'
    )


def _labels(said: Bibliography) -> str:
    """What sort of publication it is; what must not be overlooked is a sentence of its own."""
    alarms = "".join(f'<p class="alarm">{_ALARMS[label]}</p>' for label in said.labels if label in _ALARMS)
    marks = "".join(f'<li class="label">{escape(label)}</li>' for label in said.labels if label not in _ALARMS)
    return alarms + (f'<ul class="labels" aria-label="Kind of publication">{marks}</ul>' if marks else "")


def _about(said: Bibliography) -> str:
    names = [tidy(name) for name in said.authors]
    if len(names) > _AUTHORS:
        names[_AUTHORS - 1 :] = [f"and {len(names) - _AUTHORS + 1} more"]
    parts = [str(said.year)] if said.year else []
    if said.journal:
        parts.append(f"<cite>{escape(tidy(said.journal))}</cite>")
    if said.doi:
        parts.append(f"doi {doi_link(said.doi)}")
    lines = f'<p class="authors">{escape("; ".join(names))}</p>' if names else ""
    return lines + (f'<p class="published">{" · ".join(parts)}</p>' if parts else "")


def _switch() -> str:
    """On a narrow screen there is room for one of the two."""
    return (
        '<fieldset id="switch"><legend>Show</legend>'
        '<input type="radio" name="view" id="view-text" checked><label for="view-text">Text</label>'
        '<input type="radio" name="view" id="view-pages"><label for="view-pages">Pages</label></fieldset>'
    )


def _contents(entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    lines = "".join(
        f'<li class="depth-{min(entry.depth, 3)}"><a href="#{entry.anchor}">{escape(entry.heading)}</a></li>'
        for entry in entries
    )
    return f'<nav id="contents" aria-label="Contents"><p>Contents</p><ol>{lines}</ol></nav>'


def _count(found: Found) -> str:
    """Several marked places are walked with keys."""
    if len(found.spans) < 2:
        return ""
    return f'<p class="count">{len(found.spans)} places are marked: <kbd>n</kbd> next, <kbd>p</kbd> previous.</p>'


def _sheets(document: Document, pages: Pages) -> str:
    """The pages as pictures, loaded when they come near, with a box over each line of the marked words."""
    boxed = {one.page for one in pages.rectangles}
    drawn = "".join(_sheet(document.name, page, pages, page.number in boxed) for page in document.pages)
    return f'<section id="pages" aria-label="Pages" tabindex="0">{drawn}</section>'


def _sheet(name: str, page: Page, pages: Pages, boxed: bool) -> str:
    wide, high = (page.width, page.height) if page.width > 0 and page.height > 0 else (612.0, 792.0)
    boxes = "".join(_box(one, wide, high) for one in pages.rectangles if one.page == page.number)
    small, large = (
        escape(f"page?{urlencode({'name': name, 'page': page.number, 'content': pages.digest, 'width': width})}")
        for width in (_NARROW, WIDEST)
    )
    how = 'fetchpriority="high"' if boxed else 'loading="lazy"'
    told = f"Page {page.number}" + (", the cited words boxed" if boxed else "")
    return (
        f'<figure id="page-{page.number}"{" data-boxed" if boxed else ""}>'
        f'<a class="sheet" href="{large}" target="_blank" rel="noopener" style="aspect-ratio:{wide:g}/{high:g}">'
        f'<img src="{small}" srcset="{small} {_NARROW}w, {large} {WIDEST}w" sizes="(min-width: 1100px) 46vw, 96vw" '
        f'alt="{told}" {how} decoding="async">{boxes}</a>'
        f'<figcaption aria-hidden="true">{page.number}</figcaption></figure>'
    )


def _box(one: Rectangle, wide: float, high: float) -> str:
    left, top = 100 * one.left / wide, 100 * one.top / high
    width, height = 100 * (one.right - one.left) / wide, 100 * (one.bottom - one.top) / high
    return f'<i class="box" style="left:{left:.3f}%;top:{top:.3f}%;width:{width:.3f}%;height:{height:.3f}%"></i>'
