"""How a quote opens: words that point to the sentence before need that sentence quoted with them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.blocks import ends_sentence
from index.documents import Document, Span

_FLAGS = re.IGNORECASE | re.VERBOSE

_POINTS_BACK = re.compile(
    r"""^[\W_]*(?:(?:however|moreover|furthermore|in\ addition|additionally|thus|therefore|hence|indeed|also
    |nevertheless
      |nonetheless|consequently|accordingly|but|and|yet|so|conversely|similarly|likewise|instead|in\ contrast
      |by\ contrast
      |as\ a\ result|in\ fact|in\ particular|for\ example|for\ instance|while|although|because|since|if|when|finally
      |unfortunately|importantly|notably|interestingly|recently|currently|together|overall|in\ turn),?\s+)*
    (?:(?:this|these|it|its|they|their|them|such|he|she|his|her|both\ of\ (?:these|them|which))\b
      | the\ (?:latter|former|same)\b | (?:those)\ (?!who\b|with\b|in\b|of\b|that\b))""",
    _FLAGS,
)
# The same words where they point to nothing before them.
_POINTS_TO_ITSELF = re.compile(
    r"""^[\W_]*(?:[\w ]+,\s+)?(?:
      (?:this|these)\ (?:\w+\ )?(?:reviews?|articles?|papers?|stud(?:y|ies)|chapters?|reports?|sections?|manuscripts?
      |guidelines?
        |works?|tables?|figures?|trials?|data\ article|days|protocols?|perspectives?|overviews?|editorials?)\b
      | such\ as\b
      | it\ (?:is|was|has\ been|had\ been|may\ be|can\ be|could\ be|should\ be|must\ be|remains|seems|appears
      |would\ be|will\ be|became)\b
        [^.;]{0,60}?\b(?:that|to|whether|how|why|if|when)\b
      | it\ (?:seems|appears|follows|turned\ out)\b )""",
    _FLAGS,
)
_MOST_STEPS = 2
_LONGEST = 1200  # characters of a quote made longer
_PARAGRAPH_ENDS = re.compile(r"\n\s*\n|\n\s*(?:[•‣⁃◦▪●○∙·■►*–—-]|\(?\w{1,3}[.)])\s*$")


def points_back(words: str) -> bool:
    """Whether words open with one that only the sentence before explains ("This ...", "However, they ...")."""
    return bool(_POINTS_BACK.match(words)) and not _POINTS_TO_ITSELF.match(words)


def with_what_it_points_to(document: Document, sentences: Sequence[Span], span: Span) -> Span:
    """A quote with the sentence before it, or two, if its opening points there; else as it is.

    Never across the end of a paragraph or of a section. The result is one slice of the document.

    Args:
        document: The document quoted.
        sentences: All its sentences, in reading order.
        span: The quote: one of the sentences.
    """
    at = next((i for i, one in enumerate(sentences) if one.start == span.start), 0)
    for _ in range(_MOST_STEPS):
        if at == 0 or not points_back(span.of(document.text)):
            break
        before = sentences[at - 1]
        if not _reads_on(document, before, span) or span.end - before.start > _LONGEST:
            break
        span, at = Span(before.start, span.end), at - 1
    return span


def _reads_on(document: Document, before: Span, after: Span) -> bool:
    gap = document.text[before.end : after.start]
    if gap.strip() or _PARAGRAPH_ENDS.search(gap) or (document.format != "text" and "\n" in gap):
        return False
    return (
        ends_sentence(before.of(document.text).rstrip("0123456789 ,–-[]"))
        and document.section_at(before.start) == document.section_at(after.start)
        and not any(before.start < piece.end and piece.start < after.end for piece in document.furniture)
    )
