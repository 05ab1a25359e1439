"""Markdown's tokens -> parts: headings, paragraphs, items, table rows, captions, footnotes."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from markdown_it.token import Token

from index.readers.manuscript.parts import Cited, Part, Run
from index.readers.markdown.inline import caption, runs
from index.references.entries import parse_entry

_NO_WORDS = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_BLOCK_END = re.compile(
    r"</(?:p|div|li|tr|h[1-6]|table|figcaption|caption|summary|details|blockquote)\s*>|<br\b[^<>]*>|\n\s*\n",
    re.IGNORECASE,
)
_LONGEST_ENTRY = 1200


class Blocks:
    """Reads tokens; `parts` and the `works` that footnotes describe are what it finds."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.parts: list[Part] = []
        self.works: dict[str, Cited] = {}
        self._notes: dict[str, list[Token]] = {}
        self._entries: dict[str, str] = {}  # label of a footnote that is a reference -> its work's key
        body = self._without_notes(tokens)
        self._judge_notes()
        self._read(body)
        for label, key in self._entries.items():
            lines = [token for token in self._notes[label] if token.type == "inline"]
            words = [run for line in lines for run in (*runs(line.children or [], {}, []), Run(" "))]
            self.parts.append(Part("entry", words, label=label, key=key))

    def _without_notes(self, tokens: Sequence[Token]) -> list[Token]:
        body: list[Token] = []
        label: str | None = None
        for token in tokens:
            if token.type == "footnote_open":
                label = str(token.meta.get("label", ""))
                self._notes.setdefault(label, [])
            elif token.type == "footnote_close":
                label = None
            elif label is not None:
                self._notes[label].append(token)
            elif not token.type.startswith("footnote_"):
                body.append(token)
        return body

    def _judge_notes(self) -> None:
        """Footnotes that read as entries of a reference list are references."""
        for label, tokens in self._notes.items():
            words = " ".join(token.content for token in tokens if token.type == "inline")
            if not words or len(words) > _LONGEST_ENTRY:
                continue
            entry = parse_entry(words)
            if entry.doi or (entry.year is not None and entry.authors):
                key = f"note {label}"
                self._entries[label] = key
                self.works[key] = Cited(key, entry.authors, entry.year, entry.title, entry.doi)

    def _read(self, tokens: Sequence[Token]) -> None:
        level, items, in_cell, number = 0, 0, False, ""
        cells: list[list[Run]] = []
        for token in tokens:
            kind = token.type
            if kind in {"heading_open", "heading_close"}:
                level = int(token.tag[1:]) if kind == "heading_open" else 0
            elif kind in {"list_item_open", "dd_open", "list_item_close", "dd_close"}:
                items += token.nesting
                number = token.info if kind == "list_item_open" and token.info.isdigit() else ""
            elif kind == "tr_open":
                cells = []
            elif kind == "tr_close":
                self.parts.append(Part("row", cells=cells))
            elif kind in {"th_open", "td_open", "th_close", "td_close"}:
                in_cell = kind.endswith("open")
            elif kind == "inline" and in_cell:
                cells.append(runs(token.children or [], self._entries, []))
            elif kind == "inline":
                self._line(token, level, items > 0, number)
                number = ""
            elif kind in {"math_block", "math_block_label"}:
                self.parts.append(Part("paragraph", [Run(token.content)]))
            elif kind == "code_block" or (kind == "fence" and not token.info.strip().startswith("{")):
                self.parts += [Part("row", cells=[[Run(line)]]) for line in token.content.splitlines() if line.strip()]
            elif kind == "html_block":
                self._html(token.content)

    def _line(self, token: Token, level: int, in_item: bool, number: str) -> None:
        children = token.children or []
        called: list[str] = []
        words = runs(children, self._entries, called)
        if not level and (shown := caption(children)):
            # An alternative text of a few words names the picture; a longer one is its caption.
            if len(shown.split()) > 3:
                self.parts.append(Part("paragraph", [Run(shown)]))
        elif level:
            self.parts.append(Part("heading", words, level=level))
        else:
            self.parts.append(Part("item" if in_item else "paragraph", words, bold=_is_bold(children), label=number))
        for label in called:
            for line in self._notes.pop(label, []):
                if line.type == "inline":
                    self.parts.append(Part("paragraph", runs(line.children or [], self._entries, [])))

    def _html(self, source: str) -> None:
        for words in _BLOCK_END.split(_NO_WORDS.sub(" ", source)):
            plain = html.unescape(_TAG.sub(" ", words)).strip()
            if plain:
                self.parts.append(Part("paragraph", [Run(plain)]))


def _is_bold(children: Sequence[Token]) -> bool:
    depth, letters = 0, False
    for token in children:
        if token.type in {"strong_open", "strong_close"}:
            depth += token.nesting
        elif token.content.strip() and any(letter.isalpha() for letter in token.content):
            if not depth:
                return False
            letters = True
    return letters
