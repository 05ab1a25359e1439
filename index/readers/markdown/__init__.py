"""Markdown, with what Pandoc, Quarto and Manubot add to it: the words without the markup."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.encoding import decode
from index.readers.manuscript.document import manuscript_document
from index.readers.markdown.blocks import Blocks
from index.readers.markdown.cited import cited_in_place, tagged
from index.readers.markdown.front import front_matter
from index.readers.markdown.tables import drawn

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}:{3,}[^\n]*$", re.MULTILINE)  # where Pandoc's divisions begin and end
_LONGEST = 10_000_000


def read(name: str, data: bytes) -> Document:
    """Read a Markdown text, in any encoding.

    Raises:
        UnreadableFileError: The file is empty, is no text or is larger than a text that somebody wrote.
    """
    text = decode(name, data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFileError(
            f"{name}: the file is empty." if not data else f"{name}: the file holds only white space."
        )
    if len(text) > _LONGEST:
        raise UnreadableFileError(
            f"{name}: more than {_LONGEST // 1_000_000} million characters of Markdown; split it, or name it .txt."
        )
    front = front_matter(text)
    body, tags = tagged(_without_signs(text[front.end :]))
    parser = MarkdownIt("commonmark").enable("table").use(footnote_plugin).use(deflist_plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False)
    blocks = Blocks(parser.parse(drawn(body)))
    document = manuscript_document(
        name, "markdown", [*front.parts, *blocks.parts], works={**tags, **blocks.works}, known=front.known
    )
    return cited_in_place(document, tags)


def _without_signs(text: str) -> str:
    """A comment may stand anywhere, and would break a paragraph in two; one that never ends would hide the rest."""
    end = text.rfind("-->") + 3 if "-->" in text else 0
    return _FENCE.sub("", _COMMENT.sub("", text[:end]) + text[end:].replace("<!--", ""))
