"""The words of a Markdown line: markup taken off, superscripts and citations told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.readers.manuscript.parts import Run

# Pandoc's attributes: {#fig:x .wide width=50%}, {-}
_ATTRIBUTES = re.compile(r"(?:\s(?=\{[^{}\n]{0,310}\}(?:\s|$)))?\{(?:-|(?:[#.][\w:]|[\w-]+=)[^{}\n]{0,300})\}")
_SPAN = re.compile(r"\[([^\[\]]{0,500})\](?=\{(?:[#.]|[\w-]+=))")
_RAISED = re.compile(r"(?<!\\)\^([^\s^]{1,20})\^|(?<![\\~])~([^\s~]{1,20})~(?!~)")
_DASHES = (re.compile(r"(?<=\S)---(?=\S)|(?<= )---(?= )"), re.compile(r"(?<=\w)--(?=\w)|(?<= )--(?= )"))
_HTML = re.compile(r"<(/?)([A-Za-z][\w-]*)[^>]*>")
CITATION = re.compile(
    r"\[[^\[\]]{0,40}?(?<![\w.])-?@\w[^\[\]]{0,2000}\]|(?<![\w.\[;-])@(?:doi|pmid|pmcid|arxiv|isbn):[^\s\[\]]+"
)
CITED = re.compile(r"(?<![\w.])@([\w{][^\s;,\[\]}]*)")
NO_WORK = re.compile(r"(?:fig|tbl|tab|eq|sec|lst|thm|lem|box|alg)[:-]", re.IGNORECASE)


def runs(children: Sequence[Token], notes: Mapping[str, str], called: list[str]) -> list[Run]:
    """The words of a line.

    Args:
        children: Its tokens.
        notes: For footnotes that are references, their label -> the key of the work.
        called: Gets the labels of the other footnotes that the line calls.
    """
    made: list[Run] = []
    raised = False
    for token in children:
        kind = token.type
        if kind in {"text", "text_special", "code_inline"}:
            made.append(Run(token.content, raised))
        elif kind in {"softbreak", "hardbreak"}:
            made.append(Run(" "))
        elif kind in {"math_inline", "math_inline_double"}:
            made.append(Run(f"${token.content}$"))
        elif kind == "html_inline":
            tag = _HTML.fullmatch(token.content)
            if tag and tag[2].lower() == "sup":
                raised = not tag[1]
            elif tag and tag[2].lower() in {"br", "p", "div"}:
                made.append(Run(" "))
        elif kind == "footnote_ref":
            label = str(token.meta.get("label", ""))
            if label in notes:
                made.append(Run(f"[{label}]", cites=(notes[label],)))
            elif label:
                called.append(label)
    return list(_cited(_scripts(_merged(made))))


def value_runs(value: str) -> list[Run]:
    """The words of a value in the front matter, which may have markup too."""
    tokens = MarkdownIt("commonmark").parseInline(value)
    return runs(tokens[0].children or [], {}, []) if tokens else []


def caption(children: Sequence[Token]) -> str:
    """The caption of a picture that stands alone in its paragraph, or ""."""
    pictures = [token for token in children if token.type == "image"]
    words = "".join(token.content for token in children if token.type == "text")
    if len(pictures) != 1 or _ATTRIBUTES.sub("", words).strip():
        return ""
    inner = pictures[0].children or []
    return " ".join(_ATTRIBUTES.sub("", "".join(_plain(inner))).split())


def _plain(children: Iterable[Token]) -> Iterator[str]:
    for token in children:
        if token.type in {"text", "text_special", "code_inline"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.children:
            yield from _plain(token.children)


def _merged(made: Iterable[Run]) -> list[Run]:
    """Neighbours of one look made one, so that what goes over several tokens is seen."""
    merged: list[Run] = []
    for run in made:
        if merged and not run.cites and not merged[-1].cites and merged[-1].raised == run.raised:
            merged[-1] = Run(merged[-1].words + run.words, run.raised)
        else:
            merged.append(run)
    return merged


def _scripts(made: Iterable[Run]) -> Iterator[Run]:
    for run in made:
        if run.cites or run.raised:
            yield run
            continue
        words = _ATTRIBUTES.sub("", _SPAN.sub(r"\1", run.words))
        for dashes, sign in zip(_DASHES, "—–", strict=True):
            words = dashes.sub(sign, words)
        at = 0
        for script in _RAISED.finditer(words):
            yield Run(words[at : script.start()])
            yield Run(script[1] or script[2], raised=script[1] is not None)
            at = script.end()
        yield Run(words[at:])


def _cited(made: Iterable[Run]) -> Iterator[Run]:
    for run in made:
        if run.cites or "@" not in run.words:
            yield run
            continue
        at = 0
        for mark in CITATION.finditer(run.words):
            keys = tuple(dict.fromkeys(cited_keys(mark[0])))
            if keys:
                yield Run(run.words[at : mark.start()], run.raised)
                yield Run(mark[0], run.raised, keys)
                at = mark.end()
        yield Run(run.words[at:], run.raised)


def cited_keys(mark: str) -> list[str]:
    """The keys in a citation mark: "doi:10.1/x" and "smith2020" of "[see @doi:10.1/x; @smith2020, p. 3]"."""
    keys = (key.strip("{").rstrip(".:'\"") for key in CITED.findall(mark))
    return [key for key in keys if key and not NO_WORK.match(key)]
