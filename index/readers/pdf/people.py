"""The people whom the lines below a title name."""

from __future__ import annotations

import re
from dataclasses import replace

from index.bylines import bare, is_name, names
from index.heading_words import plain
from index.readers.pdf.lines import spaced
from index.readers.pdf.paragraph import Paragraph

AFFILIATION = re.compile(
    r"\b(?:Universi\w+|Department|Dept|Hospital|Institut\w*|Istituto|Faculty|School of|Division of|College"
    r"|Cent(?:re|er)|Laborator\w+|Academy|E-?mail|Correspondence|Corresponding|ORCID)\b|@|\{at\}",
    re.IGNORECASE,
)
"""Words of addresses."""

_GROUP = re.compile(r"\b(?:on behalf of|for the|group|collaborat\w+|consortium|investigators|network)\b", re.IGNORECASE)
_MARKS = re.compile(r"\(\s*\)|[⇑∗⁎✉�◊◆●•★☆#⁋¶∥❋]+|\(?ORCID[^,;]*|https?://\S+")
_ADDRESS = re.compile(r"[(\[<]?\S+@\S+[)\]>]?")
# Engineers' societies have their members say so: "Jane Roe, Senior Member, IEEE".
_MEMBER = re.compile(r",\s*(?:(?:Life|Senior|Student|Associate)\s)*(?:Member|Fellow)\b(?:\s*,?\s*[A-Z]{3,5}\b)?")


def people_of(part: Paragraph, after: Paragraph | None = None) -> tuple[str, ...]:
    """The people whom a byline names, or none where it is no byline; `after` is the paragraph that follows."""
    if side_by_side := _in_cells(part):
        return side_by_side
    words = clean_names(part)
    if part.lines[0].table or len(part.words) > 3000 or not words or part.lines[0].words[:1].islower():
        return ()
    found = _all_names(words)
    marked = words != part.words or re.search(r"\b[A-Z]\.", words) is not None
    if not found and len(part.lines) > 1:
        # Affiliations may follow in the same paragraph.
        for end in range(len(part.lines) - 1, 0, -1):
            found = _all_names(clean_names(Paragraph(part.lines[:end])))
            if found:
                marked = marked or AFFILIATION.search(part.lines[end].words) is not None
                break
    if not found:
        found = tuple(name for line in part.lines for name in _before_affiliation(clean_names(Paragraph([line]))))
    if len(found) == 1:
        marked = marked or (
            after is not None
            and (AFFILIATION.search(after.words) is not None or plain(after.words) == "abstract")
            and found[0].count(" ") in (1, 2, 3)
        )
        return found if marked and "," not in found[0] else ()
    return found


def _in_cells(part: Paragraph) -> tuple[str, ...]:
    """The people of a line on which several stand side by side, each over an affiliation."""
    line = part.lines[0]
    if len(part.lines) > 1 or len(line.cells) < 2 or AFFILIATION.search(line.words) or _GROUP.search(line.words):
        return ()
    found = [bare(clean_names(Paragraph([replace(line, cells=[cell], words=cell.words)]))) for cell in line.cells]
    return tuple(found) if all(is_name(name) and name.count(" ") in (1, 2, 3) for name in found) else ()


def _before_affiliation(words: str) -> tuple[str, ...]:
    """The people whom a line names before the place where they work."""
    match = AFFILIATION.search(words) or _GROUP.search(words)
    if match is None:
        return ()
    found: list[str] = []
    for piece in re.split(r"\s*[,;]\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+", words[: match.start()])[:-1]:
        if not is_name(bare(piece)) or " " not in bare(piece):
            return ()
        found.append(bare(piece))
    return tuple(found)


def _all_names(words: str) -> tuple[str, ...]:
    if found := names(words):
        return found
    parts = [piece for piece in re.split(r"\s*[,;]\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+", words) if piece.strip()]
    people = [bare(piece) for piece in parts if not _GROUP.search(piece)]
    degrees = [name for name in people if re.fullmatch(r"(?:[A-Z][A-Za-z]{0,3}\.?){1,3}", name.replace(" ", ""))]
    people = [name for name in people if name and name not in degrees]
    if len(people) >= 2 and all(is_name(name) and " " in name and len(name.split()) <= 5 for name in people):
        return tuple(people)
    return ()


def clean_names(part: Paragraph) -> str:
    """A paragraph's words without raised marks; where one parts two names, there is a comma."""
    made: list[str] = []
    for line in part.lines:
        if made:
            made.append(" ")
        for cell in line.cells:
            made.append(" ")
            for piece, (gap, words) in zip(cell.pieces, spaced(cell.pieces), strict=True):
                raised = piece.size < 0.85 * line.size and piece.baseline < line.baseline - 0.12 * line.size
                if raised and not re.fullmatch(r"[A-Z][a-z]{2,}.*", words):
                    if made and made[-1] != " , ":
                        made.append(" , ")
                    continue
                made += [gap, words]
    joined = _MARKS.sub(" ", _ADDRESS.sub(" , ", "".join(made)))
    joined = _MEMBER.sub("", joined)
    joined = re.sub(r"(?<=[a-zà-ÿ])\d[\d,*†‡§a-z]*", " , ", joined)
    joined = re.sub(r"\s+([,;])", r"\1", " ".join(joined.split()))
    joined = re.sub(r"(?:,\s*){2,}", ", ", joined)
    joined = re.sub(r",\s*(and|&)\s", r" \1 ", joined)
    return joined.strip(" ,;.·|") + ("." if re.search(r"\b[A-Z]\.\W*$", joined) else "")
