"""What the elements of JATS are, for the flattening of words."""

from __future__ import annotations

from index.readers.markup.words import Vocabulary
from index.wordlists import words as names

VOCABULARY = Vocabulary(
    skipped=names(
        "graphic inline-graphic object-id alt-text long-desc index-term permissions private-char def target "
        "contrib-group address institution-id processing-meta"
    ),
    spaced=names("break p td th tr title label list list-item term def-item def-list sec disp-quote hr"),
    formulas=names("inline-formula disp-formula tex-math math chem-struct-wrap chem-struct alternatives"),
    raised="sup",
    later=names(
        "fig fig-group table-wrap table-wrap-group boxed-text supplementary-material media fn "
        "element-citation mixed-citation nlm-citation citation"
    ),
    links=frozenset({"xref"}),
    target="rid",
)
"""Inline elements of JATS; what is not named here is mark-up around words."""
