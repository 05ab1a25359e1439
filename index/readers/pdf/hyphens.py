"""Whether a hyphen at a line's end belongs to the word, judged by how the document writes it elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from index.readers.pdf.glyphs import HYPHEN
from index.wordlists import words

_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W_]+)*")
_FIRST = re.compile(r"[^\s(\[/–—]*$")
_SECOND = re.compile(r"[^\W_]+")

# First parts that are hyphenated more often than not where the document does not say.
_FREE = words("self well non cross half quasi ex all high low long short single double multi-  one two three four")
# Second parts of compounds, which a line's end falls before.
_BOUND = words(
    """
    based term related like specific dependent induced free associated mediated analysis risk grade dose year old up
    derived to of and in on the line site quality level scale income resource control controlled blind effect
    """
)


class Hyphens:
    """What a document's words say about its hyphens."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        for line in lines:
            # The last word of a line may be a part only.
            found = _WORD.findall(line)
            self._counts.update(word.lower().replace("‐", "-").replace("‑", "-") for word in found[1:-1])
            if found and not line.rstrip().endswith((HYPHEN, "-")):
                self._counts[found[-1].lower()] += 1

    def keeps(self, before: str, after: str) -> bool:
        """Whether the hyphen between `before` (without it) and `after` stays when they are joined."""
        first, second = _FIRST.search(before), _SECOND.match(after)
        head, tail = (first.group() if first else ""), (second.group() if second else "")
        if not head or not tail or not head[-1].isalpha():
            return True
        last = re.split(r"[-‐‑]", head)[-1]
        joined, parted = self._counts[(head + tail).lower()], self._counts[f"{head}-{tail}".lower()]
        if joined or parted:
            return parted > joined
        if not tail[0].islower() or (last.isupper() and len(last) > 1) or any(char.isdigit() for char in head):
            return True
        if last != head:  # "evidence-to-de|cision"
            joined = self._counts[(last + tail).lower()]
            return not joined and self._counts[tail.lower()] > 1
        if head.lower() in _FREE or tail in _BOUND:
            return self._counts[tail.lower()] > 0 or tail in _BOUND
        # Two words of the document's own make a compound.
        return len(head) > 3 and len(tail) > 3 and self._counts[head.lower()] > 0 and self._counts[tail.lower()] > 0
