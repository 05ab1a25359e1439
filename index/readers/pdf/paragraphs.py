"""Lines put together into paragraphs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from index.blocks import ends_sentence
from index.heading_words import is_standard
from index.readers.pdf.glyphs import HYPHEN
from index.readers.pdf.natures import CAPTION, mark_rows, nature_of
from index.readers.pdf.paragraph import ITEM, Line, Paragraph


def paragraphs(page: Sequence[Line], leading: dict[float, float], body: float) -> list[Paragraph]:
    """The paragraphs of a page."""
    edges = _edges(page)
    groups: list[list[Line]] = []
    for i, line in enumerate(page):
        if groups and not _parted(page, i, groups[-1], leading, edges):
            groups[-1].append(line)
        else:
            groups.append([line])
    made = [Paragraph(group) for group in groups]
    for paragraph in made:
        paragraph.nature = nature_of(paragraph, body)
    mark_rows(made, body)
    return made


def _edges(page: Sequence[Line]) -> dict[int, tuple[float, float]]:
    """Left and right edge of each region's text, as most of its lines have them."""
    lefts: dict[int, list[float]] = defaultdict(list)
    rights: dict[int, list[float]] = defaultdict(list)
    for line in page:
        lefts[line.region].append(line.left)
        rights[line.region].append(line.right)
    found = {}
    for region, values in lefts.items():
        counted = Counter(round(value) for value in values)
        low = min(values)
        common = [edge for edge, count in counted.items() if count >= max(2, 0.15 * len(values))]
        ends = sorted(rights[region])
        found[region] = (float(min(common, default=low)), ends[max(0, len(ends) * 9 // 10 - (len(ends) < 10))])
    return found


def _parted(
    page: Sequence[Line], i: int, group: list[Line], leading: dict[float, float], edges: dict[int, tuple[float, float]]
) -> bool:
    """Whether line `i` begins a paragraph of its own."""
    line, before = page[i], page[i - 1]
    if line.region != before.region or line.table or before.table:
        return True
    size = max(line.size, before.size)
    if abs(line.size - before.size) > 0.045 * size + 0.02 or line.baseline <= before.baseline:
        return True
    if line.bold != before.bold or (line.bold and (is_standard(line.words) or is_standard(before.words))):
        return True
    if len(group) == 1 and before.words[0].isupper() and is_standard(before.words) and _ends_early(before, line):
        return True
    if line.words[0].isupper() and is_standard(line.words) and ends_sentence(before.words):
        return True
    usual = leading.get(round(line.size * 2) / 2, 1.2 * size)
    if line.baseline - before.baseline > max(1.3 * usual, usual + 0.28 * size):
        return True
    if line.words[0].isupper() and CAPTION.match(line.words) and _stands_out(line, before):
        return True
    left, right = edges[line.region]
    em = line.size
    item = ITEM.match(line.words)
    hanging = len(group) > 1 and min(own.left for own in group[1:]) > group[0].left + 0.5 * em
    if (
        item
        and abs(line.left - group[0].left) < 0.6 * em
        and (ITEM.match(group[0].words) or ends_sentence(before.words) or before.words.endswith((":", ";")))
    ):
        return True
    if hanging and line.left < before.left - 0.5 * em:
        return True
    indent, earlier = line.left - left, before.left - left
    fresh = not before.words.endswith((HYPHEN, "-", ",")) and not line.words[:1].islower()
    if len(group) == 1 and ITEM.match(group[0].words) and line.left >= before.left:
        return False
    if 0.6 * em < indent < 6 * em and earlier < 0.4 * em and fresh and not item:
        return not (
            len(group) == 1 and before.right > right - 1.5 * em and not ends_sentence(before.words) and _hangs(page, i)
        )
    if not fresh:
        return False
    first = line.words.split(" ", 1)[0]
    room = right - before.right
    fits = len(first) * 0.5 * em + 0.4 * em
    if room > fits + 1.0 * em and (ends_sentence(before.words) or before.words.endswith((":", ";"))):
        return True
    return room > max(0.35 * (right - left), fits + 2 * em) and before.italic != line.italic


def _ends_early(before: Line, line: Line) -> bool:
    """Whether a line leaves more room than the first word of the next would take."""
    first = line.words.split(" ", 1)[0]
    return max(before.column[1], line.right) - before.right > (0.6 * len(first) + 1) * line.size


def _stands_out(line: Line, before: Line) -> bool:
    """Whether a line that begins as a caption does is one: "(see / Table 2)" in running text is none."""
    first, last = line.cells[0].pieces[0], before.cells[-1].pieces[-1]
    return (first.bold != last.bold or first.face != last.face or ends_sentence(before.words)) and (
        ends_sentence(before.words) or before.right < before.column[1] - 2 * before.size
    )


def _hangs(page: Sequence[Line], i: int) -> bool:
    """Whether the line after `i` is indented as it is: the first of the three stands out."""
    following = page[i + 1] if i + 1 < len(page) else None
    return following is not None and abs(following.left - page[i].left) < 0.3 * page[i].size
