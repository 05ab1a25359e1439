"""The words of a text, as they are written: what typing errors are corrected to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

VOCABULARY_VERSION = 1
"""Raised when the same text would give other words."""

_WORD = re.compile(r"(?<![^\W_])[a-z]{5,30}(?![^\W_])")


def plain(text: str) -> str:
    """Lower case, without accents."""
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return text.lower()


def words_in(texts: Iterable[str]) -> set[str]:
    """The words of five letters and more in some texts, each once; symbols such as "FOXP3" are no words."""
    return set(_WORD.findall(plain(" ".join(texts))))
