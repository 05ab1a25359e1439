"""Letters as a PDF's fonts give them: ligatures and accents taken apart or put together, signs without a meaning."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

HYPHEN = "\u00ad"
"""Stands in a piece's words for a hyphen that pdfium took for one at a line's end, and for the soft hyphen."""

# The numbers that TeX's two usual encodings give to ligatures and dashes, in files that say nothing of them.
_TEX = {
    0x0B: "ff", 0x0C: "fi", 0x0D: "fl", 0x0E: "ffi", 0x0F: "ffl", 0x10: "“", 0x11: "”", 0x15: "–", 0x16: "—",
    0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl",
}  # fmt: skip
BULLET = "\ue000"
"""Stands for a sign without a letter: before a line it is a list's bullet, elsewhere nothing."""

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# What the font "Symbol" has where files give no other meaning: letters and signs of the private use area.
_SYMBOLS = dict(
    zip(
        range(0xF020, 0xF07F),
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
        strict=True,
    )
) | {0xF0A3: "≤", 0xF0A7: "▪", 0xF0B0: "°", 0xF0B1: "±", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B7: "•", 0xF0D8: "➢"}
ACCENTS = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c", "˚": "\u030a",
    "˘": "\u0306", "¯": "\u0304", "˝": "\u030b", "˙": "\u0307", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip

Edges = Sequence[float]
"""left, top, right, bottom of a character."""


def words_of(codes: Sequence[int], boxes: Sequence[Edges], size: float, face: str) -> str:
    """The words that code points stand for, with `HYPHEN` for hyphens that may be of a line's end only."""
    if all(32 < code < 127 for code in codes):
        letters = list(map(chr, codes))
        return _composed(letters, boxes) if 96 in codes else "".join(letters)
    dingbats = "dingbat" in face.lower()
    letters = []
    skip = False
    for i, code in enumerate(codes):
        if skip:
            skip = False
            letters.append("")
        elif 0xD800 <= code < 0xDC00 and i + 1 < len(codes) and 0xDC00 <= codes[i + 1] < 0xE000:
            letters.append(chr(0x10000 + ((code - 0xD800) << 10) + (codes[i + 1] - 0xDC00)))
            skip = True
        else:
            amid = bool(letters) and letters[-1].isalpha()
            wide = boxes[i][2] - boxes[i][0] > 0.7 * size
            letters.append(_letter(code, len(codes) == 1, amid, wide, dingbats or "wingding" in face.lower()))
    return _composed(letters, boxes) if any(letter in ACCENTS for letter in letters) else "".join(letters)


def _letter(code: int, alone: bool, amid: bool, wide: bool, dingbats: bool) -> str:
    """One character. `alone`: it stands by itself; `amid`: it follows a letter; `wide`: it is wider than most."""
    if code in _LIGATURES:
        return _LIGATURES[code]
    if 0xF020 <= code < 0xF100:  # a symbol font's own numbers
        return "•" if dingbats else _SYMBOLS.get(code, BULLET if alone else "")
    if code in (2, 0xAD):
        return HYPHEN
    if code == 0:  # a glyph without a meaning; a wide one amid a word is the ligature that TeX's fonts leave so
        return "ffi" if wide and amid else ""
    if code == 0x21B5 and amid:
        return "ff"
    if code < 32:
        return BULLET if alone else _TEX.get(code, "")
    if 0x7F <= code < 0xA0 or 0xD800 <= code < 0xF900 or code > 0x10FFFF or code in (0xFFFD, 0xFFFE, 0xFFFF, 0xFEFF):
        return ""
    return chr(code)


def _composed(letters: Sequence[str], boxes: Sequence[Edges]) -> str:
    """Accents that are printed over their letter, as TeX does, made one character with it."""
    made = list(letters)
    for i, letter in enumerate(letters):
        if letter not in ACCENTS:
            continue
        centre = (boxes[i][0] + boxes[i][2]) / 2
        for beside in (i + 1, i - 1):
            if not 0 <= beside < len(made) or not made[beside][:1].isalpha():
                continue
            if boxes[beside][0] - 0.1 <= centre <= boxes[beside][2] + 0.1:
                base = {"ı": "i", "ȷ": "j"}.get(made[beside], made[beside])
                made[beside] = unicodedata.normalize("NFC", base + ACCENTS[letter])
                made[i] = ""
                break
    return "".join(made)
