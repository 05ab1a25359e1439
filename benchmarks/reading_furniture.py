"""What of a document's sentences is not the article's: for `reading.py`."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass

from reading_match import Haystack, normal

from index.chunking import chunk
from index.documents import Document, Span

SAMPLE = 40
_NEAR = 0.9

# What sites and publishers print around articles, and articles hardly ever say of themselves.
_TELLTALE = re.compile(
    "|".join(
        (
            r"\bcookies?\b|^sign in\b|\bsign in (?:to|with|or|here)\b|\bsign up\b|\blog ?in\b|\blog on\b",
            r"\bmy account\b|\bsubscri(?:be|ption)\b|\bnewsletter",
            r"\badd(?:ed)? to (?:cart|basket)|\bbuy (?:now|article|this)|\brent this|\bget access|\baccess options",
            r"\bfree trial period|\binstitutional (?:login|subscription)|\bremote access\b|\bemail alerts?\b",
            r"\bshare (?:this|on|via)\b|\b(?:facebook|twitter|linkedin|whatsapp|pinterest|citeulike|reddit)\b",
            r"\bdownload (?:pdf|citation|article|as|this)\b|\bexport citation|\bcite this (?:article|paper)\b",
            r"\b(?:view|see) (?:full[- ]?size|larger|original|at publisher)|\bopen in (?:a )?new (?:tab|window)",
            r"\bclick here\b|\bscroll to\b|\bback to top\b|\bjump to\b|\bskip to (?:main|content)|\barticle tools\b",
            r"\brequest permissions?\b|\brights and permissions|\breprints\b|\ball rights reserved\b",
            r"(?:©|\(c\)) ?(?:the author|\d{4})|\bcopyright (?:©|\(c\)|\d{4})|\blicensee\b",
            r"\bdistributed under the terms",
            r"\bprivacy policy\b|\bterms of use\b|\badvertis(?:ement|ing)\b|\barticle metrics\b",
            r"\baltmetric|\bcrossmark\b",
            r"\brelated (?:articles|content|stories)\b|\brecommended (?:articles|for you)",
            r"\bprevious article|\bnext article",
            r"\btable of contents\b|\bpage \d+ of \d+\b|\bpage number not for citation|\bdownloaded from\b",
            r"^received:? .{0,60}\baccepted\b|\binclusion in pubmed|\bimmediate publication on acceptance",
            r"\bno space constraints or colo|\bthorough peer review|\bfreely available for redistribution",
            r"\bjavascript\b|\bsubmit (?:your|a) manuscript\b|\bconvenient online submission",
        )
    ),
    re.IGNORECASE,
)
# "2009;31:258–77": the end of an entry of a reference list, which should be shown and not searched.
_ENTRY = re.compile(
    r"\b(?:19|20)\d\d[a-z]?[;,] ?\d+(?: ?\(\d+\))?[:,] ?e?\d+|\b\d+ ?\((?:19|20)\d\d\)[:,] ?e?\d+[-–]\d+"
)
_PAGE_NUMBER = re.compile(r"^\d+\b|\b\d+$")


def is_telltale(words: str) -> bool:
    """Whether the words read like those of a site or a publisher."""
    return len(words) < 250 and bool(_TELLTALE.search(words))


def sentences(document: Document) -> list[str]:
    """The sentences that Pincite would search."""
    return [span.of(document.text) for span in _spans(document)]


def _spans(document: Document) -> tuple[Span, ...]:
    limit = 1_000_000
    return chunk(document, lambda texts: [len(text) for text in texts], limit, 0, limit).sentences


@dataclass(frozen=True)
class Drawn:
    """A sentence drawn from a file, and whether it seems to be the article's."""

    file: str
    words: str
    article: bool
    by: str
    """"twin" where the article's XML told, "signs" where only telltale words could."""

    @property
    def entry(self) -> bool:
        """Whether it looks like an entry of a reference list: the article's, and yet no statement of it."""
        return self.article and bool(_ENTRY.search(self.words))


def draw(file: str, document: Document, seed: int, twin: Haystack | None) -> list[Drawn]:
    """Sentences drawn at random from a document, judged."""
    all_ = sentences(document)
    drawn = random.Random(f"{seed}:{file}").sample(all_, min(SAMPLE, len(all_)))
    repeated = _repeated(document)
    headings = {normal(section.heading) for section in document.sections}
    judged = []
    for words in drawn:
        if twin is not None:
            # Names and table cells may stand in another order.
            own = twin.best(words, _NEAR) >= _NEAR or (len(words) < 200 and twin.share_of_words(words) >= 0.95)
            # Journals print some headings ("Abstract") that their XML leaves to the stylesheet.
            own = own or (normal(words) in headings and not is_telltale(words))
        else:
            own = not is_telltale(words) and _line(words) not in repeated
        judged.append(Drawn(file, words, own, "signs" if twin is None else "twin"))
    return judged


def _repeated(document: Document) -> set[str]:
    """Lines that stand on page after page: running heads."""
    pages = defaultdict(set)
    for span in _spans(document):
        if (page := document.page_at(span.start)) and span.end - span.start > 12:
            pages[_line(span.of(document.text))].add(page)
    return {words for words, seen in pages.items() if len(seen) >= 3}


def _line(words: str) -> str:
    return _PAGE_NUMBER.sub("", normal(words)).strip()
