"""Text from documents -> text that means nothing but itself: on one line, and in Markdown."""

from __future__ import annotations

import re

_NO_CHARACTER = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # would turn the words after the text around as well
_SIGNS = re.compile(
    r"""[\\`*_\[\]{}<>&|~$^\#!@]
    | :(?=//|[\w+-]+:)     # addresses, :smile:
    | (?<=www)\.
    | =(?==) | %(?=%)      # ==marked==, %%hidden%%
    | ^[-+=:]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LIST_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def plain(text: str) -> str:
    """`text` on one line: white space of any kind is one space, and what is no character is left out."""
    return " ".join(_NO_CHARACTER.sub("", text).split())


def escaped(text: str) -> str:
    """`text` on one line, as Markdown that shows exactly its words: no link, no HTML, no markup comes alive."""
    line = _SIGNS.sub(lambda match: f"\\{match.group()}", plain(_TURNS.sub("", text)))
    return _LIST_NUMBER.sub(r"\1\\\2", line)
